"""The test files that the runner of the tests takes, as far as names and settings tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from itertools import pairwise
from posixpath import dirname, normpath

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.live_tests import LiveTests, is_idle
from definition_of_done.project.layout import is_test_module
from definition_of_done.readers.pytest_options import CONFIGURATIONS, read_added_options
from definition_of_done.readers.python import Module, read_module

# Where a team says which files are tests, and the words that do.
_RUNNERS = ("noxfile.py", "Makefile", "justfile", "Taskfile.yml", "Taskfile.yaml")
_COLLECTORS = frozenset((*CONFIGURATIONS, "conftest.py", *_RUNNERS))
_COLLECTS = regex(rb"python_files|pytest_collect|\bdiscover\b")
_TAKES_CLASSES = regex(rb"python_classes|pytest_pycollect|pytest_collect|\bnose")
# A run of its own may take what all others ignore.
_OTHER_OPTIONS = regex(
    rb"(?:-o|--override-ini)[ =]*+[\"']?addopts|pytest\b(?:(?!pytest\b).)*? -c\b"
)
_OTHER_CLASS = regex(rb"(?m)^class (?!Test)\w++ *+(?:\( *+(?:object *+)?\) *+)?:")


def is_collected(session: Session, path: str) -> bool:
    """True for a file that the runner of the tests takes for one of them, or may take."""
    is_named = is_test_module(path) or session.cache.keep(
        "collects by names", lambda: session.config.is_set("tests") or _says(session, _COLLECTS)
    )
    return is_named and not _is_left_out(session, path)


def takes_class(session: Session, data: bytes) -> bool:
    """True where the runner may take classes of any name that a file has."""
    return not _OTHER_CLASS.search(data) or session.cache.keep(
        "collects classes", lambda: _says(session, _TAKES_CLASSES)
    )


def checks_nothing(session: Session, path: str) -> bool:
    """True for a module of tests, by its name, that checks nothing."""
    data = session.tree.read(path)
    return is_idle(path, data, any_class=takes_class(session, data))


def _says(session: Session, words: re.Pattern[bytes], *endings: str) -> bool:
    """True where a file in which a team configures or runs its tests has the words.

    Those are files of certain names, and with one of the endings.
    """
    tree = session.tree
    files = (
        path
        for path in tree.tracked
        if path.rpartition("/")[2] in _COLLECTORS or path.endswith(endings)
    )
    return any(words.search(tree.read(path)) for path in files if tree.exists(path))


def _is_left_out(session: Session, path: str) -> bool:
    """True where the options that are added to each run, or a conftest, keep a file out."""
    folders = [path]
    while folders[-1]:
        folders.append(dirname(folders[-1]))
    patterns = session.cache.keep("ignored tests", lambda: [*_ignored(session)])
    if any(fnmatch(folder, pattern) for pattern in patterns for folder in folders[:-1]):
        return True
    return not _shut(session).isdisjoint(folders)


def _ignored(session: Session) -> Iterator[str]:
    """Yield the patterns of the paths that pytest ignores in each run."""
    tree = session.tree
    there = {name: tree.read(name) for name in CONFIGURATIONS if tree.exists(name)}
    options = pairwise([*read_added_options(there), ""])
    ignored = [
        normpath(value if equals else following)
        for option, following in options
        for name, equals, value in [option.partition("=")]
        if name in ("--ignore", "--ignore-glob")
    ]
    if ignored and not _says(session, _OTHER_OPTIONS, ".yml", ".yaml", ".sh"):
        yield from ignored
    for module in _conftests(session, b"collect_ignore"):
        for node in module.tree.body:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=parts))
                    | ast.AugAssign(target=ast.Name(id=name), value=ast.List(elts=parts))
                ) if name in ("collect_ignore", "collect_ignore_glob"):
                    for part in parts:
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            yield normpath(f"{dirname(module.path)}/{part.value}".lstrip("/"))


@once
def _shut(session: Session) -> set[str]:
    """The folders whose conftest skips each test by a fixture that all of them use."""
    found = _conftests(session, b"autouse", b"skip")
    return {dirname(module.path) for module in found if LiveTests(module).is_shut(module.tree)}


def _conftests(session: Session, *words: bytes) -> Iterator[Module]:
    """Yield the conftest files that have the words."""
    tree = session.tree
    for path in tree.tracked:
        if path.rpartition("/")[2] == "conftest.py" and tree.exists(path):
            data = tree.read(path)
            if all(word in data for word in words):
                with suppress(Unreadable):
                    yield read_module(path, data)
