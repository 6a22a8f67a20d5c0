"""version-sync and semver-level beside one changelog file."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE, start_feature

PATH = "CHANGELOG.md"
SYNC = "version-sync"
VERSION = {"app/version.py": '__version__ = "1.2.0"\n'}


def log(*headings: str) -> dict[str, str]:
    """One file with an entry of one line for each heading."""
    entries = "".join(f"\n## {heading}\n\n### Fixed\n\n- A name.\n" for heading in headings)
    return {PATH: f"# Changelog\n{entries}"}


@pytest.mark.parametrize(
    ("headings", "report"),
    [
        (
            ["[1.1.0] - 2026-05-01"],
            "app/version.py:1:15: {id}: version 1.2.0 has no entry in CHANGELOG.md\n"
            '    help: write it below "## [1.2.0]", or what is not out below "## [Unreleased]"\n',
        ),
        (
            ["[Unreleased]", "[1.3.0] - 2026-05-01", "[1.2.0] - 2026-04-01"],
            "CHANGELOG.md:9:1: {id}: the newest version of CHANGELOG.md is 1.3.0,"
            " but app/version.py says 1.2.0\n"
            "    help: bump the version, or keep the entry under Unreleased until then\n",
        ),
    ],
)
def test_found(headings: list[str], report: str, project: Project, run: Run) -> None:
    project.lay({**VERSION, **log(*headings)})
    assert run(SYNC) == (1, f"{report.format(id=SYNC)}1 finding in 1 file\n", "")


@pytest.mark.parametrize(
    ("version", "headings"),
    [
        ("1.2.0", ["[1.2.0] - 2026-05-01", "[1.1.0] - 2026-04-01"]),
        ("1.2.0", ["v1.2.0", "v1.1.0"]),
        # Unreleased is worked on.
        ("1.2.0", ["[Unreleased]", "[1.1.0] - 2026-05-01"]),
        ("1.2.0", ["1.2.0 (unreleased)", "1.1.0 (2026-05-01)"]),
        ("1.2.0", ["[Unreleased]"]),
        ("1.3.0rc1", ["[1.2.0] - 2026-05-01"]),
        ("1.3.0-rc.1", ["[1.3.0rc1] - 2026-05-01"]),
        # Development leads to a release, or goes on after it.
        ("26.03.0-dev", ["[26.03.0] - 2026-05-01", "[26.02.0] - 2026-04-01"]),
        ("1.3.0.dev0", ["[1.3.0] - 2026-05-01"]),
        ("1.3.0-SNAPSHOT", ["[1.3.0] - 2026-05-01", "[1.2.0] - 2026-04-01"]),
        ("1.3.0a0", ["[1.3] - 2026-05-01"]),
        ("1.2.0.post1.dev3", ["[1.2.0] - 2026-05-01"]),
        # A version that is kept beside a newer one stands below it.
        ("1.2.0", ["[1.2.0] - 2026-05-01", "[1.1.9] - 2026-05-20", "[1.1.8] - 2026-04-01"]),
    ],
)
def test_left_alone(version: str, headings: list[str], project: Project, run: Run) -> None:
    project.lay({"app/version.py": f'__version__ = "{version}"\n', **log(*headings)})
    code, out, _ = run(SYNC)
    assert (code, out.partition(" (")[0]) == (0, "no findings")


@pytest.mark.parametrize("version", ["1.3.0-dev", "1.3.0.dev0", "1.4.0-rc.1", "1.3.1"])
def test_development_of_another_release(version: str, project: Project, run: Run) -> None:
    files = {"app/version.py": f'__version__ = "{version}"\n'}
    project.lay({**files, **log("[1.4.0] - 2026-05-01", "[1.2.0] - 2026-04-01")})
    said = f"the newest version of CHANGELOG.md is 1.4.0, but app/version.py says {version}"
    code, out, _ = run(SYNC)
    assert (code, said in out) == (1, True)


KEPT = log("[1.2.0] - 2026-05-01", "[1.1.0] - 2026-04-01")
FEATURE = "docs/feature/2026-06-01-credit-limit.md"


@pytest.fixture
def kept(project: Project) -> Project:
    """The sample backend with one changelog file, and a branch that grows its schema."""
    pages = {path: None for path in SAMPLE if path.startswith("docs/changelog/")}
    start_feature(project, {**pages, "mkdocs.yml": None, **KEPT})
    schemas = {
        path: SAMPLE[path].replace("  vendors:", "  creditLimit: Int\n  vendors:")
        for path in ("schema.graphql", "schema-admin.graphql")
    }
    project.lay(schemas)
    return project


def test_a_line_under_unreleased_is_the_entry(kept: Project, run: Run) -> None:
    code, out, _ = run("semver-level", "--base", "main")
    assert (code, out.count("help: write a line under Unreleased of CHANGELOG.md, or ")) == (1, 1)
    kept.lay(log("[Unreleased]", "[1.2.0] - 2026-05-01", "[1.1.0] - 2026-04-01"))
    assert run("semver-level", "--base", "main")[0] == 0


def test_the_entry_of_a_release_comes_before_its_tag(project: Project, run: Run) -> None:
    scm = '[project]\ndynamic = ["version"]\n\n[tool.setuptools_scm]\n'
    project.lay({"pyproject.toml": scm, **log("[1.2.0] - 2026-05-01", "[1.1.0] - 2026-04-01")})
    project.git("commit", "-qm", "release")
    project.git("tag", "v1.1.0")
    note = f"{SYNC}: not evaluated: the version comes from tags (setuptools-scm)\n"
    assert run(SYNC)[0::2] == (0, note)
    project.git("tag", "v1.2.0")
    assert run(SYNC)[0] == 0
    # The next tag has no entry.
    project.git("commit", "-qm", "more", "--allow-empty")
    project.git("tag", "v1.3.0")
    code, out, _ = run(SYNC)
    assert (code, "version 1.3.0 has no entry in CHANGELOG.md" in out) == (1, True)


def test_the_step_counts_from_the_entry_before(kept: Project, run: Run) -> None:
    entries = log("[1.2.1] - 2026-06-01", "[1.2.0] - 2026-05-01", "[1.1.0] - 2026-04-01")
    kept.lay({**entries, "app/version.py": '__version__ = "1.2.1"\n'})
    code, out, _ = run("semver-level", "--base", "main")
    assert code == 1
    assert "version 1.2.1 is a patch step from 1.2.0, but" in out
    kept.lay({PATH: entries[PATH].replace("1.2.1", "1.3.0")})
    kept.lay({"app/version.py": '__version__ = "1.3.0"\n'})
    assert run("semver-level", "--base", "main")[0] == 0


@pytest.mark.parametrize(
    ("id", "section"),
    [
        ("changelog-migrations-order", "Migrations"),
        ("frontend-impact-repeated", "Frontend impact"),
    ],
)
def test_sections_of_pages_alone(id: str, section: str, kept: Project, run: Run) -> None:
    kept.git("commit", "-qm", "more")
    code, _, err = run(id)
    reason = f"CHANGELOG.md has no section {section}, as changelog-style is keep-a-changelog"
    assert (code, err) == (0, f"{id}: not evaluated: {reason}\n")


def test_added_bullets_link_to_features(kept: Project, run: Run) -> None:
    added = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Credit limit.\n"
    kept.lay({PATH: KEPT[PATH].replace("# Changelog\n", added)})
    assert run("changelog-added-links") == (
        1,
        f"{PATH}:7:1: changelog-added-links: 'Credit limit.' links to no feature page\n"
        "    help: link it to its page among the feature pages\n1 finding in 1 file\n",
        "",
    )
    linked = added.replace("Credit limit.", f"[Credit limit]({FEATURE})")
    kept.lay({PATH: KEPT[PATH].replace("# Changelog\n", linked)})
    assert run("changelog-added-links")[0] == 0
