"""Every snippet of the README and the docs does what the page says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from tests.demo import BROKEN
from tests.sample import SAMPLE_FOLDER
from tests.snapshot import ROOT, consumer, environment, git, snapshot

from definition_of_done import __version__
from definition_of_done.engine.registry import all_rules
from definition_of_done.engine.rule import FileSubject
from definition_of_done.rules.sample import CHANGELOG as PAGE
from definition_of_done.rules.sample import changelog_page as page
from definition_of_done.rules.sample import example

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CHECKOUT = "https://github.com/definition-of-done/definition-of-done"


@cache
def _fences() -> dict[str, list[str]]:
    """The snippets of all pages by language; what stands on two pages counts once."""
    found: dict[str, dict[str, None]] = {}
    for path in PAGES:
        for token in MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8")):
            if token.type == "fence":
                found.setdefault(token.info, {})[token.content] = None
    return {language: list(snippets) for language, snippets in found.items()}


def _snippets(language: str) -> list[str]:
    return _fences()[language]


def _yaml(key: str) -> list[str]:
    return [snippet for snippet in _snippets("yaml") if key in yaml.safe_load(snippet)]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """The sample backend on a branch `feature` of `main`."""
    folder = tmp_path / "team"
    shutil.copytree(SAMPLE_FOLDER, folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=sample")
    git(folder, "checkout", "--quiet", "-b", "feature")
    return folder


def _lay(team: Path, files: Mapping[str, str | None]) -> None:
    for name, text in files.items():
        (team / name).write_text(str(text))
    git(team, "add", "--all")


def _commit(team: Path, files: Mapping[str, str | None]) -> None:
    _lay(team, files)
    git(team, "commit", "--quiet", "--allow-empty", "--message=credit limit")


def _sh(folder: Path, line: str, stdin: str = "", **variables: str) -> tuple[int, str, str]:
    run = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=environment() | variables,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
    )
    return run.returncode, run.stdout, run.stderr


def test_every_language_is_tried() -> None:
    assert set(_fences()) == {"yaml", "toml", "console", "sh", "json", "python", "markdown"}


def test_what_is_typed_prints_what_stands_there(team: Path) -> None:
    _lay(team, BROKEN)
    for snippet in _snippets("console"):
        for typed in re.split(r"^\$ ", snippet, flags=re.MULTILINE)[1:]:
            line, _, expected = typed.partition("\n")
            # A line of three dots stands for any lines.
            parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", expected, flags=re.M)]
            out = _sh(team, line)[1]
            assert re.fullmatch(r"(?:.*\n)*".join(parts), out), out


def _lines() -> list[str]:
    lines = [line for snippet in _snippets("sh") for line in snippet.splitlines()]
    return [line.partition("  #")[0].strip() for line in lines]


@pytest.mark.parametrize("line", _lines())
def test_command(line: str, team: Path) -> None:
    _commit(team, {})
    code, out, errors = _sh(team, line)
    assert (code, errors) == (0, ""), out + errors
    assert out


@pytest.mark.parametrize("table", _snippets("toml"))
def test_settings(table: str, team: Path) -> None:
    with (team / "pyproject.toml").open("a") as stream:
        stream.write(f"\n{table}")
    _commit(team, {})
    code, out, errors = _sh(team, "definition-of-done check")
    assert (code, errors) == (0, ""), out


def _configured(team: Path, config: str, source: tuple[Path, str]) -> None:
    text = config.replace(CHECKOUT, str(source[0])).replace(f"v{__version__}", source[1])
    assert text != config
    (team / ".pre-commit-config.yaml").write_text(text)
    git(team, "add", "--all")
    git(team, "commit", "--quiet", "--message=hooks")


@pytest.mark.xdist_group("runners")
@pytest.mark.parametrize("config", _yaml("repos"))
def test_configuration_of_the_runner(config: str, source: tuple[Path, str], team: Path) -> None:
    _configured(team, config, source)
    stage = "manual" if "alembic-roundtrip" in config else "pre-commit"
    url = f"sqlite:///{team.parent / 'empty.db'}"
    command = f"pre-commit run --all-files --verbose --hook-stage={stage}"
    assert _sh(team, "pre-commit validate-config")[0] == 0
    code, out, _ = _sh(team, command, ROUNDTRIP_URL=url)
    assert code == 0, out
    assert out.count("- hook id: ") == config.count("- id: "), out
    assert "not evaluated" not in out
    _lay(team, example(revision="3f2a91bc04de", downgrade="pass"))
    code, out, _ = _sh(team, command, ROUNDTRIP_URL=url)
    assert code == 1, out


@pytest.mark.xdist_group("runners")
def test_pre_commit_ci(source: tuple[Path, str], team: Path, tmp_path: Path) -> None:
    """All files of one commit without a branch, a base or a network."""
    _configured(team, _yaml("repos")[0], source)
    assert _sh(team, "pre-commit install-hooks")[0] == 0
    _commit(team, BROKEN)
    cut_off = "unshare --user --map-root-user --net"
    if _sh(team, f"{cut_off} true")[0]:
        pytest.skip("unshare may not take the network away here")
    broken, clean = tmp_path / "broken", tmp_path / "clean"
    for clone, ref in ((broken, "feature"), (clean, "feature~1")):
        clone.mkdir()
        git(clone, "init", "--quiet")
        git(team, "tag", "--force", clone.name, ref)
        git(clone, "fetch", "--quiet", "--depth=1", team.as_uri(), f"refs/tags/{clone.name}")
        git(clone, "checkout", "--quiet", "FETCH_HEAD")
    command = f"{cut_off} pre-commit run --all-files --verbose"
    code, out, _ = _sh(clean, command)
    assert code == 0, out
    needing = {
        rule.id
        for rule in all_rules()
        if not isinstance(rule.subject, FileSubject) and rule.subject.diff and not rule.stages
    }
    assert set(re.findall(r"([\w-]+): not evaluated: .*no base;", out)) == needing
    code, out, _ = _sh(broken, command)
    assert code == 1, out
    rules = set(re.findall(r"^.*\.py:\d+:\d+: ([\w-]+):", out, re.MULTILINE))
    assert rules == {"alembic-revision-slug", "column-comment-required", "downgrade-not-pass"}


def _workflow_lines() -> list[str]:
    [workflow] = _yaml("jobs")
    [job] = yaml.safe_load(workflow)["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


def _without_install(lines: list[str]) -> list[str]:
    """The lines that are left to run where the package is installed from this checkout."""
    install = f"pip install git+{CHECKOUT}@v{__version__}"
    assert lines[0] == install
    return lines[1:]


def _merge_of_a_pull_request(team: Path, clone: Path, *depth: str) -> None:
    """Check out the merge of a pull request without a branch, as the forge does."""
    git(team, "checkout", "--quiet", "main")
    git(team, "commit", "--quiet", "--allow-empty", "--message=main goes on")
    git(team, "checkout", "--quiet", "--detach")
    git(team, "merge", "--quiet", "--no-edit", "feature")
    git(team, "update-ref", "refs/pull/7/merge", "HEAD")
    clone.mkdir()
    git(clone, "init", "--quiet")
    git(clone, "remote", "add", "origin", team.as_uri())
    refs = ["+refs/pull/7/merge:refs/remotes/pull/7/merge"]
    if not depth:
        refs.append("+refs/heads/*:refs/remotes/origin/*")
    git(clone, "fetch", "--quiet", "--no-tags", *depth, "origin", *refs)
    git(clone, "checkout", "--quiet", "--force", "refs/remotes/pull/7/merge")


GITHUB = {"GITHUB_BASE_REF": "main", "GITHUB_REF": "refs/pull/7/merge"}


@pytest.mark.parametrize("depth", [[], ["--depth=2"]])
def test_github_actions(depth: list[str], team: Path, tmp_path: Path) -> None:
    _commit(team, BROKEN)
    clone = tmp_path / "clone"
    _merge_of_a_pull_request(team, clone, *depth)
    [line] = _without_install(_workflow_lines())
    code, out, errors = _sh(clone, line, **GITHUB)
    assert (code, errors) == (1, "")
    assert re.findall(r"^::error file=.*,title=([\w-]+)::", out, re.MULTILINE) == [
        "alembic-revision-slug",
        "column-comment-required",
        "downgrade-not-pass",
    ]
    if not depth:
        narrow = _sh(clone, f'{line} --base "origin/$GITHUB_BASE_REF"', **GITHUB)
        assert narrow == (code, out, "")


def test_github_actions_without_the_history(team: Path, tmp_path: Path) -> None:
    _commit(team, {})
    _merge_of_a_pull_request(team, tmp_path / "clone", "--depth=1")
    [line] = _without_install(_workflow_lines())
    code, _, errors = _sh(tmp_path / "clone", line, **GITHUB)
    assert code == 2
    assert "error: no base: fetch the main branch (a shallow clone has none)" in errors


@pytest.mark.parametrize("branch", ["main", "fresh", None])
def test_nothing_is_missed_at_the_base(branch: str | None, team: Path, tmp_path: Path) -> None:
    """A clone has nothing to judge after a push to main, or on a branch without commits."""
    _commit(team, {})
    git(team, "branch", "--force", "main")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch=main", team.as_uri(), str(clone))
    git(clone, "checkout", "--quiet", *(["-B", branch] if branch else ["--detach"]))
    [line] = _without_install(_workflow_lines())
    code, out, errors = _sh(clone, line)
    assert (code, errors) == (0, ""), out
    # Cut off, the branch may have had more than it shows.
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=main", team.as_uri(), str(shallow))
    git(shallow, "checkout", "--quiet", *(["-B", branch] if branch else ["--detach"]))
    code, _, errors = _sh(shallow, line)
    assert code == 2
    assert "error: no base: fetch the main branch (a shallow clone has none)" in errors


def test_gitlab(team: Path, tmp_path: Path) -> None:
    _commit(team, BROKEN)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch=feature", team.as_uri(), str(clone))
    git(clone, "checkout", "--quiet", "--detach")
    git(clone, "branch", "--quiet", "--delete", "--force", "feature")
    [job] = [
        entry for text in _yaml("definition-of-done") for entry in yaml.safe_load(text).values()
    ]
    [line] = _without_install(job["script"])
    base = git(team, "rev-parse", "main")
    variables = {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }
    code, out, errors = _sh(clone, line, **variables)
    assert (code, errors) == (1, "")
    assert "alembic-revision-slug: revision '3f2a91bc04de' is a hash" in out


@pytest.mark.parametrize(
    ("key", "schema"), [("jobs", "github-workflows"), ("definition-of-done", "gitlab-ci")]
)
def test_schema(key: str, schema: str, tmp_path: Path) -> None:
    [text] = _yaml(key)
    (tmp_path / "ci.yml").write_text(text)
    command = f"check-jsonschema --builtin-schema vendor.{schema} ci.yml"
    code, out, errors = _sh(tmp_path, command)
    assert code == 0, out + errors


def _stop_hook() -> str:
    [text] = _snippets("json")
    settings: dict[str, Any] = json.loads(text)
    [entry] = settings["hooks"]["Stop"]
    [hook] = entry["hooks"]
    assert hook["type"] == "command"
    command: str = hook["command"]
    return command


@pytest.mark.parametrize(
    ("files", "again", "code"),
    [(BROKEN, False, 2), (BROKEN, True, 0), ({}, False, 0)],
    ids=["findings", "findings, but it was held already", "clean"],
)
def test_stop_hook(
    files: Mapping[str, str | None], again: bool, code: int, team: Path, tmp_path: Path
) -> None:
    _lay(team, files)
    told = json.dumps({"hook_event_name": "Stop", "stop_hook_active": again}, indent=1)
    for stdin in (told, json.dumps(json.loads(told), separators=(",", ":"))):
        got, out, errors = _sh(tmp_path, _stop_hook(), stdin, CLAUDE_PROJECT_DIR=str(team))
        assert (got, out) == (code, "")
        assert ("alembic-revision-slug: revision '3f2a91bc04de'" in errors) == (code == 2)


def test_stop_hook_sees_what_is_not_staged(team: Path, tmp_path: Path) -> None:
    """A new file and an edit that nobody added, a forced file stays tracked, the index as it is."""
    (team / ".gitignore").write_text("app/version.py\n")
    git(team, "add", "--force", "app/version.py", ".gitignore")
    git(team, "commit", "--quiet", "--message=ignored")
    git(team, "branch", "--force", "main", "feature")
    for name, text in BROKEN.items():
        (team / name).write_text(str(text))
    vendor = next((team / "alembic/versions").glob("*_add_vendors.py"))
    vendor.write_text(vendor.read_text().replace('revision: str = "', 'revision: str = "x_', 1))
    before = git(team, "status", "--porcelain")
    assert "?? alembic/versions/20260601_add_credit_limit.py" in before
    code, out, errors = _sh(tmp_path, _stop_hook(), "{}", CLAUDE_PROJECT_DIR=str(team))
    assert (code, out) == (2, "")
    assert "alembic-revision-slug: revision '3f2a91bc04de'" in errors
    assert "revision-immutable: " in errors
    assert "app/version.py" not in errors
    assert git(team, "status", "--porcelain") == before


@pytest.mark.parametrize("snippet", _snippets("python"))
def test_python_is_python(snippet: str) -> None:
    compile(snippet, "snippet", "exec")


def test_comments_silence(team: Path) -> None:
    [python] = [snippet for snippet in _snippets("python") if "dod: ignore" in snippet]
    [markdown] = _snippets("markdown")
    path = "alembic/versions/20260601_add_credit_limit.py"
    _lay(team, example())
    text = str(example()[path]).replace('revision: str = "add_credit_limit"', python.strip(), 1)
    title = page("# 1.2.0\n", markdown)[PAGE]
    for id, files in (
        ("alembic-revision-slug", {path: text}),
        ("changelog-shape", {PAGE: title}),
    ):
        _lay(team, files)
        assert _sh(team, id)[0] == 0
        _lay(team, {name: re.sub(r" (?:#|<!--) dod: .*", "", text) for name, text in files.items()})
        assert _sh(team, id)[0] == 1


def test_make_targets() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    text = next(
        token.content for token in MarkdownIt("commonmark").parse(page) if token.type == "fence"
    )
    targets = re.findall(r"^make (\w+)", text, re.MULTILINE)
    assert len(targets) == len(text.splitlines())
    assert all(f"\n{target}: " in makefile for target in targets)


def test_the_readme_stays_short() -> None:
    assert len(PAGES[0].read_text(encoding="utf-8").splitlines()) < 200


def test_revision_is_this_version() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    named = re.findall(r"(?:rev: |definition-of-done@)(v[\d.]+\d)", text)
    assert len(named) > 4
    assert set(named) == {f"v{__version__}"}


@pytest.mark.xdist_group("runners")
@pytest.mark.parametrize("command", ["pre-commit autoupdate", "prek update"])
def test_autoupdaters_find_the_tag(command: str, team: Path, tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    first = snapshot(hooks)
    git(hooks, "tag", "--annotate", "--message=release", f"v{__version__}")
    git(hooks, "commit", "--quiet", "--allow-empty", "--message=after the release")
    consumer(team, ["definition-of-done"], hooks, first)
    code, out, errors = _sh(team, command)
    assert code == 0, out + errors
    assert f"rev: v{__version__}\n" in (team / ".pre-commit-config.yaml").read_text()
