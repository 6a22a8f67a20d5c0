"""The root fields of the exported schemas, and the resources and verbs that they are for."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.api.graphql import read_export
from definition_of_done.project.api.plurals import Names, words
from definition_of_done.readers.graphql import Schema

_VERBS = {
    "create": frozenset(
        "create add new insert register save upsert import make submit record post open put issue"
        " upload invite schedule place book set generate build request send store enroll"
        " clone duplicate copy subscribe join apply start share publish log".split()
    ),
    "update": frozenset(
        "update edit modify change set save upsert patch rename replace put adjust amend correct"
        " assign toggle mark move reorder configure sync merge alter revise complete approve"
        " activate enable reset transfer".split()
    ),
    "delete": frozenset(
        "delete remove destroy archive cancel void deactivate drop revoke discard purge trash"
        " close disable unregister detach clear erase soft del terminate end reject withdraw"
        " uninstall unassign unsubscribe leave expire".split()
    ),
}
ROOTS = ("list", *_VERBS)
_EXPORTS = frozenset("export exports exported download csv xlsx excel pdf report print".split())
# A mutation may be for every resource where its name has only these words and verbs.
_ANY = frozenset("node nodes entity entities record records item items object objects by id ids"
                 " many bulk all one batch or and".split())  # fmt: skip
_WRAPPERS = ("Connection", "Edge", "Page", "List", "Payload", "Result", "Response", "Paginated")
_NAMESPACES = frozenset("query queries viewer namespace mutation mutations operations".split())
_DEEPEST = 3
_SCALARS = ("Int", "Float", "String", "Boolean", "ID", "Date", "DateTime")


class RootField(NamedTuple):
    """A field of a query or a mutation, as `operation` says.

    `name` begins with the names of the fields that lead to it, separated by spaces. `types` are the
    types of its answer and of its arguments. `is_list` says that the answer is or holds a list, or
    that nobody can see it.
    """

    operation: str
    name: str
    types: tuple[str, ...]
    is_list: bool

    @property
    def last(self) -> str:
        """The field's own name."""
        return self.name.rpartition(" ")[2]

    def does(self, link: str) -> bool:
        """True for a list if the link is `list`, else for a mutation with a verb of the link.

        A query exports, too.
        """
        if link == "list":
            return self.operation == "query" and self.is_list
        if link == "export":
            return not _EXPORTS.isdisjoint(words(self.name))
        return self.operation == "mutation" and not _VERBS[link].isdisjoint(words(self.name))

    def is_for(self, resource: str, names: Names, own: Own) -> bool:
        """True where a resource owns it by its name, its types, or the code that declares it."""
        if self.last in own.operations:
            return True
        named = names.of(self.name)
        if named:
            return resource in named
        bare = {_bare(name) for name in self.types}
        if bare & own.types or any(resource in names.of(name) for name in bare):
            return True
        used = set(words(self.name))
        verbs = frozenset().union(*_VERBS.values())
        return self.operation == "mutation" and used <= _ANY | verbs and bool(used & _ANY)


class Own(NamedTuple):
    """The types and the operations that a resource's own code declares, by GraphQL's names.

    `mutations` are among the operations.
    """

    types: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    mutations: frozenset[str] = frozenset()

    def does(self, link: str) -> bool:
        """True where an operation of the code may do what a link asks for."""
        return any(
            RootField("mutation" if name in self.mutations else "query", name, (), True).does(link)
            for name in self.operations
        )


def read_root_fields(session: Session) -> list[RootField] | None:
    """Read the root fields of all exported schemas.

    None where no schema is exported.
    """
    schemas = [
        read_export(session, path)
        for path in session.config["schema-exports"]
        if session.tree.exists(path)
    ]
    return [field for schema in schemas for field in _fields(schema)] if schemas else None


def creates(name: str) -> bool:
    """True for a name that a mutation which creates something may have."""
    return not _VERBS["create"].isdisjoint(words(name)[:1])


def _fields(schema: Schema) -> Iterator[RootField]:
    below: dict[str, list[str]] = {}
    for key, part in schema.parts.items():
        if part.kind in ("field", "argument"):
            below.setdefault(part.parent, []).append(key)

    def holds_list(answer: str) -> bool:
        part = schema.parts.get(answer)
        if part is None or part.kind not in ("type", "interface"):
            return answer not in _SCALARS
        return any("[" in schema.parts[key].type for key in below.get(answer, ()))

    def inside(parent: str, operation: str, above: str, depth: int) -> Iterator[RootField]:
        for key in below.get(parent, ()):
            answer = schema.parts[key].type.strip("[]!")
            arguments = [schema.parts[inner].type.strip("[]!") for inner in below.get(key, ())]
            name = f"{above} {key.rpartition('.')[2]}".strip()
            is_list = "[" in schema.parts[key].type or holds_list(answer)
            field = RootField(operation, name, (answer, *arguments), is_list)
            yield field
            is_namespace = not _NAMESPACES.isdisjoint(words(answer)) or (
                operation == "mutation" and not any(map(field.does, _VERBS))
            )
            if is_namespace and depth < _DEEPEST:
                yield from inside(answer, operation, name, depth + 1)

    for root, operation in schema.roots.items():
        if operation in ("query", "mutation"):
            yield from inside(root, operation, "", 1)


def _bare(type_name: str) -> str:
    """The name of a type without the words for many of it or for an answer about it."""
    for wrapper in _WRAPPERS:
        type_name = type_name.removesuffix(wrapper)
    return type_name
