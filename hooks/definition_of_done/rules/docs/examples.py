"""The page with a link that the examples of this family lay over the sample backend."""

from __future__ import annotations


def home(target: str) -> dict[str, str | None]:
    """Write the first page of the sample's site, with a link."""
    return {"docs/index.md": f"# Sample backend\n\nWhat comes next: the [roadmap]({target}).\n"}
