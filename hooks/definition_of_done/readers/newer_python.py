"""Python in newer grammar than the running interpreter's, as the tree that older grammar has.

Masks turn what is newer into older grammar, and `ast` judges the result. Then its tree gets what
the masks stand for, and all its nodes their places in the original.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right

from definition_of_done.base.text import Text
from definition_of_done.readers._lexer import Field
from definition_of_done.readers._masks import Masks
from definition_of_done.readers.nodes import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias, TypeVar

    from definition_of_done.readers._lexer import Literal, Part
    from definition_of_done.readers._masks import Parameter

    Node = TypeVar("Node", bound=ast.AST)
    Piece: TypeAlias = str | ast.expr
    Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

# The nodes that a mask leaves, or that have one right below them.
_MASKS = frozenset(
    {
        *(ast.List, ast.Expr, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef),
        *(ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.Import, ast.ImportFrom),
    }
)
_CONVERSIONS = {"": -1, "s": 115, "r": 114, "a": 97}


# A copy is made without arguments, or of None, first.
class TemplateStr(ast.expr):
    """A template string: a value that is no text."""

    _fields = ("values",)

    def __init__(self, values: list[ast.expr] | None = None) -> None:
        self.values = values or []


class TypeParameter(ast.expr):
    """A type parameter of a function or a class."""

    _fields = ("name", "bound", "default_value")

    def __init__(
        self,
        name: str = "",
        bound: ast.expr | None = None,
        default_value: ast.expr | None = None,
    ) -> None:
        self.name = name
        self.bound = bound
        self.default_value = default_value


class _TypeParameters(ast.expr):
    """The type parameters of a statement, where their mask stands."""

    def __init__(self, offset: int, nodes: list[TypeParameter]) -> None:
        self.offset = offset
        self.nodes = nodes


def parse_newer(text: str) -> ast.Module | None:
    """The tree of a source, None where nothing that is known to be newer stands in it.

    Raises SyntaxError with its place in the source, and what else `ast.parse` raises.
    """
    try:
        # Each character is a byte.
        source = text.encode().decode("latin-1")
        masks = Masks(source)
    except (SyntaxError, UnicodeEncodeError):
        return None
    if not masks.edits:
        return None
    places = _Places(source, masks)
    tree = places.parse()
    _Graft(places, masks).into(tree)
    return tree


class _Places:
    """The masked source, and the places in the original of what stands in it."""

    def __init__(self, source: str, masks: Masks) -> None:
        self.source = source
        self.starts = Text("", source).starts
        # What a masked line adds to its columns, from which column on.
        self._shifts: dict[int, list[tuple[int, int]]] = {}
        parts, at, line, shift = [], 0, 0, 0
        for start, end, mask in masks.edits:
            parts += [source[at:start], mask]
            (first, column), (last, behind) = self.place(start), self.place(end)
            column += len(mask) - (shift if first == line else 0)
            if first != last:
                column = len(mask) - 1 - max(mask.rfind("\n"), mask.rfind("\r"))
            at, line, shift = end, last, behind - column
            self._shifts.setdefault(last, []).append((column, shift))
        # As a text, it is not decoded once more as its cookie says.
        self._masked = "".join([*parts, source[at:]]).encode("latin-1").decode()

    def parse(self) -> ast.Module:
        """Parse the masked source, and give all nodes their places in the original."""
        try:
            tree = ast.parse(self._masked)
        except SyntaxError as error:
            line = error.lineno or 1
            before = Text("", self._masked).line(line)[: (error.offset or 1) - 1]
            column = self._column(line, len(before.encode()))
            raise self.error(error.msg, self.starts[line - 1] + column) from None
        for node in _walk(tree):
            place = vars(node)
            for row, side in (("lineno", "col_offset"), ("end_lineno", "end_col_offset")):
                if place.get(row) in self._shifts:
                    place[side] = self._column(place[row], place[side])
        return tree

    def _column(self, line: int, column: int) -> int:
        shifts = self._shifts.get(line, [])
        at = bisect_right(shifts, column, key=lambda shift: shift[0])
        return column + (shifts[at - 1][1] if at else 0)

    def place(self, offset: int) -> tuple[int, int]:
        """The line (from 1) and column (from 0) of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1]

    def offset(self, node: ast.expr | ast.stmt) -> int:
        """The offset at which a node starts."""
        return self.starts[node.lineno - 1] + node.col_offset

    def put(self, node: Node, start: int, end: int) -> Node:
        """The node, which now stands from one offset to another."""
        (line, column), (end_line, end_column) = self.place(start), self.place(end)
        vars(node).update(lineno=line, col_offset=column)
        vars(node).update(end_lineno=end_line, end_col_offset=end_column)
        return node

    def text(self, start: int, end: int) -> str:
        """The source from one offset to another, with the newlines that Python sees."""
        text = self.source[start:end].encode("latin-1").decode("utf-8", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def error(self, message: str, offset: int) -> SyntaxError:
        """The error at an offset."""
        line, column = self.place(offset)
        before = self.text(offset - column, offset)
        return SyntaxError(message, (None, line, len(before) + 1, None))


class _Graft:
    """Puts what the masks stand for into the tree of the masked source."""

    def __init__(self, places: _Places, masks: Masks) -> None:
        self._places = places
        self._masks = masks
        # The offsets of the masks that the tree has to show.
        self._left = {*masks.strings, *masks.parameters, *masks.stars, *masks.lazy}

    def into(self, tree: ast.Module) -> None:
        """Change the tree; raises SyntaxError where a mask stands where its construct cannot."""
        # What is below a node is meant before the node is.
        for node in reversed(_walk(tree)):
            for field in node._fields:
                value = getattr(node, field, None)
                if isinstance(value, list):
                    for at, child in enumerate(value):
                        if type(child) in _MASKS:
                            value[at] = self._meant(child)
                elif isinstance(value, ast.AST) and type(value) in _MASKS:
                    setattr(node, field, self._meant(value))
        if self._left:
            raise self._places.error("invalid syntax", min(self._left))

    def _meant(self, node: ast.AST) -> ast.AST:
        """The node that one of the masked source stands for."""
        match node:
            case ast.List():
                return self._list(node, self._places.offset(node))
            case ast.Expr(value=ast.Lambda() as mask):
                return self._alias(node, mask)
            case ast.ClassDef(bases=[_TypeParameters(), *_]):
                self._parametrize(node, node.bases.pop(0))
            case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
                listed = arguments.posonlyargs or arguments.args
                if listed and isinstance(listed[0].annotation, _TypeParameters):
                    self._parametrize(node, listed.pop(0).annotation)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                if (offset := self._places.offset(node)) in self._masks.stars:
                    self._left.discard(offset)
                    node.elt = self._starred(node.elt, self._masks.stars[offset])
            case ast.Import() | ast.ImportFrom():
                if (offset := self._places.offset(node)) in self._masks.lazy:
                    self._left.discard(offset)
                    node.lineno, node.col_offset = self._places.place(self._masks.lazy[offset])
        return node

    def _list(self, node: ast.List, offset: int) -> ast.expr:
        values = iter(node.elts)
        if offset in self._masks.strings:
            self._left.discard(offset)
            if not isinstance(node.ctx, ast.Load):
                raise self._places.error("cannot assign to f-string expression", offset)
            return self._string(node, self._masks.strings[offset], values)
        if offset in self._masks.parameters:
            found = [self._parameter(each, values) for each in self._masks.parameters[offset]]
            return ast.copy_location(_TypeParameters(offset, found), node)
        return node

    def _string(
        self, node: ast.List, literals: Sequence[Literal], values: Iterator[ast.expr]
    ) -> ast.expr:
        """The f-string or template string of literals that stand side by side."""
        is_template = all("t" in literal.prefix for literal in literals)
        if not is_template and any(re.search("[bt]", literal.prefix) for literal in literals):
            message = "cannot mix bytes or template strings with other strings"
            raise self._places.error(message, literals[0].start)
        pieces: list[Piece] = []
        for literal in literals:
            pieces += self._pieces(literal, literal.parts or (), values, node)
        found = _joined(pieces, node)
        return ast.copy_location(TemplateStr(found) if is_template else ast.JoinedStr(found), node)

    def _pieces(
        self, literal: Literal, parts: Iterable[Part], values: Iterator[ast.expr], place: ast.expr
    ) -> Iterator[Piece]:
        """Yield the texts and fields of a literal or of a format in it; their place is `place`.

        No brace is doubled in a format.
        """
        if literal.parts is None:
            yield self._value(literal, self._places.text(literal.start, literal.end))
        for part in parts:
            if isinstance(part, Field):
                yield from self._field(literal, part, values, place)
            else:
                text = self._places.text(*part)
                yield self._text(literal, text.replace("{{", "{").replace("}}", "}"))

    def _field(
        self, literal: Literal, field: Field, values: Iterator[ast.expr], place: ast.expr
    ) -> Iterator[Piece]:
        value, format = next(values), None
        if self._places.offset(value) == field.start:
            # It starts with a parenthesis of the mask.
            match value:
                case ast.GeneratorExp() | ast.Tuple(elts=[]):
                    raise self._places.error("f-string: invalid syntax", field.start)
        if field.format is not None:
            parts = _joined(self._pieces(literal, field.format, values, place), place)
            format = self._places.put(ast.JoinedStr(parts), literal.start, literal.end)
            # So does Python 3.11: its other parts are where the whole string is.
            if parts and isinstance(parts[-1], ast.Constant):
                ast.copy_location(parts[-1], format)
        if field.shown:
            yield self._places.text(field.start + 1, field.shown)
        is_repr = field.shown and field.format is None
        conversion = _CONVERSIONS[field.conversion or ("r" if is_repr else "")]
        yield ast.copy_location(ast.FormattedValue(value, conversion, format), place)

    def _text(self, literal: Literal, text: str) -> str:
        raw = "r" if "r" in literal.prefix else ""
        # A brace keeps a backslash away from the quotes.
        return self._value(literal, f"{raw}{literal.quotes}{text}{{{literal.quotes}")[:-1]

    def _value(self, literal: Literal, source: str) -> str:
        """The value of a literal without fields."""
        try:
            return str(ast.literal_eval(source))
        except SyntaxError as error:
            raise self._places.error(error.msg, literal.start) from None

    def _starred(self, value: ast.expr, star: int) -> ast.Starred:
        node = ast.copy_location(ast.Starred(value, ast.Load()), value)
        node.lineno, node.col_offset = self._places.place(star)
        return node

    def _parameter(self, parameter: Parameter, values: Iterator[ast.expr]) -> TypeParameter:
        bound = next(values) if parameter.has_bound else None
        default = next(values) if parameter.has_default else None
        if default and parameter.star is not None:
            default = self._starred(default, parameter.star)
        node = TypeParameter(parameter.name, bound, default)
        return self._places.put(node, parameter.start, parameter.end)

    def _parametrize(self, node: Definition, mask: ast.expr | None) -> None:
        if isinstance(mask, _TypeParameters):
            self._left.discard(mask.offset)
            # Before Python 3.12, the node has no such field.
            fields = dict.fromkeys((*node._fields, "type_params"))
            vars(node).update(type_params=mask.nodes, _fields=tuple(fields))

    def _alias(self, node: ast.Expr, mask: ast.Lambda) -> ast.stmt:
        """The assignment that does what a `type` statement does."""
        match mask.args.defaults:
            case [_TypeParameters(offset=offset)]:
                self._left.discard(offset)
                start, end = self._masks.aliases[offset]
                name = self._places.text(offset, end)
                target = self._places.put(ast.Name(name, ast.Store()), offset, end)
                node.lineno, node.col_offset = self._places.place(start)
                return ast.copy_location(ast.Assign([target], mask.body), node)
        return node


def _joined(pieces: Iterable[Piece], place: ast.expr) -> list[ast.expr]:
    """The values of a string, with one constant for texts that stand side by side."""
    values: list[ast.expr] = []
    for piece in pieces:
        match piece, values:
            case str(), [*_, ast.Constant(value=str(before)) as last]:
                last.value = before + piece
            case str(), _ if piece:
                values.append(ast.copy_location(ast.Constant(piece), place))
            case ast.expr(), _:
                values.append(piece)
    return values


def _walk(tree: ast.Module) -> list[ast.AST]:
    """All nodes of a tree, each in front of those below it."""
    nodes: list[ast.AST] = [tree]
    for node in nodes:
        nodes += children(node)
    return nodes
