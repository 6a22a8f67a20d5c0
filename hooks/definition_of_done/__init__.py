"""definition-of-done: a backend team's definition of done, as pre-commit hooks."""

from __future__ import annotations

__version__ = "0.1.0"
