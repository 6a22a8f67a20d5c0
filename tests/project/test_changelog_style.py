"""The style of the changelog: what is refused, and what is found without a key."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run

from definition_of_done.project.changelog_style import style_of
from definition_of_done.project.settings import open_project

LOG = {"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n"}
TABLE = "[tool.definition-of-done]\n"
WHERE = "pyproject.toml: [tool.definition-of-done]: "


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        (
            'changelog-style = "page"',
            'changelog-style must be "pages", "keep-a-changelog" or "fragments", not \'page\';'
            " did you mean 'pages'?",
        ),
        (
            'changelog = "CHANGELOG.md"\nchangelog-style = "pages"',
            "changelog names a file, 'CHANGELOG.md', beside changelog-style = \"pages\":"
            ' set changelog-style = "keep-a-changelog", or changelog to a folder',
        ),
        (
            'changelog = "CHANGES.rst"',
            "changelog names a file, 'CHANGES.rst': only a file .md is read;"
            ' changelog = "" leaves it alone',
        ),
        (
            'changelog = "docs"\nchangelog-style = "keep-a-changelog"',
            "changelog names a folder, 'docs', beside changelog-style = \"keep-a-changelog\"",
        ),
    ],
)
def test_refused(keys: str, error: str, project: Project, run: Run) -> None:
    others = {"CHANGES.rst": "", "docs/index.md": ""}
    project.lay({**LOG, **others, "pyproject.toml": f"{TABLE}{keys}\n"})
    assert run("version-sync") == (2, "", f"version-sync: error: {WHERE}{error}\n")


@pytest.mark.parametrize(("style", "what"), [("keep-a-changelog", "file"), ("fragments", "folder")])
def test_nothing_fits(style: str, what: str, project: Project, run: Run) -> None:
    project.lay({"app/version.py": '__version__ = "1.2.0"\n'})
    error = f'changelog-style = "{style}", and no such {what} is found: set changelog to it'
    assert run("version-sync", "--changelog-style", style) == (
        2,
        "",
        f"version-sync: error: {error}\n",
    )


PAGES, KEPT, FRAGMENTS = "pages", "keep-a-changelog", "fragments"
ASKED = 'changelog-style = "fragments"\n'
TOWNCRIER = "[tool.towncrier]\n"


@pytest.mark.parametrize(
    ("files", "style"),
    [
        ({}, PAGES),
        (LOG, KEPT),
        ({"HISTORY.md": "## 1.2.0 (2026-05-24)\n"}, KEPT),
        ({"changelog.md": "# v1.2.0\n"}, KEPT),
        ({**LOG, "docs/changelog/1.2.0.md": "# 1.2.0\n"}, PAGES),
        ({"CHANGELOG.md": "See the releases.\n"}, PAGES),
        (
            {"CHANGELOG.md": "CHANGELOG\n=========\n\n0.3.0 - 2026-08-10\n------------------\n"},
            KEPT,
        ),
        ({"CHANGELOG.md": "# News\r\n\r\nVersion 1.2.0\r\n---\r\n"}, KEPT),
        ({"CHANGELOG.md": "# News\n\n## Version 1.2.0\n"}, KEPT),
        ({"CHANGELOG.md": "# News\n\n1.2.0 is out\n\n---\n"}, PAGES),
        ({"web/CHANGELOG.md": LOG["CHANGELOG.md"]}, PAGES),
        # The template of a tool.
        ({"CHANGELOG.md": "# Changelog\n\n## Unreleased\n{% for x in y %}\n"}, PAGES),
        ({"CHANGELOG.md": "# Changelog\n\n## 1.2.0\n\n- Mend `{% for %}`.\n"}, KEPT),
        ({**LOG, ".changie.yaml": "", ".changes/unreleased/.gitkeep": ""}, FRAGMENTS),
        ({".changes/unreleased/Added-1.yaml": "kind: Added\n"}, PAGES),
        # Where reno is used, not each change has a note.
        ({"reno.yaml": "", "releasenotes/notes/more-0a1b.yaml": "features: [more]\n"}, PAGES),
        (
            {
                "pyproject.toml": f"{TABLE}{ASKED}",
                "releasenotes/notes/more-0a1b.yaml": "features: [more]\n",
            },
            FRAGMENTS,
        ),
        ({**LOG, "pyproject.toml": TOWNCRIER, "newsfragments/.gitkeep": ""}, FRAGMENTS),
        (
            {"pyproject.toml": f'{TOWNCRIER}directory = "./changes/"\n', "changes/1.doc": "x"},
            FRAGMENTS,
        ),
        # What a tool is told goes before pages that are found, and not before the default.
        (
            {"towncrier.toml": TOWNCRIER, "newsfragments/1.doc": "x", "releases/1.2.0.md": "# 1\n"},
            FRAGMENTS,
        ),
        (
            {
                "towncrier.toml": TOWNCRIER,
                "newsfragments/1.doc": "x",
                "docs/changelog/1.2.0.md": "# 1.2.0\n",
            },
            PAGES,
        ),
        (
            {"towncrier.toml": f'{TOWNCRIER}package = "a"\n', "a/newsfragments/1.doc": "x"},
            FRAGMENTS,
        ),
        # The folder is missing, or the file broken.
        ({**LOG, "pyproject.toml": TOWNCRIER}, KEPT),
        ({**LOG, "towncrier.toml": "[tool.towncrier\n", "newsfragments/1.doc": "x"}, KEPT),
        ({**LOG, "pyproject.toml": f'{TABLE}changelog = ""\n'}, PAGES),
        ({**LOG, "pyproject.toml": f'{TABLE}changelog = "CHANGELOG.md"\n'}, KEPT),
        (
            {"news/1.doc": "x", "pyproject.toml": f'{TABLE}changelog-style = "fragments"\n'},
            FRAGMENTS,
        ),
    ],
)
def test_style(files: Files, style: str, project: Project) -> None:
    project.lay(files)
    assert style_of(open_project(".")) == style


@pytest.mark.parametrize(
    ("files", "keys"),
    [
        (LOG, 'changelog = "CHANGELOG.md"\n# one file\nchangelog-style = "keep-a-changelog"\n'),
        (
            {"pyproject.toml": TOWNCRIER, "newsfragments/1.doc": "x"},
            'changelog = "newsfragments"\n# fragments, one for a change\n'
            'changelog-style = "fragments"\n',
        ),
        ({"README.rst": "1.2.0\n-----\n"}, '# no docs/changelog\nchangelog = ""\n'),
        ({"CHANGES.rst": "1.2.0\n-----\n"}, '# CHANGES.rst is no Markdown\nchangelog = ""\n'),
        (
            {"pyproject.toml": TOWNCRIER, "newsfragments/1.doc": "x", "releases/1.2.0.md": "# 1\n"},
            'changelog = "newsfragments"\n',
        ),
        ({**LOG, "site/changelog/1.2.0.md": "# 1.2.0\n"}, 'changelog = "site/changelog"\n'),
    ],
)
def test_init(files: Files, keys: str, project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": "", **files})
    assert run("definition-of-done", "init")[0] == 0
    assert keys in (project.root / "pyproject.toml").read_text()


def test_init_keeps_the_hook_that_asks_for_fragments(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": TOWNCRIER, "newsfragments/1.doc": "x"})
    assert run("definition-of-done", "init")[0] == 0
    assert 'ignore = [\n    "version-sync",\n]' in (project.root / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("files", "seen"),
    [
        (LOG, {"changelog-shape": "1 changelog page", "frontend-impact-repeated": "off: "}),
        (
            {"pyproject.toml": TOWNCRIER, "newsfragments/1.doc": "x"},
            {"changelog-shape": "off: ", "changelog-migrations-order": "off: "},
        ),
    ],
)
def test_doctor(files: Files, seen: dict[str, str], project: Project, run: Run) -> None:
    project.lay(files)
    lines = dict(
        line.split(None, 1) for line in run("definition-of-done", "doctor")[1].splitlines()
    )
    for rule, state in seen.items():
        whole = (
            "off: changelog-style is `keep-a-changelog` where `changelog` is a file, else `pages`"
        )
        assert lines[rule] == (whole if state == "off: " else state)


@pytest.mark.parametrize("style", [KEPT, FRAGMENTS, PAGES])
def test_no_changelog_is_kept(style: str, project: Project, run: Run) -> None:
    keys = f'changelog = ""\nchangelog-style = "{style}"\nmkdocs = ""\n'
    version = {"app/version.py": '__version__ = "1.2.0"\n'}
    project.lay({**LOG, **version, "pyproject.toml": f"{TABLE}{keys}"})
    releases = ("changelog-migrations-order", "semver-level", "version-sync", "changelog-shape")
    for rule in releases:
        code, out, err = run(rule, *(["CHANGELOG.md"] if rule == "changelog-shape" else []))
        assert (code, out.partition(" (")[0], err) == (0, "no findings", "")
