"""The commands that a person or a runner calls: one file for each."""

from __future__ import annotations

# The engine knows no rule: this import registers them all.
import definition_of_done.rules  # noqa: F401
