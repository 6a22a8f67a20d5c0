"""The files of the sample are read once in a process of tests: most tests read the same ones.

It is imported before what imports the readers. What is read is never changed.
"""

from __future__ import annotations

from functools import lru_cache

from definition_of_done.readers import markdown, python

_pages = lru_cache(512)(markdown.read_page)
_modules = lru_cache(512)(python.read_module)
for reader, name, read in ((markdown, "read_page", _pages), (python, "read_module", _modules)):
    setattr(reader, name, read)


def forget() -> None:
    """Let all be read again: a test counts what is parsed."""
    _pages.cache_clear()
    _modules.cache_clear()
