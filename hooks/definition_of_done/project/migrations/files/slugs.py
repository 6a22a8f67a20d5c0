"""Judges revisions and filenames as slugs, and suggests slugs."""

from __future__ import annotations

import re
from itertools import pairwise

from definition_of_done.base.expressions import regex
from definition_of_done.project.patterns import HASH, SLUG, full_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.files.migration import Migration

_SNAKE = regex(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_HEX = regex(r"[0-9a-f]+")
_UUID = regex(r"[0-9a-f]{8}([-_]?)[0-9a-f]{4}(?:\1[0-9a-f]{4}){2}\1[0-9a-f]{12}")
_ALTERNATING = regex(r"(?:[a-z][0-9]){4,}[a-z]?|(?:[0-9][a-z]){4,}[0-9]?")
_FILENAME = regex(r"([0-9]{4})([0-9]{2})([0-9]{2})_[a-z0-9]+(?:_[a-z0-9]+)*\.py")
_HASH_LENGTHS = (12, 32, 40)
_SHORTEST_HASH = 8
_DIGITS = regex(rf"[0-9a-f]{{{_SHORTEST_HASH},{max(_HASH_LENGTHS)}}}")
# Words of Alembic's command line: it looks for no revision of such a name.
_SYMBOLS = ("base", "head", "heads")
# The title that Alembic writes for a migration without a message.
EMPTY_TITLE = "empty message"


def fault(revision: str, longest: int, form: str = SLUG) -> Iterator[str]:
    """Yield a message for each fault of a revision; `longest` is in characters.

    `form` is the value of `revision-pattern`.
    """
    if revision in _SYMBOLS:
        yield f"revision {revision!r} is a symbol of Alembic's own"
        return
    if form == HASH:
        if not (_DIGITS.fullmatch(revision) or is_hash(revision)):
            yield f"revision {revision!r} is not a hash"
    elif form != SLUG:
        if not full_match(form, revision):
            yield f"revision {revision!r} does not match {form}"
    elif is_hash(revision):
        yield f"revision {revision!r} is a hash, not a slug"
        return
    elif not is_slug(revision):
        yield f"revision {revision!r} is not snake_case starting with a letter"
    if len(revision) > longest:
        yield (
            f"revision {revision!r} has {len(revision)} characters, at most {longest} fit:"
            " PostgreSQL's alembic_version.version_num is VARCHAR(32)"
        )


def is_slug(revision: str) -> bool:
    """True where a revision is snake_case and no hash."""
    return _SNAKE.fullmatch(revision) is not None and not is_hash(revision)


def is_hash(revision: str) -> bool:
    """True where a revision is a hash or a UUID, or looks like one."""
    text = revision.lower()
    if len(text) < _SHORTEST_HASH:
        return False
    if _UUID.fullmatch(text) or _ALTERNATING.fullmatch(text):
        return True
    if _HEX.fullmatch(text):
        return len(text) in _HASH_LENGTHS or not text.isalpha()
    if not text.isalnum() or not text.isascii() or len(text) not in _HASH_LENGTHS:
        return False
    digits = sum(char.isdigit() for char in text)
    turns = sum(left.isdigit() != right.isdigit() for left, right in pairwise(text))
    return digits >= 4 and turns >= 4


def advice(form: str, path: str, title: str) -> str:
    """Say which revision a migration should have, in a form of `revision-pattern`."""
    if form == SLUG:
        made = (words_of(path), slug(title, 32), "add_vendor_credits")
        name = next(words for words in made if words and words not in _SYMBOLS)
        return f"name what the migration does, e.g. revision = {name!r}"
    if form == HASH:
        return "write 12 hexadecimal digits, as `alembic revision` does"
    return "write one that revision-pattern matches"


def words_of(path: str) -> str:
    """The words of a migration's filename as a slug, without date, time and hash."""
    stem = path.rpartition("/")[2].removesuffix(".py").lower()
    words = [word for word in re.split(r"[^a-z0-9]+", stem) if word]
    return _joined([word for word in words if not word.isdigit() and not is_hash(word)], 32)


def slug(title: str, longest: int) -> str:
    """The words of a title in snake_case, as many as fit; empty where it has no Latin letter."""
    from unicodedata import normalize

    plain = normalize("NFKD", title.replace("'", "").replace("\u2019", "")).casefold()
    letters = "".join(letter for letter in plain if letter.isascii() or letter.isspace())
    return _joined(re.findall("[a-z0-9]+", letters), longest)


def _joined(words: list[str], longest: int) -> str:
    """The words from the first that starts with a letter in snake_case, as many as fit."""
    start = next((at for at, word in enumerate(words) if word[0].isalpha()), len(words))
    result = ""
    for word in words[start:]:
        longer = f"{result}_{word}" if result else word[:longest]
        if len(longer) > longest:
            break
        result = longer
    return result


def filename_fault(name: str, title: str) -> str | None:
    """The message for a fault of a migration's filename, None where it has none."""
    from datetime import date

    found = _FILENAME.fullmatch(f"{name[:-4]}.py" if _is_cut(name, title) else name)
    if not found:
        return f"filename {name!r} is not YYYYMMDD_<snake_case>.py"
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    try:
        date(year, month, day)
    except ValueError:
        return f"filename {name!r} starts with {name[:8]}, a date that does not exist"
    if year < 2000:
        return f"filename {name!r} starts with {name[:8]}, a date before 2000"
    return None


def _is_cut(name: str, title: str) -> bool:
    """True where Alembic cut a filename short: it leaves an underscore at the end."""
    whole, cut = "_".join(re.findall(r"\w+", title)).lower(), name[9:-4]
    # The name goes on where the message has more lines than the title.
    is_part = whole != cut and (whole.startswith(cut) or cut.startswith(f"{whole}_"))
    return bool(whole) and name.endswith("_.py") and is_part


def suggested_filename(migration: Migration) -> str:
    """Suggest a filename in the contract's form.

    It says what the title says, else the revision, else the present name; or it shows the form.
    Where the date alone is wrong, the present name stays.
    """
    created = migration.header.fields.get("Create Date") if migration.header else None
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", created.value) if created else None
    day = "".join(found.groups()) if found else "YYYYMMDD"
    title = "" if migration.title.lower() == EMPTY_TITLE else migration.title
    revision = migration.revision.values if migration.revision else ()
    slugs = (slug(words, 32) for words in (title, *revision[:1]))
    if _FILENAME.fullmatch(migration.path.rpartition("/")[2]):
        return f"{day}_{migration.path.rpartition('/')[2][9:]}"
    name = next((words for words in slugs if words and not is_hash(words)), "")
    return f"{day}_{name or words_of(migration.path) or '<short_snake_description>'}.py"
