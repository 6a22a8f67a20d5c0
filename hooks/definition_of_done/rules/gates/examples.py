"""The files that the examples of this family lay over the sample backend."""

from __future__ import annotations


def lines(number: int) -> dict[str, str | None]:
    """A module of so many lines, in a project that allows 36."""
    return {
        "pyproject.toml": """\
[project]
name = "sample-backend"
version = "1.2.0"

[tool.definition-of-done]
max-file-lines = 36
""",
        "app/states.py": "".join(f"STATE_{at} = {at}\n" for at in range(number)),
    }


def suppressed(comment: str) -> dict[str, str | None]:
    """The sample's engine with a suppression."""
    return {
        "app/database.py": f'''"""The declarative base of all models."""

from sqlalchemy.orm import DeclarativeBase  {comment}


class Base(DeclarativeBase):
    """What every model inherits."""
'''
    }


def pull_request(mark: str) -> dict[str, str | None]:
    """The text of a pull request with one box that is ticked so, and all others ticked."""
    return {
        "pull_request.md": f"""\
- [x] Plan before code
- [x] Deltas enumerated
- [x] Migration with both directions and the right parent
- [x] RBAC members and backfill
- [x] Full chain
- [x] `task all` green
- [{mark}] `task test` green
- [x] Page final with Future additions
- [x] Page in the nav, strict build clean
- [x] Version bumped with its changelog stub
- [x] Changelog filled in
- [x] `task all` again
"""
    }
