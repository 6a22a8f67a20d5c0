"""Reads the plain statements of a direction, and spells them so that another file can hold them.

They are operations that no branch, loop or helper decides. Their expressions are spelt by what
their names stand for: `sa.String()` is `sqlalchemy.String()` here. A name that is no import of the
file is `own.name`.
"""

from __future__ import annotations

import ast
from copy import deepcopy

from definition_of_done.base.errors import Refused
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.operations.operations import SCHEMA_OPERATIONS
from definition_of_done.readers.bindings import Bindings
from definition_of_done.readers.python import parse_expression, read_module, requoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from definition_of_done.project.migrations.source.evaluator import Function
    from definition_of_done.readers.python import Module

ENUMS = ("sqlalchemy.Enum", "sqlalchemy.dialects.postgresql.ENUM")
_OP = "alembic.op."
_BATCH = f"{_OP}batch_alter_table"
_FOLLOWED = tuple(f"{_OP}{operation}(" for operation in SCHEMA_OPERATIONS)
_TYPES = dict.fromkeys(("create", "drop"), tuple(f"{enum}(" for enum in ENUMS))
_SQL = {"execute", "exec_driver_sql", "scalar", "scalars"}
_BLOCKS: dict[type[ast.stmt], str] = {
    ast.If: "has a condition",
    ast.Try: "has a condition",
    ast.Match: "has a condition",
    ast.For: "has a loop",
    ast.While: "has a loop",
}

_OWN = "own"
_PACKAGES = ("sqlalchemy", "alembic")
_DIALECTS = "sqlalchemy.dialects."
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# A name for what a file may have to import, and the import.
_IMPORTS = {"sqlalchemy": ("sa", "import sqlalchemy as sa")}


class Statement(NamedTuple):
    """A call in its canonical spelling, and its place.

    `batch` is the call that makes its batch, and `alias` the batch's name in the file. `block`
    numbers the statements of the function: those of one batch share a number.
    """

    call: str
    batch: str
    alias: str
    block: int
    line: int
    column: int


class Plain(NamedTuple):
    """The plain statements of a function; `obstacle` says what else it does, if anything.

    `lines` are the first and last line of each block.
    """

    statements: tuple[Statement, ...]
    obstacle: str
    lines: tuple[tuple[int, int], ...] = ()


def function_of(module: Module, name: str) -> Function | None:
    """The function of that name at the module's level, None where it is none or decorated."""
    found = Bindings(module.tree).bound.get(name)
    return found if isinstance(found, ast.FunctionDef) and not found.decorator_list else None


def read_plain(path: str, data: bytes, name: str) -> Plain:
    """Read a direction; raises Unreadable where the file is not Python."""
    module = read_module(path, data)
    function = function_of(module, name)
    if function is None:
        return Plain((), "is not a plain function of its file")
    reader = _PlainReader(module, Canonical(module, function))
    for block, node in enumerate(function.body):
        reader.read(node, block)
    lines = tuple((node.lineno, node.end_lineno or node.lineno) for node in function.body)
    return Plain(tuple(reader.statements), reader.obstacle, lines)


class _PlainReader:
    def __init__(self, module: Module, canonical: Canonical) -> None:
        self.statements: list[Statement] = []
        self.obstacle = ""
        self._module = module
        self._canonical = canonical

    def read(self, node: ast.stmt, block: int) -> None:
        match node:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name()], value=value) if self._is_harmless(value):
                pass
            case ast.Expr(value=ast.Call() as call):
                self._note(call, self._canonical.text(call), block)
            case ast.With(items=[ast.withitem(context, ast.Name(id=alias))], body=body):
                header = self._canonical.text(context)
                if not header.startswith(f"{_BATCH}("):
                    self._stop("has a block that is not followed")
                    return
                for inner in body:
                    self._read_in_batch(inner, block, header, alias)
            case _:
                self._stop(_BLOCKS.get(type(node), "has a statement that is not followed"))

    def _is_harmless(self, value: ast.expr) -> bool:
        """True where a name is given a text, a connection or a type."""
        if isinstance(value, ast.Call):
            return self._canonical.text(value).startswith((f"{_OP}get_bind()", "sqlalchemy."))
        return is_value(value)

    def _read_in_batch(self, node: ast.stmt, block: int, header: str, alias: str) -> None:
        match node:
            case ast.Pass():
                pass
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) as call
            ) if name == alias and attr in SCHEMA_OPERATIONS:
                # The batch has the same functions as the module.
                text = self._canonical.text(call).replace(f"own.{alias}.", _OP)
                self._add(call, text, block, header, alias)
            case _:
                self._stop("has a batch with more than operations")

    def _note(self, call: ast.Call, text: str, block: int) -> None:
        func = call.func
        name = func.attr if isinstance(func, ast.Attribute) else ""
        if name in _SQL:
            self._stop("runs SQL")
        elif name == "bulk_insert":
            self._stop("changes data")
        elif text.startswith(_FOLLOWED if text.startswith(_OP) else _TYPES.get(name, ("?",))):
            self._add(call, text, block)
        else:
            self._stop("calls what is not followed")

    def _add(
        self, call: ast.Call, text: str, block: int, header: str = "", alias: str = ""
    ) -> None:
        spot = self._module.spot(call)
        self.statements.append(Statement(text, header, alias, block, spot.line, spot.column))

    def _stop(self, obstacle: str) -> None:
        self.obstacle = self.obstacle or obstacle


def calls(node: ast.AST, *origins: str) -> Iterator[ast.Call]:
    """Yield the calls of these origins anywhere in a canonical expression."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call) and dotted(found.func) in origins:
            yield found


class Canonical(ast.NodeTransformer):
    """Rewrites the expressions of a file, and puts the values of its plain names in their place."""

    def __init__(self, module: Module, function: Function) -> None:
        self._origins = module.origins
        self._values: dict[str, ast.expr] = {}
        self._is_inside = False
        self._stored: set[str] = set()
        outside = [node for node in module.tree.body if not isinstance(node, _DEFINITIONS)]
        for node in ast.walk(ast.Module([*outside, function], [])):
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                    if name in self._stored:
                        self._values.pop(name, None)
                    self._stored.add(name)
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_value(value):
                    # The walk is by breadth: it comes to the name after its statement.
                    if name not in self._stored:
                        self._values[name] = value

    def text(self, node: ast.expr) -> str:
        """Spell an expression."""
        return ast.unparse(self.visit(deepcopy(node)))

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast's own name
        """Return the origin of a name, or the value that it is given once."""
        value = self._values.get(node.id)
        if value is not None and not self._is_inside:
            self._is_inside = True
            try:
                return self.visit(deepcopy(value))  # type: ignore[no-any-return]  # as ast types it
            finally:
                self._is_inside = False
        if node.id in self._stored or not self._origins.is_imported(node.id):
            return parse_expression(f"{_OWN}.{node.id}")
        return parse_expression(self._origins.of(node))


def is_value(node: ast.expr) -> bool:
    """True where an expression may stand in for the name that it is assigned to."""
    return isinstance(node, ast.Constant | ast.Call)


class Local(NamedTuple):
    """The names by which one file knows what it imports, and the quote that it writes.

    `bound` maps an origin to its name. `taken` are all names that the file binds.
    """

    bound: dict[str, str]
    taken: frozenset[str]
    quote: str

    def spelt(self, text: str, imports: set[str], batch: str = "") -> str:
        """Spell a canonical expression with the names of this file.

        `batch` is the name of the batch that it stands in. Adds the imports that the file lacks.
        Raises Refused for a name that is none of SQLAlchemy's or Alembic's.
        """
        bound = {**self.bound, "alembic.op": batch} if batch else self.bound
        tree = ast.Expression(parse_expression(text))
        if any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree)):
            raise Refused("a text is computed")
        tree = _Localized(lambda origin: self._named(origin, bound, imports)).visit(tree)
        return requoted(ast.unparse(tree.body), self.quote)

    def _named(self, origin: str, bound: dict[str, str], imports: set[str]) -> str:
        if origin.partition(".")[0] not in _PACKAGES:
            name = origin.removeprefix(f"{_OWN}.")
            raise Refused(f"{name} is none of SQLAlchemy's or Alembic's own names")
        for prefix in _prefixes(origin):
            # A dialect is a module of its own, which SQLAlchemy does not import.
            is_enough = not origin.startswith(_DIALECTS) or prefix.count(".") >= 2
            if is_enough and prefix in bound:
                return bound[prefix] + origin[len(prefix) :]
        if origin.startswith(_DIALECTS):
            dialect = origin.split(".")[2]
            name, line = dialect, f"from sqlalchemy.dialects import {dialect}"
            home = _DIALECTS + dialect
        else:
            home = origin.partition(".")[0]
            if home not in _IMPORTS:
                raise Refused(f"the file does not import {origin}")
            name, line = _IMPORTS[home]
        if name in self.taken:
            raise Refused(f"{name} is another thing in this file")
        imports.add(line)
        return name + origin[len(home) :]


class _Localized(ast.NodeTransformer):
    def __init__(self, named: Callable[[str], str]) -> None:
        self._named = named

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # ast's own name
        origin = dotted(node)
        return parse_expression(self._named(origin)) if origin else self.generic_visit(node)  # type: ignore[return-value]  # as ast types it

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast's own name
        return parse_expression(self._named(node.id))


def read_local(module: Module) -> Local:
    """Read the names that a file binds at its top, whatever happens."""
    origins = module.origins
    stored, imported = set[str](), set[str]()
    pairs: list[tuple[str, str]] = []
    for node in ast.walk(module.tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                stored.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                stored.add(name)
            case ast.ClassDef(name=name):
                stored.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names = {alias.asname or alias.name.partition(".")[0] for alias in aliases}
                imported |= names
                if node in module.tree.body:
                    pairs += [(origins.of(ast.Name(id=name)), name) for name in names]
    bound = {origin: name for origin, name in pairs if name not in stored}
    text = module.text.text
    quote = '"' if text.count('"') - 3 * text.count('"""') >= text.count("'") else "'"
    return Local(bound, frozenset(stored | imported), quote)


def _prefixes(origin: str) -> Iterator[str]:
    """Yield a dotted name and what is above it, the longest first."""
    while origin:
        yield origin
        origin = origin.rpartition(".")[0]


def dotted(node: ast.expr) -> str:
    """The dotted name of a chain of attributes, empty for another expression."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            above = dotted(value)
            return f"{above}.{attr}" if above else ""
    return ""
