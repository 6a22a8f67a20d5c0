"""This project keeps the definition of done that it preaches: its own hooks see its own pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repository import Run
from tests.revision import SUITE
from tests.snapshot import ROOT, git, snapshot

from definition_of_done import __version__

FEATURE = "docs/feature/2026-11-29-safe-to-deploy.md"
CHANGELOG = f"docs/changelog/{__version__}.md"
PACKAGE = "hooks/definition_of_done/__init__.py"
# For each of the rules that judge this repository above all: a fault, and what is said of it.
FAULTS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "version-sync": (
        PACKAGE,
        lambda text: text.replace(f'"{__version__}"', '"9.9.9"'),
        "version 9.9.9 has no changelog page docs/changelog/9.9.9.md",
    ),
    "mkdocs-nav-entry": (
        "mkdocs.yml",
        lambda text: text.replace(f"      - Safe to deploy: {FEATURE[5:]}\n", ""),
        f"the nav has no entry for {FEATURE[5:]}",
    ),
    "docs-links-resolve": (
        "docs/index.md",
        lambda text: text.replace("](limits.md)", "](limit.md)"),
        "link to limit.md: there is no limit.md",
    ),
    "changelog-shape": (
        CHANGELOG,
        lambda text: text.replace("## Migrations\n\nNone\n\n", ""),
        "section Migrations is missing",
    ),
    "open-questions-answered": (
        FEATURE,
        lambda text: text.replace("## Open questions\n\n", "## Open questions\n\n- Why so?\n"),
        f"question 'Why so?' is open, and the branch changes {PACKAGE}",
    ),
    "plan-never-deleted": (FEATURE, lambda _: "", "the page stands on the base, and is deleted"),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout on a branch that changes code."""
    folder = tmp_path_factory.mktemp("own")
    snapshot(folder)
    git(folder, "checkout", "--quiet", "-b", "feature/own")
    with (folder / PACKAGE).open("a") as stream:
        stream.write("# A step.\n")
    return folder


def test_every_rule_that_is_on_sees_something(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, out, _ = run(SUITE, "doctor")
    assert code == 0, out
    seen = {line.split()[0]: line.split()[1] for line in out.splitlines()}
    assert {id: seen[id] for id in FAULTS if not seen[id].isdigit()} == {}


@pytest.mark.parametrize("id", FAULTS)
def test_a_fault_is_found(
    id: str, checkout: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    path, breaks, said = FAULTS[id]
    text = (checkout / path).read_text(encoding="utf-8")
    broken = breaks(text)
    assert broken != text
    (checkout / path).write_text(broken, encoding="utf-8")
    if not broken:
        (checkout / path).unlink()
    git(checkout, "add", "--all")
    code, out, _ = run(id)
    (checkout / path).write_text(text, encoding="utf-8")
    git(checkout, "add", "--all")
    assert code == 1
    assert said in out
    assert run(id)[0] == 0
