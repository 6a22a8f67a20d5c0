"""The filename of a feature page holds its date and the words of its title."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from definition_of_done.base.expressions import regex

_FILENAME = regex(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_DATED = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_WORD = regex(r"[^\W_]+")


def filename_fault(name: str) -> str | None:
    """The fault of a page's filename, None where it has none."""
    found = _FILENAME.fullmatch(name)
    if not found:
        return f"filename {name!r} is not YYYY-MM-DD-<kebab-case>.md"
    if not is_date(found[1]):
        return f"filename {name!r} starts with {found[1]}, a date that does not exist"
    return None


def better_filename(name: str) -> str:
    """Return a filename in the contract's form, with the date of `name` where that has one."""
    dated = _DATED.match(name)
    day = dated[0] if dated and is_date(dated[0]) else "YYYY-MM-DD"
    return f"{day}-{slug(name.removesuffix('.md')[dated.end() if dated else 0 :]) or 'name'}.md"


def filename_date(path: str) -> str | None:
    """The date that a page's filename starts with, None where it is no day of the calendar."""
    found = _DATED.match(path.rpartition("/")[2])
    return found[0] if found and is_date(found[0]) else None


def filename_slug(path: str) -> str:
    """The words of a page's filename, without its date and `.md`."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    return _DATED.sub("", stem, count=1).strip("-_ ")


def is_date(text: str) -> bool:
    """True where a text is YYYY-MM-DD and a day of the calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def slug(title: str) -> str:
    """The words of a title in kebab-case; empty where none has a Latin letter or a digit."""
    plain = _folded(re.sub("['\u2019]", "", title))
    return "-".join(re.findall("[a-z0-9]+", plain))


def names_in_order(title: str, name: str) -> bool:
    """True where the words of a filename stand in a title, in this order."""
    words = iter(_WORD.findall(_folded(title)))
    wanted = _WORD.findall(_folded(name))
    if all(word in words for word in wanted):
        return True
    # E-mail and email, customer's and customers: only the cuts between the letters differ.
    return "".join(wanted) in slug(title).replace("-", "")


def _folded(text: str) -> str:
    """Return a text in lower case, without the marks on its letters."""
    characters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in characters if not unicodedata.combining(char))
