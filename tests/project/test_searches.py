"""What stands for a key that is not set, where its default does not exist."""

from __future__ import annotations

import pytest
from tests.legacy import migration
from tests.repository import Files, Project, Run
from tests.revision import SUITE

from definition_of_done.base.errors import UsageError
from definition_of_done.project.alembic_search import config_of
from definition_of_done.project.settings import open_project

INI = "[alembic]\nscript_location = alembic\n"
NAMED = (
    "[DEFAULT]\nscript_location = db\nprepend_sys_path = .\n\n[main]\nversion_locations = db/a\n\n"
    "[stats]\nversion_locations = %(here)s/db/b\nfile_template = %%(year)d_%%(slug)s\n"
)
ENV = "from alembic import context\n"
ONE = migration("one", "")
STRAWBERRY = "import strawberry\n\n\n@strawberry.type\nclass Query: ...\n"
SCHEMA = "import strawberry\n\nschema = strawberry.Schema(query=Query)\n"
ENUMS = "class Path(StrEnum):\n    A = 1\n\n\nclass Resource(StrEnum):\n    A = 1\n"
GQL = "type Query {\n  users: [User]\n}\n"
LAYERED = {"src/api/users/queries.py": STRAWBERRY, "src/api/teams/types/team.py": STRAWBERRY}
PLAN = "2026-05-24-x.md"


def _found(project: Project, files: Files, key: str) -> object:
    project.lay(files)
    return open_project(str(project.root)).config.found(key)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"backend/alembic.ini": INI, "backend/alembic/versions/one.py": ONE},
         ["backend/alembic/versions"]),
        # Before the first migration the folder is there all the same.
        ({"backend/alembic.ini": INI, "backend/alembic/versions/.gitkeep": ""},
         ["backend/alembic/versions"]),
        ({"a/alembic.ini": INI, "a/alembic/versions/one.py": ONE,
          "b/alembic.ini": INI, "b/alembic/versions/one.py": ONE},
         ["a/alembic/versions", "b/alembic/versions"]),
        ({"api/pyproject.toml": "[tool.alembic]\nscript_location = 'db'\n",
          "api/db/versions/one.py": ONE}, ["api/db/versions"]),
        ({"api/alembic.ini": INI + "recursive_version_locations = true\n",
          "api/alembic/versions/2025/one.py": ONE, "api/alembic/versions/2026/two.py": ONE},
         ["api/alembic/versions", "api/alembic/versions/2025", "api/alembic/versions/2026"]),
        # What Alembic does not load is left where it is.
        ({"a/alembic.ini": INI, "a/alembic/env.py": ENV, "a/alembic/versions/one.py": ONE,
          "a/alembic/retired/one.py": ONE}, ["a/alembic/versions"]),
        # Flask-Migrate: its alembic.ini names no folder.
        ({"migrations/alembic.ini": "[alembic]\n", "migrations/env.py": ENV,
          "migrations/versions/one.py": ONE}, ["migrations/versions"]),
        # Alembic is run from the top, or the package is installed from src.
        ({"app/alembic.ini": "[alembic]\nscript_location = app/db\n", "app/db/env.py": ENV,
          "app/db/versions/one.py": ONE}, ["app/db/versions"]),
        ({"alembic.ini": "[alembic]\nscript_location = app:db\n", "src/app/db/env.py": ENV,
          "src/app/db/versions/one.py": ONE}, ["src/app/db/versions"]),
        ({"alembic.ini": "[alembic]\nscript_location = gone\n", "core/schema/env.py": ENV,
          "core/schema/revs/one.py": ONE}, ["core/schema/revs"]),
        ({"db/core/env.py": ENV, "db/core/versions/one.py": ONE,
          "db/tenant/env.py": ENV, "db/tenant/changes/one.py": ONE},
         ["db/core/versions", "db/tenant/changes"]),
        # Without [alembic], each section is chosen with --name.
        ({"alembic.ini": NAMED, "db/env.py": "", "db/a/one.py": ONE, "db/b/one.py": ONE},
         ["db/a", "db/b"]),
        ({"api/alembic.ini": NAMED, "api/db/a/one.py": ONE, "api/db/b/one.py": ONE},
         ["api/db/a", "api/db/b"]),
        ({"alembic.ini": f"{INI}{NAMED}", "alembic/versions/one.py": ONE, "db/a/one.py": ONE},
         None),
        ({"db/env.py": "", "db/versions/one.py": ONE, "db/changes/one.py": ONE}, ["db/versions"]),
        ({"env.py": ENV, "a/env.py": ENV, "a/x/one.py": ONE, "b/y/two.py": ONE,
          "script.py.mako": "", "alembic.ini": "[alembic]\nscript_location = gone\n"}, ["a/x"]),
        ({"src/env.py": "import os\n", "src/versions.py": ONE}, None),
        # The default is there.
        ({"alembic/versions/one.py": ONE, "b/alembic.ini": INI, "b/alembic/versions/x.py": ONE},
         None),
        ({"alembic.ini": "[alembic]\nscript_location = db\n", "db/versions/one.py": ONE,
          "b/alembic.ini": INI, "b/alembic/versions/x.py": ONE}, None),
        *(({f"{folder}/alembic.ini": INI, f"{folder}/alembic/versions/one.py": ONE}, None)
          for folder in ("tests/x", "examples/x", "x/templates", "{{cookiecutter.slug}}",
                         "web/node_modules/x", "lib/site-packages/x", "x/fixtures")),
        ({"pyproject.toml": f"[tool.{SUITE}]\nexclude = ['old']\n", "old/alembic.ini": INI,
          "old/alembic/versions/one.py": ONE}, None),
    ],
)  # fmt: skip
def test_folders_of_migrations(
    files: Files, found: list[str] | None, project: Project, run: Run
) -> None:
    assert _found(project, files, "versions") == found
    judged = [f"{folder}/one.py" for folder in found or () if f"{folder}/one.py" in files]
    if judged:
        assert run("downgrade-not-pass", *judged)[0] == 1


def test_an_ini_that_is_set_and_names_no_folder(project: Project) -> None:
    files = {f"{it}/migrations/versions/one.py": ONE for it in ("a", "b")}
    files |= {f"{it}/migrations/alembic.ini": "[alembic]\n" for it in ("a", "b")}
    files |= {f"{it}/migrations/env.py": ENV for it in ("a", "b")}
    table = f"[tool.{SUITE}]\nalembic-config = 'b/migrations/alembic.ini'\n"
    found = _found(project, {**files, "pyproject.toml": table}, "versions")
    assert found == ["b/migrations/versions"]


def test_the_configuration_of_a_migration(project: Project) -> None:
    project.lay({"a/alembic.ini": INI, "b/alembic.ini": "[alembic]\nscript_location = ../c\n"})
    session = open_project(str(project.root))
    paths = ("a/alembic/versions/x.py", "c/versions/x.py", "b/x.py", "d/x.py")
    ini = ["a/alembic.ini", "b/alembic.ini", "b/alembic.ini", "a/alembic.ini"]
    assert [config_of(session, path) for path in paths] == ini
    project.lay({"b/alembic.ini": None})
    session = open_project(str(project.root))
    assert {config_of(session, path) for path in paths} == {"a/alembic.ini"}


def test_heads_are_counted_for_each_graph(project: Project, run: Run) -> None:
    files = {}
    for folder in ("a", "b"):
        files[f"{folder}/alembic.ini"] = INI
        files[f"{folder}/alembic/versions/one.py"] = ONE
        files[f"{folder}/alembic/versions/two.py"] = migration("two", "one")
    project.lay(files)
    assert run("alembic-single-head")[0] == 0
    project.lay({"b/alembic/versions/three.py": migration("three", "one")})
    out = run("alembic-single-head")[1]
    assert out.count(" heads: ") == 1, out
    assert "a/alembic" not in out
    paths = ("a/alembic/versions/one.py", "b/alembic/versions/one.py")
    assert run("column-comment-required", *paths)[1].endswith("(2 files judged)\n")


def test_each_named_section_is_a_graph_with_a_template_of_its_own(
    project: Project, run: Run
) -> None:
    files = {"a/20260524_one.py": ONE, "b/2026_two.py": migration("two", "")}
    project.lay({"alembic.ini": NAMED, **{f"db/{path}": text for path, text in files.items()}})
    assert run("alembic-single-head") == (0, "no findings (3 files judged)\n", "")
    assert run("alembic-filename") == (0, "no findings (2 files judged)\n", "")
    project.lay({"db/b/20260524_three.py": migration("three", "")})
    code, out, _ = run("alembic-filename")
    assert code == 1
    assert "filename '20260524_three.py' is not %(year)d_%(slug)s.py\n" in out
    assert " heads: " in run("alembic-single-head")[1]


@pytest.mark.parametrize(
    ("key", "files", "found"),
    [
        ("alembic-config", {"api/alembic.ini": INI}, "api/alembic.ini"),
        ("alembic-config", {"api/pyproject.toml": "[tool.alembic]\n"}, "api/pyproject.toml"),
        ("alembic-config", {"pyproject.toml": "[tool.alembic]\n", "x/alembic.ini": INI},
         "alembic.ini"),
        ("features", {f"site/features/{PLAN}": ""}, "site/features"),
        ("features", {f"features/{PLAN}": ""}, "features"),
        ("features", {f"x/blog/{PLAN}": "", f"tests/feature/{PLAN}": ""}, None),
        ("features", {"docs/feature/x.md": "", f"site/features/{PLAN}": ""}, None),
        ("changelog", {"site/releases/1.2.3.md": "", "x/releases/notes.md": ""}, "site/releases"),
        ("mkdocs", {"docs/mkdocs.yml": ""}, "docs/mkdocs.yml"),
        ("mkdocs", {"site/zensical.toml": "", "site/mkdocs.yml": ""}, "site/zensical.toml"),
        ("mkdocs", {"mkdocs.yml": "", "site/mkdocs.yml": ""}, None),
        ("mkdocs", {"examples/x/mkdocs.yml": ""}, None),
        ("resources", {"src/x/graphql/users/queries.py": ""}, "src/x/graphql"),
        ("resources", {"graphql/users/queries.py": ""}, "graphql"),
        ("resources", {"a/graphql/users/queries.py": STRAWBERRY, "b/graphql/x/types.py": ""},
         "a/graphql"),
        ("resources", {**LAYERED, "b/graphql/x/types.py": ""}, "src/api"),
        ("resources", LAYERED, "src/api"),
        ("resources", {**LAYERED, "src/api/cms/page/queries.py": STRAWBERRY,
                       "src/api/cms/site/queries.py": STRAWBERRY}, "src/api"),
        ("resources", {"api/users/queries.py": STRAWBERRY, "api/schema.py": SCHEMA}, "api"),
        # One folder a layer, not one a resource; and no GraphQL at all.
        ("resources", {"src/api/queries/users.py": STRAWBERRY, "src/api/types/user.py": STRAWBERRY,
                       "src/api/schema.py": SCHEMA}, None),
        ("resources", {"api/users/types.py": "", "api/teams/queries.py": ""}, None),
        # A library that Strawberry is made of, or helped by.
        ("resources", {"lib/relay/types.py": STRAWBERRY, "lib/http/types.py": STRAWBERRY}, None),
        ("rbac-models", {"src/rbac/enums.py": ENUMS, "src/rbac/x.py": "class Path: ...\n"},
         "src/rbac/enums.py"),
        ("rbac-models", {"src/x.py": ENUMS}, None),
        ("tests", {"b/app/graphql/users/queries.py": "", "b/tests/x.py": ""}, "b/tests"),
        ("tests", {"b/tests/x.py": ""}, None),
        ("schema-exports", {**LAYERED, "src/schema.graphql": GQL, "src/schema-admin.gql": GQL,
                            "web/schema.graphql": GQL, "src/schema-x.graphql": "query { a }\n"},
         ["src/schema-admin.gql", "src/schema.graphql"]),
        ("schema-exports", {"web/github.schema.graphql": GQL}, None),
        ("taskfile", {**LAYERED, "src/Taskfile.yml": ""}, "src/Taskfile.yml"),
        ("taskfile", {"a/Taskfile.yml": "", "b/Taskfile.yml": ""}, None),
        ("backfill-scripts", {"x/scripts/backfill_new_path_permissions.py": ""},
         ["x/scripts/backfill_new_path_permissions.py"]),
        ("max-file-lines", {}, None),
    ],
)  # fmt: skip
def test_found(key: str, files: Files, found: object, project: Project) -> None:
    assert _found(project, files, key) == found


@pytest.mark.parametrize(
    ("key", "files", "said"),
    [
        ("alembic-config", {"b/alembic.ini": INI, "a/alembic.ini": INI},
         "there are several configurations of Alembic: a/alembic.ini and b/alembic.ini"),
        ("features", {f"a/feature/{PLAN}": "", f"b/feature/{PLAN}": ""},
         "there are several folders of feature pages: a/feature and b/feature"),
        ("changelog", {"a/releases/1.0.0.md": "", "b/changelog/1.0.0.md": ""},
         "there are several folders of a changelog: a/releases and b/changelog"),
        ("mkdocs", {"a/mkdocs.yml": "", "b/mkdocs.yml": ""},
         "there are several sites: a/mkdocs.yml and b/mkdocs.yml"),
        ("resources", {"a/graphql/x/types.py": "", "b/graphql/x/types.py": ""},
         "there are several folders of GraphQL resources: a/graphql and b/graphql"),
        ("schema-exports", {**LAYERED, "x/schema.graphql": GQL, "y/schema.graphql": GQL},
         "there are several folders of exported schemas: x and y"),
    ],
)  # fmt: skip
def test_several(key: str, files: Files, said: str, project: Project) -> None:
    with pytest.raises(UsageError, match="several") as error:
        _found(project, files, key)
    assert str(error.value) == f"{said}: set {key}"


def test_a_default_that_is_not_checked_out(project: Project, run: Run) -> None:
    plan = f"docs/feature/{PLAN}"
    project.lay({plan: "# X\n", f"site/features/{PLAN}": "", "x.py": ""})
    project.git("commit", "-qm", "x")
    project.git("sparse-checkout", "set", "site")
    assert not (project.root / plan).exists()
    session = open_project(str(project.root))
    assert (session.config.found("features"), session.config["features"]) == (None, "docs/feature")


def test_several_end_a_hook_that_reads_the_key(project: Project, run: Run) -> None:
    project.lay({f"a/feature/{PLAN}": "", f"b/feature/{PLAN}": ""})
    id = "feature-plan-shape"
    assert run(id, f"a/feature/{PLAN}") == (
        2,
        "",
        f"{id}: error: there are several folders of feature pages: a/feature and b/feature:"
        " set features\n",
    )
    assert run(id, "--features", "a/feature", f"a/feature/{PLAN}")[0] == 1
    assert run("file-length", f"a/feature/{PLAN}")[0] == 0


def test_a_folder_that_the_branch_moves_is_gone(sample: Project, run: Run) -> None:
    sample.git("mv", "docs/feature", "docs/features")
    out = run("plan-never-deleted")[1]
    assert "plan-never-deleted: " in out, out
