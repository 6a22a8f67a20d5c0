"""graphql-surface-documented: exact findings, what it must leave alone, and ghosts."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules._pages import PAGE, changelog, feature_page, start_branch

ID = "graphql-surface-documented"
FOLDER = "app/graphql/refunds"
HEAD = "import strawberry\nimport enum\n"
T, M = "@strawberry.type\n", "    @strawberry.mutation\n"


def _said(what: str, path: str, name: str, line: int, help: str = "") -> str:
    return (
        f"{PAGE}:5:1: {ID}: {what} {name} at {path}:{line} is new,"
        f" and GraphQL surface does not name it\n    help: {help or f'name `{name}` there'}\n"
    )


@pytest.mark.parametrize(
    ("module", "source", "kind", "name", "line"),
    [
        ("types.py", f"{T}class RefundType:\n    a: int\n", "type", "RefundType", 4),
        ("types.py", '@strawberry.type(name="Back")\nclass R: ...\n', "type", "Back", 4),
        ("inputs.py", "@strawberry.input\nclass RefundInput: ...\n", "input", "RefundInput", 4),
        ("types.py", "@strawberry.interface\nclass HasRefund: ...\n", "interface", "HasRefund", 4),
        ("types.py", "@strawberry.enum\nclass Kind(enum.Enum): A = 1\n", "enum", "Kind", 4),
        ("types.py", "Kind = strawberry.enum(Other, name='RefundKind')\n", "enum", "RefundKind", 3),
        (
            "queries.py",
            f"{T}class RefundQueries:\n    @strawberry.field\n    def all_refunds(self): ...\n",
            "query",
            "allRefunds",
            6,
        ),
        (
            "queries.py",
            f"{T}class RefundQueries:\n    refunds: int = strawberry.field(name='rueck')\n",
            "query",
            "rueck",
            5,
        ),
        (
            "mutations.py",
            f"{T}class RefundMutations:\n{M}    def pay_back(self): ...\n",
            "mutation",
            "payBack",
            6,
        ),
        ("any.py", f"{T}class Any:\n{M}    def pay_back(self): ...\n", "mutation", "payBack", 6),
        (
            "resolvers.py",
            f"{T}class Subscription:\n    @strawberry.subscription\n    def on_it(self): ...\n",
            "subscription",
            "onIt",
            6,
        ),
    ],
)
def test_new_names_are_documented(
    module: str, source: str, kind: str, name: str, line: int, project: Project, run: Run
) -> None:
    start_branch(project)
    path = f"{FOLDER}/{module}"
    project.lay({PAGE: feature_page(), path: HEAD + source})
    assert run(ID) == (1, _said(kind, path, name, line) + "1 finding in 1 file\n", "")
    for surface in (f"- `{name}`", f"{name} is new", f"- `{name}(id: ID!): [X!]!`", f"|{name}|x|"):
        project.lay({PAGE: feature_page(surface=surface)})
        assert run(ID)[0] == 0, surface
    for surface in (f"- `{name}s`", f"- `x_{name}`", f"Some. <!-- {name} -->"):
        project.lay({PAGE: feature_page(surface=surface)})
        assert run(ID)[0] == 1, surface
    # It stands in another section than the one that the frontend reads.
    project.lay({PAGE: feature_page(deltas=f"`{name}`")})
    assert run(ID)[0] == 1


@pytest.mark.parametrize("surface", ["", "<!-- all -->", "TODO"])
def test_a_missing_section_is_one_finding_of_another_rule(
    surface: str, project: Project, run: Run
) -> None:
    start_branch(project)
    page = feature_page(surface=surface) if surface else "# Refunds\n"
    project.lay({PAGE: page, f"{FOLDER}/types.py": f"{HEAD}@strawberry.type\nclass R: ...\n"})
    assert run(ID)[0] == 0
    assert "GraphQL surface" in run("feature-plan-shape")[1]


def test_snake_case_is_shown_as_camel_case(project: Project, run: Run) -> None:
    start_branch(project)
    path = f"{FOLDER}/mutations.py"
    project.lay(
        {
            PAGE: feature_page(surface="- `pay_back`"),
            path: f"{HEAD}{T}class Mutation:\n{M}    def pay_back(self): ...\n",
        }
    )
    advice = "write `payBack` for pay_back: GraphQL shows it in camelCase"
    assert run(ID)[1].startswith(_said("mutation", path, "payBack", 6, advice))
    schema = "import strawberry\nstrawberry.Schema(Q, config=StrawberryConfig({}))\n"
    project.lay({"app/graphql/schema.py": schema.format("auto_camel_case=False")})
    assert run(ID)[0] == 0
    project.lay({PAGE: feature_page(surface="- `payBack`")})
    assert run(ID)[0] == 1
    project.lay({"app/graphql/schema.py": schema.format("name_converter=Own()")})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    "source",
    [
        "@strawberry.scalar\nclass Money(str): ...\n",
        "Result = strawberry.union('Result', (A, B))\n",
        f"T = TypeVar('T')\n{T}class Page(Generic[T]):\n    items: list[T]\n",
        "@strawberry.type(name=NAME)\nclass Computed: ...\n",
        f"def make():\n    @strawberry.type\n    class Made: ...\n{T}class Query(Base): ...\n",
        f"{T}class RefundQueries: ...\n",
        "class Plain:\n    a: int\n",
    ],
)
def test_what_is_no_new_name(source: str, project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), f"{FOLDER}/queries.py": HEAD + source})
    assert run(ID)[0] == 0


def test_tests_declare_nothing(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), "tests/test_x.py": f"{HEAD}{T}class A: ...\n"})
    assert run(ID)[0] == 0


def test_what_moves_or_is_edited_adds_nothing(project: Project, run: Run) -> None:
    body = f"{T}class RefundType:\n    a: int\n{T}class Query:\n    refunds: int\n"
    start_branch(project, {f"{FOLDER}/types.py": HEAD + body, f"{FOLDER}/edited.py": HEAD})
    moved = body.replace("a: int", "a: str\n    b: int").replace("class Query", "class NewQuery")
    project.lay(
        {
            PAGE: feature_page(),
            f"{FOLDER}/types.py": None,
            f"{FOLDER}/queries/moved.py": HEAD + moved,
            f"{FOLDER}/edited.py": f"{HEAD}# edited\n",
        }
    )
    assert run(ID)[0] == 0
    # What the file of the base could not be read for is new.
    project.lay({f"{FOLDER}/edited.py": f"{HEAD}{T}class Other: ...\n"})
    assert run(ID)[1].startswith(_said("type", f"{FOLDER}/edited.py", "Other", 4))


def test_an_operation_is_known_by_the_schema_that_mounts_it(project: Project, run: Run) -> None:
    path = f"{FOLDER}/api.py"
    schema = (
        f"{HEAD}from app.graphql.refunds.api import RefundRoot\n"
        f"{T}class Query(RefundRoot): ...\nschema = strawberry.Schema(query=Query)\n"
    )
    start_branch(project, {"app/graphql/schema.py": schema})
    project.lay({PAGE: feature_page(), path: f"{HEAD}{T}class RefundRoot:\n    all_refunds: int\n"})
    assert run(ID)[:2] == (1, _said("query", path, "allRefunds", 5) + "1 finding in 1 file\n")


def test_a_renewed_export_knows_what_the_api_shows(project: Project, run: Run) -> None:
    path = f"{FOLDER}/types.py"
    body = f"{HEAD}{T}class Base:\n    a: int\n{T}class A(Base): ...\n{T}class Unused: ...\n"
    start_branch(project, {"schema.graphql": "type Query { a: Int }\n"})
    project.lay({PAGE: feature_page(), path: body})
    # A base is a type of the schema only where something refers to it.
    places = [f"type {name} at {path}:{line}" for name, line in (("A", 7), ("Unused", 9))]
    assert run(ID)[1] == (
        f"{PAGE}:5:1: {ID}: GraphQL surface does not name {' or '.join(places)}\n"
        "    help: name each there\n1 finding in 1 file\n"
    )
    project.lay({"schema.graphql": '"Unused"\ntype A { a: Int } # Base\n'})
    assert run(ID)[1] == _said("type", path, "A", 7) + "1 finding in 1 file\n"


def test_a_feature_in_several_commits(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({f"{FOLDER}/types.py": f"{HEAD}{T}class RefundType: ...\n"})
    assert run(ID)[0] == 0
    project.git("commit", "-qm", "types")
    project.lay({PAGE: feature_page()})
    assert run(ID)[0] == 1
    project.git("commit", "-qm", "plan")
    assert run(ID)[0] == 1
    project.lay({PAGE: feature_page(surface="`RefundType`")})
    project.git("commit", "-q", "--amend", "-m", "plan")
    assert run(ID)[0] == 0


def test_without_a_base(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page()})
    project.git("commit", "-qm", "plan")
    project.git("branch", "-qD", "main")
    note = f"{ID}: not evaluated: no base; fetch the main branch, or name it with --base\n"
    assert run(ID) == (0, "no findings (0 files judged)\n", note)


GHOSTS = f"{HEAD}{T}class Query:\n    all_refunds: int\n    some_name: int\n"


@pytest.mark.parametrize(
    ("surface", "ghosts"),
    [
        ("`allRefunds`, `all_refunds`", {}),
        ("`allRefund`", {"allRefund": 1}),
        ("- `Query.allRefunds: Int!`, `Query.nothing(a: [Int!]!): Foo`", {"nothing": 29}),
        ("`RefundType!`, `[RefundType]`, `app/graphql/x.py`, `a b c`, `?`", {}),
        ("`InExport` and `InBase`, `oldName`, not in code: gone", {}),
        ("`OnlyDescribed`", {"OnlyDescribed": 1}),
        ("`String`, `ID`, `mutation`, `null`, `DateTime`", {}),
        ("```graphql\nquery { nowhere }\n```", {}),
        ("`helperOfPython`", {}),
        ("`payRefund`", {"payRefund": 1}),
        ("`fromATest`", {"fromATest": 1}),
        ("`fromNotes`", {"fromNotes": 1}),
    ],
)
def test_ghosts(surface: str, ghosts: dict[str, int], project: Project, run: Run) -> None:
    old = f"{HEAD}{T}class Query:\n    old_name: int\n"
    start_branch(
        project,
        {
            f"{FOLDER}/queries.py": old,
            "schema.graphql": "type InBase { a: Int }\n",
            "app/helpers.py": "def helper_of_python(): ...\n",
            f"{FOLDER}/services/refund_service.py": "class S:\n    def pay_refund(self): ...\n",
            "tests/test_x.py": "from_a_test = 1\n",
            "notes.txt": "from_notes = 1\n",
        },
    )
    surface = surface.replace("not in code", "`allRefunds`, `someName`")
    documented = "allRefunds someName " if "allRefunds" not in surface else "someName "
    project.lay(
        {
            "notes.txt": "",
            PAGE: feature_page(surface=f"{surface}\n\n{documented}"),
            f"{FOLDER}/queries.py": GHOSTS,
            "schema.graphql": '"OnlyDescribed"\ntype InExport { allRefunds: Int someName: Int }\n',
        }
    )
    assert run(ID)[0] == 0
    project.lay(changelog())
    said = "".join(
        f"{PAGE}:7:{column}: {ID}: GraphQL surface names {name},"
        " which neither code nor schema has\n"
        "    help: correct the name, or take out what did not ship\n"
        for name, column in ghosts.items()
    )
    assert run(ID)[1].startswith(said or "no findings (")
    assert run(ID)[0] == (1 if ghosts else 0)
    # Committed, it is the same: not the last commit is what the branch changes.
    project.git("commit", "-qm", "shipped")
    assert run(ID)[1].startswith(said or "no findings (")
