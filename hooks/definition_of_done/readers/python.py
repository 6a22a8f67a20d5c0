"""Python source as the standard `ast` tree, with spots in the file.

`ast` reads: importing it costs a tenth of what libcst costs. Only a file that it rejects is shown
to libcst, which tells a broken file from one whose grammar is newer than the running interpreter.
"""

import ast

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.finding import Spot
from definition_of_done.engine.text import BOM, Text, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.suppressions import Comment


class Module:
    """A parsed file: its `ast` tree, its text, and where a node stands."""

    def __init__(self, path: str, data: bytes, tree: ast.Module) -> None:
        self.path = path
        self.tree = tree
        self._data = data
        self._text: Text | None = None

    @property
    def size(self) -> int:
        """The file's length in bytes."""
        return len(self._data)

    @property
    def text(self) -> Text:
        """The decoded text; the tree's columns become the text's only through `spot`."""
        if self._text is None:
            self._text = decode_source(self.path, self._data)
        return self._text

    def spot(self, node: ast.AST) -> Spot:
        """Where a statement or expression starts."""
        return self._at(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def offsets(self, node: ast.expr) -> tuple[int, int]:
        """Start and end offset of an expression in the text, parentheses aside."""
        first, last = self.spot(node), self._at(node.end_lineno or 1, node.end_col_offset or 0)
        return (
            self.text.offset(first.line, first.column),
            self.text.offset(last.line, last.column),
        )

    def _at(self, line: int, column: int) -> Spot:
        if column and not self._data.isascii():
            # ast counts bytes of UTF-8, people and editors count characters.
            column = len(self.text.line(line).encode()[:column].decode("utf-8", "replace"))
        return Spot(self.path, line, column + 1)


def read_module(path: str, data: bytes) -> Module:
    """Parse a file's bytes as Python would; raises Unreadable where no Python 3 can read it."""
    import warnings

    if not data.isascii():
        decode_source(path, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Module(path, data, ast.parse(data))
    except SyntaxError as error:
        first = error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"not Python: {error or 'nested too deeply'}") from None
    raise _unreadable(data, first)


def _unreadable(data: bytes, error: SyntaxError) -> Unreadable:
    message, help = f"not Python: {error.msg}", ""
    if error.msg.startswith("Missing parentheses in call to 'print'"):
        help = "this is Python 2: convert the file, or name it in `exclude`"
    elif _is_newer(data):
        message = "the file's grammar is newer than the Python that runs this hook"
        help = "run the hook on the team's Python: set `language_version` in the hook configuration"
    return Unreadable(message, error.lineno or 1, error.offset or 1, help=help)


def _is_newer(data: bytes) -> bool:
    """Whether libcst, which knows newer grammar than the running interpreter, reads the file."""
    import libcst

    try:
        libcst.parse_module(data)
    except Exception:
        # libcst's native parser raises more than it documents on hostile input.
        return False
    return True


def decode_source(path: str, data: bytes) -> Text:
    """The text of a Python file by its coding cookie; raises Unreadable."""
    from io import BytesIO
    from tokenize import detect_encoding

    try:
        encoding, _ = detect_encoding(BytesIO(data).readline)
    except SyntaxError as error:
        # Of bytes that are not UTF-8 it only says that a declaration is missing.
        decode(path, data)
        raise Unreadable(f"not Python: {error.msg}") from None
    return decode(path, data.removeprefix(BOM), "utf-8" if encoding == "utf-8-sig" else encoding)


def read_comments(path: str, data: bytes) -> "list[Comment]":
    """All comments of a file, from after their `#`; raises Unreadable."""
    from tokenize import COMMENT, TokenError, generate_tokens

    from definition_of_done.engine.suppressions import Comment

    lines = iter(decode_source(path, data).text.splitlines(keepends=True))
    comments = []
    try:
        for token in generate_tokens(lambda: next(lines, "")):
            if token.type == COMMENT:
                line, column = token.start
                comments.append(Comment(line, column + 2, token.string[1:]))
    except (TokenError, SyntaxError):
        # What follows a place that cannot be tokenised is reported by whoever parses the file.
        pass
    return comments
