"""version-sync in projects of other kinds: which files it finds, compares and leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run

from definition_of_done.project.releases.version_sources import find_version_files
from definition_of_done.project.settings import open_project

ID = "version-sync"
NAMED = '[project]\nname = "shop"\nversion = "1.2.0"\n'
DYNAMIC = '[project]\nname = "shop"\ndynamic = ["version"]\n'
TABLE = "[tool.definition-of-done]\n"
LOCK = '{"name": "x", "version": "1.2.0", "packages": {"": {"version": "1.2.0"}, "a": {}}}\n'
VCS = {"pyproject.toml": f'{DYNAMIC}[tool.hatch.version]\nsource = "vcs"\n'}


def version_files(project: Project) -> list[str]:
    return find_version_files(open_project(str(project.root)))


def differs(place: str, version: str, source: str, new: str = "1.2.0") -> str:
    return (
        f"{place}: {ID}: version is {version}, but {source} says {new}\n"
        f"    help: set it to {new}, or run with --fix\n"
    )


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (
            {"pyproject.toml": NAMED, "src/shop/__init__.py": "__version__ = '1.1.0'\n"},
            differs("src/shop/__init__.py:1:15", "1.1.0", "pyproject.toml"),
        ),
        (
            {"pyproject.toml": NAMED, "src/shop/__init__.py": "__version__ = '1.3.0'\n"},
            differs("pyproject.toml:3:11", "1.2.0", "src/shop/__init__.py", "1.3.0"),
        ),
        (
            {"pyproject.toml": NAMED, "backend/core/version.py": "VERSION = '1.1.0'\n"},
            differs("backend/core/version.py:1:11", "1.1.0", "pyproject.toml"),
        ),
        (
            {
                "pyproject.toml": NAMED,
                "shop/__about__.py": "__version__ = '1.1.0'\n",
                "other/__init__.py": "__version__ = '9.0.0'\n",
            },
            differs("shop/__about__.py:1:15", "1.1.0", "pyproject.toml"),
        ),
        (
            {
                "pyproject.toml": NAMED,
                "uv.lock": '[[package]]\nname = "x"\nversion = "0.0.0"\n'
                'source = { virtual = "." }\n',
            },
            differs("uv.lock:3:11", "0.0.0", "pyproject.toml"),
        ),
        (
            {
                "backend/pyproject.toml": NAMED,
                "backend/uv.lock": '[[package]]\nname = "x"\nversion = "1.1.0"\n'
                'source = { virtual = "." }\n',
                "frontend/package.json": '{"version": "0.0.0"}\n',
            },
            differs("backend/uv.lock:3:11", "1.1.0", "backend/pyproject.toml"),
        ),
        (
            {
                "package.json": '{\n  "version": "1.2.0"\n}\n',
                "package-lock.json": LOCK.replace('"": {"version": "1.2', '"": {"version": "1.1'),
            },
            differs("package-lock.json:1:64", "1.1.0", "package.json"),
        ),
        (
            {
                "setup.cfg": "[metadata]\nversion = 1.2.0\n",
                "shop/__init__.py": "__version__ = '1.1.0'\n",
            },
            differs("shop/__init__.py:1:15", "1.1.0", "setup.cfg"),
        ),
        (
            {
                "pyproject.toml": "[tool.poetry]\nname = 'x'\nversion = '1.2.0'\n",
                "x/__init__.py": "__version__ = '1.1.0'\n",
            },
            differs("x/__init__.py:1:15", "1.1.0", "pyproject.toml"),
        ),
    ],
)
def test_found_without_configuration(files: Files, found: str, project: Project, run: Run) -> None:
    project.lay(files)
    assert run(ID) == (1, f"{found}1 finding in 1 file (1 fixable with --fix)\n", "")
    assert run(ID, "--fix")[0] == 1
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": NAMED},
        {"pyproject.toml": NAMED, "shop/__init__.py": "__version__ = '1.2.0'\n"},
        {"pyproject.toml": NAMED, "shop/__init__.py": "__version__ = version('shop')\n"},
        {"pyproject.toml": NAMED, "a/version.py": "VERSION = '3'\n"},
        {"pyproject.toml": NAMED, "tests/version.py": "VERSION = '1.1.0'\n"},
        {"pyproject.toml": NAMED, "a/b/c/version.py": "VERSION = '1.1.0'\n"},
        {"pyproject.toml": NAMED, "package.json": '{"version": "0.0.0", "private": true}\n'},
        {
            "pyproject.toml": NAMED,
            "a/__init__.py": "__version__ = '2.0.0'\n",
            "b/__init__.py": "__version__ = '3.0.0'\n",
        },
        {
            "pyproject.toml": NAMED.replace("1.2.0", "0.0.0"),
            "uv.lock": '[[package]]\nname = "x"\nversion = "0.0.0"\nsource = { virtual = "." }\n',
            "shop/__init__.py": "__version__ = '1.2.0'\n",
        },
        {"pyproject.toml": NAMED, "docs/changelog/index.md": "# Changelog\n"},
        {"pyproject.toml": NAMED, "mkdocs.yml": "site_name: x\nnav:\n  - Home: index.md\n"},
        {"package.json": '{"version": "1.2.0"}\n', "package-lock.json": LOCK},
        {"VERSION": "1.2.0\n"},
        {"Cargo.toml": '[package]\nversion = "1.2.0"\n'},
        {"setup.cfg": "[metadata]\nversion = 1.2.0\n", "setup.py": "setup()\n"},
        {"setup.cfg": "[metadata]\nversion = attr: shop.V\n", "shop/__init__.py": "V = '1.2'\n"},
        {"setup.py": "from setuptools import setup\nsetup(version='1.2.0')\n"},
        {
            "pyproject.toml": f'{DYNAMIC}[tool.hatch.version]\npath = "shop/v.py"\n',
            "shop/v.py": "__version__ = '1.3.0'\n",
        },
        {
            "pyproject.toml": f'{DYNAMIC}[tool.setuptools.dynamic]\nversion = {{ file = ["V"] }}\n',
            "V": "v1.3.0\n",
        },
        {
            "pyproject.toml": f'{DYNAMIC}[tool.setuptools.dynamic.version]\nattr = "shop.v.NOW"\n',
            "src/shop/v.py": "NOW = '1.3.0'\n",
        },
        {
            "pyproject.toml": f'{DYNAMIC}[tool.pdm.version]\nsource = "file"\npath = "shop/v.py"\n',
            "shop/v.py": "__version__ = '1.3.0'\n",
        },
        {
            "pyproject.toml": f'{DYNAMIC}[build-system]\nbuild-backend = "flit_core.buildapi"\n',
            "src/shop/__init__.py": "__version__ = '1.3.0'\n",
        },
        {"Cargo.toml": '[package]\nversion = "1.2.0"\n', "pyproject.toml": NAMED},
    ],
)
def test_left_alone(files: Files, project: Project, run: Run) -> None:
    project.lay(files)
    assert run(ID)[0::2] == (0, "")


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"README.md": "x\n", "uv.lock": ""}, "no file names the version: set version-files"),
        ({"pyproject.toml": f"{NAMED}[tool.definition-of-done]\nversion-files = []\n"},
         "no file names the version"),
        ({"app/version.py": "commit = '3f2a'\n"},
         "app/version.py assigns none of __version__, VERSION, version: set version-files"),
        ({"VERSION": "26.11\n", "docs/changelog/26.11.md": "# 26.11\n"},
         "docs/changelog/26.11.md does not name a semantic version: set version-scheme"),
        ({"VERSION": "1.2.0\n", "Changelog.rst": "1.1.0\n-----\n"},
         "Changelog.rst is no Markdown, and is not read"),
        ({"VERSION": "1.2.0\n", "CHANGES": "1.1.0\n"}, "CHANGES is no Markdown, and is not read"),
        (VCS, "the version comes from tags (hatch-vcs)"),
        ({"pyproject.toml": f"{DYNAMIC}[tool.setuptools_scm]\n"},
         "the version comes from tags (setuptools-scm)"),
        ({"pyproject.toml": f"{DYNAMIC}[build-system]\nrequires = ['setuptools_scm[toml]>=8']\n"},
         "the version comes from tags (setuptools-scm)"),
        ({"pyproject.toml": f"{DYNAMIC}[tool.hatch.version]\nsource = 'versioningit'\n"},
         "the version comes from tags (versioningit)"),
        ({"pyproject.toml": f"{DYNAMIC}[tool.hatch.version]\nsource = 'uv-dynamic-versioning'\n"},
         "the version comes from tags (uv-dynamic-versioning)"),
        ({"pyproject.toml": f"{DYNAMIC}[tool.pdm.version]\nsource = 'scm'\n"},
         "the version comes from tags (pdm)"),
        ({"pyproject.toml": "[tool.poetry]\nversion = '0.0.0'\n"
          "[tool.poetry-dynamic-versioning]\nenable = true\n"},
         "the version comes from tags (poetry-dynamic-versioning)"),
        ({"setup.py": "setup(use_scm_version=True)\n"},
         "the version comes from tags (setuptools-scm)"),
        ({"setup.cfg": "[metadata]\nname = x\n", "setup.py": "setup(pbr=True)\n"},
         "the version comes from tags (pbr)"),
    ],
)  # fmt: skip
def test_not_judged(files: Files, note: str, project: Project, run: Run) -> None:
    project.lay(files)
    code, out, err = run(ID)
    assert (code, err) == (0, f"{ID}: not evaluated: {note}\n")
    assert out.startswith("no findings")


@pytest.mark.parametrize(
    "line",
    [
        'path = "../outside.py"',
        'path = "/etc/hostname"',
        'path = "src"',
        "path = 1",
        'path = "shop.py"\npattern = "(?P<version>"',
        'path = "shop.py"\npattern = "(((" ',
        'source = "code"\npath = "shop.py"\nexpression = "read()"',
        "source = []",
    ],
)
def test_a_hostile_configuration(line: str, project: Project, run: Run) -> None:
    text = f"{DYNAMIC}[tool.hatch.version]\n{line}\n"
    project.lay({"pyproject.toml": text, "shop.py": "x = 1\n", "src/shop.py": ""})
    code, _, err = run(ID)
    assert code == 0
    assert err.startswith(f"{ID}: not evaluated: ")


def test_a_commit_of_the_file_that_pyproject_leads_to(project: Project, run: Run) -> None:
    text = f'{DYNAMIC}[tool.hatch.version]\npath = "src/shop/meta.py"\n{TABLE}'
    text += 'version-files = ["pyproject.toml", "VERSION"]\n'
    files = {"src/shop/meta.py": "__version__ = '1.2.0'\n", "VERSION": "1.2.0\n"}
    project.lay({**files, "pyproject.toml": text})
    assert run(ID)[0] == 0
    project.git("commit", "-qm", "one")
    project.lay({"src/shop/meta.py": "__version__ = '1.3.0'\n"})
    assert run(ID)[1].startswith(differs("VERSION:1:1", "1.2.0", "src/shop/meta.py", "1.3.0"))


def test_several_files_and_nothing_that_decides(project: Project, run: Run) -> None:
    files = {"a/version.py": "VERSION = '1.2.0'\n", "b/version.py": "VERSION = '1.2.0'\n"}
    project.lay(files)
    assert run(ID)[0] == 0
    project.lay({"b/version.py": "VERSION = '1.3.0'\n"})
    told = "several files name a version: a/version.py and b/version.py: set version-files to those"
    assert run(ID) == (2, "", f"{ID}: error: {told} of the project\n")
    assert run(ID, "--version-files", "a/version.py")[0] == 0


def test_a_package_beside_the_backend(project: Project, run: Run) -> None:
    """A file that happens to lie near the top is the version of its own package alone."""
    of_admin = {"admin/app/version.py": "VERSION = '1.0.1'\n", "admin/pyproject.toml": NAMED}
    of_api = {"api/pyproject.toml": NAMED, "api/db/alembic.ini": "[alembic]\n"}
    project.lay({**of_admin, **of_api})
    assert version_files(project) == []
    project.lay({"api/app/version.py": "VERSION = '1.2.0'\n"})
    assert version_files(project) == ["api/app/version.py"]
    # One of which nobody says that it is built keeps its place.
    project.lay({"api/db/alembic.ini": None})
    assert version_files(project) == ["admin/app/version.py", "api/app/version.py"]


def test_a_package_that_was_in_step(project: Project, run: Run) -> None:
    """A frontend's package.json goes with the version where it did on the base."""
    package = '{"name": "web", "version": "%s"}\n'
    project.lay({"pyproject.toml": NAMED, "web/package.json": package % "1.2.0",
                 "other/package.json": package % "7.0.0"})  # fmt: skip
    project.git("commit", "-qm", "one")
    project.git("checkout", "-qb", "release")
    project.lay({"pyproject.toml": NAMED.replace("1.2", "1.3")})
    assert run(ID)[1].startswith(
        differs("web/package.json:1:28", "1.2.0", "pyproject.toml", "1.3.0")
    )
    project.lay({"web/package.json": package % "1.3.0"})
    assert run(ID)[0] == 0
    project.git("commit", "-qm", "two")
    assert run("definition-of-done", "bump", "minor")[1].startswith(
        "written: pyproject.toml\nwritten: web/package.json\n"
    )


def test_a_package_that_had_the_number_of_a_new_project(project: Project, run: Run) -> None:
    text = NAMED.replace("1.2", "0.1")
    project.lay({"pyproject.toml": text, "web/package.json": '{"version": "0.1.0"}\n'})
    project.git("commit", "-qm", "one")
    project.lay({"pyproject.toml": text.replace("0.1", "0.2")})
    assert run(ID)[0] == 0


def test_several_packages(project: Project, run: Run) -> None:
    """A version of each: to be silent would be to have looked elsewhere."""
    project.lay({"a/pyproject.toml": NAMED, "b/pyproject.toml": NAMED.replace("1.2", "1.3")})
    named = "several files name a version: a/pyproject.toml and b/pyproject.toml"
    told = f"{named}: set version-files to those of the project"
    assert run(ID) == (2, "", f"{ID}: error: {told}\n")
    assert run(ID, "--version-file", "")[0] == 0


def test_the_only_version_is_that_of_another_package(project: Project, run: Run) -> None:
    """The backend's package says nothing: one beside it does not speak for it."""
    package = "[project]\nname = 'api'\n"
    files = {"api/pyproject.toml": package, "web/lamp/pyproject.toml": NAMED}
    project.lay({**files, "api/db/alembic.ini": "[alembic]\n"})
    note = f"{ID}: not evaluated: no file names the version: set version-files\n"
    assert run(ID)[::2] == (0, note)
    # Where nothing says which package is the backend, the only version is the project's.
    project.lay({"api/db/alembic.ini": None})
    assert run(ID)[::2] == (0, "")


def test_pages_and_tags(project: Project, run: Run) -> None:
    project.lay({**VCS, "docs/changelog/1.2.0.md": "# 1.2.0\n"})
    project.git("commit", "-qm", "one")
    project.git("tag", "v1.2.0")
    assert run(ID)[0] == 0
    # The page of the next version is written before its tag.
    project.lay({"docs/changelog/1.3.0.md": "# 1.3.0\n"})
    assert run(ID)[0] == 0
    project.git("tag", "v1.4.0")
    project.git("tag", "client-v7.0.0")
    assert run(ID)[1] == (
        f"pyproject.toml:1:1: {ID}: version 1.4.0 has no changelog page docs/changelog/1.4.0.md\n"
        "    help: write docs/changelog/1.4.0.md\n1 finding in 1 file\n"
    )


FILES = {
    "pyproject.toml": NAMED,
    "web/package.json": '{\n\t"version": "1.2.0"\n}\n',
    "web/package-lock.json": LOCK,
    "web/npm.txt": "x",
    "chart.yaml": "name: shop\nappVersion: 1.2.0\n",
    "docs/conf.py": "release = '1.2.0'\n",
    "Cargo.toml": '[package]\nname = "x"\nversion = "1.2.0"\n',
    "setup.cfg": "[metadata]\nversion = 1.2.0\n",
    "VERSION": "v1.2.0\n",
}
LISTED = [
    "pyproject.toml",
    "web/package.json",
    "chart.yaml:^appVersion: (?P<version>.*)$",
    "docs/conf.py:^release = '(.*)'",
    "Cargo.toml",
    "setup.cfg",
    "VERSION",
]


def configured(entries: list[str], more: str = "") -> str:
    return f"{NAMED}{TABLE}version-files = {entries!r}\n{more}"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("web/package.json", "2:13"),
        ("chart.yaml", "2:13"),
        ("docs/conf.py", "1:12"),
        ("Cargo.toml", "3:11"),
        ("setup.cfg", "2:11"),
        ("VERSION", "1:2"),
    ],
)
def test_each_kind_of_file(path: str, place: str, project: Project, run: Run) -> None:
    project.lay({**FILES, "pyproject.toml": configured(LISTED)})
    assert run(ID)[0::2] == (0, "")
    project.lay({path: FILES[path].replace("1.2.0", "1.1.9")})
    found = differs(f"{path}:{place}", "1.1.9", "pyproject.toml")
    assert run(ID)[1] == f"{found}1 finding in 1 file (1 fixable with --fix)\n"
    assert run(ID, "--fix")[0] == 1
    assert (project.root / path).read_text() == FILES[path]


def test_a_table_names_a_path_and_a_pattern(project: Project, run: Run) -> None:
    chart = "{ path = 'chart.yaml', pattern = '^appVersion: (.*)$' }"
    table = f"{TABLE}version-files = ['pyproject.toml', {chart}, {{ path = 'VERSION' }}]\n"
    project.lay({**FILES, "pyproject.toml": NAMED + table})
    assert run(ID) == (0, "no findings (3 files judged)\n", "")
    project.lay({"chart.yaml": "appVersion: 1.1.9\n", "VERSION": "1.1.8\n"})
    found = differs("VERSION:1:1", "1.1.8", "pyproject.toml")
    found += differs("chart.yaml:1:13", "1.1.9", "pyproject.toml")
    out = run(ID)[1]
    assert sorted(out.splitlines()[:-1]) == sorted(found.splitlines())


def test_the_first_is_the_source_and_others_are_not_read(project: Project, run: Run) -> None:
    files = {**FILES, "VERSION": "1.3.0\n", "app/version.py": "VERSION = '9.0.0'\n"}
    project.lay({**files, "pyproject.toml": configured(["VERSION", "chart.yaml:appVersion: (.*)"])})
    assert run(ID)[1].startswith(differs("chart.yaml:2:13", "1.2.0", "VERSION", "1.3.0"))
    more = 'version-source = "setup.cfg"\n'
    project.lay({"pyproject.toml": configured(["VERSION"], more)})
    assert run(ID)[1].startswith(differs("VERSION:1:1", "1.3.0", "setup.cfg"))


@pytest.mark.parametrize(
    ("files", "entry", "fault"),
    [
        ({}, "chart.yaml", "does not hold a version alone, and no pattern says where it is"),
        ({"chart.yaml": ""}, "chart.yaml", "does not hold a version alone, and no pattern says"),
        ({}, "chart.yaml:^version: (.*)", "names no version"),
        ({"Cargo.toml": "[package]\n"}, "Cargo.toml", "names no version"),
        ({"poetry.lock": ""}, "poetry.lock", "never names the project's own version"),
    ],
)
def test_a_file_without_a_version(
    files: Files, entry: str, fault: str, project: Project, run: Run
) -> None:
    project.lay({**FILES, **files, "pyproject.toml": configured(["pyproject.toml", entry])})
    code, out, err = run(ID)
    path = entry.partition(":")[0]
    assert (code, err) == (1, "")
    assert out.startswith(f"{path}:1:1: {ID}: the version file {fault}")
    assert f"\n    help: name 1.2.0 there, or take {path} out of version-files\n" in out


def test_a_file_that_is_broken(project: Project, run: Run) -> None:
    files = {**FILES, "web/package.json": '{\n  "version" 1\n}\n'}
    project.lay({**files, "pyproject.toml": configured(LISTED)})
    assert run(ID)[1].startswith(
        "web/package.json:2:13: unreadable: not JSON: Expecting ':' delimiter\n"
    )


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("version-files = ['gone']", "version-files names a path that does not exist: 'gone'"),
        ("version-files = 'VERSION'", "version-files must be a list of strings, or of tables"
         " with a path and a pattern, not 'VERSION'"),
        ("version-files = [{ path = 'VERSION', patern = '(.*)' }]",
         "version-files must be a list of strings, or of tables with a path and a pattern, not"
         " [{'path': 'VERSION', 'patern': '(.*)'}]"),
        ("version-files = [{ path = 'VERSION', pattern = '.*' }]",
         "version-files: '.*' must have one group around the version: (.*)"),
        ("version-files = ['web']", "version-files names a folder: 'web'"),
        ("version-files = ['../x']", "version-files must be a path below the project, not '../x'"),
        ("version-files = ['VERSION:(']",
         "version-files: '(' is no pattern: missing ), unterminated subpattern at position 0"),
        ("version-files = ['VERSION:.*']",
         "version-files: '.*' must have one group around the version: (.*)"),
        ("version-files = ['VERSION:(.)(.)']",
         "version-files: '(.)(.)' must have one group around the version: (.*)"),
        ("version-scheme = 'pep404'",
         "version-scheme: unknown scheme 'pep404'; did you mean 'pep440'?"),
        ("version-scheme = 'x'", "version-scheme: unknown scheme 'x': semver, pep440 or calver"),
    ],
)  # fmt: skip
def test_a_wrong_key(table: str, error: str, project: Project, run: Run) -> None:
    project.lay({**FILES, "pyproject.toml": f"{NAMED}{TABLE}{table}\n"})
    where = "pyproject.toml: [tool.definition-of-done]"
    assert run(ID) == (2, "", f"{ID}: error: {where}: {error}\n")


@pytest.mark.parametrize(
    ("scheme", "version", "newer"),
    [
        ("calver", "2026.11.0", "2026.12"),
        ("calver", "26.11", "26.12"),
        ("calver", "2026.11.29.1", "2026.11.30"),
        ("pep440", "1.3.0rc1", "1.3.0"),
        ("pep440", "1.3", "1.10"),
    ],
)
def test_pages_go_by_the_scheme(
    scheme: str, version: str, newer: str, project: Project, run: Run
) -> None:
    table = f'{NAMED}{TABLE}version-scheme = "{scheme}"\n'.replace("1.2.0", version)
    project.lay({"pyproject.toml": table, f"docs/changelog/{version}.md": f"# {version}\n"})
    assert run(ID)[0::2] == (0, "")
    project.lay({f"docs/changelog/{newer}.md": f"# {newer}\n"})
    assert run(ID)[1].startswith(
        f"docs/changelog/{newer}.md:1:1: {ID}: the page is of version {newer}, but"
        f" pyproject.toml says {version}\n"
    )
    assert run("semver-level")[2].startswith("semver-level: not evaluated: the step: calver") is (
        scheme == "calver"
    )
