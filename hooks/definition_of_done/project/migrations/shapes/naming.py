"""The forms that teams give to filenames of migrations: the contract's, Alembic's or their own."""

from __future__ import annotations

import re

from definition_of_done.project.migrations.files import slugs
from definition_of_done.project.patterns import DATE, TIME, TOKEN, full_match, unknown_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, datetime

    from definition_of_done.project.migrations.files.migration import Migration

# The tokens of a template that are numbers, with what stands for them in an advice.
_SHOWN = {
    **dict(zip(DATE, ("YYYY", "MM", "DD"), strict=True)),
    **dict(zip(TIME, ("HH", "MM", "SS"), strict=True)),
    "epoch": "<epoch>",
}
ALEMBICS = "%(rev)s_%(slug)s"
CONTRACTS = "%(year)d%(month).2d%(day).2d_%(slug)s"
# Alembic's own.
_SLUG_LENGTH = 40
_EARLIEST = 2000
# The seconds between UTC and the time zone that is farthest from it.
_FARTHEST_ZONE = 14 * 3600


class FilenameForm:
    """The contract's form of a filename, `YYYYMMDD_<snake_case>.py`.

    `shows_time` is true for a form that shows the time of day.
    """

    shows_time = False

    def fault(self, migration: Migration) -> str | None:
        """The message for a fault of a migration's filename, None where it has none."""
        return slugs.filename_fault(_last(migration.path, 1), migration.title)

    def advice(self, migration: Migration) -> str:
        """Say what to do about a fault."""
        return f"git mv it to {slugs.suggested_filename(migration)}"

    def day(self, migration: Migration) -> date | None:
        """The day that a filename shows, None where it shows none."""
        digits = _last(migration.path, 1).partition("_")[0]
        is_date = len(digits) == 8 and digits.isdecimal() and digits.isascii()
        return _day(digits[:4], digits[4:6], digits[6:]) if is_date else None

    def new_name(self, revision: str, title: str, created: datetime | None) -> str:
        """The filename of a new migration; without `created` the date is a placeholder.

        Empty where the form does not tell it.
        """
        words = revision if slugs.is_slug(revision) else slugs.slug(title, 32)
        day = f"{created:%Y%m%d}" if created else "YYYYMMDD"
        return f"{day}_{words}.py" if words else ""


class PatternForm(FilenameForm):
    """Filenames that a regular expression matches, with or without their `.py`.

    Its groups `year`, `month` and `day` show the day.
    """

    def __init__(self, pattern: str) -> None:
        self._source = pattern
        self._pattern = re.compile(pattern)

    def fault(self, migration: Migration) -> str | None:
        """The message for a fault of a migration's filename, None where it has none."""
        name, found = self._name(migration), self._match(migration)
        if found is None:
            return f"filename {name!r} {self._fault}"
        parts = found.groupdict()
        texts = [parts.get(part) or "" for part in DATE]
        numbers = [text if text.isdecimal() else "" for text in texts]
        # What is not shown may be any: January of a leap year has all days.
        day = _day(*(numbers if all(numbers) else ("2000", numbers[1] or "1", numbers[2] or "1")))
        if day is None:
            shown = "-".join(filter(None, numbers))
            return f"filename {name!r} has {shown}, a date that does not exist"
        if day.year < _EARLIEST:
            return f"filename {name!r} has {day}, a date before {_EARLIEST}"
        return None

    def advice(self, migration: Migration) -> str:
        """Say what to do about a fault."""
        return f"git mv {self._name(migration)} to a name that matches"

    def day(self, migration: Migration) -> date | None:
        """The day that a filename shows, None where it shows none.

        Where it shows the hour, too, it may be by the clock of another time zone than Create Date.
        """
        found = self._match(migration)
        parts = found.groupdict() if found else {}
        day = _day(*(parts.get(part) or "" for part in DATE))
        created = _created(migration)
        if day is None or created is None or not parts.get("hour"):
            return day
        time = ":".join((parts.get(part) or "").zfill(2) for part in TIME)
        shown, created = _moment(f"{day} {time}"), created.replace(tzinfo=None)
        is_same = shown is not None and abs(shown - created).total_seconds() <= _FARTHEST_ZONE
        return created.date() if is_same else day

    def new_name(self, revision: str, title: str, created: datetime | None) -> str:
        """The first usual filename of a new migration that matches, empty where none does."""
        usual = (FilenameForm(), TemplateForm("%(rev)s"), TemplateForm(ALEMBICS)) if created else ()
        names = (form.new_name(revision, title, created) for form in usual)
        return next((name for name in names if _matched(self._pattern, name)), "")

    @property
    def _fault(self) -> str:
        return f"does not match {self._source}"

    def _name(self, migration: Migration) -> str:
        return _last(migration.path, 1)

    def _match(self, migration: Migration) -> re.Match[str] | None:
        return _matched(self._pattern, self._name(migration))


class TemplateForm(PatternForm):
    """Filenames that Alembic makes of a `file_template`, which may have folders."""

    def __init__(self, template: str, slug_length: int = 0) -> None:
        self._template = template.replace("%%", "%").removesuffix(".py")
        self._slug_length = slug_length or _SLUG_LENGTH
        tokens = {token[1] for token in TOKEN.finditer(self._template)}
        self.shows_time = bool(tokens & {*TIME, "epoch"})

    def advice(self, migration: Migration) -> str:
        """Say what to do about a fault."""
        title = "" if migration.title.lower() == slugs.EMPTY_TITLE else migration.title
        name = self.new_name(
            _revision(migration) or "<revision>",
            title or slugs.words_of(migration.path) or "<slug>",
            _created(migration),
        )
        return f"git mv it to {name}"

    def new_name(self, revision: str, title: str, created: datetime | None) -> str:
        """The filename of a new migration; without `created` the date is a placeholder."""
        texts = {"rev": revision, "slug": self._slug(title)}

        def fill(token: re.Match[str]) -> str:
            name = token[1]
            if name in texts:
                return token[0] % texts
            if created is None:
                return _SHOWN[name]
            value = int(created.timestamp()) if name == "epoch" else getattr(created, name)
            return token[0] % {name: value}

        return f"{TOKEN.sub(fill, self._template)}.py"

    @property
    def _fault(self) -> str:
        return f"is not {self._template}.py"

    def _name(self, migration: Migration) -> str:
        return _last(migration.path, self._template.count("/") + 1)

    def _match(self, migration: Migration) -> re.Match[str] | None:
        revision = _revision(migration)
        pattern, at = "", 0
        for token in TOKEN.finditer(self._template):
            # A template may show a part twice.
            group = f"?P<{token[1]}>" if f"?P<{token[1]}>" not in pattern else "?:"
            plain = re.escape(self._template[at : token.start()])
            pattern += f"{plain}({group}{self._part(token, revision)})"
            at = token.end()
        pattern += re.escape(self._template[at:])
        return _matched(pattern, self._name(migration))

    def _part(self, token: re.Match[str], revision: str) -> str:
        """The regular expression for what a token becomes."""
        name, width, precision, kind = token.groups()
        if name == "slug":
            return rf"[^\WA-Z]{{0,{self._slug_length + 1}}}"
        if name == "rev":
            return re.escape(revision[: int(precision)] if precision else revision) or ".+"
        if name in ("year", "epoch"):
            return r"\d{4}" if name == "year" else r"\d+"
        return r"\d\d" if kind == "d" and (precision or width) == "2" else r"\d\d?"

    def _slug(self, title: str) -> str:
        """The words of a title, as Alembic joins and cuts them."""
        slug = "_".join(re.findall(r"\w+", title)).lower()
        if len(slug) <= self._slug_length:
            return slug
        return slug[: self._slug_length].rsplit("_", 1)[0] + "_"


def form_of(pattern: str, slug_length: int = 0) -> FilenameForm:
    """The form that a template or a regular expression writes; without one it is the contract's."""
    if pattern.replace("%%", "%") in ("", CONTRACTS):
        return FilenameForm()
    if not TOKEN.search(pattern):
        return PatternForm(pattern)
    # A team may teach Alembic other tokens.
    is_known = not unknown_tokens(pattern)
    return TemplateForm(pattern, slug_length) if is_known else PatternForm(".+")


def _matched(pattern: str | re.Pattern[str], name: str) -> re.Match[str] | None:
    return full_match(pattern, name) or full_match(pattern, name.removesuffix(".py"))


def _last(path: str, parts: int) -> str:
    return "/".join(path.split("/")[-parts:])


def _revision(migration: Migration) -> str:
    found = migration.revision
    return found.values[0] if found and found.is_text else ""


def _day(year: str, month: str, day: str) -> date | None:
    from datetime import date

    try:
        return date(int(f"20{year}" if len(year) == 2 else year), int(month), int(day))
    except ValueError:
        return None


def _created(migration: Migration) -> datetime | None:
    field = migration.header.fields.get("Create Date") if migration.header else None
    return _moment(field.value) if field else None


def _moment(text: str) -> datetime | None:
    from datetime import datetime

    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
