"""The schemes of versions that a team may keep to: what is a version, and which one is higher."""

from __future__ import annotations

import re
from collections.abc import Callable

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project import pep440, semver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from definition_of_done.engine.session import Session
    from definition_of_done.project.pep440 import Order

_NUMBERS = regex(r"(?:[0-9]+!)?([0-9]+(?:\.[0-9]+)*)")
# A year with a month, a week or a count behind it, or a date in one number.
_CALENDAR = (
    r"(?:20[0-9]{2}|[0-9]{2})\.[0-9]{1,4}(?![0-9]).*"
    r"|20[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?![0-9]).*"
)


def _is_calendar_version(text: str) -> bool:
    return re.fullmatch(_CALENDAR, text) is not None and pep440.is_version(text)


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
    semver.is_version,
    semver.order,
)
PEP440 = Scheme(
    "pep440",
    "a PEP 440 version",
    "write it as MAJOR.MINOR.PATCH, a pre-release as MAJOR.MINOR.PATCHrc1",
    "1.2.0rc1",
    pep440.is_version,
    pep440.order,
)
CALVER = Scheme(
    "calver",
    "a calendar version",
    "write it with the year first, as YYYY.MM.N",
    "2026.11.0",
    _is_calendar_version,
    pep440.order,
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
