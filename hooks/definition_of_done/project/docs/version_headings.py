"""Headings of one changelog file: the version or Unreleased that one names, and its date."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.page_names import is_date

_VERSION = regex(
    r"v?(?P<version>[0-9]{1,18}(?:\.[0-9]{1,18}){1,9}"
    # A date may stand behind a dash, too.
    r"(?:-(?![0-9]{4}-)[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*"
    r"|[._]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|post|rev|r|p)[._-]?[0-9]*(?:\.(?:dev|post)[0-9]*)?)?"
    r"(?:\+[0-9A-Za-z.]+)?)",
    re.I,
)
_NAME = regex(
    r"(?:version|release|ver\.?)\s+|(?!v?[0-9])@?[a-z][\w./@-]*(?:\s+|@)(?=v?[0-9])", re.I
)
_UNRELEASED = regex(
    r"\[?(?:unreleased|upcoming|(?:the )?next(?: (?:release|version))?|in development"
    r"|to be released|tbd|head|main|master|develop(?:ment)?)\]?(?=\s*(?:$|[-:,/(]|v?[0-9]))",
    re.I,
)
_NOT_OUT = regex(r"\b(?:unreleased|not (?:yet )?released|in development|tbd|upcoming)\b", re.I)
_DATE = regex(r"(?<!\w)(?:[0-9]{4}|y{4})-[\w?]{1,2}-[\w?]{1,2}(?![\w-])", re.I)
_SIGNS = regex(r"\A[^\w\[@]+")
# What may stand behind a version: nothing, a mark, or the start of a date.
_MARK = regex(
    r"\s*(?:$|[-\u2010-\u2015:,/|(\[]|[0-9]{4}\b|[0-9]{1,2}[ .]|[A-Z][a-z]{2,8}\.? [0-9])"
)
# What stands for a version, and cannot be read as one.
_LIKE_A_VERSION = regex(r"\[[^\]0-9]*[0-9][^\]]*\]|v?[0-9]+\.\S*(?:$|\s+[-(])")
# The places of the words of pre-releases and later ones beside the final version.
_RANKS = {"dev": -5, "a": -3, "b": -2, "rc": -1, **dict.fromkeys(("post", "rev", "r", "p"), 1)}
_SHORT = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
_PARTS = regex(r"\s*v?([0-9]+(?:\.[0-9]+)*)(.*)", re.S)

Order = tuple[tuple[int, ...], int, tuple[tuple[bool, int, str], ...]]


class Named(NamedTuple):
    """The version that a heading names, empty for Unreleased alone.

    `date` is as it is written, and None where there is none of the form YYYY-MM-DD.
    """

    version: str
    is_unreleased: bool
    date: str | None

    @property
    def has_real_date(self) -> bool:
        """True where the date is one of the calendar, written as YYYY-MM-DD."""
        return self.date is not None and is_date(self.date)

    @property
    def has_short_date(self) -> bool:
        """True where the date is one of the calendar, without zeros that fill it up."""
        parts = (part.zfill(2) for part in (self.date or "").split("-"))
        return not self.has_real_date and is_date("-".join(parts))


def named_in(text: str) -> Named | None:
    """The version or Unreleased that the text of a heading names, None for any other heading."""
    text = _plain(text)
    if found := _UNRELEASED.match(text):
        rest = text[found.end() :].lstrip("] -:(")
        version = _VERSION.match(rest)
        return Named(version["version"] if version else "", is_unreleased=True, date=None)
    name = _NAME.match(text)
    start = name.end() if name else 0
    is_bracketed = text[start : start + 1] == "["
    found = _VERSION.match(text, start + is_bracketed)
    if not found:
        return None
    end = found.end()
    if is_bracketed:
        if text[end : end + 1] != "]":
            return None
        end += 1
    rest = text[end:]
    date = _DATE.search(rest)
    # A release may have a name of its own before its date.
    if not (_MARK.match(rest) or (date and rest[0].isspace())):
        return None
    return Named(found["version"], bool(_NOT_OUT.search(rest)), date[0] if date else None)


def _plain(text: str) -> str:
    """The text without signs before it and emphasis around it."""
    return _SIGNS.sub("", text).strip(" *_#")


def is_unclear(text: str) -> bool:
    """True where a heading stands for a version and names none."""
    if named_in(text):
        return False
    text = _plain(text)
    date = _DATE.search(text)
    return bool(_LIKE_A_VERSION.match(text)) or bool(date and date.start() > 1)


def precedence(version: str) -> Order:
    """The key that sorts versions of any scheme by their numbers, pre-releases before the final."""
    found = _PARTS.match(version.partition("+")[0].lower())
    numbers, rest = found.groups() if found else ("", version)
    release = [_number(number) for number in numbers.split(".") if number]
    while release and release[-1] == 0:
        release.pop()
    words = [_SHORT.get(word, word) for word in re.findall(r"[0-9]+|[a-z]+", rest)]
    key = tuple((not word.isdigit(), _number(word), word) for word in words)
    return tuple(release), _RANKS.get(words[0], -4) if words else 0, key


def _number(word: str) -> int:
    """The number that a word is; Python converts none of thousands of digits."""
    return int(word[:18]) if word.isdigit() else 0


def is_pre_release(version: str) -> bool:
    """True where a version comes before the final one of its number."""
    return precedence(version)[1] < 0


def is_development(version: str) -> bool:
    """True between two releases: for 1.3.0-dev, 1.3.0.dev0, 1.3.0-SNAPSHOT and 1.3.0a0."""
    words = [word for _, _, word in precedence(version)[2]]
    return not {"dev", "snapshot"}.isdisjoint(words) or words == ["a", "0"]


def is_on_the_way(version: str, release: str) -> bool:
    """True where a version of development leads to a release, or stays after it."""
    return is_development(version) and precedence(version)[0] == precedence(release)[0]


def line_of(version: str) -> tuple[str, ...]:
    """The first two numbers of a version: those that a backport keeps."""
    return tuple(version.split(".")[:2])
