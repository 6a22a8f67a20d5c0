"""version-sync: exact findings, what it must leave alone, and the fix."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE

from definition_of_done.project.schemes import same
from definition_of_done.rules.sample import CHANGELOG as PATH
from definition_of_done.rules.sample import changelog_page as page
from definition_of_done.rules.sample import versions

ID = "version-sync"
GOOD = {
    **versions(),
    **page(),
    "mkdocs.yml": "site_name: Sample\nnav:\n  - 1.2.0: changelog/1.2.0.md\n",
}
NAV = GOOD["mkdocs.yml"]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (
            "pyproject.toml",
            '[project]\nversion = "1.1.0" # by hand\n',
            "pyproject.toml:2:11: {id}: version is 1.1.0, but app/version.py says 1.2.0\n"
            "    help: set it to 1.2.0, or run with --fix\n",
        ),
        (
            "pyproject.toml",
            "[tool.other]\nversion = '1.1.0'\n[tool.poetry]\nversion = '1.1.0'\n",
            "pyproject.toml:4:11: {id}: version is 1.1.0, but app/version.py says 1.2.0\n"
            "    help: set it to 1.2.0, or run with --fix\n",
        ),
        (
            "uv.lock",
            '[[package]]\nname = "sample-backend"\nversion = "1.1.0"\nsource = { virtual = "." }\n',
            "uv.lock:3:11: {id}: version is 1.1.0, but app/version.py says 1.2.0\n"
            "    help: set it to 1.2.0, or run with --fix\n",
        ),
        (
            "docs/changelog/1.10.0.md",
            "# 1.10.0\n",
            "docs/changelog/1.10.0.md:1:1: {id}: the page is of version 1.10.0,"
            " but app/version.py says 1.2.0\n"
            "    help: bump the version, or rename the page\n",
        ),
        (
            "mkdocs.yml",
            "nav:\n  - Home: index.md\n",
            "mkdocs.yml:1:1: {id}: the nav has no entry for changelog/1.2.0.md,"
            " but app/version.py says 1.2.0\n"
            '    help: add "1.2.0: changelog/1.2.0.md" to the nav;'
            " --fix finds no entry to put it beside\n",
        ),
        (
            "pyproject.toml",
            '[project]\nversion = "1.1.0"\ndynamic = ["readme"]\n',
            "pyproject.toml:2:11: {id}: version is 1.1.0, but app/version.py says 1.2.0\n"
            "    help: set it to 1.2.0, or run with --fix\n",
        ),
        (
            "app/version.py",
            "x = 1\n",
            "app/version.py:1:1: {id}: the version source assigns none of __version__, VERSION,"
            " version\n"
            "    help: name the version there, or set version-source to the file that does\n",
        ),
        (
            "app/version.py",
            "__version__ = read()\n",
            "app/version.py:1:15: {id}: the version source computes __version__:"
            " it is not a string literal\n"
            "    help: name the version there, or set version-source to the file that does\n",
        ),
        (
            "mkdocs.yml",
            "nav: [\n",
            "mkdocs.yml:2:1: unreadable: not YAML: expected the node content,"
            " but found '<stream end>'\n",
        ),
        (
            "app/version.py",
            "__version__ = (\n",
            "app/version.py:1:15: unreadable: not Python: '(' was never closed\n",
        ),
    ],
)
def test_finding(path: str, content: str | None, expected: str, project: Project, run: Run) -> None:
    project.lay({**GOOD, path: content})
    code, out, err = run(ID)
    report, _, _ = out.rpartition("1 finding in 1 file")
    assert report == expected.format(id=ID)
    assert (code, err) == (1, "")


def test_a_version_that_is_not_semantic(project: Project, run: Run) -> None:
    nav = "nav:\n  - 1.1.0: changelog/1.1.0.md\n"
    files = {"docs/changelog/1.1.0.md": "# 1.1.0\n", "mkdocs.yml": nav}
    project.lay({**files, "app/version.py": '__version__ = "1.2"\n'})
    assert run(ID, "--fix") == (
        1,
        f"app/version.py:1:15: {ID}: version 1.2 has no changelog page docs/changelog/1.2.md\n"
        "    help: write docs/changelog/1.2.md\n"
        f"mkdocs.yml:1:1: {ID}: the nav has no entry for changelog/1.2.md,"
        " but app/version.py says 1.2\n"
        "    help: add '\"1.2\": changelog/1.2.md' to the nav;"
        " --fix finds no entry to put it beside\n2 findings in 2 files\n",
        "",
    )


@pytest.mark.parametrize("source", ["", 'version-source = "pyproject.toml"\n'])
def test_a_default_that_does_not_exist_is_not_missing(
    source: str, project: Project, run: Run
) -> None:
    table = f"[tool.definition-of-done]\n{source}"
    pyproject = {"pyproject.toml": GOOD["pyproject.toml"] + table}
    project.lay({**GOOD, **pyproject, "app/version.py": None, "mkdocs.yml": None})
    assert run(ID)[0::2] == (0, "")


def test_missing_page_and_source(project: Project, run: Run) -> None:
    project.lay({**GOOD, "docs/changelog/1.1.0.md": "# 1.1.0\n"})
    project.git("rm", "-q", "--cached", PATH)
    assert run(ID)[1] == (
        f"app/version.py:1:15: {ID}: git does not track {PATH}, the page of 1.2.0\n"
        "    help: git add it\n1 finding in 1 file\n"
    )
    (project.root / PATH).unlink()
    assert run(ID)[1] == (
        f"app/version.py:1:15: {ID}: version 1.2.0 has no changelog page {PATH}\n"
        f"    help: write {PATH}\n1 finding in 1 file\n"
    )
    (project.root / "app/version.py").unlink()
    assert run(ID)[1].startswith(f"pyproject.toml:3:11: {ID}: version 1.2.0 has no changelog page ")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"app/version.py": "VERSION: str = '1.2.0'\n"},
        {"app/version.py": "version = '0'\nversion = '1.2.0'\n"},
        {"pyproject.toml": "[project]\ndynamic = ['version']\n"},
        {"pyproject.toml": "[tool.ruff]\n"},
        {"mkdocs.yml": "site_name: x\n"},
        {"mkdocs.yml": NAV + "x: !ENV [A, b]\ny: !!python/name:a.b\nz: &a 1\nw: *a\nx: 2\n"},
        {"mkdocs.yml": "nav:\n  - changelog/1.2.0.md\n"},
        {"uv.lock": '[[package]]\nname = "x"\nversion = "1"\nsource = { registry = "y" }\n'},
        {"docs/changelog/1.2.0-rc.1.md": "# 1.2.0-rc.1\n"},
        {"docs/changelog/next.md": "# 9\n"},
    ],
)
def test_left_alone(files: dict[str, str], project: Project, run: Run) -> None:
    project.lay({**GOOD, **files})
    assert run(ID)[0::2] == (0, "")


@pytest.mark.parametrize(
    ("version", "code"),
    [("1.3.0-dev", 0), ("1.2.0-SNAPSHOT", 0), ("1.3.0-rc.1", 1), ("1.1.0-dev", 1)],
)
def test_development_needs_no_page(version: str, code: int, sample: Project, run: Run) -> None:
    """The page of its release may stand, or that of the one before."""
    sample.lay(
        {
            path: SAMPLE[path].replace("1.2.0", version)
            for path in ("app/version.py", "pyproject.toml")
        }
    )
    assert run("version-sync")[0] == code


def test_a_page_of_development_stands_in_the_nav(sample: Project, run: Run) -> None:
    assert run("definition-of-done", "bump", "1.3.0-dev")[0] == 0
    sample.git("add", "-A")
    assert run("version-sync")[0] == 0
    sample.lay({"mkdocs.yml": SAMPLE["mkdocs.yml"]})
    code, out, _ = run("version-sync")
    assert (code, "the nav has no entry for changelog/1.3.0-dev.md" in out) == (1, True)


@pytest.mark.parametrize(
    ("spelling", "other", "equal"),
    [
        ("1.2.0", "v1.2.0", True),
        ("1.2.0-rc.1", "1.2.0rc1", True),
        ("26.08.0-dev", "26.8.0.dev0", True),
        ("1.2.0-alpha.1", "1.2.0a1", True),
        ("1.2.0", "1.2.1", False),
        ("1.2.0", "1.2.0rc1", False),
        ("1.2.0-rc.1", "1.2.0-rc.2", False),
    ],
)
def test_spellings(spelling: str, other: str, equal: bool) -> None:
    assert same(spelling, other) is equal


def test_spellings_of_a_pre_release_are_equal(project: Project, run: Run) -> None:
    files = {
        path: content.replace("1.2.0", "1.2.0rc1" if path == "pyproject.toml" else "1.2.0-rc.1")
        for path, content in GOOD.items()
    }
    files["docs/changelog/1.2.0-rc.1.md"] = files.pop(PATH)
    project.lay(files)
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    "table", ['changelog = ""\nmkdocs = ""\n', 'version-file = ""\nchangelog = ""\n']
)
def test_places_that_a_team_does_not_keep(table: str, project: Project, run: Run) -> None:
    pyproject = f'[project]\nversion = "1.2.0"\n[tool.definition-of-done]\n{table}'
    project.lay({"pyproject.toml": pyproject, "app/version.py": GOOD["app/version.py"]})
    assert run(ID)[0::2] == (0, "")


def test_concerns_only_what_names_a_version(project: Project, run: Run) -> None:
    project.lay(GOOD | versions(pyproject="1.1.0"))
    project.git("commit", "-qm", "broken")
    project.lay({"README.md": "x\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    project.git("rm", "-q", PATH)
    assert run(ID)[0] == 1


def test_fix(project: Project, run: Run) -> None:
    nav = (
        "site_name: Sample # ours\r\nnav:\r\n  - Changelog:\r\n"
        "      - '1.1.0': changelog/1.1.0.md # older\r\n"
    )
    project.lay(
        {
            **GOOD,
            "docs/changelog/1.1.0.md": "# 1.1.0\n",
            "pyproject.toml": '[project]\nversion = "1.1.0" # "1.1.0"\n',
            "mkdocs.yml": nav,
        }
    )
    code, out, _ = run(ID, "--fix")
    assert code == 1
    assert out.splitlines()[-1] == "2 findings fixed: look at the changes, then git add them"
    assert (project.root / "pyproject.toml").read_text() == (
        '[project]\nversion = "1.2.0" # "1.1.0"\n'
    )
    assert (project.root / "mkdocs.yml").read_bytes().decode() == nav.replace(
        "      - '1.1.0'", "      - '1.2.0': changelog/1.2.0.md # older\r\n      - '1.1.0'"
    )
    assert run(ID, "--fix")[0] == 0


def test_fix_adds_the_entry_at_the_end_where_the_newest_is_last(project: Project, run: Run) -> None:
    nav = "nav:\n- 1.0.0: changelog/1.0.0.md\n- 1.1.0: changelog/1.1.0.md"
    pages = {f"docs/changelog/1.{minor}.0.md": "# x\n" for minor in (0, 1)}
    project.lay({**GOOD, **pages, "mkdocs.yml": nav})
    assert run(ID, "--fix")[0] == 1
    assert (project.root / "mkdocs.yml").read_text() == f"{nav}\n- 1.2.0: changelog/1.2.0.md"


def test_fix_never_invents_a_page(project: Project, run: Run) -> None:
    project.lay({**GOOD, "app/version.py": '__version__ = "1.3.0"\n'})
    assert run(ID, "--fix")[0] == 1
    assert not (project.root / "docs/changelog/1.3.0.md").exists()
