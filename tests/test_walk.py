"""An agent's walk: an empty branch to a release, with no other guide than `next`."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any, NamedTuple

import pytest
from tests.branch import (
    BEFORE,
    CHANGELOG,
    ENTRY,
    EXPORTS,
    MIGRATION,
    PAGE,
    RBAC,
    SCHEMA,
    VERSION,
)
from tests.contract.programs import lay_task
from tests.repository import Files, Project
from tests.sample import SAMPLE

from definition_of_done.commands.main import main
from definition_of_done.engine import store

pytestmark = pytest.mark.xdist_group("walk")
DATE = "2026-05-24"
QUESTION = "## Open questions\n\n- Is the amount in cents?\n"
PLAN = SAMPLE[PAGE].partition("## What shipped")[0].rstrip() + "\n"
HEAD, _, DELTAS = PLAN.partition("## What's being implemented\n\n")
STUB = "## What's being implemented\n\nTODO: the files\n"
# What is written when a step asks for the page.
PAGES = {
    "plan": HEAD.replace("## Open questions\n\nNone\n", QUESTION) + STUB,
    "answers": HEAD + STUB,
    "deltas": PLAN,
    "final page": SAMPLE[PAGE],
}
RESOURCE = "app/graphql/vendor_credits"
MODEL = f"{RESOURCE}/models/vendor_credit.py"
TASK = f"{RESOURCE}/tasks/expire_credits.py"
TESTS = "tests/graphql/vendor_credits"
WALK = [
    ("plan", 'definition-of-done new plan "Vendor credits"'),
    ("plan", f"edit {PAGE}:7"),
    ("answers", f"edit {PAGE}:43"),
    ("deltas", f"edit {PAGE}:47"),
    ("migration", 'definition-of-done new migration "add vendor credits"'),
    ("migration", f"edit {MIGRATION}:19"),
    ("chain", f"edit {MODEL}"),
    ("chain", f"edit {RESOURCE}/inputs.py"),
    ("chain", f"edit {RBAC[1]}"),
    ("chain", f"edit {SCHEMA}"),
    ("chain", f"edit {TASK}"),
    ("chain", f"edit {TESTS}/test_expire_credits.py"),
    ("exports", "task gql && task gql-admin"),
    ("task all", "definition-of-done run -- task all"),
    ("task test", "definition-of-done run -- task test"),
    ("final page", f"edit {PAGE}"),
    ("bump", "definition-of-done bump minor"),
    ("changelog", f"edit {CHANGELOG}:5"),
    ("task all again", "definition-of-done run -- task all"),
]
END = (
    "nothing is open: proven are plan, answers, deltas, migration, chain, exports, task all, final"
    " page, nav, bump, changelog and task all again; passed over: task test (it ran on this code;"
    " pages or the version changed since)"
)


class Walk(NamedTuple):
    """A branch that is walked to its end, with the steps that were named."""

    project: Project
    steps: list[tuple[str, str]]


def _call(*words: str) -> tuple[int, str]:
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()):
        code = main(words)
    return code, out.getvalue()


def _next() -> dict[str, Any]:
    code, out = _call("next", "--format", "json")
    document: dict[str, Any] = json.loads(out)
    assert code == (1 if document["next"] else 0)
    return document


def _written(step: dict[str, Any], path: str) -> Files:
    """What a colleague would write who is asked for a file, or for what a folder lacks."""
    if path == PAGE:
        return {PAGE: PAGES[step["step"]]}
    named = [path, *re.findall(r"[\w/.-]+\.(?:py|yml)", f"{step['help']} {step['reason']}")]
    return {each: SAMPLE[each] for each in named if each in SAMPLE}


def _do(project: Project, step: dict[str, Any]) -> None:
    for command in step["command"].split(" && "):
        words = shlex.split(command)
        if words[0] == "edit":
            project.lay(_written(step, re.sub(r":\d+$", "", words[1])))
        elif words[0] == "task":
            project.lay({path: SAMPLE[path] for path in EXPORTS})
        else:
            dated = ["--date", DATE] if "new" in words else []
            code, out = _call(*words[1:], *dated)
            assert code == 0, out
    project.git("add", "--all")
    project.git("commit", "-qm", step["step"], "--allow-empty")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        # Nothing replaces a part of a rule: what one step has judged, the next may know.
        patch.setenv(store.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        for who in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{who}_NAME", "Test")
            patch.setenv(f"GIT_{who}_EMAIL", "test@example.com")
        lay_task(tmp_path_factory.mktemp("programs") / "bin", patch)
        folder = tmp_path_factory.mktemp("walk")
        patch.chdir(folder)
        project = Project(folder)
        project.lay(BEFORE)
        project.git("commit", "-qm", "base")
        project.git("checkout", "-qb", "feature/vendor-credits")
        steps: list[tuple[str, str]] = []
        while (step := _next()["next"]) and len(steps) < 2 * len(WALK):
            steps.append((step["step"], step["command"]))
            _do(project, step)
        yield Walk(project, steps)


def test_the_order_of_the_steps(walk: Walk) -> None:
    assert walk.steps == WALK
    assert _call("next") == (0, f"{END}\n")
    document = _next()
    assert (document["state"], document["next"], document["blocked"]) == ("nothing-open", None, [])
    assert document["message"] == END
    box = "- [ ] `task test` green: not provable here: changed since task test ended with exit"
    assert [line for line in _call("status", "--short")[1].splitlines() if "[x]" not in line] == [
        f"{box} code 0"
    ]


def _bent(path: str, *pieces: tuple[str, str]) -> Files:
    text = SAMPLE[path]
    for old, new in pieces:
        assert old in text
        text = text.replace(old, new)
    return {path: text}


BLOB = f"https://example.com/sample/blob/main/{RESOURCE}/services/"
_NO_PAGE = "      - Vendor credits: feature/2026-05-24-vendor-credits.md\n"
_ASSERT = re.compile(r"^( +)assert .*$", re.M)
LIES: dict[str, tuple[Files, str, str]] = {
    "no plan": ({PAGE: None}, "plan", 'definition-of-done new plan "Vendor credits"'),
    "an empty plan": ({PAGE: ""}, "plan", f"edit {PAGE}"),
    "a section without a word": (
        _bent(PAGE, ("- Applying a credit to a bill\n\n", "")),
        "plan",
        f"edit {PAGE}:13",
    ),
    "an open question": (
        _bent(PAGE, ("## Open questions\n\nNone", "## Open questions\n\n- In cents?")),
        "answers",
        f"edit {PAGE}:43",
    ),
    "a file that is not listed": (
        {f"{RESOURCE}/services/rounding.py": "CENTS = 100\n"},
        "deltas",
        f"edit {PAGE}:45",
    ),
    "a downgrade that passes": (
        _bent(MIGRATION, ('op.drop_table("vendor_credits")', "pass")),
        "migration",
        "definition-of-done check --fix --base main",
    ),
    "no migration": (
        {MIGRATION: None},
        "migration",
        'definition-of-done new migration "add vendor credits"',
    ),
    "a parent that does not exist": (
        _bent(MIGRATION, (' = "add_vendors"', ' = "add_vendor"')),
        "migration",
        "definition-of-done check --fix --base main",
    ),
    "an empty repository": (
        {f"{RESOURCE}/repositories/vendor_credit_repository.py": ""},
        "chain",
        f"edit {RESOURCE}/repositories/vendor_credit_repository.py",
    ),
    "a test that asserts nothing": (
        {
            f"{TESTS}/test_vendor_credit_service.py": _ASSERT.sub(
                r"\1pass", SAMPLE[f"{TESTS}/test_vendor_credit_service.py"]
            )
        },
        "chain",
        f"edit {TESTS}/test_vendor_credit_service.py",
    ),
    "a test of the task that asserts nothing": (
        {f"{TESTS}/test_expire_credits.py": "def test_expire_credits(): ...\n"},
        "chain",
        f"edit {TESTS}/test_expire_credits.py",
    ),
    "a test that no runner looks for": (
        {
            f"{TESTS}/test_vendor_credit_service.py": None,
            f"{TESTS}/vendor_credit_service.py": SAMPLE[f"{TESTS}/test_vendor_credit_service.py"],
        },
        "chain",
        f"edit {TESTS}/test_vendor_credit_service.py",
    ),
    "a listed file without code": (
        {
            f"{RESOURCE}/services/rounding.py": '"""Later."""\n',
            PAGE: SAMPLE[PAGE].replace(
                "- Model:", f"- Rounding: [x.py]({BLOB}rounding.py)\n- Model:"
            ),
        },
        "chain",
        f"edit {RESOURCE}/services/rounding.py",
    ),
    "a member without a row": (
        _bent(RBAC[1], ("    (Path.VENDOR_CREDITS, Resource.VENDOR_CREDITS),\n", "")),
        "chain",
        f"edit {RBAC[1]}",
    ),
    "no enums": (
        {RBAC[0]: '"""Later."""\n'},
        "chain",
        "git checkout {base} -- " + RBAC[0],
    ),
    "no schema module": ({SCHEMA: None}, "chain", "git checkout {base} -- " + SCHEMA),
    "no site": ({"mkdocs.yml": None}, "nav", "git checkout {base} -- mkdocs.yml"),
    "an empty site": ({"mkdocs.yml": "# Later\n"}, "nav", "git checkout {base} -- mkdocs.yml"),
    "an empty export": ({EXPORTS[0]: ""}, "exports", "task gql && task gql-admin"),
    "an export of another schema": (
        {EXPORTS[0]: "type Query {\n  ping: String\n}\n"},
        "exports",
        "task gql && task gql-admin",
    ),
    "a stale export": (
        _bent(EXPORTS[0], ("  vendorCredits", "  credits")),
        "exports",
        "task gql && task gql-admin",
    ),
    "a comment that silences all": (
        _bent(MODEL, ("from sqlalchemy.orm", "# noqa\nfrom sqlalchemy.orm")),
        "task all",
        f"edit {MODEL}",
    ),
    "a receipt of another tree": (
        _bent(MODEL, ("from sqlalchemy.orm", "# later\nfrom sqlalchemy.orm")),
        "task all",
        "definition-of-done run -- task all",
    ),
    "nothing that shipped": (
        {PAGE: SAMPLE[PAGE].replace("## What shipped", "## What shipped\n\n## Notes")},
        "final page",
        f"edit {PAGE}",
    ),
    "a follow-up without a reason": (
        _bent(PAGE, (": waits for the payment run", "")),
        "final page",
        f"edit {PAGE}",
    ),
    "a page that no nav shows": (
        _bent("mkdocs.yml", (_NO_PAGE, "")),
        "nav",
        "definition-of-done check --fix --base main",
    ),
    "two versions": (
        _bent("pyproject.toml", ('"1.2.0"', '"1.1.0"')),
        "bump",
        "definition-of-done check --fix --base main",
    ),
    "a version behind its page": (
        {path: BEFORE[path] for path in VERSION},
        "bump",
        f"edit {VERSION[0]}",
    ),
    "no bump": (
        {
            **{path: BEFORE[path] for path in VERSION},
            **_bent("mkdocs.yml", (ENTRY, "")),
            CHANGELOG: None,
        },
        "bump",
        'git commit --all --message "Before the bump" && definition-of-done bump minor',
    ),
    "no page of the version": ({CHANGELOG: None}, "bump", f"edit {CHANGELOG}"),
    "a stub in the changelog": (
        _bent(CHANGELOG, ("- Credit notes of vendors can be recorded.", "TODO")),
        "changelog",
        f"edit {CHANGELOG}:5",
    ),
    "another word after the last run": (
        _bent(CHANGELOG, ("can be recorded", "can be written down")),
        "task all again",
        "definition-of-done run -- task all",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_leads_back_to_its_step(lie: str, walk: Walk) -> None:
    files, step, command = LIES[lie]
    walk.project.lay(files)
    try:
        found = _next()["next"]
    finally:
        walk.project.git("reset", "-q", "--hard")
        walk.project.git("clean", "-qfd")
    base = walk.project.git("rev-parse", "main").strip()
    command = command.format(base=base).partition(":")[0]
    assert (found["step"], found["command"].partition(":")[0]) == (step, command)
