"""`definition-of-done status`: what it prints for a branch, and what it makes of the rules."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.branch import CHANGELOG, MIGRATION, PAGE, start_branch
from tests.repository import Project, Run
from tests.sample import SAMPLE, configure, start_main

from definition_of_done.engine.registry import all_rules
from definition_of_done.project.gates.checklist import BOXES
from definition_of_done.project.receipts import keep_roundtrip, tree_of
from definition_of_done.project.settings import open_project
from definition_of_done.readers.markdown import read_page

SUITE = "definition-of-done"
NO_BASE = "no base; fetch the main branch, or name it with --base"
TITLES = [
    "Plan before code",
    "Deltas enumerated",
    "Migration with both directions and the right parent",
    "RBAC members and backfill",
    "Full chain",
    "`task all` green",
    "`task test` green",
    "Page final with Future additions",
    "Page in the nav, strict build clean",
    "Version bumped with its changelog stub",
    "Changelog filled in",
    "`task all` again",
]
CHAIN = """\
- [x] Full chain
  - wired through every layer: `vendor_credits`
  - by resource-full-chain and schema-mounted
"""
RUN = "not provable here: only a run shows it; run `definition-of-done run --"
TASKS = f"""\
- [ ] `task all` green
  - {RUN} task all`
- [ ] `task test` green
  - {RUN} task test`
"""
AGAIN = f"""\
- [ ] `task all` again
  - {RUN} task all`
"""
REVISION = """\
- [x] Migration with both directions and the right parent
  - adds the revision: `add_vendor_credits on top of add_vendors`
  - by alembic-single-head, downgrade-mirrors-upgrade, downgrade-not-pass and model-needs-migration
"""
CLEAN = f"""\
- [x] Plan before code
  - adds the feature page: `{PAGE}`
  - by feature-plan-shape and plan-before-code
- [x] Deltas enumerated
  - listed on: `{PAGE}`
  - by deltas-enumerated
{REVISION}- [x] RBAC members and backfill
  - adds the members: `VENDOR_CREDITS`
  - a script handles each: `scripts/backfill_new_path_permissions.py`
  - by rbac-backfill-present and rbac-enums-in-sync
{CHAIN}{TASKS}- [x] Page final with Future additions
  - the changelog links to: `{PAGE}`
  - by feature-page-final
- [x] Page in the nav, strict build clean
  - in the nav: `{PAGE}`
  - the links between the pages resolve
  - by docs-links-resolve and mkdocs-nav-entry
- [x] Version bumped with its changelog stub
  - the version is: `1.2.0`
  - adds the changelog page: `{CHANGELOG}`
  - by version-sync
- [x] Changelog filled in
  - every section is filled in: `{CHANGELOG}`
  - by changelog-shape
{AGAIN}"""
BAD = SAMPLE[MIGRATION].replace(' = "add_vendors"', ' = "add_vendor"')


def _boxes(run: Run, *argv: str) -> dict[str, dict[str, Any]]:
    boxes = json.loads(run(SUITE, "status", "--format", "json", *argv)[1])["boxes"]
    return {box["box"]: box for box in boxes}


def test_boxes_are_those_of_the_contract() -> None:
    assert [box.title for box in BOXES] == TITLES


def test_every_rule_stands_under_a_box() -> None:
    names = {box.name for box in BOXES}
    assert {rule.id for rule in all_rules() if not rule.is_beyond and rule.box not in names} == {
        "pr-checklist"
    }


def test_clean_branch(project: Project, run: Run) -> None:
    start_branch(project)
    assert run(SUITE, "status") == (0, CLEAN, "")
    assert run(SUITE, "status", "--base", "main", "--require-base") == (0, CLEAN, "")


def test_branch_is_judged_whole_while_a_commit_is_made(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({"tests/x.py": "x = 1\n"})
    assert run(SUITE, "status") == (0, CLEAN, "")


def test_what_is_staged_on_main_is_the_branch(project: Project, run: Run) -> None:
    start_branch(project)
    project.git("checkout", "-q", "main")
    project.lay(SAMPLE)
    assert run(SUITE, "status") == (0, CLEAN, "")


def test_json(project: Project, run: Run) -> None:
    start_branch(project)
    code, out, err = run(SUITE, "status", "--base", "main", "--format", "json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert list(document) == ["version", "base", "boxes"]
    assert document["base"] == project.git("rev-parse", "main").strip()
    assert [box["box"] for box in document["boxes"]] == TITLES
    migrations = [rule.id for rule in all_rules() if rule.box == "migration"]
    assert document["boxes"][2] == {
        "box": "Migration with both directions and the right parent",
        "is_off": False,
        "state": "done",
        "evidence": ["adds the revision: add_vendor_credits on top of add_vendors"],
        # All that were evaluated, of which the text names those that prove the box.
        "by": [id for id in migrations if id != "alembic-roundtrip"],
        "findings": [],
        "warnings": [],
        "facts": [],
        "notes": [],
        "reason": "",
        "command": "alembic upgrade head && alembic downgrade -1",
    }
    assert document["boxes"][5] == {
        "box": "`task all` green",
        "is_off": False,
        "state": "unproven",
        "evidence": [],
        "by": [],
        "findings": [],
        "warnings": [],
        "facts": [],
        "notes": [],
        "reason": "only a run shows it",
        "command": "definition-of-done run -- task all",
    }


def test_bad_migration(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({MIGRATION: BAD})
    opened = f"""\
- [ ] Migration with both directions and the right parent
  - `{MIGRATION}:4: alembic-header-sync: Revises says 'add_vendors', down_revision is 'add_vendor'`
  - `{MIGRATION}:14: alembic-single-head: 'add_vendor' is no revision of this project`
"""
    assert run(SUITE, "status") == (1, CLEAN.replace(REVISION, opened), "")
    box = _boxes(run)["Migration with both directions and the right parent"]
    assert (box["state"], box["evidence"], box["reason"]) == ("open", [], "")
    checked = json.loads(run(SUITE, "check", "--base", "main", "--format", "json")[1])
    told = [{**finding, "edits": None} for finding in checked["findings"]]
    assert [{**finding, "edits": None} for finding in box["findings"]] == told


def test_without_a_base(project: Project, run: Run) -> None:
    start_main(project)
    project.git("branch", "-qm", "only")
    commands = {
        **{"base": "main", "check-commands": "task all", "test-commands": "task test"},
        **{"pages": "docs/feature", "changelog": "docs/changelog"},
    }
    lines = "".join(
        f"- [ ] {box.title}\n  - not provable here: {NO_BASE};"
        f" run `{box.command.format_map(commands)}`\n"
        for box in BOXES
        if box.title != "Full chain"
    )
    for title in ("`task all` green", "`task test` green"):
        lines = lines.replace(
            f"- [ ] {title}\n  - not provable here: {NO_BASE}",
            f"- [ ] {title}\n  - not provable here: only a run shows it",
        )
    code, out, err = run(SUITE, "status")
    chain = out.partition("- [ ] Full chain\n")[2].partition("- [ ]")[0]
    assert (code, out.replace(f"- [ ] Full chain\n{chain}", ""), err) == (0, lines, "")
    assert json.loads(run(SUITE, "status", "--format", "json")[1])["base"] is None
    project.lay({MIGRATION: BAD})
    project.git("commit", "-qm", "bad")
    assert run(SUITE, "status")[0] == 1


def test_main_itself_is_an_empty_branch(project: Project, run: Run) -> None:
    start_main(project)
    code, out, err = run(SUITE, "status", "--require-base")
    assert (code, err) == (0, "")
    assert out == run(SUITE, "status", "--base", "main")[1]
    assert "- [x] Plan before code\n  - the branch adds no migration, resource or table\n" in out


def test_nothing_is_committed(project: Project, run: Run) -> None:
    project.lay(SAMPLE)
    code, out, err = run(SUITE, "status")
    owed = run(SUITE, "check")[1].splitlines(keepends=True)[-1]
    assert (code, out.count("- [x]"), err) == (1, 0, owed)
    assert owed == "2 things are due before the push: definition-of-done status\n"


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (
            ["--base", "nowhere"],
            "--base names no commit: 'nowhere'; fetch it, or name another",
        ),
        (
            ["--require-base"],
            "no base: fetch the main branch (a shallow clone has none), or name it with --base",
        ),
    ],
)
def test_usage_error(argv: list[str], error: str, project: Project, run: Run) -> None:
    start_main(project)
    project.git("branch", "-qm", "only")
    assert run(SUITE, "status", *argv) == (2, "", f"{SUITE}: error: {error}\n")


@pytest.mark.parametrize(
    ("table", "title", "reason"),
    [
        ('features = ""', TITLES[0], 'features is "": the team keeps no feature pages'),
        ('features = ""', TITLES[1], 'features is "": the team keeps no feature pages'),
        ('features = ""', TITLES[7], 'features is "": the team keeps no feature pages'),
        (
            'rbac-models = ""',
            TITLES[3],
            'rbac-models is "": the team keeps no enums Path and Resource',
        ),
        (
            "backfill-scripts = []",
            TITLES[3],
            "backfill-scripts is []: the team keeps no backfill scripts",
        ),
        ('mkdocs = ""', TITLES[8], 'mkdocs is "": the team keeps no site'),
        ('changelog = ""', TITLES[10], 'changelog is "": the team keeps no changelog'),
        (
            'ignore = ["downgrade-not-pass", "semver-level"]',
            TITLES[2],
            "select or ignore leaves out downgrade-not-pass",
        ),
        (
            'select = ["version-sync"]',
            TITLES[8],
            "select or ignore leaves out docs-links-resolve and mkdocs-nav-entry",
        ),
    ],
)
def test_not_provable(table: str, title: str, reason: str, project: Project, run: Run) -> None:
    start_branch(project)
    configure(project, table)
    box = _boxes(run)[title]
    assert (box["state"], box["reason"], box["findings"]) == ("unproven", reason, [])


def test_settings_leave_the_other_boxes_alone(project: Project, run: Run) -> None:
    start_branch(project)
    configure(project, 'changelog = ""\nignore = ["semver-level"]')
    box = _boxes(run)["Version bumped with its changelog stub"]
    assert (box["state"], box["evidence"]) == ("done", ["the version is: 1.2.0"])


def _change(project: Project, files: dict[str, str]) -> None:
    start_main(project)
    project.git("checkout", "-qb", "feature")
    project.lay(files)


def test_documentation_alone(project: Project, run: Run) -> None:
    _change(project, {"docs/index.md": "# Sample\n"})
    states = {title: (box["state"], box["evidence"] or box["reason"]) for title, box in
              _boxes(run).items()}  # fmt: skip
    aside = "the branch changes no code, tests and migrations aside"
    assert states[TITLES[0]] == ("done", ["the branch adds no migration, resource or table"])
    assert states[TITLES[1]] == ("done", [aside])
    assert states[TITLES[2]] == ("done", ["the branch adds no migration"])
    assert states[TITLES[3]] == ("done", ["the branch adds no member to Path and Resource"])
    assert states[TITLES[7]] == ("done", [aside])
    assert states[TITLES[8]] == ("done", ["the links between the pages resolve"])
    missing = "the branch adds no changelog page for a new version; it is 1.2.0"
    assert states[TITLES[9]] == ("unproven", missing)
    assert states[TITLES[10]] == (
        "unproven",
        "the branch does not change the newest changelog page",
    )


def test_code_without_a_page(project: Project, run: Run) -> None:
    _change(project, {"app/clock.py": "NOON = 12\n"})
    boxes = _boxes(run)
    for title in (TITLES[1], TITLES[7]):
        assert boxes[title]["reason"] == "the branch changes code, and no feature page"
    assert boxes[TITLES[8]]["evidence"] == ["the branch changes no page of the site"]
    assert boxes[TITLES[4]]["evidence"] == ["the branch changes no resource"]


def test_page_that_has_not_shipped(project: Project, run: Run) -> None:
    page = "docs/feature/2026-06-01-credit-limit.md"
    text = SAMPLE[page]
    _change(project, {page: text.replace("\n\n## ", "\n\nMore.\n\n## ", 1)})
    boxes = _boxes(run)
    assert boxes[TITLES[0]]["evidence"] == [f"changes the feature page: {page}"]
    assert boxes[TITLES[7]]["reason"] == f"no changelog page links to {page}"


def test_members(project: Project, run: Run) -> None:
    path = "app/graphql/rbac/models/models.py"
    text = SAMPLE[path].replace('    VENDOR_CREDITS = "vendor-credits"\n', "")
    start_branch(project, {path: text})
    assert _boxes(run)["RBAC members and backfill"]["evidence"] == [
        "adds the members: VENDOR_CREDITS",
        "a script handles each: scripts/backfill_new_path_permissions.py",
    ]


def test_proof_that_is_not_evaluated(project: Project, run: Run) -> None:
    path = "app/graphql/rbac/models/models.py"
    _change(project, {path: SAMPLE[path].partition("\n\n\nclass Resource")[0] + "\n"})
    box = _boxes(run)["RBAC members and backfill"]
    reason = f"rbac-enums-in-sync: {path} defines no enum Resource"
    assert (box["state"], box["reason"], box["evidence"]) == ("unproven", reason, [])


def test_unreadable_file(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({MIGRATION: "def upgrade(:\n"})
    code, out, err = run(SUITE, "status")
    assert (code, err) == (1, "2 things are due before the push: definition-of-done status\n")
    assert f"- [ ] {TITLES[2]}\n  - `{MIGRATION}:1: unreadable: not Python: " in out
    assert f"- [x] {TITLES[8]}\n" in out


def test_suppressions(project: Project, run: Run) -> None:
    start_branch(project)
    silent = "x = 1  # noqa  # dod: ignore[suppressions-need-codes] generated\n"
    project.lay({"tests/x.py": silent})
    assert run(SUITE, "status") == (0, CLEAN, "")
    project.lay({"tests/x.py": silent.replace("# noqa  ", "")})
    message = "tests/x.py:1: suppression: dod: ignore[suppressions-need-codes] silences nothing"
    for title in (TITLES[5], TITLES[11]):
        assert _boxes(run)[title]["state"] == "open"
        assert f"- [ ] {title}\n  - `{message}`\n" in run(SUITE, "status")[1]


def test_rule_that_is_not_evaluated(project: Project, run: Run) -> None:
    start_branch(project)
    version = CHANGELOG.replace("1.2.0", "1.2.0-rc.1")
    project.lay({version: SAMPLE[CHANGELOG].replace("1.2.0", "1.2.0-rc.1")})
    project.lay({"mkdocs.yml": SAMPLE["mkdocs.yml"] + f"      - rc: {version[5:]}\n"})
    reason = "what changed since 1.1.0, as 1.2.0 follows a pre-release"
    box = _boxes(run)["Version bumped with its changelog stub"]
    assert box["notes"] == [f"semver-level: not evaluated: {reason}"]
    assert f"  - semver-level not evaluated: {reason}\n" in run(SUITE, "status")[1]


def test_short_form(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({MIGRATION: BAD})
    tasks = "not provable here: only a run shows it"
    lines = {title: f"- [x] {title}" for title in TITLES}
    lines[TITLES[2]] = (
        f"- [ ] {TITLES[2]}: `{MIGRATION}:4: alembic-header-sync: Revises says 'add_vendors',"
        " down_revision is 'add_vendor'`, and 1 more"
    )
    for title in (TITLES[5], TITLES[6], TITLES[11]):
        lines[title] = f"- [ ] {title}: {tasks}"
    assert run(SUITE, "status", "--short") == (1, "\n".join([*lines.values(), ""]), "")
    error = "--short is a form of the text, and --format json has its own: give one"
    both = run(SUITE, "status", "--short", "--format", "json")
    assert both == (2, "", f"{SUITE}: error: {error}\n")


def test_what_git_does_not_track_is_named(project: Project, run: Run) -> None:
    start_branch(project)
    page = "docs/feature/2026-06-02-refunds.md"
    project.lay({page: "", "notes.txt": ""}, add=False)
    said = f"1 untracked file is not judged, git add first: {page}\n"
    assert run(SUITE, "status")[2] == said
    code, out, err = run(SUITE, "status", "--format", "json")
    assert (code, json.loads(out)["base"] is not None, err) == (0, True, said)


def test_edits_that_are_not_staged_are_named(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({"app/version.py": '__version__ = "9.0.0"\n'}, add=False)
    code, _, err = run(SUITE, "status")
    said = "1 file is judged with edits that are not staged, git add first: app/version.py\n"
    assert (code, err.endswith(f"\n{said}")) == (1, True), err
    project.git("add", ".")
    assert said not in run(SUITE, "status")[2]


def test_long_list_is_cut(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({"app/x.py": "x = 1  # noqa\n" * 23})
    out = run(SUITE, "status")[1]
    assert out.count("`app/x.py:20: ") == 2
    assert out.count("  - and 3 more findings\n") == 2
    assert "app/x.py:21:" not in out
    assert len(_boxes(run)["`task all` green"]["findings"]) == 23
    project.lay({"app/x.py": "x = 1  # noqa\n" * 20})
    out = run(SUITE, "status")[1]
    assert out.count("`app/x.py:20: ") == 2
    assert "more finding" not in out


def test_names_are_no_markup(project: Project, run: Run) -> None:
    start_branch(project)
    name = "docs/feature/`- [x] <b>@me #1 ``.md"
    project.lay({name: "# x\n", "tests/`\n- [x] `y.py": "x = 1  # noqa\n"})
    code, out, err = run(SUITE, "status")
    assert (code, err) == (1, "1 thing is due before the push: definition-of-done status\n")
    page = read_page("", out.encode())
    items = [item for block in page.preamble for item in block.items]
    assert [item.text for item in items] == [title.replace("`", "") for title in TITLES]
    assert not page.links
    assert not any(piece.kind == "html" for block in page.preamble for piece in block.pieces)
    shown = [piece.text for item in items for inner in item.items for piece in inner.code]
    assert any(text.startswith(f"{name}:1: ") for text in shown)
    assert any(text.startswith("tests/`\\n- [x] `y.py:1: ") for text in shown)


def test_older_page_of_the_changelog(project: Project, run: Run) -> None:
    path = "docs/changelog/1.1.0.md"
    _change(project, {path: SAMPLE[path] + "\nMore.\n"})
    box = _boxes(run)["Changelog filled in"]
    assert box["reason"] == "the branch does not change the newest changelog page"


def test_branch_in_the_commands(project: Project, run: Run) -> None:
    start_branch(project)
    project.git("branch", "it's", "main")
    configure(project, "base = \"it's\"\nignore = ['plan-before-code']")
    box = _boxes(run)["Plan before code"]
    assert box["command"] == "git log --reverse --stat 'it'\"'\"'s'.."
    box = _boxes(run, "--base", "main")["Plan before code"]
    assert box["command"] == "git log --reverse --stat main.."


def test_base_of_another_name(project: Project, run: Run) -> None:
    """The commands name what leads to the base, and what the team keeps."""
    start_branch(project)
    project.git("branch", "-m", "main", "develop")
    project.git("update-ref", "refs/remotes/origin/develop", "develop")
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
    assert _boxes(run)["Plan before code"]["command"] == "git log --reverse --stat origin/HEAD.."
    command = _boxes(run)["Changelog filled in"]["command"]
    assert command == "git diff origin/HEAD... -- docs/changelog"


def _trip(project: Project, code: int) -> None:
    session = open_project(str(project.root))
    keep_roundtrip(session, ["add_vendor_credits"], tree_of(session.root), code=code)


def test_round_trip_is_shown(project: Project, run: Run) -> None:
    start_branch(project)
    _trip(project, 0)
    box = _boxes(run)[TITLES[2]]
    shown = "alembic-roundtrip went up, down and up again: add_vendor_credits"
    assert (box["state"], box["evidence"][1:]) == ("done", [shown])
    project.lay({"app/x.py": "x = 1\n"})
    box = _boxes(run)[TITLES[2]]
    assert (box["state"], box["evidence"][1:]) == ("done", [])


def test_round_trip_that_failed_refutes_the_box(project: Project, run: Run) -> None:
    start_branch(project)
    _trip(project, 1)
    fact = "alembic-roundtrip found something on this very tree"
    assert f"- [ ] {TITLES[2]}\n  - `{fact}`\n- [x]" in run(SUITE, "status")[1]
    box = _boxes(run)[TITLES[2]]
    assert (box["state"], box["facts"]) == ("open", [fact])
    project.lay({"app/x.py": "x = 1\n"})
    assert _boxes(run)[TITLES[2]]["state"] == "done"


def test_boxes_that_are_off_are_left_out(project: Project, run: Run) -> None:
    start_branch(project)
    for table, titles in {
        "without = ['rbac']": [TITLES[3]],
        "ignore = ['docs-links-resolve', 'mkdocs-nav-entry']": [TITLES[8]],
        "ignore = ['docs-links-resolve']": [],
        "mkdocs = ''\nwithout = ['rbac']": [TITLES[3], TITLES[8]],
        # What has shipped, the changelog tells.
        "changelog = ''": [TITLES[7], TITLES[10]],
        "select = ['migrations', 'gates']": [
            title for title in TITLES if title not in (TITLES[2], *TITLES[5:7])
        ],
    }.items():
        configure(project, table)
        code, out, err = run(SUITE, "status")
        shown = re.findall(r"^- \[.\] (.*)$", out, re.M)
        assert (code, shown) == (0, [title for title in TITLES if title not in titles]), table
        told = f"left out, as all of their hooks are off: {', '.join(titles)}\n"
        assert err == (told if titles else "")
        assert [title for title, box in _boxes(run).items() if box["is_off"]] == titles
        (project.root / ".github/pull_request_template.md").unlink(missing_ok=True)
        assert run(SUITE, "new", "pr-template")[0] == 0
        template = (project.root / ".github/pull_request_template.md").read_text()
        assert template == "".join(f"- [ ] {title}\n" for title in shown)
        project.git("add", ".")


def test_without_migrations_their_box_is_left_out(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({path: None for path in SAMPLE if path.startswith("alembic")})
    # DDL in the code is looked for all the same.
    for table in ("versions = []", "versions = []\nselect = ['migrations']"):
        configure(project, table)
        assert _boxes(run)[TITLES[2]]["is_off"]
        assert TITLES[2] not in run(SUITE, "status")[1]


def test_a_box_that_is_off_and_refuted_is_shown(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({path: None for path in SAMPLE if path.startswith("docs/feature/")})
    configure(project, "ignore = ['deltas-enumerated']")
    out = run(SUITE, "status")[1]
    assert re.search(rf"- \[ \] {TITLES[1]}\n  - `\S+ plan-before-code: ", out), out


def test_boxes_in_the_words_of_the_team(project: Project, run: Run) -> None:
    start_branch(project)
    configure(project, "check-commands = ['make check', 'tox']\ntest-commands = ['make test']")
    out = run(SUITE, "status")[1]
    titles = re.findall(r"^- \[.\] (.*)$", out, re.M)
    words = {"task all": "make check", "task test": "make test"}
    expected = [re.sub("task (all|test)", lambda found: words[found[0]], each) for each in TITLES]
    assert titles == expected == list(_boxes(run))
    assert out.count("run `definition-of-done run -- make check`") == 2


def test_a_part_that_the_team_does_without_proves_nothing(project: Project, run: Run) -> None:
    start_branch(project)
    configure(project, "without = ['graphql']")
    box = _boxes(run)["Full chain"]
    assert (box["state"], "schema-mounted" in box["by"]) == ("done", False)


@pytest.mark.parametrize("table", ["resources = ''", ""])
def test_the_deltas_that_no_rule_compares(table: str, project: Project, run: Run) -> None:
    """Code outside of the folders that are compared: a page has it, or the box is not ticked."""
    start_branch(project)
    configure(project, table)
    state = _boxes(run)[TITLES[1]]["state"]
    project.lay({"lib/limits.py": "LIMIT = 1\n"})
    box = _boxes(run)[TITLES[1]]
    assert (state, box["state"]) == ("done", "unproven")
    assert box["reason"] == "no page of the branch lists lib/limits.py"
    line = "- [limits](https://github.com/x/y/blob/main/lib/limits.py)\n"
    project.lay(
        {PAGE: re.sub(r"(?m)^(## What's being implemented\n\n)", rf"\1{line}", SAMPLE[PAGE])}
    )
    assert _boxes(run)[TITLES[1]]["reason"] == ""


def test_what_is_staged_where_no_branch_is_main(project: Project, run: Run) -> None:
    start_main(project)
    project.git("branch", "-m", "trunk")
    project.lay({"app/totals.py": "TOTAL = 0\n"})
    code, out, err = run(SUITE, "status")
    assert (code, err) == (0, "")
    assert "no base" not in out
    assert "the branch changes code, and no feature page" in out
