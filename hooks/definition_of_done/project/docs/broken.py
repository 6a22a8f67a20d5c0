"""Broken links of Markdown pages, as records."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.readers.page import Link

# The kinds of a link to a file that is not there.
ABSENT = ("missing", "untracked")


class Broken(NamedTuple):
    """The fault of a link.

    `kind` is missing, untracked, outside (`target` is a path from the root, and not on the site),
    folder (`target` is no path of a page) or anchor. `target` is else the path from docs_dir,
    `anchor` the fragment, and `nearest` a destination that the link could have instead.
    """

    kind: str
    target: str
    anchor: str
    nearest: str | None


class BrokenLink(NamedTuple):
    """A link of a page with its fault; `is_legacy` says that the branch leaves both alone."""

    link: Link
    broken: Broken
    is_legacy: bool = False
