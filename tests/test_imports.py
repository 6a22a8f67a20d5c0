"""The modules that a run imports: each of them is paid for on every commit."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.bench import worlds
from tests.bench.worlds import MIGRATION
from tests.repository import Project
from tests.snapshot import environment

from definition_of_done.engine.registry import known_ids, load_rule
from definition_of_done.rules.sample import MIGRATION as CHANGED

_HOOKS = Path(__file__).parents[1] / "hooks"
_PARSERS = {"graphql", "libcst", "markdown_it", "yaml", "tomli", "configparser", "json"}
_START = {"argparse", "subprocess", "tempfile", "pathlib", "shutil", "difflib", "datetime", "shlex"}
_MEMBERS = {"dataclasses", "inspect"}
_BASE = {"ast", "tokenize", "typing", "enum", "re", "functools", "collections", "contextlib"}
_LOADERS = {"importlib", "warnings", "errno"}
_ALL = _PARSERS | _START | _MEMBERS | _BASE | _LOADERS
SUITE = "definition_of_done.commands.main:main"
# What `next`, `agent`, `lsp`, the site and reports for programs need, and no commit.
_OF_COMMANDS = {
    *(
        "libcst",
        "pygls",
        "lsprotocol",
        "engine.overlay",
        "engine.explanation",
        "engine.json_report",
    ),
    *("engine.gitlab_report", "engine.sarif_report", "project.configuration_schema"),
    *("project.gates.steps", "project.gates.step_commands", "project.gates.losses"),
}


def _imported(folder: Path, entry: str, *words: str, **environ: str) -> set[str]:
    """The modules that a console script imports, without those of bare Python.

    Of the libraries, only the top-level names. `environ` goes before the tests' own environment.
    """
    module, _, name = entry.partition(":")
    libraries = {
        str(Path(spec.origin).parents[1])
        for library in ("markdown_it", "mdurl", "yaml", "libcst", "graphql")
        if (spec := find_spec(library)) and spec.origin
    }
    code = (
        "import sys\n"
        "sys.path[:0] = sys.argv[1].split('|')\n"
        "sys.argv[1:2] = []\n"
        "before = set(sys.modules)\n"
        f"from {module} import {name.partition('.')[0]}\n"
        f"assert {name}() == 0\n"
        "print(*sorted(set(sys.modules) - before), sep='\\n')\n"
    )
    path = "|".join([str(_HOOKS), *sorted(libraries)])
    # What the site's own files import is not ours.
    run = subprocess.run(
        [sys.executable, "-S", "-c", code, path, *words],
        cwd=folder, env={**environment(), **environ}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    report, *modules = run.stdout.splitlines()
    assert report.startswith("no findings")
    assert "definition_of_done.engine.run" in modules
    own = {name for name in modules if name.startswith("definition_of_done.")}
    return own | {name.partition(".")[0] for name in modules}


def _hook(id: str) -> str:
    return f"definition_of_done.commands.hook:{id.replace('-', '_')}"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quiet")
    worlds.quiet(folder)
    return folder


@pytest.fixture(scope="module")
def feature(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("feature")
    return folder, worlds.feature(folder)


@pytest.mark.parametrize(
    ("entry", "words", "most"),
    [
        (_hook("downgrade-not-pass"), ["app/version.py"], 35),
        (_hook("no-inline-ddl"), ["app/version.py"], 35),
        (_hook("suppressions-need-codes"), ["app/version.py"], 33),
        (_hook("drop-still-mapped"), ["app/version.py"], 35),
        (_hook("alembic-single-head"), [], 34),
        (_hook("resource-full-chain"), [], 32),
        (_hook("docs-links-resolve"), [], 33),
        (_hook("version-sync"), [], 34),
        (SUITE, ["check", "--from-runner", worlds.NOTES], 54),
    ],
)
def test_nothing_to_do(quiet: Path, entry: str, words: list[str], most: int) -> None:
    """`most` modules of our own are imported: each is a fiftieth of what such a hook costs.

    The rules themselves are not counted: a new one would be one more for the suite.
    """
    imported = _imported(quiet, entry, *words)
    assert sorted(imported & _ALL) == []
    own = {name for name in imported if name.startswith("definition_of_done.")}
    assert len(own - set(known_ids().values())) <= most


@pytest.mark.parametrize(
    ("entry", "words", "unwanted"),
    [
        (
            _hook("column-comment-required"),
            [MIGRATION],
            _PARSERS - {"configparser"} | _START | _MEMBERS | {"importlib", "typing"},
        ),
        (
            _hook("alembic-single-head"),
            [],
            _PARSERS - {"configparser"} | _START | _MEMBERS | {"ast", "tokenize"},
        ),
    ],
)  # fmt: skip
def test_one_migration(
    feature: tuple[Path, list[str]], entry: str, words: list[str], unwanted: set[str]
) -> None:
    assert sorted(_imported(feature[0], entry, *words) & unwanted) == []


def test_a_feature_commit(feature: tuple[Path, list[str]]) -> None:
    folder, staged = feature
    # markdown-it-py needs dataclasses, and these inspect; graphql-core needs asyncio.
    unwanted = {"libcst", "argparse", "tempfile", "pathspec"}
    imported = _imported(folder, SUITE, "check", "--from-runner", *staged)
    assert sorted(imported & unwanted) == []
    assert {"markdown_it", "yaml"} <= imported


def test_a_warm_commit_needs_no_parser_but_pythons(feature: tuple[Path, list[str]]) -> None:
    """The pages, the site and the Taskfile are known by then; the version is read each time."""
    folder, staged = feature
    words = ["check", "--from-runner", *staged]
    environ = {"DEFINITION_OF_DONE_CACHE": str(folder.parent / "cache")}
    _imported(folder, SUITE, *words, **environ)
    unwanted = (_PARSERS | {"hashlib", "difflib"}) - {"tomli", "json"}
    assert sorted(_imported(folder, SUITE, *words, **environ) & unwanted) == []


def test_a_commit_loads_no_other_command(feature: tuple[Path, list[str]]) -> None:
    """Nothing of `next`, `agent`, `lsp`, the pages or another format, whatever the hook."""
    folder, staged = feature
    code = (
        "import sys\n"
        "from definition_of_done.commands.hook import run_hook\n"
        "from definition_of_done.commands.main import main\n"
        "from definition_of_done.engine.registry import known_ids, load_rule\n"
        "for id in known_ids():\n"
        "    if not load_rule(id).stages:\n"
        "        run_hook(id, sys.argv[1:])\n"
        "main(['check', '--from-runner', *sys.argv[1:]])\n"
        "print(*sys.modules, sep='\\n')\n"
    )
    command = [sys.executable, "-c", code, *staged]
    environ = {**environment(), "PYTHONPATH": str(_HOOKS)}
    ran = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    loaded = {name.removeprefix("definition_of_done.") for name in ran.stdout.splitlines()}
    commands = {name for name in loaded if name.startswith("commands.")}
    assert commands == {f"commands.{name}" for name in ("check", "guard", "hook", "main")}
    assert sorted(loaded & _OF_COMMANDS) == []


def test_no_report_as_text_loads_libcst(tmp_path: Path) -> None:
    """Not of a hook that could mend what it finds; --fix and the edits in JSON do."""
    files = {**load_rule("version-sync").bad, **load_rule("column-comment-required").bad}
    migration = str(files[CHANGED]).replace("Revises: ", "Revises: x_")
    files[CHANGED] = f"{migration}# ### end Alembic commands ###\n"
    project = Project(tmp_path)
    project.lay(files)
    code = (
        "import sys\n"
        "from definition_of_done.commands.hook import run_hook\n"
        "from definition_of_done.engine.registry import known_ids\n"
        "for id in sorted(set(known_ids()) - {'alembic-roundtrip', 'pr-checklist'}):\n"
        "    run_hook(id, ['--no-cache'])\n"
        "    assert 'libcst' not in sys.modules, id\n"
        "run_hook('alembic-header-sync', ['--no-cache', '--format', 'json'])\n"
        "assert 'libcst' in sys.modules\n"
    )
    command = [sys.executable, "-c", code]
    environ = {**environment(), "PYTHONPATH": str(_HOOKS)}
    ran = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    for id in ("alembic-header-sync", "column-comment-required", "no-autogenerate-noise"):
        assert f": {id}: " in ran.stdout
