"""Walks `upgrade` for the statements that it sends, in their order and with their transactions."""

from __future__ import annotations

import ast
from functools import cached_property

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.operations.opaque import (
    SQL_CALLS,
    AlembicNames,
    sent_texts,
)
from definition_of_done.project.migrations.operations.operation_calls import (
    Arguments,
    Batch,
    OperationCall,
)
from definition_of_done.project.migrations.operations.operations import types_in_call
from definition_of_done.project.migrations.operations.walk import OperationWalk
from definition_of_done.project.migrations.safety import operations
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.statements import Statement
from definition_of_done.project.migrations.source.sql import called
from definition_of_done.readers.nodes import live
from definition_of_done.readers.python import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.project.migrations.source.evaluator import Made, Scope
    from definition_of_done.project.migrations.source.sql import Resolve
    from definition_of_done.readers.python import Module

_AUTOCOMMIT = "autocommit"
_ENVIRONMENT = regex(r"environ\b|getenv\b")
_DATABASES = (b"dialect", b"postgres", b"sqlite", b"mysql", b"mariadb", b"oracle", b"mssql")
_EXITS = (ast.Return, ast.Raise)
_COMMITS = ("commit", "end", "rollback")
_BEGINS = ("begin", "start transaction")
# The most statements that are judged: they are compared with each other, which takes long.
_MOST = 3_000


class Sent(NamedTuple):
    """The statements that `upgrade` sends to PostgreSQL.

    `is_seen` is false where code that cannot be seen may change the schema, too, and
    `shows_transactions` where connections may be opened that are in none.
    """

    statements: tuple[Statement, ...]
    is_seen: bool = True
    shows_transactions: bool = True


def read_sent(path: str, data: bytes) -> Sent:
    """Read what a migration sends; raises Unreadable where the file is not Python."""
    module = read_module(path, data)
    try:
        walk = _StatementWalk(module)
        bound = walk.scope.function("upgrade")
        if bound is None:
            return Sent((), is_seen=False)
        function, _ = bound
        walk.run(function)
        is_seen = not (walk.is_exhausted or any(thing.sql is None for thing in walk.opaque))
        statements = tuple(walk.statements)
        walk.forget()
        if len(statements) > _MOST:
            reason = f"upgrade has {len(statements)} statements: more than {_MOST} are not judged"
            raise Unreadable(reason, function.lineno, function.col_offset + 1, path=path)
        is_plain = not (module.holds(b"AUTOCOMMIT") or module.holds(b"enter_context"))
        return Sent(statements, is_seen, is_plain)
    except RecursionError:
        raise Unreadable("nested too deeply to be judged", path=path) from None


class _StatementWalk(OperationWalk):
    """A walk that notes statements. A branch for another database is not entered."""

    def __init__(self, module: Module) -> None:
        self.statements: list[Statement] = []
        self._autocommits = 0
        self._transaction = 0
        self._is_open = True
        # Cheap questions before costly ones.
        self._may_leave = module.holds(_AUTOCOMMIT.encode())
        self._may_ask_environment = module.holds(b"environ") or module.holds(b"getenv")
        names = AlembicNames(module.tree)
        self._tables = {
            name: ast.Call(ast.Name("Table"), [value], [])
            for name, node in names.classes.items()
            for value in _table_names(node)
        }
        super().__init__(module, names, unrolls=True)

    @cached_property
    def _may_ask_database(self) -> bool:
        """False where the file names none."""
        return any(map(self.module.holds, _DATABASES))

    def compound(self, node: ast.stmt, scope: Scope) -> None:
        """Evaluate a block: the branch for PostgreSQL alone, and what is in no transaction."""
        if isinstance(node, ast.Match):
            node = _as_branches(node)
        if isinstance(node, ast.If):
            holds = None
            if self._may_ask_database:
                from definition_of_done.project.migrations.safety.dialects import (
                    holds_on_postgresql,
                )

                holds = holds_on_postgresql(node.test, lambda inner: self.resolve((inner, scope)))
            if holds is None and self._asks_environment(node.test, scope):
                # It may be written for any place but production.
                return
            if holds is not None:
                body = node.body if holds else node.orelse
                self.block(body, scope)
                self.is_left |= any(isinstance(last, _EXITS) for last in live(body)[-1:])
                return
        if isinstance(node, ast.With | ast.AsyncWith) and self._leaves_transaction(node, scope):
            self._transaction += 1
            self._autocommits += 1
            super().compound(node, scope)
            self._autocommits -= 1
            return
        super().compound(node, scope)

    def call(self, call: ast.Call, scope: Scope) -> None:
        """Note an operation without a look at what its arguments call: they are mere values."""
        found = None if self.quiet else self.operation_of(call.func, scope)
        if found:
            self.note(OperationCall(*found, Arguments(call, scope)))
        else:
            super().call(call, scope)

    def made(self, context: ast.expr, scope: Scope) -> Made | None:
        """Return what a `with` binds, and note a batch that copies its table."""
        found = super().made(context, scope)
        if isinstance(found, Batch) and isinstance(context, ast.Call) and not self.quiet:
            node = Arguments(context, scope).node(None, "recreate")
            if node is not None and operations.constant(node, scope, self) == "always":
                table, schema = self.text(found.table), self.text(found.schema)
                self._add(
                    Statement(
                        kinds.REWRITE,
                        self.module.spot(context),
                        table=f"{schema}.{table}" if schema and table else table,
                        call="batch_alter_table",
                    )
                )
        return found

    def note(self, call: OperationCall) -> None:
        """Note the statements of an operation."""
        scope, spot = call.given.scope, self.module.spot(call.given.call)
        if call.name == "execute":
            self._send_sql(call.given.call, self.nodes(scope))
            return
        for statement in operations.read(call, self, spot):
            self._add(statement)

    def note_other(self, call: ast.Call, resolve: Resolve) -> None:
        """Note SQL that is sent by a connection, a session, or any other call of the name."""
        if called(call) in SQL_CALLS:
            self._send_sql(call, resolve)
        tables, spot = self._with_classes(resolve), self.module.spot(call)
        for statement in operations.read_query(call, tables, spot):
            self._add(statement)
        for change in types_in_call(call, resolve, self.module.spot(call)):
            if change.is_created:
                self._add(Statement(kinds.CREATE_TYPE, change.spot, name=change.name))

    def _send_sql(self, call: ast.Call, resolve: Resolve) -> None:
        from definition_of_done.project.migrations.safety.sql import read_sql

        spot = self.module.spot(call)
        for text, _ in sent_texts(call, resolve):
            for statement in read_sql(text, spot):
                # A text may bring thousands of rows.
                is_told = statement.kind == kinds.INSERT and self._is_last(statement)
                if not (is_told or self._turns(statement.sql.lower())):
                    self._add(statement)
        for statement in operations.read_data(call, self._with_classes(resolve), spot):
            self._add(statement)

    def _with_classes(self, resolve: Resolve) -> Resolve:
        """Resolve the models of the file, too, each as its table."""

        def found(node: ast.expr) -> list[ast.expr]:
            if isinstance(node, ast.Name) and node.id in self._tables:
                return [self._tables[node.id]]
            return resolve(node)

        return found

    def _is_last(self, statement: Statement) -> bool:
        last = self.statements[-1] if self.statements else None
        told = statement.kind, statement.table, statement.spot
        return last is not None and (last.kind, last.table, last.spot) == told

    def _turns(self, sql: str) -> bool:
        """Follow a statement that ends or begins a transaction; returns False for another."""
        if sql.startswith(_COMMITS):
            self._is_open = False
        elif sql.startswith(_BEGINS):
            self._is_open = True
        else:
            return False
        self._transaction += 1
        return True

    def _add(self, statement: Statement) -> None:
        is_inside = self._is_open and not self._autocommits
        transaction = self._transaction if is_inside else None
        self.statements.append(statement._replace(transaction=transaction))

    def _asks_environment(self, test: ast.expr, scope: Scope) -> bool:
        if not self._may_ask_environment:
            return False
        names = [node for node in ast.walk(test) if isinstance(node, ast.Name)]
        meant = [found for name in names for found, _ in self.resolve((name, scope))]
        spelt = [test, *(node for node in meant if isinstance(node, ast.expr))]
        return any(_ENVIRONMENT.search(ast.unparse(node)) for node in spelt)

    def _leaves_transaction(self, node: ast.With | ast.AsyncWith, scope: Scope) -> bool:
        """True for `with op.get_context().autocommit_block()`, also in a helper of the file."""
        if not self._may_leave:
            return False
        for item in node.items:
            context = item.context_expr
            if _AUTOCOMMIT in ast.unparse(context):
                return True
            name = getattr(context.func, "id", "") if isinstance(context, ast.Call) else ""
            helper = scope.function(name)
            if helper and _AUTOCOMMIT in ast.unparse(helper[0]):
                return True
        return False


def _as_branches(node: ast.Match) -> ast.stmt:
    """The same as `if` and `elif`, where each case is a value or several, or all others."""
    branches: list[ast.stmt] = []
    for case in node.cases[::-1]:
        match case.pattern:
            case _ if case.guard:
                return node
            case ast.MatchAs(pattern=None, name=None):
                branches = case.body
            case ast.MatchValue() | ast.MatchOr() as pattern:
                test = ast.Constant(ast.unparse(pattern))
                whole = ast.Compare(node.subject, [ast.In()], [test])
                branches = [ast.copy_location(ast.If(whole, case.body, branches), node)]
            case _:
                return node
    return branches[0] if len(branches) == 1 else node


def _table_names(node: ast.ClassDef) -> Iterable[ast.expr]:
    """The value of `__tablename__` in a class, none where it has none."""
    for inner in node.body:
        match inner:
            case ast.Assign(targets=[ast.Name(id="__tablename__")], value=value):
                yield value
