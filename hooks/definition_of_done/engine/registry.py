"""All rules: known by the names of their files, imported only when one is asked for."""

from __future__ import annotations

import os

from definition_of_done import SITE_URL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.rule import Rule

# Modules of a family's folder that are no rules.
_NO_RULES = ("__init__", "subjects", "examples")
# The package and the folder of each family.
_families: dict[str, tuple[str, str]] = {}
_found: dict[str, str] = {}
_beyond: set[str] = set()


def add_rules(
    package: str, folder: str, families: Iterable[str], *, beyond: Iterable[str] = ()
) -> None:
    """Make the rules in a package known, in the order of its families, without importing any.

    The suite runs those of the families `beyond` the contract only where they are asked for.
    """
    _beyond.update(beyond)
    for family in families:
        _families[family] = (f"{package}.{family}", os.path.join(folder, family))


def known_ids() -> dict[str, str]:
    """Hook id to module of every rule, in the order of the families."""
    if not _found:
        for package, folder in _families.values():
            for name in sorted(os.listdir(folder)):
                stem = name.removesuffix(".py")
                if stem != name and stem not in _NO_RULES:
                    _found[stem.replace("_", "-")] = f"{package}.{stem}"
    return _found


def module_of(id: str) -> str:
    """The module of a rule, empty for an id that none has: a single hook lists no folders."""
    stem = id.replace("-", "_")
    if _found or stem in _NO_RULES:
        return _found.get(id, "")
    for package, folder in _families.values():
        if os.path.exists(os.path.join(folder, f"{stem}.py")):
            return f"{package}.{stem}"
    return ""


def family_of(id: str) -> str:
    """The folder of rules that the rule with a known id stands in."""
    return known_ids()[id].split(".")[-2]


def families() -> list[str]:
    """The families of the rules, in their order."""
    return list(dict.fromkeys(map(family_of, known_ids())))


def page_of(id: str) -> str:
    """The address of a rule's page; empty without a site, and for what is no rule."""
    return f"{SITE_URL.rstrip('/')}/hooks/{id}/" if SITE_URL and id in known_ids() else ""


def load_rule(id: str) -> Rule:
    """The rule with a known id."""
    # As an import statement would: importlib's own function imports warnings, too.
    found: Rule = __import__(module_of(id), fromlist=("check",)).check
    return found


def is_beyond(id: str) -> bool:
    """True for a rule beyond the contract, which the suite runs only where it is asked for."""
    return family_of(id) in _beyond


def is_selected(id: str, config: Config) -> bool:
    """True for a rule of the suite as the settings have it; its id goes before its family."""
    selected, ignored = config["select"], config["ignore"]
    for name in (id, family_of(id)):
        if name in ignored:
            return False
        if name in selected or name in config["extend-select"]:
            return True
    return not (selected or is_beyond(id))


def enabled(ids: Iterable[str], config: Config) -> list[Rule]:
    """The rules with known ids that the configuration leaves in the suite."""
    asked = [load_rule(id) for id in ids if is_selected(id, config)]
    named = (*config["select"], *config["extend-select"])
    # A rule with stages of its own is costly, or needs more than files: it is asked for by its id.
    return [rule for rule in asked if rule.id in named or not rule.stages]


def all_rules() -> list[Rule]:
    """Every rule, in the order of the families."""
    return [load_rule(id) for id in known_ids()]
