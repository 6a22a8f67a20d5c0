"""The files of the cache: where they are, how they are bounded, and that damage is ignored."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG

from definition_of_done.engine import store

OTHER = PATH.replace("add_x", "add_other")


def test_the_signature_knows_each_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "family").mkdir()
    rule = tmp_path / "family" / "one.py"
    rule.write_text("x = 1\n")
    first = store.signature(str(tmp_path))
    assert store.signature(str(tmp_path)) == first
    os.utime(rule, ns=(0, 1))
    touched = store.signature(str(tmp_path))
    (tmp_path / "family" / "two.py").write_text("")
    added = store.signature(str(tmp_path))
    monkeypatch.setattr(sys, "version", "4.0")
    assert len({first, touched, added, store.signature(str(tmp_path))}) == 4
    parsers = {name.partition("-")[0].lower() for name in store._installed()}
    assert {"libcst", "markdown_it_py", "pyyaml", "graphql_core"} <= parsers


def test_damage_at_any_byte_is_ignored(
    project: Project, run: Run, cache: Path, parsed: list[str]
) -> None:
    project.lay({PATH: HASH, OTHER: CLEAN})
    plain = run(SLUG)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    chance = random.Random(8)
    damaged = [whole[: chance.randrange(len(whole))] for _ in range(20)]
    for _ in range(40):
        at = chance.randrange(len(whole))
        damaged.append(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
    for data in (b"", b"\0" * 999, whole + b"x", *damaged):
        file.write_bytes(data)
        parsed.clear()
        assert run(SLUG) == plain
        assert sorted(parsed) == sorted([PATH, OTHER])
        assert file.read_bytes() == whole


def test_a_forged_file_is_ignored(
    project: Project, run: Run, cache: Path, parsed: list[str]
) -> None:
    project.lay({PATH: HASH})
    plain = run(SLUG)
    (file,) = cache.iterdir()
    signature = store.signature(store._PACKAGE)
    (key,) = store._unpacked(file.read_bytes()[16:])
    for kept in (b"1", b"[1]", b"{}", b"[[[]],[]]", b'[[["a"]],[]]', b"\xff", b"[[],[[]]]"):
        file.write_bytes(store._packed({key: kept}, signature))
        assert run(SLUG) == plain
    for body in (b"", b"\xff" * 4, b"\x01\0\0\0abc"):
        file.write_bytes(store.digest(signature, body) + body)
        assert run(SLUG) == plain


def test_places_that_cannot_be_used(
    project: Project,
    run: Run,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    project.lay({PATH: HASH})
    plain = run(SLUG, "--no-cache")
    assert run(SLUG) == plain
    (file,) = cache.iterdir()
    file.unlink()
    file.mkdir()
    assert run(SLUG) == plain
    assert [entry.name for entry in cache.iterdir()] == [file.name]
    base = tmp_path_factory.mktemp("places")
    (base / "file").write_text("")
    for place in (base / "file", Path("/dev/null/x"), base / "none" / "there"):
        monkeypatch.setenv(store.VARIABLE, str(place))
        assert run(SLUG) == plain

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv(store.VARIABLE, str(base / "full"))
    monkeypatch.setattr("os.replace", full)
    assert run(SLUG) == plain
    assert [path for path in (base / "full").rglob("*") if path.is_file()] == []


def test_where_the_cache_is(
    project: Project,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = str(project.root)
    home = str(tmp_path_factory.mktemp("home"))
    own = os.path.join("definition-of-done", store.FORMAT)
    monkeypatch.setattr(sys, "platform", "linux")
    for name, value in (("HOME", home), ("XDG_CACHE_HOME", ""), (store.VARIABLE, None)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert store.cache_folder(root) == os.path.join(home, ".cache", own)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert store.cache_folder(root) == os.path.join(home, ".cache", own)
    monkeypatch.setenv("XDG_CACHE_HOME", os.path.join(home, "xdg"))
    assert store.cache_folder(root) == os.path.join(home, "xdg", own)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert store.cache_folder(root) == os.path.join(home, "Library/Caches", own)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert store.cache_folder(root) is None
    monkeypatch.setenv("LOCALAPPDATA", home)
    assert store.cache_folder(root) == os.path.join(home, own)
    # Never in the work tree, where it would be committed.
    for off in ("", "off", root, os.path.join(root, "deep", "down"), "relative"):
        monkeypatch.setenv(store.VARIABLE, off)
        assert store.cache_folder(root) is None
    project.lay({PATH: HASH})
    assert run(SLUG)[0] == 1
    assert project.git("status", "--porcelain", "--ignored") == f"A  {PATH}\n"


def test_the_oldest_goes_first(
    project: Project, run: Run, cache: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [PATH.replace("add_x", f"add_{number}") for number in range(6)]
    project.lay(dict.fromkeys(paths, CLEAN.replace("'add_x'", "'add_y'")))
    monkeypatch.setattr(store, "LARGEST", 4 * 20)
    for path in paths[:4]:
        run(SLUG, path)
    run(SLUG, paths[0], paths[4])
    (file,) = cache.iterdir()
    assert file.stat().st_size == 16 + 4 + 4 * 20
    parsed.clear()
    run(SLUG, *paths[:5])
    assert parsed == [paths[1]]


def test_the_folder_is_bounded(
    project: Project, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({PATH: HASH})
    old = cache.parent / "0"
    for number, folder in enumerate((old, old, cache, cache)):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / str(number)
        file.write_bytes(b"x" * 1000)
        os.utime(file, (number, number))
    (cache.parent / ".DS_Store").write_bytes(b"x")
    (cache / "folder").mkdir()
    monkeypatch.setattr(store, "LARGEST_FOLDER", 2500)
    run(SLUG)
    assert sorted(path.name for path in old.iterdir()) == []
    assert {path.name for path in cache.iterdir()} > {"3", "folder"}


def test_what_is_used_stays_young(project: Project, run: Run, cache: Path) -> None:
    project.lay({PATH: HASH})
    run(SLUG)
    (file,) = cache.iterdir()
    os.utime(file, (5, 5))
    run(SLUG)
    assert file.stat().st_mtime > 5


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners of files")
def test_another_users_file_is_ignored(
    project: Project, run: Run, cache: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({PATH: HASH})
    run(SLUG)
    parsed.clear()
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    run(SLUG)
    assert parsed == [PATH]


def test_twenty_hooks_at_once(project: Project, run: Run, cache: Path, parsed: list[str]) -> None:
    paths = [PATH.replace("add_x", f"add_{number}") for number in range(20)]
    project.lay(dict.fromkeys(paths, HASH))
    plain = {path: run(SLUG, path, "--no-cache")[1] for path in paths}
    code = "import sys; from definition_of_done.commands.hook import run_hook; sys.exit(run_hook"
    hook = [sys.executable, "-c", f"{code}(sys.argv[1], sys.argv[2:]))", SLUG]

    def judge(path: str) -> str:
        ran = subprocess.run([*hook, path], cwd=project.root, capture_output=True, text=True)
        assert (ran.returncode, ran.stderr) == (1, "")
        return ran.stdout

    with ThreadPoolExecutor(20) as pool:
        assert dict(zip(paths, pool.map(judge, paths), strict=True)) == plain
    assert len(list(cache.iterdir())) == 1
    parsed.clear()
    assert {path: run(SLUG, path)[1] for path in paths} == plain
    # Whoever wrote last wrote what it found, and its own.
    assert len(parsed) < 20


def test_nothing_to_judge_opens_no_cache(
    project: Project, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"app/x.py": "x = 1\n"})
    monkeypatch.setattr(store, "cache_folder", None)
    assert run(SLUG, "app/x.py")[0] == 0
