"""Values of a YAML file that have a tag."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple


class Tagged(NamedTuple):
    """A value with a YAML tag of which only Python can make an object."""

    tag: str
    value: object
