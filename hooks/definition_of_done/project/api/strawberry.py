"""The declarations of one file: decorated classes, and those that a call makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.project.api.declarations import (
    OBJECTS,
    OPERATIONS,
    TYPES,
    Declaration,
    Field,
    GraphQLCode,
    Mount,
    Opaque,
    camel_case,
)
from definition_of_done.project.api.fields import (
    RELAY,
    FieldReader,
    Part,
    given_name,
    is_strawberrys,
    keyword,
)
from definition_of_done.readers.python import Module

_KINDS = {kind: kind for kind in (*TYPES, "scalar", "union")} | {
    "interface_object": "type",
    # Those of strawberry_django.
    "partial": "input",
    "filter": "input",
    "filter_type": "input",
    "order": "input",
    "order_type": "input",
}
_ENDINGS = {"Queries": "query", "Mutations": "mutation", "Subscriptions": "subscription"} | {
    name.capitalize(): name for name in OPERATIONS
}
_PACKAGES = {name.lower(): kind for name, kind in _ENDINGS.items()}
# Only in a module or package of such a name does a class like `SavedQuery` hold operations.
# Elsewhere it may be a type: a saved query, a mutation of a gene.
_MODULES = {"resolvers", "schema", *_PACKAGES}
# These decorators add no fields to a class.
_HARMLESS = ("dataclasses", "dataclass", "enum", "functools", "typing", "typing_extensions")
_TOOLS = ("strawberry.tools.merge_types", "strawberry.tools.create_type")
_TYPE_VARIABLE = regex(r"_?[A-Z][A-Z]?(_co|_contra)?|\w*(TypeVar|_T)|NodeType")


class DeclarationReader:
    """The reader of one file's classes: how they are decorated and inherit from each other."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._origins = module.origins
        self._fields = FieldReader(module)
        self._nodes = [*ast.walk(module.tree)]
        self._calls = [node for node in self._nodes if isinstance(node, ast.Call)]
        self._classes: dict[str, ast.ClassDef] = {}
        self._inner: list[ast.ClassDef] = []
        self._collect(module.tree, inside_function=False)
        self._merged = dict(self._merges())
        self._bases = {
            self._origins.of(base)
            for bases in (*(node.bases for node in self._classes.values()), *self._merged.values())
            for base in bases
        }
        self._opaque: list[Opaque] = []
        # The classes that are arguments of a call which declares something.
        self._wrapped: set[str] = set()
        # The attributes of each class with the inherited ones; filled while they are read.
        self._parts: dict[str, dict[str, Part]] = {}

    def read(self) -> GraphQLCode:
        """Read all declarations of the file."""
        found = [*self._decorated(), *self._called()]
        found += self._plain_enums({declared.label for declared in found} | self._wrapped)
        mounts = tuple(dict.fromkeys(self._mounts(found)))
        operations = {mount.origin: mount.operation for mount in mounts}
        return GraphQLCode(
            self._module.path,
            tuple(
                declared._replace(operation=operations.get(declared.label, declared.operation))
                for declared in found
            ),
            mounts,
            tuple(self._opaque),
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
            if any(self._kind(decorator) for decorator in node.decorator_list):
                # The function may be called several times, or never.
                self._opaque.append(Opaque(node.name))
        for node in self._classes.values():
            for decorator in node.decorator_list:
                if kind := self._kind(decorator):
                    yield self._declaration(node, kind, decorator)
                    break
            else:
                # A decorator of the project's own may make it a type.
                if self._is_changed(node) and self._has_own_calls(node):
                    self._opaque.append(Opaque(node.name))

    def _loose(self) -> Iterator[Field]:
        taken = {
            statement.value.id
            for node in self._classes.values()
            for statement in node.body
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name)
        }
        words = self._words
        for field in self._fields.loose():
            if field.attribute in taken or not words & _MODULES:
                continue
            kinds = [field.kind, *(kind for word, kind in _PACKAGES.items() if word in words)]
            if operation := next((kind for kind in kinds if kind in OPERATIONS), None):
                yield field._replace(kind=operation)

    @property
    def _words(self) -> set[str]:
        """The names of the module and of its packages."""
        return set(self._module.path.removesuffix(".py").split("/"))

    def _plain_enums(self, declared: set[str]) -> Iterator[Declaration]:
        """Yield enums without a decorator; a type that refers to one brings it into the schema."""
        used = {
            name
            for node in self._classes.values()
            if any(self._kind(decorator) in OBJECTS for decorator in node.decorator_list)
            for name in self._fields.types(node)
        }
        for name, node in self._classes.items():
            is_enum = any(self._origins.of(base).endswith("Enum") for base in node.bases)
            if is_enum and name in used - declared:
                declaration = Declaration(self._module.spot(node), "enum", name, name, ())
                yield self._filled(declaration, node, None)

    def _is_changed(self, node: ast.ClassDef) -> bool:
        """True for a class with a decorator that may make something else of it."""
        return any(
            self._origins.of(decorator).partition(".")[0] not in _HARMLESS
            and not self._kind(decorator)
            for decorator in node.decorator_list
        )

    def _has_own_calls(self, node: ast.ClassDef) -> bool:
        """True for a class with a field that a call or a decorator of Strawberry's declares."""
        methods = [statement for statement in node.body if not isinstance(statement, ast.AnnAssign)]
        parts = self._fields.own(ast.ClassDef(node.name, node.bases, [], methods, []))
        return any(isinstance(part, Field) for part in parts)

    def _declaration(self, node: ast.ClassDef, kind: str, decorator: ast.expr) -> Declaration:
        name, readable = given_name(decorator)
        if not readable:
            self._opaque.append(Opaque(node.name))
        elif name is None:
            name = node.name if kind == "enum" else camel_case(node.name)
        if kind in OBJECTS and self._is_generic(node):
            name = None
        made = Declaration(
            self._module.spot(node),
            *(kind, name, node.name, ()),
            is_base=node.name in self._bases,
            elsewhere=tuple(self._elsewhere(node)),
        )
        made = self._filled(made, node, decorator)
        if kind == "type":
            made = made._replace(operation=self._operation(node.name, made.fields))
        if self._is_changed(node):
            made = made._replace(opaque=(*made.opaque, Opaque(node.name)))
        return made

    def _filled(
        self, made: Declaration, node: ast.ClassDef, decorator: ast.expr | None
    ) -> Declaration:
        """The declaration with a class's fields or values, hidden attributes and opaque parts."""
        parts: list[Part] = []
        if made.kind == "enum":
            named_by = keyword(decorator, "graphql_name_from")
            by_value = isinstance(named_by, ast.Constant) and named_by.value == "value"
            parts += self._fields.values(node, by_value=by_value)
        elif made.kind in OBJECTS:
            parts += self._all_parts(node, decorator).values()
        return made._replace(
            fields=tuple(part for part in parts if isinstance(part, Field)),
            hidden=tuple(part for part in parts if isinstance(part, str)),
            opaque=tuple(part for part in parts if isinstance(part, Opaque)),
        )

    def _all_parts(self, node: ast.ClassDef, decorator: ast.expr | None) -> dict[str, Part]:
        """The parts of a class with those that it inherits, by their names in Python."""
        if node.name in self._parts:
            return self._parts[node.name]
        parts = self._parts[node.name] = {}
        self._inherit(node, parts)
        for part in self._fields.own(node):
            if isinstance(part, str):
                # The id of a relay node is private, and the node shows another one.
                if part != "id" or not self._is_node(node):
                    parts[part] = part
            else:
                parts[part.attribute if isinstance(part, Field) else part.name] = part
        self._blur_model(node, self._origins.of(decorator), parts)
        return parts

    def _inherit(self, node: ast.ClassDef, parts: dict[str, Part]) -> None:
        """Add the parts that the bases of a class give to it."""
        for base in reversed(node.bases):
            origin = self._origins.of(base)
            above = self._classes.get(origin)
            if above is not None and self._has_fields(above):
                decorators = above.decorator_list
                made_by = next((item for item in decorators if self._kind(item)), None)
                parts.update(self._all_parts(above, made_by))
            for attribute in RELAY.get(origin, ()):
                spot = self._module.spot(node)
                parts[attribute] = Field(spot, camel_case(attribute), attribute)

    def _blur_model(self, node: ast.ClassDef, origin: str, parts: dict[str, Part]) -> None:
        """Mark the parts that the model of a class may name or add, by its decorator's origin."""
        is_pydantic = "pydantic" in origin
        if is_pydantic:
            for statement in node.body:
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=name)) if parts.get(name, name) != name:
                        # An alias of the Pydantic model may name it.
                        parts[name] = Opaque(name)
        if is_pydantic or (origin and not origin.startswith("strawberry.")):
            # The model may add fields.
            parts["*"] = Opaque(node.name)

    def _is_node(self, node: ast.ClassDef) -> bool:
        origins = [self._origins.of(base) for base in node.bases]
        if any("Node" in origin.rpartition(".")[2] for origin in origins):
            return True
        # A base of another name may be one.
        notes = [item.annotation for item in node.body if isinstance(item, ast.AnnAssign)]
        return bool(origins) and any("NodeID" in ast.unparse(note) for note in notes)

    def _has_fields(self, node: ast.ClassDef) -> bool:
        """True where a class hands its annotated fields down to those that inherit from it."""
        return any(
            self._kind(decorator) or self._origins.last(decorator) == "dataclass"
            for decorator in node.decorator_list
        )

    def _kind(self, decorator: ast.expr) -> str | None:
        """The kind of declaration that a decorator makes of a class, None where it makes none."""
        origin = self._origins.of(decorator)
        above, _, last = origin.rpartition(".")
        if is_strawberrys(origin):
            return _KINDS.get(last)
        # A mapper of strawberry-sqlalchemy is an object, whatever its name.
        if "mapper" in above.lower() and last in OBJECTS:
            return last
        return None

    def _is_generic(self, node: ast.ClassDef) -> bool:
        # Since Python 3.12 a class may list its variables: `class Page[T]`.
        return bool(getattr(node, "type_params", ())) or any(map(self._has_variable, node.bases))

    def _has_variable(self, base: ast.expr) -> bool:
        if not isinstance(base, ast.Subscript):
            return False
        if self._origins.last(base) == "Generic":
            return True
        arguments = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
        names = [self._origins.last(argument) for argument in arguments]
        return any(name not in self._classes and _TYPE_VARIABLE.fullmatch(name) for name in names)

    def _elsewhere(self, node: ast.ClassDef) -> Iterator[str]:
        """Yield the bases that other files define, also those of the classes above."""
        for base in node.bases:
            origin = self._origins.of(base)
            if origin in self._classes and origin != node.name:
                yield from self._elsewhere(self._classes[origin])
            elif origin not in RELAY and origin.rpartition(".")[2] not in ("Generic", "Enum"):
                yield origin

    def _operation(self, name: str, fields: tuple[Field, ...] = ()) -> str | None:
        """The operation whose fields a class has, by its fields or by its name."""
        for field in fields:
            if field.kind in OPERATIONS:
                return field.kind
        if name.lower() in OPERATIONS or self._words & _MODULES:
            return next((kind for end, kind in _ENDINGS.items() if name.endswith(end)), None)
        return None

    def _called(self) -> Iterator[Declaration]:
        """Yield declarations by a call: `strawberry.enum(Status)`, `strawberry.union("Result")`."""
        done = {
            id(decorator)
            for node in (*self._classes.values(), *self._inner)
            for decorator in node.decorator_list
        }
        bound = {
            id(statement.value): statement.targets[0].id
            for statement in self._nodes
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        for call in self._calls:
            if id(call) in done or isinstance(call.func, ast.Subscript):
                continue
            label = bound.get(id(call), "")
            # In `strawberry.type(name="Vendor")(Model)`, the inner call has the keywords.
            named = call.func if isinstance(call.func, ast.Call) else call
            done.add(id(named))
            if self._origins.of(call) in _TOOLS:
                yield from self._made_by_tool(call, label)
            elif kind := self._kind(named):
                yield from self._wrapping(call, named, kind, label)

    def _made_by_tool(self, call: ast.Call, label: str) -> Iterator[Declaration]:
        """Yield the declaration of a call of strawberry.tools, whose value is called `label`."""
        match call.args[0] if call.args else keyword(call, "name"):
            case ast.Constant(value=str(name)):
                merged = tuple(map(self._origins.of, self._merged.get(label, ())))
                yield Declaration(
                    self._module.spot(call),
                    "type",
                    name,
                    label or name,
                    (),
                    self._operation(name),
                    elsewhere=merged,
                    opaque=() if merged and all(merged) else (Opaque(name),),
                )

    def _wrapping(
        self, call: ast.Call, named: ast.Call, kind: str, label: str
    ) -> Iterator[Declaration]:
        """Yield the declaration of a call that wraps a class, a NewType or the name of a union."""
        spot = self._module.spot(call)
        first = call.args[0] if call.args else None
        name, readable = given_name(named)
        if kind == "union" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            name = first.value
        source = self._source(kind, first)
        if not readable or not (name or source):
            if kind != "union" and not readable:
                self._opaque.append(Opaque(label or kind))
            return
        own = source.rpartition(".")[2]
        shown = name or (own if kind == "enum" else camel_case(own))
        declaration = Declaration(spot, kind, shown, label or own or shown, ())
        if source in self._classes:
            node = self._classes[source]
            declaration = declaration._replace(elsewhere=tuple(self._elsewhere(node)))
            yield self._filled(declaration, node, named)
        elif source and kind != "scalar":
            # Another file has its fields or values.
            is_renamed = keyword(named, "graphql_name_from") is not None
            yield declaration._replace(
                opaque=(Opaque(shown),), elsewhere=() if is_renamed else (source,)
            )
        else:
            yield declaration

    def _source(self, kind: str, argument: ast.expr | None) -> str:
        """The origin of the class that a call wraps, or the name of a NewType."""
        is_name = isinstance(argument, ast.Name | ast.Attribute)
        origin = self._origins.of(argument) if is_name else ""
        self._wrapped.add(origin)
        match kind, argument:
            case "scalar", ast.Call(args=[ast.Constant(value=str(new_type)), *_]):
                return new_type
        return origin

    def _mounts(self, found: list[Declaration]) -> Iterator[Mount]:
        """Yield the classes that the file's schemas are made of.

        Where none shows all of its own, these are also the classes that are called `Query`.
        """
        is_told = False
        for number, node in enumerate(filter(self._makes_a_schema, self._calls)):
            is_plain = not any(isinstance(value, ast.Starred) for value in node.args)
            is_plain &= all(word.arg for word in node.keywords)
            is_told |= is_plain and is_strawberrys(self._origins.of(node.func))
            given: dict[str, ast.expr | None] = dict(zip(OPERATIONS, node.args, strict=False))
            given |= {word.arg: word.value for word in node.keywords if word.arg in OPERATIONS}
            for operation, value in given.items():
                yield from self._mounted(operation, value, number)
        for declared in found if not is_told else ():
            if declared.operation and declared.label.lower() == declared.operation:
                yield from self._mounted(declared.operation, ast.Name(declared.label))

    def _mounted(
        self, operation: str, value: ast.expr | None, schema: int = 0, *, is_base: bool = False
    ) -> Iterator[Mount]:
        """Yield a class and the classes that it inherits from or merges."""
        origin = self._origins.of(value)
        if not origin or origin == "object":
            return
        yield Mount(operation, origin, is_base, schema)
        node = self._classes.get(origin)
        for above in (*(node.bases if node else ()), *self._merged.get(origin, ())):
            if self._origins.of(above) != origin:
                yield from self._mounted(operation, above, schema, is_base=True)

    def _merges(self) -> Iterator[tuple[str, list[ast.expr]]]:
        """Yield the names of `merge_types("Query", (A, B))` values, each with its classes."""
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
        """The `camel_case` of the file, by its StrawberryConfig."""
        for node in self._calls:
            if self._origins.of(node).endswith("StrawberryConfig"):
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
