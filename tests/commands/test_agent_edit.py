"""`agent before-edit`: what it refuses, word for word, and all that it lets through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.agents import Given, Host, before, edit, write
from tests.repository import Files, Project
from tests.sample import SAMPLE

MIGRATION = "alembic/versions/20260601_add_refunds.py"
ADDS = SAMPLE["alembic/versions/20260524_add_vendor_credits.py"].replace(
    "vendor_credits", "refunds"
)
PAGE = "docs/feature/2026-06-01-refunds.md"
MODEL = "app/graphql/vendors/models/vendor.py"
SERVICE = "app/graphql/vendors/services/vendor_service.py"
OLD = "class Vendor(Base):"
TABLE = f"""class Refund(Base):
    __tablename__ = "refunds"

    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")


{OLD}"""
PLAN = "# Refunds\n\nDate: 2026-06-01\n\n## Data model changes\n\n- `refunds`, by `add_refunds`\n"
ASKED = f"{PLAN}\n## Open questions\n\n- Who may refund?\n"
NEXT = "what comes first: definition-of-done next\n"
PLANLESS = (
    "{path} is not to be edited yet:\n{path}:{line}:{column}: plan-before-code: the branch"
    " adds {kind}, and no feature page plans it\n"
    '    help: write the plan first: definition-of-done new plan "the feature"\n' + NEXT
)
UNANSWERED = (
    f"{{path}} is not to be edited yet:\n{PAGE}:11:1: open-questions-answered: question"
    " 'Who may refund?' is open, and the branch changes {path}\n"
    "    help: write Answer: below it, tick it or strike it out; until then change documents only\n"
    + NEXT
)


def revision(project: Project) -> Given:
    return write(project, MIGRATION, ADDS)


def table(project: Project) -> Given:
    return edit(project, MODEL, OLD, TABLE)


def fix(project: Project) -> Given:
    return edit(project, SERVICE, "row.title = title", "row.title = title.strip()")


def test_a_migration_without_a_plan(sample: Project, host: Host) -> None:
    refused = PLANLESS.format(path=MIGRATION, line=13, column=17, kind="revision 'add_refunds'")
    assert host("before-edit", revision(sample)) == (2, "", refused)
    assert not (sample.root / MIGRATION).exists()
    assert sample.git("status", "--short") == ""


@pytest.mark.parametrize("tool", ["Edit", "MultiEdit"])
def test_a_table_without_a_plan(tool: str, sample: Project, host: Host) -> None:
    event = table(sample)
    if tool == "MultiEdit":
        pairs = [("Surrogate key", "Key"), (OLD, TABLE)]
        edits = [{"old_string": old, "new_string": new} for old, new in pairs]
        given = {"file_path": event["tool_input"]["file_path"], "edits": edits}
        event = before(sample, tool, given)
    refused = PLANLESS.format(path=MODEL, line=8, column=1, kind="table 'refunds'")
    assert host("before-edit", event) == (2, "", refused)
    assert (sample.root / MODEL).read_text() == SAMPLE[MODEL]


@pytest.mark.parametrize("is_added", [False, True])
def test_a_plan_counts_where_it_stands(is_added: bool, sample: Project, host: Host) -> None:
    sample.lay({PAGE: PLAN}, add=is_added)
    for event in (revision(sample), table(sample)):
        assert host("before-edit", event) == (0, "", "")
    sample.git("add", PAGE)
    sample.git("commit", "-qm", "plan")
    assert host("before-edit", revision(sample)) == (0, "", "")
    # It is the page in the work tree that counts.
    (sample.root / PAGE).unlink()
    assert host("before-edit", revision(sample))[0] == 2


@pytest.mark.parametrize("is_added", [False, True])
def test_code_waits_for_answers(is_added: bool, sample: Project, host: Host) -> None:
    sample.lay({PAGE: ASKED}, add=is_added)
    for event, path in ((revision(sample), MIGRATION), (fix(sample), SERVICE)):
        assert host("before-edit", event) == (2, "", UNANSWERED.format(path=path))
    notebook = before(sample, "NotebookEdit", {"notebook_path": "app/a.ipynb", "new_source": "1"})
    assert host("before-edit", notebook) == (2, "", UNANSWERED.format(path="app/a.ipynb"))
    # The answer is an edit, too.
    assert host("before-edit", edit(sample, PAGE, "refund?", "refund? Accounting."))[0] == 0
    sample.lay({PAGE: ASKED.replace("refund?", "refund? Accounting.")}, add=False)
    assert host("before-edit", revision(sample)) == (0, "", "")


def test_other_files_of_the_branch_do_not_count(sample: Project, host: Host) -> None:
    sample.lay({MIGRATION: ADDS, "app/broken.py": "def ("})
    (sample.root / "scripts/bump_version.py").unlink()
    assert host("before-edit", fix(sample)) == (0, "", "")
    assert host("before-edit", table(sample))[0] == 2


LET_THROUGH: dict[str, Callable[[Project], Given]] = {
    "a bug fix": lambda project: fix(project),
    "a fix of all": lambda project: edit(project, SERVICE, "row", "vendor", replace_all=True),
    "a page": lambda project: write(project, PAGE, ASKED),
    "a document": lambda project: write(project, "docs/a.md", "a"),
    "a new test": lambda project: write(project, "tests/test_a.py", "def test_a() -> None: ...\n"),
    "broken code": lambda project: edit(project, MODEL, OLD, "class ("),
    "no match": lambda project: edit(project, MODEL, "class Gone", TABLE),
    "nothing to replace": lambda project: edit(project, MODEL, "", TABLE),
    "a file that is gone": lambda project: edit(project, "app/gone.py", "a", TABLE),
    "a folder": lambda project: edit(project, "app", "a", TABLE),
    "another tool": lambda project: before(project, "Bash", {"command": "rm -rf app"}),
    "a file that is read": lambda project: before(project, "Read", {"file_path": MIGRATION}),
    "a list": lambda project: before(project, "Edit", {"file_path": MODEL, "edits": "all"}),
    "no replacement": lambda project: before(project, "Edit", {"file_path": MODEL, "edits": [1]}),
    "a number": lambda project: before(project, "Write", {"file_path": 1, "content": ADDS}),
    "another folder": lambda project: before(
        project, "Write", {"file_path": str(project.root.parent / "a.py"), "content": TABLE}
    ),
    "no name": lambda project: before(project, "Write", {"file_path": "a\0.py", "content": ""}),
    "no text": lambda project: before(
        project, "Write", {"file_path": "\ud800.py", "content": "\ud800"}
    ),
    "git's own": lambda project: write(project, ".git/a.py", TABLE),
    "ignored": lambda project: write(project, "scratch/add_refunds.py", TABLE),
    "no input": lambda _: {"hook_event_name": "PreToolUse"},
}


def test_let_through(sample: Project, host: Host) -> None:
    sample.lay({".gitignore": "/scratch/\n"})
    for name, made in LET_THROUGH.items():
        code, out, _ = host("before-edit", made(sample))
        assert (code, out) == (0, ""), name


def test_what_is_no_event_is_let_through(sample: Project, host: Host) -> None:
    for told in (b"", b"{", b"[1]", b'"a"', b"\xff", b"[" * 9999):
        for event in ("before-edit", "stop"):
            code, out, err = host(event, told)
            assert (code, out) == (0, ""), told
            assert err.count("\n") <= 1, told


TABLE_OF_KEYS = {
    'ignore = ["plan-before-code"]': 0,
    'ignore = ["plans"]': 0,
    'severity = {plan-before-code = "warning"}': 0,
    'features = ""': 0,
    "exclude = ['alembic']": 0,
    "per-file-ignores = {'alembic/**' = ['plan-before-code']}": 0,
    'features = "nowhere"': 0,
    "unknown = 1": 0,
    'select = ["plan-before-code"]': 2,
    'select = ["version-sync"]': 0,
}


def test_the_configuration_counts(sample: Project, host: Host) -> None:
    pyproject = SAMPLE["pyproject.toml"]
    for key, code in TABLE_OF_KEYS.items():
        sample.lay({"pyproject.toml": f"{pyproject}\n[tool.definition-of-done]\n{key}\n"})
        assert host("before-edit", revision(sample))[0] == code, key


def test_the_place_of_a_page_is_configured(project: Project, host: Host) -> None:
    table = "[tool.definition-of-done]\nfeatures = 'plans'\nversions = ['db']\n"
    files: Files = {"pyproject.toml": table, "plans/index.md": "# Plans\n", "db/a.py": ""}
    project.lay(files)
    event = write(project, "db/20260601_add_refunds.py", ADDS)
    assert host("before-edit", event)[0] == 2
    project.git("commit", "-qm", "start")
    assert host("before-edit", event)[0] == 2
    project.lay({"plans/2026-06-01-refunds.md": PLAN}, add=False)
    assert host("before-edit", event) == (0, "", "")


def test_each_project_has_its_own_plans(project: Project, host: Host) -> None:
    inner = {f"services/api/{path}": text for path, text in SAMPLE.items()}
    project.lay({**inner, "services/api/definition-of-done.toml": "select = ['plans']\n"})
    project.git("commit", "-qm", "start")
    event = write(project, f"services/api/{MIGRATION}", ADDS)
    refused = PLANLESS.format(path=MIGRATION, line=13, column=17, kind="revision 'add_refunds'")
    assert host("before-edit", event) == (2, "", refused)
    project.lay({f"services/api/{PAGE}": PLAN}, add=False)
    assert host("before-edit", event) == (0, "", "")


def test_without_git_everything_is_let_through(tmp_path: Path, host: Host) -> None:
    given = {"file_path": str(tmp_path / MIGRATION), "content": ADDS}
    event = {"cwd": str(tmp_path), "tool_name": "Write", "tool_input": given}
    assert host("before-edit", event) == (0, "", "")


def test_a_merge_is_let_through(sample: Project, host: Host) -> None:
    sample.lay({"app/a.py": "A = 1\n"})
    sample.git("commit", "-qm", "ours")
    sample.git("checkout", "-q", "main")
    sample.lay({"app/b.py": "B = 1\n"})
    sample.git("commit", "-qm", "theirs")
    sample.git("merge", "-q", "--no-commit", "--no-ff", "feature")
    assert host("before-edit", revision(sample)) == (0, "", "")


def test_a_file_may_have_any_newlines(sample: Project, host: Host) -> None:
    (sample.root / MODEL).write_bytes(SAMPLE[MODEL].replace("\n", "\r\n").encode())
    event = edit(sample, MODEL, f"\n\n{OLD}", f"\n\n{TABLE}")
    assert host("before-edit", event)[0] == 2
