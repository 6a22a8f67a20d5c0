"""Walks a migration's functions for Alembic's operations, through loops and helpers."""

from __future__ import annotations

import ast

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.migrations.operations.opaque import (
    SQL_CALLS,
    AlembicNames,
    CallClassifier,
    Opaque,
    dispatched_prefix,
    sql_of,
)
from definition_of_done.project.migrations.operations.operation_calls import (
    Arguments,
    Batch,
    OperationCall,
    OperationReader,
)
from definition_of_done.project.migrations.operations.operations import (
    SCHEMA_OPERATIONS,
    Operation,
    SqlThing,
    Steps,
    TypeChange,
    things_in_sql,
    types_in_call,
    types_in_sql,
)
from definition_of_done.project.migrations.source.evaluator import (
    Evaluator,
    Made,
    Scope,
)
from definition_of_done.project.migrations.source.sql import called
from definition_of_done.readers.nodes import is_constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.project.migrations.source.evaluator import Function, Value
    from definition_of_done.project.migrations.source.sql import Resolve
    from definition_of_done.readers.python import Module

# The most operations that are judged: they are compared with each other, which takes long.
_OPERATIONS = 3_000


class MigrationWalker:
    """Walks the functions of one file.

    The module level is evaluated once, and a second time only where a loop is unrolled.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._names = AlembicNames(module.tree)
        self._walks: dict[bool, OperationWalk] = {}

    def walk(self, function: Function) -> tuple[tuple[Operation, ...], Steps]:
        """Walk a module-level function; raises Unreadable where it has too many operations.

        Returns its operations, where one in a loop comes once, and the same with literal loops
        unrolled. They are in the order of execution, as far as it can be seen.
        """
        walk = self._walked(function, unrolls=True)
        opaque = [*walk.opaque, *([Opaque(None)] if walk.is_exhausted else ())]
        steps = Steps(
            tuple(walk.operations),
            tuple(opaque),
            tuple(walk.types),
            tuple(walk.data),
            tuple(walk.things),
        )
        operations = steps.operations
        if walk.differs or walk.is_exhausted:
            operations = tuple(self._walked(function, unrolls=False).operations)
        self._refuse_many(function, operations)
        self._refuse_many(function, steps.operations)
        return operations, steps

    def forget(self) -> None:
        """Forget the file, so that its memory is free at once and not with the next collection."""
        for walk in self._walks.values():
            walk.forget()

    def _walked(self, function: Function, *, unrolls: bool) -> OperationWalk:
        if unrolls not in self._walks:
            self._walks[unrolls] = OperationWalk(self.module, self._names, unrolls=unrolls)
        self._walks[unrolls].run(function)
        return self._walks[unrolls]

    def _refuse_many(self, function: Function, operations: tuple[Operation, ...]) -> None:
        if len(operations) > _OPERATIONS:
            reason = f"{function.name} has {len(operations)} operations: more than {_OPERATIONS}"
            reason += " are not judged"
            place = function.lineno, function.col_offset + 1
            raise Unreadable(reason, *place, path=self.module.path)


class OperationWalk(Evaluator):
    """An evaluation that notes the operations that are called, and the calls that are opaque."""

    def __init__(self, module: Module, names: AlembicNames, *, unrolls: bool) -> None:
        self.operations: list[Operation] = []
        self.opaque: list[Opaque] = []
        self.types: list[TypeChange] = []
        self.data: list[str | None] = []
        self.things: list[SqlThing] = []
        self.module = module
        self._names = names
        self.may_ask_dialect = module.holds(b"dialect")
        self._calls = CallClassifier(names)
        self._reader = OperationReader(module, names, self)
        # The number of calls around that take mere values.
        self._inside = 0
        super().__init__(module.tree.body, module.size, unrolls=unrolls)

    def run(self, function: Function) -> None:
        """Walk a module-level function; collects its operations and all else that it does."""
        self.operations, self.opaque, self.types, self.data, self.things = [], [], [], [], []
        super().run(function)

    def forget(self) -> None:
        """Drop the references to this walk and to the module's scope."""
        self.scope.names.clear()
        self.scope.functions.clear()
        del self._reader, self.module

    def call(self, call: ast.Call, scope: Scope) -> None:
        """Evaluate a call's arguments, then note it as an operation or as opaque."""
        found = self.operation_of(call.func, scope)
        takes_values = found is not None or (
            self.unrolls and not self._inside and self._calls.takes_values(call)
        )
        self._inside += takes_values
        self.arguments(call, scope)
        self._inside -= takes_values
        if found:
            if not self.quiet:
                self.note(OperationCall(*found, Arguments(call, scope)))
        elif not self.follow(call, scope):
            self.expression(call.func, scope)
            if self.unrolls and not self._inside:
                self._look(self._calls.call(call, self.nodes(scope)), call)
                if not self.quiet:
                    self.note_other(call, self.nodes(scope))

    def follow(self, call: ast.Call, scope: Scope) -> bool:
        """Enter the function that a call names, or those that it may reach by a computed name."""
        if isinstance(call.func, ast.Attribute):
            return False
        if super().follow(call, scope):
            return True
        prefix = dispatched_prefix(call.func)
        if prefix is None:
            return False
        for name, (function, outer) in list(self.scope.functions.items()):
            if name.startswith(prefix):
                self.enter(function, outer, None)
        return True

    def made(self, context: ast.expr, scope: Scope) -> Made | None:
        """Return the batch that `with op.batch_alter_table(...)` binds."""
        if not isinstance(context, ast.Call):
            return None
        if self.operation_of(context.func, scope) != ("batch_alter_table", None):
            return None
        given = Arguments(context, self.kept(context, scope)[1])
        return Batch(given.value(0, "table_name"), given.value(1, "schema"))

    def is_doubtful(self, test: ast.expr, scope: Scope) -> bool:
        """True where a condition asks for more than the dialect, also by a name or a helper."""
        if not self.may_ask_dialect:
            return True
        asked = [test, *(node for node in ast.walk(test) if isinstance(node, ast.Name | ast.Call))]
        return not any(
            "dialect" in ast.unparse(found)
            for node in asked
            for found, _ in self.resolve((node, scope))
            if isinstance(found, ast.expr)
        )

    def overlook(self) -> None:
        """Note code that is not followed: it may do anything."""
        self._look(Opaque(None))

    def spelt(self, call: ast.Call) -> ast.expr | None:
        """The name in `op.f("...")` and `quoted_name("...", True)`."""
        match call:
            case ast.Call(func=ast.Attribute(attr="f" | "quoted_name"), args=[inner, *_]):
                return inner
        return None

    def note(self, call: OperationCall) -> None:
        """Note a call of an operation."""
        is_certain, is_doubtful = not self.branched, self.doubted > 0
        self.operations.append(
            self._reader.read(call, is_certain=is_certain, is_doubtful=is_doubtful)
        )
        if self.unrolls and call.name not in SCHEMA_OPERATIONS:
            given = call.given
            found = self._calls.operation(call.name, given.call, self.nodes(given.scope))
            self._look(found, given.call)
            if call.name == "execute":
                self.data += sql_of(given.call, self.nodes(given.scope))

    def note_other(self, call: ast.Call, resolve: Resolve) -> None:
        """Note what a call that is no operation does to enum types or rows."""
        self._note_types(types_in_call(call, resolve, self.module.spot(call)))
        if called(call) in SQL_CALLS:
            self.data += sql_of(call, resolve)

    def _note_types(self, changes: Iterable[TypeChange]) -> None:
        after, is_certain = len(self.operations), not self.branched
        self.types += [change._replace(after=after, is_certain=is_certain) for change in changes]

    def _look(self, found: Opaque | None, call: ast.Call | None = None) -> None:
        if found and not self.quiet:
            self.opaque.append(found)
            if found.sql and call:
                spot = self.module.spot(call)
                self._note_types(types_in_sql(found.sql, spot))
                self.things += things_in_sql(found.sql, spot)

    def nodes(self, scope: Scope) -> Resolve:
        """A function from an expression to those that it may be in a scope."""
        return lambda node: [
            found for found, _ in self.resolve((node, scope)) if isinstance(found, ast.expr)
        ]

    def operation_of(self, func: ast.expr, scope: Scope) -> tuple[str, Batch | None] | None:
        """The operation that a call names, with its batch; None where it is another call."""
        match func:
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                values = scope.values(name)
                if values is None:
                    return (attr, None) if name in self._names.op else None
                return self._called_on(name, attr, values)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="alembic"), attr="op")):
                return func.attr, None
            case ast.Name(id=name) if name in self._names.operations:
                return self._names.operations[name], None
        return None

    def _called_on(
        self, name: str, attr: str, values: tuple[Value, ...]
    ) -> tuple[str, Batch | None] | None:
        """The operation that is called on a name with these values."""
        for value in values:
            for found, _ in self.resolve(value):
                if isinstance(found, Batch):
                    return attr, found
                if isinstance(found, ast.Name) and found.id in self._names.op:
                    return attr, None
        # A parameter called `op` that nobody here gives a value.
        is_unknown = all(is_constant(value, None) for value, _ in values)
        return (attr, None) if name == "op" and is_unknown else None
