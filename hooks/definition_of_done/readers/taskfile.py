"""The shell commands of a Taskfile and of those that it includes."""

from __future__ import annotations

import posixpath
import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import yaml

from definition_of_done.base.spots import Spot
from definition_of_done.base.text import MIB, Text
from definition_of_done.readers._yaml import compose

# In the order in which Task looks for them.
NAMES = tuple(
    f"{name}{dist}.{suffix}"
    for dist in ("", ".dist")
    for suffix in ("yml", "yaml")
    for name in ("Taskfile", "taskfile")
)
# Stands for what only a run of Task knows; no command holds it.
UNKNOWN = "\0"
_VARIABLE = re.compile(r"\.(\w+)")
_DEPTH = 10
# Characters of Taskfiles that are read, those that are included twice counted twice; characters
# that variables are filled in with.
_BUDGET = 4 * MIB
_GROWTH = MIB


class Command(NamedTuple):
    """A script that a task runs in a folder, with its literal variables filled in.

    The rest is UNKNOWN. `folder` is relative to the root, empty for the root itself.
    """

    spot: Spot
    script: str
    folder: str


class Unfollowed(NamedTuple):
    """A Taskfile that is included and cannot be read: by an address, or by a computed path."""

    spot: Spot


def read_commands(path: str, load: Callable[[str], Text | None]) -> list[Command | Unfollowed]:
    """The commands of all tasks; `load` gives a file's text, None where there is none.

    Raises Unreadable where a file is not YAML.
    """
    reader = _Reader(load)
    return list(reader.read(path, posixpath.dirname(path), {}, 0))


class _Reader:
    def __init__(self, load: Callable[[str], Text | None]) -> None:
        self._load = cache(load)
        self._called: set[str] = set()
        self._left = _BUDGET
        self._growth = _GROWTH
        # Those that include the one that is read, and it.
        self._above: list[str] = []

    def read(
        self, path: str, folder: str, given: Mapping[str, str], depth: int
    ) -> Iterator[Command | Unfollowed]:
        text = self._load(path)
        root = _mapping(compose(text)) if text else {}
        if text is None:
            return
        self._left -= len(text.text)
        self._above.append(path)
        # Who calls a task may give it other values than the file does.
        self._called |= {name for names in _called(root.get("tasks")) for name in names}
        own = self._variables(root.get("vars"), given)
        variables = {**given, **own, **dict.fromkeys(self._called, UNKNOWN)}
        for node in _mapping(root.get("includes")).values():
            yield from self._included(text, node, (path, folder), variables, depth)
        for task in _mapping(root.get("tasks")).values():
            yield from self._commands(text, task, folder, variables)
        self._above.pop()

    def _included(
        self,
        text: Text,
        node: yaml.Node,
        where: tuple[str, str],
        variables: Mapping[str, str],
        depth: int,
    ) -> Iterator[Command | Unfollowed]:
        path, folder = where
        parts = _mapping(node)
        named = _scalar(parts.get("taskfile", node))
        inside = self._filled(_scalar(parts.get("dir")) or "", variables)
        given = self._filled(named or "", variables)
        if not given or UNKNOWN in given or "://" in given or UNKNOWN in inside or depth > _DEPTH:
            yield Unfollowed(text.spot(node.start_mark.index))
            return
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), given))
        names = [target, *(posixpath.join(target, name) for name in NAMES)]
        found = next((name for name in names if self._load(name) is not None), None)
        if found in self._above or self._left < 0:
            yield Unfollowed(text.spot(node.start_mark.index))
            return
        if found is None:
            if (_scalar(parts.get("optional")) or "").lower() != "true":
                yield Unfollowed(text.spot(node.start_mark.index))
            return
        below = _joined(posixpath.dirname(path), inside) if inside else folder
        more = self._variables(parts.get("vars"), variables)
        yield from self.read(found, below, {**variables, **more}, depth + 1)

    def _commands(
        self, text: Text, task: yaml.Node, folder: str, variables: Mapping[str, str]
    ) -> Iterator[Command]:
        parts = _mapping(task)
        # A task of one command may be the command itself.
        cmds = parts.get("cmds", parts.get("cmd")) if parts else task
        own = self._variables(parts.get("vars"), variables)
        # Neither is written to.
        known = ChainMap(own, variables)  # type: ignore[arg-type]
        inside = _joined(folder, self._filled(_scalar(parts.get("dir")) or "", known))
        for node in cmds.value if isinstance(cmds, yaml.SequenceNode) else [cmds]:
            command = _mapping(node).get("cmd", node)
            script = _scalar(command)
            if command is not None and script:
                spot = text.spot(command.start_mark.index)
                yield Command(spot, self._filled(script, known), inside)

    def _variables(self, node: yaml.Node | None, known: Mapping[str, str]) -> dict[str, str]:
        """Variables in order, each of which may be made of those before."""
        found: dict[str, str] = {}
        # Only the first is written to, and a copy of all for each task would take long.
        every = ChainMap(found, known)  # type: ignore[arg-type]
        for name, value in _mapping(node).items():
            text = _scalar(value)
            found[name] = UNKNOWN if text is None else self._filled(text, every)
        return found

    def _filled(self, text: str, variables: Mapping[str, str]) -> str:
        """A text with its variables filled in, as long as those of the file are not too long."""
        parts, at = [], 0
        while (start := text.find("{{", at)) >= 0 and (end := text.find("}}", start + 2)) >= 0:
            inner = text[start + 2 : end].removeprefix("-").removesuffix("-").strip()
            value = _value(inner, variables)
            self._growth -= len(value)
            parts += [text[at:start], value if self._growth >= 0 else UNKNOWN]
            at = end + 2
        return "".join([*parts, text[at:]])


def _value(inner: str, variables: Mapping[str, str]) -> str:
    name = _VARIABLE.fullmatch(inner)
    if name and name[1] == "CLI_ARGS":
        # What a person adds by hand is no part of the file.
        return ""
    return variables.get(name[1], UNKNOWN) if name else UNKNOWN


def _called(tasks: yaml.Node | None) -> Iterator[set[str]]:
    """The variables that tasks are called with."""
    for task in _mapping(tasks).values():
        parts = _mapping(task)
        for calls in (task, parts.get("cmds"), parts.get("deps")):
            for call in calls.value if isinstance(calls, yaml.SequenceNode) else []:
                yield set(_mapping(_mapping(call).get("vars")))


def _joined(folder: str, inside: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, inside))
    return "" if path == "." else path


def _scalar(node: yaml.Node | None) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def _mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}
