"""The lowest allowed versions as constraints for pip: `python tests/floors.py > FILE`.

With `PIP_CONSTRAINT=FILE`, `make test` runs on them; so do the hooks that the tests install.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def floors(requirements: list[str]) -> list[str]:
    """Each requirement `name>=floor` as `name==floor`, with its marker."""
    pinned = []
    for requirement in requirements:
        asked, semicolon, marker = requirement.partition(";")
        name, bound, rest = asked.partition(">=")
        if not bound:
            raise ValueError(f"no lowest version: {requirement}")
        pinned.append(f"{name}=={rest.partition(',')[0]}{semicolon}{marker}")
    return pinned


if __name__ == "__main__":
    print(*floors(tomllib.loads(_PROJECT.read_text())["project"]["dependencies"]), sep="\n")
