"""changelog-shape on one changelog file: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

ID = "changelog-shape"
SUITE = "definition-of-done"
PATH = "CHANGELOG.md"
GOOD = """\
# Changelog

What changes for users.

## [Unreleased]

### Added

- Vendor credits.

## [1.2.0] - 2026-05-24

### Added

- Vendors.

### Fixed

- Names with an umlaut.

## [1.1.0] - 2026-04-12 [YANKED]

### Security

- Tokens expire.

## [1.0.0] - 2026-03-01

- The first one.

[Unreleased]: https://github.com/a/b/compare/v1.2.0...HEAD
[1.2.0]: https://github.com/a/b/compare/v1.1.0...v1.2.0
[1.1.0]: https://github.com/a/b/compare/v1.0.0...v1.1.0
[1.0.0]: https://github.com/a/b/releases/tag/v1.0.0
"""
TABLE = [
    (
        "2026-05-24",
        "2026-02-30",
        "11:1: {id}: the date of version 1.2.0 is no date: '2026-02-30'\n"
        "    help: write it as YYYY-MM-DD\n",
    ),
    (
        "2026-05-24",
        "YYYY-MM-DD",
        "11:1: {id}: the date of version 1.2.0 is no date: 'YYYY-MM-DD'\n"
        "    help: write it as YYYY-MM-DD\n",
    ),
    (
        "[1.2.0] - 2026-05-24",
        "[1.2.0] - 2026-04-11",
        "11:1: {id}: version 1.2.0 is dated 2026-04-11, before 1.1.0 of 2026-04-12\n"
        "    help: correct one of the dates\n",
    ),
    (
        "## [1.2.0] - 2026-05-24",
        "## [1.0.5] - 2026-05-24",
        "11:1: {id}: [1.0.5] has no link at the end of the file, as [1.1.0] has\n"
        '    help: write "[1.0.5]: " with its address there\n',
    ),
    (
        "## [1.2.0] - 2026-05-24",
        "## [1.2.x] - 2026-05-24",
        "11:1: {id}: the heading '[1.2.x] - 2026-05-24' names no version that can be read\n"
        '    help: write it as "## [1.2.0] - 2026-05-24"\n',
    ),
    (
        "- Tokens expire.\n",
        "- Tokens expire.\n\n## [1.0.1]\n",
        "27:1: {id}: [1.0.1] has no link at the end of the file, as [1.0.0] has\n"
        '    help: write "[1.0.1]: " with its address there\n'
        "{path}:27:1: {id}: version 1.0.1 says nothing\n    help: say what it changes\n",
    ),
    (
        "### Fixed",
        "### Fixd",
        "17:1: {id}: unknown section 'Fixd' in 1.2.0; did you mean 'Fixed'?\n"
        "    help: rename it, or name it in changelog-extra-sections\n",
    ),
    (
        "### Fixed",
        "### Added",
        "17:1: {id}: section Added of 1.2.0 stands twice, first on line 13\n"
        "    help: merge the two\n",
    ),
    (
        "- Names with an umlaut.\n",
        "<!-- nothing yet -->\n",
        "17:1: {id}: section Fixed of 1.2.0 is empty\n    help: write it, or take it away\n",
    ),
    (
        "[1.2.0]: https://github.com/a/b/compare/v1.1.0...v1.2.0\n",
        "",
        "11:1: {id}: [1.2.0] has no link at the end of the file, as [1.1.0] has\n"
        '    help: write "[1.2.0]: " with its address there\n',
    ),
    (
        "[Unreleased]: https://github.com/a/b/compare/v1.2.0...HEAD\n",
        "",
        "5:1: {id}: [Unreleased] has no link at the end of the file, as [1.2.0] has\n"
        '    help: write "[Unreleased]: " with its address there\n',
    ),
]


@pytest.mark.parametrize(("old", "new", "report"), TABLE)
def test_found(old: str, new: str, report: str, project: Project, run: Run) -> None:
    assert old in GOOD
    project.lay({PATH: GOOD.replace(old, new, 1)})
    number = report.count("help: ")
    total = f"{number} finding{'s' if number > 1 else ''} in 1 file\n"
    expected = f"{PATH}:{report.format(id=ID, path=PATH)}{total}"
    assert run(ID, PATH) == (1, expected, "")


@pytest.mark.parametrize("name", ["Migrations", "Frontend impact", "Highlights"])
def test_sections_of_the_contract(name: str, project: Project, run: Run) -> None:
    project.lay({PATH: GOOD.replace("### Fixed", f"### {name}", 1)})
    assert run(ID, PATH)[0] == 0


def test_all_faults_of_a_heading(project: Project, run: Run) -> None:
    text = "# Log\n\n## 1.0.1 - 2026-01-05\n\n- a\n\n## 1.1.0 - 2026-02-01\n\n- b\n"
    project.lay({PATH: text + "\n## Unreleased\n\n- c\n\n## 1.0.1 - 2026-01-05\n\n- d\n"})
    assert run(ID, PATH) == (
        1,
        f"{PATH}:7:1: {ID}: version 1.1.0 stands below 1.0.1, which is older\n"
        "    help: put the versions in falling order\n"
        f"{PATH}:11:1: {ID}: Unreleased stands below version 1.0.1\n"
        "    help: move it to the top\n"
        f"{PATH}:15:1: {ID}: version 1.0.1 stands twice, first on line 3\n"
        "    help: merge the two, or correct the one that is wrong\n"
        "3 findings in 1 file\n",
        "",
    )


def test_a_file_without_entries(project: Project, run: Run) -> None:
    project.lay({PATH: "# Changelog\n\nSee the releases.\n"})
    assert run(ID, PATH, "--changelog", PATH) == (
        1,
        f"{PATH}:1:1: {ID}: no heading names a version or Unreleased\n"
        '    help: write "## [Unreleased]" above what is new\n'
        "1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        # An empty Unreleased waits, with or without its kinds.
        GOOD.replace("### Added\n\n- Vendor credits.\n", "", 1),
        GOOD.replace("- Vendor credits.\n", "", 1),
        # No links, or none for the oldest.
        GOOD.partition("[Unreleased]: ")[0],
        GOOD.partition("[1.0.0]: ")[0],
        # No date, no brackets, another form, another scheme.
        GOOD.replace("[1.2.0] - 2026-05-24", "[1.2.0]"),
        "# Changelog\n\n## v2.0.0 (2026-05-24)\n\n- a\n\n## v1.9.0 (24 May 2025)\n\n- b\n",
        "# 3.8.7 / 2026-08-19\n\n**General**\n\n- a\n\n# 3.8.6 / 2026-06-16\n\n- b\n",
        "# Changes\n\n## 2026.5.1\n\n- a\n\n## 2026.5.0\n\n- b\n\n## 2025.12.0\n\n- c\n",
        # As release-please and standard-version write it.
        "# Changelog\n\n## [1.1.0](https://x.y/compare/v1.0.1...v1.1.0) (2026-05-24)\n\n\n"
        "### Features\n\n* a\n\n### [1.0.1](https://x.y/compare/v1.0.0...v1.0.1) (2026-05-20)\n\n\n"
        "### Bug Fixes\n\n* b\n\n## 1.0.0 (2026-05-01)\n\n### \u26a0 BREAKING CHANGES\n\n* c\n",
        # A line is kept beside another: sorted by date, and by version.
        "## 2.0.1 - 2026-05-24\n- a\n## 1.9.9 - 2026-05-20\n- b\n## 2.0.0 - 2026-05-01\n- c\n",
        "## 2.0.1 - 2026-05-01\n- a\n## 1.9.9 - 2026-05-20\n- b\n## 1.9.8 - 2026-04-01\n- c\n",
        "## 3.0.0 - 2026-05-01\n- a\n## 2.5.0 - 2026-06-20\n- b\n## 2.4.0 - 2026-04-01\n- c\n",
        # A heading for the versions of a line.
        "## 1.1\n\n### 1.1.1 - 2026-05-02\n\n- a\n\n### 1.1.0 - 2026-05-01\n\n- b\n",
        # The team's own form of dates.
        "## 1.1.0 - 2026-6-1\n- a\n\n## 1.0.0 - 2026-5-1\n- b\n",
        # Pre-releases beside a line that is kept.
        "## 2.0.0-rc.1 - 2026-05-01\n\n- a\n\n## 1.9.0 - 2026-05-20\n\n- b\n",
        # The oldest first.
        "## 1.0.0\n\n- a\n\n## 1.1.0\n\n- b\n\n## 1.2.0\n\n- c\n",
        "## v1.1.0 (2026-05-24)\n\n### Feat\n\n- a\n\n### Fix\n\n- b\n\n## v1.0.0\n\n- c\n",
        # The team's own kinds, and headings of its own in notes.
        "## 1.1.0\n\n### Merged PRs\n\n- a\n\n## 1.0.0\n\n### Merged PRs\n\n- b\n",
        "## 1.1.0\n\n### Faster login\n\na\n\n### Sharing\n\nb\n\n### Maps\n\nc\n### Print\n\nd\n",
        # A version in code, or in a text below.
        "## 1.1.0\n\n```\n## 1.1.0\n```\n\n### Added\n\n#### 1.1.0 of the client\n\n- a\n",
    ],
)
def test_left_alone(text: str, project: Project, run: Run) -> None:
    project.lay({PATH: text})
    assert run(ID, PATH, "--changelog", PATH) == (0, "no findings (1 file judged)\n", "")


def test_extra_sections(project: Project, run: Run) -> None:
    project.lay({PATH: GOOD.replace("### Fixed", "### Data")})
    assert run(ID, PATH)[0] == 1
    assert run(ID, PATH, "--changelog-extra-sections", "Data")[0] == 0


LEGACY = GOOD.replace("### Fixed", "### Fixd").replace("2026-04-12", "2026-04-31")


def test_what_the_branch_leaves_alone_is_not_reported(project: Project, run: Run) -> None:
    project.lay({PATH: LEGACY})
    project.git("commit", "-qm", "legacy")
    assert run(SUITE, "check", "--select", ID)[0] == 1
    project.git("checkout", "-qb", "feature")
    project.lay({PATH: LEGACY.replace("- Vendor credits.", "- Vendor credits.\n- More.")})
    assert run(ID, PATH) == (0, "no findings (1 file judged)\n", "")
    project.git("commit", "-qm", "more")
    # A run over the whole tree says what is wrong in it, as for pages.
    assert run(ID, PATH)[0] == 1
    assert run(ID, "--base", "main") == (0, "no findings (1 file judged)\n", "")
    project.lay({PATH: LEGACY.replace("- Names", "- All names")})
    code, out, _ = run(ID, PATH)
    assert (code, out.count("\n")) == (1, 3)
    assert out.startswith(f"{PATH}:17:1: {ID}: unknown section 'Fixd'")


def test_a_new_entry_beside_an_old_one(project: Project, run: Run) -> None:
    project.lay({PATH: GOOD})
    project.git("commit", "-qm", "one")
    project.git("checkout", "-qb", "feature")
    project.lay({PATH: GOOD.replace("## [1.2.0]", "## [1.1.0] - 2026-06-01\n\n- x\n\n## [1.2.0]")})
    assert run(ID, PATH)[1].startswith(
        f"{PATH}:25:1: {ID}: version 1.1.0 stands twice, first on line 11\n"
    )


def test_a_forgotten_unreleased_is_left_alone(project: Project, run: Run) -> None:
    old = GOOD.replace("## [1.0.0]", "## [Unreleased]\n\n- Old.\n\n## [1.0.0]")
    project.lay({PATH: old})
    project.git("commit", "-qm", "one")
    project.git("checkout", "-qb", "feature")
    project.lay({PATH: old.replace("- Vendor credits.", "- Vendor credits.\n- More.")})
    assert run(ID, PATH)[0] == 0
    project.lay({PATH: old.replace("## [Unreleased]", "## [Unreleased]\n\n## [Unreleased]", 1)})
    assert run(ID, PATH)[1].startswith(
        f"{PATH}:7:1: {ID}: Unreleased stands twice, first on line 5\n"
    )


def test_the_baseline_stays_right_on_a_branch(project: Project, run: Run) -> None:
    project.lay({PATH: LEGACY, "pyproject.toml": '[project]\nversion = "1.2.0"\n'})
    project.git("commit", "-qm", "legacy")
    assert run(SUITE, "baseline")[0] == 0
    project.git("add", ".")
    project.git("commit", "-qm", "baseline")
    assert run(SUITE, "check", "--select", ID)[0] == 0
    project.git("checkout", "-qb", "feature")
    project.lay({PATH: LEGACY.replace("- Vendor credits.", "- Vendor credits.\n- More.")})
    accepted = "no findings (1 file judged, 2 accepted by the baseline)\n"
    assert run(SUITE, "check", "--select", ID, PATH) == (0, accepted, "")


def test_legacy_in_kept_verdicts(cache: object, project: Project, run: Run) -> None:
    project.lay({PATH: LEGACY})
    project.git("commit", "-qm", "legacy")
    project.git("checkout", "-qb", "feature")
    project.lay({PATH: LEGACY.replace("- Names", "- All names")})
    first = run(ID, PATH)
    assert first[0] == 1
    assert run(ID, PATH) == first
