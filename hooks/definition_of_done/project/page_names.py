"""The name of a feature page: its date, and its words, which the title repeats."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_FILENAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_WORD = re.compile(r"[^\W_]+")


def filename_fault(name: str) -> str | None:
    """What is wrong with a page's filename, None where nothing is."""
    found = _FILENAME.fullmatch(name)
    if not found:
        return f"filename {name!r} is not YYYY-MM-DD-<kebab-case>.md"
    if not is_date(found[1]):
        return f"filename {name!r} starts with {found[1]}, a date that does not exist"
    return None


def better_filename(name: str) -> str:
    """A filename in the contract's form, with the date of the given one where it has one."""
    dated = _DATED.match(name)
    day = dated[0] if dated and is_date(dated[0]) else "YYYY-MM-DD"
    return f"{day}-{slug(name.removesuffix('.md')[dated.end() if dated else 0 :]) or 'name'}.md"


def filename_date(path: str) -> str | None:
    """The date that a page's filename starts with, None where there is none that exists."""
    found = _DATED.match(path.rpartition("/")[2])
    return found[0] if found and is_date(found[0]) else None


def filename_slug(path: str) -> str:
    """What a page's filename says besides its date."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    return _DATED.sub("", stem, count=1).strip("-_ ")


def is_date(text: str) -> bool:
    """Whether YYYY-MM-DD is a day of the calendar."""
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
    """Whether the words of a filename stand in a title, in this order."""
    words = iter(_WORD.findall(_folded(title)))
    wanted = _WORD.findall(_folded(name))
    if all(word in words for word in wanted):
        return True
    # E-mail and email, customer's and customers: the same letters, cut otherwise.
    return "".join(wanted) in slug(title).replace("-", "")


def _folded(text: str) -> str:
    """Lower case, without the marks on letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
