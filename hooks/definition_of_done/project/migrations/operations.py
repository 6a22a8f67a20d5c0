"""What a migration's function does: Alembic's operations, followed through loops and helpers.

An abstract walk over one function: names are bound to the expressions that may reach them, calls
of functions of the same file are entered, and everything that cannot be followed is left out,
never guessed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.project.migrations.dispatch import dispatched_prefix
from definition_of_done.project.migrations.opaque import Sight, Unseen
from definition_of_done.project.migrations.sql import Resolve, called
from definition_of_done.readers.python import Module

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# A walk enters helpers anew at each call: the budget, in steps per byte of the file, keeps a
# pathological file linear. Plain code takes less than one step for a byte, and where there is much
# of it, less than one for five.
_STEPS_PER_BYTE = 20
_LEAST_STEPS = 20_000
_MOST_STEPS = 300_000
_CANDIDATES = 64
_UNROLLED = 2_000
_EXITS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_ATTRIBUTES = ("nullable", "server_default", "type_", "comment", "autoincrement", "**")


class Column(NamedTuple):
    """A column that an operation adds.

    `label` names it as `table.column`, with the source in braces for a part that is computed;
    `name` is None where it is computed. `comment` is its literal comment, None where it has
    none; `comment_is_hidden` says that an expression or `**options` may give it one. `referents`
    are the tables that its foreign keys point to; `is_indexed` and `is_unique` say that it is
    written with `index=True` or `unique=True`; `is_plain` that it is nothing but a name, a type
    and keywords that make neither index nor constraint.
    """

    spot: Spot
    label: str
    name: str | None
    comment: str | None
    comment_is_hidden: bool
    referents: tuple[str, ...] = ()
    is_indexed: bool = False
    is_unique: bool = False
    is_plain: bool = False


class ForeignKey(NamedTuple):
    """A foreign key that an operation declares: its one local column, None for several."""

    column: str | None
    referent: str


class Operation(NamedTuple):
    """A call of one of Alembic's operations.

    `table`, `target` (the column, index, constraint or new name that it is about) and `schema`
    are None where they are absent or computed; `on` are the columns of an index or constraint,
    None where they are computed; `options` are the names of its other keywords that are not
    literally False or None. `attributes` are what `alter_column` sets (`**` for keywords that are
    not in sight), `restated` those of them that its `existing_...` say hold already, and `new_name`
    the name that it gives. `is_plain` says that a table is created from plain columns and
    constraints, all in sight. `is_certain` says that no branch or loop decides whether it runs;
    `is_doubtful` that one does which asks for more than the dialect: what is there already, say.
    """

    name: str
    table: str | None
    columns: tuple[Column, ...]
    spot: Spot
    target: str | None = None
    on: tuple[str, ...] | None = None
    schema: str | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    options: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = ()
    restated: frozenset[str] = frozenset()
    new_name: str | None = None
    is_plain: bool = False
    is_certain: bool = True
    is_doubtful: bool = False

    @property
    def full_table(self) -> str | None:
        """The table with its schema."""
        return f"{self.schema}.{self.table}" if self.schema and self.table else self.table


# The parameters of the operations that change a schema; in a batch the table is left out.
SCHEMA_OPERATIONS = {
    "create_table": ("table",),
    "drop_table": ("table",),
    "rename_table": ("table", "target"),
    "add_column": ("table",),
    "drop_column": ("table", "target"),
    "alter_column": ("table", "target"),
    "create_index": ("target", "table", "on"),
    "drop_index": ("target", "table"),
    "create_unique_constraint": ("target", "table", "on"),
    "create_check_constraint": ("target", "table"),
    "create_exclude_constraint": ("target", "table"),
    "create_primary_key": ("target", "table", "on"),
    "create_foreign_key": ("target", "table", "referent", "on"),
    "drop_constraint": ("target", "table"),
    "create_table_comment": ("table",),
    "drop_table_comment": ("table",),
}
_KEYWORDS = {
    "table": ("table_name", "tablename", "source_table", "source", "old_table_name"),
    "target": ("index_name", "constraint_name", "column_name", "new_table_name", "name"),
    "on": ("columns", "local_cols"),
    "referent": ("referent_table", "referent"),
}


class Steps(NamedTuple):
    """What a function does step by step: literal loops run once for each element.

    `unseen` is what else it does, or may do, to the schema.
    """

    operations: tuple[Operation, ...]
    unseen: tuple[Unseen, ...]


# Names that are kept for later, each time with all that are bound: they are memory, and time.
_COPIES = 500_000
# No migration of a project that people read does as much, and what is compared with each other
# takes long.
_OPERATIONS = 3_000


def read_operations(module: Module, function: _Function) -> tuple[Operation, ...]:
    """The operations of a module-level function, in the order of execution as far as it shows."""
    walk = _Walk(module)
    walk.enter(function, walk.scope, None)
    _refuse_many(module, function, walk.operations)
    return tuple(walk.operations)


def read_steps(module: Module, function: _Function) -> Steps:
    """The same with literal loops unrolled, and with what the walk could not see."""
    walk = _Walk(module, unrolls=True)
    walk.enter(function, walk.scope, None)
    if walk.is_exhausted:
        walk.unseen.append(Unseen(None))
    _refuse_many(module, function, walk.operations)
    return Steps(tuple(walk.operations), tuple(walk.unseen))


def _refuse_many(module: Module, function: _Function, operations: list[Operation]) -> None:
    if len(operations) > _OPERATIONS:
        reason = f"{function.name} has {len(operations)} operations: more than {_OPERATIONS}"
        reason += " are not judged"
        raise Unreadable(reason, function.lineno, function.col_offset + 1, path=module.path)


class _Batch(NamedTuple):
    table: _Value | None
    schema: _Value | None


class _Value(NamedTuple):
    """An expression with the scope in which its names have their meaning."""

    node: ast.expr | _Batch
    scope: _Scope


class _Scope:
    """Names of one call: each with the values that may reach it; none: it is not known."""

    def __init__(self, parent: _Scope | None = None) -> None:
        self.names: dict[str, tuple[_Value, ...]] = {}
        self.functions: dict[str, tuple[_Function, _Scope]] = {}
        self.parent = parent

    def now(self) -> _Scope:
        """The scope as it is: what is bound in it later is not."""
        copy = _Scope(self.parent)
        copy.names, copy.functions = dict(self.names), dict(self.functions)
        return copy

    def values(self, name: str) -> tuple[_Value, ...] | None:
        """The values of a name, None where it is not bound here."""
        scope: _Scope | None = self
        while scope:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def function(self, name: str) -> tuple[_Function, _Scope] | None:
        scope: _Scope | None = self
        while scope:
            if name in scope.functions:
                return scope.functions[name]
            if name in scope.names:
                return None
            scope = scope.parent
        return None


class _Walk:
    def __init__(self, module: Module, *, unrolls: bool = False) -> None:
        self.module = module
        self.operations: list[Operation] = []
        self.unseen: list[Unseen] = []
        self._most = _UNROLLED if unrolls else _CANDIDATES
        # How many branches, doubtful branches and calls with mere values as arguments we are in.
        self._branched = self._doubted = self._inside = 0
        self.scope = _Scope()
        wanted = _LEAST_STEPS + _STEPS_PER_BYTE * module.size
        self._budget = min(wanted, max(_MOST_STEPS, module.size // 5))
        self._stack: list[_Function] = []
        self._quiet = 0
        self._returns: list[_Value] = []
        self._op_names = {"op"}
        self._op_functions: dict[str, str] = {}
        self._column_names: set[str] = set()
        self._copies = 0
        self._read_imports(module.tree)
        self._sight = Sight(module.tree, self._op_names) if unrolls else None
        self._quiet += 1
        self._block(module.tree.body, self.scope)
        self._quiet -= 1

    def _read_imports(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name == "alembic.op" and alias.asname:
                        self._op_names.add(alias.asname)
            elif isinstance(node, ast.ImportFrom):
                source = node.module or ""
                for alias in node.names:
                    bound = alias.asname or alias.name
                    if source == "alembic" and alias.name == "op":
                        self._op_names.add(bound)
                    elif source == "alembic.op":
                        self._op_functions[bound] = alias.name
                    elif source.partition(".")[0] in ("sqlalchemy", "sqlmodel"):
                        if alias.name == "Column":
                            self._column_names.add(bound)
                        elif alias.name == "*":
                            self._column_names.add("Column")

    @property
    def is_exhausted(self) -> bool:
        """Whether the budget ran out, so that the rest of the walk was left out."""
        return self._budget < 0

    # Statements

    def enter(self, function: _Function, scope: _Scope, call: _Value | None) -> list[_Value]:
        """Walk a function's body with the arguments of a call; the values that it may return."""
        if function in self._stack or len(self._stack) > 30:
            self._overlook()
            return []
        # Worth some expressions.
        self._budget -= 4
        inner = _Scope(scope)
        self._bind_parameters(function.args, inner, call)
        outer, self._returns = self._returns, []
        before = self._branched, self._doubted
        self._stack.append(function)
        try:
            self._block(function.body, inner)
            return self._returns
        finally:
            self._stack.pop()
            self._branched, self._doubted = before
            self._returns = outer

    def _bind_parameters(
        self, parameters: ast.arguments, inner: _Scope, call: _Value | None
    ) -> None:
        named = [*parameters.posonlyargs, *parameters.args]
        defaults = dict(
            zip([one.arg for one in named][::-1], parameters.defaults[::-1], strict=False)
        )
        for one, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
            if default is not None:
                defaults[one.arg] = default
        for one in (*named, *parameters.kwonlyargs):
            default = defaults.get(one.arg)
            around = inner.parent or inner
            inner.names[one.arg] = (_Value(default, around),) if default is not None else ()
        for several in (parameters.vararg, parameters.kwarg):
            if several:
                inner.names[several.arg] = ()
        if call is None or not isinstance(call.node, ast.Call):
            return
        spread = any(isinstance(arg, ast.Starred) for arg in call.node.args)
        spread |= any(keyword.arg is None for keyword in call.node.keywords)
        if spread:
            for one in (*named, *parameters.kwonlyargs):
                inner.names[one.arg] = ()
            return
        for one, arg in zip(named, call.node.args, strict=False):
            inner.names[one.arg] = (_Value(arg, call.scope),)
        rest = call.node.args[len(named) :]
        if parameters.vararg:
            packed = ast.Tuple(elts=rest, ctx=ast.Load())
            inner.names[parameters.vararg.arg] = (_Value(packed, call.scope),)
        for keyword in call.node.keywords:
            if keyword.arg in inner.names:
                inner.names[str(keyword.arg)] = (_Value(keyword.value, call.scope),)

    def _block(self, statements: list[ast.stmt], scope: _Scope) -> None:
        for node in statements:
            if self.is_exhausted:
                return
            self._statement(node, scope)

    def _statement(self, node: ast.stmt, scope: _Scope) -> None:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope.names.pop(name, None)
                scope.functions[name] = (node, scope)
            case ast.ClassDef():
                return
            case ast.Assign(targets=targets, value=value):
                self._expression(value, scope)
                bound = (self._kept(value, scope),)
                for target in targets:
                    self._bind(target, bound, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._expression(value, scope)
                self._bind(target, (self._kept(value, scope),), scope)
            case ast.AugAssign(target=target, value=value):
                self._expression(value, scope)
                self._bind(target, (), scope)
            case ast.For() | ast.AsyncFor():
                self._expression(node.iter, scope)
                elements = tuple(self._elements(*self._kept(node.iter, scope)) or ())
                if self._sight and elements:
                    self._unroll(node, elements, scope)
                else:
                    self._bind(node.target, elements, scope)
                    self._branches([[*node.body], [*node.orelse]], scope)
            case ast.While():
                self._expression(node.test, scope)
                self._branches([[*node.body], [*node.orelse]], scope)
            case ast.If():
                self._expression(node.test, scope)
                is_doubtful = "dialect" not in ast.unparse(node.test)
                self._branches([node.body, node.orelse], scope, is_doubtful=is_doubtful)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self._with(item, scope)
                self._block(node.body, scope)
            case ast.Try() | ast.TryStar():
                handlers = [handler.body for handler in node.handlers]
                self._branches([[*node.body, *node.orelse], *handlers], scope)
                self._block(node.finalbody, scope)
            case ast.Match():
                self._expression(node.subject, scope)
                self._branches([[], *(case.body for case in node.cases)], scope)
            case ast.Return(value=ast.expr() as value):
                self._expression(value, scope)
                self._returns.append(self._kept(value, scope))
            case _:
                for inner in ast.iter_child_nodes(node):
                    if isinstance(inner, ast.expr):
                        self._expression(inner, scope)

    def _branches(
        self, blocks: list[list[ast.stmt]], scope: _Scope, *, is_doubtful: bool = True
    ) -> None:
        """Walk alternatives; afterwards a name may have the value of any of them."""
        self._copied(len(scope.names) * (len(blocks) + 1))
        before = dict(scope.names)
        merged: dict[str, tuple[_Value, ...]] = {}
        for block in blocks:
            scope.names = dict(before)
            around = self._branched, self._doubted
            self._branched += 1
            self._doubted += is_doubtful
            self._block(block, scope)
            self._branched, self._doubted = around
            for name, values in scope.names.items():
                known = merged.get(name, ())
                merged[name] = (*known, *(one for one in values if one not in known))[:_CANDIDATES]
        scope.names = merged
        if any(isinstance(node, _EXITS) for block in blocks for node in block):
            # What follows runs only where that branch was not taken; a function's end resets it.
            self._branched += 1
            self._doubted += is_doubtful

    def _unroll(
        self, node: ast.For | ast.AsyncFor, elements: tuple[_Value, ...], scope: _Scope
    ) -> None:
        around = self._branched, self._doubted
        for element in elements:
            self._bind(node.target, (element,), scope)
            self._block(node.body, scope)
        self._branched, self._doubted = around
        self._block(node.orelse, scope)

    def _with(self, item: ast.withitem, scope: _Scope) -> None:
        self._expression(item.context_expr, scope)
        if item.optional_vars is None:
            return
        bound: tuple[_Value, ...] = ()
        match item.context_expr:
            case ast.Call() as call if self._operation_name(call.func, scope) == (
                "batch_alter_table",
                None,
            ):
                now = self._kept(call, scope).scope
                table = _given(call, 0, "table_name", now)
                batch = _Batch(table, _given(call, 1, "schema", now))
                bound = (_Value(batch, scope),)
        self._bind(item.optional_vars, bound, scope)

    def _bind(self, target: ast.expr, values: tuple[_Value, ...], scope: _Scope) -> None:
        match target:
            case ast.Name(id=name):
                scope.names[name] = values[:_CANDIDATES]
                scope.functions.pop(name, None)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for at, one in enumerate(targets):
                    self._bind(one, tuple(self._parts(values, at, len(targets))), scope)
            case ast.Starred(value=inner):
                self._bind(inner, (), scope)

    def _kept(self, node: ast.expr, scope: _Scope) -> _Value:
        """The value with the names as they are now: each may be bound anew before it is used."""
        if isinstance(node, ast.Constant):
            return _Value(node, scope)
        self._budget -= len(scope.names) // 8
        self._copied(len(scope.names))
        return _Value(node, scope if self.is_exhausted else scope.now())

    def _copied(self, names: int) -> None:
        self._copies += names
        if self._copies > _COPIES:
            self._budget = -1

    def _parts(self, values: tuple[_Value, ...], at: int, length: int) -> Iterator[_Value]:
        for value in values:
            for one in self._resolve(value):
                if isinstance(one.node, ast.Tuple | ast.List):
                    elts = one.node.elts
                    starred = any(isinstance(elt, ast.Starred) for elt in elts)
                    if len(elts) == length and not starred:
                        yield _Value(elts[at], one.scope)

    # Expressions

    def _expression(self, node: ast.AST, scope: _Scope) -> None:
        """Find the calls in an expression, in the order of evaluation."""
        self._budget -= 1
        if self._budget < 0 or isinstance(node, ast.Constant | ast.Name | ast.Lambda):
            return
        if isinstance(node, ast.Call):
            self._call(node, scope)
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            inner = self._comprehension(node, scope)
            for part in ast.iter_child_nodes(node):
                if not isinstance(part, ast.comprehension):
                    self._expression(part, inner)
        elif isinstance(node, ast.NamedExpr):
            self._expression(node.value, scope)
            self._bind(node.target, (self._kept(node.value, scope),), scope)
        else:
            for part in ast.iter_child_nodes(node):
                self._expression(part, scope)

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        scope: _Scope,
        depth: int = 0,
    ) -> _Scope:
        inner = _Scope(scope)
        for generator in node.generators:
            elements = self._elements(generator.iter, inner, depth) or ()
            self._bind(generator.target, tuple(elements), inner)
        return inner

    def _call(self, call: ast.Call, scope: _Scope) -> None:
        found = self._operation_name(call.func, scope)
        takes_values = bool(found) or bool(self._sight and self._sight.takes_values(call))
        self._inside += takes_values
        for arg in call.args:
            self._expression(arg, scope)
        for keyword in call.keywords:
            self._expression(keyword.value, scope)
        self._inside -= takes_values
        if found:
            if not self._quiet:
                name, batch = found
                self.operations.append(self._operation(name, batch, call, scope))
                if self._sight and name not in SCHEMA_OPERATIONS:
                    self._look(self._sight.operation(name, call, self._nodes(scope)))
            return
        helper = scope.function(call.func.id) if isinstance(call.func, ast.Name) else None
        if helper:
            self.enter(*helper, self._kept(call, scope))
        elif prefix := dispatched_prefix(call.func):
            for name, (function, outer) in list(self.scope.functions.items()):
                if name.startswith(prefix):
                    self.enter(function, outer, None)
        else:
            self._expression(call.func, scope)
            if self._sight and not self._inside:
                self._look(self._sight.call(call, self._nodes(scope)))

    def _nodes(self, scope: _Scope) -> Resolve:
        return lambda node: [
            one.node
            for one in self._resolve(_Value(node, scope))
            if not isinstance(one.node, _Batch)
        ]

    def _look(self, found: Unseen | None) -> None:
        if found and not self._quiet:
            self.unseen.append(found)

    def _overlook(self) -> None:
        self._look(Unseen(None))

    def _operation_name(self, func: ast.expr, scope: _Scope) -> tuple[str, _Batch | None] | None:
        """The operation that a call names, with its batch; None where it is another call."""
        match func:
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                values = scope.values(name)
                if values is None:
                    return (attr, None) if name in self._op_names else None
                for value in values:
                    for one in self._resolve(value):
                        if isinstance(one.node, _Batch):
                            return attr, one.node
                        if isinstance(one.node, ast.Name) and one.node.id in self._op_names:
                            return attr, None
                # A parameter called `op` of a helper that nobody here calls with it.
                return (attr, None) if name == "op" and not values else None
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="alembic"), attr="op")):
                return func.attr, None
            case ast.Name(id=name) if name in self._op_functions:
                return self._op_functions[name], None
        return None

    def _operation(
        self, name: str, batch: _Batch | None, call: ast.Call, scope: _Scope
    ) -> Operation:
        found = self._parameters(name, batch, call, scope)
        table = found.get("table")
        text = self._text(table)
        label = text if text is not None else _source(table)
        at = 0 if batch else 1
        columns: list[Column] = []
        keys: list[ForeignKey] = []
        is_plain = False
        if name == "add_column":
            node = _argument(call, at, "column")
            columns += self._columns([node] if node is not None else [], label, scope)
        elif name == "create_table":
            columns += self._columns(call.args[at:], label, scope)
            keys += self._constraints(call.args[at:], scope)
            is_plain = self._is_plain(call, at, columns, scope)
        elif name == "batch_alter_table":
            args = _argument(call, None, "table_args")
            keys += self._constraints(getattr(args, "elts", []), scope)
        elif name == "create_foreign_key":
            referent = self._referent(found.get("referent"), call, scope)
            if referent is not None:
                keys.append(ForeignKey(_only(self._texts(found.get("on"))), referent))
        for column in columns:
            keys += [ForeignKey(column.name, referent) for referent in column.referents]
        return Operation(
            name,
            text,
            tuple(columns),
            self.module.spot(call),
            self._text(found.get("target")),
            self._texts(found.get("on")),
            self._text(batch.schema if batch else self._schema(call, scope)),
            tuple(keys),
            frozenset(
                keyword.arg
                for keyword in call.keywords
                if keyword.arg and not _is_off(keyword.value)
            ),
            _attributes(call) if name == "alter_column" else (),
            frozenset(_restated(call)) if name == "alter_column" else frozenset(),
            self._text(
                _given(call, None, "new_column_name", scope) or _given(call, None, "name", scope)
            )
            if name == "alter_column"
            else None,
            is_plain,
            not self._branched,
            self._doubted > 0,
        )

    def _schema(self, call: ast.Call, scope: _Scope) -> _Value | None:
        given = (_given(call, None, name, scope) for name in ("schema", "source_schema"))
        return next((value for value in given if value), None)

    def _referent(self, table: _Value | None, call: ast.Call, scope: _Scope) -> str | None:
        """The table that a foreign key refers to, with its schema; None where it is computed."""
        name, schema = self._text(table), _given(call, None, "referent_schema", scope)
        if name is None or schema is None or _is_off(schema.node):
            return name
        prefix = self._text(schema)
        return None if prefix is None else f"{prefix}.{name}"

    def _is_plain(self, call: ast.Call, at: int, columns: list[Column], scope: _Scope) -> bool:
        """Whether a new table has no index of its own, as far as all of it is in sight."""
        others = 0
        for node in call.args[at:]:
            match self._nodes(scope)(node):
                case [ast.Call() as one] if called(one).endswith("Constraint"):
                    others += 1
        all_seen = len(columns) + others == len(call.args[at:])
        return all_seen and not any(
            column.is_indexed or column.is_unique or column.comment_is_hidden for column in columns
        )

    def _parameters(
        self, name: str, batch: _Batch | None, call: ast.Call, scope: _Scope
    ) -> dict[str, _Value]:
        """The values of an operation's named parameters, as far as they are given."""
        # Of what is no schema operation, the first argument is taken for the table.
        names = list(SCHEMA_OPERATIONS.get(name, ("table",)))
        found: dict[str, _Value] = {}
        if batch:
            names.remove("table")
            if batch.table:
                found["table"] = batch.table
        for at, one in enumerate(names):
            for keyword in _KEYWORDS[one]:
                value = _given(call, at, keyword, scope)
                if value is not None:
                    found[one] = value
                    break
        return found

    def _texts(self, value: _Value | None) -> tuple[str, ...] | None:
        """The strings of a list that is written out, None where one of them is computed."""
        if value is None or isinstance(value.node, _Batch):
            return None
        elements = self._elements(value.node, value.scope)
        texts = [self._text(one) for one in elements or ()]
        if not texts or any(text is None for text in texts):
            return None
        return tuple(str(text) for text in texts)

    def _constraints(self, nodes: list[ast.expr], scope: _Scope) -> Iterator[ForeignKey]:
        """The foreign keys that a table declares beside its columns."""
        for node in nodes:
            if isinstance(node, ast.Starred):
                continue
            for one in self._resolve(_Value(node, scope)):
                if isinstance(one.node, ast.Call) and called(one.node) == "ForeignKeyConstraint":
                    on = self._texts(_given(one.node, 0, "columns", one.scope))
                    remote = self._texts(_given(one.node, 1, "refcolumns", one.scope))
                    for text in remote or ():
                        yield ForeignKey(_only(on), text.rpartition(".")[0])

    def _columns(self, nodes: list[ast.expr], table: str, scope: _Scope) -> Iterator[Column]:
        for node in nodes:
            if isinstance(node, ast.Starred):
                values = self._elements(node.value, scope) or []
            else:
                values = [_Value(node, scope)]
            for value in values:
                for one in self._resolve(value):
                    if isinstance(one.node, ast.Call) and self._is_column(one.node, one.scope):
                        yield self._column(one.node, table, one.scope)

    def _is_column(self, call: ast.Call, scope: _Scope) -> bool:
        match call.func:
            case ast.Attribute(attr="Column"):
                return True
            case ast.Name(id=name):
                values = scope.values(name)
                if values is None:
                    return name in self._column_names
                return any(
                    isinstance(one.node, ast.Attribute) and one.node.attr == "Column"
                    for value in values
                    for one in self._resolve(value)
                )
        return False

    def _column(self, call: ast.Call, table: str, scope: _Scope) -> Column:
        value = _given(call, 0, "name", scope)
        name = self._text(value)
        comment: str | None = None
        hidden = False
        for keyword in call.keywords:
            if keyword.arg == "comment":
                comment, hidden = self._comment(_Value(keyword.value, scope))
            elif keyword.arg is None and comment is None and not hidden:
                comment, hidden = self._option(_Value(keyword.value, scope))
        label = f"{table}.{name if name is not None else _source(value)}"
        referents = []
        for arg in call.args:
            if isinstance(arg, ast.Call) and called(arg) == "ForeignKey":
                text = self._text(_given(arg, 0, "column", scope))
                if text is not None:
                    referents.append(text.rpartition(".")[0])
        on = {
            keyword.arg
            for keyword in call.keywords
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        }
        return Column(
            self.module.spot(call),
            label,
            name,
            comment,
            hidden,
            tuple(referents),
            "index" in on,
            "unique" in on,
            len(call.args) == 2 and not hidden and not on & {"index", "unique", "primary_key"},
        )

    def _comment(self, value: _Value) -> tuple[str | None, bool]:
        found = self._resolve(value)
        constants = [one.node.value for one in found if isinstance(one.node, ast.Constant)]
        if not found or len(constants) < len(found):
            return None, True
        texts = [text for text in constants if text is not None and str(text).strip()]
        # With several values that may reach it, only what is wrong with all of them is wrong.
        text = texts[0] if texts else constants[0]
        return (None, False) if text is None else (str(text), len(constants) > 1 and bool(texts))

    def _option(self, options: _Value) -> tuple[str | None, bool]:
        """The comment that `**options` gives."""
        found = self._resolve(options)
        if len(found) != 1:
            return None, True
        match found[0].node:
            case ast.Dict(keys=keys, values=values) if all(
                isinstance(key, ast.Constant) for key in keys
            ):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "comment":
                        return self._comment(_Value(value, found[0].scope))
                return None, False
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if all(
                keyword.arg for keyword in keywords
            ):
                for keyword in keywords:
                    if keyword.arg == "comment":
                        return self._comment(_Value(keyword.value, found[0].scope))
                return None, False
        return None, True

    # Values

    def _resolve(self, value: _Value, depth: int = 0) -> list[_Value]:
        """The expressions that a value may be; none where that is not known."""
        self._budget -= 1
        node, scope = value
        if self._budget < 0 or depth > 30:
            return []
        match node:
            case ast.Name(id=name):
                values = scope.values(name)
                if values is None:
                    return [value]
                return [one for bound in values for one in self._resolve(bound, depth + 1)][
                    :_CANDIDATES
                ]
            case ast.IfExp(body=body, orelse=orelse):
                return [
                    one
                    for branch in (body, orelse)
                    for one in self._resolve(_Value(branch, scope), depth + 1)
                ]
            case ast.NamedExpr(value=inner):
                return self._resolve(_Value(inner, scope), depth + 1)
            case ast.Call(func=ast.Name(id=name)) if helper := scope.function(name):
                self._quiet += 1
                returned = self.enter(*helper, value)
                self._quiet -= 1
                return [one for inner in returned for one in self._resolve(inner, depth + 1)]
        return [value]

    def _elements(
        self, node: ast.expr | _Batch, scope: _Scope, depth: int = 0
    ) -> list[_Value] | None:
        """The elements of an iterable that is written out, None where it is not."""
        elements: list[_Value] = []
        deeper = depth + 1
        for one in self._resolve(_Value(node, scope), depth):
            match one.node:
                case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                    for elt in elts:
                        if isinstance(elt, ast.Starred):
                            elements += self._elements(elt.value, one.scope, deeper) or []
                        else:
                            elements.append(_Value(elt, one.scope))
                case ast.Dict(keys=keys):
                    elements += [_Value(key, one.scope) for key in keys if key is not None]
                case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
                    elements.append(_Value(elt, self._comprehension(one.node, one.scope, deeper)))
                case ast.BinOp(left=left, op=ast.Add(), right=right):
                    for side in (left, right):
                        elements += self._elements(side, one.scope, deeper) or []
                case ast.Call(func=ast.Name(id="list" | "tuple" | "set" | "sorted"), args=[inner]):
                    elements += self._elements(inner, one.scope, deeper) or []
                case ast.Call(func=ast.Name(id="reversed"), args=[inner]):
                    elements += (self._elements(inner, one.scope, deeper) or [])[::-1]
                case ast.Call(func=ast.Attribute(value=inner, attr="items" | "values" as which)):
                    for table in self._resolve(_Value(inner, one.scope), deeper):
                        if isinstance(table.node, ast.Dict):
                            elements += _dict_elements(table.node, table.scope, which)
        if len(elements) > self._most:
            self._overlook()
        return elements[: self._most] or None

    def _text(self, value: _Value | None) -> str | None:
        """The one string that a value is, None where it is computed or may be several."""
        if value is None:
            return None
        found = self._resolve(value)
        if len(found) != 1:
            return None
        match found[0].node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Call(func=ast.Attribute(attr="f" | "quoted_name"), args=[inner, *_]):
                return self._text(_Value(inner, found[0].scope))
        return None


def _dict_elements(node: ast.Dict, scope: _Scope, which: str) -> Iterator[_Value]:
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            continue
        pair = ast.Tuple(elts=[key, value], ctx=ast.Load())
        yield _Value(pair if which == "items" else value, scope)


def _argument(call: ast.Call, at: int | None, name: str) -> ast.expr | None:
    """An argument by position (None: it has none) or name; None where it is not in sight."""
    if at is not None:
        before = call.args[: at + 1]
        if len(before) > at and not any(isinstance(arg, ast.Starred) for arg in before):
            return before[at]
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return None


def _attributes(call: ast.Call) -> tuple[str, ...]:
    names = (keyword.arg or "**" for keyword in call.keywords)
    return tuple(name for name in names if name in _ATTRIBUTES)


def _restated(call: ast.Call) -> Iterator[str]:
    given = {keyword.arg: ast.dump(keyword.value) for keyword in call.keywords if keyword.arg}
    for name in _attributes(call):
        existing = given.get(f"existing_{name.rstrip('_')}")
        if existing is not None and given.get(name) == existing:
            yield name


def _given(call: ast.Call, at: int | None, name: str, scope: _Scope) -> _Value | None:
    node = _argument(call, at, name)
    return None if node is None else _Value(node, scope)


def _only(columns: tuple[str, ...] | None) -> str | None:
    return columns[0] if columns and len(columns) == 1 else None


def _is_off(node: ast.expr | _Batch) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, False)


def _source(value: _Value | None) -> str:
    if value is None or isinstance(value.node, _Batch):
        return "{?}"
    source = ast.unparse(value.node)
    return "{" + (source if len(source) <= 40 else source[:37] + "...") + "}"
