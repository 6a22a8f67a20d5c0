"""The files of the sample are read once in a process of tests: most tests read the same ones.

It is imported before what imports the readers. What is read is never changed.
"""

from __future__ import annotations

from functools import lru_cache

from definition_of_done.readers import markdown, python

for reader, name in ((markdown, "read_page"), (python, "read_module")):
    setattr(reader, name, lru_cache(512)(getattr(reader, name)))
