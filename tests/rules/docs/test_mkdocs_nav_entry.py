"""mkdocs-nav-entry: exact findings, what it must leave alone, and the fix, in YAML and in TOML."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.repository import Project, Run

from definition_of_done.base.text import Text, splice
from definition_of_done.project.releases import nav as nav_facts
from definition_of_done.readers.nav_edits import added
from definition_of_done.readers.site import read_part

ID = "mkdocs-nav-entry"
OLD, NEW = "feature/2026-01-01-vendors.md", "feature/2026-02-01-credits.md"
YAML = f"""\
site_name: x
nav:
  - Home: index.md
  - Accounting Features: # ours
      - Vendors: {OLD} # first
      - Credits: {NEW}
  - Roadmap:
      - Roadmap: roadmap.md
"""
TOML = f"""\
[project]
site_name = "x"
nav = [
  {{ "Home" = "index.md" }},
  {{ "Accounting Features" = [ # ours
    {{ "Vendors" = "{OLD}" }}, # first
    {{ "Credits" = "{NEW}" }}
  ] }},
  {{ "Roadmap" = [{{ "Roadmap" = "roadmap.md" }}] }},
]
"""
PAGES = {
    f"docs/{OLD}": "# Vendors\n",
    f"docs/{NEW}": "# Credits\n",
    "docs/index.md": "# Home\n",
    "docs/roadmap.md": "# Roadmap\n",
}
NOT_ALONE = "the entry beside it is not a line of its own, or an alias repeats it"
WHERE = "under one of Accounting Features, Core Operations, Roadmap, PAC"


def without(nav: str, *words: str) -> str:
    lines = nav.splitlines(keepends=True)
    return "".join(line for line in lines if not any(word in line for word in words))


@pytest.mark.parametrize(
    ("nav", "expected"),
    [
        (
            without(YAML, "Credits"),
            f"mkdocs.yml:2:1: {{id}}: the nav has no entry for {NEW}\n"
            f'    help: add "Credits: {NEW}" {WHERE}, or run with --fix\n',
        ),
        (
            without(YAML, "Credits").replace("- Road", f"- PAC: [{NEW[:-3]}-x.md]\n  - Road", 1),
            f"mkdocs.yml:2:1: {{id}}: the nav has no entry for {NEW}\n"
            f'    help: add "Credits: {NEW}" {WHERE}, or run with --fix\n'
            f"mkdocs.yml:6:11: {{id}}: the nav names {NEW[:-3]}-x.md, but docs has no such file\n"
            f"    help: did you mean {NEW}? Else write the page, or remove the entry\n",
        ),
        (
            without(YAML, "Vendors", "Credits").replace("# ours", f"[{OLD}]")
            + f"  - PAC: [{NEW}, roadmap.md]\n",
            f"mkdocs.yml:4:27: {{id}}: {OLD} is in the nav without a title,"
            " its page is titled 'Vendors'\n"
            f'    help: write "Vendors: {OLD}", or run with --fix\n'
            "mkdocs.yml:7:11: {id}: "
            f"{NEW} is in the nav without a title, its page is titled 'Credits'\n"
            f'    help: write "Credits: {NEW}", or run with --fix\n'
            f"mkdocs.yml:7:{13 + len(NEW)}: {{id}}: roadmap.md is in the nav twice,"
            " first on line 6\n"
            "    help: remove one of the two\n",
        ),
        (
            YAML.replace("- Credits", "- Old name"),
            f"mkdocs.yml:6:19: {{id}}: {NEW} is in the nav as 'Old name',"
            " its page is titled 'Credits'\n"
            f'    help: write "Credits: {NEW}", or run with --fix\n',
        ),
        (
            YAML.replace("- Credits", "- Feature credits"),
            f"mkdocs.yml:6:26: {{id}}: {NEW} is in the nav as 'Feature credits',"
            " its page is titled 'Credits'\n"
            f'    help: write "Credits: {NEW}", or run with --fix\n',
        ),
        (
            YAML.replace("Accounting Features", "Features"),
            f"mkdocs.yml:5:18: {{id}}: the feature page {OLD} stands under 'Features'\n"
            "    help: move it to one of Accounting Features, Core Operations, Roadmap, PAC\n"
            f"mkdocs.yml:6:18: {{id}}: the feature page {NEW} stands under 'Features'\n"
            "    help: move it to one of Accounting Features, Core Operations, Roadmap, PAC\n",
        ),
        (
            without(YAML, "Credits") + f"  - Credits: {NEW}\n",
            f"mkdocs.yml:8:14: {{id}}: the feature page {NEW} stands at the top of the nav\n"
            "    help: move it to one of Accounting Features, Core Operations, Roadmap, PAC\n",
        ),
        (
            YAML + "  - Gone: gone.md\n",
            "mkdocs.yml:9:11: {id}: the nav names gone.md, but docs has no such file\n"
            "    help: write the page, or remove the entry\n",
        ),
        (
            YAML + "  - New: untracked.md\n",
            "mkdocs.yml:9:10: {id}: the nav names untracked.md, but git does not track it\n"
            "    help: git add it\n",
        ),
        (
            "nav:\n  - {\n",
            "mkdocs.yml:3:1: unreadable: not YAML: expected the node content,"
            " but found '<stream end>'\n",
        ),
    ],
)
def test_finding(nav: str, expected: str, project: Project, run: Run) -> None:
    project.lay({**PAGES, "mkdocs.yml": nav})
    project.lay({"docs/untracked.md": "# New\n"}, add=False)
    code, out, err = run(ID)
    report, _, _ = out.rstrip("\n").rpartition("\n")
    assert report + "\n" == expected.format(id=ID)
    assert (code, err) == (1, "")


@pytest.mark.parametrize(
    ("nav", "expected"),
    [
        (
            without(TOML, "Credits"),
            f"zensical.toml:3:1: {{id}}: the nav has no entry for {NEW}\n"
            f'    help: add \'{{{{ "Credits" = "{NEW}" }}}}\' {WHERE}, or run with --fix\n',
        ),
        (
            TOML.replace('"Credits"', "'Old'"),
            f"zensical.toml:7:15: {{id}}: {NEW} is in the nav as 'Old',"
            " its page is titled 'Credits'\n"
            f'    help: write \'{{{{ "Credits" = "{NEW}" }}}}\', or run with --fix\n',
        ),
    ],
)
def test_finding_in_zensical(nav: str, expected: str, project: Project, run: Run) -> None:
    project.lay({**PAGES, "zensical.toml": nav, "mkdocs.yml": "nav: [left/behind.md]\n"})
    assert run(ID)[1] == expected.format(id=ID) + "1 finding in 1 file (1 fixable with --fix)\n"


def test_a_title_that_needs_quotes(project: Project, run: Run) -> None:
    title = 'Credit: "limit"'
    project.lay({**PAGES, f"docs/{NEW}": f"# {title}\n", "mkdocs.yml": YAML})
    assert f"""help: write '"Credit: \\"limit\\"": {NEW}', or run with --fix\n""" in run(ID)[1]
    project.lay({"mkdocs.yml": without(YAML, "Credits")})
    entry = f'"Credit: \\"limit\\"": {NEW}'
    assert f"help: add '{entry}' {WHERE}, or run with --fix\n" in run(ID)[1]
    assert run(ID, "--fix")[0] == 1
    assert f"      - {entry}\n" in (project.root / "mkdocs.yml").read_text()


def test_refusals(project: Project, run: Run) -> None:
    bare = without(YAML, "Credits")
    cases = {
        bare + f"  - PAC:\n      - X: {OLD.replace('vendors', 'x')}\n": (
            "feature pages stand under Accounting Features and PAC"
        ),
        without(bare, OLD): "Accounting Features and Roadmap could hold it",
        "nav:\n  - Home: index.md\n": "the nav has none of the sections",
        f"nav:\n  - PAC: [Vendors: {OLD}]\n": NOT_ALONE,
        f"nav:\n  - PAC: &a\n      - Vendors: {OLD}\nextra: {{x: *a}}\n": NOT_ALONE,
        "nav:\n  - PAC:\n      - Roadmap:\n          - Roadmap: roadmap.md\n": (
            "PAC has no entry to put it beside"
        ),
    }
    for nav, refusal in cases.items():
        extra = {f"docs/{OLD.replace('vendors', 'x')}": "# X\n"} if "X: " in nav else {}
        project.lay({**PAGES, **extra, "mkdocs.yml": nav})
        out = run(ID, "--fix")[1]
        assert f'add "Credits: {NEW}" {WHERE}; --fix cannot: {refusal}\n' in out
        assert (project.root / "mkdocs.yml").read_text() == nav
        for path in extra:
            project.lay({path: None})
    project.lay({f"docs/{NEW}": "No title\n", "mkdocs.yml": bare})
    assert "; --fix cannot: the page has no title\n" in run(ID)[1]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"mkdocs.yml": "site_name: x\n"},
        {"mkdocs.yml": "nav:\n"},
        {"mkdocs.yml": "nav: []\nplugins: [search, literate-nav]\n"},
        {"mkdocs.yml": "nav: [...]\nplugins:\n  - awesome-pages: {}\n"},
        {"mkdocs.yml": YAML + "  - Made: made.md\nplugins: {gen-files: {}}\n"},
        {"mkdocs.yml": YAML + "  - Made: made.md\nhooks: [h.py]\n", "h.py": "def on_files(): 1\n"},
        {"mkdocs.yml": YAML + "  - X: https://x.org/a.md\n  - mailto:a@b.c\n  - Y: /y.md\n"},
        {"mkdocs.yml": YAML.replace(OLD, f"./{OLD}")},
        {"mkdocs.yml": without(YAML, "Credits") + "not_in_nav: |\n  feature/*-credits.md\n"},
        {"mkdocs.yml": without(YAML, "Credits") + "exclude_docs: 2026-02*\n"},
        {"mkdocs.yml": YAML.replace("Vendors", '"A: `b`"'), f"docs/{OLD}": "# *A*: `b`\n"},
        {"mkdocs.yml": YAML, f"docs/{OLD}": "No title\n"},
        {
            "mkdocs.yml": YAML.replace("Accounting F", '"\U0001f4b0 Accounting f').replace(
                "res:", 'res":'
            )
        },
        {f"docs/{OLD}": "# Vendors (2026-01-01)\n"},
        {
            "mkdocs.yml": f"{YAML}markdown_extensions: [extra]\n",
            f"docs/{OLD}": "# Vendors {#who data-toc-label='V'}\n",
        },
        {f"docs/{OLD}": "# 2026-01-01 \u2013 Vendors\n"},
        {f"docs/{OLD}": "# Vendors, 1 January 2026\n"},
        {f"docs/{OLD}": "# Feature: Vendors\n"},
        {f"docs/{OLD}": "# Plan: vendors\n"},
        {f"docs/{OLD}": "# Feature plan \u2014 Vendors (2026-01-01)\n"},
        {f"docs/{OLD}": "# VENDORS\n"},
        {f"docs/{OLD}": "# vendors\n"},
        {f"docs/{OLD}": "# [Feature] Vendors \U0001f4b3\n"},
        {f"docs/{OLD}": "# Vendors - feature plan\n"},
        {f"docs/{OLD}": "# Vendors (plan)\n"},
        {f"docs/{OLD}": "# Vendors plan\n"},
        {f"docs/{OLD}": "# Vendors: design and plan\n"},
        {f"docs/{OLD}": "# [ABC-12] Vendors\n"},
        {f"docs/{OLD}": "# ABC-12: Vendors\n"},
        {f"docs/{OLD}": "# Design doc: Vendors {#top}\n"},
        {f"docs/{OLD}": "# 1. Vendors\n"},
        {"mkdocs.yml": YAML.replace("Vendors:", '"Plan: Vendors":')},
        {"mkdocs.yml": without(YAML, "Roadmap") + "INHERIT: gone.yml\n"},
        {
            "mkdocs.yml": "INHERIT: base/mk.yml\ndocs_dir: docs\n",
            "base/mk.yml": YAML + "docs_dir: no\n",
        },
        {"mkdocs.yml": "docs_dir: ../elsewhere\nnav: [x.md]\n"},
        {"mkdocs.yml": "docs_dir: made/by/a/script\nnav: [x.md]\n"},
        {"mkdocs.yml": None, "zensical.toml": TOML},
        {"mkdocs.yml": None, "zensical.toml": TOML.replace("[project]\n", "")},
        {"mkdocs.yml": None},
        {"mkdocs.yml": YAML + "x: !ENV [A, b]\ny: !!python/name:a.b\nz: &a 1\nw: *a\n"},
        {"mkdocs.yml": YAML + "  - Link: linked/a.md\n", "docs/linked": "../elsewhere\n"},
    ],
)
def test_left_alone(files: dict[str, str | None], project: Project, run: Run) -> None:
    project.lay({**PAGES, "mkdocs.yml": YAML, **files})
    assert run(ID)[0::2] == (0, ""), run(ID)[1]


def test_sections_can_be_set(project: Project, run: Run) -> None:
    project.lay({**PAGES, "mkdocs.yml": YAML.replace("Accounting Features", "Features")})
    for value in ("['Features']", "[]"):
        table = f"[tool.definition-of-done]\nnav-sections = {value}\n"
        project.lay({"pyproject.toml": table})
        assert run(ID)[0] == 0, value


@pytest.mark.parametrize(
    ("name", "nav", "line"),
    [
        ("mkdocs.yml", YAML, f"      - Credits: {NEW}\n"),
        ("zensical.toml", TOML, f'    {{ "Credits" = "{NEW}" }}\n'),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_fix_adds_the_line(
    name: str, nav: str, line: str, newline: str, project: Project, run: Run
) -> None:
    broken = without(nav, "Credits").replace("\n", newline)
    project.lay({**PAGES, name: broken})
    assert run(ID, "--fix")[0] == 1
    fixed = (project.root / name).read_bytes().decode()
    # The entry of a TOML array that already ends with a comma keeps its form.
    expected = nav.replace(line, line[:-1] + ",\n") if name.endswith("toml") else nav
    assert fixed == expected.replace("\n", newline)
    assert run(ID, "--fix") == (0, run(ID)[1], "")


def test_fix_keeps_the_order(project: Project, run: Run) -> None:
    names = [f"feature/2026-0{month}-01-x.md" for month in range(1, 7)]
    pages = {f"docs/{name}": f"# Page {at}\n" for at, name in enumerate(names)}
    for backwards in (False, True):
        entries = [f"    - Page {at}: {name}\n" for at, name in enumerate(names)]
        entries = entries[::-1] if backwards else entries
        whole = f"nav:\n  - PAC:\n{''.join(entries)}"
        for at in range(6):
            broken = whole.replace(entries[at], "")
            project.lay({**pages, "mkdocs.yml": broken})
            assert run(ID, "--fix")[0] == 1
            assert (project.root / "mkdocs.yml").read_text() == whole


def test_fix_of_a_long_nav_takes_rounds(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each edit of it costs to read it again; some are made in any case."""
    names = [f"feature/2026-0{month}-01-x.md" for month in range(1, 6)]
    nav = f"nav:\n  - PAC:\n      - Page 1: {names[0]}\n"
    project.lay({f"docs/{name}": f"# Page {at}\n" for at, name in enumerate(names, 1)})
    project.lay({"mkdocs.yml": nav})
    for left, edited in ((0, 1), (2 * len(nav) - 1, 1), (2 * len(nav), 2), (3 * len(nav), 3)):
        monkeypatch.setattr(nav_facts, "_EDITS", left)
        lines = run(ID)[1].splitlines()
        ends = ["or run with --fix"] * edited
        ends += ["--fix cannot: it adds more entries once these are added"] * (4 - edited)
        assert [line.rpartition("PAC")[2][2:] for line in lines[1::2]] == ends, left


@pytest.mark.parametrize("value", ["['Accounting Features']", "[]"])
def test_fix_passes_over_what_stands_elsewhere(value: str, project: Project, run: Run) -> None:
    other = "feature/2026-01-02-other.md"
    strayed = f"  - Other: {other}\n"
    if value != "[]":
        strayed = f"  - Elsewhere:\n      - Other: {other}\n"
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nnav-sections = {value}\n"})
    nav = YAML + strayed
    project.lay({**PAGES, f"docs/{other}": "# Other\n", "mkdocs.yml": without(nav, "Credits")})
    assert run(ID, "--fix")[0] == 1
    assert (project.root / "mkdocs.yml").read_text() == nav


def test_fix_of_titles(project: Project, run: Run) -> None:
    titles = {OLD: "# It's: `x` # y #\n", NEW: "# *2026*\n"}
    project.lay({**PAGES, **{f"docs/{path}": text for path, text in titles.items()}})
    nav = YAML.replace("Credits: ", "").replace("Vendors", "'Vendors'")
    project.lay({"mkdocs.yml": nav})
    assert run(ID, "--fix")[0] == 1
    assert (project.root / "mkdocs.yml").read_text() == nav.replace(
        "'Vendors'", '"It\'s: x # y"'
    ).replace(f"- {NEW}", f'- "2026": {NEW}')
    assert run(ID)[0] == 0


def test_changelog_pages(project: Project, run: Run) -> None:
    versions = {f"docs/changelog/1.{minor}.0.md": f"# 1.{minor}.0\n" for minor in range(3)}
    nav = "nav:\n  - Changelog:\n      - 1.2.0: changelog/1.2.0.md\n"
    other = nav + "      - 1.1.0: changelog/1.1.0.md\n      - 1.0.0: changelog/1.0.0.md\n"
    project.lay({**versions, "app/version.py": "__version__ = '1.2.0'\n"})
    project.lay({"mkdocs.yml": other.replace("      - 1.1.0: changelog/1.1.0.md\n", "")})
    assert run(ID, "--fix")[0] == 1
    assert (project.root / "mkdocs.yml").read_text() == other
    project.lay(
        {"mkdocs.yml": "nav:\n  - Home: changelog/1.2.0.md\n", "docs/changelog/1.0.0.md": None}
    )
    assert run(ID)[1] == (
        f"mkdocs.yml:1:1: {ID}: the nav has no entry for changelog/1.1.0.md\n"
        '    help: add "<title>: changelog/1.1.0.md";'
        " --fix cannot: it finds no entry to put it beside\n"
        "1 finding in 1 file\n"
    )
    project.lay(versions)
    # Of the present version's page version-sync speaks, and it alone.
    project.lay({"mkdocs.yml": other.replace("      - 1.2.0: changelog/1.2.0.md\n", "")})
    assert run(ID)[0] == 0
    assert "the nav has no entry for changelog/1.2.0.md" in run("version-sync")[1]
    project.lay({"pyproject.toml": "[tool.definition-of-done]\nignore = ['version-sync']\n"})
    said = "the nav has no entry for changelog/1.2.0.md"
    assert said in run(ID)[1]
    for select, is_said in (([ID], True), ([ID, "version-sync"], False)):
        project.lay({"pyproject.toml": f"[tool.definition-of-done]\nselect = {select}\n"})
        assert (said in run(ID)[1]) == is_said, select
    # Nor does it speak where it cannot read the version.
    project.lay({"pyproject.toml": "", "app/version.py": "__version__ =\n"})
    assert "app/version.py:1:14: unreadable: not Python: " in run("version-sync")[1]
    assert said in run(ID)[1]


def test_runs_when_the_site_changes(project: Project, run: Run) -> None:
    project.lay({**PAGES, "mkdocs.yml": YAML + "  - Gone: gone.md\n"})
    project.git("commit", "-qm", "broken")
    for path, concerned in {"README.md": False, "app/x.py": False, "docs/a.png": True}.items():
        project.lay({path: "x"})
        assert (run(ID)[0] == 1) == concerned, path
        project.git("commit", "-qm", "another")
    # Where the pages are kept cannot be read: any change may concern it.
    project.lay({"mkdocs.yml": "docs_dir: pages\nnav:\n  - {\n"})
    project.git("commit", "-qm", "unreadable")
    project.lay({"README.md": "y"})
    assert run(ID)[1].startswith("mkdocs.yml:4:1: unreadable: not YAML: ")
    project.lay({"mkdocs.yml": YAML})
    project.git("commit", "-qm", "mended")
    project.git("rm", "-q", "docs/roadmap.md")
    assert "the nav names roadmap.md, but docs has no such file" in run(ID)[1]


TITLES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1
)


@given(TITLES, st.sampled_from(["mkdocs.yml", "zensical.toml"]))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_title_reads_back(title: str, path: str) -> None:
    text = Text(path, YAML if path.endswith("yml") else TOML)
    nav = read_part(text)[1]
    assert nav is not None
    edits = added(nav, title, "feature/x.md", nav.entries[2], after=True)
    again = read_part(Text(path, splice(text, edits)))[1]
    if edits:
        assert again is not None
        assert [entry.title for entry in again.entries if entry.target == "feature/x.md"] == [title]
    else:
        assert not title.isprintable()
