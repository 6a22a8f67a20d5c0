"""`definition-of-done catalogue`: the blocks that are generated from the rules."""

from __future__ import annotations

from tests.repository import Project, Run
from tests.revision import SUITE
from tests.snapshot import ROOT

from definition_of_done.commands.catalogue import generated


def test_generated_blocks_match_the_rules() -> None:
    root = ROOT
    for path, text in generated(str(root)).items():
        assert (root / path).read_text() == text, f"{path}: run `definition-of-done catalogue`"


def test_in_any_other_folder(project: Project, run: Run) -> None:
    said = "catalogue: no generated block in pyproject.toml: not this project's checkout"
    assert run(SUITE, "catalogue") == (2, "", f"{SUITE}: error: {said}\n")
    assert list(project.root.iterdir()) == [project.root / ".git"]


def test_what_is_stale_is_said_and_written(project: Project, run: Run) -> None:
    right = generated(str(ROOT))
    files = {path: text.replace("alembic-filename", "old-name") for path, text in right.items()}
    project.lay(files)
    advice = "stale: run `definition-of-done catalogue`"
    said = "".join(f"{path}: {advice}\n" for path in right)
    assert run(SUITE, "catalogue", "--check") == (1, said, "")
    assert (project.root / "README.md").read_text() == files["README.md"]
    assert run(SUITE, "catalogue") == (1, said.replace(advice, "written"), "")
    assert (project.root / ".pre-commit-hooks.yaml").read_text() == right[".pre-commit-hooks.yaml"]
    assert run(SUITE, "catalogue") == (0, "", "")
