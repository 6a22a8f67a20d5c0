"""The tests that a branch adds or changes, and what they are tests of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.engine.session import Session
from definition_of_done.project.api.forms import Code, Forms, changed
from definition_of_done.project.api.plurals import spell
from definition_of_done.project.layout import is_migration, is_test, layer_of
from definition_of_done.readers.python import read_module

_PROSE = (".md", ".rst", ".txt", ".adoc")


class Test(NamedTuple):
    """A file in which tests are new or changed.

    `text` is all of it, `spoken` the words of its path and of what is new or changed, `imported`
    are the dotted names.
    """

    path: str
    text: str
    spoken: str
    imported: frozenset[str] = frozenset()


class Target(NamedTuple):
    """A resource, its folder, the classes of what changed there, and the names a test may call.

    `longer` are the resources whose names hold this one's.
    """

    name: str
    folder: str
    longer: tuple[str, ...]
    classes: frozenset[str]
    names: frozenset[str]


def read_tests(session: Session) -> list[Test]:
    """The files of the branch with a test that its base has not.

    A file that holds the data of tests counts by its path alone. One that cannot be parsed, too:
    what it tests cannot be seen.
    """
    touched = session.branch.changed_or_nothing()
    old = list(_old(session, [path for path, letter in touched.items() if letter != "A"]))
    found = []
    for path, letter in sorted(touched.items()):
        if letter == "D" or not session.tree.exists(path):
            continue
        if not path.endswith(".py"):
            if is_test(path) and not path.endswith(_PROSE):
                found.append(Test(path, "", spell(path)))
        elif _may_test(session, path, data := session.tree.read(path)):
            try:
                forms = Forms(read_module(path, data))
            except Unreadable:
                text = data.decode("utf-8", "replace")
                found.append(Test(path, text, spell(f"{path} {text}")))
                continue
            imported = frozenset(forms.origins.imported)
            if new := changed(forms.statements(), old):
                spoken = spell(" ".join([path, *(one.text for one in new)]))
                found.append(Test(path, forms.text, spoken, imported))
    return found


def _old(session: Session, paths: list[str]) -> Iterator[Code]:
    """What the tests among these files do on the base."""
    for path in paths:
        if not path.endswith(".py"):
            continue
        data = session.branch.read_at(session.branch.base or "HEAD", path)
        if _may_test(session, path, data):
            try:
                yield from Forms(read_module(path, data)).statements()
            except Unreadable:
                # What was no Python on the base tested nothing.
                continue


def _may_test(session: Session, path: str, data: bytes) -> bool:
    """Whether a Python file holds tests, by its name or by a function that is called so."""
    name = path.rpartition("/")[2]
    if name.startswith("test_") or name.endswith("_test.py") or name in ("test.py", "tests.py"):
        return layer_of(session, path) is None
    if b"def test" not in data or is_migration(session, path):
        return False
    return layer_of(session, path) is None


def covers(test: Test, target: Target) -> bool:
    """Whether a file tests a resource.

    It stands in its folder, is named after it, imports of it, names a class of it, or what it
    changes speaks of it or of what the branch changes there.
    """
    if test.path.startswith(target.folder + "/"):
        return True
    dotted = r"[./]".join(map(re.escape, target.folder.split("/")[-2:]))
    if any(re.search(rf"(?<!\w){dotted}(?!\w)", one) for one in (test.text, *test.imported)):
        return True
    if target.classes & set(re.findall(r"\w+", test.text)):
        return True
    spoken = test.spoken
    for longer in target.longer:
        spoken = re.sub(_pattern(longer), " ", spoken)
    return any(_find(spoken, name) for name in (target.name, *target.names))


def longer_names(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """The names that hold a name: `vendors` is not spoken of where `vendor_credits` is."""
    return tuple(sorted(one for one in others if one != name and _find(spell(one), name)))


def _find(spoken: str, name: str) -> bool:
    """Whether a name stands there, as one or as many, but not as that of a foreign key."""
    return (
        bool(spell(name)) and re.search(_pattern(name) + r"(?!_id(?![^\W_]))", spoken) is not None
    )


@cache
def _pattern(name: str) -> str:
    """What finds a name in such a text, be its words in one or in several."""
    return rf"(?<![^\W_]){spell(name).replace('_', '[_ ]?')}(?![^\W_])"
