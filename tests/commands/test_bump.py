"""definition-of-done bump: what it writes, shows, proposes and refuses."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from tests.repository import Files, Project, Run
from tests.sample import SAMPLE, start_feature

from definition_of_done.rules.sample import MIGRATION as PATH
from definition_of_done.rules.sample import example

SUITE = "definition-of-done"
LOOK = ": look at the changes, then git add them\n"
LOCK = (
    'version = 1\n\n[[package]]\nname = "alembic"\nversion = "1.2.0"\n'
    'source = { registry = "https://pypi.org/simple" }\n\n[[package]]\nname = "sample-backend"\n'
    'version = "1.2.0"\nsource = { virtual = "." }\n'
)
FEATURE = "docs/feature/2026-06-01-credit-limit.md"


@pytest.fixture
def sample(project: Project) -> Project:
    """The sample backend with a lock file on main, and a branch of it checked out."""
    start_feature(project, {"uv.lock": LOCK})
    return project


def ship(project: Project, contract: str = "The vendor page shows the limit.") -> None:
    """The sample's own plan shipped on the branch: its migration, its root field, its page."""
    schemas = {
        path: SAMPLE[path].replace("  vendors:", "  creditLimit: Int\n  vendors:")
        for path in ("schema.graphql", "schema-admin.graphql")
    }
    page = SAMPLE[FEATURE]
    shipped = page.split("## What's being implemented\n\n")[1]
    page = page.replace("## Frontend contract\n\nNone", f"## Frontend contract\n\n{contract}")
    page += f"\n## What shipped\n\n{shipped}\n## Future additions\n\nNone\n"
    project.lay({**schemas, PATH: example()[PATH], FEATURE: page})
    project.git("commit", "-qm", "credit limit")


PAGE = """\
# 1.3.0

## Highlights

- TODO: what a non-engineer gets, in 1 to 3 bullets

## Added

- [Credit limit](../feature/2026-06-01-credit-limit.md)

## Changed

TODO: what is another than before, or None

## Fixed

TODO: what works now, or None

## Migrations

- `add_credit_limit`

## Frontend impact

The vendor page shows the limit.

## Versioning notes

Bumped with `definition-of-done bump minor --changelog-stub`. TODO: what is deployed first, if that matters.
"""  # noqa: E501  # as it is written


def test_all_places(sample: Project, run: Run) -> None:
    ship(sample)
    before = {name: (sample.root / name).read_text() for name in ("pyproject.toml", "mkdocs.yml")}
    assert run(SUITE, "bump", "minor", "--changelog-stub") == (
        0,
        "written: app/version.py\nwritten: pyproject.toml\nwritten: uv.lock\n"
        f"written: mkdocs.yml\nwritten: docs/changelog/1.3.0.md\nbumped from 1.2.0 to 1.3.0{LOOK}"
        "left to write, in order:\n"
        "  docs/changelog/1.3.0.md:5: Highlights: what a non-engineer gets, in 1 to 3 bullets\n"
        "  docs/changelog/1.3.0.md:13: Changed: what is another than before, or None\n"
        "  docs/changelog/1.3.0.md:17: Fixed: what works now, or None\n"
        "  docs/changelog/1.3.0.md:29: Versioning notes: what is deployed first, if that"
        " matters.\n",
        "",
    )
    root = sample.root
    assert (root / "app/version.py").read_text() == '__version__ = "1.3.0"\n'
    assert (root / "pyproject.toml").read_text() == before["pyproject.toml"].replace(
        "1.2.0", "1.3.0"
    )
    assert (root / "uv.lock").read_text() == LOCK.replace(
        'sample-backend"\nversion = "1.2.0"', 'sample-backend"\nversion = "1.3.0"'
    )
    assert (root / "mkdocs.yml").read_text() == before["mkdocs.yml"].replace(
        "      - 1.2.0", "      - 1.3.0: changelog/1.3.0.md\n      - 1.2.0"
    )
    assert (root / "docs/changelog/1.3.0.md").read_text() == PAGE
    changed = sample.git("status", "--porcelain").split("\n")
    assert len(changed) == 6  # five files and the end


def test_prose_is_all_that_is_left_to_write(sample: Project, run: Run) -> None:
    ship(sample)
    run(SUITE, "bump", "minor", "--changelog-stub")
    sample.git("add", "--all")
    code, out, _ = run(SUITE, "check")
    stubs = [line for line in out.splitlines() if not line.startswith("    help")]
    assert code == 1
    assert [line.split(": ", 2)[1:] for line in stubs[:-2]] == [
        ["changelog-shape", f"section {name} holds the stub 'TODO'"]
        for name in ("Highlights", "Changed", "Fixed", "Versioning notes")
    ]
    page = sample.root / "docs/changelog/1.3.0.md"
    text = page.read_text()
    for stub, prose in {
        "TODO: what a non-engineer gets, in 1 to 3 bullets": "A vendor has a limit.",
        "TODO: what is another than before, or None": "None",
        "TODO: what works now, or None": "None",
        " TODO: what is deployed first, if that matters.": "",
    }.items():
        assert stub in text
        text = text.replace(stub, prose)
    page.write_text(text)
    sample.git("add", "--all")
    release = ("semver-level", "version-sync", "changelog-shape")
    assert [run(id)[0::2] for id in release] == [(0, "")] * 3
    assert run(SUITE, "check")[0] == 0


@pytest.mark.parametrize(
    ("word", "version"),
    [("patch", "1.2.1"), ("minor", "1.3.0"), ("major", "2.0.0"), ("1.3.0-rc.1", "1.3.0-rc.1")],
)
def test_versions(word: str, version: str, sample: Project, run: Run) -> None:
    assert run(SUITE, "bump", word)[0::2] == (0, "")
    assert (sample.root / f"docs/changelog/{version}.md").read_text().startswith(f"# {version}\n")
    sample.git("add", "--all")
    assert run("version-sync")[0] == 0
    spelled = version.replace("-rc.", "rc")
    assert f'version = "{spelled}"\nsource = {{ virtual' in (sample.root / "uv.lock").read_text()


@pytest.mark.parametrize(
    ("current", "word", "version"),
    [
        ("1.3.0-rc.1", "minor", "1.3.0"),
        ("1.3.0-rc.1", "major", "2.0.0"),
        ("2.0.0-rc.2", "major", "2.0.0"),
        ("1.2.1-rc.1", "patch", "1.2.1"),
        ("0.9.3", "minor", "0.10.0"),
        ("1.2", "1.3.0", "1.3.0"),
        ("1.2.0-alpha", "1.2.0-beta", "1.2.0-beta"),
        ("1.2.0-9", "1.2.0-alpha", "1.2.0-alpha"),
    ],
)
def test_after(current: str, word: str, version: str, project: Project, run: Run) -> None:
    project.lay({"app/version.py": f"VERSION = '{current}' # ours\n"})
    project.git("commit", "-qm", "version")
    assert run(SUITE, "bump", word)[0] == 0
    assert (project.root / "app/version.py").read_text() == f"VERSION = '{version}' # ours\n"


def test_layout_is_kept(project: Project, run: Run) -> None:
    pyproject = '\ufeff[project]  # ours\r\nname = "x"\r\nversion = "1.2.0"   # "1.2.0"\r\n'
    nav = "nav:\r\n- 1.1.0: changelog/1.1.0.md\r\n- 1.2.0: changelog/1.2.0.md # last"
    project.lay(
        {
            "app/version.py": "# -*- coding: latin-1 -*-\n# \xe9\n__version__ = '1.2.0'\n".encode(
                "latin-1"
            ),
            "pyproject.toml": pyproject,
            "mkdocs.yml": nav,
            "docs/changelog/1.1.0.md": "# 1.1.0 (2026-01-01)\r\n",
            "docs/changelog/1.2.0.md": "# Release 1.2.0, 2026-05-30\r\n",
        }
    )
    project.git("commit", "-qm", "version")
    assert run(SUITE, "bump", "1.2.1", "--date", "2026-06-15")[0] == 0
    assert (project.root / "app/version.py").read_bytes() == (
        "# -*- coding: latin-1 -*-\n# \xe9\n__version__ = '1.2.1'\n".encode("latin-1")
    )
    assert (project.root / "pyproject.toml").read_bytes().decode() == pyproject.replace(
        'version = "1.2.0"', 'version = "1.2.1"'
    )
    assert (project.root / "mkdocs.yml").read_bytes().decode() == (
        f"{nav}\r\n- 1.2.1: changelog/1.2.1.md # last"
    )
    page = (project.root / "docs/changelog/1.2.1.md").read_bytes()
    assert page.startswith(b"# Release 1.2.1, 2026-06-15\r\n\r\n## Highlights\r\n")
    assert page.count(b"\n") == page.count(b"\r\n")
    assert b"Bumped with `definition-of-done bump 1.2.1 --date 2026-06-15`." in page


def test_the_newest_page_has_no_title(project: Project, run: Run) -> None:
    pages = {"docs/changelog/1.1.0.md": "# 1.1.0 (2026-01-01)\n", "docs/changelog/1.2.0.md": "x\n"}
    project.lay({"app/version.py": "VERSION = '1.2.0'\n", **pages})
    project.git("commit", "-qm", "version")
    assert run(SUITE, "bump", "patch")[0] == 0
    assert (project.root / "docs/changelog/1.2.1.md").read_text().startswith("# 1.2.1\n")


def test_revisions_whose_order_is_not_certain(sample: Project, run: Run) -> None:
    ship(sample)
    sample.lay({PATH.replace("credit", "other"): example()[PATH]})
    sample.git("commit", "-qm", "twice")
    assert run(SUITE, "bump", "minor")[0] == 0
    page = (sample.root / "docs/changelog/1.3.0.md").read_text()
    assert page.partition("## Migrations\n")[2].partition("## Frontend")[0] == (
        "\n- TODO: the revisions in the order in which they run, which is not certain\n\n"
    )


def test_dry_run(sample: Project, run: Run) -> None:
    ship(sample)
    code, out, err = run(SUITE, "bump", "minor", "--changelog-stub", "--dry-run")
    assert (code, err) == (0, "")
    assert sample.git("status", "--porcelain") == ""
    # git applies the diff, and has then what the bump writes.
    subprocess.run(["git", "apply", "-"], cwd=sample.root, input=out, text=True, check=True)
    shown = sample.git("diff") + (sample.root / "docs/changelog/1.3.0.md").read_text()
    assert shown.endswith(PAGE)
    sample.git("reset", "-q", "--hard")
    sample.git("clean", "-fdq")
    run(SUITE, "bump", "minor", "--changelog-stub")
    assert sample.git("diff") + (sample.root / "docs/changelog/1.3.0.md").read_text() == shown


def test_proposal(sample: Project, run: Run) -> None:
    ship(sample)
    assert run(SUITE, "bump") == (
        0,
        "minor: 1.2.0 -> 1.3.0\n  Query.creditLimit was added (schema.graphql)\n"
        f"  {FEATURE} is a feature of the release\nto write it: definition-of-done bump minor\n",
        "",
    )
    sample.lay(
        {"schema.graphql": SAMPLE["schema.graphql"].replace("  id: Int!\n  title", "  title")}
    )
    assert run(SUITE, "bump")[1] == (
        "major: 1.2.0 -> 2.0.0\n  VendorType.id was removed (schema.graphql)\n"
        "to write it: definition-of-done bump major\n"
    )
    assert sample.git("diff", "--name-only") == ""


def test_proposal_of_a_branch_that_has_bumped(sample: Project, run: Run) -> None:
    ship(sample)
    why = (
        f"  Query.creditLimit was added (schema.graphql)\n  {FEATURE} is a feature of the release\n"
    )
    run(SUITE, "bump", "patch", "--no-changelog-stub")
    last = "minor: 1.2.0 -> 1.3.0\n"
    assert run(SUITE, "bump")[1] == f"{last}{why}to write it: definition-of-done bump 1.3.0\n"
    sample.git("reset", "-q", "--hard")
    run(SUITE, "bump", "minor", "--no-changelog-stub")
    assert run(SUITE, "bump")[1] == f"{last}{why}app/version.py says 1.3.0 already\n"


def test_proposal_of_nothing_and_without_a_base(sample: Project, run: Run) -> None:
    sample.lay({"README.md": "x\n"})
    assert run(SUITE, "bump")[1] == (
        "patch: 1.2.0 -> 1.2.1\n  nothing was found that asks for more\n"
        "to write it: definition-of-done bump patch\n"
    )
    sample.git("commit", "-qm", "x")
    sample.git("branch", "-qD", "main")
    assert (
        "  not judged: the change of the schema: no base; fetch the main branch"
        in run(SUITE, "bump")[1]
    )
    assert run(SUITE, "bump", "--base", "HEAD~1")[1].count("not judged") == 0


def test_a_step_that_is_too_small_is_written_and_said(sample: Project, run: Run) -> None:
    ship(sample)
    code, _, err = run(SUITE, "bump", "patch")
    assert (code, err) == (
        0,
        "semver-level will say: version 1.2.1 is a patch step from 1.2.0, but Query.creditLimit"
        f" was added (schema.graphql) and {FEATURE} is a feature of the release\n",
    )
    sample.git("add", "--all")
    assert run("semver-level")[0] == 1


@pytest.mark.parametrize(
    ("files", "argv", "error"),
    [
        (
            {"app/version.py": '__version__ = "1.2.0" # mine\n'},
            ["minor"],
            "app/version.py has changes that are not committed: commit or stash them",
        ),
        (
            {"mkdocs.yml": SAMPLE["mkdocs.yml"] + "# mine\n"},
            ["minor", "--dry-run"],
            "mkdocs.yml has changes that are not committed: commit or stash them",
        ),
        (
            {"docs/changelog/1.3.0.md": "# 1.3.0\n"},
            ["minor", "--changelog-stub"],
            "docs/changelog/1.3.0.md exists: delete it, or keep it with --no-changelog-stub",
        ),
        (
            {},
            ["1.1.9"],
            "1.1.9 is not above 1.2.0 of app/version.py: name a higher version, or major, minor"
            " or patch",
        ),
        (
            {},
            ["1.2.0"],
            "1.2.0 is not above 1.2.0 of app/version.py: name a higher version, or major, minor"
            " or patch",
        ),
        (
            {},
            ["1.2.0-rc.1"],
            "1.2.0-rc.1 is not above 1.2.0 of app/version.py: name a higher version, or major,"
            " minor or patch",
        ),
        (
            {},
            ["1.3"],
            "'1.3' is neither major, minor or patch nor a semantic version such as 1.2.0",
        ),
        (
            {},
            ["mnior"],
            "'mnior' is neither major, minor or patch nor a semantic version such as 1.2.0; did you"
            " mean 'minor'?",
        ),
        (
            {},
            ["minor", "--date", "2026-02-30"],
            "--date is no date: '2026-02-30'; write it as YYYY-MM-DD",
        ),
        (
            {"app/version.py": "__version__ = read()\n"},
            ["minor"],
            "app/version.py computes __version__: it is not a string literal: name the version"
            " there",
        ),
        (
            {"app/version.py": "__version__ = '1.2' '.0'\n"},
            ["minor"],
            "app/version.py writes it in a way that cannot be edited with certainty: write the"
            " version there as a plain string",
        ),
        (
            {"app/version.py": "if x:\n    VERSION = '1.2.0'\nelse:\n    VERSION = '1.2.0'\n"},
            ["1.3.0"],
            "app/version.py writes it in a way that cannot be edited with certainty: write the"
            " version there as a plain string",
        ),
        (
            {"app/version.py": "\x0c__version__ = '1.2.0'\n"},
            ["1.3.0"],
            "app/version.py is not written: libcst reads the file as another one",
        ),
        (
            {"app/version.py": "__version__ = '1.2'\n"},
            ["minor"],
            "the version '1.2' is not a semantic one: name the next in full, or set"
            ' version-scheme = "pep440"',
        ),
        (
            {"mkdocs.yml": "nav:\n  - Home: index.md\n"},
            ["minor"],
            "mkdocs.yml has no entry of an earlier version to put changelog/1.3.0.md beside: add it"
            " to the nav and commit that, then bump again",
        ),
        (
            {"pyproject.toml": "[project\n"},
            ["minor"],
            "pyproject.toml:1:9: not TOML: Expected ']' at the end of a table declaration;"
            " mend it, and bump again",
        ),
    ],
)
def test_refusal(files: Files, argv: list[str], error: str, sample: Project, run: Run) -> None:
    sample.lay(files)
    before = sample.git("status", "--porcelain")
    assert run(SUITE, "bump", *argv) == (2, "", f"{SUITE}: error: {error}\n")
    assert sample.git("status", "--porcelain") == before


def test_nav_in_zensical_toml(sample: Project, run: Run) -> None:
    nav = (
        '[project]\nsite_name = "x"\nnav = [\n  { "Home" = "index.md" }, # ours\n'
        '  { "Changelog" = [\n    { "1.2.0" = "changelog/1.2.0.md" },\n  ] },\n]\n'
    )
    sample.lay({"mkdocs.yml": None, "zensical.toml": nav})
    sample.git("commit", "-qm", "zensical")
    assert "written: zensical.toml\n" in run(SUITE, "bump", "minor")[1]
    assert (sample.root / "zensical.toml").read_text() == nav.replace(
        '    { "1.2.0"', '    { "1.3.0" = "changelog/1.3.0.md" },\n    { "1.2.0"'
    )


def test_page_that_stands_already_is_kept(sample: Project, run: Run) -> None:
    sample.lay({"docs/changelog/1.3.0.md": "# 1.3.0\n"})
    sample.git("commit", "-qm", "written before")
    code, out, _ = run(SUITE, "bump", "minor", "--no-changelog-stub")
    assert code == 0
    assert "written: mkdocs.yml\nbumped" in out
    assert (sample.root / "docs/changelog/1.3.0.md").read_text() == "# 1.3.0\n"
    assert "1.3.0: changelog/1.3.0.md" in (sample.root / "mkdocs.yml").read_text()


def test_no_page_and_so_no_entry(sample: Project, run: Run) -> None:
    assert "mkdocs.yml" not in run(SUITE, "bump", "minor", "--no-changelog-stub")[1]


def test_several_features(sample: Project, run: Run) -> None:
    ship(sample, "- The page shows it, see [the roadmap](../roadmap/index.md#next).\n- [Home](/x)")
    other = "docs/feature/2026-06-02-refunds-[beta].md"
    sample.lay(
        {
            other: "# Refunds [beta]\n\n## Frontend contract\n\n"
            "As [credits](2026-05-24-vendor-credits.md) [do](https://example.com).\n\n"
            "```\nkept\n```\n\n## RBAC\n\n`scripts/refund.py`, `scripts/gone.py`\n",
            "docs/feature/2026-06-03-none.md": "# None\n\n## Frontend contract\n\nNone\n",
            "scripts/refund.py": "",
            "scripts/once.py": "",
        }
    )
    sample.git("commit", "-qm", "refunds")
    run(SUITE, "bump", "minor")
    page = (sample.root / "docs/changelog/1.3.0.md").read_text()
    assert page.partition("## Added\n")[2].partition("## Changed")[0] == (
        "\n- [Credit limit](../feature/2026-06-01-credit-limit.md)\n"
        "- [Refunds \\[beta\\]](../feature/2026-06-02-refunds-[beta].md)\n"
        "- [None](../feature/2026-06-03-none.md)\n\n"
    )
    assert page.partition("## Migrations\n")[2].partition("## Frontend")[0] == (
        "\n- `add_credit_limit`\n- `scripts/once.py` TODO: when it is run\n"
        "- `scripts/refund.py` TODO: when it is run\n\n"
    )
    assert page.partition("## Frontend impact\n")[2].partition("## Versioning")[0] == (
        "\n### Credit limit\n\n- The page shows it, see [the roadmap](../roadmap/index.md#next).\n"
        "- [Home](/x)\n\n### Refunds [beta]\n\n"
        "As [credits](../feature/2026-05-24-vendor-credits.md) [do](https://example.com).\n\n"
        "```\nkept\n```\n\n"
    )


def test_release_branch_takes_what_shipped_before(sample: Project, run: Run) -> None:
    ship(sample)
    sample.git("checkout", "-q", "main")
    sample.git("merge", "-q", "feature")
    assert run(SUITE, "bump")[1].startswith("minor: 1.2.0 -> 1.3.0\n")
    run(SUITE, "bump", "minor", "--changelog-stub")
    assert (sample.root / "docs/changelog/1.3.0.md").read_text() == PAGE


def test_a_team_with_nothing_but_a_version(project: Project, run: Run) -> None:
    table = '[tool.definition-of-done]\nversion-file = ""\nchangelog = ""\n'
    pyproject = f'[project]\nversion = "1.2.0"\n{table}'
    project.lay({"pyproject.toml": pyproject, "mkdocs.yml": "nav: [index.md]\n"})
    project.git("commit", "-qm", "x")
    assert run(SUITE, "bump", "patch") == (
        0,
        f"written: pyproject.toml\nbumped from 1.2.0 to 1.2.1{LOOK}",
        "",
    )


_KILLED = """\
import os, signal, sys
from definition_of_done.commands.main import main
left = int(sys.argv[1])
real = os.replace
def replace(*args):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    real(*args)
os.replace = replace
sys.exit(main(["bump", "minor", "--changelog-stub"]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("at", range(5))
def test_killed_between_two_files(at: int, sample: Project, run: Run) -> None:
    ship(sample)
    ran = subprocess.run([sys.executable, "-c", _KILLED, str(at)], cwd=sample.root)
    assert ran.returncode == -signal.SIGKILL
    # Git shows which files are new, each of them whole, and version-sync names the others.
    written = [
        line[3:]
        for line in sample.git("status", "--porcelain", "-uall").splitlines()
        if not line.endswith(".tmp")
    ]
    assert len(written) == at
    if 0 < at < 4:
        assert run("version-sync")[0] == 1
        assert "changes that are not committed" in run(SUITE, "bump", "minor")[2]
    sample.git("checkout", "--quiet", ".")
    sample.git("clean", "--quiet", "--force")
    assert run(SUITE, "bump", "minor", "--changelog-stub")[0] == 0
    assert (sample.root / "docs/changelog/1.3.0.md").read_text() == PAGE
    sample.git("add", "--all")
    assert run("version-sync") == (0, "no findings (4 files judged)\n", "")


def test_help_fits_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for command in (["bump"], ["new"], ["new", "migration"], ["new", "plan"], []):
        with pytest.raises(SystemExit) as ended:
            run(SUITE, *command, "--help")
        assert ended.value.code == 0
        text = capsys.readouterr().out
        assert max(map(len, text.splitlines())) <= 80
