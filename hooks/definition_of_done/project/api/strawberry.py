"""The declarations of one file: decorated classes, and what is made by a call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from definition_of_done.project.api.declarations import (
    OPERATIONS,
    Declaration,
    Field,
    GraphQLCode,
    Mount,
    Operation,
    Unseen,
    camel_case,
)
from definition_of_done.project.api.fields import (
    RELAY,
    FieldReader,
    given_name,
    is_strawberrys,
    keyword,
)
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import Module

_KINDS = {kind: kind for kind in ("type", "input", "interface", "enum", "scalar", "union")} | {
    "interface_object": "type",
    # Those of strawberry_django.
    "partial": "input",
    "filter": "input",
    "filter_type": "input",
    "order": "input",
    "order_type": "input",
}
_OBJECTS = ("type", "input", "interface")
_OPERATION = re.compile(r"(Query|Mutation|Subscription|Queries|Mutations|Subscriptions)$")
_ENDINGS = {"Queries": "query", "Mutations": "mutation", "Subscriptions": "subscription"} | {
    name.capitalize(): name for name in OPERATIONS
}
# A class of this name in another module may be a type: a saved query, a mutation of a gene.
_PACKAGES = {name.lower(): kind for name, kind in _ENDINGS.items()}
_MODULES = {"resolvers", "schema", *_PACKAGES}
# Decorators that add no fields to a class.
_HARMLESS = ("dataclasses", "dataclass", "enum", "functools", "typing", "typing_extensions")
_TYPE_VARIABLE = re.compile(r"_?[A-Z][A-Z]?(_co|_contra)?|\w*(TypeVar|_T)|NodeType")


class Reader:
    """One file's classes, what decorates them, and how they inherit from each other."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._origins = Origins(module.path, module.tree)
        self._fields = FieldReader(module, self._origins)
        self._nodes = [*ast.walk(module.tree)]
        self._classes: dict[str, ast.ClassDef] = {}
        self._inner: list[ast.ClassDef] = []
        self._collect(module.tree, inside_function=False)
        self._merged = dict(self._merges())
        self._bases = {
            self._origins.of(base)
            for bases in (*(node.bases for node in self._classes.values()), *self._merged.values())
            for base in bases
        }
        self._unseen: list[Unseen] = []
        # The classes that calls make something of.
        self._wrapped: set[str] = set()
        # What each class has, itself or from above, in the making.
        self._parts: dict[str, dict[str, Field | Unseen | str]] = {}

    def read(self) -> GraphQLCode:
        """All facts of the file."""
        found = [*self._decorated(), *self._called()]
        found += self._plain_enums({one.label for one in found} | self._wrapped)
        mounts = tuple(dict.fromkeys(self._mounts(found)))
        operations = {one.origin: one.operation for one in mounts}
        return GraphQLCode(
            self._module.path,
            tuple(
                one._replace(operation=operations.get(one.label, one.operation)) for one in found
            ),
            mounts,
            tuple(self._unseen),
            tuple(self._loose()),
            self._camel_case(),
        )

    def _collect(self, node: ast.AST, *, inside_function: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                if inside_function:
                    self._inner.append(child)
                else:
                    self._classes[child.name] = child
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                self._collect(child, inside_function=inside_function or is_function)

    def _decorated(self) -> Iterator[Declaration]:
        for node in self._inner:
            if any(self._kind(one) for one in node.decorator_list):
                # Such a function may be called for several types, and not at all.
                why = "it is declared inside a function"
                self._unseen.append(Unseen(self._module.spot(node), node.name, why))
        for node in self._classes.values():
            for decorator in node.decorator_list:
                if kind := self._kind(decorator):
                    yield self._declaration(node, kind, decorator)
                    break
            else:
                self._undecorated(node)

    def _loose(self) -> Iterator[Operation]:
        taken = {
            one.value.id
            for node in self._classes.values()
            for one in node.body
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.Name)
        }
        words = self._words
        for field in self._fields.loose():
            if field.attribute in taken or not words & _MODULES:
                continue
            kinds = [field.kind, *(kind for word, kind in _PACKAGES.items() if word in words)]
            if operation := next((kind for kind in kinds if kind in OPERATIONS), None):
                yield Operation(operation, field)

    @property
    def _words(self) -> set[str]:
        """The names of the module and of the packages that it is in."""
        return set(self._module.path.removesuffix(".py").split("/"))

    def _plain_enums(self, declared: set[str]) -> Iterator[Declaration]:
        """Enums without a decorator: a type that refers to one brings it into the schema."""
        used = {
            name
            for node in self._classes.values()
            if any(self._kind(one) in _OBJECTS for one in node.decorator_list)
            for name in self._fields.types(node)
        }
        for name, node in self._classes.items():
            is_enum = any(self._origins.of(base).endswith("Enum") for base in node.bases)
            if is_enum and name in used - declared:
                fields, _, unseen = self._members(node, "enum", None)
                spot = self._module.spot(node)
                yield Declaration(spot, "enum", name, name, fields, unseen=unseen)

    def _undecorated(self, node: ast.ClassDef) -> None:
        """Notes a class that a decorator of the project's own may make a type."""
        for unseen in self._changed_by_decorators(node):
            if any(isinstance(one, Field) and one.attribute for one in self._own_calls(node)):
                self._unseen.append(unseen)
                return

    def _changed_by_decorators(self, node: ast.ClassDef) -> Iterator[Unseen]:
        for decorator in node.decorator_list:
            origin = self._origins.of(decorator)
            if origin.partition(".")[0] not in _HARMLESS and not self._kind(decorator):
                why = f"what @{origin or ast.unparse(decorator)} makes of it cannot be seen"
                yield Unseen(self._module.spot(node), node.name, why)

    def _own_calls(self, node: ast.ClassDef) -> Iterator[Field | Unseen | str]:
        """What a class's body declares by a call or a decorator of Strawberry's."""
        methods = [one for one in node.body if not isinstance(one, ast.AnnAssign)]
        yield from self._fields.own(ast.ClassDef(node.name, node.bases, [], methods, []))

    def _declaration(self, node: ast.ClassDef, kind: str, decorator: ast.expr) -> Declaration:
        name, readable = given_name(decorator)
        spot = self._module.spot(node)
        if not readable:
            self._unseen.append(Unseen(spot, node.name, "its name is computed"))
        elif name is None:
            name = node.name if kind == "enum" else camel_case(node.name)
        if kind in _OBJECTS and self._is_generic(node):
            name = None
        fields, hidden, unseen = self._members(node, kind, decorator)
        return Declaration(
            spot,
            kind,
            name,
            node.name,
            fields,
            self._operation(node.name, fields) if kind == "type" else None,
            node.name in self._bases,
            tuple(self._elsewhere(node)),
            hidden,
            (*unseen, *self._changed_by_decorators(node)),
        )

    def _members(
        self, node: ast.ClassDef, kind: str, decorator: ast.expr | None
    ) -> tuple[tuple[Field, ...], tuple[str, ...], tuple[Unseen, ...]]:
        found: list[Field | Unseen | str] = []
        if kind == "enum":
            by = keyword(decorator, "graphql_name_from")
            by_value = isinstance(by, ast.Constant) and by.value == "value"
            found += self._fields.values(node, by_value=by_value)
        elif kind in _OBJECTS:
            found += self._all_parts(node, decorator).values()
        return (
            tuple(one for one in found if isinstance(one, Field)),
            tuple(one for one in found if isinstance(one, str)),
            tuple(one for one in found if isinstance(one, Unseen)),
        )

    def _all_parts(
        self, node: ast.ClassDef, decorator: ast.expr | None
    ) -> dict[str, Field | Unseen | str]:
        """The attributes of a class with those that it inherits, by their names in Python.

        One that is hidden from the schema is a name alone.
        """
        if node.name in self._parts:
            return self._parts[node.name]
        parts = self._parts[node.name] = {}
        for base in reversed(node.bases):
            origin = self._origins.of(base)
            above = self._classes.get(origin)
            if above is not None and self._has_fields(above):
                made_by = next((one for one in above.decorator_list if self._kind(one)), None)
                parts |= self._all_parts(above, made_by)
            for attribute in RELAY.get(origin, ()):
                spot = self._module.spot(node)
                parts[attribute] = Field(spot, camel_case(attribute), attribute)
        for one in self._fields.own(node):
            if isinstance(one, str):
                # An identifier of relay's is private, and its node shows another one.
                if one != "id" or not self._is_node(node):
                    parts[one] = one
            else:
                parts[one.attribute if isinstance(one, Field) else one.name] = one
        origin = self._origins.of(decorator)
        if "pydantic" in origin:
            for statement in node.body:
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=name)) if parts.get(name, name) != name:
                        why = "an alias of the Pydantic model may name it"
                        parts[name] = Unseen(self._module.spot(statement), name, why)
        if (origin and not origin.startswith("strawberry.")) or "pydantic" in origin:
            parts["*"] = Unseen(self._module.spot(node), node.name, "the model may add fields")
        return parts

    def _is_node(self, node: ast.ClassDef) -> bool:
        origins = [self._origins.of(base) for base in node.bases]
        return any("Node" in origin.rpartition(".")[2] for origin in origins)

    def _has_fields(self, node: ast.ClassDef) -> bool:
        """Whether what a class annotates goes over to those that inherit from it."""
        return any(
            self._kind(one) or self._origins.of(one).rpartition(".")[2] == "dataclass"
            for one in node.decorator_list
        )

    def _kind(self, decorator: ast.expr) -> str | None:
        """What a decorator makes of a class, None where it makes nothing of GraphQL's."""
        origin = self._origins.of(decorator)
        above, _, last = origin.rpartition(".")
        if is_strawberrys(origin):
            return _KINDS.get(last)
        # A mapper of strawberry-sqlalchemy is an object, whatever its name.
        if "mapper" in above.lower() and last in _OBJECTS:
            return last
        return None

    def _is_generic(self, node: ast.ClassDef) -> bool:
        # Since Python 3.12 a class may list its variables: `class Page[T]`.
        return bool(getattr(node, "type_params", ())) or any(map(self._has_variable, node.bases))

    def _has_variable(self, base: ast.expr) -> bool:
        if not isinstance(base, ast.Subscript):
            return False
        if self._origins.of(base).rpartition(".")[2] == "Generic":
            return True
        arguments = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
        names = [self._origins.of(one).rpartition(".")[2] for one in arguments]
        return any(one not in self._classes and _TYPE_VARIABLE.fullmatch(one) for one in names)

    def _elsewhere(self, node: ast.ClassDef) -> Iterator[str]:
        """The bases that other files define, also of the classes above."""
        for base in node.bases:
            origin = self._origins.of(base)
            if origin in self._classes and origin != node.name:
                yield from self._elsewhere(self._classes[origin])
            elif origin not in RELAY and origin.rpartition(".")[2] not in ("Generic", "Enum"):
                yield origin

    def _operation(self, name: str, fields: tuple[Field, ...] = ()) -> str | None:
        for one in fields:
            if one.kind in OPERATIONS:
                return one.kind
        found = _OPERATION.search(name)
        if found is None:
            return None
        if name.lower() in OPERATIONS or self._words & _MODULES:
            return _ENDINGS[found[1]]
        return None

    def _called(self) -> Iterator[Declaration]:
        """What is declared by a call: `strawberry.enum(Status)`, `strawberry.union("Result")`."""
        decorators = {
            id(one)
            for node in (*self._classes.values(), *self._inner)
            for one in node.decorator_list
        }
        bound = {
            id(statement.value): statement.targets[0].id
            for statement in self._nodes
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        for call in self._nodes:
            if not isinstance(call, ast.Call) or id(call) in decorators:
                continue
            if isinstance(call.func, ast.Call):
                # `strawberry.type(name="Vendor")(Model)`
                decorators.add(id(call.func))
                kind = self._kind(call.func)
                yield from self._made(call, call.func, kind, bound.get(id(call), ""))
            elif not isinstance(call.func, ast.Subscript):
                yield from self._made(call, call, self._kind(call), bound.get(id(call), ""))

    def _made(
        self, call: ast.Call, named: ast.Call, kind: str | None, label: str
    ) -> Iterator[Declaration]:
        spot = self._module.spot(call)
        origin = self._origins.of(call.func)
        first = call.args[0] if call.args else None
        if origin in ("strawberry.tools.merge_types", "strawberry.tools.create_type"):
            first = first if first is not None else keyword(call, "name")
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                made = Unseen(spot, first.value, f"its fields are made by {origin}")
                merged = tuple(map(self._origins.of, self._merged.get(label, ())))
                is_seen = merged and all(merged)
                yield Declaration(
                    spot,
                    "type",
                    first.value,
                    label or first.value,
                    (),
                    self._operation(first.value),
                    elsewhere=merged,
                    unseen=() if is_seen else (made,),
                )
            return
        if kind is None:
            return
        name, readable = given_name(named)
        if kind == "union" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            name = first.value
        made_of = self._origins.of(first) if isinstance(first, ast.Name | ast.Attribute) else ""
        self._wrapped.add(made_of)
        if kind == "scalar" and isinstance(first, ast.Call) and first.args:
            match first.args[0]:
                case ast.Constant(value=str(new_type)):
                    made_of = new_type
        if not readable or not (name or made_of):
            if kind != "union" and (call.args or call.keywords) and readable is False:
                self._unseen.append(Unseen(spot, label or kind, "its name is computed"))
            return
        own = made_of.rpartition(".")[2]
        shown = name or (own if kind == "enum" else camel_case(own))
        node = self._classes.get(made_of)
        fields: tuple[Field, ...] = ()
        hidden: tuple[str, ...] = ()
        unseen: tuple[Unseen, ...] = ()
        elsewhere: tuple[str, ...] = ()
        if node is not None:
            fields, hidden, unseen = self._members(node, kind, named)
            elsewhere = tuple(self._elsewhere(node))
        elif made_of and kind != "scalar":
            unseen = (Unseen(spot, shown, "another file has its fields or values"),)
            if keyword(named, "graphql_name_from") is None:
                elsewhere = (made_of,)
        yield Declaration(
            spot,
            kind,
            shown,
            label or own or shown,
            fields,
            elsewhere=elsewhere,
            hidden=hidden,
            unseen=unseen,
        )

    def _mounts(self, found: list[Declaration]) -> Iterator[Mount]:
        for node in self._nodes:
            if not isinstance(node, ast.Call) or not self._makes_a_schema(node):
                continue
            given: dict[str, ast.expr | None] = dict(zip(OPERATIONS, node.args, strict=False))
            given |= {one.arg: one.value for one in node.keywords if one.arg in OPERATIONS}
            for operation, value in given.items():
                yield from self._mounted(operation, value)
        for one in found:
            if one.operation and one.label.lower() == one.operation:
                yield from self._mounted(one.operation, ast.Name(one.label))

    def _mounted(self, operation: str, value: ast.expr | None) -> Iterator[Mount]:
        origin = self._origins.of(value)
        if not origin or origin == "object":
            return
        yield Mount(operation, origin)
        node = self._classes.get(origin)
        for above in (*(node.bases if node else ()), *self._merged.get(origin, ())):
            if self._origins.of(above) != origin:
                yield from self._mounted(operation, above)

    def _merges(self) -> Iterator[tuple[str, list[ast.expr]]]:
        """What `merge_types("Query", (A, B))` makes, and of which classes."""
        for node in self._module.tree.body:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Call(args=[_, ast.Tuple(elts=bases) | ast.List(elts=bases)]) as call,
                ) if self._origins.of(call) == "strawberry.tools.merge_types":
                    yield name, bases

    def _makes_a_schema(self, call: ast.Call) -> bool:
        origin = self._origins.of(call.func)
        if origin.rpartition(".")[2] != "Schema":
            return origin.endswith("Schema") and keyword(call, "query") is not None
        return is_strawberrys(origin)

    def _camel_case(self) -> bool | None:
        for node in self._nodes:
            if isinstance(node, ast.Call) and self._origins.of(node).endswith("StrawberryConfig"):
                if keyword(node, "name_converter") is not None:
                    return None
                match keyword(node, "auto_camel_case"):
                    case None | ast.Constant(value=True):
                        pass
                    case ast.Constant(value=False):
                        return False
                    case _:
                        return None
        return True
