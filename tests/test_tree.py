"""The tree itself: tests stand where their modules do, and no module reaches where it may not."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from tests.snapshot import ROOT

from definition_of_done.engine.registry import known_ids
from definition_of_done.rules import FAMILIES

# One process reads all modules.
pytestmark = pytest.mark.xdist_group("tree")
PACKAGE = ROOT / "hooks" / "definition_of_done"
TESTED = ("base", "commands", "engine", "readers")
PARSERS = {
    "configparser",
    "graphql",
    "libcst",
    "markdown_it",
    "pathspec",
    "tokenize",
    "tomli",
    "yaml",
}
# The team's own Python runs it, and it imports nothing of this package.
CHILD = "project/migrations/team/alembic_child.py"


@cache
def modules() -> dict[str, ast.Module]:
    """The tree of each file of the package, by its path in it."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_bytes())
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """The collector looks at the trees as long as they are kept."""
    yield
    modules.cache_clear()


def strings(tree: ast.AST) -> Iterator[str]:
    """The strings of a module that are values: docstrings are prose."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parsers(tree: ast.AST) -> Iterator[str]:
    """The parsers that a module imports or calls."""
    yield from {name.partition(".")[0] for name in imports(tree)} & PARSERS
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="ast"), attr="parse"):
                yield "ast.parse"
            case ast.ImportFrom(module="ast", names=aliases):
                yield from ("ast.parse" for alias in aliases if alias.name == "parse")


def test_each_rule_has_a_test_of_its_own() -> None:
    wanted = {
        "{}/test_{}.py".format(*module.split(".")[-2:]): id for id, module in known_ids().items()
    }
    assert len(wanted) >= 43
    missing = {id for path, id in wanted.items() if not (ROOT / "tests/rules" / path).is_file()}
    assert missing == set()


@pytest.mark.parametrize("folder", TESTED)
def test_each_module_has_a_test_of_its_own(folder: str) -> None:
    names = [Path(path).stem for path in modules() if path.startswith(f"{folder}/")]
    wanted = {f"test_{name.removeprefix('_')}.py" for name in names if name != "__init__"}
    assert wanted
    assert wanted - {path.name for path in (ROOT / "tests" / folder).glob("test_*.py")} == set()


def test_no_test_stands_in_a_folder_that_the_package_lacks() -> None:
    own = {"bench", "contract", "fuzz", "runners"}
    folders = {
        path.parent.relative_to(ROOT / "tests").as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
    }
    mirrored = {
        folder
        for folder in folders
        if folder.partition("/")[0] not in own and not folder.startswith("sample_")
    }
    assert {folder for folder in mirrored if not (PACKAGE / folder).is_dir()} == set()


def scripts() -> dict[str, str]:
    text = (ROOT / "pyproject.toml").read_text()
    return dict(tomllib.loads(text)["project"]["scripts"])


def test_every_hook_has_a_script() -> None:
    assert set(scripts()) == {"definition-of-done", *known_ids()}


@pytest.mark.parametrize(("name", "value"), scripts().items(), ids=list(scripts()))
def test_a_script_leads_to_a_function(name: str, value: str) -> None:
    assert callable(EntryPoint(name, value, "console_scripts").load())


def named_modules() -> Iterator[tuple[str, str]]:
    """What looks like a module of this package in the strings of a file, with the file."""
    for path, tree in modules().items():
        for text in strings(tree):
            for found in re.finditer(r"\bdefinition_of_done(?:\.[a-z_]+)+(?::\w+)?", text):
                yield path, found[0]
            if re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)+:[a-z_]+", text):
                yield path, text


def test_every_module_that_a_string_names_is_there() -> None:
    found = list(named_modules())
    assert ("commands/catalogue.py", "definition_of_done.commands") in found
    for path, name in found:
        module, _, attribute = name.partition(":")
        made = importlib.import_module(module)
        assert not attribute or hasattr(made, attribute), path


def test_the_engine_names_no_family() -> None:
    found = {
        (path, family)
        for path, tree in modules().items()
        if path.startswith("engine/")
        for family in FAMILIES
        if any(
            # A sentence or an address may have the word; it is no name, path or module.
            " " not in text and "://" not in text and family in re.split(r"[./:]", text)
            for text in (*strings(tree), *imports(tree))
        )
    }
    assert found == set()


def test_readers_alone_call_a_parser() -> None:
    found = {
        (path, parser)
        for path, tree in modules().items()
        if not path.startswith("readers/") and path != CHILD
        for parser in parsers(tree)
    }
    assert found == set()
    readers = {
        parser
        for path, tree in modules().items()
        if path[:8] == "readers/"
        for parser in parsers(tree)
    }
    assert readers == {*PARSERS, "ast.parse"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import yaml.nodes", ["yaml"]),
        ("def f():\n    from graphql.language import ast", ["graphql"]),
        ("import ast\nast.parse('x')", ["ast.parse"]),
        ("from ast import Name, parse as read", ["ast.parse"]),
        ("from definition_of_done.readers import graphql\nimport ast\nast.walk(x)", []),
    ],
)
def test_a_parser_is_seen(source: str, found: list[str]) -> None:
    assert list(parsers(ast.parse(source))) == found


def test_imports_stay_cheap() -> None:
    """Named tuples come from `base.records`, and a module's patterns from `regex`."""
    # Where these two are made, and what runs in the team's Python.
    own = {"base/expressions.py", "base/records.py", CHILD, CHILD.replace("child", "filling")}
    found = [
        path
        for path, tree in modules().items()
        if path not in own and ("typing.NamedTuple" in imports(tree) or any(compiled(tree)))
    ]
    assert found == []


def test_what_the_teams_python_runs_needs_nothing_of_ours() -> None:
    for path in (CHILD, CHILD.replace("child", "filling")):
        found = {name.partition(".")[0] for name in imports(modules()[path])}
        assert "alembic" in found or "sqlalchemy" in found
        assert "definition_of_done" not in found


def compiled(node: ast.AST) -> Iterator[ast.Call]:
    """The calls of `re.compile` that run when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and ast.unparse(child.func) == "re.compile":
            yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from compiled(child)


def named(tree: ast.AST) -> Iterator[str]:
    """The names that a module uses, apart from those that it defines."""
    yield from (word for text in strings(tree) for word in re.findall(r"\w+", text))
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                yield name
            case ast.ImportFrom(names=aliases):
                yield from (alias.name for alias in aliases)


def test_nothing_is_defined_that_nobody_names() -> None:
    known = {name for tree in modules().values() for name in named(tree)}
    defined = {
        (path, node.name)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        # A visitor's methods are called by the name of a node. Tests lay the sample's pages, too.
        and not re.match(r"__|(visit|leave)_|on_leave$", node.name)
        and path != "rules/sample.py"
    }
    assert {(path, name) for path, name in defined if name not in known} == set()
