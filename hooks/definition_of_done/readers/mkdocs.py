"""A mkdocs.yml through PyYAML's nodes, which have positions: no tag is ever constructed."""

from __future__ import annotations

from typing import Any

import yaml

from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text
from definition_of_done.readers._yaml import compose
from definition_of_done.readers.nav import Nav, NavEntry, NavSection
from definition_of_done.readers.tagged import Tagged

_TAG = "tag:yaml.org,2002:"
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


def read_mkdocs(text: Text) -> tuple[dict[str, Any], Nav | None]:
    """The settings of one file, and its nav; raises Unreadable where it is not YAML.

    Of a key that stands twice the last counts, as PyYAML reads it; `!ENV` is its fallback.
    """
    root = compose(text)
    if not isinstance(root, yaml.MappingNode):
        return {}, None
    nodes = {str(key.value): (key, value) for key, value in root.value}
    settings = {
        name: value
        for name, (_, node) in nodes.items()
        if name != "nav" and (value := _value(node, ())) is not None
    }
    if "nav" not in nodes or nodes["nav"][1].tag == f"{_TAG}null":
        return settings, None
    key, value = nodes["nav"]
    reader = _Reader(text)
    reader.collect(value, (), ())
    spot = text.spot(key.start_mark.index, key.end_mark.index)
    return settings, Nav(text, spot, tuple(reader.entries), tuple(reader.sections))


def is_plain(value: str) -> bool:
    """Whether a string can stand without quotes as a key or value of a block mapping."""
    try:
        node = yaml.compose(f"- {value}: {value}", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    match node:
        case yaml.SequenceNode(value=[yaml.MappingNode(value=[(key, same)])]):
            return all(
                isinstance(one, yaml.ScalarNode)
                and one.tag == f"{_TAG}str"
                and one.value == value
                and one.style is None
                for one in (key, same)
            )
    return False


def _value(node: yaml.Node, above: tuple[int, ...]) -> Any:
    """A node as plain value; None where only Python or the environment knows it."""
    if id(node) in above:
        # An alias may lead back to what it stands in.
        return None
    inside = (*above, id(node))
    if node.tag == "!ENV":
        last = node.value[-1] if isinstance(node, yaml.SequenceNode) and node.value else None
        return _value(last, inside) if last else None
    if isinstance(node, yaml.ScalarNode):
        value: Any = str(node.value)
        if node.tag == f"{_TAG}bool":
            value = value.lower() in _TRUE
        elif node.tag == f"{_TAG}null":
            value = None
    elif isinstance(node, yaml.SequenceNode):
        value = [_value(one, inside) for one in node.value]
    else:
        value = {str(key.value): _value(one, inside) for key, one in node.value}
    return (
        value
        if node.tag.startswith(_TAG) and "python/" not in node.tag
        else Tagged(node.tag, value)
    )


class _Reader:
    """Collects the entries and sections of a nav, in order."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.entries: list[NavEntry] = []
        self.sections: list[NavSection] = []

    def collect(self, node: yaml.Node, trail: tuple[str, ...], above: tuple[int, ...]) -> None:
        if id(node) in above:
            return
        if isinstance(node, yaml.ScalarNode):
            if node.tag != f"{_TAG}null":
                self._entry(None, node, trail)
        elif isinstance(node, yaml.SequenceNode):
            for one in node.value:
                self.collect(one, trail, (*above, id(node)))
        else:
            for key, value in node.value:
                if isinstance(value, yaml.ScalarNode) and value.tag != f"{_TAG}null":
                    self._entry(key, value, trail)
                    continue
                inside = (*trail, str(key.value))
                self.sections.append(NavSection(inside, self._spot(key)))
                self.collect(value, inside, (*above, id(node)))

    def _entry(self, key: yaml.Node | None, node: yaml.ScalarNode, trail: tuple[str, ...]) -> None:
        title = str(key.value) if key else None
        title_span = (key.start_mark.index, key.end_mark.index) if key else None
        span = ((key or node).start_mark.index, node.end_mark.index)
        entry = NavEntry(title, str(node.value), self._spot(node), trail, span, title_span)
        self.entries.append(entry)

    def _spot(self, node: yaml.Node) -> Spot:
        return self.text.spot(node.start_mark.index, node.end_mark.index)
