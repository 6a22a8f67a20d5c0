"""The nav of a mkdocs.yml, with lines, through PyYAML's nodes: no tag is ever constructed."""

from typing import NamedTuple

import yaml

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.finding import Spot
from definition_of_done.engine.text import Text


class NavEntry(NamedTuple):
    """A page in the nav: its path relative to docs_dir, and where that stands."""

    target: str
    spot: Spot


class Site(NamedTuple):
    """What a mkdocs.yml says: `nav` is None where MkDocs makes the nav itself."""

    text: Text
    docs_dir: str
    nav: tuple[NavEntry, ...] | None
    nav_spot: Spot


def read_site(text: Text) -> Site:
    """The nav and docs_dir of a mkdocs.yml; raises Unreadable where it is not YAML.

    Tags such as `!ENV` and `!!python/name:` are passed over; of a key that stands twice the
    last counts, as PyYAML reads it.
    """
    try:
        # The loader in C overflows its stack on deep nesting; this one raises RecursionError.
        root = yaml.compose(text.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        message = f"not YAML: {problem}"
        raise Unreadable(message, line, column, path=text.path) from None
    except RecursionError:
        raise Unreadable("not YAML: nested too deeply", path=text.path) from None
    keys: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    if isinstance(root, yaml.MappingNode):
        keys = {str(key.value): (key, value) for key, value in root.value}
    docs = keys["docs_dir"][1] if "docs_dir" in keys else None
    docs_dir = str(docs.value) if isinstance(docs, yaml.ScalarNode) else "docs"
    if "nav" not in keys:
        return Site(text, docs_dir, None, Spot(text.path))
    key, nav = keys["nav"]
    entries: list[NavEntry] = []
    _collect(text.path, nav, entries, set())
    return Site(text, docs_dir.strip("/"), tuple(entries), _spot(text.path, key))


def _collect(path: str, node: yaml.Node, entries: list[NavEntry], seen: set[int]) -> None:
    if isinstance(node, yaml.ScalarNode):
        entries.append(NavEntry(str(node.value), _spot(path, node)))
        return
    if id(node) in seen:
        # An alias may lead back to what it stands in.
        return
    seen.add(id(node))
    values = [pair[1] for pair in node.value] if isinstance(node, yaml.MappingNode) else node.value
    for value in values:
        _collect(path, value, entries, seen)


def _spot(path: str, node: yaml.Node) -> Spot:
    return Spot(path, node.start_mark.line + 1, node.start_mark.column + 1)
