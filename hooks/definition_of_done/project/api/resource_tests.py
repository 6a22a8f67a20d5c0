"""The tests of the project and those of the branch, each with the resources that they test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.api.collected import is_collected, takes_class
from definition_of_done.project.api.coverage import (
    LAYERS,
    Coverage,
    Fixtures,
    pack_coverage,
    read_coverage,
    unpack_coverage,
)
from definition_of_done.project.api.forms import Code, Forms, changed
from definition_of_done.project.api.plurals import Names, spell
from definition_of_done.project.api.resources import tests_folder
from definition_of_done.project.layout import (
    RESOLVER,
    is_in_tests,
    is_migration,
    is_test,
    layer_of,
)
from definition_of_done.readers.python import read_module

_PROSE = (".md", ".rst", ".txt", ".adoc")


class Test(NamedTuple):
    """A file with new or changed tests.

    `text` is all of its text. `spoken` are the words of its path and of its new or changed code, as
    `spell` writes them. `imported` are the dotted names that it imports.
    """

    path: str
    text: str
    spoken: str
    imported: frozenset[str] = frozenset()


class Target(NamedTuple):
    """A resource whose code changed, and the names by which a test may refer to that code.

    `classes` are the classes that changed, `names` the functions. `longer` are the resources whose
    names contain this one's.
    """

    name: str
    folder: str
    longer: tuple[str, ...]
    classes: frozenset[str]
    names: frozenset[str]


def read_tests(session: Session) -> list[Test]:
    """Read the files of the branch that have a test which the base does not have.

    A file of test data counts by its path alone. A test file that cannot be parsed always counts,
    because nobody can see what it tests.
    """
    touched = session.branch.changed_or_nothing()
    old = list(_old_tests(session, [path for path, letter in touched.items() if letter != "A"]))
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
            imported = frozenset(forms.module.origins.imported)
            if new := changed(forms.statements(), old):
                spoken = spell(" ".join([path, *(statement.text for statement in new)]))
                found.append(Test(path, forms.text, spoken, imported))
    return found


def _old_tests(session: Session, paths: list[str]) -> Iterator[Code]:
    """Yield the statements of the tests that the base has in these files."""
    for path in paths:
        if not path.endswith(".py"):
            continue
        data = session.branch.read_before(path)
        if _may_test(session, path, data):
            try:
                yield from Forms(read_module(path, data)).statements()
            except Unreadable:
                # A file that was not Python on the base tested nothing.
                continue


def _may_test(session: Session, path: str, data: bytes) -> bool:
    """True for a Python file that holds tests, by its name or by the name of a function."""
    name = path.rpartition("/")[2]
    is_named = name.startswith("test_") or name.endswith("_test.py")
    is_named |= name in ("test.py", "tests.py")
    if not is_named and (b"def test" not in data or is_migration(session, path)):
        return False
    return layer_of(session, path) is None


def covers(test: Test, target: Target) -> bool:
    """True where a file tests a resource.

    The file stands in the resource's folder, imports from it, or names a class of it. Or the path
    or the changed code mentions the resource, or a name that the branch changes there.
    """
    if test.path.startswith(target.folder + "/"):
        return True
    dotted = r"[./]".join(map(re.escape, target.folder.split("/")[-2:]))
    if any(re.search(rf"(?<!\w){dotted}(?!\w)", text) for text in (test.text, *test.imported)):
        return True
    if target.classes & set(re.findall(r"\w+", test.text)):
        return True
    spoken = test.spoken
    for longer in target.longer:
        spoken = re.sub(_pattern(longer), " ", spoken)
    return any(_mentions(spoken, name) for name in (target.name, *target.names))


def longer_names(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """The other names that contain a name, as `vendor_credits` contains `vendors`."""
    return tuple(
        sorted(longer for longer in others if longer != name and _mentions(spell(longer), name))
    )


def _mentions(spoken: str, name: str) -> bool:
    """True where a spelt text has a name, in singular or plural, but not as a foreign key."""
    return (
        bool(spell(name)) and re.search(_pattern(name) + r"(?!_id(?![^\W_]))", spoken) is not None
    )


@cache
def _pattern(name: str) -> str:
    """The expression that finds a name in a spelt text, written as one word or as several."""
    return rf"(?<![^\W_]){spell(name).replace('_', '[_ ]?')}(?![^\W_])"


class TestFiles:
    """The test files of the project, each given to the resources that it tests.

    Its folder decides. Where no resource has a folder of tests, then its filename does, then its
    imports and its GraphQL documents. `operations` are the root fields of a resource.
    """

    __test__ = False

    def __init__(
        self, session: Session, names: Names, operations: Callable[[str], frozenset[str]]
    ) -> None:
        self._session = session
        self._names = names
        self._operations = operations
        self._resources = session.config["resources"]
        last = self._resources.rpartition("/")[2]
        self._package = re.compile(rf"(?:^|\.){re.escape(last)}\.(\w+)")

    def covered(self) -> dict[str, set[str]]:
        """Read which layers of each resource the tests cover.

        A file that can add nothing is not read.
        """
        covered: dict[str, set[str]] = {resource: set() for resource in self._names.all}
        paths = [
            path
            for path in self._session.tree.tracked
            if path.endswith(".py") and (is_test(path) or is_in_tests(self._session, path))
        ]
        above = f"{tests_folder(self._session)}/"
        has_folders = any(
            "/" in path[len(above) :] and self._names.of(path[len(above) :].partition("/")[0])
            for path in paths
            if path.startswith(above)
        )
        fixtures = self._fixtures(paths)
        files = [(path, *self._split(path)) for path in paths]
        for path, resources, name in sorted(files, key=lambda entry: not entry[1]):
            wanted = resources or self._names.all
            is_covered = all(covered[resource] >= LAYERS for resource in wanted)
            if is_covered or not self._session.tree.exists(path):
                continue
            if has_folders and not self._in_folder(path):
                continue
            if not is_collected(self._session, path):
                continue
            coverage = self._coverage(path, name, fixtures)
            for resource in resources or self._imported(coverage):
                is_other = self._asks_others(resource, coverage)
                covered[resource] |= coverage.layers - ({RESOLVER} if is_other else set())
            for resource in () if resources else self._asked(coverage):
                covered[resource].add(RESOLVER)
        return covered

    def _coverage(self, path: str, name: str, fixtures: Fixtures) -> Coverage:
        data = self._session.tree.read(path)
        any_class = takes_class(self._session, data)
        return self._session.cache.recall(
            # A test has what the fixtures have that it asks for.
            f"coverage {name} {any_class} {fixtures.digest}",
            path,
            data,
            lambda path, data: read_coverage(path, name, data, fixtures, any_class=any_class),
            pack_coverage,
            unpack_coverage,
        )

    def _fixtures(self, paths: list[str]) -> Fixtures:
        """The fixtures of the conftest files; an empty one has none."""
        tree = self._session.tree
        names = [path for path in paths if path.rpartition("/")[2] == "conftest.py"]
        return Fixtures({path: tree.read(path) for path in names if tree.exists(path)})

    def _in_folder(self, path: str) -> bool:
        """True for a test in a folder that is named as a resource."""
        folders = path.removeprefix(f"{self._resources}/").split("/")[:-1]
        return any(map(self._names.of, folders))

    def _split(self, path: str) -> tuple[set[str], str]:
        """The resources that a path names, and the rest of it, which may name a layer."""
        *folders, name = path.removeprefix(f"{self._resources}/").split("/")
        for at in range(len(folders) - 1, -1, -1):
            if resources := self._names.of(folders[at]):
                return resources, "/".join([*folders[at + 1 :], name])
        return self._names.of(name), name

    def _asks_others(self, resource: str, coverage: Coverage) -> bool:
        """True where all operations that a file executes are those of other resources."""
        if not coverage.asked or any(resource in self._names.of(name) for name in coverage.asked):
            return False
        others = [self._operations(other) for other in self._names.all if other != resource]
        is_own = not coverage.asked.isdisjoint(self._operations(resource))
        return not is_own and coverage.asked <= frozenset().union(*others)

    def _imported(self, coverage: Coverage) -> set[str]:
        """The resources that the file imports from."""
        packages = {
            found[1] for origin in coverage.imported if (found := self._package.search(origin))
        }
        return {resource for name in packages for resource in self._names.of(name)}

    def _asked(self, coverage: Coverage) -> set[str]:
        """The resources that the file's GraphQL documents name."""
        names = {name for text in coverage.documents for name in re.findall(r"\w+", text)}
        return {resource for name in names for resource in self._names.of(name)}
