"""The settings of `init` that say what names the version, and which scheme the versions keep to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.words import listed
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import PYPROJECT
from definition_of_done.project.releases.version_sources import (
    PACKAGE,
    PLACEHOLDERS,
    PLAIN,
    Sources,
    declared_sources,
    find_below,
    find_version_files,
    names_version,
    packages_below,
    tags,
)
from definition_of_done.project.releases.versions import read_versions
from definition_of_done.project.schemes import CALVER, PEP440, SEMVER, numbers
from definition_of_done.project.version_entries import KEY, Entry

# So many of the newest tags show what a team does today.
_RECENT = 10


class Chosen(NamedTuple):
    """A key to set, with its value and the reason."""

    key: str
    value: object
    reason: str = ""


def choose_files(session: Session) -> Iterator[Chosen]:
    """Yield the key for the files that name the version, and agree today."""
    try:
        declared = declared_sources(session)
    except Unreadable:
        declared = Sources()
    if declared.tool:
        yield Chosen("version-file", "", f"the version comes from tags ({declared.tool})")
        return
    source = declared.entries[0] if declared.entries else None
    named = names_version(session, source) if source else None
    led = [entry.path for entry in declared.entries]
    files = find_version_files(session)
    modules = _agreeing(session, files, named)
    if source and len(modules) > 1:
        modules = []
    own = named or (names_version(session, Entry(modules[0])) if modules else None)
    others = _agreeing(session, [PACKAGE, *PLAIN], own)
    if own and own not in PLACEHOLDERS:
        others += _agreeing(session, packages_below(session), own)
    others = [path for path in others if path not in led]
    if others or len(modules) > 1:
        first = [PYPROJECT] if source and session.tree.exists(PYPROJECT) else led
        yield Chosen(KEY, [*first, *(path for path in modules if path not in led), *others])
    elif modules:
        yield Chosen("version-file", modules[0])
    else:
        below = [] if led or files else find_below(session)
        why_none = _why_none(led, files or below)
        yield Chosen(KEY, below) if len(below) == 1 else Chosen("version-file", "", why_none)


def no_version(session: Session) -> str:
    """The words for a project without a version of its own."""
    several = find_version_files(session) or find_below(session)
    return "several versions are named" if several else "no version is named"


def _why_none(led: list[str], files: list[str]) -> str:
    """The reason why no version file is chosen."""
    if led:
        return f"{led[0]} names the version"
    return f"{listed(files)} name versions of their own" if files else "no file names the version"


def _agreeing(session: Session, paths: list[str], version: str | None) -> list[str]:
    """Those of the files that name this version; without one, all of them if they agree."""
    found = {path: names_version(session, Entry(path)) for path in paths}
    named = {path: other for path, other in found.items() if other and version in (None, other)}
    return list(named) if len({*named.values()}) == 1 else []


def choose_scheme(session: Session) -> Iterator[Chosen]:
    """Yield the key for the scheme, where the newest tags or the version show another one."""
    key = "version-scheme"
    try:
        version = read_versions(session).source.version or ""
    except Unreadable:
        return
    newest = "--sort=-creatordate"
    recent = (tags(session, PEP440, newest) or tags(session, CALVER, newest))[:_RECENT]
    dated = [tag.version for tag in recent if _is_of_year(tag.version, int(tag.date[:4]))]
    may_be_semantic = SEMVER.is_version(version) and numbers(version)[0] < 2000
    if not recent and _is_of_year(version, date.today().year) and not may_be_semantic:
        yield Chosen(key, CALVER.name, f"{version} is a calendar version")
    elif dated and len(dated) > 0.8 * len(recent) and (CALVER.is_version(version) or not version):
        yield Chosen(key, CALVER.name, f"tags are calendar versions, such as {dated[0]}")
    elif other := _python_form(version, [tag.version for tag in recent]):
        yield Chosen(key, PEP440.name, f"{other} is a version of PEP 440")


def _is_of_year(version: str, year: int) -> bool:
    """True for a calendar version whose first number is the year in which it was made."""
    if not CALVER.is_version(version):
        return False
    first = numbers(version)[0]
    return first >= 2000 or abs(first + 2000 - year) <= 1


def _python_form(version: str, tagged: list[str]) -> str:
    """A version that PEP 440 alone knows: the present one, else a pre-release among the tags."""
    if version and not SEMVER.is_version(version) and PEP440.is_version(version):
        return version
    if any(SEMVER.is_version(name) and not SEMVER.order(name)[1] for name in tagged):
        return ""
    pre = [name for name in tagged if not PEP440.order(name)[1] and not SEMVER.is_version(name)]
    return pre[0] if pre else ""
