"""Markdown pages of the project, each parsed once for all runs."""

from __future__ import annotations

from definition_of_done.engine.session import Session
from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import PACKING, Page


def recall_page(session: Session, path: str, data: bytes) -> Page:
    """The parts of a page; raises Unreadable."""
    return session.cache.recall("page", path, data, read_page, *PACKING)
