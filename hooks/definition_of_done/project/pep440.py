"""PEP 440 versions: how they are recognised and ordered."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    # The numbers of the release, False for a pre-release, and what orders versions of one release.
    Order: TypeAlias = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]

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


def is_version(text: str) -> bool:
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


def order(version: str) -> Order:
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
