"""The layers of each resource that the tests of the project cover."""

from __future__ import annotations

import re
from collections.abc import Callable

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
from definition_of_done.project.api.plurals import Names
from definition_of_done.project.api.resources import tests_folder
from definition_of_done.project.layout import RESOLVER, is_in_tests, is_test


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
