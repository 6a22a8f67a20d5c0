"""Parts of the cases of chapters 6 and 7: the paths of both features, and edits of their pages."""

from __future__ import annotations

from tests.contract.worlds import GROWN, NEW, Edit, World, edited

PAGES = {
    NEW: "docs/feature/2026-05-24-vendor-credits.md",
    GROWN: "docs/feature/2026-07-01-approve-vendor-credits.md",
}
CHANGELOGS = {NEW: "docs/changelog/1.2.0.md", GROWN: "docs/changelog/1.3.0.md"}
_VERSIONS = {NEW: ("1.1.0", "1.2.0"), GROWN: ("1.2.0", "1.3.0")}
PYPROJECT = "pyproject.toml"
SETTINGS = "\n[tool.definition-of-done]\n"
CHANGED = "## Changed\n\nNone"
NOTES = "`scripts/bump_version.py minor`"
HIGHLIGHT = {
    NEW: "Credit notes of vendors can be recorded.",
    GROWN: "A second person approves a credit before it counts.",
}
ADDED = {
    NEW: "- [Vendor credits](../feature/2026-05-24-vendor-credits.md)",
    GROWN: "### Accounting\n\n- Credits wait for [approval](../feature/"
    "2026-07-01-approve-vendor-credits.md), and approvers are reminded once a week.",
}
LISTED = {
    NEW: "- `add_vendor_credits`\n- `scripts/backfill_new_path_permissions.py` after the deploy",
    GROWN: "1. `add_credit_approvals`\n2. `add_approved_on`\n"
    "3. `scripts/approve_old_credits.py` after the deploy",
}
FUTURE = {
    NEW: "- Applying a credit to a bill: waits for the payment run",
    GROWN: "- [Approval by amount](../roadmap/approval-by-amount.md): small credits wait for the"
    " limits that finance sets next year",
}


def unreleased(world: World) -> dict[str, Edit]:
    """Take the bump and the changelog entry out of a feature."""
    old, new = _VERSIONS[world]
    return {
        "app/version.py": (new, old),
        PYPROJECT: (f'version = "{new}"', f'version = "{old}"'),
        "mkdocs.yml": (f"      - {new}: changelog/{new}.md\n", ""),
        CHANGELOGS[world]: None,
    }


def released_as(world: World, version: str, *more: tuple[str, str]) -> dict[str, Edit]:
    """Release a feature under another version, with pieces of its changelog page replaced."""
    _, new = _VERSIONS[world]
    page = changelog_with(world, (f"# {new}", f"# {version}"), *more)
    return {
        "app/version.py": (new, version),
        PYPROJECT: (f'version = "{new}"', f'version = "{version}"'),
        "mkdocs.yml": (f"- {new}: changelog/{new}.md", f"- {version}: changelog/{version}.md"),
        CHANGELOGS[world]: None,
        f"docs/changelog/{version}.md": page,
    }


def changelog_with(world: World, *pieces: tuple[str, str]) -> str:
    """The text of a feature's changelog page with pieces replaced."""
    return str(edited(world.whole, changelog(world, *pieces))[CHANGELOGS[world]])


def changelog(world: World, *pieces: tuple[str, str]) -> dict[str, Edit]:
    """Replace pieces of a feature's changelog page."""
    return {CHANGELOGS[world]: list(pieces)}


def future(world: World, text: str) -> dict[str, Edit]:
    """Replace what a feature's page says under Future additions."""
    return {PAGES[world]: (FUTURE[world], text)}


def settings(world: World, lines: str) -> dict[str, Edit]:
    """Give the project settings, on top of its own pyproject.toml."""
    return {PYPROJECT: world.whole[PYPROJECT] + SETTINGS + lines + "\n"}
