"""The words, strings and comments of Python source, in f-strings too, as newer Pythons see them.

An f-string inside of another one is the only call inside of a call, and these are limited.
"""

from __future__ import annotations

import re
from functools import cache

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    # A text, as its start and end, or a field.
    Part: TypeAlias = "tuple[int, int] | Field"

_DEEPEST = 80
_CODE = regex(
    r"""
    (?: [ \t\f]+ | \\(?:\r\n?|\n) )*+
    (?: (?P<end> \r\n?|\n )
    | (?P<comment> \#[^\r\n]* )
    | (?P<string> (?i: [rbuft] | br | rb | fr | rf | tr | rt )? (?: \"{3} | '{3} | ["'] ) )
    | (?P<word> [\w\x80-\U0010ffff]+ )
    | (?P<sign> [=!<>]= | := | \*\* | . ) )
    """,
    re.X | re.S,
)
STEP = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
# The rest of a string, behind its opening quotes.
_REST = {
    '"': regex(r'[^\\"\r\n]*+(?:\\(?:\r\n|.)[^\\"\r\n]*+)*+"', re.S),
    "'": regex(r"[^\\'\r\n]*+(?:\\(?:\r\n|.)[^\\'\r\n]*+)*+'", re.S),
    '"""': regex(r'[^\\"]*+(?:(?:\\.|"(?!""))[^\\"]*+)*+"""', re.S),
    "'''": regex(r"[^\\']*+(?:(?:\\.|'(?!''))[^\\']*+)*+'''", re.S),
}
_GAP = regex(r"(?:\s|#[^\r\n]*)*+")
_CONVERSION = regex(r"!([sra])(?!\w)")


class Token(NamedTuple):
    """A word, a sign, the end of a line outside of brackets, or a string, as its opening quotes.

    A field's expression stands in braces, in front of the string that has it.
    """

    text: str
    start: int
    end: int


class Field(NamedTuple):
    """A field of an f-string from brace to brace, with its expression up to `stop`.

    `shown` is the end of the source that `=` shows, 0 without one.
    """

    start: int
    stop: int
    end: int
    shown: int
    conversion: str
    format: list[Part] | None


class Literal(NamedTuple):
    """A string literal; `parts` are those of an f-string or a template string."""

    prefix: str
    quotes: str
    start: int
    end: int
    parts: list[Part] | None


class Lexer:
    """The tokens, comments and strings of a source up to where it ends or `read` fails.

    `strings` holds the literals that Python joins together. Those in a field stand behind the
    string that has the field.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.tokens: list[Token] = []
        self.comments: list[tuple[int, int]] = []
        self.strings: list[list[Literal]] = []

    def read(self) -> None:
        """Read all of the source; raises SyntaxError where a string in it does not end.

        Raises RecursionError for f-strings in more of them than a parser reads.
        """
        self._code(0, 0)

    def _code(self, at: int, level: int) -> int:
        """Read to the end of the source or, on a level of strings, of the field's expression."""
        depth = 0
        joined: list[Literal] = []
        while found := _CODE.match(self._source, at):
            kind = found.lastgroup or ""
            start, at = found.span(kind)
            if kind == "string":
                if not joined:
                    self.strings.append(joined)
                joined.append(self._string(found[kind], start, at, level))
                at = joined[-1].end
                self.tokens.append(Token(found[kind], start, at))
            elif kind == "comment":
                self.comments.append((start, at))
            elif kind != "end" or not (depth or level):
                text = found[kind]
                if level and not depth and _ends_expression(text):
                    return start
                depth = max(0, depth + STEP.get(text, 0))
                self.tokens.append(Token(text, start, at))
                joined = []
        return at

    def _string(self, opening: str, start: int, at: int, level: int) -> Literal:
        prefix = opening.rstrip("\"'").lower()
        quotes = opening[len(prefix) :]
        parts = None
        if "f" in prefix or "t" in prefix:
            parts, at = self._parts(at, prefix, quotes, level + 1)
            at += len(quotes)
        elif rest := _REST[quotes].match(self._source, at):
            at = rest.end()
        else:
            raise SyntaxError("unterminated string literal")
        return Literal(prefix, quotes, start, at, parts)

    def _parts(
        self, at: int, prefix: str, quotes: str, level: int, *, is_format: bool = False
    ) -> tuple[list[Part], int]:
        """The parts of an f-string, or of a format in it, with the offset of what ends them."""
        if level > _DEEPEST:
            raise RecursionError
        stops = _stops(quotes, is_raw="r" in prefix, is_format=is_format)
        parts: list[Part] = []
        start = at
        while found := stops.search(self._source, at):
            at, text = found.end(), found[0]
            if text[0] == "\\" or text in ("{{", "}}"):
                continue
            if found.start() > start:
                parts.append((start, found.start()))
            if text == "{":
                field = self._field(found.start(), prefix, quotes, level)
                parts.append(field)
                start = at = field.end
            elif text in (("}", "\r", "\n") if is_format else (quotes,)):
                return parts, found.start()
            else:
                break
        raise SyntaxError("unterminated f-string literal")

    def _field(self, start: int, prefix: str, quotes: str, level: int) -> Field:
        source = self._source
        self.tokens.append(Token("{", start, start + 1))
        stop = at = self._code(start + 1, level)
        self.tokens.append(Token("}", stop, stop + 1))
        shown, conversion, format = 0, "", None
        if source[at : at + 1] == "=":
            shown = at = self._behind_gap(at + 1)
        if found := _CONVERSION.match(source, at):
            conversion, at = found[1], self._behind_gap(found.end())
        if source[at : at + 1] == ":":
            format, at = self._parts(at + 1, prefix, quotes, level + 1, is_format=True)
            at = self._behind_gap(at)
        if source[at : at + 1] != "}":
            raise SyntaxError("f-string: expecting '}'")
        return Field(start, stop, at + 1, shown, conversion, format)

    def _behind_gap(self, at: int) -> int:
        found = _GAP.match(self._source, at)
        return found.end() if found else at


@cache
def _stops(quotes: str, *, is_raw: bool, is_format: bool) -> re.Pattern[str]:
    """Find what may end the text of an f-string, and what looks like that and is text."""
    escaped = r"\\(?:\r\n|[^{}]|(?=[{}]))"
    named = "" if is_raw else r"\\N\{[^{}\r\n]*\}"
    doubled = "" if is_format else r"\{\{|\}\}"
    line = "" if len(quotes) == 3 else r"[\r\n]"
    ways = (named, escaped, doubled, "[{}]", quotes, line)
    return re.compile("|".join(filter(None, ways)), re.S)


def _ends_expression(text: str) -> bool:
    return text[0] in "=!:)]}" and text not in ("==", "!=")
