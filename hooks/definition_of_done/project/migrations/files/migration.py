"""Reads a migration file: its identifiers and the operations of its two directions."""

from __future__ import annotations

import ast

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.project.migrations.files.header import is_marker, read_header
from definition_of_done.project.migrations.operations.emptiness import Emptiness, emptiness
from definition_of_done.project.migrations.operations.operations import SCHEMA_OPERATIONS, Steps
from definition_of_done.project.migrations.operations.walk import MigrationWalker
from definition_of_done.readers.bindings import Bindings
from definition_of_done.readers.nodes import defers_annotations
from definition_of_done.readers.python import Module, parse_expression, read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.files.header import Header
    from definition_of_done.project.migrations.operations.operations import Column, Operation
    from definition_of_done.readers.bindings import Binding

# Characters that end a line either for a tokenizer or for people.
_STRANGE_LINES = ("\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
_MOST = 16
IDENTIFIERS = ("revision", "down_revision", "branch_labels", "depends_on")


class Identifier(NamedTuple):
    """A module-level identifier such as `revision`, as its last assignment leaves it.

    `values` are its strings: none for None, several for a tuple of parents. `is_literal` is false
    where Python computes the value, so that it is not known. `is_final` says that no branch gives
    another one. `name_spot` is the place of its name. `annotation` is the set of types that its
    annotation joins, None where it has none.
    """

    spot: Spot
    values: tuple[str, ...]
    is_literal: bool
    is_text: bool
    is_final: bool = False
    name_spot: Spot | None = None
    annotation: frozenset[str] | None = None


class Noise(NamedTuple):
    """A comment line that Alembic's generator wrote."""

    spot: Spot
    text: str


class Direction(NamedTuple):
    """`upgrade` or `downgrade`.

    `is_defined` says that the file has the function. `is_elsewhere` says that the name is imported
    or assigned, so that its body is not in this file. `spot` is the function's, or the file's
    start. `steps` has its operations with literal loops unrolled, and its opaque calls.
    """

    name: str
    spot: Spot
    is_defined: bool
    is_elsewhere: bool
    emptiness: Emptiness
    operations: tuple[Operation, ...]
    steps: Steps

    @property
    def schema_changes(self) -> Iterator[Operation]:
        """The operations that change the schema; raw SQL and changes of data are none."""
        return (operation for operation in self.operations if operation.name in SCHEMA_OPERATIONS)

    @property
    def does_nothing(self) -> bool:
        """True where the body has no effect."""
        return self.emptiness not in (Emptiness.EFFECT, Emptiness.UNSEEN)

    @property
    def is_unseen(self) -> bool:
        """True where code that is not seen may do the work."""
        return self.is_elsewhere or self.emptiness is Emptiness.UNSEEN


class Migration(NamedTuple):
    """One migration file. `revision` is None where the file assigns none.

    `defers_annotations` says that they are not evaluated, `has_typing` that it imports Optional or
    Union, as was done before Python 3.10.
    """

    path: str
    revision: Identifier | None
    down_revision: Identifier | None
    branch_labels: Identifier | None
    depends_on: Identifier | None
    upgrade: Direction
    downgrade: Direction
    header: Header | None
    noise: tuple[Noise, ...]
    defers_annotations: bool
    has_typing: bool

    @property
    def identifiers(self) -> dict[str, Identifier | None]:
        """The four that Alembic reads, by name."""
        found = (self.revision, self.down_revision, self.branch_labels, self.depends_on)
        return dict(zip(IDENTIFIERS, found, strict=True))

    @property
    def start(self) -> Spot:
        """The file's first line."""
        return Spot(self.path)

    @property
    def title(self) -> str:
        """The title of the docstring, empty where there is none."""
        return (self.header.title if self.header else None) or ""

    @property
    def is_merge(self) -> bool:
        """True where it joins two or more parents."""
        return self.down_revision is not None and len(self.down_revision.values) > 1

    @property
    def opens_branch(self) -> bool:
        """True where it gives a branch its label, or may do so."""
        labels = self.branch_labels
        return labels is not None and (bool(labels.values) or not labels.is_literal)

    @property
    def is_empty(self) -> bool:
        """True where both directions are defined and do nothing."""
        return all(
            direction.is_defined and direction.does_nothing
            for direction in (self.upgrade, self.downgrade)
        )

    @property
    def new_columns(self) -> Iterator[Column]:
        """The columns that `upgrade` adds, with a table or to one, in the order of the file."""
        for operation in self.upgrade.operations:
            if operation.name in ("add_column", "create_table"):
                yield from operation.columns


def read_migration(path: str, data: bytes) -> Migration:
    """Read a migration's source; raises Unreadable where it is not Python."""
    module = read_module(path, data)
    try:
        names = Bindings(module.tree)
        walker = MigrationWalker(module)
        migration = Migration(
            path,
            _identifier(module, names, "revision"),
            _identifier(module, names, "down_revision"),
            _identifier(module, names, "branch_labels"),
            _identifier(module, names, "depends_on"),
            _direction(module, names, walker, "upgrade"),
            _direction(module, names, walker, "downgrade"),
            read_header(module.docstring),
            tuple(_noise(module)),
            defers_annotations(module.tree),
            not names.bound.keys().isdisjoint(("Optional", "Union")),
        )
        walker.forget()
        return migration
    except RecursionError:
        raise Unreadable("nested too deeply to be judged", path=path) from None


def read_shared(session: Session, path: str) -> Migration:
    """Read a migration once for all that judge it; raises Unreadable and OSError.

    The last few that were read are kept: as many as a branch brings, and no history of thousands.
    """
    last: dict[tuple[str, bytes], Migration] = session.cache.keep("last migrations", dict)
    key = path, session.tree.read(path)
    if key not in last:
        if len(last) == _MOST:
            del last[next(iter(last))]
        last[key] = read_migration(*key)
    return last[key]


def read_identifiers(
    path: str, data: bytes
) -> tuple[Identifier | None, Identifier | None, Identifier | None, Identifier | None]:
    """Read revision, parents, branch labels and dependencies alone."""
    module = read_module(path, data)
    try:
        names = Bindings(module.tree)
    except RecursionError:
        raise Unreadable("nested too deeply to be judged", path=path) from None
    revision, parents, labels, depends = (_identifier(module, names, name) for name in IDENTIFIERS)
    return revision, parents, labels, depends


def _identifier(module: Module, names: Bindings, name: str) -> Identifier | None:
    value = names.bound.get(name)
    if value is None:
        return None
    literal, is_text = _strings(value)
    spot, is_literal = module.spot(value), literal is not None
    target = names.targets.get(name)
    if target is None or not isinstance(value, ast.expr):
        return Identifier(spot, literal or (), is_literal, is_text)
    annotation = names.annotations.get(name)
    return Identifier(
        spot=spot,
        values=literal or (),
        is_literal=is_literal,
        is_text=is_text,
        is_final=name not in names.again,
        name_spot=module.spot(target),
        annotation=None if annotation is None else frozenset(_types(annotation)),
    )


def _strings(value: ast.AST) -> tuple[tuple[str, ...] | None, bool]:
    """The strings of a literal, None where it is none; and True where it is one string."""
    match value:
        case ast.Constant(value=str(text)):
            return (text,), True
        case ast.Constant(value=None):
            return (), False
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
            if len(texts) == len(parts) and all(isinstance(text, str) for text in texts):
                return tuple(str(text) for text in texts), False
    return None, False


def _types(annotation: ast.expr) -> list[str]:
    """The types that a union joins, as the template spells them.

    `Optional[X]` is X and None, `Final[X]` is X.
    """
    match annotation:
        # To write a tree out takes long, and most types are these.
        case ast.Name(id=name):
            return [name]
        case ast.Constant(value=None):
            return ["None"]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_types(left), *_types(right)]
        case ast.Constant(value=str(source)):
            try:
                return _types(parse_expression(source))
            except SyntaxError:
                return [source]
        case ast.Subscript(value=outer, slice=inner):
            kind = getattr(outer, "attr", getattr(outer, "id", ""))
            if kind in ("Union", "Optional", "Final"):
                members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                found = [each for member in members for each in _types(member)]
                return [*found, "None"] if kind == "Optional" else found
            if kind in ("Sequence", "Tuple", "tuple", "List", "list", "Iterable"):
                return ["Sequence[str]"]
    return [ast.unparse(annotation)]


def _noise(module: Module) -> Iterator[Noise]:
    # Only files that can have a marker are tokenized for their comments.
    if not (module.holds(b"auto generated by Alembic") or module.holds(b"end Alembic commands")):
        return
    text = module.text
    for number in _marker_lines(module):
        line = text.line(number)
        if line.lstrip().startswith("#"):
            column = len(line) - len(line.lstrip()) + 1
            spot = Spot.of(module.path, number, column, len(line.strip()))
            yield Noise(spot, line.strip())


def _marker_lines(module: Module) -> list[int]:
    """The numbers of the lines with a comment that Alembic's generator wrote.

    The file is not tokenized where the docstring alone goes over several lines.
    """
    text, docstring = module.text.text, module.docstring
    quotes = 2 if docstring and docstring.is_triple else 0
    is_plain = text.count('"""') + text.count("'''") == quotes and "\\\n" not in text
    if not is_plain or any(mark in text for mark in _STRANGE_LINES):
        return [comment.line for comment in module.comments() if is_marker(comment.text)]
    last = docstring.spot.end[0] if docstring and docstring.spot.end else 0
    lines = enumerate(text.split("\n"), 1)
    return [number for number, line in lines if number > last and "#" in line and is_marker(line)]


def _direction(module: Module, names: Bindings, walker: MigrationWalker, name: str) -> Direction:
    """Read the direction of that name, also where the file does not define it."""
    function = _meant(names, name)
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return Direction(
            name=name,
            spot=Spot(module.path),
            is_defined=False,
            is_elsewhere=function is not None or names.has_star_import,
            emptiness=Emptiness.EFFECT,
            operations=(),
            steps=Steps((), ()),
        )
    walked = walker.walk(function)
    return Direction(
        name=name,
        spot=module.spot(function),
        is_defined=True,
        is_elsewhere=False,
        emptiness=emptiness(function, module.tree),
        operations=walked.operations,
        steps=walked.steps,
    )


def _meant(names: Bindings, name: str) -> Binding | None:
    """The value that a name is bound to in the end; a lambda as a function."""
    bound, seen = names.bound.get(name), {name}
    while isinstance(bound, ast.Name) and bound.id not in seen:
        seen.add(bound.id)
        bound = names.bound.get(bound.id, bound)
    if not isinstance(bound, ast.Lambda):
        return bound
    body = ast.copy_location(ast.Expr(bound.body), bound.body)
    return ast.copy_location(ast.FunctionDef(name, bound.args, [body], []), bound)
