"""The outermost frame of every command: an error ends in one line and exit code 2."""

from __future__ import annotations

import atexit
import gc
import os
import sys

from definition_of_done.base.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def guarded(name: str, body: Callable[..., int], *arguments: object) -> int:
    """Call `body`; turn every error into one line on standard error and exit code 2."""
    # A run leaves few cycles behind, and the search for them takes a tenth of it, also at its end.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    try:
        return body(*arguments)
    except UsageError as error:
        return _fail(name, str(error))
    except BrokenPipeError:
        # The reader of our output left: nothing more can be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except RecursionError:
        return _fail(name, "a file is nested too deeply to be read")
    except KeyboardInterrupt:
        return _fail(name, "interrupted")
    except Exception as error:
        if os.environ.get("DEFINITION_OF_DONE_TRACEBACK"):
            raise
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return _fail(
            name,
            f"internal error: {text}{_where(error)};"
            " set DEFINITION_OF_DONE_TRACEBACK=1 for the traceback, and please report it",
        )


def _where(error: Exception) -> str:
    """The file and line that raised an error, in brackets."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    if not frame:
        return ""
    return f" ({os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno})"


def _fail(name: str, message: str) -> int:
    from definition_of_done.base.words import printable

    sys.stderr.write(
        f"{name}: error: {printable(message)}\n".encode("ascii", "backslashreplace").decode()
    )
    return 2
