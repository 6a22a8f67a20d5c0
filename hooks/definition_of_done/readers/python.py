"""Python source as the standard `ast` tree, with spots in the file.

`ast` reads: importing it costs a tenth of what libcst costs. Only a file that it rejects is shown
to libcst, which tells a broken file from one whose grammar is newer than the running interpreter.
"""

from __future__ import annotations

import ast
from functools import lru_cache

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import BOM, MIB, Text, decode, refuse_large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.comments import Comment


# How Python 3 answers what only Python 2 reads: a print or exec statement, 0777.
_PYTHON_2 = (
    "Missing parentheses in call to '",
    "leading zeros in decimal integer literals are not permitted",
)
# Seconds for libcst to read a file, its import included.
_PATIENCE = 10


class Docstring:
    """A module's docstring as it stands in the source, escapes and all.

    `lines` are (offset in the file's text, line); `end` is the offset before the closing quotes.
    """

    def __init__(self, module: Module, node: ast.expr) -> None:
        self._text = module.text
        start, end = module.offsets(node)
        source = self._text.text[start:end]
        opening = len(source) - len(source.lstrip("rRuU"))
        self.is_triple = source[opening:][:3] in ('"""', "'''") and len(source) >= opening + 6
        quotes = 3 if self.is_triple else 1
        self.spot = module.spot(node)
        self.start = start + opening + quotes
        self.end = end - quotes
        # Adjacent literals make one docstring for Python, but no place for a line of its own.
        if self.is_triple and source[opening : opening + 3] in source[opening + 3 : -3]:
            self.is_triple = False

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Its lines, the first one from after the opening quotes."""
        text = self._text.text[self.start : self.end]
        lines, at = [], self.start
        for line in [*text.splitlines(keepends=True), *([""] if text.endswith("\n") else [])]:
            lines.append((at, line.rstrip("\r\n")))
            at += len(line)
        return lines

    def at(self, offset: int, length: int) -> Spot:
        """The spot of so many characters at an offset in the file's text."""
        return self._text.spot(offset, offset + length)


class Module:
    """A parsed file: its `ast` tree, its text, and where a node stands."""

    def __init__(self, path: str, data: bytes, tree: ast.Module) -> None:
        self.path = path
        self.tree = tree
        self._data = data
        # Bytes are looked through each time they are asked.
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
        """The decoded text; the tree's columns become the text's only through `spot`."""
        if self._text is None:
            self._text = decode_source(self.path, self._data)
        return self._text

    def spot(self, node: ast.AST) -> Spot:
        """Where a statement or expression stands; one with a body has no end."""
        line, column = node.lineno, self._column(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        if isinstance(node, ast.expr) or not hasattr(node, "body"):
            return Spot(self.path, line, column, self._end(node))
        # Its end would be that of all that stands in it, and the finding is about its head.
        return Spot(self.path, line, column)

    def offsets(self, node: ast.expr) -> tuple[int, int]:
        """Start and end offset of an expression in the text, parentheses aside."""
        first = self._column(node.lineno, node.col_offset)
        return self.text.offset(node.lineno, first), self.text.offset(*self._end(node))

    def start_of(self, node: ast.stmt) -> int:
        """Offset of the line on which a statement starts."""
        return self.text.offset(node.lineno)

    def after(self, node: ast.stmt) -> int | None:
        """Offset of the line that follows a statement, None at the end of the text."""
        at = self.text.offset((node.end_lineno or node.lineno) + 1)
        return at if self.text.text[:at].endswith(("\n", "\r")) else None

    def comments(self) -> list[Comment]:
        """All comments of the file, from after their `#`."""
        return read_comments(self.path, self._data)

    def holds(self, words: bytes) -> bool:
        """Whether the file's bytes hold these, as the cheap question before a costly one."""
        return words in self._data

    def _end(self, node: ast.AST) -> tuple[int, int]:
        line: int = node.end_lineno  # type: ignore[attr-defined]
        return line, self._column(line, node.end_col_offset)  # type: ignore[attr-defined]

    def _column(self, line: int, offset: int) -> int:
        if offset and not self._is_ascii:
            # ast counts bytes of UTF-8, people and editors count characters.
            offset = len(self.text.line(line).encode()[:offset].decode("utf-8", "replace"))
        return offset + 1


def read_module(path: str, data: bytes) -> Module:
    """Parse a file's bytes as Python would; raises Unreadable where no Python 3 can read it.

    Who asks for the same file again at once gets the same tree: it is nobody's to change.
    """
    found = _parsed(path, data)
    if isinstance(found, Unreadable):
        raise found.with_traceback(None)
    return found


# The rules of several subjects read one file after the other, and no two files at a time.
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
            return Module(path, data, ast.parse(data))
    except SyntaxError as error:
        first = error
    except ValueError as error:
        raise Unreadable(f"not Python: {error}", path=path) from None
    except (RecursionError, MemoryError):
        raise Unreadable("not Python: nested too deeply", path=path) from None
    raise _unreadable(path, data, first)


def _unreadable(path: str, data: bytes, error: SyntaxError) -> Unreadable:
    message, help = f"not Python: {error.msg}", ""
    if error.msg.startswith(_PYTHON_2):
        help = "this is Python 2: convert the file, or name it in `exclude`"
    elif error.msg.startswith("multiple exception types must be parenthesized"):
        # `except A, b` is a name in Python 2 and another type in Python 3.14.
        help = "Python 2 or Python 3.14: convert the file, or set `language_version` for the hook"
    elif _is_newer(data):
        message = "the file's grammar is newer than the Python that runs this hook"
        help = "run the hook on the team's Python: set `language_version` in the hook configuration"
    return Unreadable(message, error.lineno or 1, error.offset or 1, help=help, path=path)


def _is_newer(data: bytes) -> bool:
    """Whether libcst, which knows newer grammar than the running interpreter, reads the file.

    It is asked in a process of its own: deep nesting overflows the stack of its native parser,
    and that ends the process.
    """
    import subprocess
    import sys

    code = "import sys, libcst; libcst.parse_module(sys.stdin.buffer.read())"
    command = (sys.executable, "-I", "-c", code)
    try:
        ran = subprocess.run(command, input=data, capture_output=True, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0


def depth(data: bytes) -> int:
    """How deeply the code of a file is nested, 0 where it is not Python."""
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
    """The text of a Python file by its coding cookie; raises Unreadable."""
    if data.isascii() and b"coding" not in data:
        return Text(path, data.decode())
    from io import BytesIO
    from tokenize import detect_encoding

    try:
        encoding, _ = detect_encoding(BytesIO(data).readline)
    except SyntaxError as error:
        # Of bytes that are not UTF-8 it only says that a declaration is missing.
        decode(path, data)
        raise Unreadable(f"not Python: {error.msg}", path=path) from None
    return decode(path, data.removeprefix(BOM), "utf-8" if encoding == "utf-8-sig" else encoding)


def read_comments(path: str, data: bytes) -> list[Comment]:
    """All comments of a file, from after their `#`; raises Unreadable."""
    from tokenize import COMMENT, STRING, TokenError, generate_tokens

    from definition_of_done.base.comments import Comment

    refuse_large(path, len(data), MIB)
    lines = iter(decode_source(path, data).text.splitlines(keepends=True))
    comments = []
    starts: dict[int, int] = {}
    try:
        for token in generate_tokens(lambda: next(lines, "")):
            if token.type == STRING:
                starts.setdefault(token.end[0], token.start[0])
            elif token.type == COMMENT:
                line, column = token.start
                comments.append(Comment(line, column + 2, token.string[1:], starts.get(line)))
    except (TokenError, SyntaxError):
        # What follows a place that cannot be tokenised is reported by whoever parses the file.
        pass
    return comments
