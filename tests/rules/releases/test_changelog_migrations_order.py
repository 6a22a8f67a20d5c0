"""changelog-migrations-order: exact findings, what it must leave alone, and the fix."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.project.releases.test_revisions import FOLDER, graphs, migrations
from tests.repository import Project, Run

from definition_of_done.rules.sample import CHANGELOG as PATH
from definition_of_done.rules.sample import changelog_page as page

ID = "changelog-migrations-order"
CHAIN = ("add_a", "add_b<add_a", "add_c<add_b", "add_d<add_c")
OLD = "docs/changelog/1.1.0.md"
NEXT = PATH.replace("1.2.0", "1.3.0")
LIST = "- `add_vendor_credits`"
NOT_KEPT = "; --fix cannot, as they stand in several lists, or in none that it could keep"
BUMP = "write the page of the next version: definition-of-done bump"


def changelog(new: str, old: str | None = "- `add_a`") -> dict[str, str]:
    """A newest page with this section, and an older one."""
    files = page(LIST, new)
    return files | ({OLD: page(LIST, old)[PATH].replace("1.2.0", "1.1.0")} if old else {})


def following(section: str) -> dict[str, str]:
    """The page of the version after the newest one, with this section."""
    return {NEXT: page(LIST, section)[PATH].replace("1.2.0", "1.3.0")}


def is_clean(outcome: tuple[int, str, str]) -> bool:
    code, out, err = outcome
    return code == 0 and out.startswith("no findings (") and err == ""


def missing(name: str, help: str) -> str:
    """The report of a revision that the open page lacks."""
    message = f"revision {name!r} is not listed on {PATH}"
    return f"{FOLDER}/{name}.py:1:12: {ID}: {message}\n    help: list it there, {help}\n"


@pytest.mark.parametrize(
    ("new", "report"),
    [
        ("- `add_b`\n- `add_c`", missing("add_d", "behind 'add_c', or run with --fix")),
        ("- `add_c`\n- `add_d`", missing("add_b", "first, or run with --fix")),
        (
            "- `add_b`\n\nThen\n\n- `add_c`",
            missing("add_d", f"behind 'add_c'{NOT_KEPT}"),
        ),
    ],
)
def test_the_open_page_lacks_a_revision(new: str, report: str, project: Project, run: Run) -> None:
    project.lay({**migrations(*CHAIN), **changelog(new)})
    code, out, err = run(ID)
    assert (code, err) == (1, "")
    assert out.startswith(f"{report}1 finding in 1 file")


@pytest.mark.parametrize(
    ("new", "place", "message", "help"),
    [
        (
            "- `add_a`\n- `add_b`\n- `add_c`\n- `add_d`",
            "21:1",
            f"revision 'add_a' is listed on {OLD}, too",
            "take it off this page, or run with --fix",
        ),
        (
            "- `add_a`, the first\n- `add_b`\n- `add_c`\n- `add_d`",
            "21:1",
            f"revision 'add_a' is listed on {OLD}, too",
            "take it off this page; --fix leaves it, as text stands beside it",
        ),
        (
            "- add_c: c\n- add_b: b\n- add_d: d",
            "22:1",
            "revision 'add_b' is listed behind 'add_c', which runs after it",
            "list the revisions in the order in which they run, or run with --fix",
        ),
        (
            "| # | Revision |\n| --- | --- |\n| 1 | `add_c` |\n| 2 | `add_b` |\n| 3 | `add_d` |",
            "24:7",
            "revision 'add_b' is listed behind 'add_c', which runs after it",
            f"list the revisions in the order in which they run{NOT_KEPT}",
        ),
        (
            "- `add_b`\n- `add_cc`\n- `add_c`\n- `add_d`",
            "22:3",
            "'add_cc' is no revision of this project; did you mean 'add_c'?",
            "name the revision of a migration that exists",
        ),
        (
            "- `add_b`\n- `add_cc`, which went\n- `add_c`\n- `add_d`",
            "22:3",
            "'add_cc' is no revision of this project; did you mean 'add_c'?",
            "name the revision of a migration that exists",
        ),
        (
            "- `add_b`\n- `vendors_and_more`\n- `add_c`\n- `add_d`",
            "22:3",
            "'vendors_and_more' is no revision of this project",
            "name the revision of a migration that exists",
        ),
        (
            "- Credits\n  - `add_b`\n  - `add_cc`\n  - `add_c`\n  - `add_d`",
            "23:5",
            "'add_cc' is no revision of this project; did you mean 'add_c'?",
            "name the revision of a migration that exists",
        ),
        (
            "- `add_b`, `add_c`, `add_d`\n- `scripts/gone.py` after the deploy",
            "22:3",
            "scripts/gone.py is no file of this project",
            "name the script that is to be run",
        ),
    ],
)
def test_finding(new: str, place: str, message: str, help: str, project: Project, run: Run) -> None:
    project.lay({**migrations(*CHAIN), **changelog(new)})
    code, out, err = run(ID)
    assert (code, err) == (1, "")
    assert out.startswith(f"{PATH}:{place}: {ID}: {message}\n    help: {help}\n1 finding in 1 file")


ALL = "- `add_b`\n- `add_c`\n- `add_d`"


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (ALL, "- `add_a`"),
        ("- add_b\n- **add_c**: x\n- [add_d](https://example.com/add_d.py)", "- add_a"),
        ("1. `add_b`\n2. `add_c`\n3. `add_d`", "`add_a`"),
        ("`add_b` -> `add_c` -> `add_d`", "- `add_a`"),
        ("- `add_b`, `add_c` and `add_d`", "- Revision: add_a"),
        (f"- `{FOLDER}/add_b.py`\n- `add_c.py`\n- Adds d (`add_d`)", "- `add_a`"),
        (
            "| Revision | After |\n| - | - |\n| add_b | add_a |\n| add_c | add_b |\n| add_d | |",
            "- add_a",
        ),
        ("- Credits\n  - `add_b`\n  - `add_c`\n- Refunds\n  - `add_d`", "- `add_a`"),
        # A revision of another release in prose, and beside or below an entry.
        (f"After `add_a`:\n\n{ALL} fills what `add_b` left\n  - like `add_a`", "- `add_a`"),
        # One that leads several items stands where it is first.
        (f"{ALL}\n- `add_b`: takes an hour", "- `add_a`"),
        # Older pages told in prose only, or not at all.
        (ALL, "This release runs `add_a`."),
        (ALL, None),
        # The history before the changelog is not asked for.
        ("- `add_d`", None),
        ("None", None),
        ("None", "None"),
        # An older page left out what its newest revision came with.
        ("- `add_d`", "- `add_c`"),
        # A table and a column that migrations name.
        (f"{ALL}\n- `down_revision`: renamed", "- `add_a`"),
        (f"{ALL}\n- `down_revision`", "- `add_a`"),
        (f"{ALL}\n- `is_parent_of`: a function that went", "- `add_a`"),
        (
            f"{ALL}\n- `scripts/run.py` and `app/scripts/no.py`, https://x.org/scripts/y.py",
            "- `add_a`",
        ),
        # A row is about its first revision.
        (
            "| Revision | Needs |\n| --- | --- |\n| `add_b` | `add_a` |\n| `add_c` | `add_b` |\n"
            "| `add_d` | `add_a` |",
            "- `add_a`",
        ),
    ],
)
def test_left_alone(new: str, old: str | None, project: Project, run: Run) -> None:
    project.lay({**migrations(*CHAIN), **changelog(new, old), "scripts/run.py": ""})
    project.git("commit", "-qm", "x")
    assert is_clean(run(ID))


@pytest.mark.parametrize(
    "chain",
    [("add_a", "add_b<add_a", "add_c<add_a"), ("add_a", "add_b<gone"), ("add_a<add_a",), ()],
)
def test_a_broken_graph_is_for_another_hook(
    chain: tuple[str, ...], project: Project, run: Run
) -> None:
    project.lay({**migrations(*chain), **changelog("- `add_nothing`\n- `add_b`\n- `add_a`")})
    assert is_clean(run(ID))


def test_an_older_page_is_judged_for_order_and_existence(project: Project, run: Run) -> None:
    old = "- `add_c`\n- `add_b`\n- `add_x`\n- `scripts/x.py`"
    project.lay({**migrations(*CHAIN), **changelog("- `add_d`", old)})
    assert [line.partition(f" {ID}: ")[0] for line in run(ID)[1].splitlines()[::2][:3]] == [
        f"{OLD}:22:1:",
        f"{OLD}:23:3:",
        f"{OLD}:24:3:",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # 1.1.0 lists what runs after add_b; a patch of an older line may be newer than 1.2.0.
        ("1.1.0", "1.2.0", "docs/changelog/1.1.0.md"),
        ("1.1.1", "1.2.0", None),
        ("1.2.1", "1.2.2", "docs/changelog/1.2.1.md"),
        ("1.2.0-rc.1", "1.2.0", None),
    ],
)
def test_overtaken(old: str, new: str, expected: str | None, project: Project, run: Run) -> None:
    files = {
        f"docs/changelog/{old}.md": page(LIST, "- `add_a`\n- `add_c`")[PATH],
        f"docs/changelog/{new}.md": page(LIST, "- `add_b`\n- `add_d`")[PATH],
    }
    project.lay({**migrations(*CHAIN), **files})
    out = run(ID)[1]
    said = f"revision 'add_b' runs before 'add_c', which {expected} lists"
    assert (f"docs/changelog/{new}.md:21:1: {ID}: {said}\n" in out) == (expected is not None)
    assert out.count(ID) == (expected is not None)


def test_a_final_release_may_repeat_its_pre_releases(project: Project, run: Run) -> None:
    early = {"docs/changelog/1.2.0-rc.1.md": page(LIST, "- `add_b`")[PATH]}
    for new in (ALL, "- `add_c`\n- `add_d`"):
        project.lay({**migrations(*CHAIN), **changelog(new), **early})
        assert is_clean(run(ID))


def test_scripts_that_the_branch_adds(project: Project, run: Run) -> None:
    project.lay({**migrations(*CHAIN), **changelog(ALL), "scripts/old.py": ""})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    quiet = ("scripts/_lib.py", "scripts/lib/x.py", "scripts/bump_version.py", "scripts/test_x.py")
    project.lay(dict.fromkeys(("scripts/backfill.py", *quiet), "x = 1\n"))
    place = f"scripts/backfill.py:1:1: {ID}: the branch adds scripts/backfill.py, which"
    said = f"{place} no changelog page names\n    help: {BUMP}\n1 finding in 1 file\n"
    assert run(ID, "--base", "main") == (1, said, "")
    project.lay(following("None"))
    said = f"{place} {NEXT} does not name under Migrations\n"
    said += "    help: name it there with its path, and say when it is to be run\n"
    assert run(ID) == (1, f"{said}1 finding in 1 file\n", "")
    project.lay(following("- `uv run scripts/backfill.py` after the deploy"))
    assert is_clean(run(ID))


def test_the_changelog_comes_last(project: Project, run: Run) -> None:
    project.lay(changelog("- `add_b`") | migrations("add_a", "add_b<add_a"))
    project.git("commit", "-qm", "released")
    project.git("checkout", "-qb", "feature")
    project.lay(migrations("add_a", "add_b<add_a", "add_c<add_b"))
    assert run(ID)[0] == run(ID, "--base", "main")[0] == 1
    project.git("commit", "-qm", "migration")
    assert run(ID)[0] == 1
    # The next version's page is begun, and does not name it.
    project.lay(following("None"))
    assert run(ID)[0] == 1
    project.lay(following("- `add_c`"))
    assert is_clean(run(ID))


def test_since(project: Project, run: Run) -> None:
    config = "[tool.definition-of-done]\nsince = 'add_b'\n"
    project.lay({**migrations(*CHAIN), **changelog("None", None), "pyproject.toml": config})
    lines = run(ID)[1].splitlines()[::2]
    assert [line.partition(":")[0] for line in lines[:-1]] == [
        f"{FOLDER}/add_{letter}.py" for letter in "cd"
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("None", ALL),
        ("<!-- later -->", f"<!-- later -->\n\n{ALL}"),
        ("No downtime.", f"No downtime.\n\n{ALL}"),
        ("- `scripts/run.py`", f"{ALL}\n- `scripts/run.py`"),
        ("* add_d: the last\n* add_b", "* add_b\n* `add_c`\n* add_d: the last"),
        (
            "- `add_d` keeps\n  lines\n\n  and\n\n- `scripts/run.py`\n\n- `add_b`: b\n  - x",
            "- `add_b`: b\n  - x\n\n- `scripts/run.py`\n\n- `add_c`"
            "\n\n- `add_d` keeps\n  lines\n\n  and",
        ),
        ("1. `add_d`\n2. `add_b`", "1. `add_b`\n2. `add_c`\n3. `add_d`"),
        ("- `add_b`\n- `add_c`\n- `scripts/run.py`", f"{ALL}\n- `scripts/run.py`"),
        ("7) `add_d`", "7) `add_b`\n8) `add_c`\n9) `add_d`"),
        (
            "9. `add_d`\n   of d\n\n   at last\n10. `add_b`\n    of b",
            "9. `add_b`\n   of b\n10. `add_c`\n11. `add_d`\n    of d\n\n    at last",
        ),
        (
            "- `add_b`\n\n- `add_d`\n- `scripts/run.py`",
            "- `add_b`\n\n- `add_c`\n- `add_d`\n\n- `scripts/run.py`",
        ),
        ("1. `add_d`\n1. `add_b`", "1. `add_b`\n1. `add_c`\n1. `add_d`"),
        ("- `add_c`\n\n- `add_d`", "- `add_b`\n\n- `add_c`\n\n- `add_d`"),
        (
            "- Credits:\n  - `add_d`\n  - `add_b`",
            "- Credits:\n  - `add_b`\n  - `add_c`\n  - `add_d`",
        ),
        ("- `add_a`\n- `add_b`\n- `add_c`\n- `add_d`", ALL),
    ],
)
def test_fix(before: str, after: str, newline: str, project: Project, run: Run) -> None:
    project.lay({**migrations(*CHAIN), "scripts/run.py": ""})
    project.git("commit", "-qm", "x")
    files = changelog(before)
    project.lay({path: text.replace("\n", newline) for path, text in files.items()})
    assert run(ID, "--fix")[0] == 1
    fixed = (project.root / PATH).read_bytes().decode()
    assert fixed == page(LIST, after)[PATH].replace("\n", newline)
    assert is_clean(run(ID, "--fix"))


@pytest.mark.parametrize(
    "source",
    [
        "- `add_d`\n\nThen\n\n- `add_b`",
        "- `add_d`, `add_b`\n- `add_c`",
        "None <!-- so far -->",
        "- x\n\nand\n\n- y",
        "- `add_d`\n- `add_b`\n\n## Migrations\n\n- `add_c`",
    ],
)
def test_fix_refuses_what_is_not_certain(source: str, project: Project, run: Run) -> None:
    project.lay({**migrations(*CHAIN), **changelog(source)})
    assert NOT_KEPT in run(ID, "--fix")[1]
    assert (project.root / PATH).read_text() == page(LIST, source)[PATH]


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=20)
@given(graph=graphs(), data=st.data())
def test_fix_lists_what_alembic_walks(
    project: Project, run: Run, graph: dict[str, tuple[list[str], list[str]]], data: st.DataObject
) -> None:
    for path in (project.root / FOLDER).glob("*.py"):
        path.unlink()
    links = [
        f"r_{n}<{'+'.join(f'r_{p}' for p in down)}!{'+'.join(f'r_{p}' for p in deps)}"
        for n, (down, deps) in graph.items()
    ]
    listed = data.draw(st.permutations([f"r_{name}" for name in graph]))
    listed = listed[: data.draw(st.integers(0, len(listed)))]
    items = [f"- `{name}`: text of {name}" for name in listed]
    at = data.draw(st.integers(0, len(items)))
    items.insert(at, "- `scripts/run.py`")
    root = "[tool.definition-of-done]\nsince = 'r_root'\n"
    links = [link.replace("<!", "<r_root!") for link in links]
    source = page(LIST, "\n".join(items))
    project.lay(
        {**migrations("r_root", *links), **source, "scripts/run.py": "", "pyproject.toml": root}
    )
    project.git("add", "--all")
    run(ID, "--fix")
    fixed = (project.root / PATH).read_text()
    head, _, rest = fixed.partition("## Migrations\n\n")
    body, _, tail = rest.partition("\n\n## Frontend impact")
    old_head, _, old = source[PATH].partition("## Migrations\n\n")
    assert (head, tail) == (old_head, old.partition("\n\n## Frontend impact")[2])
    lines = body.split("\n")
    assert lines[at] == "- `scripts/run.py`" or len(listed) < len(graph)
    order = [line.split("`")[1] for line in lines if "r_" in line]
    assert sorted(order) == sorted(f"r_{name}" for name in graph)
    for name, (down, deps) in graph.items():
        assert all(order.index(f"r_{up}") < order.index(f"r_{name}") for up in (*down, *deps))
    assert set(items) <= set(lines)
    assert is_clean(run(ID, "--fix"))
    assert (project.root / PATH).read_text() == fixed


@pytest.mark.parametrize(
    ("tag", "old"),
    [("", "- `add_a`"), ("v1.2.0", "- `add_a`"), ("release-1.2.0", None)],
)
@pytest.mark.parametrize("new", ["- `add_b`", "- `add_b`\n- `add_a`", ""])
def test_a_released_page_is_not_edited(
    tag: str, old: str | None, new: str, project: Project, run: Run
) -> None:
    before = migrations("add_a", "add_b<add_a")
    project.lay({**before, **changelog(new, old)})
    project.git("commit", "-qm", "released")
    if tag:
        project.git("tag", tag)
    project.git("checkout", "-qb", "feature")
    project.lay(migrations(*CHAIN[:3]))
    project.git("commit", "-qm", "migration")
    head = f"{FOLDER}/add_c.py:1:12: {ID}: revision 'add_c' is listed on no changelog page\n"
    for argv in ((), ("--fix",), ("--base", "main"), ("--base", "main", "--fix")):
        code, out, err = run(ID, *argv)
        assert (code, err) == (1, "")
        assert f"{head}    help: {BUMP}\n" in out
        assert "--fix leaves the page, as it is released\n" in out or "behind" not in out
    assert project.git("status", "--porcelain") == ""


def test_a_revision_joins_the_page_that_is_not_tagged(project: Project, run: Run) -> None:
    project.lay({**migrations("add_a", "add_b<add_a"), **changelog("- `add_b`")})
    project.git("commit", "-qm", "released")
    project.git("tag", "v1.1.0")
    project.git("checkout", "-qb", "feature")
    project.lay(migrations(*CHAIN[:3]))
    project.git("commit", "-qm", "migration")
    report = missing("add_c", "behind 'add_b', or run with --fix")
    assert run(ID)[1].startswith(report)
    assert run(ID, "--fix")[0] == 1
    assert (project.root / PATH).read_text() == page(LIST, "- `add_b`\n- `add_c`")[PATH]


def test_without_a_base_nothing_is_edited(project: Project, run: Run) -> None:
    project.lay({**migrations(*CHAIN[:3]), **changelog("- `add_b`")})
    project.git("commit", "-qm", "x")
    project.git("checkout", "-q", "--detach")
    project.git("branch", "-D", "main")
    why = "; --fix leaves the page, as it may be released; if that version is out, "
    report = missing("add_c", f"behind 'add_b'{why}{BUMP}")
    assert run(ID, "--fix") == (1, f"{report}1 finding in 1 file\n", "")
    assert project.git("status", "--porcelain") == ""
