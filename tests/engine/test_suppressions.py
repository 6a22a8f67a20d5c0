"""Comments that silence a finding, and what is said of those that do not."""

from __future__ import annotations

import json

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG, SUITE


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (f"# dod: ignore[{SLUG}] shipped in 2024", []),
        (f"# dod: ignore[{SLUG}]", [f"suppression: dod: ignore[{SLUG}] gives no reason"]),
        (
            f"# dod: ignore[downgrade-not-pass, {SLUG}] x",
            ["suppression: dod: ignore[downgrade-not-pass] silences nothing"],
        ),
        (
            f"# dod: ignore[slug, {SLUG}] x",
            ["suppression: dod: ignore names the unknown hook id 'slug'"],
        ),
        (
            "# dod: ignore",
            [
                f"{SLUG}: revision '3f2a91bc04de' is a hash, not a slug",
                "suppression: dod: ignore names no hook id",
            ],
        ),
    ],
)
def test_suppression(comment: str, expected: list[str], project: Project, run: Run) -> None:
    config = f"[tool.definition-of-done]\nselect = ['{SLUG}', 'downgrade-not-pass']\n"
    project.lay({PATH: HASH.replace("04de'", f"04de'  {comment}"), "pyproject.toml": config})
    findings = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    assert [f"{finding['rule']}: {finding['message']}" for finding in findings] == expected
    assert all(finding["line"] == 2 for finding in findings)


def test_comment_in_a_string_is_no_suppression(project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN + f"text = '# dod: ignore[{SLUG}]'\n"})
    assert run(SLUG, PATH)[0] == 0


@pytest.mark.parametrize(
    ("head", "rules"),
    [
        ('"""Add x.\n"""  # dod: ignore[alembic-filename] shipped\n', []),
        ('"""Add x."""  # dod: ignore[alembic-filename] shipped\n', []),
        # A line further down is another place.
        (
            '"""Add x.\n"""\nx = 1  # dod: ignore[alembic-filename] shipped\n',
            ["alembic-filename", "suppression"],
        ),
        # What ends in the docstring's last line is not what starts there.
        (
            '"""Add x.\n"""; y = """\n"""  # dod: ignore[alembic-filename] shipped\n',
            ["alembic-filename", "suppression"],
        ),
    ],
)
def test_comment_after_a_docstring(head: str, rules: list[str], project: Project, run: Run) -> None:
    project.lay({"alembic/versions/add_x.py": head + CLEAN})
    found = json.loads(run("alembic-filename", "--format", "json")[1])["findings"]
    assert [finding["rule"] for finding in found] == rules


def test_another_hooks_suppression_is_not_judged(project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN + "# dod: ignore[downgrade-not-pass] x\n"})
    assert run(SLUG, PATH)[0] == 0
    assert run("downgrade-not-pass", PATH)[0] == 1
