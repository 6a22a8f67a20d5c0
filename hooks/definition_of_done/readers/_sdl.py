"""Type definitions of GraphQL as the parts of a schema, where a plain look at them is certain.

graphql-core takes as long to import as everything else on a commit together. What is written
here is a part of its grammar: whatever is not, a mistake above all, is graphql-core's to read.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = {
    "scalar_type": "scalar",
    "object_type": "type",
    "interface_type": "interface",
    "union_type": "union",
    "enum_type": "enum",
    "input_object_type": "input",
}
# A directive for other places is the server's own matter: no client can write it.
EXECUTABLE = frozenset(
    "QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT"
    " VARIABLE_DEFINITION".split()
)
_OTHER_PLACES = frozenset(
    "SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE"
    " INPUT_OBJECT INPUT_FIELD_DEFINITION".split()
)
_OPERATIONS = ("query", "mutation", "subscription")
_IGNORED = r"(?:[ \t\r\n,]|#[^\r\n]*)*"
_TOKEN = re.compile(
    _IGNORED + r"(?:"
    r'(?P<block>"""(?:\\"""|[^"\\]|"(?!""))*""")'
    r'|(?P<text>"[^"\\\t\r\n]*")(?!")'
    r"|(?P<name>[_A-Za-z][_0-9A-Za-z]*)"
    r"|(?P<number>-?(?:0|[1-9][0-9]*))(?![_0-9A-Za-z.])"
    r"|(?P<mark>[!&()\[\]{}:=@|])"
    r"|(?P<end>\Z)"
    r")"
)
_CONTROL = re.compile(r"[^\t\n\r -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Part(NamedTuple):
    """One thing of a schema: `name` as a message calls it, `parent` the coordinate it is in.

    `type` is as the schema writes it, `default` the text of a default value, `at` the offset of
    the name in the file's text.
    """

    kind: str
    name: str
    parent: str = ""
    type: str = ""
    default: str | None = None
    at: int = 0

    @property
    def is_required(self) -> bool:
        """Whether whoever calls must give a value, for an argument or an input field."""
        return self.type.endswith("!") and self.default is None


class Unsure(Exception):
    """The source holds what is not read here; it may be right or wrong."""


class Sdl:
    """The parts of a document by coordinate, and the operation that it names for each root type.

    `operations` is None where no `schema` says it. Raises Unsure.
    """

    def __init__(self, source: str) -> None:
        if _CONTROL.search(source):
            raise Unsure
        self._source = source
        self._at = self._start = 0
        self._kind = self._token = ""
        self.parts: dict[str, Part] = {}
        self.operations: dict[str, str] | None = None
        try:
            self._next()
            while self._kind != "end":
                self.parts.update(self._definition())
        except RecursionError:
            raise Unsure from None
        if not self.parts and self.operations is None:
            raise Unsure

    def _next(self) -> str:
        """Go on by a token; returns the one that is left."""
        left = self._token
        found = _TOKEN.match(self._source, self._at)
        if found is None or found.lastgroup is None:
            raise Unsure
        self._kind = found.lastgroup
        self._token = found[self._kind]
        self._start, self._at = found.span(self._kind)
        return left

    def _take(self, mark: str) -> bool:
        if self._kind == "mark" and self._token == mark:
            self._next()
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise Unsure

    def _name(self) -> str:
        if self._kind != "name":
            raise Unsure
        return self._next()

    def _describe(self) -> None:
        if self._kind in ("block", "text"):
            self._next()

    def _definition(self) -> "Iterator[tuple[str, Part]]":
        self._describe()
        kind = self._name()
        if kind == "schema":
            self._schema()
        elif kind == "directive":
            yield from self._directive()
        elif kind in TYPES.values():
            at = self._start
            name = self._name()
            yield name, Part(kind, name, at=at)
            yield from self._inside(kind, name)
        else:
            raise Unsure

    def _schema(self) -> None:
        if self.operations is not None:
            raise Unsure
        self.operations = {}
        self._directives()
        self._need("{")
        while not self._take("}"):
            operation = self._name()
            if operation not in _OPERATIONS or operation in self.operations:
                raise Unsure
            self._need(":")
            self.operations[operation] = self._name()
        if not self.operations:
            raise Unsure

    def _directive(self) -> "Iterator[tuple[str, Part]]":
        self._need("@")
        name = f"@{self._name()}"
        arguments = [*self._arguments(name)]
        is_repeatable = self._token == "repeatable"
        if is_repeatable:
            self._next()
        if self._name() != "on":
            raise Unsure
        named = self._several("|")
        if not {*named} <= EXECUTABLE | _OTHER_PLACES:
            raise Unsure
        places = [place for place in named if place in EXECUTABLE]
        if not places:
            return
        yield name, Part("directive", name)
        for place in places:
            yield f"{name} on {place}", Part("place", f"{place} of {name}", name)
        if is_repeatable:
            yield f"{name} repeatable", Part("repeatable", f"repeatable of {name}", name)
        yield from arguments

    def _inside(self, kind: str, name: str) -> "Iterator[tuple[str, Part]]":
        if kind in ("type", "interface") and self._kind == "name" and self._token == "implements":
            self._next()
            for one in self._several("&"):
                yield f"{name} & {one}", Part("implemented", f"interface {one} of {name}", name)
        self._directives()
        if kind == "union" and self._take("="):
            for one in self._several("|"):
                yield f"{name} | {one}", Part("member", f"member {one} of {name}", name)
        if kind in ("scalar", "union") or not self._take("{"):
            return
        if self._take("}"):
            raise Unsure
        while not self._take("}"):
            self._describe()
            if kind == "input":
                yield self._value_of(name, "input field")
                continue
            at = self._start
            key = f"{name}.{self._name()}"
            if kind == "enum":
                if key.endswith((".true", ".false", ".null")):
                    raise Unsure
                yield key, Part("value", key, name, at=at)
            else:
                arguments = [*self._arguments(key)]
                self._need(":")
                yield key, Part("field", key, name, self._type(), at=at)
                yield from arguments
            self._directives()

    def _arguments(self, parent: str) -> "Iterator[tuple[str, Part]]":
        if not self._take("("):
            return
        if self._take(")"):
            raise Unsure
        while not self._take(")"):
            self._describe()
            yield self._value_of(parent, "argument")

    def _value_of(self, parent: str, kind: str) -> tuple[str, Part]:
        at = self._start
        name = self._name()
        key = f"{parent}({name}:)" if kind == "argument" else f"{parent}.{name}"
        self._need(":")
        type = self._type()
        default = " ".join(self._value().split()) if self._take("=") else None
        self._directives()
        return key, Part(kind, key, parent, type, default, at)

    def _several(self, mark: str) -> list[str]:
        self._take(mark)
        names = [self._name()]
        while self._take(mark):
            names.append(self._name())
        return names

    def _type(self) -> str:
        if self._take("["):
            written = f"[{self._type()}]"
            self._need("]")
        else:
            written = self._name()
        return f"{written}!" if self._take("!") else written

    def _directives(self) -> None:
        while self._take("@"):
            self._name()
            if self._take("("):
                if self._take(")"):
                    raise Unsure
                while not self._take(")"):
                    self._name()
                    self._need(":")
                    self._value()

    def _value(self) -> str:
        """A constant as graphql-core writes it."""
        if self._kind in ("name", "number", "text"):
            return self._next()
        self._need("[")
        values = []
        while not self._take("]"):
            values.append(self._value())
        return f"[{', '.join(values)}]"
