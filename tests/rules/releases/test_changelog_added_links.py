"""changelog-added-links: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE

from definition_of_done.rules.sample import CHANGELOG as PATH
from definition_of_done.rules.sample import changelog_page as page

ID = "changelog-added-links"
LINK = "[Vendor credits](../feature/2026-05-24-vendor-credits.md)"
FEATURES = {
    "docs/feature/2026-05-24-vendor-credits.md": "# Vendor credits\n",
    "docs/feature/index.md": "# Features\n",
}
NONE, ADVICE = "links to no feature page", "link it to its page among the feature pages"


@pytest.mark.parametrize(
    ("added", "place", "message"),
    [
        ("- Vendor credits", "9:1", f"'Vendor credits' {NONE}"),
        (f"- {LINK}\n* Refunds\n  in cash", "10:1", f"'Refunds in cash' {NONE}"),
        (f"- {'long ' * 20}", "9:1", f"'{'long ' * 11}lo...' {NONE}"),
        (f"- {'x' * 60}", "9:1", f"'{'x' * 60}' {NONE}"),
        (f"- {'x' * 61}", "9:1", f"'{'x' * 57}...' {NONE}"),
        ("- Credits: [page](../feature/index.md)", "9:1", f"'Credits: page' {NONE}"),
        ("- [x](https://example.com/feature/2026-05-24-vendor-credits.md)", "9:1", f"'x' {NONE}"),
        ("- [x](#highlights)", "9:1", f"'x' {NONE}"),
        ("- ![x](../feature/2026-05-24-vendor-credits.md)", "9:1", f"'x' {NONE}"),
        (f"- Purchasing\n  - {LINK}\n  - Refunds", "11:3", f"'Refunds' {NONE}"),
        (f"### Purchasing\n\n- {LINK}\n- Refunds", "12:1", f"'Refunds' {NONE}"),
        (
            "- [Credits](../feature/2026-05-24-vendor-credit.md)",
            "9:1",
            "'Credits' links to docs/feature/2026-05-24-vendor-credit.md, which is not tracked;"
            " did you mean 'docs/feature/2026-05-24-vendor-credits.md'?",
        ),
    ],
)
def test_finding(added: str, place: str, message: str, project: Project, run: Run) -> None:
    project.lay({**page(f"- {LINK}", added), **FEATURES})
    assert run(ID) == (
        1,
        f"{PATH}:{place}: {ID}: {message}\n    help: {ADVICE}\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    "added",
    [
        f"- {LINK}",
        "None",
        "### Purchasing\n\n- None",
        "Much is new.",
        f"- **Purchasing**\n  - {LINK}: new",
        f"- {LINK}\n  - can be recorded\n  - can be deleted",
        "- Credits, see [page][1]\n\n[1]: ../feature/2026-05-24-vendor-credits.md#problem",
        "- [Credits](/feature/2026-05-24-vendor-credits.md?x)",
        "- [Credits](/feature/2026-05-24-vendor-credits/)",
        "- [Credits](./../feature/2026-05-24-vendor%2Dcredits.md)",
        "- Credits\n\n  [page](<../feature/2026-05-24-vendor-credits.md>)",
    ],
)
def test_left_alone(added: str, project: Project, run: Run) -> None:
    project.lay({**page(f"- {LINK}", added), **FEATURES})
    assert run(ID) == (0, "no findings (1 file judged)\n", "")


def test_a_feature_page_that_goes(project: Project, run: Run) -> None:
    project.lay({**page(), **FEATURES})
    project.git("commit", "-qm", "x")
    project.git("rm", "-q", *FEATURES)
    assert "vendor-credits.md, which is not tracked\n" in run(ID)[1]


def test_a_page_that_git_does_not_track(project: Project, run: Run) -> None:
    project.lay(page())
    project.lay(FEATURES, add=False)
    assert run(ID)[0] == 1


def test_every_page_is_judged_and_a_team_may_keep_none(project: Project, run: Run) -> None:
    old = {PATH.replace("1.2.0", "1.1.0"): page(f"- {LINK}", "- Vendors")[PATH]}
    project.lay({**page(), **old, **FEATURES})
    assert run(ID)[1].startswith("docs/changelog/1.1.0.md:9:1: ")
    project.lay({"pyproject.toml": "[tool.definition-of-done]\nfeatures = ''\n"})
    assert run(ID)[0] == 0


FIX = "docs/feature/2026-06-01-trimmed-names.md"
REVISION = "alembic/versions/20260601_trim_names.py"
LOG = "docs/changelog/1.2.1.md"


@pytest.mark.parametrize(
    ("section", "table", "is_told"),
    [("Fixed", "", False), ("Changed", "", True), ("Fixed", "op.create_table('t')", True)],
)
def test_a_fix_may_need_a_migration(
    section: str, table: str, is_told: bool, sample: Project, run: Run
) -> None:
    deltas = f"- [trim_names](https://example.com/sample/blob/main/{REVISION})"
    text = SAMPLE[PATH].replace("1.2.0", "1.2.1").replace("add_vendor_credits", "trim_names")
    text = text.replace(f"- {LINK}", "None")
    text = text.replace(f"{section}\n\nNone", f"{section}\n\n- [Names](../feature/{FIX[13:]})")
    old = SAMPLE["alembic/versions/20260524_add_vendor_credits.py"]
    head = old.partition("def upgrade")[0].replace("add_vendor_credits", "trim_names")
    body = (
        f"def upgrade():\n    op.execute('UPDATE vendors SET title = trim(title)')\n    {table}\n"
    )
    model = "class T(Base):\n    __tablename__ = 't'\n    id = Column(Integer)\n" if table else ""
    page = f"# Trimmed names\n\n## What's being implemented\n\n{deltas}\n"
    sample.lay({FIX: page, LOG: text, REVISION: head + body, "app/t.py": f"X = 1\n{model}"})
    message = f"{FIX} does not stand under Added, and the branch brings what it plans"
    assert (f": {ID}: {message}\n" in run(ID)[1]) is is_told
