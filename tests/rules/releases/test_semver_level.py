"""semver-level: the step, the evidence, whose question it is, and what it cannot judge."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.repository import Project, Run

ID = "semver-level"
SCHEMA = "type Query {\n  vendors: [Vendor!]!\n}\n\ntype Vendor {\n  id: ID!\n  title: String!\n}\n"
FEATURE = "docs/feature/2026-06-01-credit-limit.md"
LINK = "## Added\n\n- [Credit limit](../feature/2026-06-01-credit-limit.md)\n"
SCHEMAS = {"schema.graphql": SCHEMA, "schema-admin.graphql": SCHEMA}


def version(number: str, page: str = "") -> dict[str, str]:
    return {
        "app/version.py": f'__version__ = "{number}"\n',
        f"docs/changelog/{number}.md": f"# {number}\n\n{page}",
    }


BEFORE = {**version("1.1.0"), **version("1.2.0"), **SCHEMAS, FEATURE: "# Credit limit\n"}


def start(project: Project, *, branch: str = "feature") -> None:
    project.lay(BEFORE)
    project.git("commit", "-qm", "released")
    if branch:
        project.git("checkout", "-qb", branch)


def schema(old: str, new: str) -> dict[str, str]:
    assert old in SCHEMA
    return {path: SCHEMA.replace(old, new) for path in SCHEMAS}


REMOVED = schema("  title: String!\n", "")
ROOT = schema("[Vendor!]!", "[Vendor!]!\n  vendor(id: ID!): Vendor")
FIELD = schema("String!", "String!\n  email: String")


def patch(number: str, last: str, why: str, fit: str, level: str) -> str:
    return (
        f"app/version.py:1:15: {ID}: version {number} is a patch step from {last}, but {why}\n"
        f"    help: release it as {fit}: this asks for a {level} step\n"
        "1 finding in 1 file\n"
    )


def owed(number: str, why: str) -> str:
    return (
        f"app/version.py:1:15: {ID}: version is still {number}, but {why}\n"
        "    help: bump it when the feature is done: definition-of-done bump; a branch that lands a"
        ' part names the rest under Future additions; release = "separate" if releases are apart\n'
        "1 finding in 1 file\n"
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            version("1.4.0"),
            f"app/version.py:1:15: {ID}: version 1.4.0 is not one step from 1.2.0\n"
            "    help: release it as 1.2.1, 1.3.0 or 2.0.0\n1 finding in 1 file\n",
        ),
        (
            version("1.3.1-rc.1"),
            f"app/version.py:1:15: {ID}: version 1.3.1-rc.1 is not one step from 1.2.0\n"
            "    help: release it as 1.2.1, 1.3.0 or 2.0.0\n1 finding in 1 file\n",
        ),
        (
            version("1.3"),
            f"app/version.py:1:15: {ID}: version '1.3' is not a semantic version\n"
            "    help: write it as MAJOR.MINOR.PATCH, a pre-release as MAJOR.MINOR.PATCH-rc.1;"
            ' or set version-scheme = "pep440"\n'
            "1 finding in 1 file\n",
        ),
        (
            {**version("1.2.1"), **REMOVED},
            patch("1.2.1", "1.2.0", "Vendor.title was removed (schema.graphql)", "2.0.0", "major"),
        ),
        (
            {**version("1.2.1"), **ROOT},
            patch("1.2.1", "1.2.0", "Query.vendor was added (schema.graphql)", "1.3.0", "minor"),
        ),
        (
            {**version("1.2.1-rc.1"), **ROOT},
            patch(
                "1.2.1-rc.1",
                "1.2.0",
                "Query.vendor was added (schema.graphql)",
                "1.3.0-rc.1",
                "minor",
            ),
        ),
        (
            {**version("1.2.1"), "schema-admin.graphql": REMOVED["schema-admin.graphql"]},
            patch(
                "1.2.1",
                "1.2.0",
                "Vendor.title was removed (schema-admin.graphql)",
                "2.0.0",
                "major",
            ),
        ),
        (
            version("1.2.1", LINK),
            patch("1.2.1", "1.2.0", f"{FEATURE} stands under Added", "1.3.0", "minor"),
        ),
        (
            {
                **version(
                    "1.2.1",
                    "## Migrations\n\n- `x`, see [it](../feature/2026-06-01-credit-limit.md#x)\n",
                ),
                FEATURE: "# Credit limit\n\n- **Coordinated**: yes, with the vendor page\n",
            },
            patch(
                "1.2.1",
                "1.2.0",
                f"{FEATURE} says 'Coordinated: yes, with the vendor page'",
                "2.0.0",
                "major",
            ),
        ),
        (
            {**version("1.2.1"), **schema("title: String!\n}", "name: String!\n}\nenum A { B }")},
            patch("1.2.1", "1.2.0", "Vendor.title was removed (schema.graphql)", "2.0.0", "major"),
        ),
        (
            {**version("1.2.1", LINK), FEATURE: "---\nCoordinated: yes\n---\n\n# Credit limit\n"},
            patch("1.2.1", "1.2.0", f"{FEATURE} says 'Coordinated: yes'", "2.0.0", "major"),
        ),
        (
            {
                **version("1.2.1"),
                **schema(
                    "}\n\ntype",
                    "}\n" + "".join(f"enum {name} {{ X }}\n" for name in "ABCD") + "type",
                ),
            },
            patch(
                "1.2.1",
                "1.2.0",
                "A was added (schema.graphql), B was added (schema.graphql),"
                " C was added (schema.graphql) and D was added (schema.graphql)",
                "1.3.0",
                "minor",
            ),
        ),
        (
            {
                **version("1.2.1"),
                **schema(
                    "}\n\ntype",
                    "}\n" + "".join(f"enum {name} {{ X }}\n" for name in "ABCDE") + "type",
                ),
            },
            patch(
                "1.2.1",
                "1.2.0",
                "A was added (schema.graphql), B was added (schema.graphql),"
                " C was added (schema.graphql) and 2 more",
                "1.3.0",
                "minor",
            ),
        ),
    ],
)
def test_finding(files: dict[str, str], expected: str, project: Project, run: Run) -> None:
    start(project)
    project.lay(files)
    assert run(ID) == (1, expected, "")


def test_minor_step_that_should_be_major(project: Project, run: Run) -> None:
    start(project)
    project.lay({**version("1.3.0", LINK), **REMOVED, FEATURE: "# x\n\nCoordinated: yes\n"})
    assert run(ID)[1] == (
        f"app/version.py:1:15: {ID}: version 1.3.0 is a minor step from 1.2.0,"
        f" but Vendor.title was removed (schema.graphql) and {FEATURE} says 'Coordinated: yes'\n"
        "    help: release it as 2.0.0: this asks for a major step\n1 finding in 1 file\n"
    )


@pytest.mark.parametrize(
    "files",
    [
        version("1.2.1"),
        {**version("1.2.1"), **FIELD},
        {**version("1.2.1"), **schema("type Vendor", '"""Who is owed"""\ntype Vendor')},
        {**version("1.3.0", LINK), **ROOT},
        {**version("2.0.0", LINK), **REMOVED},
        {**version("2.0.0-rc.1", LINK), **REMOVED},
        version("1.3.0-rc.1", LINK),
        # A link elsewhere, and a page that only speaks of it.
        {
            **version("1.2.1", "## Fixed\n\n- [x](../feature/2026-06-01-credit-limit.md)\n"),
            FEATURE: "# x\n\nIt is not yet said whether it is Coordinated: yes\n",
        },
        {**version("1.2.1"), FEATURE: "# x\n\nCoordinated: yes\n"},
        version(
            "1.2.1", "## Added\n\n- [x](https://example.com/docs/feature/x.md), [y](gone.md)\n"
        ),
        # An export that is new, or gone, is compared with nothing.
        {**version("1.2.1"), "schema.graphql": None},
    ],
)
def test_left_alone(files: dict[str, str], project: Project, run: Run) -> None:
    start(project)
    project.lay(files)
    assert run(ID)[0::2] == (0, "")


@pytest.mark.parametrize("before", ["type {\n", None])
def test_one_export_that_is_not_compared(before: str | None, project: Project, run: Run) -> None:
    project.lay({**BEFORE, "schema.graphql": before})
    project.git("commit", "-qm", "released")
    project.git("checkout", "-qb", "feature")
    project.lay({**version("1.2.1"), **REMOVED})
    why = "Vendor.title was removed (schema-admin.graphql)"
    assert run(ID)[1] == patch("1.2.1", "1.2.0", why, "2.0.0", "major")


def test_an_export_that_is_gone_beside_another(project: Project, run: Run) -> None:
    start(project)
    admin = {"schema-admin.graphql": REMOVED["schema-admin.graphql"]}
    project.lay({**version("1.2.1"), **admin, "schema.graphql": None})
    why = "Vendor.title was removed (schema-admin.graphql)"
    assert run(ID)[1] == patch("1.2.1", "1.2.0", why, "2.0.0", "major")


def test_a_version_without_a_page(project: Project, run: Run) -> None:
    start(project)
    source = {"app/version.py": '__version__ = "1.2.1"\n'}
    project.lay({**source, **REMOVED})
    why = "Vendor.title was removed (schema.graphql)"
    assert run(ID)[1] == patch("1.2.1", "1.2.0", why, "2.0.0", "major")
    # It stands on the base already.
    project.git("reset", "-q", "--hard", "main")
    project.git("checkout", "-q", "main")
    project.lay(source)
    project.git("commit", "-qm", "bumped")
    project.git("checkout", "-qb", "next")
    project.lay({**REMOVED, "app/version.py": '__version__ = "1.2.1"  # ours\n'})
    assert run(ID) == (1, owed("1.2.1", why), "")


def test_main_of_a_shallow_clone_is_compared_with_nothing(
    project: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start(project, branch="")
    project.lay(REMOVED)
    project.git("commit", "-qm", "breaks")
    clone = tmp_path_factory.mktemp("clone")
    project.git("clone", "-q", "--depth=1", f"file://{project.root}", str(clone))
    monkeypatch.chdir(clone)
    assert run(ID) == (0, "no findings (2 files judged)\n", "")


def test_a_feature_that_has_not_bumped_yet(project: Project, run: Run) -> None:
    start(project)
    project.lay({**REMOVED, FEATURE: "# x\n\nCoordinated: yes\n"})
    report = owed("1.2.0", "Vendor.title was removed (schema.graphql)")
    assert run(ID) == (1, report, "")
    # A commit may leave it open, and a team that releases apart owes none.
    assert ID not in run("definition-of-done", "check", "--from-runner", "schema.graphql")[1]
    project.lay({"pyproject.toml": '[tool.definition-of-done]\nrelease = "separate"\n'})
    assert run(ID)[0::2] == (0, "")


def test_the_setting_is_one_of_two(project: Project, run: Run) -> None:
    start(project)
    project.lay({"pyproject.toml": '[tool.definition-of-done]\nrelease = "apart"\n'})
    where = f"{ID}: error: pyproject.toml: [tool.definition-of-done]"
    known = "release must be 'per-feature' or 'separate', not 'apart'"
    assert run(ID) == (2, "", f"{where}: {known}\n")


def test_after_the_merge_it_is_no_later_branchs_question(project: Project, run: Run) -> None:
    start(project)
    project.lay({**version("1.3.0", LINK), **ROOT})
    project.git("commit", "-qm", "feature")
    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "feature")
    assert run(ID)[0::2] == (0, "")
    project.git("checkout", "-qb", "next")
    project.lay(REMOVED)
    gone = "Query.vendor was removed (schema.graphql) and Vendor.title was removed (schema.graphql)"
    assert run(ID)[1] == owed("1.3.0", gone)
    project.git("commit", "-qm", "not bumped yet")
    # A word mended on the page of the last release does not make it this branch's.
    project.lay(version("1.3.0", f"Word.\n\n{LINK}"))
    assert run(ID)[0::2] == (0, "")
    # Another feature put into a release that stands on the base is judged with what came with it.
    other = "docs/feature/2026-07-01-other.md"
    project.lay(
        {**version("1.3.0", f"{LINK}- [Other](../feature/2026-07-01-other.md)\n"), other: ""}
    )
    assert "is a minor step from 1.2.0, but Query.vendor was removed" in run(ID)[1]


def test_the_whole_branch_is_judged(project: Project, run: Run) -> None:
    start(project)
    project.lay(REMOVED)
    project.git("commit", "-qm", "breaks")
    project.lay(version("1.2.1"))
    project.git("commit", "-qm", "bumps")
    assert run(ID)[0] == 1
    project.lay({"README.md": "x\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")


def test_a_commit_on_main_is_compared_with_the_one_before(project: Project, run: Run) -> None:
    start(project, branch="")
    project.lay({**version("1.2.1"), **REMOVED})
    assert run(ID)[0] == 1
    project.git("commit", "-qm", "released")
    assert run(ID)[0::2] == (0, "")


def test_first_commit(project: Project, run: Run) -> None:
    project.lay({**version("0.1.0", LINK), **SCHEMAS, FEATURE: "# x\n"})
    assert run(ID)[0::2] == (0, "")


def test_before_the_first_major_version(project: Project, run: Run) -> None:
    project.lay({**version("0.2.0"), **SCHEMAS})
    project.git("commit", "-qm", "released")
    project.git("checkout", "-qb", "feature")
    project.lay({**version("0.3.0"), **REMOVED})
    assert run(ID)[0] == 0
    project.lay({"docs/changelog/0.3.0.md": None, **version("0.2.1")})
    assert run(ID)[1] == patch(
        "0.2.1", "0.2.0", "Vendor.title was removed (schema.graphql)", "0.3.0", "minor"
    )


def test_pre_releases_follow_each_other(project: Project, run: Run) -> None:
    start(project)
    project.lay({**version("1.3.0-rc.1", LINK), **ROOT})
    assert run(ID)[0::2] == (0, "")
    for number in ("1.3.0-rc.2", "1.3.0-rc.10", "1.3.0"):
        project.lay(version(number, LINK))
        note = f"{ID}: not evaluated: what changed since 1.2.0, as {number} follows a pre-release\n"
        code, _, err = run(ID)
        assert (code, err) == (0, note)
    project.lay(version("1.5.0"))
    assert "version 1.5.0 is not one step from 1.3.0\n" in run(ID)[1]


@pytest.mark.parametrize(
    ("number", "code"), [("1.0.0", 0), ("2.0.0", 1), ("1.0.1", 1), ("1.2.0", 1)]
)
def test_nothing_but_a_pre_release_before(
    number: str, code: int, project: Project, run: Run
) -> None:
    project.lay({**version("1.0.0-rc.1"), **version(number)})
    assert run(ID)[0] == code


def test_without_a_base_step_and_changelog_are_judged(project: Project, run: Run) -> None:
    start(project, branch="")
    project.lay({**version("1.2.1", LINK), **REMOVED})
    project.git("commit", "-qm", "release")
    project.git("checkout", "-q", "--detach")
    project.git("branch", "-qD", "main")
    assert run(ID) == (
        1,
        patch("1.2.1", "1.2.0", f"{FEATURE} stands under Added", "1.3.0", "minor"),
        f"{ID}: not evaluated: the change of the schema: no base; fetch the main branch,"
        " or name it with --base\n",
    )
    assert run(ID, "--require-base")[0] == 2
    project.git("rm", "-q", *SCHEMAS)
    project.git("commit", "-qm", "no schema, nothing to compare")
    assert run(ID)[2] == ""


def test_a_comment_for_what_was_not_judged_stays(project: Project, run: Run) -> None:
    start(project, branch="")
    silenced = f"  # dod: ignore[{ID}] the frontend knows\n"
    project.lay(
        {**version("1.2.1"), **REMOVED, "app/version.py": f'__version__ = "1.2.1"{silenced}'}
    )
    assert run(ID)[0] == 0
    project.git("commit", "-qm", "release")
    project.git("checkout", "-q", "--detach")
    project.git("branch", "-qD", "main")
    code, out, err = run(ID)
    assert (code, out[:11]) == (0, "no findings")
    assert err.startswith(f"{ID}: not evaluated: ")


@pytest.mark.parametrize("bumped", [True, False])
def test_schema_that_does_not_parse(bumped: bool, project: Project, run: Run) -> None:
    start(project)
    project.lay(
        {**(version("1.2.1") if bumped else {}), "schema.graphql": "type Query {\n  a(: Int\n}\n"}
    )
    assert run(ID)[:2] == (
        1,
        "schema.graphql:2:5: unreadable: not GraphQL: Expected Name, found ':'\n"
        "1 finding in 1 file\n",
    )


def test_schema_of_the_base_that_does_not_parse(project: Project, run: Run) -> None:
    project.lay({**BEFORE, "schema.graphql": "type Query {\n"})
    project.git("commit", "-qm", "released")
    project.git("checkout", "-qb", "feature")
    project.lay({**version("1.2.1"), **SCHEMAS})
    assert run(ID)[0::2] == (
        0,
        f"{ID}: not evaluated: the change of schema.graphql: on the base it is not GraphQL:"
        " Expected Name, found <EOF>\n",
    )


def test_places_of_its_own(project: Project, run: Run) -> None:
    table = '[tool.definition-of-done]\nschema-exports = ["api/public.graphql"]\nchangelog = ""\n'
    project.lay({"pyproject.toml": table, "api/public.graphql": SCHEMA, **version("1.2.0")})
    project.git("commit", "-qm", "released")
    project.git("checkout", "-qb", "feature")
    project.lay(
        {"app/version.py": '__version__ = "1.2.1"\n', "api/public.graphql": "type Q { a: A }"}
    )
    # Without pages nothing names the version before.
    assert run(ID)[0::2] == (0, "")
    project.lay({"pyproject.toml": table.replace("public", "gone")})
    assert run(ID)[0] == 2


def test_json_names_the_step(project: Project, run: Run) -> None:
    start(project)
    project.lay(version("3.0.0"))
    (found,) = json.loads(run(ID, "--format", "json")[1])["findings"]
    assert (found["symbol"], found["fixable"], found["contract"]) == ("step", False, "7.2")


def test_nothing_staged_of_concern_imports_no_parser(project: Project) -> None:
    start(project)
    project.lay({"README.md": "x\n"})
    code = (
        "import sys; from definition_of_done.commands.hook import run_hook;"
        "code = run_hook('semver-level', []);"
        "print(code, sorted({'graphql', 'yaml', 'markdown_it', 're'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stderr.startswith("0 [")
    assert "graphql" not in ran.stderr
