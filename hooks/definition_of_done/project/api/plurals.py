"""Names as their words: `vendor_credits`, `VendorCredit` and `vendor credits` are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from definition_of_done.base.expressions import regex

_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_POSSESSIVE = regex(r"['\u2019]s\b")
_IRREGULAR = {"people": "person", "children": "child"}


@lru_cache(4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name or a text, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(_POSSESSIVE.sub("", name)))


def stem(word: str) -> str:
    """The beginning that a word shares with its plural; it is for comparison, not for reading."""
    word = _IRREGULAR.get(word, word)
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-2] if word.endswith("is") else word[:-1]
    word = word.removesuffix("e")
    return f"{word[:-1]}i" if word.endswith("y") else word


def spell(text: str) -> str:
    """The names of a text, each as the stems of its words: `vendor_credit vendor`."""
    names = ("_".join(map(stem, words(name))) for name in re.findall(r"\w+", text))
    return " ".join(filter(None, names))


def singular(name: str) -> str:
    """The singular of a folder's name, good enough for advice."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith("s") and not name.endswith(("ss", "us", "is")):
        return name[:-1]
    return name


class Names:
    """The names of all resources, which texts mention in many spellings."""

    def __init__(self, resources: Iterable[str]) -> None:
        self.all = frozenset(resources)
        self._resources: dict[str, set[str]] = {}
        for name in self.all:
            self._resources.setdefault("".join(map(stem, words(name))), set()).add(name)
        # The longest name comes first and takes its words: `vendor credits` are no vendors.
        self._keys = sorted(self._resources, key=len, reverse=True)

    def of(self, text: str) -> set[str]:
        """The resources that a name or a line of text mentions."""
        free: list[str | None] = [stem(word) for word in words(text)]
        found: set[str] = set()
        for key in self._keys:
            while key and (span := _find(key, free)):
                found |= self._resources[key]
                free[slice(*span)] = [None]
        return found


def _find(key: str, stems: list[str | None]) -> tuple[int, int] | None:
    """The first and last index of the words that make up the key; None where there are none."""
    for start in range(len(stems)):
        run = ""
        for end in range(start, len(stems)):
            run += stems[end] or " "
            if run == key:
                return start, end + 1
            if not key.startswith(run):
                break
    return None
