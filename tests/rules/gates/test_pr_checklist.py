"""pr-checklist: exact findings in a text, what it must leave alone, and where the text is from."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.branch import MIGRATION, start_branch
from tests.commands.test_status import BAD, TITLES
from tests.repository import Project, Run
from tests.sample import SAMPLE, start_main

from definition_of_done.engine.registry import load_rule
from definition_of_done.project.box_words import BOX_WORDS
from definition_of_done.project.gates.body import read_boxes
from definition_of_done.project.gates.checklist import BOXES

SUITE = "definition-of-done"
ID = "pr-checklist"
# The team's own words, from the contract's chapter 8.
OWN_WORDS = """\
- [ ] Plan written in `docs/feature/YYYY-MM-DD-<name>.md` before any code change.
- [ ] "What's being implemented" section enumerates every file delta.
- [ ] Alembic migration(s) added, both `upgrade` and `downgrade` implemented, `down_revision` \
points at the current tip.
- [ ] New `Path`/`Resource` enum members added and backfill script updated (if a new resource).
- [ ] Full module chain wired: model \u2192 repo \u2192 service \u2192 graphql \u2192 schema mount \
\u2192 tests.
- [ ] `task all` is green.
- [ ] `task test` is green for the touched areas.
- [ ] Feature mkdocs page reflects what actually shipped + a "Future additions" section.
- [ ] Page wired into mkdocs.yml; `uv run mkdocs build --strict` is clean.
- [ ] `scripts/bump_version.py <version> --changelog-stub` run.
- [ ] `docs/changelog/<version>.md` filled in with Highlights / Added / Changed / Fixed / \
Migrations / Frontend impact.
- [ ] `task all` re-run after the version bump.
"""
OTHER_WORDS = """\
- [x] The plan was written first
- [x] Every changed file is listed on the page
- [x] Migrations: upgrade + downgrade, correct `down_revision`
- [x] Path and Resource enums extended, backfill updated
- [x] Model -> repo -> service -> graphql -> schema -> tests wired
- [x] task all passes
- [x] All tests green
- [x] Docs page is final
- [x] Page is in the mkdocs nav, strict build passes
- [x] Version bumped (1.3.0), changelog stub added
- [x] Changelog page for 1.3.0 filled in
- [x] Re-ran task all after the bump
"""
SENTENCES = """\
- [ ] The plan was written before the code
- [ ] The page lists every changed file
- [ ] Migration written with upgrade and downgrade; its parent is the tip of main
- [ ] `Path` and `Resource` have the new member, and existing tenants are backfilled
- [ ] Models, repositories, services, GraphQL, mount and tests are all there
- [ ] Lint, types, file length and schema exports pass (`task all`)
- [ ] Tests of the touched areas pass (`task test`)
- [ ] The feature page says what shipped and what comes later
- [ ] The page is in mkdocs.yml and `mkdocs build --strict` passes
- [ ] Ran the bump script
- [ ] The changelog page of 1.2.0 is complete
- [ ] Ran `task all` once more after bumping
"""
ALL = "".join(f"- [x] {title}\n" for title in TITLES)
NO_TEXT = (
    f"{ID}: error: no text of a pull request: name its file with --body, pipe it in, or run this"
    " where GitHub Actions sets GITHUB_EVENT_PATH\n"
)


class _Terminal(io.TextIOWrapper):
    """A terminal on which nobody types."""

    def isatty(self) -> bool:
        return True

    @property
    def buffer(self) -> io.BufferedReader:
        raise AssertionError("a terminal is waited for")


@pytest.fixture(autouse=True)
def _no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(io.BytesIO()))


def _pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def _event(project: Project, monkeypatch: pytest.MonkeyPatch, event: object) -> None:
    data = event if isinstance(event, bytes) else json.dumps(event).encode()
    (project.root / "event.json").write_bytes(data)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(project.root / "event.json"))


def _check(project: Project, run: Run, body: str | bytes, *argv: str) -> tuple[int, list[str], str]:
    (project.root / "body.md").write_bytes(body.encode() if isinstance(body, str) else body)
    code, out, err = run(ID, "--body", "body.md", *argv)
    lines = [line for line in out.splitlines() if not line.startswith("    help: ")]
    return code, lines[:-1], err


def _without(*titles: str, text: str = ALL) -> str:
    return "".join(line for line in text.splitlines(True) if line[6:].rstrip("\n") not in titles)


FULL, PLAN = "- [x] Full chain\n", "- [x] Plan before code\n"
UNTICKED = f"body.md:{{}}: {ID}: the box 'Full chain' is not ticked"
MISSING = f"body.md:1:1: {ID}: the box 'Full chain' is missing"


@pytest.mark.parametrize(
    ("mark", "place"),
    [
        ("- [ ] Full chain\n", "5:1"),
        ("* [ ] Full chain\n", "5:1"),
        ("+ [ ] **full** `CHAIN`\n", "5:1"),
        ("1. [ ] Full chain\n", "6:1"),
        ("- parent\n  - [ ] Full chain: vendors\n", "6:3"),
        ("- [ ] Full\n  chain\n", "5:1"),
        ("\n# Head\n\nText.\n\n- [ ] Full chain\n", "10:1"),
        ("- [x] Full chain\n- [ ] Full chain\n", "6:1"),
        ("\n<details>\n\n- [ ] Full chain\n\n</details>\n\n", "8:1"),
        ("\u00e4\n\n---\n\n- [ ] Full chain\n", "9:1"),
    ],
)
def test_not_ticked(mark: str, place: str, project: Project, run: Run) -> None:
    start_main(project)
    before, after = ALL.split(FULL)
    mark = f"\n{mark}\n" if mark.startswith("1") else mark
    assert _check(project, run, before + mark + after) == (1, [UNTICKED.format(place)], "")


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "- Full chain\n",
        "- [x]Full chain\n",
        "- [y] Full chain\n",
        "- [x] Full chains\n",
        "- [x] Full chain2 (both)\n",
        "- [x] Full regression done\n",
        "\n[x] Full chain\n\n",
        "\n<!-- - [x] Full chain -->\n\n",
        "\n<!--\n\n- [x] Full chain\n\n-->\n\n",
        "\n```\n- [x] Full chain\n```\n\n",
        "\n~~~\n- [x] Full chain\n~~~\n\n",
        "\ntext\n\n    - [x] Full chain\n\n",
        "- [x] <!-- Full chain -->\n",
        "\n> - [x] Full chain\n\n",
        "- `[x]` Full chain\n",
    ],
)
def test_missing(mark: str, project: Project, run: Run) -> None:
    start_main(project)
    before, after = ALL.split(FULL)
    # An item would be the parent of what is indented.
    text = mark + before + after if "    -" in mark else before + mark + after
    assert _check(project, run, text) == (1, [MISSING], "")


@pytest.mark.parametrize(
    "text",
    [
        ALL,
        ALL.replace("[x]", "[X]"),
        ALL.replace("- ", "* "),
        ALL.replace("\n", "\r\n"),
        ALL.replace("\n", "\r"),
        "\ufeff" + ALL,
        ALL.upper(),
        ALL.replace("`", ""),
        re.sub(r"\] (.*)", r"] **\1**", ALL),
        re.sub(r"\] (.*)", r"] _\1_: see below", ALL),
        re.sub(r"\] (.*)", r"]  \1 (n/a)", ALL),
        ALL.replace("Full chain", "Full \t  chain"),
        ALL.replace("Full chain", "Full\u00a0chain"),
        "".join(f"{at}. {line[2:]}\n" for at, line in enumerate(ALL.splitlines(), 1)),
        "- all:\n" + "".join(f"  - {line[2:]}\n" for line in ALL.splitlines()),
        "".join(f"## Part\n\ntext\n\n{line}\n" for line in ALL.splitlines(True)),
        f"---\n{ALL}---\n",
        f"---\n\n{ALL}\n---\ntext\n",
        f"{ALL}\n- [ ] another box\n- [ ] Fuller chain\n<!-- - [ ] Full chain -->\n",
        ALL.replace("Full chain", "The full chain"),
        OWN_WORDS.replace("[ ]", "[x]"),
        f"{ALL}\n```\n- [ ] Full chain\n```\n",
        f"{ALL}\n> - [ ] Full chain\n",
        f"<details><summary>Done</summary>\n\n{ALL}\n</details>\n",
        ALL + "\0\n",
    ],
)
def test_left_alone(text: str, project: Project, run: Run) -> None:
    start_main(project)
    assert _check(project, run, text) == (0, [], "")


def _boxes(text: str) -> dict[str, list[tuple[int, bool]]]:
    """The lines of each box, and True where one is ticked."""
    boxes = read_boxes("body.md", text.encode())
    return {
        title: [(item.spot.line, item.is_ticked) for item in items]
        for title, items in boxes.items()
    }


def test_the_words_are_those_of_the_boxes() -> None:
    assert list(BOX_WORDS) == [box.title for box in BOXES] == TITLES


@pytest.mark.parametrize(
    "text", [OWN_WORDS, OWN_WORDS.replace("`", ""), OTHER_WORDS, SENTENCES, ALL]
)
def test_each_box_is_one_line_in_any_words(text: str) -> None:
    lines = text.splitlines(keepends=True)
    for order in (1, -1):
        found = _boxes("".join(lines[::order]))
        is_ticked = "[x]" in text
        numbers = range(1, 13)[::order]
        assert found == {
            title: [(at, is_ticked)] for title, at in zip(TITLES, numbers, strict=True)
        }
    for at, title in enumerate(TITLES):
        without = _boxes("".join([*lines[:at], *lines[at + 1 :]]))
        assert [known for known in TITLES if not without[known]] == [title]


@pytest.mark.parametrize(
    "line",
    [
        "Screenshots attached",
        "Plan the rollout with ops",
        "Feature flag added",
        "Migration ran on the staging snapshot",
        "Changelog announced in Slack",
        "Version tagged in Sentry",
        "Mobile nav tested",
        "Bump the SDK of the app",
        "Tests pass on staging",
        "Rollback plan written",
        "Code reviewed before merge",
        "Security reviewed the permissions",
    ],
)
def test_a_box_of_the_teams_own(line: str) -> None:
    for text in (OWN_WORDS, ALL):
        own = _boxes(f"{text}- [ ] {line}\n")
        assert [at for items in own.values() for at, _ in items] == list(range(1, 13))


def test_ticked_against_a_finding(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({MIGRATION: BAD})
    wrong = (
        f"body.md:3:1: {ID}: the box 'Migration with both directions and the right parent' is"
        f" ticked against {MIGRATION}:4: alembic-header-sync: Revises says 'add_vendors',"
        " down_revision is 'add_vendor' and 1 more"
    )
    for argv in ((), ("--base", "main")):
        assert _check(project, run, ALL, *argv) == (1, [wrong], "")
    # What is not ticked is not held against the branch a second time.
    unticked = "- [ ]".join(ALL.split("- [x]"))
    code, found, _ = _check(project, run, unticked)
    assert (code, len(found)) == (1, 12)
    assert all(line.endswith(" is not ticked") for line in found)


def test_one_finding_and_the_help(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({"tests/x.py": "x = 1  # noqa\n"})
    (project.root / "body.md").write_text(_without("Full chain"))
    against = (
        "is ticked against tests/x.py:1: suppressions-need-codes: '# noqa' silences every rule"
    )
    mend = "    help: mend what definition-of-done status finds, or untick it\n"
    assert run(ID, "--body", "body.md")[1] == (
        f"{MISSING}\n    help: add - [ ] Full chain\n"
        f"body.md:5:1: {ID}: the box '`task all` green' {against} of the line\n{mend}"
        f"body.md:11:1: {ID}: the box '`task all` again' {against} of the line\n{mend}"
        "3 findings in 1 file\n"
    )


def test_runs_whatever_changed(project: Project, run: Run) -> None:
    start_main(project)
    project.git("checkout", "-qb", "feature")
    assert _check(project, run, "", "--base", "main")[0] == 1
    project.lay({"app/x.py": "x = 1\n"})
    assert _check(project, run, "")[0] == 1


def test_template_that_is_ticked(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({".github/pull_request_template.md": None})
    path = ".github/pull_request_template.md"
    assert run(SUITE, "new", "pr-template") == (0, f"{path}\n", "")
    text = (project.root / path).read_text()
    assert text == SAMPLE[path]
    assert _check(project, run, text.replace("[ ]", "[x]")) == (0, [], "")
    assert len(_check(project, run, text)[1]) == 12


@pytest.mark.parametrize("migration", [SAMPLE[MIGRATION], BAD])
def test_agrees_with_status(
    migration: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_branch(project)
    project.lay({MIGRATION: migration})
    text = run(SUITE, "status")[1]
    unticked = re.findall(r"^- \[ \] (.*)$", text, re.M)
    assert "`task test` green" in unticked
    _pipe(monkeypatch, text.encode())
    found = json.loads(run(ID, "--body", "-", "--format", "json")[1])["findings"]
    assert [finding["message"] for finding in found] == [
        f"the box {title!r} is not ticked" for title in unticked
    ]
    lines = text.splitlines()
    assert [lines[finding["line"] - 1] for finding in found] == [
        f"- [ ] {title}" for title in unticked
    ]


def test_standard_input(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start_main(project)
    for argv in ((), ("--body", "-")):
        _pipe(monkeypatch, _without("Full chain").encode())
        assert run(ID, *argv)[1].startswith(MISSING.replace("body.md", "<stdin>"))
    _pipe(monkeypatch, b"")
    assert run(ID, "--body", "-")[1].endswith("\n12 findings in 1 file\n")


def test_no_text(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start_main(project)
    assert run(ID) == (2, "", NO_TEXT)
    _pipe(monkeypatch, b"")
    assert run(ID) == (2, "", NO_TEXT)
    monkeypatch.setattr(sys, "stdin", None)
    assert run(ID) == (2, "", NO_TEXT)
    assert run(ID, "--body", "nowhere.md") == (
        2,
        "",
        f"{ID}: error: --body: 'nowhere.md' cannot be read: No such file or directory\n",
    )


def test_file_of_another_folder(
    project: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start_main(project)
    other = tmp_path_factory.mktemp("other") / "body.md"
    other.write_text(_without("Full chain"))
    assert run(ID, "--body", str(other))[1].startswith(f"{other.as_posix()}:1:1: {ID}: ")
    (project.root / "body.md").write_text(_without("Full chain"))
    monkeypatch.chdir(project.root / "docs")
    assert run(ID, "--body", "../body.md")[1].startswith(MISSING)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_pipe_is_read_once(project: Project, run: Run) -> None:
    start_main(project)
    pipe = project.root / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(_without("Full chain")), daemon=True)
    writer.start()
    # Whoever opens it a second time waits for a writer, and gets this one.
    late = threading.Timer(10, lambda: os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)))
    late.start()
    out = run(ID, "--body", "pipe")[1]
    assert late.is_alive()
    late.cancel()
    assert out.startswith(MISSING.replace("body.md", "pipe"))


def test_pull_request_event(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start_main(project)
    _event(project, monkeypatch, {"pull_request": {"body": ALL.replace("\n", "\r\n")}})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    _event(project, monkeypatch, {"pull_request": {"body": _without("Full chain")}})
    assert run(ID)[1].startswith(MISSING.replace("body.md", "pull request"))
    _pipe(monkeypatch, ALL.encode())
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    "event",
    [
        {"pull_request": {"body": None}},
        {"pull_request": {"body": ""}},
        {"pull_request": {}},
        {"pull_request": {"body": 7}},
        b'{"pull_request": {"body": "\\ud800 \\u0000"}}',
    ],
)
def test_event_without_a_box(
    event: object, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_main(project)
    _event(project, monkeypatch, event)
    code, out, err = run(ID)
    assert (code, out.count(" is missing\n"), err) == (1, 12, "")


def test_half_of_a_pair_keeps_the_columns(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_main(project)
    text = ALL.replace(FULL, "- \ud800\n  - [ ] Full chain \udfff\n")
    _event(project, monkeypatch, {"pull_request": {"body": text}})
    assert run(ID)[1].startswith(UNTICKED.format("6:3").replace("body.md", "pull request"))


def test_much_markup_is_read(project: Project, run: Run) -> None:
    start_main(project)
    assert _check(project, run, f"{ALL}\n\n{'[' * 10_000}\n") == (0, [], "")


@pytest.mark.parametrize("event", [{"ref": "refs/heads/main"}, [], {"pull_request": None}])
def test_another_event(
    event: object, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_main(project)
    _event(project, monkeypatch, event)
    note = f"{ID}: not evaluated: the event of GitHub Actions is about no pull request\n"
    assert run(ID) == (0, "no findings (0 files judged)\n", note)


@pytest.mark.parametrize("event", [b"", b"{", b"\xff", b"[" * 100_000])
def test_event_that_is_broken(
    event: bytes, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_main(project)
    _event(project, monkeypatch, event)
    assert run(ID) == (2, "", f"{ID}: error: GITHUB_EVENT_PATH: the event is not JSON\n")
    (project.root / "event.json").unlink()
    code, out, err = run(ID)
    assert (code, out) == (2, "")
    assert err.endswith("event.json' cannot be read: No such file or directory\n")


@pytest.mark.parametrize(
    "hostile",
    ["[" * 60_000, "- [" * 10_000, ">" * 100_000, "- " * 50_000, "`" * 100_000, "<!--" * 20_000],
)
def test_hostile_text(hostile: str, project: Project, run: Run) -> None:
    start_main(project)
    code, found, err = _check(project, run, f"{PLAN}\n\n{hostile}\n")
    assert (code, err) == (1, "")
    assert all(line.endswith(" is missing") for line in found)
    assert len(found) == 11
    # An open comment swallows what follows it, nothing else does.
    code, found, err = _check(project, run, f"{ALL}\n\n{hostile}\n")
    assert (code, found, err) == (0, [], "")


def test_no_text_of_utf_8(project: Project, run: Run) -> None:
    start_main(project)
    body = ALL.encode() + b"- \xff\n"
    expected = ["body.md:13:3: unreadable: not utf-8 text: byte 0xff"]
    assert _check(project, run, body) == (1, expected, "")


def test_suite_leaves_it_out(project: Project, run: Run) -> None:
    start_main(project)
    assert run(SUITE, "check")[0] == 0
    table = f"{SAMPLE['pyproject.toml']}\n[tool.definition-of-done]\nselect = ['{ID}']\n"
    project.lay({"pyproject.toml": table})
    assert run(SUITE, "check")[2] == NO_TEXT.replace(ID, SUITE)
    (project.root / "body.md").write_text(_without("Full chain"))
    assert run(SUITE, "check", "--body", "body.md")[1].startswith(MISSING)


def test_body_is_no_key_of_the_configuration(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": "[tool.definition-of-done]\nbody = 'x.md'\n", "x.md": ""})
    where = "pyproject.toml: [tool.definition-of-done]"
    error = f"{SUITE}: error: {where}: unknown key 'body'"
    assert run(SUITE, "check")[2].startswith(error)


_OTHER = st.text(alphabet="abc *_`#\n.!|~", max_size=40).filter(
    lambda text: "```" not in text and "~~~" not in text
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(TITLES),
    others=st.lists(_OTHER, min_size=13, max_size=13),
    ticks=st.integers(0, 2**12 - 1),
)
def test_order_and_other_text(
    order: list[str], others: list[str], ticks: int, project: Project, run: Run
) -> None:
    if not (project.root / "app").exists():
        start_main(project)
    ticked = {title for at, title in enumerate(TITLES) if ticks >> at & 1}
    # A comment ends any list or paragraph before it.
    text = "".join(
        f"{other}\n\n<!-- -->\n\n- [{'x' if title in ticked else ' '}] {title}\n\n<!-- -->\n\n"
        for title, other in zip(order, others, strict=False)
    )
    code, found, err = _check(project, run, text + others[-1])
    expected = {title for title in TITLES if title not in ticked}
    assert (code, err) == (1 if expected else 0, "")
    assert {line.partition(" the box ")[2] for line in found} == {
        f"{title!r} is not ticked" for title in expected
    }
    lines = text.split("\n")
    for line in found:
        place, title = line.split(":"), line.split("'")[1]
        assert lines[int(place[1]) - 1] == f"- [ ] {title}"
        assert place[2] == "1"


def test_contract_and_stage() -> None:
    rule = load_rule(ID)
    assert (rule.contract, rule.stages) == ("8", ("manual",))


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("`make check` is green.", "`make check` re-run after the version bump."),
        ("Make check passes", "make check again"),
        ("`tox -e lint` is clean", "`tox -e lint` twice"),
        ("`task all` is green.", "`task all` re-run after the version bump."),
    ],
)
def test_the_commands_of_the_team(first: str, again: str, project: Project, run: Run) -> None:
    start_main(project)
    commands = "check-commands = ['make check', 'tox -e lint']\ntest-commands = ['make unit']"
    table = f"{SAMPLE['pyproject.toml']}\n[tool.definition-of-done]\n{commands}\n"
    project.lay({"pyproject.toml": table})
    lines = ALL.splitlines()
    lines[5], lines[6], lines[11] = (f"- [x] {text}" for text in (first, "make unit", again))
    body = project.root / "body.md"
    body.write_text("\n".join(lines))
    assert run(ID, "--body", "body.md")[0] == 0
    body.write_text("\n".join(lines[:11]))
    message = "the box '`make check` again' is missing"
    assert run(ID, "--body", "body.md")[1].startswith(f"body.md:1:1: {ID}: {message}\n")


def test_boxes_that_are_off_are_not_asked_for(project: Project, run: Run) -> None:
    start_main(project)
    table = f"{SAMPLE['pyproject.toml']}\n[tool.definition-of-done]\nwithout = ['rbac']\n"
    (project.root / "body.md").write_text(_without("RBAC members and backfill"))
    assert run(ID, "--body", "body.md")[0] == 1
    project.lay({"pyproject.toml": table})
    assert run(ID, "--body", "body.md")[0] == 0
