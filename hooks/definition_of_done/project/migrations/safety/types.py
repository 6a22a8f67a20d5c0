"""Column types as PostgreSQL has them, and what a change from one to another costs, with USING."""

from __future__ import annotations

import ast
import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.safety.statements import COMPUTED, THROUGH_TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WORD = regex(r"(?i)\s*([a-z_]\w*(?:\s+varying|\s+precision)?)\s*(?:\(([\d\s,]*)\))?(.*)")
_NAMES = {
    "varchar": "string varchar unicode character_varying nvarchar autostring",
    "text": "text unicodetext",
    "char": "char nchar character",
    "smallint": "smallinteger smallint int2",
    "integer": "integer int int4",
    "bigint": "biginteger bigint int8",
    "numeric": "numeric decimal",
    "double precision": "double double_precision float8",
    "real": "real float4",
    "float": "float",
    "boolean": "boolean bool",
    "date": "date",
    "json": "json",
    "jsonb": "jsonb",
    "uuid": "uuid",
    "bytea": "largebinary bytea blob binary varbinary",
    "citext": "citext",
    "inet": "inet",
    "cidr": "cidr",
    "timestamp": "datetime timestamp",
    "timestamptz": "timestamptz",
    "interval": "interval",
    "serial": "serial serial4",
    "bigserial": "bigserial serial8",
    "smallserial": "smallserial serial2",
}
_KNOWN = {name: type for type, names in _NAMES.items() for name in names.split()}
INTEGERS = ("smallint", "integer", "bigint")
SERIALS = ("serial", "bigserial", "smallserial")
_TIMES = ("timestamp", "timestamptz", "interval")
# The parameters by which SQLAlchemy's types take their numbers.
_NUMBERS = ("length", "precision", "scale", "second_precision")
_SIZED = ("varchar", "char", "numeric", "float", *_TIMES)
# With one of these, a type of SQLAlchemy is another one in PostgreSQL, or one of its own.
_CHANGING = {"collation", "fields", "native", "native_uuid"}
# No row is touched where one becomes the other, as far as no length is asked for.
_FREE = {
    *(("varchar", "text"), ("text", "varchar"), ("varchar", "citext"), ("citext", "varchar")),
    *(("citext", "text"), ("text", "citext"), ("cidr", "inet")),
}
# It depends on the time zone of the session, since PostgreSQL 12.
_ZONES = {("timestamp", "timestamptz"), ("timestamptz", "timestamp")}
# A cast that no value takes for free: from an enum to another one, say.
_THROUGH_TEXT = regex(r"(?i)::\s*(?:text|varchar|character varying)\s*\)?\s*::")
_TYPE_NAME = r"[\w .\"]++(?:\([\d\s,]*\))?(?:\[\])*+"
_CAST = regex(rf"(?i)::\s*{_TYPE_NAME}|(?<!\s)\s++collate\s++[\w.\"]+")
_CAST_CALL = regex(rf"(?i)\bcast\s*+\((.{{1,200}}?)(?<!\s)\s++as\s++{_TYPE_NAME}\s*\)")


class Type(NamedTuple):
    """A type and its numbers: `varchar` and (40,)."""

    name: str
    numbers: tuple[int, ...] = ()

    @property
    def is_enum(self) -> bool:
        """True for an enum, which has its own name behind that word."""
        return self.name.startswith("enum ")

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.numbers))})" if self.numbers else self.name


class Change(NamedTuple):
    """The cost of a change of type: it rewrites the table, or narrows what the column takes."""

    rewrites: bool
    narrows: bool


def of_sql(text: str) -> Type | None:
    """The type that SQL names, None for one that is not known."""
    found = _WORD.match(text)
    if found is None:
        return None
    name = "_".join(found[1].lower().split())
    zone = re.match(r"\s*(with|without)\s+time\s+zone", found[3], re.I)
    if found[3].strip().startswith("["):
        return None
    if name == "interval" and re.match(
        r"\s*(?:year|month|day|hour|minute|second)\b", found[3], re.I
    ):
        return None
    numbers = tuple(int(number) for number in (found[2] or "").split(",") if number.strip())
    known = _KNOWN.get(name)
    if known == "timestamp" and zone and zone[1].lower() == "with":
        known = "timestamptz"
    return _typed(known, numbers)


def of_node(node: ast.expr, constant: Callable[[ast.expr], object]) -> Type | None:
    """The type that an expression of SQLAlchemy makes, None for one that is not known.

    `constant` returns the value of an argument, or another object where it is computed.
    """
    call = node if isinstance(node, ast.Call) else None
    func = call.func if call else node
    spelt = getattr(func, "attr", getattr(func, "id", ""))
    name = spelt.lower()
    known = _KNOWN.get(name)
    if call is None:
        return _typed(known, ())
    given = {keyword.arg: constant(keyword.value) for keyword in call.keywords}
    if None in given or any(isinstance(node, ast.Starred) for node in call.args):
        return None
    if name == "enum":
        is_native = isinstance(given.get("name"), str) and "native_enum" not in given
        return Type(f"enum {given['name']}") if is_native else None
    if known == "timestamp":
        zone = constant(call.args[0]) if call.args else given.get("timezone", False)
        if not isinstance(zone, bool):
            return None
        known = "timestamptz" if zone else known
    if given.keys() & _CHANGING:
        return None
    # Before the numbers stands the time zone, or whether the interval is a native one.
    at = 1 if known in ("timestamp", "timestamptz") or spelt == "Interval" else 0
    values = [constant(node) for node in call.args[at:]]
    values += [given[word] for word in _NUMBERS if given.get(word) is not None]
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    is_sized = known in _SIZED
    if is_sized and len(numbers) < len([value for value in values if value is not None]):
        return None
    return _typed(known, tuple(numbers) if is_sized else ())


def _typed(name: str | None, numbers: tuple[int, ...]) -> Type | None:
    if name is None:
        return None
    if name == "char":
        return Type(name, numbers or (1,))
    if name == "float":
        return Type("real" if numbers and numbers[0] < 25 else "double precision")
    if name == "numeric" and len(numbers) == 1:
        return Type(name, (*numbers, 0))
    if name in _TIMES and numbers == (6,):
        # They have as many digits without a number.
        return Type(name)
    return Type(name, numbers)


def change(old: Type, new: Type, version: tuple[int, ...]) -> Change | None:
    """The cost of a change from one type to another; None where it cannot be told."""
    if old == new:
        return Change(False, False)
    pair = old.name, new.name
    if pair in _ZONES:
        return Change(True, False) if version and version < (12,) else None
    if pair in _FREE or (old.name == new.name and old.name in ("varchar", *_TIMES)):
        narrows = bool(new.numbers) and (not old.numbers or old.numbers > new.numbers)
        return Change(narrows, narrows)
    if old.name == new.name == "numeric":
        return _numeric(old, new)
    return Change(True, _narrows(old, new))


def _numeric(old: Type, new: Type) -> Change:
    if not new.numbers:
        return Change(False, False)
    if not old.numbers:
        return Change(True, True)
    is_wider = new.numbers[0] >= old.numbers[0] and new.numbers[1] == old.numbers[1]
    whole = new.numbers[0] - new.numbers[1] < old.numbers[0] - old.numbers[1]
    return Change(not is_wider, whole or new.numbers[1] < old.numbers[1])


def _narrows(old: Type, new: Type) -> bool:
    if old.name in INTEGERS and new.name in INTEGERS:
        return INTEGERS.index(new.name) < INTEGERS.index(old.name)
    if old.name == new.name == "char":
        return new.numbers < old.numbers
    if new.name in ("varchar", "char") and old.name in ("varchar", "char", "text", "citext"):
        return bool(new.numbers) and (not old.numbers or new.numbers < old.numbers)
    return (old.name, new.name) in {("double precision", "real"), ("timestamp", "date")}


def read_using(expression: str, column: str | None) -> Iterator[str]:
    """Yield the options of a change of type that its expression brings, none for no expression."""
    if not expression:
        return
    if _THROUGH_TEXT.search(expression):
        yield THROUGH_TEXT
    bare = _CAST.sub("", _CAST_CALL.sub(r"\1", expression)).strip("() \n\t")
    is_column = bare.rpartition(".")[2].strip('"').lower() == (column or "").lower()
    if column and not is_column and "\u2026" not in expression:
        yield COMPUTED
