"""Any bytes, and anything that is no file: each has its exact outcome, and none a traceback."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repository import Project, Run

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.files import read_regular
from definition_of_done.engine.registry import load_rule
from definition_of_done.engine.tree import Tree
from definition_of_done.readers import markdown, python

MIGRATION = "alembic/versions/20260524_add_x.py"
PAGE = "docs/feature/2026-05-24-x.md"
DEEP = 20_000
CONFIG = "[tool.definition-of-done]\n"
SLUG, SHAPE, NAV, SEMVER = (
    "alembic-revision-slug",
    "feature-plan-shape",
    "mkdocs-nav-entry",
    "semver-level",
)
GOOD = b"revision = 'add_x'\n"
BOMB = b"a0: &a0 [x]\n" + b"".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n".encode() for n in range(1, 15)
)


def deep(opening: str, closing: str, head: str = "", times: int = DEEP) -> bytes:
    return (head + opening * times + closing * times + "\n").encode()


# What a migration holds, and what is said of it; None: nothing.
PYTHON: dict[str, tuple[bytes, str | None]] = {
    "bytes": (bytes(range(256)), "2:118: unreadable: not utf-8 text: byte 0x80"),
    "NUL": (b"x = 1\0\n", "unreadable: not Python: source code string cannot contain null bytes"),
    "NUL after ASCII": (GOOD + b"\0", "unreadable: not Python: source code string cannot"),
    "BOM": (b"\xef\xbb\xbf" + GOOD, None),
    "BOM and latin-1": (b"\xef\xbb\xbf# coding: latin-1\n" + GOOD, "not Python: encoding problem"),
    "CRLF": (GOOD.replace(b"\n", b"\r\n"), None),
    "mixed ends": (b"x = 1\r\ny = 2\r" + GOOD, None),
    "utf-16": (b"# coding: utf-16\n" + GOOD, "unreadable: not Python: "),
    "UTF-16 bytes": ("x = 1\n".encode("utf-16"), "1:1: unreadable: not utf-8 text: byte 0xff"),
    "utf-7": (b"# coding: utf-7\n" + GOOD, None),
    "rot13": (b"# coding: rot13\n" + GOOD, "unreadable: not Python: "),
    "unknown": (b"# coding: nope\n" + GOOD, "unreadable: not Python: "),
    "two declarations": (b"# coding: latin-1\n# coding: utf-8\nx = '\xe9'\n" + GOOD, None),
    "latin-1": (b"# coding: latin-1\nx = '\xe9'\n" + GOOD, None),
    "lone surrogate": (b"x = '\xed\xa0\x80'\n", "1:6: unreadable: not utf-8 text: byte 0xed"),
    "escaped surrogate": (b"x = '\\ud800'\n" + GOOD, None),
    "parentheses": (deep("(", ")", "x = "), "unreadable: not Python: too many nested"),
    "brackets": (deep("[", "]", "x = "), "unreadable: not Python: too many nested"),
    "newer grammar and brackets": (
        b"type X = int\n" + deep("[", "]", "x = "),
        "2:205: unreadable: not Python: too many nested parentheses",
    ),
    "signs": (deep("-", "", "x = 1"), "unreadable: not Python: "),
    "attributes": (deep(".b", "", "x = a"), "unreadable: not Python: nested too deeply"),
    "elif": (b"if a:\n pass\n" + b"elif a:\n pass\n" * 900, "unreadable: nested too deeply"),
}


@pytest.mark.parametrize("name", list(PYTHON))
def test_python(name: str, project: Project, run: Run) -> None:
    data, said = PYTHON[name]
    project.lay({MIGRATION: data})
    code, out, err = run(SLUG, MIGRATION)
    assert (code, err) == (0 if said is None else 1, "")
    if said is not None:
        assert out.startswith(f"{MIGRATION}:")
        assert said in out
        assert out.endswith("1 finding in 1 file\n")


# What is nested behind newer grammar, and the fault; None where it is not too deep to be read.
NEWER: dict[str, tuple[bytes, str | None]] = {
    "parentheses": (deep("(", ")"), "too many nested parentheses"),
    "braces": (deep("{", "}"), "too many nested parentheses"),
    "f-strings": (deep('f"{', '}"'), "nested too deeply"),
    "f-strings without end": (deep('f"{', ""), "nested too deeply"),
    "template strings": (deep("t'{", "}'"), "nested too deeply"),
    "formats": (b'f"' + deep("{a:", "}"), "nested too deeply"),
    "brackets in a field": (b'f"{' + deep("[", "]")[:-1] + b'}"', "too many nested parentheses"),
    "lambda": (deep("lambda: ", "")[:-1] + b"1", "nested too deeply"),
    "lambda in f-strings": (deep('lambda x=f"{', ""), "too many nested parentheses"),
    "ternaries": (deep("1 if a else ", "")[:-1] + b"1", "nested too deeply"),
    "operators": (deep("1+", "")[:-1] + b"1", "nested too deeply"),
    "powers": (deep("1**", "")[:-1] + b"1", "nested too deeply"),
    "signs": (deep("-", "")[:-1] + b"1", "nested too deeply"),
    "not": (deep("not ", "")[:-1] + b"1", "nested too deeply"),
    "await": (deep("await ", "")[:-1] + b"1", "invalid syntax"),
    "attributes": (b"a" + deep(".b", ""), "nested too deeply"),
    "calls": (b"a" + deep("()", ""), "nested too deeply"),
    "subscripts": (b"a" + deep("[0]", ""), "nested too deeply"),
    "mixed": (deep('(f"{[lambda: {', ""), "nested too deeply"),
    "mixed chains": (deep("-a.b()if not c else ", "")[:-1] + b"1", "nested too deeply"),
    "comparisons": (deep("1<", "")[:-1] + b"1", None),
    "fields": (b'f"' + deep("{a}", "", times=2000)[:-1] + b'"', None),
    "strings": (deep("f'{a}' ", "", times=2000), None),
}


@pytest.mark.parametrize("name", list(NEWER))
def test_newer_python(name: str) -> None:
    data, said = NEWER[name]
    start = time.process_time()
    found = None
    try:
        python.read_module("a.py", b"type X = int\nx = " + data + b"\n")
    except Unreadable as error:
        found = error.message.removeprefix("not Python: ")
    assert found == said
    python.read_comments("a.py", data)
    assert time.process_time() - start < 20


def test_python_that_a_rule_cannot_walk(project: Project, run: Run) -> None:
    elifs = "    if a:\n        pass\n" + "    elif a:\n        pass\n" * 600
    functions = f"def upgrade():\n{elifs}def downgrade():\n    op.drop_table('a')\n"
    project.lay({MIGRATION: f"from alembic import op\n{GOOD.decode()}{functions}"})
    assert run("downgrade-mirrors-upgrade", MIGRATION) == (
        1,
        f"{MIGRATION}:1:1: unreadable: nested too deeply to be judged\n1 finding in 1 file\n",
        "",
    )


def test_a_file_that_cannot_be_read_is_tried_once(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def counted(read: Callable[..., object]) -> Callable[..., object]:
        def call(path: str, *rest: object) -> object:
            tried.append(path)
            return read(path, *rest)

        return call

    monkeypatch.setattr(
        "definition_of_done.project.docs.pages.read_page", counted(markdown.read_page)
    )
    monkeypatch.setattr(python, "_parse", counted(python._parse))
    project.lay({PAGE: b"# A\n\xff", MIGRATION: "revision = (\n"})
    code, out, err = run("definition-of-done", "check", "--no-cache")
    assert (code, err.count("Traceback")) == (1, 0)
    # One line says it for all rules.
    assert (
        out.count(f"{PAGE}:2:1: unreadable: ") == out.count(f"{MIGRATION}:1:12: unreadable: ") == 1
    )
    assert tried.count(PAGE) == 1
    assert tried.count(MIGRATION) <= 2


MODEL = (
    "from sqlalchemy import Column\nclass A(Base):\n    __tablename__ = 'a'\n    b = Column({})\n"
)


def test_models_that_a_rule_cannot_walk(project: Project, run: Run) -> None:
    project.lay({MIGRATION: GOOD, "app/b.py": MODEL.format(""), "app/z.py": MODEL.format("")})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    project.lay({"app/b.py": MODEL.format("X"), "app/m.py": MODEL.format("+".join("a" * 600))})
    project.lay({"app/z.py": MODEL.format("X")})
    assert run("model-needs-migration") == (
        1,
        "app/m.py:1:1: unreadable: nested too deeply to be judged\n1 finding in 1 file\n",
        "",
    )


def test_a_rule_over_the_tree_that_goes_too_deep(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(facts: object) -> None:
        raise RecursionError

    project.lay({MIGRATION: GOOD, MIGRATION.replace("add_x", "add_y"): GOOD + b"x = [[1]]\n"})
    monkeypatch.setattr(load_rule("alembic-single-head"), "check", check)
    assert run("alembic-single-head") == (
        1,
        f"{MIGRATION.replace('add_x', 'add_y')}:1:1: unreadable: nested too deeply to be judged\n"
        "1 finding in 1 file\n",
        "",
    )


YAML: dict[str, tuple[bytes, str]] = {
    "NUL": (b"nav: \0\n", "1:6: unreadable: not YAML: unacceptable character #x0000: special"),
    "not UTF-8": (b"nav: \xff\n", "mkdocs.yml:1:6: unreadable: not utf-8 text: byte 0xff"),
    "brackets": (deep("[", "]", "nav: "), "mkdocs.yml:1:1: unreadable: not YAML: nested too dee"),
    "sequences": (deep("- ", ""), "mkdocs.yml:1:1: unreadable: not YAML: nested too deeply"),
    "alias bomb": (BOMB, "mkdocs.yml:1:1: unreadable: not YAML: aliases repeat too much"),
    "two documents": (b"a: 1\n---\nb: 2\n", "2:1: unreadable: not YAML: "),
    "large": (b"# " + b"a" * 2**20, "unreadable: larger than 1 MiB, which is not parsed"),
}


@pytest.mark.parametrize("name", list(YAML))
def test_yaml(name: str, project: Project, run: Run) -> None:
    data, said = YAML[name]
    project.lay({"mkdocs.yml": data, PAGE: "# X\n"})
    code, out, err = run(NAV)
    assert (code, err) == (1, "")
    assert said in out


@pytest.mark.parametrize(
    "nav",
    [
        b"nav: &a\n  - Core Operations: *a\n",
        b"&a\nnav: *a\nplugins: *a\n",
        b"nav: []\nnav:\n  - Core Operations: []\n",
        b"? [a, b]\n: c\nnav: []\n",
        b"nav: !!python/object/apply:os.mkdir [made]\n",
    ],
)
def test_yaml_that_is_strange(nav: bytes, project: Project, run: Run) -> None:
    project.lay({"mkdocs.yml": nav, PAGE: "# X\n"})
    code, out, err = run(NAV)
    assert (code, err) == (1, "")
    assert f": {NAV}: the nav has no entry for feature/2026-05-24-x.md\n" in out
    assert "unreadable" not in out
    assert not (project.root / "made").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 25_000,
        deep("[", "]", times=12_500),
        b"![" * 12_500,
        b"[a](" * 6_000,
        b"> " * DEEP,
        b"- " * DEEP,
        b"`a" * 12_500,
        b"<!--" * 6_000,
        b"[x](y.md)\n" * 1_500,
        b"<details>" * DEEP,
        b"| a\0\r\r\n" * 1_000,
        b"*_*_" * 6_000,
        b"<a" * 12_500,
        b"a\n\n" * 5_000,
        # Rows are filled up to the width of their table.
        b"|a" * 1_500 + b"\n" + b"|-" * 1_500 + b"\n" + b"a\n" * 1_500,
        b"> a\n> |-|-\n" * 1_500,
    ],
    ids=lambda data: data[:8].decode(),
)
def test_markdown(data: bytes, project: Project, run: Run) -> None:
    project.lay({PAGE: data + b"\n\n[a](#b)\n", "mkdocs.yml": "site_name: a\n"})
    start = time.process_time()
    code, out, err = run(SHAPE, PAGE)
    assert (code, err) == (1, "")
    assert out.startswith(f"{PAGE}:1:1: ")
    code, out, err = run("docs-links-resolve", PAGE)
    assert (code in (0, 1), err) == (True, "")
    # These have 100 KB, and none of them takes more than its size.
    assert time.process_time() - start < 20


TOML: dict[str, tuple[bytes, str]] = {
    "brackets": (b"x = " + b"[" * DEEP, "pyproject.toml:1:1: not TOML: nested too deeply"),
    "digits": (b"x = " + b"9" * 5000, "pyproject.toml:1:1: not TOML: Exceeds the limit"),
    "NUL": (b"x = \0", "pyproject.toml:2:5: not TOML: Invalid value"),
    "twice": (b"x = 1\nx = 2", "pyproject.toml:3:6: not TOML: Cannot overwrite a value"),
    "large": (b"# " + b"a" * 2**22, "pyproject.toml:1:1: larger than 4 MiB, which is not parsed"),
}


@pytest.mark.parametrize("name", list(TOML))
def test_configuration(name: str, project: Project, run: Run) -> None:
    data, said = TOML[name]
    project.lay({"pyproject.toml": CONFIG.encode() + data + b"\n"})
    code, out, err = run(SLUG)
    assert (code, out) == (2, "")
    assert err.startswith(f"{SLUG}: error: {said}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"type Query { a: " + b"[" * DEEP, "nested too deeply"),
        (b"type Query { a(x: A = " + b"[" * DEEP, "nested too deeply"),
        (b"type Query { a\0: Int }", "not GraphQL: "),
        (b"\xff", "not utf-8 text: byte 0xff"),
        (b"#" * (2**22 + 1), "larger than 4 MiB, which is not parsed"),
    ],
)
def test_schema(data: bytes, said: str, project: Project, run: Run) -> None:
    version = "version = '1.2.0'\n"
    project.lay({"schema.graphql": "type Query { a: Int }\n", "app/version.py": version})
    project.lay({"docs/changelog/1.2.0.md": "# 1.2.0\n"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    project.lay({"schema.graphql": data})
    project.lay({"app/version.py": version.replace("2", "3")})
    code, out, err = run(SEMVER)
    assert (code, err) == (1, "")
    assert "schema.graphql:1:" in out
    assert said in out


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _cycle(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


KINDS: dict[str, Callable[[Path], object]] = {
    "folder": Path.mkdir,
    "fifo": _fifo,
    "socket": _socket,
    "device": _device,
    "cycle": _cycle,
    "dangling": _dangling,
}


NO_FILE = f"{SLUG}: error: no such file: '{MIGRATION}'\n"
NOT_REGULAR = f"{SLUG}: error: '{MIGRATION}' is not a regular file\n"
# What is said where the file is named, and of all files; a link is nobody's to judge.
OUTCOMES = {
    "folder": ("", "cannot be read: Is a directory"),
    "fifo": (NOT_REGULAR, "cannot be read: it is no regular file"),
    "socket": (NOT_REGULAR, "cannot be read: No such device or address"),
    "device": (NOT_REGULAR, ""),
    "cycle": (NO_FILE, ""),
    "dangling": (NO_FILE, ""),
}
posix = pytest.mark.skipif(os.name != "posix", reason="needs special files")


@posix
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_migration_that_is_no_file(
    kind: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({MIGRATION: GOOD})
    _replace(project, MIGRATION, kind, monkeypatch)
    error, finding = OUTCOMES[kind]
    clean = "no findings (0 files judged)\n"
    assert run(SLUG, MIGRATION) == ((2, "", error) if error else (0, clean, ""))
    found = f"{MIGRATION}:1:1: unreadable: {finding}\n1 finding in 1 file\n"
    assert run(SLUG) == ((1, found, "") if finding else (0, clean, ""))


def test_a_file_that_vanishes(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay({MIGRATION: GOOD})
    real = Tree.read

    def vanishing(self: Tree, path: str) -> bytes:
        (project.root / path).unlink(missing_ok=True)
        return real(self, path)

    monkeypatch.setattr(Tree, "read", vanishing)
    assert run(SLUG) == (0, "no findings (0 files judged)\n", "")
    assert run(SLUG, MIGRATION)[2] == NO_FILE


def test_a_file_that_nobody_may_read(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({MIGRATION: GOOD, "pyproject.toml": ""})

    def refused(full: str) -> bytes:
        if not full.endswith(MIGRATION):
            return read_regular(full)
        raise PermissionError(13, "Permission denied", full)

    # Root may read all, whatever the mode.
    monkeypatch.setattr("definition_of_done.engine.tree.read_regular", refused)
    found = f"{MIGRATION}:1:1: unreadable: cannot be read: Permission denied\n"
    assert run(SLUG) == (1, f"{found}1 finding in 1 file\n", "")


def test_large(project: Project, run: Run) -> None:
    line = GOOD + b"x = '" + b"a" * (2**20 - len(GOOD) - 7) + b"'\n"
    project.lay({MIGRATION: line})
    assert run(SLUG, MIGRATION)[0] == 0
    (project.root / MIGRATION).write_bytes(line + b"#")
    said = "larger than 1 MiB, which is not parsed"
    found = f"{MIGRATION}:1:1: unreadable: {said}\n1 finding in 1 file\n"
    assert run(SLUG, MIGRATION) == (1, found, "")
    with (project.root / MIGRATION).open("wb") as stream:
        stream.truncate(65 * 2**20)
    assert "unreadable: cannot be read: it is larger than 64 MiB\n" in run(SLUG, MIGRATION)[1]


SUITE_ERROR = "definition-of-done: error: "
SIZES = {
    **dict.fromkeys((MIGRATION, "app/version.py", "mkdocs.yml"), 1),
    **dict.fromkeys((PAGE, "docs/changelog/1.0.0.md"), 1),
    "schema.graphql": 4,
    **dict.fromkeys(("zensical.toml", "pyproject.toml"), 4),
}
LARGE: dict[str, str] = {
    **{
        path: f"{path}:1:1: unreadable: larger than {size} MiB, which is not parsed"
        for path, size in SIZES.items()
    },
    "alembic.ini": f"{SUITE_ERROR}{{}}: larger than 1 MiB, which is not parsed; set `versions`"
    " or mend the file",
    ".definition-of-done-baseline.toml": f"{SUITE_ERROR}{{}}:1:1: larger than 4 MiB, which is not"
    " parsed; run `definition-of-done baseline`",
    # What is said nowhere in these makes them no file that a rule looks into.
    "app/graphql/rbac/models/models.py": "",
    "app/service.py": "",
    "app/data.bin": "",
}


@pytest.mark.parametrize("data", [b"#" * 10 * 2**20 + b"\n", b"# a\n" * (12 * 2**18)])
@pytest.mark.parametrize("path", list(LARGE))
def test_a_line_of_10_and_a_file_of_12_mib(
    path: str, data: bytes, project: Project, run: Run
) -> None:
    project.lay({"app/version.py": "version = '1.0.0'\n", "docs/index.md": "# Index\n"})
    # With a finding the baseline is read.
    project.lay({"app/blanket.py": "x = 1  # noqa\n"})
    project.lay({"pyproject.toml": "[tool.definition-of-done]\nmax-file-lines = 20_000_000\n"})
    project.lay({path: "\n"})
    (project.root / path).write_bytes(data)
    start = time.process_time()
    code, out, err = run("definition-of-done", "check")
    assert time.process_time() - start < 5
    said = [line for line in f"{out}{err}".splitlines() if "not parsed" in line]
    assert said == ([LARGE[path].format(path)] if LARGE[path] else [])
    assert code == (2 if SUITE_ERROR in LARGE[path] else 1)


def _replace(project: Project, path: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.root / path).unlink()
    monkeypatch.chdir((project.root / path).parent)
    KINDS[kind](project.root / path)
    monkeypatch.chdir(project.root)


READ = (
    *(PAGE, "mkdocs.yml", "zensical.toml", "pyproject.toml", "alembic.ini", "Taskfile.yml"),
    *("app/version.py", "app/graphql/rbac/models/models.py", "schema.graphql"),
    *(".definition-of-done-baseline.toml", "docs/changelog/1.0.0.md"),
)


@posix
@pytest.mark.parametrize("path", READ)
def test_a_pipe_is_not_waited_for(
    path: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"docs/index.md": "# Index\n", "app/version.py": "version = '1.0.0'\n"})
    project.lay({path: "x = 1\n"})
    project.git("commit", "-qm", "a file")
    _replace(project, path, "fifo", monkeypatch)
    code, _, err = run("definition-of-done", "check")
    assert code in (0, 1, 2)
    assert "internal error" not in err
