"""`definition-of-done init` on projects of several shapes."""

from __future__ import annotations

import os
import tomllib

import pytest
import yaml
from tests.legacy import migration
from tests.repository import Project, Run
from tests.sample import SAMPLE

from definition_of_done import HOME, __version__
from definition_of_done.engine.config import OWN_FILE
from definition_of_done.engine.finding import BASELINE_FILE

SUITE = "definition-of-done"
HOOKS = ".pre-commit-config.yaml"
TYPES = "default_install_hook_types: [pre-commit, pre-push]\n"
ENTRY = f"  - repo: {HOME}\n    rev: v{__version__}\n    hooks:\n      - id: {SUITE}\n"
NOTHING = "nothing to do: the project is set up; `definition-of-done baseline` accepts findings\n"
INI = "[alembic]\nscript_location = alembic\n"
ONE = "alembic/versions/20240101_one.py"
LEGACY = {
    "alembic.ini": INI,
    ONE: migration("3f2a91bc04de", ""),
    "alembic/versions/20240102_two.py": migration("4f2a91bc04de", "3f2a91bc04de"),
    "pyproject.toml": '[project]\nname = "x"\nversion = "1.0.0"\n',
    "app/x.py": "import y  # noqa\n",
}
ENUMS = "class Path(Enum):\n    A = 1\n\n\nclass Resource(Enum):\n    A = 1\n"
SHAPES = {"revision-pattern": "hash", "header-fields": [], "revision-annotations": False}
PAGES = ("features", "changelog", "release")
ABSENT = (*PAGES, "mkdocs", "resources", "rbac-models", "version-file")


def table(project: Project, folder: str = ".") -> dict[str, object]:
    own = project.root / folder / OWN_FILE
    if own.exists():
        return tomllib.loads(own.read_text())
    document = tomllib.loads((project.root / folder / "pyproject.toml").read_text())
    found: dict[str, object] = document["tool"][SUITE]
    return found


def rows(out: str) -> dict[str, tuple[str, str]]:
    table = out[out.index("hook  ") :].partition("written: ")[0]
    split = [line.split(maxsplit=2) for line in table.splitlines()[1:]]
    return {id: (found, what) for id, found, what in split}


def end(*files: str) -> str:
    """The end of what init prints."""
    written = "".join(f"written: {name}\n" for name in files)
    return (
        f"{written}set up: look at the changes, then git add them\nnext:\n    git add"
        f" {' '.join(files)}\n"
        "    pre-commit install --hook-type pre-commit --hook-type pre-push    # or prek\n"
        f"    {SUITE} doctor\n    {SUITE} status\n"
    )


def commit(project: Project) -> None:
    project.git("add", "--all")
    project.git("commit", "-qm", "x")


def test_a_legacy(project: Project, run: Run) -> None:
    project.lay(LEGACY)
    commit(project)
    code, out, err = run(SUITE, "init")
    assert (code, err) == (0, "")
    assert out.startswith(
        "migrations in alembic/versions, 2, one head\nversion 1.0.0 in pyproject.toml\n"
        "no MkDocs site: nav rules are off\nno changelog pages: changelog rules are off\n"
        "no feature pages: plan rules are off\nno GraphQL resources: GraphQL rules are off\n"
        "no RBAC members: RBAC rules are off\nno exported schemas\n"
        "no worker tasks: worker rules are off\nno test files in tests\nhook  "
    )
    assert out.endswith(end(HOOKS, "pyproject.toml", BASELINE_FILE))
    assert (project.root / HOOKS).read_text() == f"{TYPES}repos:\n{ENTRY}"
    assert (project.root / "pyproject.toml").read_text() == (
        LEGACY["pyproject.toml"]
        + f'\n[tool.{SUITE}]\n# no docs/feature\nfeatures = ""\n# no docs/changelog\n'
        'changelog = ""\n# no feature page is named YYYY-MM-DD-<name>.md\nrelease = "separate"\n'
        '# no MkDocs or Zensical site\nmkdocs = ""\n# no app/graphql\n'
        'resources = ""\n# no app/graphql/rbac/models/models.py\nrbac-models = ""\n'
        '# pyproject.toml names the version\nversion-file = ""\n'
        "# as the newest revisions are; `init --alembic` brings the contract's\n"
        'revision-pattern = "hash"\n'
        "# as the docstrings of the newest migrations are\nheader-fields = []\n"
        "# the newest migrations do not annotate their identifiers so\n"
        "revision-annotations = false\n"
        "# migrations up to this revision are left as they are\n"
        'since = "4f2a91bc04de"\n'
    )
    said = rows(out)
    assert said["suppressions-need-codes"] == ("1", "baseline")
    assert said["downgrade-not-pass"][0] == "4"
    assert said["downgrade-not-pass"][1] == "since"
    assert said["version-sync"] == ("0", "on")
    assert said["plan-before-code"] == ("0", "off: no docs/feature")
    assert said["model-needs-migration"] == ("0", "waits: there is no model file")
    assert said["alembic-roundtrip"] == ("0", "off: it is run by hand")
    commit(project)
    assert run(SUITE, "check")[0] == 0
    # What comes now is reported, and nothing else.
    new = "alembic/versions/20240103_three.py"
    project.lay({new: migration("5f2a91bc04de", "4f2a91bc04de", "op.drop_table('x')")})
    out = run(SUITE, "check")[1]
    found = [line for line in out.splitlines() if not line.startswith("    help")][:-1]
    assert found
    assert {line.split(":")[0] for line in found} == {new}
    assert any(": downgrade-not-pass: downgrade does nothing" in line for line in found)
    assert not any(": alembic-revision-slug: " in line for line in found)


def test_a_second_run_changes_nothing(project: Project, run: Run) -> None:
    project.lay(LEGACY)
    run(SUITE, "init")
    commit(project)
    project.lay({ONE: None, "app/y.py": "import y  # noqa\n"})
    assert run(SUITE, "init") == (0, NOTHING, "")
    assert project.git("diff", "--name-only") == ""


def test_dry_run(project: Project, run: Run) -> None:
    project.lay(LEGACY)
    code, out, _ = run(SUITE, "init", "--dry-run")
    assert code == 0
    for path in (HOOKS, "pyproject.toml", BASELINE_FILE):
        assert f"\n+++ b/{path}\n" in f"\n{out}"
    assert '+since = "4f2a91bc04de"\n' in out
    assert rows(out)["suppressions-need-codes"] == ("1", "baseline")
    assert project.git("status", "--porcelain", "--untracked-files=all").count("??") == 0
    assert project.git("diff", "--name-only") == ""


def test_the_sample_needs_its_head_alone(project: Project, run: Run) -> None:
    project.lay(SAMPLE)
    commit(project)
    out = run(SUITE, "init")[1]
    assert table(project) == {"since": "add_vendor_credits"}
    assert not (project.root / BASELINE_FILE).exists()
    assert {what for _, what in rows(out).values()} == {
        "on",
        "off: it is run by hand",
        'off: beyond the contract, extend-select = ["safety"]',
    }
    assert "GraphQL resources in app/graphql, 2\n" in out


def test_waivers_hold(project: Project, run: Run) -> None:
    waived = (
        f"\n[tool.{SUITE}]\nignore = []\n"
        f'\n[tool.{SUITE}.resources.vendors]\nwaive = {{ service-test = "it has none" }}\n'
    )
    project.lay(
        {
            **SAMPLE,
            "pyproject.toml": SAMPLE["pyproject.toml"] + waived,
            "tests/graphql/vendors/test_vendor_service.py": None,
        }
    )
    commit(project)
    out = run(SUITE, "init")[1]
    assert rows(out)["resource-full-chain"] == ("0", "on")
    assert not (project.root / BASELINE_FILE).exists()


def test_an_existing_configuration_is_extended(project: Project, run: Run) -> None:
    hooks = "# ours\nrepos:\n- repo: local  # here\n  hooks:\n  - id: x\n"
    project.lay(
        {
            **LEGACY,
            HOOKS: hooks,
            "docs/plans/x.md": "# X\n",
            "pyproject.toml": f"[tool.{SUITE}]\n# mine\nfeatures = 'docs/plans'\nignore = []\n",
        }
    )
    run(SUITE, "init")
    ours = hooks.replace("repos:", f"{TYPES}repos:") + ENTRY.replace("\n  ", "\n")[2:]
    assert (project.root / HOOKS).read_text() == ours
    text = (project.root / "pyproject.toml").read_text()
    assert text.endswith("# mine\nfeatures = 'docs/plans'\nignore = []\n")
    assert set(table(project)) == {*ABSENT, *SHAPES, "ignore", "since"}
    commit(project)
    assert run(SUITE, "check")[0] == 0


def test_hooks_one_by_one_are_an_entry(project: Project, run: Run) -> None:
    hooks = f"repos:\n- repo: {HOME}\n  rev: v0\n  hooks:\n  - id: downgrade-not-pass\n"
    project.lay({**LEGACY, HOOKS: hooks})
    out = run(SUITE, "init")[1]
    assert HOOKS not in out
    assert (project.root / HOOKS).read_text() == hooks
    assert "since" in table(project)
    assert run(SUITE, "init") == (0, NOTHING, "")


BACKEND = {f"backend/{path}": text for path, text in LEGACY.items()}


def test_a_backend_below_the_top(project: Project, run: Run) -> None:
    below = {
        "schema-exports": ["backend/schema.graphql"],
        "tests": "backend/tests",
        "version-file": "backend/app/version.py",
        "backfill-scripts": ["backend/scripts/backfill_new_path_permissions.py"],
        "scripts": "backend/scripts",
        "taskfile": "backend/taskfile.yml",
    }
    project.lay(
        {
            **BACKEND,
            "README.md": "",
            "backend/schema.graphql": "type Query { x: Int }\n",
            "backend/tests/test_x.py": "",
            "backend/app/version.py": "VERSION = '1.0.0'\n",
            "backend/scripts/backfill_new_path_permissions.py": "",
            "backend/taskfile.yml": "version: '3'\n",
        }
    )
    out = run(SUITE, "init")[1]
    assert "migrations in backend/alembic/versions, 2, one head\n" in out
    assert "version 1.0.0 in backend/app/version.py\n" in out
    assert "exported schemas in backend/schema.graphql, 1\n" in out
    assert table(project) == {
        "alembic-config": "backend/alembic.ini",
        **dict.fromkeys(ABSENT, ""),
        "release": "separate",
        **SHAPES,
        "since": "4f2a91bc04de",
        **below,
    }
    # The project's own file is not touched.
    assert (project.root / "backend/pyproject.toml").read_text() == LEGACY["pyproject.toml"]
    commit(project)
    assert run(SUITE, "check")[0] == 0


def test_in_a_folder(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {f"web/{path}": text for path, text in LEGACY.items()}
    project.lay({**BACKEND, **other, "backend/tests/test_x.py": ""})
    commit(project)
    assert run(SUITE, "init")[2].endswith(": run init in backend and web\n")
    monkeypatch.chdir(project.root / "backend")
    out = run(SUITE, "init")[1]
    assert "migrations in alembic/versions, 2, one head\n" in out
    assert "test files in tests, 1\n" in out
    assert out.endswith(end(f"../{HOOKS}", "pyproject.toml", BASELINE_FILE))
    assert yaml.safe_load((project.root / HOOKS).read_text())["repos"][0]["repo"] == HOME
    expected = {
        **dict.fromkeys(ABSENT, ""),
        "release": "separate",
        **SHAPES,
        "since": "4f2a91bc04de",
    }
    assert table(project, "backend") == expected
    assert run(SUITE, "init") == (0, NOTHING, "")
    # The folder of another project gets a table of its own, and the entry stays.
    monkeypatch.chdir(project.root / "web")
    assert run(SUITE, "init")[1].endswith(end("pyproject.toml", BASELINE_FILE))
    assert table(project, "web") == expected
    # A folder that is no project belongs to the one above it.
    monkeypatch.chdir(project.root / "web/app")
    assert run(SUITE, "init") == (0, NOTHING, "")
    monkeypatch.chdir(project.root)
    commit(project)
    # The top is no project beside the two.
    assert run(SUITE, "init") == (0, NOTHING, "")
    assert run(SUITE, "check")[0] == 0
    project.lay({"web/app/x.py": "import y  # noqa\nimport z  # noqa\n"})
    assert "web/app/x.py:2:11: suppressions-need-codes: " in run(SUITE, "check")[1]


def test_dry_run_in_a_folder(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay(BACKEND)
    monkeypatch.chdir(project.root / "backend")
    out = run(SUITE, "init", "--dry-run")[1]
    for path in (HOOKS, "backend/pyproject.toml", f"backend/{BASELINE_FILE}"):
        assert f"\n+++ b/{path}\n" in f"\n{out}"
    assert "next:" not in out


def test_a_workspace_of_prek(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = f"repos:\n- repo: {HOME}\n  rev: v0\n  hooks:\n  - id: {SUITE}\n"
    project.lay({**BACKEND, HOOKS: "repos: []\n", f"backend/{HOOKS}": hooks})
    monkeypatch.chdir(project.root / "backend")
    out = run(SUITE, "init")[1]
    assert out.endswith(end("pyproject.toml", BASELINE_FILE))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"src/x/__init__.py": "__version__ = '1.0.0'\n"}, {"version-file": "src/x/__init__.py"}),
        ({"src/x/_version.py": "version = '1.0.0'\n", "src/x/__init__.py": ""},
         {"version-file": "src/x/_version.py"}),
        ({"src/x/__init__.py": "__version__ = '2.0.0'\n"}, {"version-file": ""}),
        ({"a/version.py": "VERSION = '1.0.0'\n", "b/version.py": "VERSION = '1.0.0'\n"},
         {"version-file": ""}),
        ({"tests/version.py": "VERSION = '1.0.0'\n"}, {"version-file": ""}),
        ({"package.json": '{"version": "1.0.0"}\n', "x/__init__.py": "__version__ = '1.0.0'\n"},
         {"version-files": ["pyproject.toml", "x/__init__.py", "package.json"]}),
        ({"pyproject.toml": "[project]\nversion = '1.2.0'\n",
          "web/package.json": '{"version": "1.2.0"}\n'},
         {"version-files": ["pyproject.toml", "web/package.json"]}),
        ({"web/package.json": '{"version": "1.0.0"}\n'}, {"version-files": None}),
        ({"pyproject.toml": "[tool.x]\n", "api/pyproject.toml": '[project]\nversion = "1.0.0"\n'},
         {"version-files": ["api/pyproject.toml"], "version-file": None, "ignore": None}),
        ({"package.json": '{"version": "0.0.0"}\n'}, {"version-files": None, "version-file": ""}),
        ({"pyproject.toml": "[tool.x]\n", "VERSION": "1.0.0\n"}, {"version-files": ["VERSION"]}),
        ({"pyproject.toml": "[tool.x]\n", "a/version.py": "VERSION = '1.0.0'\n",
          "b/version.py": "VERSION = '1.0.0'\n"},
         {"version-files": ["a/version.py", "b/version.py"]}),
        ({"pyproject.toml": "[project]\ndynamic = ['version']\n[tool.hatch.version]\npath = 'V'\n",
          "V": "__version__ = '1.0.0'\n"}, {"version-file": "", "ignore": None}),
        ({"pyproject.toml": "[project]\ndynamic = ['version']\n[tool.setuptools_scm]\n"},
         {"version-file": "", "version-scheme": None}),
        ({"pyproject.toml": "[project]\nversion = '1.2.0rc1'\n"}, {"version-scheme": "pep440"}),
        ({"pyproject.toml": "[project]\nversion = '1.2.0-rc.1'\n"}, {"version-scheme": None}),
        ({"pyproject.toml": "[project]\nversion = '2026.11.0'\n"}, {"version-scheme": "calver"}),
        ({"pyproject.toml": "[project]\nversion = '10.11.0'\n"}, {"version-scheme": None}),
        ({"site/features/2024-01-02-x.md": "# X\n", "site/changelog/1.0.0.md": "# 1.0.0\n"},
         {"features": "site/features", "changelog": "site/changelog", "release": None}),
        ({"docs/feature/x.md": "# X\n", "docs/feature/2024-1-2-y.md": "# Y\n"},
         {"features": None, "release": "separate"}),
        ({"a/changelog/1.0.0.md": "", "b/changelog/1.0.0.md": "", "x/blog/2024-01-02-x.md": ""},
         {"features": "", "changelog": ""}),
        ({"site/mkdocs.yml": "site_name: x\n"}, {"mkdocs": "site/mkdocs.yml"}),
        ({"src/x/graphql/users/queries.py": "", "src/x/graphql/rbac/models/models.py": ENUMS},
         {"resources": "src/x/graphql", "rbac-models": "src/x/graphql/rbac/models/models.py"}),
        ({"src/x/graphql/users/helpers.py": ""}, {"resources": "", "rbac-models": ""}),
        ({"alembic.ini": "[alembic]\n", ONE: None, "alembic/versions/20240102_two.py": None,
          "db/env.py": "", "db/versions/one.py": migration("one", "")},
         {"versions": ["db/versions"], "since": "one"}),
        ({"alembic.ini": "[alembic]\n", ONE: None, "alembic/versions/20240102_two.py": None,
          "db/env.py": "down_revision = None\n", "db/versions/pg/one.py": migration("one", ""),
          "db/versions/lite/two.py": migration("two", ""),
          "db/tools/make.py": "print('down_revision')\n"},
         {"versions": ["db/versions/lite", "db/versions/pg"], "since": ["one", "two"]}),
        ({"pyproject.toml": "[project]\nname = 'x'\ndynamic = ['version']\n"},
         {"ignore": ["semver-level", "version-sync"]}),
        # What is vendored or an example is nobody's candidate.
        ({"alembic.ini": None, "examples/alembic.ini": INI,
          "x/alembic.ini": "[alembic]\nscript_location = %(here)s/../alembic\n"},
         {"alembic-config": "x/alembic.ini", "since": "4f2a91bc04de"}),
        ({"site/mkdocs.yml": "site_name: x\n", "vendor/y/mkdocs.yml": "site_name: y\n"},
         {"mkdocs": "site/mkdocs.yml"}),
        ({"x/version.py": "VERSION = '1.0.0'\n", "examples/version.py": "VERSION = '1.0.0'\n"},
         {"version-file": "x/version.py"}),
        ({"pyproject.toml": "[project]\nversion = '1.2.0'\n",
          "examples/package.json": '{"version": "1.2.0"}\n'}, {"version-files": None}),
    ],
)  # fmt: skip
def test_paths_elsewhere(
    files: dict[str, str | None], expected: dict[str, object], project: Project, run: Run
) -> None:
    project.lay({**LEGACY, **files})
    commit(project)
    assert run(SUITE, "init")[0] == 0
    found = table(project)
    assert {key: found.get(key) for key in expected} == expected
    commit(project)
    assert run(SUITE, "check")[0] == 0


def test_several_heads(project: Project, run: Run) -> None:
    other = "alembic/versions/20240103_other.py"
    project.lay({**LEGACY, other: migration("other", "3f2a91bc04de")})
    out = run(SUITE, "init")[1]
    text = (project.root / "pyproject.toml").read_text()
    assert "\n# migrations up to these revisions are left as they are\nsince = [\n" in text
    assert table(project)["since"] == ["4f2a91bc04de", "other"]
    assert "ignore" not in table(project)
    assert rows(out)["alembic-single-head"] == ("1", "since")
    commit(project)
    assert run(SUITE, "check")[0] == 0
    # A third one is new.
    project.lay({"alembic/versions/20240104_third.py": migration("third", "3f2a91bc04de")})
    assert ": alembic-single-head: " in run(SUITE, "check")[1]


def test_several_graphs_that_share_a_revision(project: Project, run: Run) -> None:
    files = {f"{folder}/env.py": "" for folder in ("core", "tenant")}
    for folder, name in (("core", "5f2a91bc04de"), ("tenant", "6f2a91bc04de")):
        files[f"{folder}/versions/one.py"] = migration("3f2a91bc04de", "")
        files[f"{folder}/versions/two.py"] = migration(name, "3f2a91bc04de")
    project.lay({"pyproject.toml": "", **files})
    commit(project)
    out = run(SUITE, "init")[1]
    assert table(project)["versions"] == ["core/versions", "tenant/versions"]
    assert table(project)["since"] == ["5f2a91bc04de", "6f2a91bc04de"]
    assert rows(out)["downgrade-not-pass"] == ("8", "since")
    assert not (project.root / BASELINE_FILE).exists()
    # The two env.py alone are looked at.
    assert run(SUITE, "check")[:2] == (0, "no findings (2 files judged)\n")


def test_heads_that_the_graph_does_not_tell(project: Project, run: Run) -> None:
    head = migration("4f2a91bc04de", "3f2a91bc04de").replace("'3f2a91bc04de'", "PARENT")
    project.lay({**LEGACY, "alembic/versions/20240102_two.py": head})
    commit(project)
    out = run(SUITE, "init")[1]
    assert "since" not in table(project)
    assert rows(out)["downgrade-not-pass"] == ("4", "baseline")
    assert run(SUITE, "check")[0] == 0


def test_neither_migrations_nor_pyproject(project: Project, run: Run) -> None:
    project.lay({"x.py": "\n"})
    assert run(SUITE, "init")[0] == 0
    assert "since" not in table(project)
    commit(project)
    assert run(SUITE, "check")[0] == 0
    assert run(SUITE, "init") == (0, NOTHING, "")


def test_a_broken_migration_is_accepted(project: Project, run: Run) -> None:
    project.lay({**LEGACY, ONE: "revision = (\n"})
    out = run(SUITE, "init")[1]
    assert rows(out)["unreadable"] == ("1", "baseline: files that are not judged")
    commit(project)
    assert run(SUITE, "check")[0] == 0


@pytest.mark.parametrize(
    ("files", "error"),
    [
        (
            {HOOKS: "repos: [{repo: local, hooks: []}]\n"},
            f"{HOOKS} lists its repos in a way that cannot be edited with certainty: add the hook"
            f" {SUITE} of {HOME} by hand",
        ),
        (
            {HOOKS: "repos: [\n"},
            f"{HOOKS}:2:1: not YAML: expected the node content, but found '<stream end>';"
            " mend it, and run init again",
        ),
        (
            {"prek.toml": ""},
            f"prek.toml goes before {HOOKS}: add the hook {SUITE} of {HOME} there,"
            " and run init again",
        ),
        (
            {"alembic.ini": None, "a/db/alembic.ini": INI, "b/alembic.ini": INI, "a/setup.py": ""},
            "several projects use Alembic: a/db/alembic.ini and b/alembic.ini: run init in the top"
            " and a",
        ),
        (
            {"pyproject.toml": f"[tool]\n{SUITE}.base = 'main'\n"},
            f"pyproject.toml writes [tool.{SUITE}] in a way that cannot be edited with certainty:"
            f" set {', '.join([*ABSENT, *SHAPES, 'since', 'ignore'])} by hand",
        ),
    ],
)
def test_refused(files: dict[str, str | None], error: str, project: Project, run: Run) -> None:
    project.lay({**LEGACY, **files})
    commit(project)
    assert run(SUITE, "init") == (2, "", f"{SUITE}: error: {error}\n")
    assert project.git("status", "--porcelain") == ""


def test_several_graphs_of_one_project(project: Project, run: Run) -> None:
    """Plugins with migrations of their own, and one pyproject.toml: the rules judge each graph."""
    files = {
        f"{folder}/{path}": text.replace("f2a91bc04de", f"f2a91bc04{digits}")
        for folder, digits in (("app", "aa"), ("app/plugins/mail", "bb"))
        for path, text in LEGACY.items()
        if path.startswith("alembic")
    }
    kept = {path: text for path, text in LEGACY.items() if not path.startswith("alembic")}
    project.lay({**kept, **files})
    commit(project)
    out = run(SUITE, "init")[1]
    folders = ["app/alembic/versions", "app/plugins/mail/alembic/versions"]
    assert out.startswith(f"migrations in {' and '.join(folders)}, 4, 2 heads\n")
    assert (table(project)["versions"], "alembic-config" in table(project)) == (folders, False)
    commit(project)
    assert run(SUITE, "check")[0] == 0
    new = f"{folders[1]}/20240103_three.py"
    project.lay({new: migration("5f2a91bc04bb", "3f2a91bc04bb", "op.drop_table('x')")})
    assert f"{new}:3:17: alembic-single-head: 2 heads: " in run(SUITE, "check")[1]


def test_all_or_nothing(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay(LEGACY)
    commit(project)
    replace = os.replace

    def refuse(old: str, new: str) -> None:
        if new.endswith(BASELINE_FILE):
            raise OSError(28, "No space left on device")
        replace(old, new)

    monkeypatch.setattr(os, "replace", refuse)
    error = f"{BASELINE_FILE}: cannot be written: No space left on device; nothing is changed"
    assert run(SUITE, "init") == (2, "", f"{SUITE}: error: {error}\n")
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("tags", "version", "scheme"),
    [
        (["v25.12.0", "v26.1.0", "v26.10.1"], "26.11.0", "calver"),
        (["26.9", "26.10"], "26.10", "calver"),
        (["v1.0.0", "v1.1.0", "v2026.10.0"], "1.2.0", None),
        (["v13.0.0", "v14.1.0"], "14.2.0", None),
        (["v1.1.0rc1", "v1.1.0"], "1.2.0", "pep440"),
        (["v1.1.0-rc.1", "v1.0.0rc1"], "1.2.0", None),
        (["latest", "deployed-to-production"], "1.2.0", None),
    ],
)
def test_the_scheme_of_the_tags(
    tags: list[str], version: str, scheme: str | None, project: Project, run: Run
) -> None:
    project.lay({"pyproject.toml": f'[project]\nname = "x"\nversion = "{version}"\n'})
    commit(project)
    for tag in tags:
        project.git("tag", tag)
    assert run(SUITE, "init")[0] == 0
    assert table(project).get("version-scheme") == scheme


def test_migrations_that_alembic_is_not_told_of(project: Project, run: Run) -> None:
    # A section for each database; Alembic reads the one that it is called with.
    ini = INI + "[tenants]\nscript_location = tenants\n"
    other = "tenants/versions/20240103_a.py"
    project.lay({**LEGACY, "alembic.ini": ini, other: migration("6f2a91bc04de", "")})
    commit(project)
    code, out, err = run(SUITE, "init")
    assert (code, err) == (0, "")
    assert "migrations in alembic/versions and tenants/versions, 3, 2 heads\n" in out
    chosen = table(project)
    assert chosen["versions"] == ["alembic/versions", "tenants/versions"]
    assert chosen["since"] == ["4f2a91bc04de", "6f2a91bc04de"]
    commit(project)
    assert run(SUITE, "check")[0] == 0
