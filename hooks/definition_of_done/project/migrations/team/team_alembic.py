"""Runs the team's Alembic, with the Python that it is installed for."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile

from definition_of_done.base.errors import UsageError
from definition_of_done.project.alembic import ini_name, pyproject_names_alembic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    from definition_of_done.engine.session import Session

_CHILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "alembic_child.py")


def alembic_home(session: Session) -> str:
    """The folder to run Alembic in; raises UsageError where Alembic is not configured."""
    path = session.config["alembic-config"]
    home = os.path.dirname(session.tree.full(path))
    if not os.path.exists(session.tree.full(path)) and not pyproject_names_alembic(session):
        raise UsageError(f"there is no {path}: name Alembic's configuration in alembic-config")
    return home


def team_python(session: Session, home: str) -> list[str]:
    """The command that runs Python where the team's Alembic is."""
    given = session.config["alembic-command"]
    words = shlex.split(given) if given else _found(home, session.root)
    if words[-2:] == ["-m", "alembic"]:
        return words[:-2]
    folder, name = os.path.split(words[-1])
    if name not in ("alembic", "alembic.exe"):
        raise UsageError(f"alembic-command must end in alembic, not {words[-1]!r}")
    if not folder and words[:-1]:
        return [*words[:-1], "python"]
    return [_beside(os.path.join(home, folder, name) if folder else name)]


def _found(*folders: str) -> list[str]:
    for folder in folders:
        if os.path.exists(os.path.join(folder, "uv.lock")) and shutil.which("uv"):
            # A hook does not install packages: it takes the environment as it is.
            return ["uv", "run", "--no-sync", "alembic"]
        for inside in (".venv/bin/alembic", ".venv/Scripts/alembic.exe"):
            if os.path.exists(os.path.join(folder, inside)):
                return [os.path.join(folder, inside)]
    if shutil.which("alembic"):
        return ["alembic"]
    raise UsageError(
        "no alembic in `uv run`, .venv or PATH: install the project, or set alembic-command"
    )


def _beside(alembic: str) -> str:
    full = shutil.which(alembic)
    if full is None:
        raise UsageError(f"alembic-command names no program: {alembic!r}")
    for place in (full, os.path.realpath(full)):
        for name in ("python", "python3", "python.exe"):
            python = os.path.join(os.path.dirname(place), name)
            if os.path.exists(python):
                return python
    raise UsageError(f"no python beside {full!r}: set alembic-command to `python -m alembic`")


def ask(home: str, command: list[str], request: Mapping[str, object]) -> bytes:
    """Send a request to the child and return its answer, as JSON.

    The child has cleaned up when this returns or raises. Raises UsageError where it gives none.
    """
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with tempfile.TemporaryFile() as errors:
            try:
                child = subprocess.Popen(
                    [*command, _CHILD],
                    cwd=home,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    bufsize=0,
                )
            except OSError as error:
                raise UsageError(f"{command[0]!r} cannot be run: {error.strerror}") from None
            answer = _converse(child, json.dumps(request).encode())
            if answer:
                return answer
            errors.seek(0)
            lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    finally:
        signal.signal(signal.SIGTERM, before)
    raise UsageError(f"{shlex.join(command)} gave no answer: {lines[-1] if lines else 'it died'}")


def _converse(child: subprocess.Popen[bytes], request: bytes) -> bytes:
    assert child.stdin
    assert child.stdout
    with child:
        try:
            child.stdin.write(request + b"\n")
            # Its input stays open: its end tells the child that nobody waits any more.
            return child.stdout.read()
        except BrokenPipeError:
            return b""
        except KeyboardInterrupt:
            child.stdin.close()
            child.wait()
            raise


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def autogenerate(
    session: Session,
    python: list[str],
    path: str,
    words: tuple[str, str, str],
    *,
    section: str,
    arguments: Sequence[str],
) -> str | None:
    """The text of the migration as Alembic writes it, None where database and models agree.

    `words` are its title, its revision and its parent, which is empty for the first one of a line.
    `section` is that of alembic.ini, and `arguments` are what env.py finds as its -x.
    This runs the team's env.py and models with `python`, and reads their database. No file is left
    behind. Raises UsageError with the reason where Alembic stops.
    """
    home = alembic_home(session)
    full = session.tree.full(path)
    title, revision, parent = words
    folder, name = os.path.split(full)
    request = {
        "ini": ini_name(session),
        "section": section,
        "arguments": list(arguments),
        "message": title,
        "revision": revision,
        "head": parent or "base",
        "folder": folder,
        "name": name.removesuffix(".py"),
    }
    had_folder = os.path.isdir(folder)
    written = full
    try:
        answer = json.loads(ask(home, python, request))
        if "fatal" in answer:
            root = os.path.realpath(session.root) + os.sep
            raise UsageError(answer["fatal"].removeprefix(root))
        if answer["path"] is None:
            return None
        written = answer["path"]
        with open(written, "rb") as stream:
            return stream.read().decode()
    except UnicodeDecodeError:
        raise UsageError("Alembic's template writes a file that is not UTF-8") from None
    finally:
        if os.path.lexists(written):
            os.unlink(written)
        if not had_folder and os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)
