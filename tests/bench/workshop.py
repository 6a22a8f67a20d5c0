"""The measured package, installed as pre-commit installs it, and the peers beside it.

Pre-commit makes an environment with virtualenv, whose pip is its own. The wrapper that it writes
around a console script imports `re` or not, as its pip is old or new: half a start of Python.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.snapshot import ROOT, VENV, environment

BIN = VENV / "bench" / "bin"
NOTHING = "nothing"
_PEERS = ("alembic", "alembic-guard", "mkdocs", "pre-commit", "ruff")


def ready() -> dict[str, str]:
    """Install this checkout and the peers; the environment to run them in.

    Not the development environment: a package that is installed for editing starts slower.
    """
    made = BIN.parent / "pyvenv.cfg"
    steps: list[tuple[str, ...]] = []
    if not made.exists() or "virtualenv =" not in made.read_text():
        steps += [(sys.executable, "-m", "virtualenv", "--clear", str(BIN.parent))]
    pip = (str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    steps += [(*pip, str(ROOT), *_PEERS), (*pip, "--force-reinstall", "--no-deps", str(ROOT))]
    for step in steps:
        ran = subprocess.run(step, capture_output=True, text=True)
        if ran.returncode:
            sys.exit(f"the environment of the benchmarks cannot be made:\n{ran.stderr}")
    # The wrapper that pip writes, around nothing. It imports `re` with every pip, as our hooks do:
    # the ratio is then of what we add, and the same on every machine.
    wrapper = (BIN / "definition-of-done").read_text()
    own = "from definition_of_done.commands.main import main"
    assert own in wrapper
    (BIN / NOTHING).write_text(wrapper.replace(own, "import re\nmain = int"))
    (BIN / NOTHING).chmod(0o755)
    # What is written once at installation is measured: as where a runner installs it.
    found = {k: v for k, v in environment().items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**found, "PATH": f"{BIN}:{found['PATH']}"}


def tool(name: str) -> str:
    """The full path of a command of that environment."""
    return str(Path(BIN, name))
