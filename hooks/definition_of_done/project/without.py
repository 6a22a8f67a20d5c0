"""The parts of the contract that a team does without: their sections, links and rules."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import nearest
from definition_of_done.engine.rule import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.config import Config

GRAPHQL, RBAC, TASKS, FRONTEND = PARTS = ("graphql", "rbac", "tasks", "frontend")
# The links of a resource that belong to a part.
_LINKS = {
    **dict.fromkeys(("types", "inputs", "queries", "mutations", "resolver-test"), GRAPHQL),
    **dict.fromkeys(("list", "create", "update", "delete", "export"), GRAPHQL),
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


def refuse_unknown(config: Config, where: str) -> None:
    """Raise UsageError where `without` names no part."""
    for part in config[WITHOUT]:
        if part not in PARTS:
            raise UsageError(f"{where}: {WITHOUT}: unknown part {part!r}{nearest(part, PARTS)}")
