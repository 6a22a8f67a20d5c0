"""A file's decoded text, with the arithmetic between offsets, lines and columns."""

import os

from definition_of_done.engine.errors import Unreadable, UsageError
from definition_of_done.engine.finding import Edit, Spot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.engine.session import Session

BOM = b"\xef\xbb\xbf"
MIB = 2**20
# No file of a project that people read is larger; what a parser takes is far less.
LARGEST = 64 * MIB


class Text:
    """Decoded text of one file, newlines as they stand, without a BOM.

    Lines end at LF, CRLF or CR, as Python, YAML and Markdown count them, and never at the other
    separators of `str.splitlines`.
    """

    def __init__(self, path: str, text: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offset at which each line starts."""
        if self._starts is None:
            import re

            ends = re.finditer(r"\r\n?|\n", self.text)
            self._starts = [0, *(end.end() for end in ends)]
        return self._starts

    @property
    def newline(self) -> str:
        """The newline that the file uses first; LF for a file of one line."""
        end = self.text.find("\n")
        if end < 0:
            return "\r" if "\r" in self.text else "\n"
        return "\r\n" if end and self.text[end - 1] == "\r" else "\n"

    def offset(self, line: int, column: int = 1) -> int:
        """Offset of a line and column, both from 1; past the end of the file, its length."""
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def line(self, number: int) -> str:
        """The line with this number (from 1), without its newline."""
        return self.text[self.offset(number) : self.offset(number + 1)].rstrip("\r\n")

    def spot(self, offset: int, end: int | None = None) -> Spot:
        """The spot at an offset, up to the offset `end` where that is known."""
        line, column = self._place(offset)
        return Spot(self.path, line, column, None if end is None else self._place(end))

    def _place(self, offset: int) -> tuple[int, int]:
        from bisect import bisect_right

        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def decode(path: str, data: bytes, encoding: str = "utf-8") -> Text:
    """Text of a file's bytes; raises Unreadable at the first byte that does not decode."""
    body = data.removeprefix(BOM)
    try:
        return Text(path, body.decode(encoding), encoding)
    except (UnicodeDecodeError, LookupError) as error:
        start = getattr(error, "start", 0)
        before = body[:start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode(encoding, "replace")) + 1 if start else 1
        reason = f"not {encoding} text: {_reason(error)}"
        raise Unreadable(reason, line, column, path=path) from None


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte 0x{error.object[error.start]:02x}"
    return "unknown encoding"


def refuse_large(path: str, size: int, limit: int) -> None:
    """Raises Unreadable for a file that is too large to be parsed."""
    if size > limit:
        raise Unreadable(f"larger than {limit // MIB} MiB, which is not parsed", path=path)


def read_regular(full: str) -> bytes:
    """The bytes of a regular file; raises OSError.

    So it does for a pipe or a device, which may never end, and for a file that is too large.
    """
    import errno
    import stat

    with open(full, "rb", buffering=0, opener=_at_once) as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        if status.st_size > LARGEST:
            raise OSError(errno.EFBIG, f"it is larger than {LARGEST // MIB} MiB")
        return stream.read()


def _at_once(full: str, flags: int) -> int:
    # A pipe would be waited for until somebody writes to it.
    return os.open(full, flags | getattr(os, "O_NONBLOCK", 0))


def relative(full: str, folder: str) -> str:
    """The path from a folder, with `/`; the full one where it is on another drive of Windows."""
    try:
        return os.path.relpath(full, folder).replace(os.sep, "/")
    except ValueError:
        return full


def splice(text: Text, edits: "Iterable[Edit]") -> str:
    """The text after non-overlapping edits; their newlines become the file's own.

    Raises ValueError when two edits overlap.
    """
    result, at = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < at:
            raise ValueError("edits overlap")
        new = edit.text if text.newline == "\n" else edit.text.replace("\n", text.newline)
        result += [text.text[at : edit.start], new]
        at = edit.end
    return "".join([*result, text.text[at:]])


def is_below(path: str, folder: str) -> bool:
    """Whether a full path is a folder or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def target(session: "Session", path: str) -> str:
    """The full path of the file that a write of `path` changes, links followed.

    Raises UsageError where a link leads out of the work tree, or into git's own folder.
    """
    from definition_of_done.engine.git import work_tree

    top = work_tree(session.root)
    full = os.path.realpath(session.full(path))
    is_inside = full != top and is_below(full, top)
    if not is_inside or ".git" in full[len(top) :].lower().split(os.sep):
        raise UsageError(f"{path}: leads out of the work tree, to {full}: it is not written")
    return full


def write_atomically(full: str, data: bytes) -> None:
    """Replace a file's content in one step and keep its mode; raises OSError, the file whole."""
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(full), prefix=".dod-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, os.stat(full).st_mode & 0o7777)
        os.replace(temporary, full)
    except BaseException:
        os.unlink(temporary)
        raise
