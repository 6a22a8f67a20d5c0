"""Families, `per-file-ignores` and `severity`: what they change, and what stays as it is."""

from __future__ import annotations

import json

import pytest
from tests.branch import start_branch
from tests.legacy import BASELINE, LEGACY, LINKS, ONE, PAGE, PASS, TWO, baseline
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG, SUITE

FAULT = f"{PATH}:2:12: {SLUG}: revision '3f2a91bc04de' is a hash, not a slug\n"
WARNING = FAULT.replace(f"{SLUG}: ", f"{SLUG}: warning: ")
HELP = "    help: name what the migration does, e.g. revision = 'add_x'\n"


def _configure(project: Project, *lines: str) -> None:
    table = "".join(f"{line}\n" for line in lines)
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nselect = ['{SLUG}']\n{table}"})


def _warn(project: Project, name: str) -> None:
    text = (project.root / "pyproject.toml").read_text()
    table = f"[tool.definition-of-done.severity]\n{name} = 'warning'\n"
    project.lay({"pyproject.toml": f"{text}\n{table}"})


@pytest.mark.parametrize(
    ("argv", "rules"),
    [
        (("--select", f"{SLUG},docs"), {SLUG, LINKS}),
        (("--select", f"docs, {SLUG}"), {SLUG, LINKS}),
        (("--select", "docs", "--select", SLUG), {SLUG, LINKS}),
        (("--select", "docs"), {LINKS}),
        (("--select", "migrations,docs", "--ignore", f"{PASS},docs"), {SLUG}),
        (("--select", f"migrations,{LINKS}", "--ignore", f"docs,{PASS}"), {SLUG, LINKS}),
    ],
)
def test_families(argv: tuple[str, ...], rules: set[str], project: Project, run: Run) -> None:
    project.lay(LEGACY)
    noise = ("alembic-filename", "alembic-header-sync", "mkdocs-nav-entry")
    ignored = [word for id in noise for word in ("--ignore", id)]
    out = run(SUITE, "check", "--format", "json", *argv, *ignored)[1]
    assert {finding["rule"] for finding in json.loads(out)["findings"]} == rules


@pytest.mark.parametrize(
    "pattern", [PATH, "alembic", "alembic/", "alembic/versions/2026*", "**/*.py", "alembic/**"]
)
@pytest.mark.parametrize("name", [SLUG, "migrations"])
def test_ignored_in_a_file(pattern: str, name: str, project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    _configure(project, f"per-file-ignores = {{'{pattern}' = ['{name}']}}")
    assert run(SUITE, "check") == (0, "no findings (0 files judged)\n", "")
    assert run(SLUG, PATH)[0] == 0


@pytest.mark.parametrize(
    ("pattern", "name"), [(PATH, "docs"), (PATH, PASS), ("alembic/versions/2025*", SLUG)]
)
def test_not_ignored_in_a_file(pattern: str, name: str, project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    _configure(project, f"per-file-ignores = {{'{pattern}' = ['{name}']}}")
    assert run(SUITE, "check")[0] == 1


def test_file_that_no_rule_judges_may_be_broken(project: Project, run: Run) -> None:
    project.lay({PATH: "def upgrade(:\n"})
    _configure(project)
    assert run(SUITE, "check")[0] == 1
    _configure(project, f"per-file-ignores = {{'{PATH}' = ['migrations']}}")
    assert run(SUITE, "check")[0] == 0


def test_ignored_in_a_file_that_a_rule_over_the_repository_reads(
    project: Project, run: Run
) -> None:
    project.lay({**LEGACY, "docs/new.md": "# New\n\n[gone](gone.md)\n"})
    argv = ("--select", "docs-links-resolve")
    assert run(SUITE, "check", *argv)[1].count(f"{LINKS}: ") == 2
    text = str(LEGACY["pyproject.toml"]) + f"per-file-ignores = {{'{PAGE}' = ['docs']}}\n"
    project.lay({"pyproject.toml": text})
    code, out, _ = run(SUITE, "check", *argv)
    assert (code, out.partition(":")[0], out.count(f"{LINKS}: ")) == (1, "docs/new.md", 1)


@pytest.mark.parametrize("name", [SLUG, "migrations"])
def test_comment_for_a_rule_that_leaves_the_file_alone(
    name: str, project: Project, run: Run
) -> None:
    ignored = HASH.replace("04de'", f"04de'  # dod: ignore[{SLUG}] shipped")
    project.lay({PATH: ignored})
    _configure(project, f"per-file-ignores = {{'{PATH}' = ['{name}']}}")
    assert run(SUITE, "check")[0] == 0


@pytest.mark.parametrize(
    "table", ["per-file-ignores = {'docs/**' = ['docs']}", "exclude = ['docs']"]
)
def test_comment_for_a_rule_over_the_repository_that_leaves_the_file_alone(
    table: str, project: Project, run: Run
) -> None:
    link = f"[gone](gone.md) <!-- dod: ignore[{LINKS}] moved -->\n"
    project.lay({**LEGACY, PAGE: f"# Home\n\n{link}"})
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nselect = ['{LINKS}']\n{table}\n"})
    assert run(SUITE, "check")[0] == 0


def test_baseline_entry_of_an_ignored_pair(legacy: Project, run: Run) -> None:
    text = str(LEGACY["pyproject.toml"])
    text += f"per-file-ignores = {{'alembic/**' = ['{PASS}'], docs = ['docs']}}\n"
    legacy.lay({"pyproject.toml": text})
    assert run(SUITE, "check")[:2] == (
        0,
        "no findings (3 files judged, 2 accepted by the baseline)\n",
    )
    assert run(SUITE, "baseline", "--update")[0] == 0
    assert baseline(legacy) == BASELINE
    # What is written anew has what is found.
    assert run(SUITE, "baseline")[0] == 0
    assert [line for line in baseline(legacy).splitlines() if line.startswith("[")] == [
        f'[{SLUG}."{ONE}"]',
        f'[{SLUG}."{TWO}"]',
    ]


@pytest.mark.parametrize(
    ("table", "is_warning"),
    [
        (f"severity = {{{SLUG} = 'warning'}}", True),
        ("severity = {migrations = 'warning'}", True),
        (f"severity = {{migrations = 'error', {SLUG} = 'warning'}}", True),
        (f"severity = {{migrations = 'warning', {SLUG} = 'error'}}", False),
        (f"severity = {{docs = 'warning', {PASS} = 'warning'}}", False),
    ],
)
def test_severity(table: str, is_warning: bool, project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    _configure(project, table)
    expected = (0, WARNING, "no findings, but 1 warning") if is_warning else (1, FAULT, "1 finding")
    code, first, last = expected
    assert run(SUITE, "check") == (code, f"{first}{HELP}{last} in 1 file\n", "")
    assert run(SLUG, PATH)[:2] == (code, f"{first}{HELP}{last} in 1 file\n")


def test_warnings_beside_findings(project: Project, run: Run) -> None:
    project.lay(LEGACY)
    text = str(LEGACY["pyproject.toml"]) + f"severity = {{{SLUG} = 'warning'}}\n"
    project.lay({"pyproject.toml": text})
    code, out, _ = run(SUITE, "check")
    assert (code, out.splitlines()[-1]) == (1, "5 findings and 2 warnings in 3 files")


def test_severity_in_each_format(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    _configure(project, "severity = {migrations = 'warning'}")
    assert run(SUITE, "check", "--format", "github")[1].startswith(f"::warning file={PATH},line=2,")
    code, out, _ = run(SUITE, "check", "--format", "json")
    assert (code, json.loads(out)["findings"][0]["severity"]) == (0, "warning")
    code, out, _ = run(SUITE, "check", "--format", "sarif")
    log = json.loads(out)["runs"][0]
    assert (code, log["results"][0]["level"]) == (0, "warning")
    rule = log["tool"]["driver"]["rules"][log["results"][0]["ruleIndex"]]
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert rule["properties"]["problem.severity"] == "warning"


def test_a_broken_file_and_a_comment_stay_errors(project: Project, run: Run) -> None:
    project.lay({PATH: "def upgrade(:\n", "app/x.py": f"x = 1  # dod: ignore[{SLUG}x] y\n"})
    project.lay(
        {
            "pyproject.toml": f"[tool.definition-of-done]\nselect = ['{SLUG}', 'file-length']\n"
            "severity = {migrations = 'warning', gates = 'warning'}\n"
        }
    )
    code, out, _ = run(SUITE, "check")
    assert (code, out.splitlines()[-1]) == (1, "2 findings in 2 files")


def test_warnings_are_fixed(project: Project, run: Run) -> None:
    noise = "    # ### commands auto generated by Alembic - please adjust! ###\n"
    project.lay({PATH: HASH.replace("def upgrade():\n", f"def upgrade():\n{noise}")})
    argv = ("--select", "no-autogenerate-noise")
    _configure(project, "severity = {migrations = 'warning'}")
    assert run(SUITE, "check", *argv)[0] == 0
    assert run(SUITE, "check", *argv, "--fix", "--diff")[0] == 1
    code, out, _ = run(SUITE, "check", *argv, "--fix")
    assert (code, out.startswith(f"fixed: {PATH}: no-autogenerate-noise: ")) == (1, True)
    assert run(SUITE, "check", *argv)[:2] == (0, "no findings (1 file judged)\n")


def test_an_error_that_follows_a_warning_is_reported(sample: Project, run: Run) -> None:
    """What is missing is one finding beside its followers, but where only it is a warning."""
    sample.lay({"docs/changelog/1.3.0.md": "# 1.3.0\n", "docs/feature/2026-06-01-x.md": "# X\n"})
    sample.git("add", "-A")
    argv = ("--select", "releases,plans", "--format", "json")
    all_errors = json.loads(run(SUITE, "check", *argv)[1])["findings"]
    _warn(sample, "changelog-shape")
    code, out, _ = run(SUITE, "check", *argv)
    found = json.loads(out)["findings"]
    kept = [finding["message"] for finding in found if finding["severity"] == "error"]
    before = [finding["message"] for finding in all_errors if finding["rule"] != "changelog-shape"]
    assert (code, set(before) <= set(kept)) == (1, True)


def test_warnings_in_the_checklist(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({"tests/x.py": "x = 1  # noqa\n"})
    title, place = "`task all` green", "tests/x.py:1: suppressions-need-codes: "
    assert f"- [ ] {title}\n  - `{place}" in run(SUITE, "status")[1]
    _warn(project, "gates")
    code, out, _ = run(SUITE, "status")
    reason = "there are warnings of suppressions-need-codes"
    assert code == 0
    assert f"- [ ] {title}\n  - warning: `{place}" in out
    assert f"  - not provable here: {reason}; run `definition-of-done run -- task all`\n" in out
    box = json.loads(run(SUITE, "status", "--format", "json")[1])["boxes"][5]
    assert (box["state"], box["findings"], len(box["warnings"])) == ("unproven", [], 1)
