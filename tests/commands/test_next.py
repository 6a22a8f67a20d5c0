"""`definition-of-done next`: the one step that it prints, and when there is none."""

from __future__ import annotations

import json
import shlex
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.branch import BEFORE, CHANGELOG, ENTRY, MIGRATION, PAGE, start_branch
from tests.contract.programs import lay_task
from tests.repository import Files, Project, Run
from tests.sample import SAMPLE, start_main

from definition_of_done.project.gates.steps import STEPS
from definition_of_done.project.receipts import keep_roundtrip, tree_of
from definition_of_done.project.settings import open_project
from definition_of_done.rules.sample import plan

SUITE = "definition-of-done"
BEGIN = 'nothing is begun: git switch -c feature/NAME, then definition-of-done new plan "TITLE"\n'
SERVICE = "app/graphql/vendors/services/vendor_service.py"
PLAN = SAMPLE[PAGE].partition("## What shipped")[0].rstrip() + "\n"
COMMENT = "column-comment-required"
NO_BASE = "no base; fetch the main branch, or name it with --base"


def _then(step: str) -> str:
    return f"  then: {', '.join(STEPS[STEPS.index(step) + 1 :])}\n"


def _validated(name: str, text: str) -> dict[str, Any]:
    schema = json.loads((files("definition_of_done") / f"schemas/{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    document: dict[str, Any] = json.loads(text)
    Draft202012Validator(schema).validate(document)
    return document


def _json(run: Run, *argv: str) -> dict[str, Any]:
    code, out, err = run(SUITE, "next", "--format", "json", *argv)
    assert code != 2, err
    document = _validated("next", out)
    assert code == (document["state"] == "open")
    return document


def _configure(project: Project, table: str) -> None:
    text = (project.root / "pyproject.toml").read_text()
    project.lay({"pyproject.toml": f"{text}\n[tool.definition-of-done]\n{table}\n"})


@pytest.fixture
def team(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """The sample on main, on a machine that has `task`."""
    lay_task(tmp_path_factory.mktemp("programs") / "bin", monkeypatch)
    start_main(project)
    return project


def test_main_with_nothing_begun(team: Project, run: Run) -> None:
    assert run(SUITE, "next") == (0, BEGIN, "")
    document = _json(run)
    assert (document["state"], document["message"]) == ("not-begun", BEGIN.rstrip())
    team.git("checkout", "-q", "--detach")
    assert run(SUITE, "next") == (0, BEGIN, "")


@pytest.mark.parametrize(
    ("branch", "title"),
    [
        ("feature/vendor-limits", "Vendor limits"),
        ("feature/ABC-12-vendor_limits", "Vendor limits"),
        ("42-vendor-limits", "Vendor limits"),
        ("feature/approvals", "Approvals"),
        ("develop", "TITLE"),
        ("feature/\u043f\u043b\u0430\u043d", "TITLE"),
    ],
)
def test_branch_with_nothing_begun(branch: str, title: str, team: Project, run: Run) -> None:
    team.git("checkout", "-qb", branch)
    report = f"""\
next: plan, step 1 of 13
  why: the branch changes nothing: a feature begins with its plan, a fix with its code
  do: definition-of-done new plan "{title}"
{_then("plan")}"""
    assert run(SUITE, "next") == (1, report, "")


def test_first_plan_of_a_project_without_docs(project: Project, run: Run) -> None:
    project.lay({"app/orders.py": "ORDERS = 1\n"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature/refunds")
    plan = 'definition-of-done new plan "Refunds"'
    assert _json(run)["next"]["command"] == f"mkdir -p docs && {plan}"
    (project.root / "docs").mkdir()
    assert _json(run)["next"]["command"] == plan
    assert run(SUITE, "new", "plan", "Refunds")[0] == 0


@pytest.mark.parametrize("table", ['features = ""', "select = ['migrations']"])
def test_without_plans_nothing_is_planned(table: str, team: Project, run: Run) -> None:
    _configure(team, table)
    team.git("commit", "-qm", "no pages")
    team.git("checkout", "-qb", "feature/vendor-limits")
    told = "nothing is begun: the branch changes nothing, and the team has no plans to begin\n"
    assert run(SUITE, "next") == (0, told, "")


def test_what_the_team_leaves_out_does_not_wait(team: Project, run: Run) -> None:
    _configure(team, 'features = ""\nmkdocs = ""\nwithout = ["graphql"]')
    team.git("commit", "-qm", "no pages")
    team.git("checkout", "-qb", "fix/totals")
    team.lay({SERVICE: SAMPLE[SERVICE] + "\n"})
    team.git("commit", "-qm", "fix")
    waiting = ["task test", "bump", "changelog", "task all again"]
    assert _json(run)["blocked"] == waiting
    assert f"  then: {', '.join(waiting)}\n" in run(SUITE, "next")[1]


def test_nothing_is_committed(project: Project, run: Run) -> None:
    told = "nothing is begun: commit the project first, for a branch starts from a commit\n"
    assert run(SUITE, "next") == (0, told, "")
    project.lay(SAMPLE)
    assert run(SUITE, "next") == (0, told, "")


def test_outside_of_a_repository(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = "not a git work tree: run this inside a repository"
    assert run(SUITE, "next") == (2, "", f"{SUITE}: error: {error}\n")


def test_unknown_base(team: Project, run: Run) -> None:
    error = "--base names no commit: 'nowhere'; fetch it, or name another"
    assert run(SUITE, "next", "--base", "nowhere") == (2, "", f"{SUITE}: error: {error}\n")


def test_finding(project: Project, run: Run) -> None:
    start_branch(project)
    text = SAMPLE[MIGRATION].replace("Open credit in cents", "Credit")
    project.lay({MIGRATION: text, "tests/x.py": "x = 1  # noqa\n"})
    model = "'Open credit in cents'"
    report = f"""\
next: migration, step 4 of 13
  why: the comment of column vendor_credits.amount is another in its model: {model} ({COMMENT})
  file: {MIGRATION}:30
  do: edit {MIGRATION}:30
  help: say the same here and in the model
{_then("migration")}"""
    assert run(SUITE, "next", "--base", "main") == (1, report, "")
    document = _json(run, "--base", "main")
    step = document["next"]
    assert (step["step"], step["project"], step["path"]) == ("migration", ".", MIGRATION)
    assert step["finding"]["rule"] == COMMENT
    assert step["finding"]["message"] == step["reason"]
    assert document["done"] == ["plan", "answers", "deltas"]
    assert document["blocked"] == list(STEPS[4:])
    assert (document["version"], document["message"]) == (1, "")
    assert document["base"] == project.git("rev-parse", "main").strip()


def test_the_page_has_each_step_and_key(team: Project, run: Run) -> None:
    """Its example is run with those of the other pages."""
    page = (Path(__file__).parents[2] / "docs/next.md").read_text()
    rows = [row[2:].split(" | ")[0] for row in page.splitlines() if row.startswith("| ")]
    assert [step for row in rows for step in row.split(", ") if step in STEPS] == [*STEPS]
    for key in _json(run):
        assert f"| `{key}` |" in page


def test_two_hundred_findings_fit_on_fifteen_lines(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({"app/x.py": "x = 1  # noqa\n" * 200, MIGRATION: "def upgrade(:\n"})
    code, out, _ = run(SUITE, "next")
    assert code == 1
    assert out.count("\n") <= 15
    assert out.startswith("next: files\n  why: not Python: ")
    assert f"  file: {MIGRATION}:1\n  do: edit {MIGRATION}\n" in out
    project.lay({MIGRATION: SAMPLE[MIGRATION]})
    out = run(SUITE, "next")[1]
    assert out.startswith("next: deltas, step 3 of 13\n")


def test_what_git_does_not_know_comes_first(project: Project, run: Run) -> None:
    start_branch(project)
    page = "docs/feature/2026-06-02-refunds.md"
    project.lay({page: "# Refunds\n", "notes.txt": "", "scratch.py": "x = 1\n"}, add=False)
    assert (
        run(SUITE, "next")[1]
        == f"""\
next: files
  why: git does not know it yet, and what is not added is not judged
  file: {page}:1
  do: git add {page}
  then: {", ".join(STEPS)}
"""
    )
    project.lay({SERVICE: SAMPLE[SERVICE] + "\n"}, add=False)
    step = _json(run)["next"]
    assert (step["step"], step["more"]) == ("files", 1)
    assert step["command"] == f"git add {page} {SERVICE}"


def test_resource_that_no_page_describes(project: Project, run: Run) -> None:
    project.lay(BEFORE)
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature/vendor-credits")
    folder = "app/graphql/vendor_credits/"
    project.lay({path: SAMPLE[path] for path in SAMPLE if path.startswith(f"{folder}services/")})
    found = _json(run)["next"]
    command = 'definition-of-done new plan "Vendor credits"'
    assert (found["step"], found["command"]) == ("plan", command)


def test_where_a_migration_begins(project: Project, run: Run) -> None:
    """Where there is no folder Alembic makes it, and of several one is named."""
    project.lay({"docs/index.md": "# Orders\n"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature/vendor-credits")
    project.lay({PAGE: PLAN})
    new = 'definition-of-done new migration "add vendor credits"'
    assert _json(run)["next"]["command"] == f"alembic init alembic && {new}"
    table = "[tool.definition-of-done]\nversions = ['db/core', 'db/more']\n"
    project.lay({"db/core/.keep": "", "db/more/.keep": "", "pyproject.toml": table})
    assert _json(run)["next"]["command"] == f"{new} --folder db/core"
    assert run(SUITE, *shlex.split(f"{new} --folder db/core")[1:])[0] == 0


def test_bug_fix(team: Project, run: Run) -> None:
    team.git("checkout", "-qb", "fix/rounding")
    team.lay({SERVICE: SAMPLE[SERVICE] + "\n# in cents\n"})
    for step, command in (("task all", "task all"), ("task test", "task test")):
        found = _json(run)["next"]
        assert (found["step"], found["reason"]) == (step, "only a run shows it")
        assert found["command"] == f"definition-of-done run -- {command}"
        assert run(SUITE, "run", "--", *command.split())[0] == 0
    code, out, err = run(SUITE, "next")
    assert (code, err) == (0, "")
    assert out == (
        "nothing is open: proven are plan, answers, migration, chain, exports, task all, task test"
        " and nav; passed over: deltas and final page (the branch changes code, and no feature"
        " page); bump and task all again (the branch adds no changelog page for a new version; it"
        " is 1.2.0); changelog (the branch does not change the newest changelog page)\n"
    )


def test_run_that_failed_is_open(team: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    team.git("checkout", "-qb", "fix/rounding")
    team.lay({SERVICE: SAMPLE[SERVICE] + "\n# in cents\n"})
    monkeypatch.setenv("TASK_CODE", "3")
    assert run(SUITE, "run", "--", "task", "all")[0] == 3
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == ("task all", "definition-of-done run -- task all")
    assert found["reason"] == "task all ended with exit code 3 on this very tree"


def test_the_words_and_commands_of_the_team(team: Project, run: Run) -> None:
    team.git("checkout", "-qb", "fix/rounding")
    _configure(team, "check-commands = ['make check']\ntest-commands = []")
    assert _json(run)["next"]["command"] == "definition-of-done run -- make check"
    _configure(team, "")
    (team.root / "pyproject.toml").write_text(
        f"{SAMPLE['pyproject.toml']}\n[tool.definition-of-done]\ncheck-commands = []\n"
        "test-commands = []\n"
    )
    out = run(SUITE, "next")[1]
    assert "task all (check-commands is []: the team names no command)" in out


def test_release_apart(team: Project, run: Run) -> None:
    team.lay({path: BEFORE.get(path) for path in SAMPLE})
    _configure(team, 'release = "separate"')
    team.git("commit", "-qm", "base")
    team.git("checkout", "-qb", "feature/vendor-credits")
    kept = ("pyproject.toml", "app/version.py", CHANGELOG)
    team.lay({path: text for path, text in SAMPLE.items() if path not in kept})
    team.lay({"mkdocs.yml": SAMPLE["mkdocs.yml"].replace(ENTRY, "")})
    assert _json(run)["next"]["step"] == "task all"
    for command in ("all", "test"):
        run(SUITE, "run", "--", "task", command)
    assert _json(run)["state"] == "nothing-open"


def test_version_without_its_page(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({CHANGELOG: None, "mkdocs.yml": SAMPLE["mkdocs.yml"].replace(ENTRY, "")})
    _configure(project, "check-commands = []\ntest-commands = []")
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == ("bump", f"edit {CHANGELOG}")


def _in_style(project: Project, changelog: Files, table: str) -> None:
    """A branch that brings the feature, on a main with another changelog."""
    nav = BEFORE["mkdocs.yml"]
    entry = "  - Changelog:\n      - 1.1.0: changelog/1.1.0.md\n"
    kept = ("pyproject.toml", "app/version.py", "mkdocs.yml")
    pages = [path for path in SAMPLE if path.startswith("docs/changelog/")]
    project.lay({path: BEFORE.get(path) for path in SAMPLE})
    project.lay({"mkdocs.yml": nav.replace(entry, ""), **changelog, **dict.fromkeys(pages)})
    _configure(project, table)
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature/vendor-credits")
    project.lay({path: SAMPLE[path] for path in SAMPLE if path not in (*kept, *pages)})
    new = SAMPLE["mkdocs.yml"].replace(ENTRY, "").replace(entry, "")
    project.lay({"mkdocs.yml": new})


KEPT = "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-04-10\n\n### Added\n\n- Vendors\n"
LINE = "\n### Added\n\n- [Vendor credits](docs/feature/2026-05-24-vendor-credits.md)\n"


@pytest.mark.parametrize(
    ("table", "changelog", "command", "entry"),
    [
        (
            "changelog = 'CHANGELOG.md'",
            {"CHANGELOG.md": KEPT},
            "edit CHANGELOG.md",
            {"CHANGELOG.md": KEPT.replace("Unreleased]\n", f"Unreleased]\n{LINE}")},
        ),
        (
            "changelog = 'changes'\nchangelog-style = 'fragments'\n[tool.towncrier]\n"
            "directory = 'changes'",
            {"changes/.gitignore": ""},
            "edit changes/NAME.md",
            {"changes/7.feature.md": "Credits of vendors.\n"},
        ),
    ],
)
def test_changelog_of_another_style(
    table: str, changelog: Files, command: str, entry: Files, team: Project, run: Run
) -> None:
    _in_style(team, changelog, table)
    for words in ("all", "test"):
        run(SUITE, "run", "--", "task", words)
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == ("bump", command)
    team.lay(entry)
    # No version is bumped, and the tree is another one.
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == (
        "task all again",
        "definition-of-done run -- task all",
    )
    assert found["reason"] == "changed since task all ended with exit code 0"
    run(SUITE, "run", "--", "task", "all")
    document = _json(run)
    assert document["state"] == "nothing-open"
    # An entry in one file is proof; what fragments make is not seen.
    assert ("changelog" in document["done"]) is ("CHANGELOG.md" in entry)


def test_without_a_part(team: Project, run: Run) -> None:
    team.lay({path: BEFORE.get(path) for path in SAMPLE})
    _configure(team, "without = ['graphql', 'rbac', 'tasks', 'frontend']")
    team.git("commit", "-qm", "base")
    team.git("checkout", "-qb", "feature/vendor-credits")
    team.lay({PAGE: PLAN, MIGRATION: SAMPLE[MIGRATION]})
    found = _json(run)["next"]
    model = "app/graphql/vendor_credits/models/vendor_credit.py"
    assert (found["step"], found["command"]) == ("chain", f"edit {model}")
    assert found["help"] == "write it, or take it off the page"


@pytest.mark.parametrize(
    ("section", "planned", "path"),
    [
        (
            "GraphQL surface",
            "- Query: `vendorCreditCount`",
            "app/graphql/vendor_credits/queries.py",
        ),
        (
            "RBAC",
            "- `Path.CREDIT_LIMITS` and `Resource.CREDIT_LIMITS`, in the menu under Accounting\n"
            "- Backfill: `scripts/backfill_new_path_permissions.py`",
            "app/graphql/rbac/models/models.py",
        ),
    ],
)
def test_a_planned_name_comes_into_a_file_that_is_there(
    section: str, planned: str, path: str, team: Project, run: Run
) -> None:
    page = "docs/feature/2026-06-02-credit-count.md"
    text = str(plan(f"## {section}\n\nNone", f"## {section}\n\n{planned}", page)[page])
    for old, new in (
        ("# Credit limit", "# Credit count"),
        ("Date: 2026-06-01", "Date: 2026-06-02"),
        ("- `add_credit_limit` adds the column `credit_limit` to `vendor_credits`.", "None"),
        ("models/vendor_credit.py", "queries.py"),
    ):
        text = text.replace(old, new)
    team.git("checkout", "-qb", "feature/credit-count")
    team.lay({page: text})
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == ("chain", f"edit {path}")


def test_a_plan_that_main_has_is_begun(team: Project, run: Run) -> None:
    start = {**{path: BEFORE.get(path) for path in SAMPLE}, PAGE: PLAN}
    team.lay(start)
    team.git("commit", "-qm", "plan")
    team.git("checkout", "-qb", "feature/vendor-credits")
    found = _json(run)["next"]
    assert (found["step"], found["path"]) == ("migration", PAGE)
    assert found["reason"] == f"the branch changes nothing yet of what {PAGE} plans"
    assert found["command"] == 'definition-of-done new migration "vendor credits"'
    planned = PLAN.partition("## Data model changes")[0] + "## Data model changes\n\nNone\n"
    team.lay({PAGE: planned})
    team.git("commit", "-qm", "other plan")
    team.git("branch", "-f", "main")
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == ("chain", "edit app/graphql")
    # What was built before is no plan.
    team.lay(SAMPLE)
    team.git("commit", "-qm", "built")
    team.git("branch", "-f", "main")
    assert _json(run)["next"]["step"] == "plan"


def test_a_plan_that_lists_only_what_stands(team: Project, run: Run) -> None:
    page, path = "docs/feature/2026-07-01-late-fees.md", "app/graphql/vendors/inputs.py"
    reason = f"What's being implemented names {path}, and the branch changes no file that is listed"
    unproven = f"Deltas enumerated: not provable here: the branch changes no file that {page} lists"
    change = {path: SAMPLE[path].replace("title: str", "title: str | None")}
    text = SAMPLE[PAGE].partition("## What shipped")[0]
    text = text.replace("Vendor credits", "Late fees").replace("2026-05-24", "2026-07-01")
    for name in ("Data model changes", "GraphQL surface", "RBAC", "Background tasks / cron"):
        head, _, rest = text.partition(f"## {name}\n\n")
        text = f"{head}## {name}\n\nNone\n\n## {rest.partition('## ')[2]}"
    head = text.partition("## What's being implemented\n\n")[0]
    text = f"{head}## What's being implemented\n\n- [inputs](../../{path})\n"
    nav = SAMPLE["mkdocs.yml"].replace(
        "      - Credit limit",
        f"      - Late fees: {page.removeprefix('docs/')}\n      - Credit limit",
    )
    team.git("checkout", "-qb", "feature/late-fees")
    team.lay({page: text, "mkdocs.yml": nav})
    found = _json(run)["next"]
    assert (found["step"], found["command"], found["reason"]) == (
        "chain",
        f"edit {path}",
        f"{reason} there",
    )
    assert f"- [ ] {unproven}" in run(SUITE, "status", "--short")[1]
    # A page that says what shipped may be written later than its code, but proves nothing.
    shipped = f"\n## What shipped\n\n- [inputs](../../{path})\n\n## Future additions\n\nNone\n"
    team.lay({page: text + shipped})
    assert _json(run)["next"]["step"] == "task all"
    assert f"- [ ] {unproven}" in run(SUITE, "status", "--short")[1]
    team.lay({page: text, **change})
    assert _json(run)["next"]["step"] == "exports"
    assert "- [x] Deltas enumerated\n" in run(SUITE, "status", "--short")[1]


def test_a_model_before_its_migration(team: Project, run: Run) -> None:
    team.lay({path: BEFORE.get(path) for path in SAMPLE})
    team.git("commit", "-qm", "before")
    team.git("checkout", "-qb", "feature/vendor-credits")
    team.lay({PAGE: PLAN})
    team.git("commit", "-qm", "plan")
    model = "app/graphql/vendor_credits/models/vendor_credit.py"
    # The page tells the name of the migration.
    team.lay({model: SAMPLE[model]})
    assert _json(run)["next"]["command"] == 'definition-of-done new migration "add vendor credits"'
    # One that is begun is gone on with.
    nothing = "    pass\n\n\ndef downgrade() -> None:\n    pass\n"
    team.lay({MIGRATION: SAMPLE[MIGRATION].partition("    op.create")[0] + nothing})
    assert _json(run)["next"]["command"] == f"edit {MIGRATION}"


def test_plan_of_main_is_looked_at_where_the_branch_builds_it(team: Project, run: Run) -> None:
    team.lay({**{path: BEFORE.get(path) for path in SAMPLE}, PAGE: PLAN})
    team.git("commit", "-qm", "plan")
    team.git("checkout", "-qb", "feature/vendor-credits")
    # A word on the page of another feature asks for nothing of its plan.
    team.lay({PAGE: PLAN.replace("nobody else sees", "nobody else can see")})
    assert _json(run)["next"]["step"] == "task all"
    model = "app/graphql/vendor_credits/models/vendor_credit.py"
    team.lay({model: SAMPLE[model]})
    assert _json(run)["next"]["step"] == "migration"


def test_shallow_clone(
    team: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team.git("commit", "-qm", "more", "--allow-empty")
    clone = tmp_path_factory.mktemp("clone")
    uri = team.root.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth=1", uri, str(clone)], check=True)
    subprocess.run(["git", "switch", "-qc", "only"], cwd=clone, check=True)
    for ref in ("refs/heads/main", "refs/remotes/origin/main", "refs/remotes/origin/HEAD"):
        subprocess.run(["git", "update-ref", "-d", ref], cwd=clone, check=True)
    monkeypatch.chdir(clone)
    document = _json(run)
    assert (document["base"], document["next"]["step"]) == (None, "task all")
    for command in ("all", "test"):
        run(SUITE, "run", "--", "task", command)
    code, out, _ = run(SUITE, "next")
    assert (code, out.endswith(f" ({NO_BASE})\n")) == (0, True)
    assert out.startswith("nothing is open: proven are exports, task all and task test; passed")


def test_projects_of_a_work_tree(project: Project, run: Run) -> None:
    table = f"{BEFORE['pyproject.toml']}\n[tool.definition-of-done]\n"
    for folder in ("services/api", "services/web"):
        project.lay({f"{folder}/{path}": text for path, text in BEFORE.items()})
        project.lay({f"{folder}/pyproject.toml": table})
    project.git("commit", "-qm", "base")
    assert run(SUITE, "next") == (0, BEGIN, "")
    project.git("checkout", "-qb", "feature/vendor-credits")
    command = 'cd services/api && definition-of-done new plan "Vendor credits"'
    assert _json(run)["next"]["command"] == command
    project.lay({f"services/web/{PAGE}": PLAN})
    found = _json(run)["next"]
    assert (found["step"], found["project"]) == ("migration", "services/web")
    assert found["path"] == found["finding"]["path"] == f"services/web/{PAGE}"
    assert found["command"] == (
        'cd services/web && definition-of-done new migration "add vendor credits"'
    )
    assert run(SUITE, "next")[1].count("\n") <= 15
    _validated("status", run(SUITE, "status", "--format", "json")[1])


def test_documents_of_status(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({MIGRATION: SAMPLE[MIGRATION].replace(' = "add_vendors"', ' = "add_vendor"')})
    document = _validated("status", run(SUITE, "status", "--format", "json")[1])
    assert document["version"] == 1


def test_code_before_the_plan(team: Project, run: Run) -> None:
    team.lay({path: BEFORE.get(path) for path in SAMPLE})
    team.git("commit", "-qm", "base")
    base = team.git("rev-parse", "HEAD").strip()
    team.git("checkout", "-qb", "feature/vendor-credits")
    for path in (MIGRATION, PAGE):
        team.lay({path: SAMPLE[path]})
        team.git("commit", "-qm", "one after the other")
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == ("plan", f"git rebase --interactive {base}")
    assert found["reason"].startswith("revision 'add_vendor_credits' was committed before ")


def test_round_trip_that_failed(project: Project, run: Run) -> None:
    start_branch(project)
    session = open_project(str(project.root))
    keep_roundtrip(session, ["add_vendor_credits"], tree_of(session.root), code=1)
    found = _json(run)["next"]
    assert (found["step"], found["command"]) == ("migration", "alembic-roundtrip")
    assert found["reason"] == "alembic-roundtrip found something on this very tree"


def test_a_warning_opens_nothing(project: Project, run: Run) -> None:
    start_branch(project)
    text = SAMPLE[MIGRATION].replace("Open credit in cents", "Credit")
    project.lay({MIGRATION: text})
    assert _json(run)["next"]["step"] == "migration"
    _configure(project, f"severity = {{ {COMMENT} = 'warning' }}")
    document = _json(run)
    assert document["next"]["step"] == "task all"
    reason = f"there are warnings of {COMMENT}"
    assert {"step": "migration", "reason": reason} in document["passed_over"]


@pytest.mark.parametrize(
    ("files", "step", "command"),
    [
        ({"docs/feature/2026-04-10-vendors.md": None}, "plan", "git checkout {base} -- {path}"),
        ({"docs/feature/refunds.md": SAMPLE[PAGE]}, "plan", "git mv {path} NAME"),
    ],
)
def test_pages_that_are_no_plan(
    files: Files, step: str, command: str, project: Project, run: Run
) -> None:
    start_branch(project)
    project.lay(files)
    base = project.git("rev-parse", "main").strip()
    found = _json(run)["next"]
    [path] = files
    assert (found["step"], found["command"]) == (step, command.format(base=base, path=path))
