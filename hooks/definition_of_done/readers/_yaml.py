"""YAML as PyYAML's nodes, which have positions."""

from __future__ import annotations

import yaml

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import MIB, Text, refuse_large


def compose(text: Text) -> yaml.Node | None:
    """The root of a document, None where it is empty; raises Unreadable where it is not YAML."""
    refuse_large(text.path, len(text.text), MIB)
    try:
        # The loader in C overflows its stack on deep nesting; this one raises RecursionError.
        root: yaml.Node | None = yaml.compose(text.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # For a character that YAML does not allow, PyYAML names the offset alone.
        spot = text.spot(mark.index if mark else getattr(error, "position", 0))
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        message = f"not YAML: {problem}"
        raise Unreadable(message, spot.line, spot.column, path=text.path) from None
    except RecursionError:
        raise Unreadable("not YAML: nested too deeply", path=text.path) from None
    if root and "*" in text.text and _size(root, {}) > 10 * len(text.text):
        raise Unreadable("not YAML: aliases repeat too much", path=text.path)
    return root


def mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The values of a mapping by their keys, of which the last counts; none of another node."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def _size(node: yaml.Node, sizes: dict[int, int]) -> int:
    """The number of nodes with each alias replaced by the nodes that it stands for."""
    if id(node) in sizes:
        return sizes[id(node)]
    # An alias may lead back to a node that it stands in.
    size = sizes[id(node)] = 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            size += _size(key, sizes) + _size(value, sizes)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            size += _size(item, sizes)
    sizes[id(node)] = size
    return size
