"""The resources whose services, repositories or resolvers the branch changes without a test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.branch_tests import Target, covers, longer_names, read_tests
from definition_of_done.project.api.forms import Code, Forms, changed, is_stub, label
from definition_of_done.project.api.resources import resource_files, tests_folder
from definition_of_done.project.api.services import Function, Reader
from definition_of_done.project.layout import (
    RESOLVER,
    changed_code,
    is_layer,
    is_test,
    layer_of,
    resource_of,
)
from definition_of_done.readers.python import read_module

# A method of a type that is decorated with nothing else is a helper, not a field.
_HELPERS = {"classmethod", "staticmethod", "abstractmethod", "overload", "override"}

_TYPES = {"types", "inputs"}


class Untested(NamedTuple):
    """A resource, what the branch adds or changes of it, and where a test of it would stand.

    `spot` is that of the first of the names, `verb` says whether they are new or changed.
    """

    spot: Spot
    resource: str
    verb: str
    names: tuple[str, ...]
    test: str


class _Public(NamedTuple):
    """A public function with code.

    `owner` is its class, empty for a function of a module; `is_operation` says that it is, or
    helps, a query, mutation or subscription.
    """

    spot: Spot
    owner: str
    name: str
    is_operation: bool
    code: Code

    @property
    def label(self) -> str:
        return label(self.owner, self.name)


def read_untested(session: Session) -> list[Untested]:
    """The resources without a new or changed test.

    A function is new or changed where no function of the files that the branch changes had its
    name and code: what moves, and what changes in comments, docstrings, annotations, imports, names
    of variables and layout alone, is neither; what a function logs is its code. Raises NotEvaluated
    where there is no base, and Unreadable for code that is not Python.
    """
    code = changed_code(session)
    functions = {
        path: list(_read_public(session, path))
        for path, letter in code.items()
        if letter != "D" and is_layer(session, path) and session.tree.exists(path)
    }
    if not any(functions.values()):
        return []
    old = list(_read_old(session, [path for path, letter in code.items() if letter != "A"]))
    public = (one.code for found in functions.values() for one in found)
    news = set(changed(public, (one for _, one in old)))
    by_resource: dict[str, list[_Public]] = {}
    for path, found in functions.items():
        if left := [one for one in found if one.code in news]:
            by_resource.setdefault(resource_of(session, path), []).extend(left)
    labels = {name for name, _ in old}
    tests = read_tests(session) if by_resource else []
    untested = []
    for resource, found in by_resource.items():
        target = _target(session, resource, found)
        if not any(covers(test, target) for test in tests):
            untested.append(_untested(session, resource, found, labels))
    return untested


def _read_public(session: Session, path: str) -> Iterator[_Public]:
    """The public functions with code of a service, repository or resolver."""
    module = read_module(path, session.tree.read(path))
    reader, is_resolver = Reader(module), layer_of(session, path) == RESOLVER
    chosen = sorted(_choose(reader, is_resolver), key=lambda one: one[1].lineno)
    forms = Forms(module)
    is_operation = is_resolver and not _TYPES & set(path.removesuffix(".py").split("/"))
    for owner, node in chosen:
        spot, name = module.spot(node), node.name
        yield _Public(spot, owner, name, is_operation, Code(forms, node))


def _choose(reader: Reader, is_resolver: bool) -> Iterator[tuple[str, Function]]:
    body = reader.module.tree.body
    for node in reader.functions(body):
        if not is_stub(node):
            yield "", node
    for owner in body:
        if not isinstance(owner, ast.ClassDef) or owner.name.startswith("_"):
            continue
        is_service = reader.is_service(owner)
        for node in reader.functions(owner.body):
            is_field = is_resolver and bool(reader.decorators(node) - _HELPERS)
            if (is_service or is_field) and not is_stub(node):
                yield owner.name, node


def _read_old(session: Session, paths: list[str]) -> Iterator[tuple[str, Code]]:
    """The label and the code of all functions that the base has in these files."""
    for path in paths:
        try:
            module = read_module(path, session.branch.read_at(session.branch.base or "HEAD", path))
        except Unreadable:
            # What was no Python on the base declared nothing.
            continue
        yield from Forms(module).functions()


def _target(session: Session, resource: str, functions: list[_Public]) -> Target:
    resources = session.cache.keep(
        "resources", lambda: {name for name, _ in resource_files(session)}
    )
    return Target(
        resource,
        f"{session.config['resources']}/{resource}",
        longer_names(resource, resources),
        frozenset(one.owner for one in functions if one.owner),
        # One word, as `get` of a service or `title` of a type, is the name of much else.
        frozenset(one.name for one in functions if one.is_operation or "_" in one.name),
    )


def _untested(
    session: Session, resource: str, functions: list[_Public], labels: set[str]
) -> Untested:
    names = tuple(dict.fromkeys(one.label for one in functions))
    new = [name not in labels for name in names]
    verb = "adds" if all(new) else "adds and changes" if any(new) else "changes"
    first = functions[0].spot
    return Untested(first, resource, verb, names, _place(session, resource, first.path))


def _place(session: Session, resource: str, path: str) -> str:
    """Where a test of a file would stand, beside the resource's others where there are some."""
    above, _, name = path.rpartition("/")
    stem = above.rpartition("/")[2] if name == "__init__.py" else name.removesuffix(".py")
    inside = f"{session.config['resources']}/{resource}/tests"
    outside = f"{tests_folder(session)}/{resource}"
    folders = {one.rpartition("/")[0] for one in session.tree.tracked if is_test(one)}
    if outside not in folders and inside in folders:
        return f"{inside}/test_{stem}.py"
    return f"{outside}/test_{stem}.py"
