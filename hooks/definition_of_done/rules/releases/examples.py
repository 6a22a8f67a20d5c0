"""The release that the examples of this family lay over the sample backend."""

from __future__ import annotations

from definition_of_done.rules.sample import CHANGELOG, PLAN, changelog_page, nav, versions


def release(version: str) -> dict[str, str | None]:
    """Write a release on top of the sample's last one, with a link to the same feature."""
    entry = "      - {0}: changelog/{0}.md\n"
    last = entry.format("1.2.0")
    site = str(nav(PLAN)["mkdocs.yml"])
    page = changelog_page()[CHANGELOG].replace("1.2.0", version)
    return {
        **versions(version),
        "app/version.py": f'__version__ = "{version}"\n',
        f"docs/changelog/{version}.md": page.replace("- `add_vendor_credits`", "None"),
        "mkdocs.yml": site.replace(last, entry.format(version) + last),
    }
