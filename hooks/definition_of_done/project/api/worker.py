"""The modules that a `taskiq worker` command imports, by its arguments."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.readers.task_commands import UNKNOWN, Command

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
_STARTS = regex(r"\btaskiq\s+worker\b")
# A worker after one of these runs in another folder.
_MOVES = regex(r"(?:^|[;&|(])[^\S\n]*+(?:cd|pushd)\s", re.MULTILINE)
_BREAKS = set(";&|<>()")


class Worker(NamedTuple):
    """A worker, the modules that its command names, and the folder from which it imports them.

    `patterns` are globs of files. With `--fs-discover` alone they are taskiq's own one. Without
    that flag taskiq ignores the patterns: they are `ignored`. `is_seen` is False where any part of
    the command is computed. `name` is the broker's in its module.
    """

    spot: Spot
    folder: str
    broker: str
    is_seen: bool
    modules: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    app_dir: str = ""
    ignored: tuple[str, ...] = ()
    name: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """The patterns, also those in vain, then the modules."""
        return (*self.patterns, *self.ignored, *self.modules)

    @property
    def is_broker_alone(self) -> bool:
        """True where nothing but the broker's own module can import a task."""
        return not (self.patterns or self.modules)


def read_workers(command: Command) -> Iterator[Worker]:
    """Yield the workers that a script starts."""
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
        for index, word in enumerate(words):
            if " " in word and "taskiq" in word:
                # `watchfiles "taskiq worker app.worker:broker"`
                yield from read_workers(command._replace(script=word))
            elif word == "worker" and index and words[index - 1].rpartition("/")[2] == "taskiq":
                yield _worker(command, words[index + 1 :])
                break


def _simple_commands(script: str) -> Iterator[list[str] | None]:
    """Yield the words of each command, or None where a line cannot be split."""
    for line in script.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:
            yield None
            return
        start = 0
        for index, word in enumerate([*words, ";"]):
            if set(word) <= _BREAKS:
                yield words[start:index]
                start = index + 1


def _worker(command: Command, words: list[str]) -> Worker:
    positional, options, are_known = _arguments(words)
    given = tuple(options.get("--tasks-pattern", ()))
    discovers = "--fs-discover" in options
    app_dir = options.get("--app-dir", [""])[-1]
    told = [*positional, *given, app_dir, command.folder]
    broker, *modules = positional or [UNKNOWN]
    return Worker(
        command.spot,
        command.folder,
        broker.partition(":")[0],
        are_known and bool(positional) and not any(map(_is_computed, told)),
        tuple(modules),
        (given or (_DEFAULT_PATTERN,)) if discovers else (),
        app_dir,
        () if discovers else given,
        broker.partition(":")[2].partition(".")[0],
    )


def _arguments(words: list[str]) -> tuple[list[str], dict[str, list[str]], bool]:
    """The positional arguments, the options with their values, and True where all are known."""
    positional: list[str] = []
    options: dict[str, list[str]] = {}
    are_known = True
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            positional.append(word)
        elif re.fullmatch(r"-w\d+", word):
            continue
        elif (option := _option(name)) is None:
            are_known = False
        elif option in _FLAGS:
            options[option] = []
        else:
            options.setdefault(option, []).append(value if equals else next(rest, UNKNOWN))
    return positional, options, are_known


def _option(name: str) -> str | None:
    """The option that a word stands for; argparse accepts the beginning of one."""
    known = (*_FLAGS, *_VALUES)
    name = _SHORT.get(name, name)
    if name in known:
        return name
    found = [option for option in known if name.startswith("--") and option.startswith(name)]
    return found[0] if len(found) == 1 else None


def _is_computed(word: str) -> bool:
    """True for a word that depends on Task, on the shell or on the machine."""
    return bool(re.search(r"[\0$`]", word)) or word.startswith(("/", "~")) or ".." in word
