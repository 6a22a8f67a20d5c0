"""`.pre-commit-config.yaml`: reading its hook ids, and adding an entry."""

from __future__ import annotations

import yaml

from definition_of_done.base.spots import Edit
from definition_of_done.base.text import Text, splice
from definition_of_done.readers._yaml import compose, mapping

# What is due before the push alone is seen by nobody whose pre-push hook is not installed.
_TYPES = "default_install_hook_types"
_STAGES = ["pre-commit", "pre-push"]


def hook_ids(text: Text) -> set[str]:
    """The ids of all hooks in a configuration; raises Unreadable where it is not YAML."""
    repos = mapping(compose(text)).get("repos")
    return {
        hook_id.value
        for repo in (repos.value if isinstance(repos, yaml.SequenceNode) else ())
        for hook in getattr(mapping(repo).get("hooks"), "value", None) or ()
        if isinstance(hook_id := mapping(hook).get("id"), yaml.ScalarNode)
    }


def with_entry(text: Text, repo: str, rev: str, id: str) -> str | None:
    """The configuration with one more repository, behind the others, that has one hook.

    It also names the kinds of hooks to install, unless it does so already. None where there is no
    certain place for it. Raises Unreadable where the text is not YAML.
    """
    root = compose(text)
    entry = f"- repo: {repo}\n  rev: {rev}\n  hooks:\n    - id: {id}\n"
    repos = mapping(root).get("repos")
    old, lines = text.text, entry.splitlines(keepends=True)
    types = f"{_TYPES}: [{', '.join(_STAGES)}]\n"
    edits = []
    if isinstance(root, yaml.MappingNode) and _TYPES not in mapping(root):
        margin = root.start_mark.column
        at = root.start_mark.index - margin
        edits = [Edit(text.path, at, at, " " * margin + types)]
    if repos is None:
        first = [] if root else [types]
        edit = _appended(text, len(old), [*first, "repos:\n", *_indented(lines, 2)])
    elif isinstance(repos, yaml.SequenceNode) and not repos.flow_style:
        end = max(_ends(repos))
        # A comment may stand behind the last value, on the same line.
        line = text.spot(len(old[:end].rstrip())).line
        edit = _appended(text, text.offset(line + 1), _indented(lines, repos.start_mark.column))
    elif old[repos.start_mark.index : repos.end_mark.index] == "[]":
        block = "\n" + "".join(_indented(lines, 2)).rstrip("\n")
        edit = Edit(text.path, repos.start_mark.index - 1, repos.end_mark.index, block)
    else:
        return None
    new = splice(text, [*edits, edit])
    added: dict[str, object] = {"repo": repo, "rev": rev, "hooks": [{"id": id}]}
    return new if _is_added(text, new, added) else None


def _indented(lines: list[str], depth: int) -> list[str]:
    return [" " * depth + line for line in lines]


def _appended(text: Text, at: int, lines: list[str]) -> Edit:
    is_line_start = at == 0 or text.text[at - 1] in "\r\n"
    return Edit(text.path, at, at, ("" if is_line_start else "\n") + "".join(lines))


def _ends(node: yaml.Node) -> list[int]:
    """The ends of the values below a node; PyYAML ends a block itself only at the next token."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return [node.end_mark.index]
    nodes = (
        child for part in node.value for child in (part if isinstance(part, tuple) else (part,))
    )
    return [end for child in nodes for end in _ends(child)]


def _is_added(text: Text, new: str, entry: dict[str, object]) -> bool:
    """True where the new text holds all that the old one holds, and the entry."""
    # The loader in C is ten times as fast, and a text that was composed is not too deep for it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        before = yaml.load(text.text, loader) or {}
        after = yaml.load(new, loader)
    except yaml.YAMLError:
        return False
    before.setdefault(_TYPES, _STAGES)
    before["repos"] = [*(before.get("repos") or []), entry]
    return bool(after == before)
