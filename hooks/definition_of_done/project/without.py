"""The parts of the contract that a team does without: their sections, links and rules."""

from __future__ import annotations

from definition_of_done.engine.config import Config
from definition_of_done.engine.rule import WITHOUT
from definition_of_done.project.settings import PARTS, SHOWN_LINKS

GRAPHQL, RBAC, TASKS, FRONTEND = PARTS
# The links of a resource that belong to a part.
_LINKS = {
    **dict.fromkeys(("types", "inputs", "queries", "mutations", "resolver-test"), GRAPHQL),
    **dict.fromkeys(SHOWN_LINKS, GRAPHQL),
    "rbac": RBAC,
}


def left_out(config: Config) -> frozenset[str]:
    """The parts that the team names under `without`, and those of what it keeps nowhere."""
    parts = set(config[WITHOUT])
    if not config["resources"]:
        parts |= {GRAPHQL, RBAC}
    if not config["rbac-models"]:
        parts.add(RBAC)
    return frozenset(parts)


def links_left_out(config: Config) -> frozenset[str]:
    """The links of a resource, by the names of `waive`, that belong to a part left out."""
    parts = left_out(config)
    return frozenset(link for link, part in _LINKS.items() if part in parts)
