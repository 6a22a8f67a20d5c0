"""The shell commands of a Taskfile and of the Taskfiles that it includes."""

from __future__ import annotations

import posixpath
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import yaml

from definition_of_done.base.expressions import regex
from definition_of_done.base.text import MIB, Text
from definition_of_done.readers._yaml import compose, mapping
from definition_of_done.readers.task_commands import NAMES, UNKNOWN, Command, Unfollowed

_VARIABLE = regex(r"\.(\w+)")
# The most Taskfiles within one another.
_DEPTH = 11
# The most characters of Taskfiles that are read; one that is included twice counts twice.
_BUDGET = 4 * MIB
# The most characters of the values that replace variables.
_GROWTH = MIB


def read_commands(path: str, load: Callable[[str], Text | None]) -> list[Command | Unfollowed]:
    """The commands of all tasks; `load` returns a file's text, None where there is no file.

    Raises Unreadable where a file is not YAML.
    """
    return list(_Taskfiles(load).read(path, posixpath.dirname(path), {}))


class _Taskfiles:
    """A Taskfile and those that it includes, read one within the other."""

    def __init__(self, load: Callable[[str], Text | None]) -> None:
        self._load = cache(load)
        self._called: set[str] = set()
        self._left = _BUDGET
        self._growth = _GROWTH
        # The path of the Taskfile that is read now, behind the paths of those that include it.
        self._above: list[str] = []

    def read(self, path: str, folder: str, given: dict[str, str]) -> Iterator[Command | Unfollowed]:
        text = self._load(path)
        root = mapping(compose(text)) if text else {}
        if text is None:
            return
        self._left -= len(text.text)
        self._above.append(path)
        # A call of a task may give a variable another value than the file does.
        self._called |= {name for names in _called(root.get("tasks")) for name in names}
        own = self._variables(root.get("vars"), given)
        variables = {**given, **own, **dict.fromkeys(self._called, UNKNOWN)}
        for name, node in mapping(root.get("includes")).items():
            for found in self._included(text, node, folder, variables):
                if isinstance(found, Command):
                    found = found._replace(task=f"{name}:{found.task}")
                yield found
        for name, task in mapping(root.get("tasks")).items():
            for command in self._commands(text, task, folder, variables):
                yield command._replace(task=name)
        self._above.pop()

    def _included(
        self,
        text: Text,
        node: yaml.Node,
        folder: str,
        variables: dict[str, str],
    ) -> Iterator[Command | Unfollowed]:
        here = posixpath.dirname(text.path)
        parts = mapping(node)
        inside = self._filled(_scalar(parts.get("dir")) or "", variables)
        named = self._filled(_scalar(parts.get("taskfile", node)) or "", variables)
        is_deep = len(self._above) > _DEPTH
        if not named or UNKNOWN in named or "://" in named or UNKNOWN in inside or is_deep:
            yield Unfollowed(text.spot(node.start_mark.index))
            return
        target = posixpath.normpath(posixpath.join(here, named))
        candidates = [target, *(posixpath.join(target, name) for name in NAMES)]
        found = next((path for path in candidates if self._load(path) is not None), None)
        if found in self._above or self._left < 0:
            yield Unfollowed(text.spot(node.start_mark.index))
            return
        if found is None:
            if (_scalar(parts.get("optional")) or "").lower() != "true":
                yield Unfollowed(text.spot(node.start_mark.index))
            return
        below = _joined(here, inside) if inside else folder
        more = self._variables(parts.get("vars"), variables)
        yield from self.read(found, below, {**variables, **more})

    def _commands(
        self, text: Text, task: yaml.Node, folder: str, variables: dict[str, str]
    ) -> Iterator[Command]:
        parts = mapping(task)
        # A task of one command may be the command itself.
        cmds = parts.get("cmds", parts.get("cmd")) if parts else task
        own = self._variables(parts.get("vars"), variables)
        known = ChainMap(own, variables)
        inside = _joined(folder, self._filled(_scalar(parts.get("dir")) or "", known))
        for node in cmds.value if isinstance(cmds, yaml.SequenceNode) else [cmds]:
            command = mapping(node).get("cmd", node)
            script = _scalar(command)
            if command is not None and script:
                spot = text.spot(command.start_mark.index)
                yield Command(spot, self._filled(script, known), inside)

    def _variables(self, node: yaml.Node | None, known: dict[str, str]) -> dict[str, str]:
        """The variables of a mapping in order; a value may name `known` ones and earlier ones."""
        found: dict[str, str] = {}
        # To copy all known variables for each task would take long.
        together = ChainMap(found, known)
        for name, value in mapping(node).items():
            text = _scalar(value)
            found[name] = UNKNOWN if text is None else self._filled(text, together)
        return found

    def _filled(self, text: str, variables: Mapping[str, str]) -> str:
        """A text with values for its variables; beyond `_GROWTH` characters all are UNKNOWN."""
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
        # Arguments that a person adds to the call are no part of the file.
        return ""
    return variables.get(name[1], UNKNOWN) if name else UNKNOWN


def _called(tasks: yaml.Node | None) -> Iterator[set[str]]:
    """Yield the names of the variables that each call of a task sets."""
    for task in mapping(tasks).values():
        parts = mapping(task)
        for calls in (task, parts.get("cmds"), parts.get("deps")):
            for call in calls.value if isinstance(calls, yaml.SequenceNode) else []:
                yield set(mapping(mapping(call).get("vars")))


def _joined(folder: str, inside: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, inside))
    return "" if path == "." else path


def _scalar(node: yaml.Node | None) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None
