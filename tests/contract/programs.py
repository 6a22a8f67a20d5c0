"""A team's own `task`, which does as a test says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

_PROGRAM = """#!{python}
import os, sys, pathlib
if os.environ.get("TASK_WRITES"):
    pathlib.Path(os.environ["TASK_WRITES"]).write_text("written")
sys.exit(int(os.environ.get("TASK_CODE", "0")))
"""


def lay_task(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs `task` and `uv` on PATH: they end with TASK_CODE, and write TASK_WRITES."""
    folder.mkdir()
    for name in ("task", "uv"):
        path = folder / name
        path.write_text(_PROGRAM.format(python=sys.executable))
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
