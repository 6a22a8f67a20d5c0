"""Writes for `init --agent`: the block of an agent's instructions, the hooks of its host."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import Text, splice
from definition_of_done.readers.json_text import parse_json, with_item
from definition_of_done.readers.markdown import read_page

# Each agent, with the file of its instructions.
AGENTS = {"agents-md": "AGENTS.md", "claude": "CLAUDE.md"}
_SETTINGS = ".claude/settings.json"
_BEGIN, _END = "<!-- begin definition-of-done -->", "<!-- end definition-of-done -->"
_MARK = regex(f"^(?:{_BEGIN}|{_END})(?=[ \\t\\r]*$)", re.M)
# By this word CLAUDE.md holds what AGENTS.md does.
_IMPORT = regex(r"(?<![^\s(])@(?:\./)?AGENTS\.md(?![\w/-])")
_BLOCK = f"""{_BEGIN}
## Definition of done

A feature is done when `definition-of-done` finds no step open. A bug fix needs no plan.

- `definition-of-done next` names the first step that is open, and its command. Do that step, and
  ask again: the steps come in order, from the plan to the changelog.
- `definition-of-done new plan "The feature"` begins the plan. It comes before the code, and the
  code waits until each of its open questions has an answer.
- `definition-of-done run -- COMMAND` runs a check of the team and keeps the receipt that ticks its
  box.
- `definition-of-done status` prints the checklist of the pull request: what is proven, what is
  wrong. Do not say that a feature is done while it shows something wrong.
- `definition-of-done explain HOOK` says why a rule exists, and what is good. Mend what it finds; do
  not silence it.
{_END}
"""
# The event of the host, the tools that it is about, and the command that it calls.
_HOOKS = (
    ("PreToolUse", "Edit|MultiEdit|Write|NotebookEdit", "definition-of-done agent before-edit"),
    ("Stop", "", "definition-of-done agent stop"),
)


def agent_files(agents: Iterable[str], text: Callable[[str], Text]) -> dict[str, str]:
    """The new text of each file that an agent needs and that differs, by path.

    `text` reads a file, of which nothing is empty. Raises Unreadable where a block or a hook has no
    certain place.
    """
    texts = {}
    for agent in agents:
        path = AGENTS[agent]
        if _takes_in_agents(text(path)):
            path = AGENTS["agents-md"]
        texts[path] = _with_block(text(path))
        if agent == "claude":
            texts[_SETTINGS] = _with_hooks(text(_SETTINGS))
    return {path: new for path, new in texts.items() if new != text(path).text}


def _takes_in_agents(text: Text) -> bool:
    """True where the text, but no code in it, imports AGENTS.md."""
    if not _IMPORT.search(text.text):
        return False
    page = read_page(text.path, text.text.encode("utf-8", "surrogatepass"))
    blocks = [*page.preamble, *(block for section in page.sections for block in section.blocks)]
    return any(
        piece.kind == "text" and _IMPORT.search(piece.text)
        for block in blocks
        for piece in block.pieces
    )


def _with_block(text: Text) -> str:
    found = list(_MARK.finditer(text.text))
    if not found:
        old = text.text.rstrip("\r\n")
        gap = "\n" * max(2 - text.text.count("\n", len(old)), 0) if old else ""
        edit = Edit(text.path, len(text.text), len(text.text), gap + _BLOCK)
    elif [mark[0] for mark in found] == [_BEGIN, _END]:
        edit = Edit(text.path, found[0].start(), found[1].end(), _BLOCK.rstrip("\n"))
    else:
        spot = text.spot(found[0].start())
        message = f"{_BEGIN} and {_END} do not stand there once each, in this order"
        raise Unreadable(message, spot.line, spot.column, path=text.path)
    return splice(text, [edit])


def _with_hooks(text: Text) -> str:
    """The settings with the hooks; one whose command the team words in its own way stays."""
    if not text.text:
        text = Text(text.path, "{}\n")
    known = [*_commands(parse_json(text))]
    for event, matcher, command in _HOOKS:
        if not any(command in words for words in known):
            hook = {"hooks": [{"type": "command", "command": command}]}
            group = {"matcher": matcher, **hook} if matcher else hook
            text = Text(text.path, with_item(text, ("hooks", event), group), text.encoding)
    return text.text


def _commands(value: object) -> Iterator[str]:
    """Yield the texts of all commands below a value, wherever they stand."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from _commands(part)
    if isinstance(value, dict) and isinstance(value.get("command"), str):
        yield value["command"]
