"""Values of a YAML file that only Python could construct."""

from __future__ import annotations

from typing import NamedTuple


class Tagged(NamedTuple):
    """A value behind a YAML tag that only Python could construct."""

    tag: str
    value: object
