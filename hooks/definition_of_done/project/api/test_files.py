"""Which test files belong to which resource, and what of it they cover."""

from __future__ import annotations

import re

from definition_of_done.engine.session import Session
from definition_of_done.project.api.coverage import LAYERS, Coverage, read_coverage
from definition_of_done.project.api.plurals import Names
from definition_of_done.project.layout import RESOLVER, is_in_tests, is_test


class TestFiles:
    """The tests of the project, by the resource whose folder they are in.

    Where they are in none, the filename decides, then what is imported or asked for in GraphQL.
    """

    __test__ = False

    def __init__(self, session: Session, names: Names) -> None:
        self._session = session
        self._names = names
        self._resources = session.config["resources"]
        last = self._resources.rpartition("/")[2]
        self._package = re.compile(rf"(?:^|\.){re.escape(last)}\.(\w+)")

    def covered(self) -> dict[str, set[str]]:
        """The layers that tests cover, by resource; raises Unreadable.

        A file that can add nothing is not read.
        """
        found: dict[str, set[str]] = {resource: set() for resource in self._names.all}
        files = [
            (path, *self._told(path))
            for path in self._session.tree.tracked
            if path.endswith(".py") and (is_test(path) or is_in_tests(self._session, path))
        ]
        for path, resources, name in sorted(files, key=lambda one: not one[1]):
            wanted = resources or self._names.all
            if all(found[one] >= LAYERS for one in wanted) or not self._session.tree.exists(path):
                continue
            coverage = read_coverage(path, name, self._session.tree.read(path))
            for one in resources or self._imported(coverage):
                found[one] |= coverage.layers
            for one in () if resources else self._asked(coverage):
                found[one].add(RESOLVER)
        return found

    def _told(self, path: str) -> tuple[set[str], str]:
        """The resources that a path names, and what of it may name a layer."""
        *folders, name = path.removeprefix(f"{self._resources}/").split("/")
        for at in range(len(folders) - 1, -1, -1):
            if resources := self._names.of(folders[at]):
                return resources, "/".join([*folders[at + 1 :], name])
        return self._names.of(name), name

    def _imported(self, coverage: Coverage) -> set[str]:
        packages = {
            found[1] for origin in coverage.imported if (found := self._package.search(origin))
        }
        return {one for name in packages for one in self._names.of(name)}

    def _asked(self, coverage: Coverage) -> set[str]:
        """The resources that the file's GraphQL documents name."""
        names = {name for text in coverage.documents for name in re.findall(r"\w+", text)}
        return {one for name in names for one in self._names.of(name)}
