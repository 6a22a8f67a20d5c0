"""A fix changes the span it means, or nothing: whatever the file is, and whatever fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tests.repository import Project, Run

from definition_of_done.engine.report import Outcome

HOOK = "no-autogenerate-noise"
PATH = "alembic/versions/20260524_add_x.py"
NOISE = "    # ### end Alembic commands ###\n"
SOURCE = (
    f"revision = 'add_x'\ndef upgrade():\n    op.f('\u00e9')\n{NOISE}def downgrade():\n    op.g()\n"
)
CLEAN = SOURCE.replace(NOISE, "")
CODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "latin-1": lambda text: ("# coding: latin-1\n" + text).encode("latin-1"),
    "no last newline": lambda text: text.rstrip("\n").encode(),
}


@pytest.mark.parametrize("coding", list(CODINGS))
def test_all_else_stays(coding: str, project: Project, run: Run) -> None:
    code = CODINGS[coding]
    project.lay({PATH: code(SOURCE)})
    (project.root / PATH).chmod(0o755)
    assert run(HOOK, "--fix", PATH)[0] == 1
    assert (project.root / PATH).read_bytes() == code(CLEAN)
    assert (project.root / PATH).stat().st_mode & 0o777 == 0o755
    assert run(HOOK, "--fix", PATH)[:2] == (0, "no findings (1 file judged)\n")


@pytest.mark.parametrize("name", ["replace", "fsync", "chmod"])
def test_a_call_that_fails(
    name: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({PATH: SOURCE})

    def failing(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, name, failing)
        said = f"{HOOK}: error: {PATH}: cannot be written: No space left on device\n"
        assert run(HOOK, "--fix", PATH) == (2, "", said)
    assert (project.root / PATH).read_text() == SOURCE
    assert sorted(os.listdir(project.root / "alembic/versions")) == [os.path.basename(PATH)]


_KILLED = """\
import os, signal, sys
from definition_of_done.commands.hook import run_hook
def killed(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[1], killed)
run_hook(sys.argv[2], ["--fix", sys.argv[3]])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("name", ["makedirs", "fsync", "chmod", "replace"])
def test_killed(name: str, project: Project, run: Run) -> None:
    project.lay({PATH: SOURCE})
    ran = subprocess.run([sys.executable, "-c", _KILLED, name, HOOK, PATH], capture_output=True)
    assert ran.returncode == -signal.SIGKILL
    assert (project.root / PATH).read_text() == SOURCE
    assert run(HOOK, "--fix", PATH)[0] == 1
    assert (project.root / PATH).read_text() == CLEAN


def test_changed_since_it_was_read(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from definition_of_done.engine import fixing

    project.lay({PATH: SOURCE})
    real = vars(fixing)["run"]

    def changing(*args: Any, **kwargs: Any) -> Outcome:
        outcome: Outcome = real(*args, **kwargs)
        (project.root / PATH).write_text("# mine\n" + SOURCE)
        return outcome

    monkeypatch.setattr(fixing, "run", changing)
    said = f"{HOOK}: error: {PATH} was changed while it was judged: run this again\n"
    assert run(HOOK, "--fix", PATH) == (2, "", said)
    assert (project.root / PATH).read_text() == "# mine\n" + SOURCE


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_link_stays_one(project: Project, run: Run) -> None:
    project.lay({"elsewhere.txt": SOURCE, PATH: ""})
    link = project.root / PATH
    link.unlink()
    link.symlink_to("../../elsewhere.txt")
    assert run(HOOK, "--fix", PATH)[0] == 1
    assert link.is_symlink()
    assert (project.root / "elsewhere.txt").read_text() == CLEAN


@pytest.mark.skipif(os.name != "posix", reason="needs links")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_out_of_the_work_tree(
    what: str, project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / os.path.basename(PATH)).write_text(SOURCE)
    link = project.root / PATH
    if what == "folder":
        link = link.parent
    link.parent.mkdir(parents=True)
    link.symlink_to(outside / os.path.basename(PATH) if what == "file" else outside)
    there = outside / os.path.basename(PATH)
    said = f"{HOOK}: error: {PATH}: leads out of the work tree, to {there}: it is not written\n"
    assert run(HOOK, "--fix", PATH) == (2, "", said)
    assert (outside / os.path.basename(PATH)).read_text() == SOURCE
