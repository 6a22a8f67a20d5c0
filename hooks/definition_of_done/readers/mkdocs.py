"""A mkdocs.yml as PyYAML's nodes, which have positions; the object of a tag is never made."""

from __future__ import annotations

import yaml

from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text
from definition_of_done.readers._yaml import compose
from definition_of_done.readers.nav import Nav, NavEntry, NavSection, Tagged

_TAG = "tag:yaml.org,2002:"
_TRUE = ("true", "yes", "on")


def read_mkdocs(text: Text) -> tuple[dict[str, object], Nav | None]:
    """The settings of one file, and its nav; raises Unreadable where it is not YAML.

    Where a key stands twice, the last counts, as for PyYAML. `!ENV` reads as its fallback.
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
    builder = _NavBuilder(text)
    builder.collect(value, (), ())
    spot = text.spot(key.start_mark.index, key.end_mark.index)
    return settings, Nav(text, spot, tuple(builder.entries), tuple(builder.sections))


def is_plain(value: str) -> bool:
    """True where a string needs no quotes as a key or a value of a block mapping."""
    try:
        root = yaml.compose(f"- {value}: {value}", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    match root:
        case yaml.SequenceNode(value=[yaml.MappingNode(value=[(key, same)])]):
            return all(
                isinstance(node, yaml.ScalarNode)
                and node.tag == f"{_TAG}str"
                and node.value == value
                and node.style is None
                for node in (key, same)
            )
    return False


def _value(node: yaml.Node, above: tuple[int, ...]) -> object:
    """A node as a plain value; None where only the environment knows the value."""
    if id(node) in above:
        # An alias may lead back to a node that it stands in.
        return None
    inside = (*above, id(node))
    if node.tag == "!ENV":
        last = node.value[-1] if isinstance(node, yaml.SequenceNode) and node.value else None
        return _value(last, inside) if last else None
    value: object
    if isinstance(node, yaml.ScalarNode):
        value = _scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = [_value(item, inside) for item in node.value]
    else:
        value = {str(key.value): _value(item, inside) for key, item in node.value}
    is_plain_tag = node.tag.startswith(_TAG) and "python/" not in node.tag
    return value if is_plain_tag else Tagged(node.tag, value)


def _scalar(node: yaml.ScalarNode) -> str | bool | None:
    if node.tag == f"{_TAG}null":
        return None
    value = str(node.value)
    return value.lower() in _TRUE if node.tag == f"{_TAG}bool" else value


class _NavBuilder:
    """The entries and sections of a nav, collected in order."""

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
            for item in node.value:
                self.collect(item, trail, (*above, id(node)))
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
