"""docs-links-resolve on Markdown outside of a site, as a forge resolves links."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run

from definition_of_done.engine.finding import BASELINE_FILE

ID = "docs-links-resolve"
PAGES = {
    "README.md": "# Shop\n",
    "docs/guide.md": "# Guide\n\n## First steps\n\n## First steps\n\n## What's `new`?\n",
    "docs/img/plan.png": "",
    "src/app.py": "x = 1\n",
}


def finding(place: str, message: str, help: str) -> tuple[int, str, str]:
    return 1, f"{place}: {ID}: {message}\n    help: {help}\n1 finding in 1 file\n", ""


@pytest.mark.parametrize(
    ("page", "body", "place", "message", "help"),
    [
        (
            "README.md",
            "See [it](docs/giude.md).",
            "1:5",
            "link to docs/giude.md: there is no docs/giude.md",
            "write it, or link to another page",
        ),
        (
            "README.md",
            "![it](plan.png)",
            "1:1",
            "image to plan.png: there is no plan.png",
            "did you mean docs/img/plan.png?",
        ),
        (
            "docs/page.md",
            "> [it][ref]\n\n[ref]: ../src/apps.py",
            "1:3",
            "link to ../src/apps.py: there is no src/apps.py",
            "write it, or link to another page",
        ),
        (
            "docs/page.md",
            "[it](/guide.md)",
            "1:1",
            "link to /guide.md: there is no guide.md",
            "did you mean guide.md?",
        ),
        (
            "docs/page.md",
            "[it](guide.md#first-steps-2)",
            "1:1",
            "link to guide.md#first-steps-2: docs/guide.md has no #first-steps-2",
            "did you mean #first-steps-1?",
        ),
        (
            "docs/page.md",
            "# A page\n\n[it](#a-pge)",
            "3:1",
            "link to #a-pge: docs/page.md has no #a-pge",
            "did you mean #a-page?",
        ),
        (
            "deep/in/CONTRIBUTING.md",
            "[it](../LICENSE)",
            "1:1",
            "link to ../LICENSE: there is no deep/LICENSE",
            "write it, or link to another page",
        ),
    ],
)
def test_found(
    page: str, body: str, place: str, message: str, help: str, project: Project, run: Run
) -> None:
    project.lay({**PAGES, page: f"{body}\n"})
    assert run(ID) == finding(f"{page}:{place}", message, help)


def test_what_git_does_not_track(project: Project, run: Run) -> None:
    project.lay(
        {**PAGES, "README.md": "[it](new.md) [made](site/api.md)\n", ".gitignore": "site\n"}
    )
    project.lay({"new.md": "# New\n"}, add=False)
    message = "link to new.md: git does not track new.md"
    assert run(ID) == finding("README.md:1:1", message, "git add it")


@pytest.mark.parametrize(
    "body",
    [
        "[a](docs/guide.md) [b](./docs/guide.md#first-steps) [c](docs/guide.md#first-steps-1)",
        "[a](docs/guide.md#whats-new) [b](docs/guide.md#First-Steps) [c](docs) [d](docs/) [e](.)",
        "[a](/docs/guide.md) [b](src/app.py#L1) [c](src/app.py#L1-L3) [d](docs/guide.md#L3)",
        "[a](docs/guide.md?plain=1#L2) [b](docs/img/plan.png?raw=true) ![c](docs/img/plan%2Epng)",
        "[a](../../issues) [b](../../wiki/Home) [c](../other/README.md) [d](#top) [e](#readme)",
        "[a](https://x.y/no.md) [b](//x.y/no.md) [c](mailto:a@b.c) <a@b.c> [d](tel:1)",
        "[a]({{ url }}) [b]({% x %}) [c](<name>.md) [d](docs/*.md) [e](path/to/...)",
        "[a](docs/guide) [b](/v3/develop) [c](docs/guide#first-steps)",
        "`[a](no.md)`\n\n    [b](no.md)\n\n```\n[c](no.md)\n```\n\n<!-- [d](no.md) -->",
        "Yes[^1], [ ] and [x].\n\n[^1]: Not a page.\n\n[^2]: [a](docs/guide.md)",
        '<a name="Here"></a>\n\n[a](#here) [b](#user-content-here)',
        '<h2 align="center">So <b>it</b> is</h2>\n\n[c](#so-it-is)',
        "# \U0001f680 Start\n\n## :rocket: Go\n\n[a](#-start) [b](#rocket-go)",
        "# A_b - c\n\n[a](#a_b---c)",
        "# \xdcber *uns*\n\n## [x](docs) y\n\n[a](#\xfcber-uns) [b](#%C3%BCber-uns) [c](#x-y)",
        "# A\n\n[a](#fn-1) ![b](docs/img/plan.png#gh-dark-mode-only) [c](#:~:text=x)",
        "# A\n\n{{ more }}\n\n[a](#anything)",
        "[1.2.0]: https://github.com/a/b/compare/v1.1.0...v1.2.0\n\n## [1.2.0] - 2026-05-24",
    ],
)  # fmt: skip
def test_left_alone(body: str, project: Project, run: Run) -> None:
    project.lay({**PAGES, "README.md": f"{body}\n"})
    assert run(ID) == (0, run(ID)[1], "")
    assert run(ID)[1].startswith("no findings")


@pytest.mark.parametrize(
    "path",
    [
        "tests/data/page.md",
        "node_modules/x/README.md",
        "vendor/x/README.md",
        ".claude/skills/x.md",
        ".github/PULL_REQUEST_TEMPLATE.md",
        ".github/ISSUE_TEMPLATE/bug.md",
        "cookie/{{name}}/README.md",
        "app/templates/mail.md",
        "lib/testdata/page.md",
        "notes.txt",
    ],
)
def test_pages_of_others(path: str, project: Project, run: Run) -> None:
    project.lay({**PAGES, path: "[a](no.md)\n"})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    ("files", "page", "said"),
    [
        ({"website/docusaurus.config.js": ""}, "website/docs/a.md", "Docusaurus"),
        ({"website/docusaurus.config.ts": "path: '../docs'"}, "docs/a.md", "Docusaurus"),
        ({"docusaurus.config.ts": ""}, "docs/a.md", "Docusaurus"),
        ({"docs/docs.json": '{"navigation": []}'}, "docs/a.md", "Mintlify"),
        ({"docs/mint.json": '{"navigation": []}'}, "docs/sub/a.md", "Mintlify"),
        ({"docs/conf.py": "extensions = []\n"}, "docs/a.md", "Sphinx"),
        ({"docs/source/conf.py": "extensions = []\n"}, "docs/source/a.md", "Sphinx"),
        ({"hugo.toml": ""}, "content/a.md", "Hugo"),
        ({"docs/.vitepress/config.mts": ""}, "docs/a.md", "VitePress"),
        ({"docs/_config.yml": ""}, "docs/a.md", "Jekyll"),
        ({"_config.yml": ""}, "pages/a.md", "Jekyll"),
        ({"book/book.toml": ""}, "book/src/a.md", "mdBook"),
        ({"book.toml": '[book]\nsrc = "docs"\n'}, "docs/a.md", "mdBook"),
        ({"book.toml": "[book]\nsrc='./docs/en/'"}, "docs/en/a.md", "mdBook"),
        ({"book.toml": '[book]\nsrc = "."\n'}, "chapters/a.md", "mdBook"),
        ({"hugo.yaml": "contentDir: docs\n"}, "docs/a.md", "Hugo"),
        ({"docusaurus.config.js": "docs: { path: 'guides' },\n"}, "guides/a.md", "Docusaurus"),
        ({"astro.config.mjs": "srcDir: './docs',\n"}, "docs/a.md", "Astro"),
        ({"site/astro.config.mjs": ""}, "site/src/content/a.md", "Astro"),
        ({"user/mkdocs-user.yml": ""}, "user/docs/a.md", "MkDocs"),
    ],
)
def test_an_unknown_site_is_named(
    files: dict[str, str], page: str, said: str, project: Project, run: Run
) -> None:
    project.lay(
        {**PAGES, **files, page: "[a](no-such-page)\n[b](no.md)\n", "README.md": "[c](d.md)\n"}
    )
    (config,) = files
    reason = f"how links resolve is not known: {config} is a site of {said}"
    code, out, err = run(ID)
    # The README is judged all the same.
    assert code == 1
    assert out.count(f": {ID}: ") == 1
    assert "README.md:1:1" in out
    assert f"{ID}: not evaluated: {reason}\n" in out + err
    project.git("commit", "-qm", "x")
    project.lay({"README.md": "# Shop\n"})
    code, out, err = run(ID)
    assert (code, "not evaluated" in out + err) == (0, False)


def test_a_page_that_cannot_be_read(project: Project, run: Run) -> None:
    bad: Files = {
        "OLD.md": "[a](README.md) \xfc\n".encode("latin-1"),
        "docs/big.md": "[b](c) " * 180_000,
    }
    project.lay({**PAGES, **bad, "README.md": "[a](OLD.md#x) [b](no.md)\n"})
    code, out, err = run(ID)
    assert code == 1
    assert f"README.md:1:15: {ID}: link to no.md: " in out
    assert "not evaluated: how links resolve is not known: OLD.md: not utf-8" in out + err


def test_odd_targets_are_read(project: Project, run: Run) -> None:
    odd = ["a%00b.md", "%FF.md", "x" * 300 + ".md", "a%0Ab.md", ":(top).md", "-x.md", "%5B.md"]
    project.lay({**PAGES, "README.md": "".join(f"[a]({href})\n" for href in odd)})
    code, out, _ = run(ID)
    assert (code, out.count(f": {ID}: ")) == (1, len(odd))


def test_what_is_no_site(project: Project, run: Run) -> None:
    files = {"docs/docs.json": "{}", "docs/conf.py": "x = 1\n", "docs/config.toml": ""}
    project.lay({**PAGES, **files, "docs/a.md": "[a](b.md)\n"})
    assert run(ID)[1].startswith(f"docs/a.md:1:1: {ID}: link to b.md: there is no docs/b.md\n")


def test_a_commit_is_judged_by_what_it_changes(project: Project, run: Run) -> None:
    """Old pages stay as they are, until they change or lose what they link to."""
    old = {"OLD.md": "[a](no.md)\n", "docs/old.md": "[b](guide.md)\n"}
    project.lay({**PAGES, **old})
    project.git("commit", "-qm", "x")
    project.lay({"README.md": "# Shop, again\n"})
    assert run(ID)[0] == 0
    project.lay({"docs/guide.md": None, "docs/manual.md": "# Guide\n"})
    message = "link to guide.md: there is no docs/guide.md"
    assert run(ID) == finding("docs/old.md:1:1", message, "write it, or link to another page")
    project.git("commit", "-qm", "y")
    # On main, with nothing staged, all pages are judged.
    out = run(ID)[1]
    assert [line.split(":")[0] for line in out.splitlines() if f": {ID}: " in line] == [
        "OLD.md",
        "docs/old.md",
    ]


def test_a_baseline_on_a_branch(project: Project, run: Run) -> None:
    """What is accepted on pages that the branch leaves alone is still there."""
    old = {"README.md": "[x](gone.md)\n", "a/README.md": "[y](lost.md)\n", "app.py": ""}
    project.lay({**old, "pyproject.toml": "[tool.definition-of-done]\nselect = ['docs']\n"})
    project.git("commit", "-qm", "old")
    assert run("definition-of-done", "baseline")[0] == 0
    project.git("add", "--all")
    project.git("commit", "-qm", "baseline")
    project.git("checkout", "-qb", "feature")
    project.lay({"guide.md": "[x](README.md)\n"})
    project.git("commit", "-qm", "a page")
    assert run("definition-of-done", "check")[0] == 0
    # On the branch, the baseline takes in the same, and what is mended is told.
    accepted = (project.root / BASELINE_FILE).read_text()
    (project.root / BASELINE_FILE).unlink()
    assert run("definition-of-done", "check")[0] == 0
    assert run("definition-of-done", "baseline")[0] == 0
    assert (project.root / BASELINE_FILE).read_text() == accepted
    project.lay({"a/README.md": "[y](../README.md)\n"})
    project.git("commit", "-qm", "mended")
    code, out, _ = run("definition-of-done", "check")
    assert (code, out.count("a/README.md accepted for 'lost.md', 0 found\n")) == (1, 1)


def test_a_site_and_what_is_beside_it(project: Project, run: Run) -> None:
    site = {"mkdocs.yml": "site_name: x\n", "docs/index.md": "# Home\n\n[a](#home) [b](no.md)\n"}
    project.lay({**site, "README.md": "[c](docs/index.md) [d](docs/no.md)\n"})
    found = [line.partition(" link")[0] for line in run(ID)[1].splitlines() if f": {ID}: " in line]
    assert found == [f"README.md:1:20: {ID}:", f"docs/index.md:3:12: {ID}:"]
    project.git("commit", "-qm", "x")
    project.lay({"README.md": "[c](docs/index.md)\n"})
    # What the commit does not touch of the site stays.
    assert run(ID)[0] == 0


def test_without_a_site_by_the_settings(project: Project, run: Run) -> None:
    keys = {"pyproject.toml": "[tool.definition-of-done]\nmkdocs = ''\n"}
    project.lay({**PAGES, **keys, "docs/page.md": "[a](no.md)\n"})
    assert run(ID)[0] == 1


def test_in_a_folder_of_the_repository(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project below the top: what lies outside of it cannot be seen, and is not guessed."""
    body = "[a](../README.md) [b](/docs/x.md) [c](no.md)\n"
    project.lay({"api/pyproject.toml": "[tool.definition-of-done]\n", "api/README.md": body})
    monkeypatch.chdir(project.root / "api")
    assert run(ID)[1].startswith(f"README.md:1:35: {ID}: link to no.md: there is no no.md\n")
    assert run(ID)[1].count(f": {ID}: ") == 1
