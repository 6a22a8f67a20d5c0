"""definition-of-done: a backend team's definition of done, as pre-commit hooks."""

from __future__ import annotations

__version__ = "0.1.0"

# Where the source is: hook runners install the hooks from there.
HOME = "https://github.com/definition-of-done/definition-of-done"

# Where the docs are published: findings link to the pages of their hooks there. Empty: nowhere yet.
SITE_URL = ""
