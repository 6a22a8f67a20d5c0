"""Nothing of the team's is executed, nothing is sent, and nothing is written that is not asked for.

`alembic-roundtrip` is left out: it runs the migrations, and says so.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE, start_feature
from tests.snapshot import ARGS, BIN

from definition_of_done.engine.registry import all_rules

SUITE = "definition-of-done"
RULES = [rule for rule in all_rules() if rule.id != "alembic-roundtrip"]
PLAN = "docs/feature/2026-06-01-credit-limit.md"
# What a search path that begins in the project's folder would load.
SHADOWS = ("ast", "json", "libcst", "markdown_it", "sitecustomize", "tomllib", "yaml")


def trapped(marker: Path) -> dict[str, str]:
    """The sample backend, where whatever is imported or loaded unsafely writes a file."""
    call = f"\nopen({str(marker)!r}, 'a')\n"
    files = {path: text + call if path.endswith(".py") else text for path, text in SAMPLE.items()}
    files |= {f"{name}.py": call for name in SHADOWS}
    files["definition_of_done/__init__.py"] = call
    apply = f"!!python/object/apply:os.system ['touch {marker}']"
    site = SAMPLE["mkdocs.yml"]
    files["mkdocs.yml"] = f"{site}hooks: [yaml.py]\nextra:\n  trap: {apply}\n"
    taskfile = SAMPLE["Taskfile.yml"]
    shell = f"vars:\n  TRAP: {{sh: touch {marker}}}\n"
    files["Taskfile.yml"] = taskfile.replace("tasks:\n", f"{shell}\ntasks:\n", 1)
    project = SAMPLE["pyproject.toml"]
    plugin = "[build-system]\nrequires = []\nbuild-backend = 'yaml'\nbackend-path = ['.']\n"
    files["pyproject.toml"] = f"{project}\n{plugin}\n[tool.mypy]\nplugins = ['yaml']\n"
    files["schema.graphql"] = SAMPLE["schema.graphql"] + f"# {apply}\n"
    return files


def listing(*folders: Path) -> dict[str, tuple[int, int, str]]:
    """Every file and folder with its mode, the time it was written, and the hash of its bytes."""
    found = {}
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            state = path.lstat()
            is_file = path.is_file() and not path.is_symlink()
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if is_file else ""
            found[str(path)] = (state.st_mode, state.st_mtime_ns, digest)
    return found


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home and a temporary folder of its own; its cache is the one place that may be written."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "tmp").mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    return folder


@pytest.fixture
def marker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("marker") / "executed"


@pytest.fixture
def trap(project: Project, marker: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A branch of the trapped sample."""
    start_feature(project, trapped(marker))
    for key in ("diff.external", "core.pager", "diff.trap.textconv"):
        project.git("config", key, f"touch {marker}; true")
    monkeypatch.setattr(socket, "socket", _no_network)
    monkeypatch.setattr(socket, "getaddrinfo", _no_network)
    return project


def _no_network(*_: object, **__: object) -> None:
    raise AssertionError("no hook has anything to send")


def test_no_rule_executes_or_writes(trap: Project, run: Run, home: Path, marker: Path) -> None:
    call = f"\nopen({str(marker)!r}, 'a')\n"
    silent = []
    for rule in RULES:
        # A statement more would make a test of one that has none.
        bad = {
            path: text + call if text and path.endswith(".py") and "tests/" not in path else text
            for path, text in rule.bad.items()
        }
        trap.lay(bad)
        before = listing(trap.root, home)
        code, _, err = run(rule.id, *ARGS.get(rule.id, ()))
        assert code in (0, 1), (rule.id, err)
        if code == 0:
            silent.append(rule.id)
        after = listing(trap.root, home)
        assert after == before, rule.id
        assert not marker.exists(), rule.id
        trap.git("reset", "-q", "--hard")
        trap.git("clean", "-qfd")
    # A rule that reads nothing proves nothing.
    assert silent == []


COMMANDS = [
    ("check",),
    ("check", "--format", "sarif"),
    ("status",),
    ("next",),
    ("init", "--dry-run"),
    ("init", "--agent", "claude", "--dry-run"),
    ("baseline", "--dry-run"),
    ("bump",),
    ("bump", "minor", "--dry-run"),
    ("list",),
    ("explain", "--all"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_executes_or_writes(
    command: tuple[str, ...], trap: Project, run: Run, home: Path, marker: Path
) -> None:
    before = listing(trap.root, home)
    code, _, err = run(SUITE, *command)
    assert code in (0, 1), err
    assert listing(trap.root, home) == before
    assert not marker.exists()


@pytest.mark.parametrize(
    "command",
    [
        ("init",),
        ("baseline",),
        ("bump", "minor"),
        ("new", "plan", "A limit"),
        ("new", "migration", "add limit"),
        ("new", "pr-template"),
        ("check", "--fix"),
    ],
    ids=" ".join,
)
def test_no_writing_command_executes(
    command: tuple[str, ...], trap: Project, run: Run, home: Path, marker: Path
) -> None:
    before = listing(home)
    run(SUITE, *command)
    assert listing(home) == before
    assert not marker.exists()


def _script(*words: str, id: str = SUITE, start: tuple[str, ...] = ()) -> tuple[int, str, str]:
    command = [*start, str(BIN / id), *words]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_a_script_loads_nothing_from_the_project(trap: Project, marker: Path) -> None:
    trap.lay({PLAN: None})
    code, out, err = _script("check")
    assert (code, err) == (1, "")
    assert f"{PLAN}:1:1: plan-never-deleted: " in out
    assert not marker.exists()


def test_without_a_network(trap: Project) -> None:
    start = ("unshare", "--net")
    if (
        not shutil.which("unshare")
        or subprocess.run([*start, "true"], capture_output=True).returncode
    ):
        pytest.skip("no network namespace can be made here")
    trap.lay({PLAN: None})
    assert _script("check", start=start) == _script("check")


def test_twenty_at_once(
    trap: Project, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one repository and one cold cache, reports are those of one at a time."""
    trap.lay({PLAN: None, "alembic/versions/20260101_x.py": "revision = '3f2a91bc04de'\n"})
    asked = [(rule.id, *ARGS.get(rule.id, ())) for rule in RULES if not rule.stages][:20]
    with ThreadPoolExecutor(20) as pool:
        reports = list(pool.map(lambda words: _script(*words[1:], id=words[0]), asked))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cold"))
    assert reports == [run(*words) for words in asked]
    assert {code for code, _, _ in reports} == {0, 1}


# What is a link, and the command that would write through it.
OUT = {
    "a fixer's file": (
        "mkdocs.yml",
        ("check", "--fix"),
    ),
    "a folder of pages": ("docs/feature", ("new", "plan", "A limit")),
    "a folder of migrations": ("alembic/versions", ("new", "migration", "add limit")),
    "the version file": ("app/version.py", ("bump", "minor")),
    "the project file": ("pyproject.toml", ("bump", "minor")),
    "the hook configuration": (".pre-commit-config.yaml", ("init",)),
    "the baseline": (".definition-of-done-baseline.toml", ("baseline",)),
}


@pytest.mark.parametrize("where", ["outside", "git"])
@pytest.mark.parametrize("name", OUT)
def test_links_lead_nobody_out(
    name: str, where: str, project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path, command = OUT[name]
    start_feature(project, {"alembic/versions/20260101_x.py": "revision = '3f2a91bc04de'\n"})
    if command == ("check", "--fix"):
        project.lay(
            {"docs/feature/2026-06-02-x.md": SAMPLE[PLAN].replace("2026-06-01", "2026-06-02")}
        )
    folder = tmp_path_factory.mktemp("out") if where == "outside" else project.root / ".git"
    outer, inner = folder / "target", project.root / path
    if inner.exists():
        inner.rename(outer)
    inner.symlink_to(outer)
    project.git("add", "--all")
    project.git("commit", "-qm", "link")
    before = listing(project.root, folder)
    code, out, err = run(SUITE, *command)
    assert listing(project.root, folder) == before
    said = f"leads out of the work tree, to {outer}"
    assert code == 2, out
    assert said in err, err
