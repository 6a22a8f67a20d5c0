"""The versions that the tags of the repository name."""

from __future__ import annotations

import os

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.git import git
from definition_of_done.project.schemes import Scheme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session

_START = regex(r"(?<![0-9.])[0-9]")


class Tag(NamedTuple):
    """A tag that ends with a version: `prefix` is the text before it, such as `v`.

    `date` is the day of the tag or of its commit, as YYYY-MM-DD.
    """

    prefix: str
    version: str
    date: str


def newest_tag(session: Session, scheme: Scheme) -> Tag | None:
    """The newest tag that the judged commit holds, None where there is none.

    Teams have changed to lower versions, so that the day goes before the version. Where there are
    tags such as v1.2.0, others such as client-v2.0.0 are of other packages.
    """
    found = tags(session, scheme, f"--merged={session.tree.commit or 'HEAD'}")
    plain = [tag for tag in found if tag.prefix in ("", "v", "V")]
    return max(plain or found, key=lambda tag: (tag.date, scheme.order(tag.version)), default=None)


def tags(session: Session, scheme: Scheme, *limits: str) -> list[Tag]:
    """The tags that name a version of the scheme; `limits` are options of git's."""
    form = "--format=%(creatordate:short) %(refname:strip=2)"
    output = git(session.root, "for-each-ref", form, *limits, "refs/tags") or b""
    lines = (line.partition(" ") for line in os.fsdecode(output).split("\n"))
    return [tag for date, _, name in lines for tag in _read(scheme, name, date)]


def _read(scheme: Scheme, name: str, date: str) -> Iterator[Tag]:
    for start in _START.finditer(name):
        version = name[start.start() :]
        if scheme.is_version(version) and ("." in version or not scheme.has_levels):
            yield Tag(name[: start.start()], version, date)
            return
