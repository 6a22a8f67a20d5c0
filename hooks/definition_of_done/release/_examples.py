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
    features = (
        ("Vendors", "2026-04-10-vendors"),
        ("Vendor credits", "2026-05-24-vendor-credits"),
        ("Credit limit", "2026-06-01-credit-limit"),
    )
    entries = "".join(f"      - {title}: feature/{name}.md\n" for title, name in features)
    pages = "".join(f"      - {one}: changelog/{one}.md\n" for one in (version, "1.2.0", "1.1.0"))
    text = _PAGE.replace("1.2.0", version).replace("- `add_vendor_credits`", "None")
    return {
        **versions(version),
        "app/version.py": f'__version__ = "{version}"\n',
        f"docs/changelog/{version}.md": text,
        "mkdocs.yml": f"""\
site_name: Sample backend
site_url: !ENV [SITE_URL, "https://example.com"]
nav:
  - Home: index.md
  - Accounting Features:
{entries}  - Roadmap:
      - Roadmap: roadmap/index.md
  - Changelog:
{pages}""",
    }
