"""Versions: the schemes that a team may keep to, what is one, and which of two is higher."""

from __future__ import annotations

import re
from collections.abc import Callable

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from definition_of_done.engine.session import Session

    # The numbers of the release, False for a pre-release, and what orders versions of one release.
    Order: TypeAlias = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]

_SEMVER = regex(
    r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"
    r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
# Python refuses to convert a number of thousands of digits.
_NUMBER = r"[0-9]{1,18}"
# Compiled when it is asked: most versions are compared as they stand.
_PARTS = (
    rf"(?:(?P<epoch>{_NUMBER})!)?(?P<release>{_NUMBER}(?:\.{_NUMBER})*)"
    rf"(?:[-_.]?(?P<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre>{_NUMBER})?)?"
    rf"(?P<post>-(?P<bare>{_NUMBER})|[-_.]?(?:post|rev|r)[-_.]?(?P<number>{_NUMBER})?)?"
    rf"(?P<is_dev>[-_.]?dev[-_.]?(?P<dev>{_NUMBER})?)?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
_PHASES = {"a": 1, "b": 2, "c": 3, "r": 3, "p": 3}
_SPELLED = {1: "a", 2: "b", 3: "rc"}
_DEV_ALONE, _NO_PRE = 0, 4
_NO_DEV = 10**18
_NUMBERS = regex(r"(?:[0-9]+!)?([0-9]+(?:\.[0-9]+)*)")
# A year with a month, a week or a count behind it, or a date in one number.
_CALENDAR = (
    r"(?:20[0-9]{2}|[0-9]{2})\.[0-9]{1,4}(?![0-9]).*"
    r"|20[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?![0-9]).*"
)


def _is_semver(text: str) -> bool:
    """True where the text is a semantic version such as 1.2.0 or 2.0.0-rc.1."""
    return _SEMVER.fullmatch(text) is not None


def _semver_order(version: str) -> Order:
    """The key that sorts semantic versions by their precedence."""
    release, _, pre = version.partition("+")[0].partition("-")
    parts = tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in pre.split(".")
    )
    return tuple(int(number) for number in release.split(".")), not pre, parts


def _is_pep440(text: str) -> bool:
    """True where the text is a PEP 440 version such as 1.2.0rc1 or 2.0.post1."""
    return re.fullmatch(_PARTS, text, re.I) is not None


def normalized(version: str) -> str | None:
    """The spelling that uv writes, 1.2.0rc1 for 1.2.0-rc.1; None for what is no version."""
    found = re.fullmatch(_PARTS, version, re.I)
    if not found:
        return None
    phase = _SPELLED[_PHASES[found["phase"][0].lower()]] if found["phase"] else ""
    parts = (
        f"{int(found['epoch'])}!" if int(found["epoch"] or 0) else "",
        ".".join(str(int(number)) for number in found["release"].split(".")),
        f"{phase}{int(found['pre'] or 0)}" if phase else "",
        f".post{int(found['bare'] or found['number'] or 0)}" if found["post"] else "",
        f".dev{int(found['dev'] or 0)}" if found["is_dev"] else "",
        f"+{re.sub('[-_]', '.', found['local'].lower())}" if found["local"] else "",
    )
    return "".join(parts)


def _pep440_order(version: str) -> Order:
    """The key that sorts PEP 440 versions."""
    found = re.fullmatch(_PARTS, version, re.I)
    assert found, version
    release = [int(number) for number in found["release"].split(".")]
    while len(release) > 1 and not release[-1]:
        release.pop()
    phase = _PHASES[found["phase"][0].lower()] if found["phase"] else _NO_PRE
    if phase == _NO_PRE and found["is_dev"] and not found["post"]:
        phase = _DEV_ALONE
    ranks = (
        phase,
        int(found["pre"] or 0),
        int(found["bare"] or found["number"] or 0) + 1 if found["post"] else 0,
        int(found["dev"] or 0) if found["is_dev"] else _NO_DEV,
    )
    local = re.split("[-_.]", found["local"].lower()) if found["local"] else []
    return (
        (int(found["epoch"] or 0), *release),
        phase == _NO_PRE,
        (*((False, rank, "") for rank in ranks), *map(_local_key, local)),
    )


def _local_key(part: str) -> tuple[bool, int, str]:
    """The key of a part of a local version: a number is above a word."""
    return (True, int(part), "") if part.isdigit() else (False, 0, part)


def _is_calendar_version(text: str) -> bool:
    return re.fullmatch(_CALENDAR, text) is not None and _is_pep440(text)


class Scheme(NamedTuple):
    """A scheme: `noun` names its versions, `form` says how one is written, `example` is one.

    `has_levels` is False where a number does not say how large a step is.
    """

    name: str
    noun: str
    form: str
    example: str
    is_version: Callable[[str], bool]
    order: Callable[[str], Order]
    has_levels: bool = True


SEMVER = Scheme(
    "semver",
    "a semantic version",
    "write it as MAJOR.MINOR.PATCH, a pre-release as MAJOR.MINOR.PATCH-rc.1",
    "1.2.0",
    _is_semver,
    _semver_order,
)
PEP440 = Scheme(
    "pep440",
    "a PEP 440 version",
    "write it as MAJOR.MINOR.PATCH, a pre-release as MAJOR.MINOR.PATCHrc1",
    "1.2.0rc1",
    _is_pep440,
    _pep440_order,
)
CALVER = Scheme(
    "calver",
    "a calendar version",
    "write it with the year first, as YYYY.MM.N",
    "2026.11.0",
    _is_calendar_version,
    _pep440_order,
    has_levels=False,
)
SCHEMES: Mapping[str, Scheme] = {scheme.name: scheme for scheme in (SEMVER, PEP440, CALVER)}


def scheme_of(session: Session) -> Scheme:
    """The scheme that the project's versions keep to."""
    return SCHEMES[session.config["version-scheme"]]


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version's release as they are written, without an epoch."""
    found = _NUMBERS.match(version)
    return tuple(int(number) for number in found[1].split(".")) if found else ()


def after_numbers(version: str) -> str:
    """The text behind the numbers of a version's release: -rc.1, rc1, .post1 or nothing."""
    found = _NUMBERS.match(version)
    return version[found.end() :] if found else version


def looks_like_version(text: str) -> bool:
    """True for a version of any scheme that has more than one number."""
    return "." in text and any(scheme.is_version(text) for scheme in SCHEMES.values())


def other_scheme(scheme: Scheme, version: str) -> str:
    """Name the scheme that a version seems to keep to, empty for the project's own and for none."""
    likely = (SEMVER, CALVER, PEP440) if numbers(version)[:1] > (20,) else (SEMVER, PEP440)
    found = next((other.name for other in likely if other.is_version(version)), "")
    return found if found != scheme.name else ""


def names_version(text: str, version: str) -> bool:
    """True where the version stands in the text as a word of its own, with or without a `v`."""
    pattern = rf"(?<![\w.+-])v?{re.escape(version)}(?![\w+-]|\.\w)"
    return re.search(pattern, text) is not None


def version_of(path: str) -> str:
    """The version that a changelog page is named after."""
    return path.rpartition("/")[2].removesuffix(".md")


def same(left: str, right: str) -> bool:
    """True where two versions are equal; 1.2.0-rc.1 equals PEP 440's 1.2.0rc1."""
    return left == right or pep440(left) == pep440(right)


def pep440(version: str) -> str:
    """The version as PEP 440 and uv.lock spell it: 1.2.0rc1."""
    text = version.strip().lower().removeprefix("v")
    return normalized(text) or text
