"""definition-of-done bump beside one changelog file, and beside fragments."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run

SUITE = "definition-of-done"
PATH = "CHANGELOG.md"
HUB = "https://github.com/a/b/compare"
GOOD = f"""\
# Changelog

## [Unreleased]

### Added

- Vendor credits, see [Unreleased].

## [1.2.0] - 2026-05-24

### Fixed

- Names.

## [1.1.0] - 2026-04-12 [YANKED]

- The first one.

[Unreleased]: {HUB}/v1.2.0...HEAD
[1.2.0]: {HUB}/v1.1.0...v1.2.0
[1.1.0]: https://github.com/a/b/releases/tag/v1.1.0
"""
RELEASED = (
    GOOD.replace("## [Unreleased]\n", "## [Unreleased]\n\n## [1.3.0] - 2026-06-01\n")
    .replace(f"{HUB}/v1.2.0...HEAD", f"{HUB}/v1.3.0...HEAD")
    .replace("[1.2.0]: ", f"[1.3.0]: {HUB}/v1.2.0...v1.3.0\n[1.2.0]: ")
)
LINKED = "## [1.2.0](https://x.y/-/compare/v1.1.0...v1.2.0) (2026-05-24)\n\n- b\n"
NEXT = "## [1.3.0](https://x.y/-/compare/v1.2.0...v1.3.0) (2026-06-01)\n"


def start(project: Project, files: Files) -> None:
    project.lay({"app/version.py": '__version__ = "1.2.0"\n', **files})
    project.git("commit", "-qm", "main")


def bump(run: Run, *words: str) -> tuple[int, str, str]:
    return run(SUITE, "bump", "1.3.0", "--date", "2026-06-01", *words)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (GOOD, RELEASED),
        (GOOD.replace("\n", "\r\n"), RELEASED.replace("\n", "\r\n")),
        # No links, a plain form, the oldest link first.
        (GOOD.partition("[Unreleased]: ")[0], RELEASED.partition("[Unreleased]: ")[0]),
        (
            "## Unreleased\n\n- a\n\n## v1.2.0 (2026-05-24)\n\n- b\n",
            "## Unreleased\n\n## v1.3.0 (2026-06-01)\n\n- a\n\n## v1.2.0 (2026-05-24)\n\n- b\n",
        ),
        (
            "# Unreleased\n\n- a\n\n# 1.2.0\n\n- b\n",
            "# Unreleased\n\n# 1.3.0\n\n- a\n\n# 1.2.0\n\n- b\n",
        ),
        (f"## Unreleased\n\n- a\n\n{LINKED}", f"## Unreleased\n\n{NEXT}\n- a\n\n{LINKED}"),
        ("## [Unreleased]\n\n- a\n", "## [Unreleased]\n\n## [1.3.0] - 2026-06-01\n\n- a\n"),
        (
            f"## [Unreleased]\n- a\n## [1.2.0]\n- b\n\n[1.2.0]: {HUB}/1.1.0..1.2.0\n"
            f"[Unreleased]: {HUB}/1.2.0..main\n",
            f"## [Unreleased]\n\n## [1.3.0]\n- a\n## [1.2.0]\n- b\n\n[1.2.0]: {HUB}/1.1.0..1.2.0\n"
            f"[1.3.0]: {HUB}/1.2.0..1.3.0\n[Unreleased]: {HUB}/1.3.0..main\n",
        ),
    ],
)
def test_release(before: str, after: str, project: Project, run: Run) -> None:
    start(project, {PATH: before})
    code, out, err = bump(run)
    assert (code, err) == (0, "")
    assert "written: CHANGELOG.md\n" in out
    assert "left to write" not in out
    assert (project.root / PATH).read_bytes().decode() == after
    assert (project.root / "app/version.py").read_text() == '__version__ = "1.3.0"\n'
    assert run("version-sync", "--mkdocs", "")[0] == 0
    assert run("changelog-shape", PATH)[0] == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"# Changes\n\n{LINKED}", f"# Changes\n\n{NEXT}\n{LINKED}"),
        ("# 1.2.0 / 2026-05-24\n\n- b\n", "# 1.3.0 / 2026-06-01\n\n# 1.2.0 / 2026-05-24\n\n- b\n"),
        (
            f"Notes.\n\n## [1.2.0]\n- b\n## [1.1.0]\n- c\n\n[1.2.0]: {HUB}/1.1.0..1.2.0\n",
            f"Notes.\n\n## [1.3.0]\n\n## [1.2.0]\n- b\n## [1.1.0]\n- c\n\n"
            f"[1.3.0]: {HUB}/1.2.0..1.3.0\n[1.2.0]: {HUB}/1.1.0..1.2.0\n",
        ),
    ],
)
def test_release_above_the_newest(before: str, after: str, project: Project, run: Run) -> None:
    """A file without Unreleased gets an empty entry, which changelog-shape asks to fill."""
    start(project, {PATH: before})
    code, out, err = bump(run)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "left to write: CHANGELOG.md: what 1.3.0 changes"
    assert (project.root / PATH).read_text() == after
    assert "version 1.3.0 says nothing" in run("changelog-shape", PATH)[1]
    heading = next(line for line in after.splitlines() if "1.3.0" in line)
    (project.root / PATH).write_text(after.replace(heading, f"{heading}\n\n- a", 1))
    assert run("changelog-shape", PATH)[0] == 0
    assert run("version-sync", "--mkdocs", "")[0] == 0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            RELEASED,
            "CHANGELOG.md has an entry of version 1.3.0: keep it with --no-changelog-stub",
        ),
        (
            GOOD.replace("## [Unreleased]", "## Soon"),
            'CHANGELOG.md does not start with "## [Unreleased]": write it there',
        ),
        (
            "## 1.1.0\n\n- c\n\n## 1.2.0\n\n- b\n",
            'CHANGELOG.md does not start with "## [Unreleased]": write it there',
        ),
        (
            GOOD.replace("- Vendor credits, see [Unreleased].\n", ""),
            "CHANGELOG.md has nothing under Unreleased: say there what is released",
        ),
        (
            GOOD.replace("v1.2.0...HEAD", "v1.1.0...HEAD"),
            "CHANGELOG.md: the link [Unreleased] compares with v1.1.0, and the newest version is"
            " 1.2.0: mend it",
        ),
        (
            GOOD.replace("v1.1.0...v1.2.0", "v1.0.0...v1.1.0"),
            "CHANGELOG.md: the link of 1.2.0 does not name its version: mend"
            f" {HUB}/v1.0.0...v1.1.0",
        ),
        (
            "## Unreleased\n\n- a\n\n## 1.2.0 (24 May 2026)\n\n- b\n",
            "CHANGELOG.md writes its headings in a form of its own: write that of 1.3.0 by hand,"
            " and bump with --no-changelog-stub",
        ),
        (
            "Unreleased\n----------\n\n- a\n",
            "CHANGELOG.md cannot be edited with certainty: write the entry of 1.3.0 by hand, and"
            " bump with --no-changelog-stub",
        ),
        (
            "Unreleased\n----------\n\n- a\n\n## 1.2.0\n\n- b\n",
            "CHANGELOG.md cannot be edited with certainty: write the entry of 1.3.0 by hand, and"
            " bump with --no-changelog-stub",
        ),
    ],
)
def test_refused(text: str, error: str, project: Project, run: Run) -> None:
    start(project, {PATH: text})
    assert bump(run) == (2, "", f"{SUITE}: error: {error}\n")
    assert project.git("status", "--short") == ""
    assert bump(run, "--no-changelog-stub")[0] == 0
    assert project.git("status", "--short") == " M app/version.py\n"


def test_today_and_a_wrong_date(project: Project, run: Run) -> None:
    start(project, {PATH: GOOD})
    error = "--date is no date: '2026-02-30'; write it as YYYY-MM-DD"
    assert run(SUITE, "bump", "minor", "--date", "2026-02-30")[2] == f"{SUITE}: error: {error}\n"
    assert run(SUITE, "bump", "minor")[0] == 0
    assert run("changelog-shape", PATH)[0] == 0


def test_features_of_unreleased_ask_for_a_step(project: Project, run: Run) -> None:
    page = "docs/feature/2026-06-01-credits.md"
    text = GOOD.replace("- Vendor credits, see", f"- [Credits]({page}), see")
    start(project, {PATH: text, page: "# Credits\n"})
    assert run(SUITE, "bump")[1] == (
        f"minor: 1.2.0 -> 1.3.0\n  {page} is a feature of the release\n"
        "to write it: definition-of-done bump minor\n"
    )


def test_fragments(project: Project, run: Run) -> None:
    config = '[tool.definition-of-done]\nchangelog = "changes"\nchangelog-style = "fragments"\n'
    start(project, {"pyproject.toml": config, "changes/1.feature.md": "More.\n"})
    assert bump(run) == (
        0,
        "written: app/version.py\n"
        "bumped from 1.2.0 to 1.3.0: look at the changes, then git add them\n"
        "left to do: towncrier build --version 1.3.0\n",
        "",
    )
