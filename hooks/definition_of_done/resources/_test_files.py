"""Which test files belong to which resource, and what of it they cover."""

import re

from definition_of_done.engine.session import Session
from definition_of_done.migrations import is_test
from definition_of_done.resources import RESOLVER, is_in_tests
from definition_of_done.resources._coverage import Coverage, read_coverage
from definition_of_done.resources._wording import Names


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
        """The layers that tests cover, by resource; raises Unreadable."""
        found: dict[str, set[str]] = {}
        for path in self._session.tracked:
            if path.endswith(".py") and (is_test(path) or is_in_tests(self._session, path)):
                for resource, layers in self._of(path).items():
                    found.setdefault(resource, set()).update(layers)
        return found

    def _of(self, path: str) -> dict[str, frozenset[str]]:
        if not self._session.exists(path):
            return {}
        *folders, name = path.removeprefix(f"{self._resources}/").split("/")
        for at in range(len(folders) - 1, -1, -1):
            if resources := self._names.of(folders[at]):
                coverage = self._read(path, "/".join([*folders[at + 1 :], name]))
                return dict.fromkeys(resources, coverage.layers)
        coverage = self._read(path, name)
        resources = self._names.of(name) or {
            one
            for origin in coverage.imported
            if (found := self._package.search(origin))
            for one in self._names.of(found[1])
        }
        asked = {one for text in coverage.documents for one in self._names_in(text)}
        return {
            **dict.fromkeys(asked, frozenset({RESOLVER})),
            **dict.fromkeys(resources, coverage.layers),
        }

    def _read(self, path: str, name: str) -> Coverage:
        return read_coverage(path, name, self._session.read(path))

    def _names_in(self, document: str) -> set[str]:
        identifiers = set(re.findall(r"\w+", document))
        return {one for name in identifiers for one in self._names.of(name)}
