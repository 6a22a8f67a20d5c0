"""The fingerprint of the code alone: without the pages and the version, which come later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from definition_of_done.base.errors import NotEvaluated, Unreadable, UsageError
from definition_of_done.engine.fingerprint import fingerprint
from definition_of_done.engine.session import Session
from definition_of_done.project.changelog_style import is_fragment_path
from definition_of_done.project.layout import MARKDOWN, is_site_file
from definition_of_done.project.receipts import folder_of
from definition_of_done.project.releases.versions import read_versions


def read_code_tree(session: Session, files: Mapping[str, str]) -> str:
    """The fingerprint of a work tree with these files, but for pages, the nav and the version.

    Empty where nothing tells what the version is.
    """
    above = folder_of(session.root)
    folder = "" if above == "." else f"{above}/"
    try:
        masked = {folder + path: mark for path, mark in _version_files(session).items()}
        code = {
            path: masked.get(path, mark)
            for path, mark in files.items()
            if not (path.startswith(folder) and _is_paper(session, path.removeprefix(folder)))
        }
    except (NotEvaluated, Unreadable, UsageError, OSError):
        return ""
    return fingerprint(code)


def _is_paper(session: Session, path: str) -> bool:
    return path.endswith(MARKDOWN) or is_site_file(session, path) or is_fragment_path(session, path)


def _version_files(session: Session) -> dict[str, str]:
    """The fingerprint of each file that names the version, without the lines that do."""
    versions = read_versions(session)
    lines: dict[str, set[int]] = {}
    for place in (versions.source, *versions.places):
        if place.version is not None and session.tree.exists(place.path):
            lines.setdefault(place.path, set()).add(place.spot.line)
    return {
        path: hashlib.sha256(
            b"".join(
                line
                for number, line in enumerate(session.tree.read(path).splitlines(keepends=True), 1)
                if number not in numbers
            )
        ).hexdigest()
        for path, numbers in lines.items()
    }
