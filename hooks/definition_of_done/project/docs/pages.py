"""Markdown pages of the project: which are feature pages, and what is parsed once for all runs."""

from __future__ import annotations

from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import is_feature_page
from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import PACKING, Page


@once
def feature_paths(session: Session) -> list[str]:
    """The paths of the feature pages that are there, sorted."""
    return [
        path
        for path in session.tree.tracked
        if is_feature_page(session, path) and session.tree.exists(path)
    ]


def recall_page(session: Session, path: str, data: bytes) -> Page:
    """The parts of a page; raises Unreadable."""
    return session.cache.recall("page", path, data, read_page, *PACKING)
