"""The changelog page that the examples of this family are made of."""

PATH = "docs/changelog/1.2.0.md"
_PAGE = """\
# 1.2.0

## Highlights

- Vendor credits can be recorded and applied to a bill.

## Added

- [Vendor credits](../feature/2026-05-24-vendor-credits.md)

## Changed

None

## Fixed

None

## Migrations

- `add_vendor_credits`

## Frontend impact

The vendor page lists the open credits.

## Versioning notes

Bumped with `scripts/bump_version.py minor`; deploy the API before the frontend.
"""


def page(old: str = "", new: str = "") -> dict[str, str]:
    """The page with one part replaced."""
    return {PATH: _PAGE.replace(old, new) if old else _PAGE}


def released(*revisions: str) -> dict[str, str]:
    """The page with other revisions."""
    return page("- `add_vendor_credits`", "\n".join(f"- `{one}`" for one in revisions))


def versions(pyproject: str = "1.2.0") -> dict[str, str]:
    """Two of the places that name the version, one of them with another."""
    return {
        "app/version.py": '__version__ = "1.2.0"\n',
        "pyproject.toml": f'[project]\nname = "sample-backend"\nversion = "{pyproject}"\n',
    }


def release(version: str) -> dict[str, str | None]:
    """A release on top of the sample's last one that links to the same feature."""
    # Its module has this one's page in its own examples.
    from definition_of_done.pages._examples import PATH as PLAN
    from definition_of_done.pages._examples import nav

    entry = "      - {0}: changelog/{0}.md\n"
    last = entry.format("1.2.0")
    site = str(nav(PLAN)["mkdocs.yml"])
    return {
        **versions(version),
        "app/version.py": f'__version__ = "{version}"\n',
        f"docs/changelog/{version}.md": _PAGE.replace("1.2.0", version).replace(
            "- `add_vendor_credits`", "None"
        ),
        "mkdocs.yml": site.replace(last, entry.format(version) + last),
    }
