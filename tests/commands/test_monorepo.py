"""Projects in one work tree: each file is judged by the nearest configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.legacy import migration
from tests.repository import Files, Project, Run

from definition_of_done.engine.config import OWN_FILE
from definition_of_done.engine.finding import BASELINE_FILE
from definition_of_done.engine.registry import load_rule

SUITE = "definition-of-done"
API, WEB = "services/api", "services/web"
PASS, SLUG, NOQA = "downgrade-not-pass", "alembic-revision-slug", "suppressions-need-codes"
TABLE = f"[tool.{SUITE}]\n"
OLD = "alembic/versions/20240101_old.py"
CONSTANT = "op.execute('UPDATE x SET y = 1')"
OUTSIDE = f"not judged: files outside of {API} and {WEB}, which have the only configurations\n"
# The one has a baseline, the other selects hooks and keeps its migrations elsewhere.
SERVICES: Files = {
    f"{API}/pyproject.toml": f"{TABLE}select = ['{PASS}', '{NOQA}']\nversion-file = ''\n",
    f"{API}/{OLD}": migration("old", "", CONSTANT),
    f"{API}/app/x.py": "import y  # noqa\n",
    f"{API}/{BASELINE_FILE}": f'[{PASS}."{OLD}"]\ndowngrade = 1\n',
    f"{WEB}/pyproject.toml": f"{TABLE}select = ['{SLUG}']\nversions = ['db']\n",
    f"{WEB}/db/one.py": migration("3f2a91bc04de", "", CONSTANT),
    "alembic/versions/20240101_outside.py": migration("5f2a91bc04de", ""),
    "tools/x.py": "import y  # noqa\n",
}
IN_API = f"app/x.py:1:11: {NOQA}: '# noqa' silences every rule of the line\n"
IN_WEB = f"db/one.py:2:12: {SLUG}: revision '3f2a91bc04de' is a hash, not a slug\n"
ALL = f"{API}/{IN_API}{WEB}/{IN_WEB}2 findings in 2 files, 1 accepted by the baseline\n"


def lines(out: str) -> str:
    return "".join(line for line in out.splitlines(True) if not line.startswith("    "))


@pytest.fixture
def services(project: Project) -> Project:
    project.lay(SERVICES)
    project.git("commit", "-qm", "services")
    return project


def test_a_run_at_the_top(services: Project, run: Run) -> None:
    code, out, err = run(SUITE, "check")
    assert (code, err) == (1, OUTSIDE)
    assert lines(out) == ALL


@pytest.mark.parametrize(
    ("folder", "files", "report"),
    [
        (API, (), f"{IN_API}1 finding in 1 file, 1 accepted by the baseline\n"),
        (f"{API}/app", ("x.py",), f"{IN_API}1 finding in 1 file\n"),
        (WEB, (), f"{IN_WEB}1 finding in 1 file\n"),
        # What lies in another project is passed over.
        (WEB, ("../api/app/x.py", "db/one.py"), f"{IN_WEB}1 finding in 1 file\n"),
        ("services", (f"../{WEB}/db",), f"{WEB}/{IN_WEB}1 finding in 1 file\n"),
        (".", (f"{API}/app/x.py",), f"{API}/{IN_API}1 finding in 1 file\n"),
        (".", ("services",), ALL),
    ],
)  # fmt: skip
def test_a_run_in_a_folder(
    folder: str,
    files: tuple[str, ...],
    report: str,
    services: Project,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(services.root / folder)
    code, out, err = run(SUITE, "check", *files)
    assert (code, lines(out), err) == (1, report, "")


def test_files_of_a_runner(services: Project, run: Run) -> None:
    """Only the projects of what is staged are judged, each by its own settings."""
    files = [f"{API}/app/x.py", "tools/x.py", f"{WEB}/pyproject.toml"]
    services.lay({f"{API}/app/x.py": "import z  # noqa\n", "tools/x.py": "import z  # noqa\n"})
    code, out, err = run(SUITE, "check", "--from-runner", *files)
    assert (code, lines(out), err) == (1, f"{API}/{IN_API}1 finding in 1 file\n", "")
    # One that is outside of all projects concerns none of them.
    assert run(NOQA, "tools/x.py") == (0, "no findings (0 files judged)\n", OUTSIDE)
    code, out, _ = run(SLUG, f"{API}/{OLD}", f"{WEB}/db/one.py")
    assert (code, lines(out)) == (1, f"{WEB}/{IN_WEB}1 finding in 1 file\n")


def test_a_migration_of_no_project(services: Project, run: Run) -> None:
    """A hook that is handed one does not pass, as a runner shows nothing of a hook that does."""
    path = "alembic/versions/20240101_outside.py"
    error = (
        f"{path} looks like a migration, and no folder above it has a configuration:"
        f" write a {OWN_FILE} there, or exclude it"
    )
    told = f"{OUTSIDE}{SLUG}: error: {error}\n"
    assert run(SLUG, path) == (2, "no findings (0 files judged)\n", told)
    code, out, err = run(SUITE, "check", "--from-runner", path, f"{API}/app/x.py")
    assert (code, lines(out)) == (2, f"{API}/{IN_API}1 finding in 1 file\n")
    assert err == f"{SUITE}: error: {error}\n"
    # No rule about migrations is handed it, and no test of one is a migration.
    assert run(NOQA, path)[0] == 0
    services.lay({"tests/x.py": migration("6f2a91bc04de", "")})
    assert run(SLUG, "tests/x.py")[0] == 0


def test_a_branch(services: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A push and CI judge the projects that the branch changes."""
    services.git("checkout", "-qb", "feature")
    services.lay({f"{WEB}/db/two.py": migration("6f2a91bc04de", "3f2a91bc04de", CONSTANT)})
    services.git("commit", "-qm", "two")
    found = f"{WEB}/db/two.py:2:12: {SLUG}: revision '6f2a91bc04de' is a hash, not a slug\n"
    report = f"{found}1 finding in 1 file\n"
    code, out, err = run(SUITE, "check", "--base", "main")
    assert (code, lines(out), err) == (1, report, "")
    # Not the work tree is judged, but the commit.
    services.lay(
        {f"{WEB}/db/two.py": "", f"{WEB}/pyproject.toml": SERVICES[f"{WEB}/pyproject.toml"]}
    )
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "feature")
    code, out, err = run(SUITE, "check", "--from-runner", f"{WEB}/db/two.py")
    assert (code, lines(out), err) == (1, report, "")


def test_settings_in_a_file_of_their_own(
    services: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A definition-of-done.toml makes a folder a project, beside a pyproject.toml or without."""
    for folder in (API, WEB):
        text = SERVICES[f"{folder}/pyproject.toml"]
        assert isinstance(text, str)
        services.lay({f"{folder}/{OWN_FILE}": text.removeprefix(TABLE)})
    services.lay({f"{API}/pyproject.toml": "[project]\nname = 'api'\n"})
    services.lay({f"{WEB}/pyproject.toml": None})
    services.git("commit", "-qm", "own files")
    code, out, err = run(SUITE, "check")
    assert (code, lines(out), err) == (1, ALL, OUTSIDE)
    # A commit concerns the projects of its files: those of the folder, and a hook's own.
    services.lay({f"{WEB}/db/two.py": migration("6f2a91bc04de", "3f2a91bc04de", CONSTANT)})
    code, out, _ = run(SLUG, f"{WEB}/db/two.py", "tools/x.py")
    assert (code, lines(out).count(f"{WEB}/db/two.py:2:12: {SLUG}: ")) == (1, 1)
    services.git("reset", "--quiet", "--hard")
    document = json.loads(run(SUITE, "status", "--format", "json")[1])
    assert [each["project"] for each in document["projects"]] == [API, WEB]
    monkeypatch.chdir(services.root / WEB)
    code, out, _ = run(SUITE, "check")
    assert (code, lines(out)) == (1, f"{IN_WEB}1 finding in 1 file\n")
    monkeypatch.chdir(services.root)
    services.lay({f"{WEB}/{OWN_FILE}": "selct = []\n"})
    said = f"{WEB}: {OWN_FILE}: unknown key 'selct'; did you mean 'select'?"
    assert run(SUITE, "check") == (2, "", f"{SUITE}: error: {said}\n")


def test_what_is_new_is_listed_once(
    services: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id in (PASS, SLUG, NOQA):
        monkeypatch.setattr(load_rule(id), "since", "0.2")
    code, out, _ = run(SUITE, "check", "--since-version", "0.1")
    news = [line for line in out.splitlines() if line.startswith("new in ")]
    assert [line.split(": ")[1] for line in news] == [PASS, NOQA, SLUG]
    assert (code, lines(out).partition(f"{API}/")[0].count("\n")) == (1, 3)
    # Each project is asked for what is new of its own rules.
    assert lines(out).endswith(ALL)
    error = f"{SUITE}: error: --since-version: 'x' is no version; write it as 0.1\n"
    assert run(SUITE, "check", "--since-version", "x") == (2, "", error)
    out = run(SUITE, "check", "--since-version", "0.2")[1]
    assert out == "nothing is new since 0.2\nno findings (0 files judged)\n"


HEADS: Files = {
    "pyproject.toml": f"{TABLE}select = ['alembic-single-head']\nexclude = ['tests']\n",
    "alembic/versions/20240101_one.py": migration("one", "", CONSTANT),
    "libs/pay/pyproject.toml": f"{TABLE}select = ['alembic-single-head']\nversions = ['db']\n",
    "libs/pay/db/one.py": migration("one", "", CONSTANT),
    "libs/pay/db/two.py": migration("two", "", CONSTANT),
    "libs/pay/README.md": "# Pay\n",
    # A configuration of a test is none of the repository's.
    "tests/data/pyproject.toml": f"{TABLE}unknown = 1\n",
    "tests/data/alembic/versions/20240101_one.py": migration("one", "", CONSTANT),
}


def test_a_project_in_a_project(project: Project, run: Run) -> None:
    project.lay(HEADS)
    code, out, err = run(SUITE, "check")
    assert (code, err) == (1, "")
    assert {line.split(":")[0] for line in lines(out).splitlines()[:-1]} == {"libs/pay/db/two.py"}
    project.git("commit", "-qm", "x")
    # A rule over the repository runs for the projects that the change concerns.
    project.lay({"alembic/versions/20240102_two.py": migration("two", "one", CONSTANT)})
    assert run("alembic-single-head")[0] == 0
    project.git("commit", "-qm", "x")
    project.lay({"libs/pay/db/three.py": migration("three", "two", CONSTANT)})
    assert run("alembic-single-head")[0] == 1
    project.git("reset", "-q", "--hard")
    project.lay({"libs/pay/README.md": "# Payments\n"})
    assert run("alembic-single-head")[0] == 0


@pytest.mark.parametrize(
    ("files", "error"),
    [
        (
            {f"{API}/pyproject.toml": f"{TABLE}selct = []\n"},
            f"{API}: pyproject.toml: [tool.{SUITE}]: unknown key 'selct'; did you mean 'select'?",
        ),
        (
            {f"{API}/pyproject.toml": f"{TABLE}x\n"},
            f"{API}/pyproject.toml:2:2: not TOML: Expected '=' after a key in a key/value pair",
        ),
    ],
)
def test_an_error_names_the_project(files: Files, error: str, services: Project, run: Run) -> None:
    services.lay(files)
    code, out, err = run(SUITE, "check")
    assert (code, out, err) == (2, "", f"{SUITE}: error: {error}\n")


def test_the_other_projects_are_reported_all_the_same(services: Project, run: Run) -> None:
    services.lay({f"{WEB}/{BASELINE_FILE}": "x = 1\n"}, add=False)
    code, out, err = run(SUITE, "check")
    assert (code, lines(out)) == (
        2,
        f"{API}/{IN_API}1 finding in 1 file, 1 accepted by the baseline\n",
    )
    assert err.endswith(
        f"{SUITE}: error: {WEB}: {BASELINE_FILE}:1:1: not an entry of a baseline:"
        ' [hook-id."path"] with "symbol" = a count of at least 1\n'
    )


@pytest.mark.parametrize("words", [["bump", "minor"], ["new", "plan", "x"], ["run", "--", "true"]])
def test_a_command_for_one_project(words: list[str], services: Project, run: Run) -> None:
    error = f"no project here has [tool.{SUITE}]: run this in {API} or {WEB}"
    assert run(SUITE, *words) == (2, "", f"{SUITE}: error: {error}\n")


def test_formats(services: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads(run(SUITE, "check", "--format", "json")[1])
    paths = [finding["path"] for finding in document["findings"]]
    assert paths == [f"{API}/app/x.py", f"{WEB}/db/one.py"]
    assert (document["judged"], document["accepted"]) == (3, 1)
    github = run(SUITE, "check", "--format", "github")[1]
    assert f"::error file={API}/app/x.py,line=1,endLine=1,col=11," in github
    monkeypatch.chdir(services.root / WEB)
    below = run(SUITE, "check", "--format", "sarif")[1]
    monkeypatch.chdir(services.root)
    top = run(SUITE, "check", "--format", "sarif")[1]
    [alone] = json.loads(below)["runs"][0]["results"]
    there = json.loads(top)["runs"][0]["results"][1]
    assert {**there, "ruleIndex": 0} == alone


def fixable(project: Project) -> None:
    noise = "# ### commands auto generated by Alembic - please adjust! ###"
    for folder in (API, WEB):
        project.lay(
            {
                f"{folder}/pyproject.toml": f"{TABLE}select = ['no-autogenerate-noise']\n",
                f"{folder}/{OLD}": migration("old", "", f"{noise}\n    {CONSTANT}"),
            }
        )


def test_fixes(project: Project, run: Run) -> None:
    fixable(project)
    document = json.loads(run(SUITE, "check", "--format", "json")[1])
    assert {edit["path"] for each in document["findings"] for edit in each["edits"]} == {
        f"{API}/{OLD}",
        f"{WEB}/{OLD}",
    }
    code, patch, err = run(SUITE, "check", "--fix", "--diff")
    assert (code, err) == (1, "")
    assert f"--- a/{API}/{OLD}\n+++ b/{API}/{OLD}\n" in patch
    code, out, _ = run(SUITE, "check", "--fix")
    assert (code, out.count("fixed: services/")) == (1, 2)
    assert patch
    fixed = project.git("diff", "--no-color", "-U3")
    assert [line for line in fixed.splitlines() if line.startswith(("-#", "-    #"))]
    assert run(SUITE, "check")[0] == 0


def test_status(services: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = run(SUITE, "status")
    document = json.loads(run(SUITE, "status", "--format", "json")[1])
    assert [each["project"] for each in document["projects"]] == [API, WEB]
    headed = ""
    for folder, boxes in zip((API, WEB), document["projects"], strict=True):
        monkeypatch.chdir(services.root / folder)
        headed += ("\n" if headed else "") + f"## `{folder}`\n\n" + run(SUITE, "status")[1]
        alone = json.loads(run(SUITE, "status", "--format", "json")[1])
        assert {"version": alone["version"], **boxes} == {"project": folder, **alone}
    assert out == headed
    assert code == any("findings" in each and each["findings"] for each in boxes["boxes"])


def test_doctor(services: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = run(SUITE, "doctor")
    document = json.loads(run(SUITE, "doctor", "--format", "json")[1])
    headed, codes = "", set()
    for folder, rules in zip((API, WEB), document["projects"], strict=True):
        monkeypatch.chdir(services.root / folder)
        alone, text, _ = run(SUITE, "doctor")
        codes.add(alone)
        headed += ("\n" if headed else "") + f"{folder}:\n{text}"
        assert rules == {
            "project": folder,
            **json.loads(run(SUITE, "doctor", "--format", "json")[1]),
        }
    assert (code, out) == (max(codes), headed)


def test_baseline(services: Project, run: Run) -> None:
    assert run(SUITE, "baseline") == (
        0,
        f"{API}/{BASELINE_FILE}: 2 findings of 2 hooks accepted\n"
        f"{WEB}/{BASELINE_FILE}: 1 finding of 1 hook accepted\n",
        "",
    )
    services.git("add", "--all")
    assert run(SUITE, "check")[:2] == (
        0,
        "no findings (3 files judged, 3 accepted by the baseline)\n",
    )
    services.lay({f"{API}/app/x.py": "import y\n"})
    assert f"{API}/{BASELINE_FILE}:7:1: baseline: 1 of {NOQA}" in run(SUITE, "check")[1]
    assert run(SUITE, "baseline", "--update")[0] == 0
    assert not Path(services.root / BASELINE_FILE).exists()
    assert run(SUITE, "check")[0] == 0


def test_a_baseline_from_before_the_project(project: Project, run: Run) -> None:
    """What it accepts of a folder that is a project now is accepted nowhere."""
    old = {"pyproject.toml": f"{TABLE}select = ['{PASS}']\nversions = ['{API}/db']\n"}
    project.lay({**old, f"{API}/db/one.py": migration("one", "", CONSTANT)})
    assert run(SUITE, "baseline")[0] == 0
    table = f"{TABLE}select = ['{PASS}']\nversions = ['db']\n"
    project.lay(
        {f"{API}/pyproject.toml": table, BASELINE_FILE: (project.root / BASELINE_FILE).read_bytes()}
    )
    assert lines(run(SUITE, "check")[1]) == (
        f"{BASELINE_FILE}:4:1: baseline: 1 of {PASS} in {API}/db/one.py accepted for 'downgrade',"
        f" 0 found\n{API}/db/one.py:8:1: {PASS}: downgrade does nothing\n2 findings in 2 files\n"
    )


def test_links_into_another_project(project: Project, run: Run) -> None:
    """What lies in a nested project is there, though another configuration judges it."""
    project.git("remote", "add", "origin", "https://github.com/acme/shop.git")
    project.lay(
        {
            "pyproject.toml": f"{TABLE}select = ['docs-links-resolve']\n",
            f"{API}/pyproject.toml": f"{TABLE}select = ['{PASS}']\n",
            f"{API}/app/x.py": "",
            "mkdocs.yml": "site_name: x\nnav:\n  - Home: index.md\n",
            "docs/index.md": "# Home\n\n"
            f"[one](https://github.com/acme/shop/tree/main/{API}/app)"
            f" [two](https://github.com/acme/shop/blob/main/{API}/app/x.py)\n",
        }
    )
    project.git("commit", "-qm", "x")
    assert run(SUITE, "check")[:2] == (0, "no findings (2 files judged)\n")


def test_checklist_of_a_pull_request(
    services: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It is one text for all projects, and what it lacks is said once."""
    body = tmp_path_factory.mktemp("body") / "body.md"
    body.write_text("- [x] Plan before code\n")
    out = run("pr-checklist", "--body", str(body))[1]
    assert out.count("the box '`task test` green' is missing\n") == 1
    assert f"{body}:1:1: pr-checklist: " in out
    assert "services" not in out


def test_untracked_files(services: Project, run: Run) -> None:
    services.lay({f"{WEB}/db/two.py": migration("two", ""), "x/db/two.py": ""}, add=False)
    _, _, err = run(SUITE, "check")
    assert err == f"1 untracked file is not judged, git add first: {WEB}/db/two.py\n{OUTSIDE}"
