"""The ids that Python-Markdown's table of contents gives to headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from definition_of_done.base.expressions import regex
from definition_of_done.readers.nav import Tagged

_COUNTED = regex(r"(.*)_([0-9]+)")


def slugger(options: object) -> Callable[[str], str] | None:
    """The function from a heading's text to its id, for the options of the extension `toc`.

    None where the site uses a function that is not known here.
    """
    given = options if isinstance(options, dict) else {}
    separator = given.get("separator")
    sep = separator if isinstance(separator, str) else "-"
    name, settings = _named(given.get("slugify"))
    if name in ("", "markdown.extensions.toc.slugify"):
        return lambda text: _slug(unicodedata.normalize("NFKD", text), sep, ascii_only=True)
    if name == "markdown.extensions.toc.slugify_unicode":
        return lambda text: _slug(text, sep, ascii_only=False)
    if name == "pymdownx.slugs.slugify" and not settings.get("percent_encode"):
        case, form = settings.get("case", "none"), settings.get("normalize", "NFC")
        if form == "NFC" and isinstance(case, str) and case in _CASES:
            return lambda text: _unicode_slug(text, sep, _CASES[case])
    return None


def unique(id: str, taken: set[str]) -> str:
    """Take the id and return it, with a number behind it where it was taken or is empty."""
    if id in taken or not id:
        found = _COUNTED.fullmatch(id)
        base, count = (found[1], int(found[2])) if found else (id, 0)
        count += 1
        while f"{base}_{count}" in taken:
            count += 1
        id = f"{base}_{count}"
    taken.add(id)
    return id


def _named(value: object) -> tuple[str, dict[str, object]]:
    """The dotted name and the arguments of a function, from a YAML tag or a table of Zensical."""
    if isinstance(value, Tagged):
        kind, _, name = value.tag.partition("python/")[2].partition(":")
        return (name if kind in ("name", "object/apply") else "?"), _arguments(value.value)
    if isinstance(value, dict):
        return str(value.get("object", "pymdownx.slugs.slugify")), _arguments(value)
    return ("" if value is None else str(value)), {}


def _arguments(value: object) -> dict[str, object]:
    arguments = value.get("kwds") if isinstance(value, dict) else None
    return arguments if isinstance(arguments, dict) else {}


def _slug(text: str, sep: str, *, ascii_only: bool) -> str:
    if ascii_only:
        text = text.encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^\w\s-]", "", text).strip().lower()
    return re.sub(rf"[{re.escape(sep)}\s]+", lambda _: sep, plain)


def _unicode_slug(text: str, sep: str, case: Callable[[str], str]) -> str:
    # A tag without an end stays, and so does all text behind it.
    shown = unicodedata.normalize("NFC", text)
    shown = re.sub(r"<[^>]*(>|\Z)", lambda tag: "" if tag[1] else tag[0], shown)
    plain = case(shown.strip())
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", sep)


def _lower_ascii(text: str) -> str:
    return re.sub(r"[A-Z]", lambda found: found[0].lower(), text)


_CASES: dict[str, Callable[[str], str]] = {
    "none": str,
    "lower": str.lower,
    "lower-ascii": _lower_ascii,
    "fold": str.casefold,
}
