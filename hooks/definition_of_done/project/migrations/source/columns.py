"""Reads SQLAlchemy's declarations: columns, indexes and constraints."""

from __future__ import annotations

import ast

from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.source.spelling import (
    UNTOLD,
    Spelling,
    differ,
    differ_in_python,
    differ_in_reference,
    fits,
    is_python,
    is_untold,
    last,
)
from definition_of_done.readers.nodes import is_constant, keyword_of
from definition_of_done.readers.python import parse_expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from definition_of_done.base.spots import Spot

    _Aspects: TypeAlias = dict[str, str]


PARTS = {
    "Index": "index",
    "UniqueConstraint": "constraint",
    "CheckConstraint": "constraint",
    "ForeignKeyConstraint": "constraint",
    "PrimaryKeyConstraint": "constraint",
    "ExcludeConstraint": "constraint",
}
# Where a name may stand without its keyword.
_PLACE_OF_NAME = {"Index": 0, "CheckConstraint": 1}
_FLAGS = ("primary_key", "index", "unique")
# The value of an aspect that is not declared.
UNSAID = {"primary key": "False", "index": "False", "unique": "False", "server default": ""}


class Declared(NamedTuple):
    """A column, index or constraint: `name` is the one for messages.

    `aspects` maps `type`, `nullable`, `primary key`, `index`, `unique`, `foreign key`, `server
    default`, `comment` or `definition` to its source, without how things are imported. An aspect
    that is not declared is not in it. `annotation` is the type in `Mapped[...]`, without None. `on`
    are the columns that an index or a constraint names. `hides` says that a mapping is spread among
    a column's arguments, which may hold any aspect.
    """

    spot: Spot
    name: str
    aspects: _Aspects
    annotation: str | None = None
    on: tuple[str, ...] = ()
    hides: bool = False

    @property
    def comment(self) -> str | None:
        """The comment of a column, None where it has none or the file does not tell it."""
        comment = self.aspects.get("comment")
        return None if comment == UNTOLD else comment

    @property
    def shows_all(self) -> bool:
        """True where an aspect that is not declared is not there: no alias or mapping brings it."""
        return not self.hides and (self.annotation is None or is_python(self.annotation))

    @property
    def shows_null(self) -> bool:
        """True where an annotation is no alias that may say whether it takes NULL."""
        annotation = self.annotation
        if annotation is None:
            return True
        return not self.hides and (not annotation.islower() or is_python(annotation))

    def differs(self, old: Declared) -> list[str]:
        """The names of the aspects that differ from the old declaration's in the schema."""
        found = ["type"] if self._differs_in_type(old) else []
        # An annotation of the project's own may be an alias that brings defaults and keys with it.
        hiding = [
            annotation
            for annotation in (self.annotation, old.annotation)
            if self.annotation != old.annotation
            and annotation is not None
            and not is_python(annotation)
        ]
        is_hidden = bool(hiding) or self.hides or old.hides
        for aspect in {**old.aspects, **self.aspects}:
            before, after = old.aspects.get(aspect), self.aspects.get(aspect)
            if aspect == "type" or (is_hidden and None in (before, after)):
                continue
            # An alias is written in lower case. A class, such as an enum, cannot be null.
            if aspect == "nullable" and any(annotation.islower() for annotation in hiding):
                continue
            unsaid = UNSAID.get(aspect, "")
            if _differ(aspect, before or unsaid, after or unsaid):
                found.append(aspect)
        return found

    def _differs_in_type(self, old: Declared) -> bool:
        before, after = old.aspects.get("type"), self.aspects.get("type")
        if before and after:
            return differ(before, after)
        if before and self.annotation and not self._is_key:
            return not fits(self.annotation, before)
        if after and old.annotation and not old._is_key:
            return not fits(old.annotation, after)
        if self.annotation and old.annotation and not (before or after):
            return differ_in_python(old.annotation, self.annotation)
        return False

    @property
    def _is_key(self) -> bool:
        """True where the column may take its type from the one that it references."""
        return "foreign key" in self.aspects


def _differ(aspect: str, before: str, after: str) -> bool:
    if aspect == "foreign key" and before and after:
        return differ_in_reference(before, after)
    if is_untold(before) or is_untold(after):
        # Two defaults that are not told may differ or not. One and none do.
        return not before or not after
    return before != after


class Declarations:
    """Reads declarations; `spot` returns the place of a node of their file."""

    def __init__(self, spot: Callable[[ast.expr], Spot], spelling: Spelling) -> None:
        self._spot = spot
        self._spelling = spelling
        self._plain = spelling.plain

    def column(
        self,
        name: str,
        call: ast.Call,
        kind: ast.expr | None,
        place: ast.expr,
        *,
        is_wrapped: bool = False,
    ) -> tuple[str, Declared]:
        """Read a column; returns its key and its declaration.

        `name` is the attribute's: the column has it where the call does not name the column. `kind`
        is the annotated type. `is_wrapped` says that another call stands around this one.
        """
        # By place, SQLModel's Field is given a default, and neither a name, a type nor a key.
        is_field = last(call.func) == "Field"
        args = [] if is_field else list(call.args)
        keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        match args, keywords.get("name"):
            case [ast.Constant(value=str(given)), *rest], _:
                name, args = given, rest
            case _, ast.Constant(value=str(given)):
                name = given
        keys = [
            argument
            for argument in args
            if isinstance(argument, ast.Call) and last(argument.func) == "ForeignKey"
        ]
        types = [argument for argument in args if not _is_no_type(argument)]
        aspects: _Aspects = {}
        type_ = keywords.get("type_") or keywords.get("sa_type") or (types[0] if types else None)
        optional, inner = _optional(kind) if kind is not None else (None, None)
        if type_ is not None:
            aspects["type"] = self._plain(type_)
        if "nullable" in keywords:
            aspects["nullable"] = self._plain(keywords["nullable"])
        elif is_wrapped and kind is not None:
            # Some wrappers hand the annotation on, others do not.
            aspects["nullable"] = UNTOLD
        else:
            is_filled = is_constant(keywords.get("primary_key"), True) or any(
                last(node) == "Identity" for node in args
            )
            # SQLModel's key is annotated with None: a row has none before it is stored.
            is_null = not is_filled if optional is None or is_field else optional
            aspects["nullable"] = str(is_null and optional is not False)
        aspects |= self._told(keywords)
        references = [*keys, *([keywords["foreign_key"]] if "foreign_key" in keywords else [])]
        if references:
            targets = [
                self._spelling.reference(reference, call.keywords) for reference in references
            ]
            aspects["foreign key"] = ", ".join(targets)
        annotation = self._plain(inner) if inner is not None else None
        hides = any(keyword.arg in (None, "sa_column_kwargs") for keyword in call.keywords)
        spot = self._spot(place)
        return f"column {name}", Declared(spot, name, aspects, annotation, hides=hides)

    def _told(self, keywords: dict[str, ast.expr]) -> _Aspects:
        """The aspects that keywords alone tell."""
        given = {name: value for name, value in keywords.items() if not is_constant(value, None)}
        aspects = {
            flag.replace("_", " "): self._plain(given[flag]) for flag in _FLAGS if flag in given
        }
        if "server_default" in given:
            aspects["server default"] = self._spelling.default(given["server_default"])
        if "comment" in given:
            text = self._spelling.text(given["comment"])
            aspects["comment"] = UNTOLD if text is None else text
        return aspects

    def table_args(self, value: ast.expr | None) -> Iterator[tuple[str, Declared | None]]:
        """Yield the indexes, constraints and the schema that `__table_args__` adds.

        A kind with None stands for parts of this kind that cannot be seen.
        """
        match value:
            case None:
                pass
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    yield from self.table_args(element)
            case ast.Dict(keys=keys, values=values):
                for key, given in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "schema":
                        aspects = {"definition": self._plain(given)}
                        yield "schema", Declared(self._spot(key), "schema", aspects)
            case ast.Call(func=func) if last(func) in PARTS:
                yield from self.part(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self.table_args(left)
                yield from self.table_args(right)
            case _:
                yield from dict.fromkeys(("index", "constraint", "schema")).items()

    def part(self, call: ast.Call) -> Iterator[tuple[str, Declared | None]]:
        """Yield an index or a constraint by its name, else by its definition."""
        function = last(call.func)
        kind = PARTS.get(function)
        if kind is None:
            return
        args = list(call.args)
        named = keyword_of(call, "name")
        place = _PLACE_OF_NAME.get(function)
        if named is None and place is not None and len(args) > place:
            named = args.pop(place)
        args = [_column_name(argument) for argument in args]
        options = [keyword for keyword in call.keywords if keyword.arg != "name"]
        definition = self._plain(ast.Call(call.func, args, options))
        name = (
            definition if named is None or is_constant(named, None) else self._spelling.text(named)
        )
        if name is None or (name is definition and is_untold(definition)):
            yield kind, None
            return
        key = f"{kind} {name}"
        if function == "UniqueConstraint":
            # The order of its columns does not matter.
            definition = self._plain(ast.Call(call.func, sorted(args, key=ast.dump), options))
            key = key if named is not None else f"{kind} {definition}"
        on = tuple(str(argument.value) for argument in args if isinstance(argument, ast.Constant))
        aspects = {"definition": definition}
        yield key, Declared(self._spot(call), name, aspects, on=on)


def _column_name(node: ast.expr) -> ast.expr:
    """The literal name of an index's column: `email`, `User.email` and `"email"` are the same."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return ast.Constant(value=name)
        case ast.Constant(value=str(text)):
            return ast.Constant(value=" ".join(text.split()))
    return node


def _is_no_type(node: ast.expr) -> bool:
    """True where an argument is no type but a key, an identity, a sequence or a constraint."""
    name = last(node.func) if isinstance(node, ast.Call) else ""
    return (
        isinstance(node, ast.Starred)
        or name in ("ForeignKey", "Identity", "Sequence", "Computed", "FetchedValue")
        or name.endswith(("Constraint", "Default", "DefaultClause"))
    )


def _optional(annotation: ast.expr) -> tuple[bool, ast.expr]:
    """True where an annotation admits None, and the annotation without None."""
    match annotation:
        case ast.Constant(value=str(source)):
            return _optional(parsed(source) or ast.Constant(value=Ellipsis))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            if is_constant(right, None):
                return True, _optional(left)[1]
            if is_constant(left, None):
                return True, _optional(right)[1]
            admits, inner = _optional(left)
            if admits:
                return True, ast.BinOp(left=inner, op=ast.BitOr(), right=right)
        case ast.Subscript(value=outer, slice=inner) if last(outer) == "Optional":
            return True, _optional(inner)[1]
        case ast.Subscript(value=outer, slice=ast.Tuple(elts=elements)) if last(outer) == "Union":
            others = [element for element in elements if not is_constant(element, None)]
            return len(others) < len(elements), others[0] if len(others) == 1 else annotation
        case ast.Subscript(value=outer, slice=ast.Tuple(elts=[inner, *_])) if (
            last(outer) == "Annotated"
        ):
            return _optional(inner)[0], annotation
    return False, annotation


def parsed(source: str) -> ast.expr | None:
    """Parse a quoted annotation; returns None where it is no expression."""
    try:
        return parse_expression(source.strip())
    except SyntaxError:
        return None
