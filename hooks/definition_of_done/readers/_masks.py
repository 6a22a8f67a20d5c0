"""Masks over newer Python: the same expressions in the same lines, in the grammar of Python 3.11.

A string with fields becomes a list of what stands in them, and so do type parameters. Offsets
count bytes of UTF-8, as the columns of `ast` do.
"""

from __future__ import annotations

import sys
from keyword import iskeyword

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.readers._lexer import STEP, Field, Lexer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    from definition_of_done.readers._lexer import Literal, Part, Token

    Span: TypeAlias = tuple[int, int]

_LINE_END = regex(r"\\?(?:\r\n?|\n)")
_NAME = regex(r"[A-Za-z_\x80-\xff]")
_BEFORE_STATEMENT = frozenset({"", ";", ":", "\n", "\r", "\r\n"})
_BEHIND_TYPES = _BEFORE_STATEMENT | {"as"}
_STARS = frozenset({"*", "**"})
_NEWER_PREFIX = regex("[ft]" if sys.version_info < (3, 12) else "t")


class Parameter(NamedTuple):
    """A type parameter from start to end, and the parts of it that are masked.

    `star` is the offset of the star that unpacks the default, None without one.
    """

    name: str
    start: int
    end: int
    has_bound: bool
    has_default: bool
    star: int | None


class Masks:
    """The masks of a source whose characters are bytes.

    `edits` are the masks, as start, end and what stands there instead. The lists that they make
    are known by the offset at which they start. `aliases` has the start of a `type` statement
    and the end of its name, `stars` the star in a comprehension, by the offset of its bracket,
    and `lazy` the word in front of an import, by that of the import. Raises SyntaxError where no
    newer Python reads the source.
    """

    def __init__(self, source: str) -> None:
        self.edits: list[tuple[int, int, str]] = []
        self.strings: dict[int, Sequence[Literal]] = {}
        self.parameters: dict[int, Sequence[Parameter]] = {}
        self.aliases: dict[int, Span] = {}
        self.stars: dict[int, int] = {}
        self.lazy: dict[int, int] = {}
        self._source = source
        lexer = Lexer(source)
        lexer.read()
        self._tokens = lexer.tokens
        for literals in lexer.strings:
            if any(_NEWER_PREFIX.search(literal.prefix) for literal in literals):
                self._mask_strings(literals)
        self._mask_stars()
        at = 0
        while at < len(self._tokens):
            at = max(self._mask_statement(at), at + 1)
        self.edits.sort(key=lambda edit: edit[:2])

    def _mask_strings(self, literals: Sequence[Literal]) -> None:
        spans = []
        for field in fields(part for literal in literals for part in literal.parts or ()):
            self._edit(field.start, field.start + 1, "(")
            self._edit(field.stop, field.stop + 1, ")")
            spans.append((field.start, field.stop + 1))
        self.strings[literals[0].start] = literals
        self._mask_list(literals[0].start, spans, literals[-1].end)

    def _mask_list(self, start: int, spans: Iterable[Span], end: int, behind: str = "") -> None:
        """Leave a list of what stands in the spans."""
        at, sign = start, "["
        for first, last in spans:
            self._edit(at, first, sign)
            at, sign = last, ","
        self._edit(at, end, "[" if at == start else "", f"]{behind}")

    def _edit(self, start: int, end: int, text: str, behind: str = "") -> None:
        lines = "".join(_LINE_END.findall(self._source, start, end))
        self.edits.append((start, end, f"{text}{lines}{behind}"))

    def _text(self, at: int) -> str:
        """The text of a token, empty where there is none."""
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""

    def _mask_stars(self) -> None:
        """Mask the star of `[*row for row in rows]`."""
        # Each open bracket, with the star behind it up to the first comma.
        brackets: list[tuple[int, Token | None]] = []
        for at, token in enumerate(self._tokens):
            step = STEP.get(token.text, 0)
            if step > 0:
                star = self._tokens[at + 1] if self._text(at + 1) in _STARS else None
                brackets.append((token.start, star))
            elif step and brackets:
                brackets.pop()
            elif token.text in (",", "for") and brackets:
                start, star = brackets[-1]
                brackets[-1] = start, None
                if star and token.text == "for":
                    self.stars[start] = star.start
                    self._edit(star.start, star.end, "")

    def _mask_statement(self, at: int) -> int:
        """Mask what is newer at this token; returns the number of the token behind it."""
        text, following = self._text(at), self._text(at + 1)
        if text in ("def", "class") and self._text(at + 2) == "[":
            return self._mask_definition(at + 2, is_class=text == "class")
        if self._text(at - 1) not in _BEFORE_STATEMENT:
            return at
        if text == "type" and _NAME.match(following) and not iskeyword(following):
            return self._mask_alias(at)
        if text == "except":
            return self._mask_except(at + 1)
        if text == "lazy" and following in ("import", "from"):
            word, start = self._tokens[at].start, self._tokens[at + 1].start
            self.lazy[start] = word
            self._edit(word, start, "")
        return at

    def _mask_definition(self, at: int, *, is_class: bool) -> int:
        start = self._tokens[at].start
        spans, behind = self._parameters(start, at)
        self._edit(start, start, "(" if is_class else "(_:")
        if self._text(behind) == "(":
            self._mask_list(start, spans, self._tokens[behind].end, ",")
        elif is_class:
            self._mask_list(start, spans, self._tokens[behind - 1].end, ")")
        else:
            raise SyntaxError("expected '('")
        return behind

    def _mask_alias(self, at: int) -> int:
        word, name, behind = self._tokens[at], self._tokens[at + 1], at + 2
        spans: list[Span] = []
        if self._text(behind) == "[":
            spans, behind = self._parameters(name.start, behind)
        if self._text(behind) == "=":
            self.parameters.setdefault(name.start, ())
            self.aliases[name.start] = word.start, name.end
            self._edit(word.start, name.start, "lambda _=")
            self._mask_list(name.start, spans, self._tokens[behind].end, ":")
        return behind

    def _parameters(self, key: int, at: int) -> tuple[list[Span], int]:
        """The spans of the bounds and defaults, and the number of the token behind the bracket."""
        signs = self._signs(at)
        spans: list[Span] = []
        found: list[Parameter] = []
        while self._text(at) != "]":
            if found and self._text(at + 1) == "]":
                at += 1
                break
            parameter, at = self._parameter(at + 1, signs, spans)
            found.append(parameter)
        self.parameters[key] = found
        return spans, at + 1

    def _parameter(
        self, first: int, signs: Iterator[int], spans: list[Span]
    ) -> tuple[Parameter, int]:
        """The parameter that starts at a token, and the number of the sign behind it."""
        stars = self._text(first) if self._text(first) in _STARS else ""
        name, at, star = first + bool(stars), next(signs, first), None
        has_bound = self._text(at) == ":" and not stars
        is_broken = at != name + 1 or not _NAME.match(self._text(name))
        if has_bound:
            at = self._span(at, next(signs, at), spans)
        has_default = self._text(at) == "="
        if has_default:
            if stars == self._text(at + 1) == "*":
                star = self._tokens[at + 1].start
            at = self._span(at + (star is not None), next(signs, at), spans)
        if is_broken or self._text(at) not in (",", "]"):
            raise SyntaxError("invalid type parameter")
        start, end = self._tokens[first].start, self._tokens[at - 1].end
        return Parameter(self._text(name), start, end, has_bound, has_default, star), at

    def _span(self, at: int, end: int, spans: list[Span]) -> int:
        """Add what stands between two tokens, in parentheses; returns the number of the second."""
        if end <= at + 1:
            raise SyntaxError("expected an expression")
        start, stop = self._tokens[at].end, self._tokens[end].start
        self._edit(start, start, "(")
        self._edit(stop, stop, ")")
        spans.append((start, stop))
        return end

    def _signs(self, at: int) -> Iterator[int]:
        """Yield the numbers of the tokens that part type parameters, and that of their bracket."""
        depth = 0
        for number in range(at, len(self._tokens)):
            text = self._text(number)
            depth += STEP.get(text, 0)
            if not depth or (depth == 1 and text in (",", ":", "=")):
                yield number
            if not depth:
                return

    def _mask_except(self, at: int) -> int:
        """Put the types of a handler in parentheses."""
        has_star = self._text(at) == "*"
        first, depth, commas = at + has_star, 0, []
        at = first
        while at < len(self._tokens) and (depth or self._text(at) not in _BEHIND_TYPES):
            depth += STEP.get(self._text(at), 0)
            if not depth and self._text(at) == ",":
                commas.append(at)
            at += 1
        is_python_2 = not has_star and commas == [at - 2] and _is_lower(self._text(at - 1))
        if self._text(at) == ":" and commas and not is_python_2:
            start, end = self._tokens[first].start, self._tokens[at - 1].end
            self._edit(start, start, "(")
            self._edit(end, end, ")")
        return at


def _is_lower(name: str) -> bool:
    """True for a name that no class has: Python 2 bound the exception to it."""
    return bool(_NAME.match(name)) and not name.lstrip("_")[:1].isupper()


def fields(parts: Iterable[Part]) -> Iterator[Field]:
    """Yield the fields of f-strings in the order of the source, those of formats too."""
    for part in parts:
        if isinstance(part, Field):
            yield part
            yield from fields(part.format or ())
