"""deltas-enumerated: exact findings, what it must leave alone, and both sides of a branch."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules._pages import PAGE, changelog, feature_page, start_branch

ID = "deltas-enumerated"
FOLDER = "app/graphql/refunds"
SERVICE = f"{FOLDER}/services/refund_service.py"
CODE = "class RefundService:\n    def refund(self): pass\n    def _check(self): pass\n"
CLEAN = "no findings ("


def _said(path: str, layer: str, verb: str = "adds", line: int = 13) -> str:
    return (
        f"{PAGE}:{line}:1: {ID}: {path} is a {layer} that the branch {verb},"
        " and What's being implemented does not name it\n"
        "    help: link to it there\n"
    )


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        (f"{FOLDER}/models/refund.py", "model"),
        (f"{FOLDER}/models.py", "model"),
        (f"{FOLDER}/models/parts/line.py", "model"),
        (f"{FOLDER}/services/refund_service.py", "service"),
        (f"{FOLDER}/queries.py", "resolver"),
        (f"{FOLDER}/mutations/create.py", "resolver"),
        (f"{FOLDER}/types.py", "GraphQL type"),
        (f"{FOLDER}/inputs.py", "GraphQL input"),
        (f"{FOLDER}/resolvers/one.py", "resolver"),
        (f"{FOLDER}/tasks/nightly.py", "worker task"),
        ("app/graphql/tasks/models/task.py", "model"),
        ("scripts/once.py", "script"),
    ],
)
def test_files_are_listed(path: str, layer: str, project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), path: "X = 1\n"})
    assert run(ID) == (1, _said(path, layer) + "1 finding in 1 file\n", "")
    for deltas in (
        f"- [the file](https://example.com/blob/main/{path}#L1)",
        f"- [the file](../../{path})",
        f"- [the file](../../{path}), that is `{path}`",
        f"- [{path}](elsewhere.md)",
    ):
        project.lay({PAGE: feature_page(deltas=deltas)})
        assert run(ID)[:2] == (0, f"{CLEAN}2 files judged)\n"), deltas
    for deltas in (
        f"- `{path}`",
        f"- see {path}.",
        f"| file |\n| --- |\n| {path} |",
        f"```\n{path}\n```",
    ):
        project.lay({PAGE: feature_page(deltas=deltas)})
        assert f"What's being implemented names {path} without a link\n" in run(ID)[1], deltas
    for deltas in (f"- `x/{path}`", f"- `{path}.bak/x`", f"- {path[:-3]}", f"- `{path}i`"):
        project.lay({PAGE: feature_page(deltas=deltas)})
        assert run(ID)[0] == 1, deltas


@pytest.mark.parametrize(
    "path",
    [
        f"{FOLDER}/services/__init__.py",
        f"{FOLDER}/services/tests/test_it.py",
        f"{FOLDER}/services/notes.md",
        f"{FOLDER}/static/.gitkeep",
        "app/py.typed",
        "app/graphql/schema.py",
        "alembic/versions/20260601_refunds.py",
        "manage.py",
        "tests/graphql/refunds/services/test_refund.py",
    ],
)
def test_other_files(path: str, project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), path: "from .x import y\n"})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        (f"{FOLDER}/repositories/refund_repository.py", "repository"),
        (f"{FOLDER}/helpers.py", "file"),
        ("app/graphql/models.py", "file"),
        ("app/models/refund.py", "file"),
        ("app/templates/refund.html", "file"),
        ("scripts/lib/helper.py", "file"),
    ],
)
def test_what_is_added_to_the_folders_of_the_code_is_listed(
    path: str, layer: str, project: Project, run: Run
) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), path: "from .x import y\n"})
    assert run(ID)[:2] == (1, _said(path, layer) + "1 finding in 1 file\n")


def test_a_path_becomes_a_link_like_the_others(project: Project, run: Run) -> None:
    start_branch(project)
    home = "https://example.com/sample/-/blob/main/"
    others = f"- [page]({home}{PAGE})\n"
    deltas = f"{others}- `{SERVICE}`: `refund`\n- `scripts/x.py --all`, then ./scripts/once.py."
    project.lay({PAGE: feature_page(deltas=deltas), SERVICE: CODE})
    project.lay({"scripts/once.py": "X = 1\n", "scripts/x.py": "X = 1\n"})
    assert "2 findings fixed" in run(ID, "--fix")[1]
    fixed = (project.root / PAGE).read_text()
    assert f"- [`{SERVICE}`]({home}{SERVICE}): `refund`\n" in fixed
    assert f"- `scripts/x.py --all`, then [./scripts/once.py]({home}scripts/once.py)." in fixed


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("git@github.com:acme/api.git", "https://github.com/acme/api/blob/dev/"),
        ("https://gitlab.com/acme/api.git", "https://gitlab.com/acme/api/-/blob/dev/"),
        ("ssh://git@bitbucket.org/acme/api", "https://bitbucket.org/acme/api/src/dev/"),
        ("https://git.acme.example/api.git", ""),
    ],
)
def test_a_path_becomes_a_link_to_origin(
    origin: str, address: str, project: Project, run: Run
) -> None:
    start_branch(project)
    project.git("remote", "add", "origin", origin)
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/dev")
    project.git("update-ref", "refs/remotes/origin/dev", "main")
    project.lay({PAGE: feature_page(deltas="- scripts/x.py"), "scripts/x.py": "X = 1\n"})
    run(ID, "--fix")
    text = f"[scripts/x.py]({address}scripts/x.py)" if address else "scripts/x.py"
    assert (project.root / PAGE).read_text().endswith(f"- {text}\n")


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("``scripts/x.py``", "[``scripts/x.py``]({})"),
        ("`` `scripts/x.py` ``", None),
        ("`` scripts/x.py ``", None),
        ("`scripts/x.py:1`", None),
        ("(scripts/x.py)", "([scripts/x.py]({}))"),
    ],
)
def test_a_path_becomes_a_link_where_it_would_be_one(
    written: str, linked: str | None, project: Project, run: Run
) -> None:
    start_branch(project)
    address = "https://example.com/sample/-/blob/main/"
    deltas = f"- [page]({address}{PAGE})\n- {written}"
    project.lay({PAGE: feature_page(deltas=deltas), "scripts/x.py": "X = 1\n"})
    run(ID, "--fix")
    shown = (linked or written).format(f"{address}scripts/x.py")
    assert (project.root / PAGE).read_text().endswith(f"- {shown}\n")


def test_a_package_that_defines_something_is_listed(project: Project, run: Run) -> None:
    start_branch(project)
    path = f"{FOLDER}/types/__init__.py"
    project.lay({PAGE: feature_page(), path: "class Refund: ...\n"})
    assert run(ID)[1].startswith(_said(path, "GraphQL type"))


def test_methods_of_a_new_service(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(deltas=f"- [x](../../{SERVICE})"), SERVICE: CODE})
    said = (
        f"{PAGE}:13:1: {ID}: RefundService.refund at {SERVICE}:2 is exposed by a new service,"
        " and What's being implemented does not name it\n    help: name it there\n"
    )
    assert run(ID) == (1, f"{said}1 finding in 1 file\n", "")
    project.lay(
        {PAGE: feature_page(deltas=f"- [x](../../{SERVICE}) with `RefundService.refund()`")}
    )
    assert run(ID)[0] == 0
    # A word within another one is not its name.
    project.lay({PAGE: feature_page(deltas=f"- [x](../../{SERVICE}) makes refunds: `refund_all`")})
    assert run(ID)[0] == 1


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{url}: `refund`", 0),
        ("<a href='{url}#L1'>the service</a>: `refund`", 0),
        ("the service[^1]: `refund`\n\n[^1]: [the service]({url})", 0),
        ("!!! note\n\n    - [the service]({url}): `refund`", 0),
        ("`{url}`: `refund`", 1),
        ("{url}.bak: `refund`", 1),
    ],
)
def test_links_of_other_forms(written: str, code: int, project: Project, run: Run) -> None:
    start_branch(project)
    url = f"https://example.com/sample/blob/main/{SERVICE}"
    project.lay({PAGE: feature_page(deltas=f"{written.format(url=url)}"), SERVICE: CODE})
    assert run(ID)[0] == code


def test_functions_of_a_new_service(project: Project, run: Run) -> None:
    start_branch(project)
    path = f"{FOLDER}/services.py"
    project.lay({PAGE: feature_page(deltas=f"- `{path}`"), path: "def pay_back(): ...\n"})
    assert f": pay_back at {path}:1 is exposed by a new service," in run(ID)[1]


def test_a_service_that_moves_or_grows_is_not_new(project: Project, run: Run) -> None:
    old = f"{FOLDER}/services/old.py"
    functions = f"{FOLDER}/services/functions.py"
    start_branch(project, {old: CODE, functions: "def a(): ...\n"})
    project.lay(
        {
            PAGE: feature_page(deltas=f"- [x](../../{SERVICE}), [y](../../{functions})"),
            old: None,
            SERVICE: CODE + "    def more(self): ...\n",
            functions: "def a(): ...\ndef b(): ...\n",
        }
    )
    assert run(ID)[0] == 0


def test_changed_files_are_listed_and_deleted_ones_are_not(project: Project, run: Run) -> None:
    gone = f"{FOLDER}/types.py"
    start_branch(project, {SERVICE: CODE, gone: "X = 1\n"})
    project.lay({PAGE: feature_page(), SERVICE: "# why\n" + CODE, gone: None})
    assert run(ID)[:2] == (1, _said(SERVICE, "service", "changes") + "1 finding in 1 file\n")


def test_without_a_page_nothing_is_said(project: Project, run: Run) -> None:
    start_branch(project, {PAGE: feature_page()})
    project.lay({SERVICE: CODE})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")


def test_a_feature_in_several_commits_and_an_amended_one(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page()})
    assert run(ID)[0] == 0
    project.git("commit", "-qm", "the plan")
    project.lay({SERVICE: CODE})
    found = run(ID)[1]
    lacks = f"What's being implemented does not name RefundService.refund or {SERVICE}"
    advice = "name each there; link to each there"
    assert found == f"{PAGE}:13:1: {ID}: {lacks}\n    help: {advice}\n1 finding in 1 file\n"
    project.git("commit", "-qm", "the service")
    assert run(ID)[1] == found
    project.lay({PAGE: feature_page(deltas=f"- [x](../../{SERVICE}): `refund`")})
    assert run(ID)[0] == 0
    project.git("commit", "-q", "--amend", "-m", "the service, listed")
    assert run(ID)[0] == 0
    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "feature")
    assert run(ID)[:2] == (0, "no findings (0 files judged)\n")


def test_what_is_staged_elsewhere_does_not_concern_it(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), SERVICE: "X = 1\n"})
    project.git("commit", "-qm", "feature")
    staged = {"docs/x.png": False, "docs/x.md": False, "docs/changelog/1.3.0.md": True}
    for path, concerned in {**staged, "tests/test_x.py": False, "app/x.py": True}.items():
        project.lay({path: "x = 1\n"})
        assert (run(ID)[0] == 1) == concerned, path
        project.git("commit", "-qm", "another")


def test_the_page_of_the_branch_may_be_an_older_one(project: Project, run: Run) -> None:
    start_branch(project, {PAGE: feature_page()})
    project.lay({PAGE: feature_page(surface="More"), SERVICE: "X = 1\n"})
    assert run(ID)[1].startswith(_said(SERVICE, "service"))


def test_any_page_of_the_branch_may_list_it(project: Project, run: Run) -> None:
    other = PAGE.replace("06-01", "05-01")
    start_branch(project)
    project.lay({PAGE: feature_page(), other: feature_page(), SERVICE: "X = 1\n"})
    assert run(ID)[1].startswith(_said(SERVICE, "service"))
    project.lay({other: feature_page(deltas=f"- [x](../../{SERVICE})")})
    assert run(ID)[0] == 0


@pytest.mark.parametrize("section", ["", "\n## What's being implemented\n\n<!-- later -->\n"])
def test_a_missing_section_is_one_finding_of_another_rule(
    section: str, project: Project, run: Run
) -> None:
    start_branch(project)
    page = f"Refunds\n=======\n{section}"
    project.lay({PAGE: page, SERVICE: CODE, f"{FOLDER}/types.py": "X = 1\n"})
    assert run(ID)[0] == 0
    out = run("feature-plan-shape")[1]
    assert out.count("What's being implemented") == (1 if section else 2)
    # One page of the branch with the section is enough for the others.
    project.lay(
        {PAGE.replace("06-01", "05-01"): feature_page(deltas=f"- [x](../../{FOLDER}/types.py)")}
    )
    assert f"does not name RefundService.refund or {SERVICE}\n" in run(ID)[1]


@pytest.mark.parametrize(
    ("before", "after", "config"),
    [
        ({}, {"app/graphql/rbac/models/models.py": "class Path: ...\n"}, ""),
        ({}, {"app/graphql/schema.py": "class Query: ...\n"}, ""),
        ({}, {"app/graphql/schema/queries.py": "class Query: ...\n"}, ""),
        (
            {},
            {
                "app/graphql/core/queries/mount.py": "import strawberry\n@strawberry.type\n"
                "class Query:\n    a: int\nschema = strawberry.Schema(query=Query)\n"
            },
            "",
        ),
        (
            {},
            {f"{FOLDER}/models/version.py": "VERSION = '1.0.0'\n"},
            f'version-file = "{FOLDER}/models/version.py"\n',
        ),
        ({}, {f"{FOLDER}/services/__init__.py": ""}, ""),
        ({}, {f"{FOLDER}/services/__init__.py": '"""The def of it, a class of its own."""\n'}, ""),
        ({}, {f"{FOLDER}/types/__init__.py": "from .a import A\n\n__all__ = ['A']\n"}, ""),
        ({f"{FOLDER}/types.py": "X = 1\n"}, {f"{FOLDER}/inputs.py": "X = 1\n"}, ""),
        (
            {SERVICE: CODE},
            {SERVICE.replace("refund_service", "pay_back"): f"from x import y\n{CODE}"},
            "",
        ),
        ({SERVICE: CODE}, {SERVICE.replace("refunds/", "paybacks/"): CODE}, ""),
        (
            {SERVICE: CODE},
            {SERVICE.replace("refund_service", "pay"): CODE.replace("class Refund", "class Pay")},
            "",
        ),
    ],
)
def test_needs_no_line(
    before: dict[str, str], after: dict[str, str], config: str, project: Project, run: Run
) -> None:
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\n{config}", **dict(after)})
    project.git("rm", "-q", "--cached", *after)
    start_branch(project, before)
    project.lay({PAGE: feature_page(), **dict.fromkeys(before), **after})
    assert run(ID)[:1] == (0,), run(ID)[1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"app/graphql/rbac/services/models.py": "X = 1\n"}),
        ({}, {f"{FOLDER}/services/__init__.py": "def pay_back(): ...\n"}),
        ({f"{FOLDER}/types.py": "X = 1\n"}, {f"{FOLDER}/inputs.py": "X = 1\nY = 2\nZ = 3\n"}),
    ],
)
def test_needs_a_line_all_the_same(
    before: dict[str, str], after: dict[str, str], project: Project, run: Run
) -> None:
    start_branch(project, before)
    project.lay({PAGE: feature_page(), **dict.fromkeys(before), **after})
    assert run(ID)[0] == 1
    # A copy of a file that stays is a file more.
    project.lay(before)
    assert run(ID)[0] == 1


def test_what_a_merge_brings_in_is_not_the_branchs(project: Project, run: Run) -> None:
    start_branch(project, {f"{FOLDER}/types.py": "X = 1\n"})
    project.lay(
        {
            PAGE: feature_page(deltas=f"- [x](../../{FOLDER}/types.py)"),
            f"{FOLDER}/types.py": "X = 2\n",
        }
    )
    project.git("commit", "-qm", "feature")
    project.git("checkout", "-q", "main")
    project.lay({SERVICE: CODE, f"{FOLDER}/types.py": "X = 3\n"})
    project.git("commit", "-qm", "of somebody else")
    project.git("checkout", "-q", "feature")
    with pytest.raises(Exception, match="merge"):
        project.git("merge", "-q", "main")
    project.lay({f"{FOLDER}/types.py": "X = 4\n"})
    assert run(ID)[:2] == (0, "no findings (2 files judged)\n")
    project.git("commit", "-qm", "merge")
    assert run(ID)[0] == 0


def test_without_a_base(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), SERVICE: "X = 1\n"})
    project.git("commit", "-qm", "feature")
    project.git("branch", "-qD", "main")
    note = f"{ID}: not evaluated: no base; fetch the main branch, or name it with --base\n"
    assert run(ID) == (0, "no findings (0 files judged)\n", note)
    assert run(ID, "--require-base")[0] == 2
    assert run(ID, "--base", "HEAD~1")[0] == 1
    # The commit's own change can be judged.
    project.lay({SERVICE: "X = 2\n", PAGE: feature_page(tasks="Later")})
    assert run(ID)[1].startswith(_said(SERVICE, "service", "changes"))


def test_a_team_without_feature_pages_needs_no_base(project: Project, run: Run) -> None:
    project.lay({SERVICE: CODE})
    project.git("commit", "-qm", "code")
    project.git("checkout", "-q", "--detach")
    project.git("branch", "-qD", "main")
    assert run(ID) == (0, "no findings (0 files judged)\n", "")


def test_code_that_is_no_python(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(deltas=f"- [x](../../{SERVICE})"), SERVICE: "class:\n"})
    assert run(ID)[:2] == (
        1,
        f"{SERVICE}:1:6: unreadable: not Python: invalid syntax\n1 finding in 1 file\n",
    )


def test_paths_of_a_final_page_exist(project: Project, run: Run) -> None:
    start_branch(project, {f"{FOLDER}/old.py": "X = 1\n"})
    deltas = (
        f"- [s](../../{SERVICE}): `refund`\n- [x](../../{FOLDER}/gone.py), {FOLDER}/typo.py\n"
        f"- `other/x.py`, `https://a.b/{FOLDER}/url.py`, `{FOLDER}/*.py`, `{FOLDER}/later.py`\n"
        f"- {FOLDER}/old.py goes\n"
    )
    body = feature_page(deltas=deltas) + f"\n## Future additions\n\n- {FOLDER}/later.py: later\n"
    project.lay({PAGE: body, SERVICE: CODE, f"{FOLDER}/old.py": None})
    # Before it ships, a page names what is still to be written.
    assert run(ID)[0] == 0
    project.lay(changelog())
    column = deltas.splitlines()[1].index(f" {FOLDER}/typo") + 2
    assert run(ID)[1] == (
        f"{PAGE}:16:{column}: {ID}: What's being implemented names {FOLDER}/typo.py,"
        " which does not exist\n"
        "    help: correct the path, or move what did not ship to Future additions\n"
        "1 finding in 1 file\n"
    )


def test_files_of_a_final_page_hold_code(project: Project, run: Run) -> None:
    start_branch(project, {f"{FOLDER}/old.py": ""})
    deltas = "- " + ", ".join(f"{FOLDER}/{name}.py" for name in ("rounding", "old", "__init__"))
    body = feature_page(deltas=f"- [s](../../{SERVICE}): `refund`\n{deltas}\n")
    project.lay({PAGE: f"{body}\n## Future additions\n\nNone\n", SERVICE: CODE})
    project.lay({f"{FOLDER}/rounding.py": '"""Later."""\n', f"{FOLDER}/__init__.py": ""})
    project.lay(changelog())
    expected = (
        f"What's being implemented names {FOLDER}/rounding.py, which holds no code\n"
        "    help: write it, or move what did not ship to Future additions\n"
    )
    out = run(ID)[1]
    assert expected in out
    assert out.count("which holds no code") == 1


def test_other_folders(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": '[tool.definition-of-done]\nresources = "api"\n'})
    start_branch(project, {"api/x.py": ""})
    project.lay({PAGE: feature_page(), "api/refunds/types.py": "X = 1\n", SERVICE: "X = 1\n"})
    assert run(ID)[:2] == (
        1,
        _said("api/refunds/types.py", "GraphQL type") + "1 finding in 1 file\n",
    )


@pytest.mark.parametrize(
    ("name", "code", "layer"),
    [
        ("api.py", "@strawberry.type\nclass RefundType: ...\n", "GraphQL type"),
        ("api.py", "@strawberry.input\nclass RefundInput: ...\n", "GraphQL input"),
        ("api.py", "@strawberry.type\nclass RefundQueries: ...\n", "resolver"),
        ("inputs.py", "@strawberry.type\nclass RefundMutations: ...\n", "resolver"),
        ("types.py", "@strawberry.input\nclass RefundInput: ...\n", "GraphQL input"),
        ("queries.py", "@strawberry.type\nclass RefundType: ...\n", "resolver"),
        ("api.py", "@strawberry.enum\nclass State: ...\n", "file"),
        ("api.py", "class RefundData: ...\n", "file"),
    ],
)
def test_a_layer_is_known_by_what_it_holds(
    name: str, code: str, layer: str, project: Project, run: Run
) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), f"{FOLDER}/{name}": f"import strawberry\n{code}"})
    assert _said(f"{FOLDER}/{name}", layer) in run(ID)[1]
