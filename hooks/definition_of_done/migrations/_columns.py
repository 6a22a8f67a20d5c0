"""What one declaration of SQLAlchemy's stands for: a column, an index, a constraint."""

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from definition_of_done.engine.finding import Spot
from definition_of_done.migrations._column_types import (
    differ,
    differ_in_python,
    fits,
    is_known,
    plain,
    plain_default,
)
from definition_of_done.readers.python import Module

_PARTS = {
    "Index": "index",
    "UniqueConstraint": "constraint",
    "CheckConstraint": "constraint",
    "ForeignKeyConstraint": "constraint",
    "PrimaryKeyConstraint": "constraint",
    "ExcludeConstraint": "constraint",
}
_FLAGS = ("primary_key", "index", "unique")
# What a column has that says nothing of it.
_UNSAID = {"primary key": "False", "index": "False", "unique": "False", "server default": ""}
_Aspects: TypeAlias = dict[str, str]


class Declared(NamedTuple):
    """A column, index or constraint: `name` as a message calls it, and what the schema has of it.

    `aspects` maps `type`, `nullable`, `primary key`, `index`, `unique`, `foreign key`, `server
    default` or `definition` to its source in a form that leaves out how things are imported; what
    is not said is not there. `annotation` is what `Mapped[...]` holds, without None.
    """

    spot: Spot
    name: str
    aspects: _Aspects
    annotation: str | None = None

    def differs(self, old: "Declared") -> list[str]:
        """The aspects in which the schema differs from the old declaration's."""
        found = ["type"] if self._differs_in_type(old) else []
        # An annotation of the project's own may be an alias that brings defaults and keys along.
        is_hidden = self.annotation != old.annotation and not all(
            one is None or is_known(one) for one in (self.annotation, old.annotation)
        )
        for aspect in {**old.aspects, **self.aspects}:
            before, after = old.aspects.get(aspect), self.aspects.get(aspect)
            if aspect == "type" or (is_hidden and None in (before, after)):
                continue
            unsaid = _UNSAID.get(aspect)
            if (before or unsaid) != (after or unsaid):
                found.append(aspect)
        return found

    def _differs_in_type(self, old: "Declared") -> bool:
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
        """Whether the column may take its type from the one that it references."""
        return "foreign key" in self.aspects


class Declarations:
    """Reads the declarations of one file, whose imports say what its names stand for."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._aliases: dict[str, str] = {}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                self._aliases |= {one.asname: one.name for one in node.names if one.asname}

    def column(
        self, name: str, call: ast.Call, kind: ast.expr | None, place: ast.expr
    ) -> tuple[str, Declared]:
        """A column's key and declaration; `kind` is what its annotation says that it holds."""
        args = list(call.args)
        keywords = {one.arg: one.value for one in call.keywords if one.arg}
        match args, keywords.get("name"):
            case [ast.Constant(value=str(given)), *rest], _:
                name, args = given, rest
            case _, ast.Constant(value=str(given)):
                name = given
        keys = [one for one in args if isinstance(one, ast.Call) and last(one.func) == "ForeignKey"]
        types = [one for one in args if one not in keys and not _is_default(one)]
        aspects: _Aspects = {}
        type_ = keywords.get("type_") or keywords.get("sa_type") or (types[0] if types else None)
        optional, inner = _optional(kind) if kind is not None else (None, None)
        if type_ is not None:
            aspects["type"] = self._plain(type_)
        is_key = is_true(keywords.get("primary_key"))
        if "nullable" in keywords:
            aspects["nullable"] = self._plain(keywords["nullable"])
        else:
            aspects["nullable"] = str(bool(not is_key if optional is None else optional))
        for flag in _FLAGS:
            if flag in keywords:
                aspects[flag.replace("_", " ")] = self._plain(keywords[flag])
        references = [*keys, *([keywords["foreign_key"]] if "foreign_key" in keywords else [])]
        if references:
            aspects["foreign key"] = ", ".join(self._plain(one) for one in references)
        if not is_none(default := keywords.get("server_default", ast.Constant(value=None))):
            aspects["server default"] = plain_default(default, self._aliases)
        annotation = self._plain(inner) if inner is not None else None
        spot = self._module.spot(place)
        return f"column {name}", Declared(spot, name, aspects, annotation)

    def table_args(self, value: ast.expr | None) -> Iterator[tuple[str, Declared]]:
        """What `__table_args__` adds: indexes, constraints and the schema."""
        elements = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
        for one in elements:
            if isinstance(one, ast.Call):
                yield from self.part(one)
            elif isinstance(one, ast.Dict):
                for key, given in zip(one.keys, one.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "schema":
                        aspects = {"definition": self._plain(given)}
                        yield "schema", Declared(self._module.spot(key), "schema", aspects)

    def part(self, call: ast.Call) -> Iterator[tuple[str, Declared]]:
        """An index or a constraint, by its name or, without one, by what it says."""
        kind = _PARTS.get(last(call.func))
        if kind is None:
            return
        definition = self._plain(call)
        named = next((one.value for one in call.keywords if one.arg == "name"), None)
        if named is None and kind == "index" and call.args:
            named = call.args[0]
        match named:
            case ast.Constant(value=str(text)):
                name = text
            case _:
                name = definition
        spot = self._module.spot(call)
        yield f"{kind} {name}", Declared(spot, name, {"definition": definition})

    def _plain(self, node: ast.expr) -> str:
        return plain(node, self._aliases)


def _is_default(node: ast.expr) -> bool:
    """Whether an argument is no type: an identity, a sequence, a constraint of the column."""
    name = last(node.func) if isinstance(node, ast.Call) else ""
    return name in ("Identity", "Sequence", "Computed", "FetchedValue") or name.endswith(
        "Constraint"
    )


def _optional(annotation: ast.expr) -> tuple[bool, ast.expr]:
    """Whether an annotation admits None, and what it is without."""
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            if is_none(right):
                return True, left
            if is_none(left):
                return True, right
        case ast.Subscript(value=outer, slice=inner) if last(outer) == "Optional":
            return True, inner
    return False, annotation


def last(node: ast.AST) -> str:
    """The last name of a chain such as `sa.orm.Mapped`."""
    if isinstance(node, ast.Subscript | ast.Call):
        return last(node.value if isinstance(node, ast.Subscript) else node.func)
    return getattr(node, "attr", getattr(node, "id", ""))


def is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
