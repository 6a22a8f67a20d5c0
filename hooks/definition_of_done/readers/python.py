"""Python source as the standard `ast` tree, with spots in the file.

`ast` reads the files. One that it rejects is read again without what newer grammar there is in it.
"""

from __future__ import annotations

import ast
from functools import cached_property, lru_cache

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Comment, Spot
from definition_of_done.base.text import BOM, MIB, Text, decode, refuse_large
from definition_of_done.readers.nodes import statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from definition_of_done.readers.origins import Origins

    Located: TypeAlias = ast.stmt | ast.expr | ast.alias | ast.keyword

# Python 3's errors for code that only Python 2 reads: a print or exec statement, 0777.
_PYTHON_2 = (
    "Missing parentheses in call to '",
    "leading zeros in decimal integer literals are not permitted",
)


class Docstring:
    """A module's docstring as the source writes it, with its escapes.

    `start` and `end` are the offsets behind the opening and before the closing quotes.
    """

    def __init__(self, module: Module, node: ast.expr) -> None:
        self._text = module.text
        start, end = module.offsets(node)
        source = self._text.text[start:end]
        opening = len(source) - len(source.lstrip("rRuU"))
        self.is_triple = source[opening:][:3] in ('"""', "'''")
        quotes = 3 if self.is_triple else 1
        self.spot = module.spot(node)
        self.start = start + opening + quotes
        self.end = end - quotes
        # Python joins adjacent literals to one docstring, but there is no room for a new line.
        if self.is_triple and source[opening : opening + 3] in source[opening + 3 : -3]:
            self.is_triple = False

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Its lines with their offsets in the text; the first starts behind the opening quotes."""
        text = self._text.text[self.start : self.end]
        lines, at = [], self.start
        for line in [*text.splitlines(keepends=True), *([""] if text.endswith("\n") else [])]:
            lines.append((at, line.rstrip("\r\n")))
            at += len(line)
        return lines

    def at(self, offset: int, length: int) -> Spot:
        """The spot of `length` characters at an offset in the file's text."""
        return self._text.spot(offset, offset + length)


class Module:
    """A parsed file: its `ast` tree, its text, and the places of nodes."""

    def __init__(self, path: str, data: bytes, tree: ast.Module) -> None:
        self.path = path
        self.tree = tree
        self._data = data
        # Kept, because `isascii` looks at all bytes in each call.
        self._is_ascii = data.isascii()
        self._text: Text | None = None

    @property
    def size(self) -> int:
        """The file's length in bytes."""
        return len(self._data)

    @property
    def docstring(self) -> Docstring | None:
        """The module's docstring, None where it has none."""
        match self.tree.body:
            case [ast.Expr(value=ast.Constant(value=str()) as node), *_]:
                return Docstring(self, node)
        return None

    @property
    def text(self) -> Text:
        """The decoded text; `spot` turns the columns of the tree into those of the text."""
        if self._text is None:
            self._text = decode_source(self.path, self._data)
        return self._text

    @cached_property
    def origins(self) -> Origins:
        """The origins of the names of the file."""
        from definition_of_done.readers.origins import Origins

        return Origins(self.path, self.tree)

    def spot(self, node: Located) -> Spot:
        """The place of a node, without an end for a statement that has a body."""
        line, column = node.lineno, node.col_offset + 1
        if not self._is_ascii:
            column = self._column(line, node.col_offset)
        if isinstance(node, ast.expr) or not hasattr(node, "body"):
            return Spot(self.path, line, column, self._end(node))
        # A finding is about the head of the statement, and the node ends with its body.
        return Spot(self.path, line, column)

    def offsets(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Start and end offset of a node in the text, without parentheses around it."""
        first = self._column(node.lineno, node.col_offset)
        return self.text.offset(node.lineno, first), self.text.offset(*self._end(node))

    def comments(self) -> list[Comment]:
        """All comments of the file, their text from behind the `#`."""
        return read_comments(self.path, self._data)

    def holds(self, words: bytes) -> bool:
        """True where the file has these bytes: the cheap question before a costly one."""
        return words in self._data

    def _end(self, node: Located) -> tuple[int, int]:
        # A tree that was parsed has both.
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        if self._is_ascii:
            return node.end_lineno, node.end_col_offset + 1
        return node.end_lineno, self._column(node.end_lineno, node.end_col_offset)

    def _column(self, line: int, offset: int) -> int:
        if offset and not self._is_ascii:
            # `ast` counts bytes of UTF-8; people and editors count characters.
            offset = len(self.text.line(line).encode()[:offset].decode("utf-8", "replace"))
        return offset + 1


def read_module(path: str, data: bytes) -> Module:
    """Parse a file's bytes as Python does; raises Unreadable where no Python 3 can read them.

    The next call for the same file returns the same tree: no caller may change it.
    """
    found = _parsed(path, data)
    if isinstance(found, Unreadable):
        raise found.with_traceback(None)
    return found


# Several rules in turn read the same file, before any of them reads the next one.
@lru_cache(maxsize=1)
def _parsed(path: str, data: bytes) -> Module | Unreadable:
    try:
        return _parse(path, data)
    except Unreadable as error:
        return error


def _parse(path: str, data: bytes) -> Module:
    import warnings

    refuse_large(path, len(data), MIB)
    if not data.isascii():
        decode_source(path, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Module(path, data, parse_source(data))
    except SyntaxError as error:
        raise _unreadable(path, data, error) from None
    except ValueError as error:
        raise Unreadable(f"not Python: {error}", path=path) from None
    except (RecursionError, MemoryError):
        raise Unreadable("not Python: nested too deeply", path=path) from None


def parse_source(source: str | bytes) -> ast.Module:
    """The tree of a file's text or bytes, in whatever grammar; raises SyntaxError."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return _newer_tree(source, error)
    is_plain = isinstance(source, bytes) and b"type" not in source
    return tree if is_plain else without_aliases(tree)


def _newer_tree(source: str | bytes, error: SyntaxError) -> ast.Module:
    """The tree of a source in newer grammar; raises the error where that is not the reason."""
    from definition_of_done.readers.newer_python import parse_newer

    try:
        tree = parse_newer(source if isinstance(source, str) else decode_source("", source).text)
    except Unreadable:
        # A coding that no Python knows: the parser has the words for it.
        tree = None
    if tree is None:
        raise error
    return tree


def without_aliases(tree: ast.Module) -> ast.Module:
    """The tree with the assignment that it has in older grammar for each `type` statement."""
    kind = getattr(ast, "TypeAlias", None)
    if kind is None:
        return tree
    for node in [tree, *statements(tree)]:
        for block in ("body", "orelse", "finalbody"):
            inner = getattr(node, block, [])
            for at, statement in enumerate(inner):
                if isinstance(statement, kind):
                    made = ast.Assign([statement.name], statement.value)
                    inner[at] = ast.copy_location(made, statement)
    return tree


def _unreadable(path: str, data: bytes, error: SyntaxError) -> Unreadable:
    help = ""
    if b"\n<<<<<<< " in data:
        help = "resolve the merge conflict that git left in the file"
    elif error.msg.startswith(_PYTHON_2):
        help = "this is Python 2: convert the file, or name it in `exclude`"
    elif error.msg.startswith("multiple exception types must be parenthesized"):
        # In `except A, b` the `b` is a name for Python 2, and a second type for Python 3.14.
        help = "Python 2 or Python 3.14: convert the file, or set `language_version` for the hook"
    message = f"not Python: {error.msg}"
    return Unreadable(message, error.lineno or 1, error.offset or 1, help=help, path=path)


def parse_expression(source: str) -> ast.expr:
    """The tree of an expression that stands in a string; raises SyntaxError."""
    return ast.parse(source, mode="eval").body


def requoted(text: str, quote: str) -> str:
    """Write the strings of a one-line expression with a quote where that needs no more escapes."""
    if quote == "'":
        return text
    data = text.encode()
    strings = [
        node
        for node in ast.walk(parse_expression(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and '"' not in node.value
    ]
    for node in sorted(strings, key=lambda node: -node.col_offset):
        old = data[node.col_offset : node.end_col_offset]
        if old.startswith(b"'") and old == repr(node.value).encode():
            data = data[: node.col_offset] + b'"' + old[1:-1] + b'"' + data[node.end_col_offset :]
    return data.decode()


def depth(data: bytes) -> int:
    """The number of levels of a file's tree, 0 where the file is not Python."""
    try:
        level: list[ast.AST] = [read_module("", data).tree]
    except Unreadable:
        return 0
    levels = 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        levels += 1
    return levels


def decode_source(path: str, data: bytes) -> Text:
    """The text of a Python file, decoded as its coding cookie says; raises Unreadable."""
    if data.isascii() and b"coding" not in data:
        return Text(path, data.decode())
    from io import BytesIO
    from tokenize import detect_encoding

    try:
        encoding, _ = detect_encoding(BytesIO(data).readline)
    except SyntaxError as error:
        # For bytes that are not UTF-8 the error is that no encoding is declared; `decode` names
        # the first such byte.
        decode(path, data)
        raise Unreadable(f"not Python: {error.msg}", path=path) from None
    return decode(path, data.removeprefix(BOM), "utf-8" if encoding == "utf-8-sig" else encoding)


def read_comments(path: str, data: bytes) -> list[Comment]:
    """All comments of a file, their text from behind the `#`; raises Unreadable."""
    from bisect import bisect_right
    from contextlib import suppress

    from definition_of_done.readers._lexer import Lexer

    refuse_large(path, len(data), MIB)
    text = decode_source(path, data)
    lexer = Lexer(text.text)
    # The parser reports the place from which the file has no tokens.
    with suppress(SyntaxError, RecursionError):
        lexer.read()
    starts: dict[int, int] = {}
    for literal in (literal for literals in lexer.strings for literal in literals):
        first, last = (bisect_right(text.starts, at) for at in (literal.start, literal.end))
        if first != last:
            starts.setdefault(last, first)
    comments = []
    for start, end in lexer.comments:
        spot = text.spot(start)
        comment = text.text[start + 1 : end]
        comments.append(Comment(spot.line, spot.column + 1, comment, starts.get(spot.line)))
    return comments
