"""Selectors: hook ids and families as settings name them, and what they say of a rule."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import names_path
from definition_of_done.base.words import nearest
from definition_of_done.engine.registry import families, family_of, known_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.finding import Finding

PER_FILE, SEVERITY = "per-file-ignores", "severity"
WARNING = "warning"
LEVELS = ("error", WARNING)


def check_selectors(names: Iterable[str], where: str) -> None:
    """Raise UsageError for the first name that is neither a hook id nor a family."""
    known = (*known_ids(), *families())
    for name in names:
        if name not in known:
            are_several = "," in name or " " in name
            hint = "; write each as a string of its own" if are_several else nearest(name, known)
            raise UsageError(f"{where}: unknown hook id or family {name!r}{hint}")


def apart(texts: Iterable[str]) -> list[str]:
    """The selectors of a command line: each text may hold several, with commas between them."""
    # A text without any is left to be refused.
    return [name for text in texts for name in text.replace(",", " ").split() or [text]]


def refuse_per_file(config: Config, where: str) -> None:
    """Raise UsageError where `per-file-ignores` names an unknown selector."""
    for pattern, names in config[PER_FILE].items():
        check_selectors(names, f"{where}: {PER_FILE}: {pattern}")


def refuse_severity(config: Config, where: str) -> None:
    """Raise UsageError where `severity` names an unknown selector or level."""
    levels = config[SEVERITY]
    check_selectors(levels, f"{where}: {SEVERITY}")
    for name, level in levels.items():
        if level not in LEVELS:
            known = " or ".join(map(repr, LEVELS))
            is_off = level in ("off", "ignore")
            off = f"; switch it off with ignore = [{name!r}]"
            hint = off if is_off else nearest(str(level), LEVELS)
            raise UsageError(f"{where}: {SEVERITY}: {name} must be {known}, not {level!r}{hint}")


def is_ignored_in(config: Config, id: str, path: str) -> bool:
    """True where `per-file-ignores` takes a rule off a path."""
    names = {id, family_of(id)}
    return any(
        not names.isdisjoint(ignored) and names_path(pattern, path)
        for pattern, ignored in config[PER_FILE].items()
    )


def mark_warnings(config: Config, findings: Iterable[Finding]) -> None:
    """Mark the findings of rules that `severity` makes warnings; an id goes before its family."""
    levels = config[SEVERITY]
    for finding in findings if levels else ():
        if finding.rule in known_ids():
            level = levels.get(finding.rule) or levels.get(family_of(finding.rule))
            finding.is_warning = level == WARNING
