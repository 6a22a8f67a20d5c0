"""`definition-of-done catalogue`: the blocks that are generated from the rules."""

from __future__ import annotations

from tests.repository import Project, Run
from tests.revision import SUITE
from tests.snapshot import ROOT

from definition_of_done.commands.catalogue import generated


def test_generated_blocks_match_the_rules() -> None:
    root = ROOT
    for path, text in generated(str(root)).items():
        advice = f"{path}: run `definition-of-done catalogue`"
        assert text is not None, advice
        assert (root / path).read_text(encoding="utf-8") == text, advice


def test_in_any_other_folder(project: Project, run: Run) -> None:
    said = "catalogue: no generated block in pyproject.toml: not this project's checkout"
    assert run(SUITE, "catalogue") == (2, "", f"{SUITE}: error: {said}\n")
    assert list(project.root.iterdir()) == [project.root / ".git"]


def test_what_is_stale_is_said_and_written(project: Project, run: Run) -> None:
    right = generated(str(ROOT))
    page = "docs/hooks/alembic-filename.md"
    gone = "docs/hooks/old-name.md"
    files = {path: text for path, text in right.items() if path != page}
    stale = (
        *(".pre-commit-hooks.yaml", "pyproject.toml", "mkdocs.yml", "README.md"),
        "docs/hooks/index.md",
    )
    for path in stale:
        files[path] = str(files[path]).replace("alembic-filename", "old-name")
    project.lay({**files, gone: "# old-name\n"})
    advice = "stale: run `definition-of-done catalogue`"
    said = [f"{path}: {advice}\n" for path in [*right, gone] if path in (*stale, page, gone)]
    assert run(SUITE, "catalogue", "--check") == (1, "".join(said), "")
    assert (project.root / "README.md").read_text(encoding="utf-8") == files["README.md"]
    assert run(SUITE, "catalogue") == (1, "".join(said).replace(advice, "written"), "")
    for path, text in right.items():
        assert (project.root / path).read_text(encoding="utf-8") == text
    assert not (project.root / gone).exists()
    assert run(SUITE, "catalogue") == (0, "", "")
