"""definition-of-done bump with versions in other files, in other schemes, and from tags."""

from __future__ import annotations

import os

import pytest
from tests.repository import Files, Project, Run

SUITE = "definition-of-done"
TABLE = "[tool.definition-of-done]\n"
FILES = {
    "pyproject.toml": '\ufeff# ours\r\n[project]\r\nname = "shop"\r\nversion = "1.2.0" # here\r\n'
    f"{TABLE}version-files = [\r\n"
    '  "pyproject.toml", "web/package.json", "src/shop/__init__.py", "setup.cfg", "VERSION",\r\n'
    "  'chart.yaml:^(?:appV|v)ersion:(?P<version>.*)$',\r\n]\r\n",
    "uv.lock": '[[package]]\nname = "shop"\nversion = "1.2.0"\nsource = { editable = "." }\n',
    "web/package.json": '{\n    "name": "shop",\n\t"version" :  "1.2.0",\n'
    '    "dependencies": {"x": {"version": "1.2.0"}}\n}',
    "web/package-lock.json": '{"name": "shop", "version": "1.2.0", "lockfileVersion": 3,\n'
    ' "packages": {"": {"name": "shop", "version": "1.2.0"}, "x": {"version": "1.2.0"}}}\n',
    "src/shop/__init__.py": "# 1.2.0\n__version__ = '1.2.0'  # kept\n",
    "setup.cfg": "[metadata]\nname: shop\nversion: v1.2.0   \n[x]\nversion = 1.2.0\n",
    "VERSION": "1.2.0",
    "chart.yaml": 'version:   1.2.0 \r\nappVersion: "1.2.0"\r\nother: 1.2.0\r\n',
}
KEPT = {
    "src/shop/__init__.py": "# 1.2.0",
    "web/package.json": '"x": {"version": "1.2.0"}',
    "web/package-lock.json": '"x": {"version": "1.2.0"}',
    "setup.cfg": "[x]\nversion = 1.2.0",
    "chart.yaml": "other: 1.2.0",
}


def commit(project: Project, files: Files) -> None:
    project.lay(files)
    project.git("commit", "-qm", "x")


def spelled(path: str, word: str) -> str:
    lock, npm = path == "uv.lock", "package" in path
    return (
        "1.3.0rc1" if lock and word != "1.3.0" else "1.3.0-rc.1" if npm and "rc" in word else word
    )


@pytest.mark.parametrize(
    ("scheme", "word"), [("semver", "1.3.0"), ("semver", "1.3.0-rc.1"), ("pep440", "1.3.0rc1")]
)
def test_all_files(scheme: str, word: str, project: Project, run: Run) -> None:
    commit(project, FILES)
    code, out, err = run(SUITE, "bump", word) if scheme == "semver" else (0, "", "")
    if scheme == "pep440":
        text = f'{FILES["pyproject.toml"]}version-scheme = "pep440"\r\n'
        commit(project, {"pyproject.toml": text})
        code, out, err = run(SUITE, "bump", word)
    assert (code, err) == (0, "")
    assert out == "".join(f"written: {path}\n" for path in (
        "pyproject.toml", "web/package.json", "src/shop/__init__.py", "setup.cfg", "VERSION",
        "chart.yaml", "uv.lock", "web/package-lock.json",
    )) + f"bumped from 1.2.0 to {word}: look at the changes, then git add them\n"  # fmt: skip
    for path, before in FILES.items():
        kept = KEPT.get(path, "")
        expected = before.replace(kept, "@") if kept else before
        expected = expected.replace("1.2.0", spelled(path, word)).replace("@", kept)
        written = (project.root / path).read_bytes().decode()
        assert written.replace('version-scheme = "pep440"\r\n', "") == expected
    project.git("add", "--all")
    assert run("version-sync")[0::2] == (0, "")


def test_none_where_one_cannot_be_written(project: Project, run: Run) -> None:
    commit(project, {**FILES, "web/package.json": '{"version": "1\\u002e2.0"}\n'})
    told = "web/package.json writes it in a way that cannot be edited with certainty"
    assert run(SUITE, "bump", "minor") == (
        2,
        "",
        f"{SUITE}: error: {told}: write the version there as a plain string\n",
    )
    assert project.git("status", "--porcelain") == ""


def test_each_file_is_read_again(project: Project, run: Run) -> None:
    files = {
        "pyproject.toml": f"{TABLE}version-files = ['a.txt:^v(1.*)$']\n",
        "a.txt": "v1.2.0\n",
    }
    commit(project, files)
    assert run(SUITE, "bump", "1.3.0")[0] == 0
    project.git("checkout", "-q", ".")
    assert run(SUITE, "bump", "2.0.0") == (
        2,
        "",
        f"{SUITE}: error: a.txt would not name 2.0.0 afterwards: write the version there\n",
    )
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("scheme", "current", "words", "told"),
    [
        ("calver", "2026.11.0", ["2026.11.1"], "bumped from 2026.11.0 to 2026.11.1: "),
        ("calver", "26.11", ["26.11.1"], "bumped from 26.11 to 26.11.1: "),
        ("calver", "2026.11.29", ["2026.11.29.1"], "bumped from 2026.11.29 to 2026.11.29.1: "),
        ("calver", "2026.11.0", ["2026.10.9"],
         "2026.10.9 is not above 2026.11.0 of pyproject.toml: name a higher version"),
        ("calver", "2026.11.0", ["minor"],
         "calver has no levels: name the version after 2026.11.0 in full"),
        ("calver", "2026.11.0", [],
         "calver has no levels: name the version after 2026.11.0 in full"),
        ("calver", "2026.11.0", ["next"], "'next' is not a calendar version such as 2026.11.0"),
        ("pep440", "1.2rc1", ["minor"], "bumped from 1.2rc1 to 1.2: "),
        ("pep440", "1.2.0", ["1.2.0.post1"], "bumped from 1.2.0 to 1.2.0.post1: "),
        ("pep440", "1.2.0", [], "patch: 1.2.0 -> 1.2.1\n"),
        ("pep440", "1.2.0", ["1.2.0-alpha.x"], "'1.2.0-alpha.x' is neither major, minor or patch"
         " nor a PEP 440 version such as 1.2.0rc1"),
        ("semver", "1.2.0rc1", ["minor"], "the version '1.2.0rc1' is not a semantic one: name the"
         ' next in full, or set version-scheme = "pep440"'),
    ],
)  # fmt: skip
def test_schemes(
    scheme: str, current: str, words: list[str], told: str, project: Project, run: Run
) -> None:
    text = f'[project]\nversion = "{current}"\n{TABLE}version-scheme = "{scheme}"\n'
    commit(project, {"pyproject.toml": text})
    code, out, err = run(SUITE, "bump", *words)
    assert told in (err if code else out)


DYNAMIC = '[project]\nname = "shop"\ndynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n'
TAGS = "the version comes from tags (hatch-vcs): when this has landed, git tag"


def test_tags(project: Project, run: Run) -> None:
    commit(project, {"pyproject.toml": DYNAMIC})
    assert run(SUITE, "bump") == (
        2, "", f"{SUITE}: error: no tag names a semantic version: name the first in full\n"
    )  # fmt: skip
    assert run(SUITE, "bump", "0.1.0") == (0, f"{TAGS} v0.1.0\n", "")
    project.git("tag", "shop-1.2.0")
    assert run(SUITE, "bump")[1].startswith("patch: 1.2.0 -> 1.2.1\n")
    assert run(SUITE, "bump", "minor") == (0, f"{TAGS} shop-1.3.0\n", "")
    assert run(SUITE, "bump", "1.1.0")[2].endswith(
        "1.1.0 is not above 1.2.0 of the newest tag: name a higher version, or major, minor or"
        " patch\n"
    )
    assert project.git("status", "--porcelain") == ""


def test_the_page_of_a_version_from_tags(project: Project, run: Run) -> None:
    commit(project, {"pyproject.toml": DYNAMIC, "docs/changelog/1.2.0.md": "# 1.2.0\n"})
    project.git("tag", "v1.2.0")
    code, out, err = run(SUITE, "bump", "patch")
    assert (code, err) == (0, "")
    assert out.startswith("written: docs/changelog/1.2.1.md\nbumped from 1.2.0 to 1.2.1: ")
    assert out.endswith(f"\n{TAGS} v1.2.1\n")
    assert (project.root / "docs/changelog/1.2.1.md").read_text().startswith("# 1.2.1\n")
    project.git("add", "--all")
    assert run("version-sync")[0] == 0


def test_a_page_is_written_where_there_is_a_changelog_or_it_is_asked_for(
    project: Project, run: Run
) -> None:
    commit(project, {"pyproject.toml": '[project]\nversion = "1.2.0"\n'})
    assert run(SUITE, "bump", "minor")[0] == 0
    assert not os.path.exists("docs")
    project.git("checkout", "-q", ".")
    assert run(SUITE, "bump", "minor", "--changelog-stub")[0] == 0
    assert os.path.exists("docs/changelog/1.3.0.md")


def test_nothing_to_bump(project: Project, run: Run) -> None:
    commit(project, {"README.md": "x\n"})
    told = "no file names the version: set version-files"
    assert run(SUITE, "bump", "minor") == (2, "", f"{SUITE}: error: {told}\n")
