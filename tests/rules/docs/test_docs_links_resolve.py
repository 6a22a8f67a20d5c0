"""docs-links-resolve: exact findings, and what it must leave alone; MkDocs is the oracle beside."""

from __future__ import annotations

import subprocess

import pytest
from tests.repository import Project, Run
from tests.snapshot import BIN, environment

ID = "docs-links-resolve"
CONFIG = "site_name: x\nrepo_url: https://example.com/x\n"
SITE = {
    "mkdocs.yml": CONFIG,
    "docs/index.md": "# Home\n",
    "docs/guide/index.md": "# Guide\n\n## First steps\n\n## First steps\n",
    "docs/guide/setup.md": "# Setup\n",
    "docs/img/plan.png": "",
    "app/models.py": "",
}


@pytest.mark.parametrize(
    ("body", "place", "message", "help"),
    [
        (
            "See [it](guide/steup.md).",
            "3:5",
            "link to guide/steup.md: there is no guide/steup.md",
            "did you mean guide/setup.md?",
        ),
        (
            "- a\n- b ![it](plan.png)",
            "4:5",
            "image to plan.png: there is no plan.png",
            "did you mean img/plan.png?",
        ),
        (
            "> [it][ref]\n\n[ref]: else/where.md",
            "3:3",
            "link to else/where.md: there is no else/where.md",
            "write it, or link to another page",
        ),
        (
            "[it](new.md)",
            "3:1",
            "link to new.md: git does not track new.md",
            "git add it",
        ),
        (
            "[it](../app/models.py#L3)",
            "3:1",
            "link to ../app/models.py#L3: it leads out of the site's folder",
            "link to app/models.py by the repository's URL",
        ),
        (
            "[it](../app)",
            "3:1",
            "link to ../app: it leads out of the site's folder",
            "link to app by the repository's URL",
        ),
        (
            "[it](guide/index.md#first-step)",
            "3:1",
            "link to guide/index.md#first-step: guide/index.md has no #first-step",
            "did you mean #first-steps?",
        ),
        (
            "[it](#nowhere)",
            "3:1",
            "link to #nowhere: page.md has no #nowhere",
            "name a heading of that page",
        ),
        (
            "[it](guide/setup)",
            "3:1",
            "link to guide/setup: it names no page",
            "did you mean guide/setup.md?",
        ),
        (
            "| a |\n|---|\n| x \\| [it](no.md) |",
            "5:8",
            "link to no.md: there is no no.md",
            "write it, or link to another page",
        ),
        (
            '!!! note\n\n    Über [it](no.md "T")',
            "5:10",
            "link to no.md: there is no no.md",
            "write it, or link to another page",
        ),
        (
            "[it](blog/no.md)",
            "3:1",
            "link to blog/no.md: there is no blog/no.md",
            "write it, or link to another page",
        ),
    ],
)
def test_finding(
    body: str, place: str, message: str, help: str, project: Project, run: Run
) -> None:
    project.lay({**SITE, "docs/page.md": f"# Page\n\n{body}\n"})
    project.lay({"docs/new.md": "# New\n"}, add=False)
    assert run(ID) == (
        1,
        f"docs/page.md:{place}: {ID}: {message}\n    help: {help}\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    ("body", "config"),
    [
        ("[x](guide/)", "use_directory_urls: false\n"),
        ("[x](../guide/) [y](../guide/setup/) [z](..) [z](./)", ""),
        ("[x](api/) [y](../../other-site/) [z](../CHANGES)", ""),
        ("[x](guide/setup)", "validation: {unrecognized_links: info}\n"),
        ("[x](#no) [y](guide/setup.md#no)", "validation: {links: {anchors: ignore}}\n"),
        ("[x](no.md)", "validation:\n  links:\n    not_found: info\n"),
        ("[x](no.md)", "plugins: [search, gen-files]\n"),
        ("[x](blog/archive/2024.md)", "plugins: [material/blog]\n"),
        ("[x]({{ base }}/no.md) [y]({% x %})", "plugins: [macros]\n"),
        ("{{ made() }}\n\n[x](#no)", "plugins: [macros]\n"),
        ("::: app.models\n\n[x](#app.models.Vendor)", "plugins: [mkdocstrings]\n"),
        ("[x](#no)", "plugins: [table-reader]\n"),
        ("[x](#no)", "hooks: [writes.py]\n"),
        ("[x](#no)", "hooks: [sources.py]\n"),
        ('--8<-- "x.md"\n\n[x](#no)', "markdown_extensions: [pymdownx.snippets]\n"),
        (
            "[x](#no)",
            "markdown_extensions:\n  - toc:\n      slugify: !!python/name:team.slugs.slugify\n",
        ),
        (
            "## Über Größe\n\n[x](#Über-Größe)",
            "markdown_extensions:\n  - toc:\n"
            "      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: none}}\n",
        ),
        (
            "## A b\n\n[x](#a_b)",
            "markdown_extensions:\n  - toc:\n      separator: _\n",
        ),
        ("[x](img/favicon.ico) [y](extra.js)", "theme: {custom_dir: overrides}\n"),
        ("[x](linked/a.md)", ""),
        ("[x](http://[no) [y](C:/a.md) [z](tel:1)", ""),
        ("[x](no.md)", "INHERIT: gone.yml\n"),
    ],
)
def test_left_alone(body: str, config: str, project: Project, run: Run) -> None:
    project.lay({**SITE, "docs/page.md": f"# Page\n\n{body}\n", "mkdocs.yml": CONFIG + config})
    project.lay({"docs/linked": "x", "overrides/extra.js": "", "overrides/x.html": ""})
    project.lay(
        {"writes.py": "def on_page_markdown(): 1\n", "sources.py": "def on_page_read_source(): 1\n"}
    )
    assert run(ID)[0::2] == (0, ""), run(ID)[1]


def test_plugins_and_hooks_that_add_no_text(project: Project, run: Run) -> None:
    config = CONFIG + "plugins: [search]\nhooks: [h.py]\n"
    project.lay({**SITE, "docs/page.md": "[x](#no)\n", "mkdocs.yml": config})
    project.lay({"h.py": "def on_post_build(): 1\n"})
    assert run(ID)[1].startswith(f"docs/page.md:1:1: {ID}: link to #no: page.md has no #no\n")


def test_a_page_that_is_deleted_from_the_work_tree_alone(project: Project, run: Run) -> None:
    body = "[x](guide/setup.md#no) [y](#no)\n"
    project.lay({**SITE, "docs/page.md": body})
    (project.root / "docs/guide/setup.md").unlink()
    assert run(ID) == (
        1,
        f"docs/page.md:1:24: {ID}: link to #no: page.md has no #no\n"
        "    help: name a heading of that page\n1 finding in 1 file\n",
        "",
    )


def test_what_is_made_before_the_build_is_left_alone(project: Project, run: Run) -> None:
    body = "[x](made/cli.md#a) ![y](made/a.png)\n"
    config = CONFIG + "nav: [page.md, made/cli.md, gone.md]\n"
    project.lay({**SITE, "docs/page.md": body, "mkdocs.yml": config})
    assert (run(ID)[0], run("mkdocs-nav-entry")[1].count(" the nav names ")) == (1, 2)
    project.lay({".gitignore": "/docs/made/\n"})
    assert run(ID)[0] == 0
    assert run("mkdocs-nav-entry")[1] == (
        "mkdocs.yml:3:29: mkdocs-nav-entry: the nav names gone.md, but docs has no such file\n"
        "    help: write the page, or remove the entry\n1 finding in 1 file\n"
    )


def test_unreadable_page(project: Project, run: Run) -> None:
    project.lay({**SITE, "docs/page.md": b"[x](a.md)\n\xff\n"})
    assert run(ID)[1].startswith("docs/page.md:2:1: unreadable: not utf-8 text: byte 0xff\n")


def test_suppressed_in_place(project: Project, run: Run) -> None:
    reason = f"[x](no.md) <!-- dod: ignore[{ID}] made by the deploy -->\n"
    project.lay({**SITE, "docs/page.md": reason})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    ("setting", "folder"), [("docs_dir: pages\n", "pages"), ("site_name: x\n", "docs")]
)
def test_pages_elsewhere(setting: str, folder: str, project: Project, run: Run) -> None:
    config = {"site/mkdocs.yml": setting, f"site/{folder}/a.md": "[x](no.md)\n"}
    project.lay(
        {**config, "pyproject.toml": "[tool.definition-of-done]\nmkdocs = 'site/mkdocs.yml'"}
    )
    found = f"site/{folder}/a.md:1:1: {ID}: link to no.md: there is no no.md\n"
    assert run(ID)[1].startswith(found)
    project.git("commit", "-qm", "all")
    for path, concerned in {"docs/a.md": False, f"site/{folder}/b.png": True}.items():
        project.lay({path: ""})
        assert (run(ID)[0] == 1) == concerned, path
        project.git("commit", "-qm", "another")


def test_commits(project: Project) -> None:
    """Real commits: a page that others link to is renamed, then the links follow, then it goes."""
    hook = project.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{BIN}/{ID} && {BIN}/mkdocs-nav-entry\n")
    hook.chmod(0o755)

    def commit() -> tuple[int, str]:
        run = subprocess.run(
            ["git", "commit", "-m", "x"],
            cwd=project.root,
            env=environment(),
            capture_output=True,
            text=True,
        )
        return run.returncode, run.stdout + run.stderr

    nav = "nav:\n  - index.md\n  - page.md\n  - Guide: [guide/index.md, guide/setup.md]\n"
    project.lay({**SITE, "mkdocs.yml": CONFIG + nav})
    project.lay({"docs/page.md": "[x](guide/setup.md#setup)\n"})
    assert commit()[0] == 0
    project.git("mv", "docs/guide/setup.md", "docs/guide/install.md")
    code, out = commit()
    assert code == 1
    assert "docs/page.md:1:1: docs-links-resolve: link to guide/setup.md#setup: there is no" in out
    project.lay({"docs/page.md": "[x](guide/install.md#setup)\n"})
    code, out = commit()
    assert code == 1
    assert "the nav names guide/setup.md, but docs has no such file" in out
    project.lay({"mkdocs.yml": CONFIG + nav.replace("setup", "install")})
    assert commit()[0] == 0
    project.lay({"docs/guide/install.md": "# Install\n"})
    code, out = commit()
    assert code == 1
    assert "guide/install.md has no #setup\n" in out
    project.git("reset", "-q", "--hard")
    project.git("rm", "-q", "docs/img/plan.png")
    assert commit()[0] == 0
    project.git("rm", "-q", "docs/guide/install.md")
    code, out = commit()
    assert code == 1
    assert "link to guide/install.md#setup: there is no guide/install.md" in out
