"""The rules: one folder a family, one file a rule, named as its hook id."""

from __future__ import annotations

from definition_of_done.engine.registry import add_rules

# In the order of the manifest, of `list` and of the pages.
FAMILIES = ("migrations", "plans", "docs", "releases", "resources", "gates", "safety")
BEYOND = ("safety",)
add_rules(__name__, __path__[0], FAMILIES, beyond=BEYOND)
