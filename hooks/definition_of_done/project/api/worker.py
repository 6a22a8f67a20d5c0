"""A `taskiq worker` command: which modules it imports, by its arguments."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.readers.taskfile import UNKNOWN, Command

_FLAGS = (
    "--fs-discover --reload -r --no-parse --no-propagate-errors --do-not-use-gitignore"
    " --no-configure-logging --use-process-pool"
).split()
_VALUES = (
    "--app-dir --receiver --receiver_arg --tasks-pattern --log-level --log-format --workers"
    " -w --max-threadpool-threads --shutdown-timeout --reload-dir --max-async-tasks"
    " --max-async-tasks-jitter --max-prefetch --max-fails --ack-type --max-tasks-per-child"
    " --wait-tasks-timeout --hardkill-count --max-process-pool-processes"
).split()
_SHORT = {"-fsd": "--fs-discover", "-d": "--app-dir", "-tp": "--tasks-pattern"}
_DEFAULT_PATTERN = "**/tasks.py"
_STARTS = re.compile(r"\btaskiq\s+worker\b")
# What follows runs in another folder.
_MOVES = re.compile(r"(?:^|[;&|(])[^\S\n]*+(?:cd|pushd)\s", re.MULTILINE)
_BREAKS = set(";&|<>()")


class Worker(NamedTuple):
    """What a worker is told to import, from which folder.

    `patterns` are the globs of files: taskiq's own one for `--fs-discover` alone. A pattern counts
    without that flag, too, though taskiq then overlooks it: that is not the fault of a task.
    `is_seen` is False where a part of this is computed.
    """

    spot: Spot
    folder: str
    broker: str
    is_seen: bool
    modules: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    app_dir: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """Its patterns, then its modules."""
        return (*self.patterns, *self.modules)


def read_workers(command: Command) -> Iterator[Worker]:
    """The workers that a script starts."""
    script = re.sub(r"\\\r?\n", " ", command.script)
    if not _STARTS.search(script):
        return
    if _MOVES.search(script):
        yield Worker(command.spot, command.folder, "", is_seen=False)
        return
    for words in _simple_commands(script):
        if words is None:
            yield Worker(command.spot, command.folder, "", is_seen=False)
            continue
        for at, word in enumerate(words):
            if " " in word and "taskiq" in word:
                # `watchfiles "taskiq worker app.worker:broker"`
                yield from read_workers(command._replace(script=word))
            elif word == "worker" and at and words[at - 1].rpartition("/")[2] == "taskiq":
                yield _worker(command, words[at + 1 :])
                break


def _simple_commands(script: str) -> Iterator[list[str] | None]:
    """The words of each command, None for a script that cannot be split."""
    for line in script.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:
            yield None
            return
        start = 0
        for at, word in enumerate([*words, ";"]):
            if set(word) <= _BREAKS:
                yield words[start:at]
                start = at + 1


def _worker(command: Command, words: list[str]) -> Worker:
    given: dict[str, list[str]] = {}
    positional: list[str] = []
    seen = True
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            positional.append(word)
        elif re.fullmatch(r"-w\d+", word):
            continue
        elif (option := _option(name)) is None:
            seen = False
        elif option in _FLAGS:
            given[option] = []
        else:
            given.setdefault(option, []).append(value if equals else next(rest, UNKNOWN))
    patterns = given.get("--tasks-pattern", [])
    if not patterns and "--fs-discover" in given:
        patterns = [_DEFAULT_PATTERN]
    app_dir = given.get("--app-dir", [""])[-1]
    told = [*positional, *patterns, app_dir, command.folder]
    broker, *modules = positional or [UNKNOWN]
    return Worker(
        command.spot,
        command.folder,
        broker.partition(":")[0],
        seen and bool(positional) and not any(map(_is_computed, told)),
        tuple(modules),
        tuple(patterns),
        app_dir,
    )


def _option(name: str) -> str | None:
    """The option that a word is, perhaps shortened as argparse takes it."""
    known = (*_FLAGS, *_VALUES)
    name = _SHORT.get(name, name)
    if name in known:
        return name
    found = [one for one in known if name.startswith("--") and one.startswith(name)]
    return found[0] if len(found) == 1 else None


def _is_computed(word: str) -> bool:
    """Whether Task, the shell or the place where it runs decides what a word is."""
    return bool(re.search(r"[\0$`]", word)) or word.startswith(("/", "~")) or ".." in word
