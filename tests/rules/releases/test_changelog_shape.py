"""changelog-shape: exact findings, what it must leave alone, and the fix."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.repository import Project, Run

from definition_of_done.project.releases.changelog import SECTIONS
from definition_of_done.rules.sample import CHANGELOG as PATH
from definition_of_done.rules.sample import changelog_page as page

PAGE = page()[PATH]
ID = "changelog-shape"
MISSING = 'add "## {0}"; write it, or None'


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "help"),
    [
        (
            "# 1.2.0\n",
            "",
            "1:1",
            "no level-1 heading names version 1.2.0",
            'title the page "# 1.2.0"',
        ),
        (
            "# 1.2.0\n",
            "# 1.2.0-rc.1\n",
            "1:1",
            "the title '1.2.0-rc.1' does not name version 1.2.0",
            'title the page "# 1.2.0"',
        ),
        (
            "## Changed\n\nNone\n",
            "<!--\n## Changed\n\nNone\n-->\n",
            "1:1",
            "section Changed is missing",
            MISSING.format("Changed"),
        ),
        (
            "## Changed\n\nNone\n",
            "```\n## Changed\n```\n",
            "1:1",
            "section Changed is missing",
            MISSING.format("Changed"),
        ),
        (
            "## Changed\n\nNone\n",
            "## Changed\n\nNone\n\n## Changed\n\nNone\n",
            "15:1",
            "section Changed stands twice, first on line 11",
            "merge the two",
        ),
        (
            "## Changed\n\nNone\n",
            "## Changed\n\n<!-- nothing -->\n",
            "11:1",
            "section Changed is empty",
            "write it, or None",
        ),
        (
            "## Fixed\n\nNone\n",
            "## Fixed\n\nNone\n\n## Securty\n\nx\n",
            "19:1",
            "unknown section 'Securty'",
            "rename it, or name it in changelog-extra-sections",
        ),
        (
            "- Vendor credits can be",
            "- a\n- b\n- c\n- Vendor credits can be",
            "3:1",
            "section Highlights has 4 bullets, at most 3 are read",
            "keep the 1 to 3 that matter most",
        ),
        (
            "- Vendor credits can be recorded and applied to a bill.",
            "Vendor credits can be recorded.",
            "3:1",
            "section Highlights is not a list of bullets",
            "say in 1 to 3 bullets what a non-engineer gets",
        ),
        (
            "- Vendor credits can be recorded and applied to a bill.",
            "- Vendor credits can be recorded.\n\nAnd applied to a bill.",
            "3:1",
            "section Highlights is not a list of bullets",
            "say in 1 to 3 bullets what a non-engineer gets",
        ),
        (
            "- Vendor credits can be recorded and applied to a bill.",
            "- None",
            "3:1",
            "section Highlights is not a list of bullets",
            "say in 1 to 3 bullets what a non-engineer gets",
        ),
        (
            "- Vendor credits can be recorded and applied to a bill.",
            "None",
            "3:1",
            "section Highlights is not a list of bullets",
            "say in 1 to 3 bullets what a non-engineer gets",
        ),
        (
            "`scripts/bump_version.py minor`",
            "scripts/bump_version.py",
            "27:1",
            "section Versioning notes does not name the bump command 'scripts/bump_version.py'",
            "say how the version was bumped, in code: `scripts/bump_version.py`",
        ),
        *(
            (
                "`scripts/bump_version.py minor`",
                code,
                "27:1",
                "section Versioning notes does not name the bump command 'scripts/bump_version.py'",
                "say how the version was bumped, in code: `scripts/bump_version.py`",
            )
            for code in ("`1.2.0`", "`git tag v1.2.0`", "task bump -- 1.2.0", '`version = "1.2.0"`')
        ),
        (
            "The vendor page",
            "TODO: the vendor page",
            "25:1",
            "section Frontend impact holds the stub 'TODO'",
            "write what it stands for",
        ),
        (
            "The vendor page",
            "Soon:\n<describe here>",
            "26:1",
            "section Frontend impact holds the stub '<describe here>'",
            "write what it stands for",
        ),
        (
            "- `add_vendor_credits`",
            "- ...",
            "21:3",
            "section Migrations holds the stub '...'",
            "write what it stands for",
        ),
    ],
)
def test_finding(
    old: str, new: str, place: str, message: str, help: str, project: Project, run: Run
) -> None:
    assert old in PAGE
    project.lay({PATH: PAGE.replace(old, new)})
    assert run(ID, PATH) == (
        1,
        f"{PATH}:{place}: {ID}: {message}\n    help: {help}\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("# 1.2.0", "# Release v1.2.0: vendor credits"),
        ("# 1.2.0", "1.2.0\n====="),
        ("## Changed", "Changed\n-------"),
        ("## Changed", "## changed <!-- sic -->"),
        ("## Changed", "## Changed ##"),
        ("# 1.2.0", "---\ntitle: x\n---\n\n# 1.2.0"),
        ("The vendor page", "Filter, sort... and so on; use `TODO`, `<x>`, List<int> and<br>"),
        ("The vendor page", "```\n## Nope\nTODO\n```\nThe vendor page"),
        ("`scripts/bump_version.py minor`", "`definition-of-done bump minor`"),
        ("`scripts/bump_version.py minor`", "`task bump -- 1.2.0`"),
        ("`scripts/bump_version.py minor`", "`uv run scripts/bump_version.py 1.2.0`"),
        ("`scripts/bump_version.py minor`", "`python -m scripts.bump_version 1.2.0`"),
        ("`scripts/bump_version.py minor`", "`bump_version.py`"),
        ("`scripts/bump_version.py minor`", "`make bump VERSION=1.2.0`"),
        ("`scripts/bump_version.py minor`", "`uv version --bump minor`"),
        ("`scripts/bump_version.py minor`", "`poetry version minor`"),
        ("`scripts/bump_version.py minor`", "`bump-my-version bump minor`"),
        ("`scripts/bump_version.py minor`", "\n\n```sh\ntask bump -- 1.2.0\n```\n"),
        ("## Frontend impact", "## Frontend contract"),
        ("## Fixed", "## \U0001f41b Bug fixes"),
        ("## Versioning notes", "## 7. Versioning"),
        ("- [Vendor", "### Accounting\n\n- [Vendor"),
        ("- Vendor credits can be", "- a\n- b\n- Vendor credits can be"),
        ("\n", "\r\n"),
    ],
)
def test_left_alone(old: str, new: str, project: Project, run: Run) -> None:
    project.lay({PATH: PAGE.replace(old, new)})
    assert run(ID, PATH) == (0, "no findings (1 file judged)\n", "")


@pytest.mark.parametrize("name", ["index.md", "next.md", "1.2.md", "sub/1.2.0.md", "1.2.0.txt"])
def test_other_files_are_not_pages(name: str, project: Project, run: Run) -> None:
    project.lay({f"docs/changelog/{name}": "x\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")


def test_sections_of_level_3(project: Project, run: Run) -> None:
    deep = PAGE.replace("\n### ", "\n#### ").replace("\n## ", "\n### ")
    for head in ("# 1.2.0\n", "# 1.2.0\n\n## Backend\n"):
        project.lay({PATH: deep.replace("# 1.2.0\n", head)})
        assert run(ID, PATH) == (0, "no findings (1 file judged)\n", "")
    project.lay({PATH: deep.replace("### Fixed\n\nNone\n\n", "")})
    assert f"{PATH}:1:1: {ID}: section Fixed is missing\n" in run(ID, PATH)[1]


def test_extra_sections(project: Project, run: Run) -> None:
    project.lay({PATH: PAGE.replace("## Fixed", "## Security\n\nx\n\n## Fixed")})
    assert run(ID, PATH)[0] == 1
    assert run(ID, "--changelog-extra-sections", "security", PATH)[0] == 0


def test_suppression_in_markdown(project: Project, run: Run) -> None:
    title = f"# Spring <!-- dod: ignore[{ID}] a slogan -->"
    project.lay({PATH: PAGE.replace("# 1.2.0", title)})
    assert run(ID, PATH)[0] == 0
    project.lay({PATH: PAGE.replace("None", f"None <!-- dod: ignore[{ID}] x -->", 1)})
    assert run(ID, PATH)[1].splitlines()[0] == (
        f"{PATH}:13:11: suppression: dod: ignore[{ID}] silences nothing"
    )


def test_not_utf8(project: Project, run: Run) -> None:
    project.lay({PATH: b"# 1.2.0\n\n\xe9\n"})
    assert run(ID, PATH)[1].startswith(f"{PATH}:3:1: unreadable: not utf-8 text: byte 0xe9\n")


SWAPPED = PAGE.replace("## Changed", "## @").replace("## Fixed", "## Changed").replace("@", "Fixed")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_fix_puts_sections_in_order(newline: str, bom: str, project: Project, run: Run) -> None:
    project.lay({PATH: (bom + SWAPPED).replace("\n", newline)})
    order = ", ".join(SECTIONS)
    assert run(ID, PATH)[1] == (
        f"{PATH}:15:1: {ID}: section Changed stands behind Fixed\n"
        f"    help: put the sections in this order: {order}\n"
        "1 finding in 1 file (1 fixable with --fix)\n"
    )
    assert run(ID, "--fix", PATH) == (
        1,
        f"fixed: {PATH}: {ID}: section Changed stands behind Fixed\n"
        "no findings (1 file judged)\n1 finding fixed: look at the changes, then git add them\n",
        "",
    )
    fixed = (project.root / PATH).read_bytes()
    assert fixed == (bom + PAGE).replace("\n", newline).encode()
    assert run(ID, "--fix", PATH) == (0, "no findings (1 file judged)\n", "")


def test_fix_sorts_sections_of_level_3(project: Project, run: Run) -> None:
    deep = PAGE.replace("\n### ", "\n#### ").replace("\n## ", "\n### ")
    section = "### Fixed\n\nNone\n\n"
    project.lay({PATH: deep.replace(section, "").replace("### Changed", f"{section}### Changed")})
    assert "1 finding fixed" in run(ID, "--fix", PATH)[1]
    assert (project.root / PATH).read_text() == deep


def test_fix_refuses_what_is_not_certain(project: Project, run: Run) -> None:
    source = f"{SWAPPED}\n## Added\n\nx\n"
    project.lay({PATH: source})
    out = run(ID, "--fix", PATH)[1]
    assert "; --fix cannot, as a section stands twice or a title stands between\n" in out
    assert (project.root / PATH).read_text() == source


def test_fix_refuses_what_would_swallow_a_section(project: Project, run: Run) -> None:
    before, _, after = PAGE.partition("## Changed")
    changed, _, rest = after.partition("## Fixed")
    source = f"{before}## Fixed{rest}\n## Changed{changed}```\nnever closed\n"
    project.lay({PATH: source})
    out = run(ID, "--fix", PATH)[1]
    assert f"{ID}: section Changed stands behind Versioning notes\n" in out
    assert (project.root / PATH).read_text() == source


def test_an_unknown_section_follows_the_one_that_it_stands_behind(
    project: Project, run: Run
) -> None:
    own = "## Own\n\nOurs.\n\n"
    project.lay({PATH: SWAPPED.replace("## Changed", f"{own}## Changed")})
    assert "1 fixable" in run(ID, PATH)[1]
    run(ID, "--fix", PATH)
    assert (project.root / PATH).read_text() == PAGE.replace("## Migrations", f"{own}## Migrations")
    first = SWAPPED.replace("## Highlights", f"{own}## Highlights")
    project.lay({PATH: first})
    run(ID, "--fix", PATH)
    assert (project.root / PATH).read_text() == first


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=20)
@given(
    order=st.permutations(SECTIONS),
    gaps=st.lists(st.sampled_from(["\n", "\n\n", "\n\n\n"]), min_size=7, max_size=7),
    setext=st.booleans(),
)
def test_fix_moves_whole_sections(
    order: list[str], gaps: list[str], setext: bool, project: Project, run: Run
) -> None:
    heads = {name: f"{name}\n---\n" if setext else f"## {name}\n" for name in SECTIONS}
    told = {"Highlights": "- Credits", "Versioning notes": "- `scripts/bump_version.py minor`"}
    body = {name: f"{heads[name]}\n{told.get(name, f'- `a` of {name}')}" for name in SECTIONS}
    source = "# 1.2.0\n\n" + "".join(
        body[name] + ("\n\n" if setext else gap) for name, gap in zip(order, gaps, strict=True)
    )
    project.lay({PATH: source})
    run(ID, "--fix", PATH)
    fixed = Path(project.root / PATH).read_text()
    starts = [fixed.find(body[name]) for name in SECTIONS]
    assert starts == sorted(starts)
    assert -1 not in starts
    assert run(ID, "--fix", PATH)[0] == 0
    assert Path(project.root / PATH).read_text() == fixed


@pytest.mark.parametrize(
    ("branch", "why"),
    [
        ("main", "; --fix leaves the page, as it is released"),
        (None, "; --fix leaves the page, as it may be released"),
    ],
)
def test_fix_leaves_a_released_page(
    branch: str | None, why: str, project: Project, run: Run
) -> None:
    head, *sections = PAGE.split("\n## ")
    mixed = "\n## ".join([head, sections[1], sections[0], *sections[2:]])
    project.lay({PATH: mixed})
    project.git("commit", "-qm", "released")
    if branch is None:
        project.git("checkout", "-q", "--detach")
        project.git("branch", "-D", "main")
    order = ", ".join(SECTIONS)
    report = (
        f"{PATH}:7:1: {ID}: section Highlights stands behind Added\n"
        f"    help: put the sections in this order: {order}{why}\n1 finding in 1 file\n"
    )
    assert run(ID, PATH, "--fix") == (1, report, "")
    assert (project.root / PATH).read_text() == mixed


@pytest.mark.usefixtures("cache")
def test_a_verdict_follows_the_tags(project: Project, run: Run) -> None:
    head, *sections = PAGE.split("\n## ")
    project.lay({PATH: "\n## ".join([head, sections[1], sections[0], *sections[2:]])})
    project.git("commit", "-qm", "base", "--allow-empty", "--only")
    assert "(1 fixable with --fix)" in run(ID, PATH)[1]
    assert "(1 fixable with --fix)" in run(ID, PATH)[1]
    project.git("tag", f"v{Path(PATH).stem}")
    assert "; --fix leaves the page, as it is released\n" in run(ID, PATH)[1]
