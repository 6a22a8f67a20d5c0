"""All rules: found by the names of their files, imported only when one is asked for."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.rule import Rule

FAMILIES = ("migrations", "pages", "release", "resources", "gates")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def known_ids() -> dict[str, str]:
    """Hook id to module of every rule, in the order of the families, without importing any."""
    return {
        name.removesuffix(".py").replace("_", "-"): (
            f"definition_of_done.{family}.{name.removesuffix('.py')}"
        )
        for family in FAMILIES
        for name in sorted(os.listdir(os.path.join(_PACKAGE, family)))
        if name.endswith(".py") and not name.startswith("_") and not name.endswith("facts.py")
    }


def load_rule(id: str) -> "Rule":
    """The rule with a known id."""
    from importlib import import_module

    found: Rule = import_module(known_ids()[id]).check
    return found


def all_rules() -> "list[Rule]":
    """Every rule, in the order of the families."""
    return [load_rule(id) for id in known_ids()]
