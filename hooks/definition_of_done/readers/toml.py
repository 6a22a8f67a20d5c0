"""TOML: values through tomllib."""

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.text import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def read_toml(path: str, data: bytes) -> "dict[str, Any]":
    """The document as plain values; raises Unreadable with the position that tomllib names."""
    import tomllib

    text = decode(path, data).text.replace("\r\n", "\n")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        line, _, column = place.removeprefix("line ").rstrip(")").partition(", column ")
        if not column:
            line, column = str(text.count("\n") + 1), "1"
        raise Unreadable(f"not TOML: {message}", int(line), int(column)) from None
    except RecursionError:
        raise Unreadable("not TOML: nested too deeply") from None
