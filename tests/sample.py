"""The sample backend: its files, those of a further feature, and repositories that hold them."""

from __future__ import annotations

from pathlib import Path

from tests.repository import Files, Project

SAMPLE_FOLDER = Path(__file__).with_name("sample_backend")


def _texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


# The text of each file by its path in the backend.
SAMPLE = _texts(SAMPLE_FOLDER)
# A third feature, which makes a resource of the sample grow: the files that it adds or changes.
GROWTH = _texts(SAMPLE_FOLDER.with_name("sample_growth"))


def _part(path: str) -> dict[str, str]:
    """The files of a part; its settings have another name, or its folder would be a project."""
    texts = _texts(SAMPLE_FOLDER.parent / path)
    return {"pyproject.toml": texts.pop("settings.toml"), **texts}


# Two backends of other layouts, and the files of a feature of each.
SHOP_BASE, SHOP_FEATURE = map(_part, ("sample_shop/base", "sample_shop/feature"))
CLINIC_BASE, CLINIC_FEATURE = map(_part, ("sample_clinic/base", "sample_clinic/feature"))


def start_main(project: Project, changes: Files | None = None) -> None:
    """Commit the sample, with changes if there are any, as the first of main."""
    project.lay({**SAMPLE, **(changes or {})})
    project.git("commit", "-qm", "sample")


def start_feature(project: Project, changes: Files | None = None) -> None:
    """Commit the sample to main, and check out a branch `feature` of it."""
    start_main(project, changes)
    project.git("checkout", "-qb", "feature")


def configure(project: Project, table: str) -> None:
    """Lay the sample's settings, with a table of the hooks that holds these lines."""
    text = SAMPLE["pyproject.toml"]
    project.lay({"pyproject.toml": f"{text}\n[tool.definition-of-done]\n{table}\n"})
