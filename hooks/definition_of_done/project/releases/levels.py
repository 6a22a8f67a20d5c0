"""The checks of semver-level: the version is a single step on, and the step is large enough."""

from __future__ import annotations

from definition_of_done.base.words import few, listed
from definition_of_done.engine.finding import Finding
from definition_of_done.project.releases.release import Release
from definition_of_done.project.releases.steps import LEVELS, NAMES, is_final, stepped
from definition_of_done.project.schemes import after_numbers, other_scheme


def owed_fault(release: Release) -> Finding:
    """Return a finding about a release that the branch owes."""
    message = f"version is still {release.source.version}, but {release.owed}"
    advice = "bump it when the feature is done: definition-of-done bump; a branch that lands a part"
    advice += ' names the rest under Future additions; release = "separate" if releases are apart'
    if release.kept:
        advice = f"write a line under Unreleased of {release.kept}, or {advice}"
    return Finding(release.source.spot, message, advice, symbol="owed")


def unsaid_faults(release: Release) -> list[Finding]:
    """Return a finding where the page says None beside what changed."""
    if release.unsaid is None:
        return []
    verb = "says" if len(release.unsaid.sections) == 1 else "say"
    reasons = listed(few(release.unsaid.reasons, 3, 4))
    message = f"{listed(release.unsaid.sections)} {verb} None, but {reasons}"
    advice = "say it there, in a line that users of the API understand"
    return [Finding(release.unsaid.spot, message, advice, symbol=release.unsaid.sections[-1])]


def step_fault(release: Release) -> list[Finding]:
    """Return a finding where the version is of no such scheme, or not a step from the last."""
    version, spot, scheme = str(release.source.version), release.source.spot, release.scheme
    if not release.is_of_scheme:
        message = f"version {version!r} is not {scheme.noun}"
        other = other_scheme(scheme, version)
        advice = scheme.form + (f'; or set version-scheme = "{other}"' if other else "")
        return [Finding(spot, message, advice, symbol="version")]
    if not scheme.has_levels or release.last is None or release.step is not None:
        return []
    fits = [stepped(scheme, release.last, level) for level in LEVELS.values()]
    message = f"version {version} is not one step from {release.last}"
    advice = f"release it as {listed(fits, 'or')}"
    return [Finding(spot, message, advice, symbol="step")]


def level_fault(release: Release) -> list[Finding]:
    """Return a finding where the step is smaller than the evidence asks for."""
    last, step, version = release.last, release.step, str(release.source.version)
    if not release.scheme.has_levels or last is None or step is None or step >= release.needed:
        return []
    message = (
        f"version {version} is a {NAMES[step]} step from {last},"
        f" but {listed(few(release.evidence.decisive, 3, 4))}"
    )
    fit = stepped(release.scheme, last, release.needed)
    if not is_final(release.scheme, version):
        fit += after_numbers(version)
    advice = f"release it as {fit}: this asks for a {NAMES[release.needed]} step"
    return [Finding(release.source.spot, message, advice, symbol="level")]
