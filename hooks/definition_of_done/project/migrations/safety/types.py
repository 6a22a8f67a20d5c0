"""Types and defaults of columns as PostgreSQL has them, and the cost of another type."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.safety.statements import COMPUTED, THROUGH_TEXT
from definition_of_done.project.migrations.source.sql import called

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
_TEXTS = ("varchar", "char", "text", "citext")
# Some values of the first lose digits or hours in the second.
_CUT = {("double precision", "real"), ("timestamp", "date")}
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
# How the default of a new column changes: not at all, with the statement, or from row to row.
CONSTANT, STABLE, VOLATILE, UNKNOWN = "constant", "stable", "volatile", "unknown"
_QUOTED = regex(r"'[^']*'")
_CALLED = regex(r"(?<!\w)(\w++)\"?\s*+\(")
_VOLATILE = frozenset(
    "random random_normal gen_random_uuid uuidv4 uuidv7 gen_random_bytes clock_timestamp timeofday"
    " nextval setval uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 lastval currval"
    " pg_sleep gen_salt".split()
)
# PostgreSQL reckons them once for the statement.
_STABLE = frozenset(
    "now transaction_timestamp statement_timestamp current_timestamp localtimestamp localtime"
    " current_time current_date current_user current_setting timezone to_char to_timestamp"
    " date_trunc date_part extract age".split()
)
_IMMUTABLE = frozenset(
    "lower upper md5 coalesce concat abs round floor ceil jsonb_build_object jsonb_build_array"
    " json_build_object json_build_array make_date make_interval cast array numeric varchar char"
    " decimal interval bit timestamp timestamptz time nullif greatest least repeat".split()
)


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


def type_of_sql(text: str) -> Type | None:
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


def type_of_node(node: ast.expr, constant: Callable[[ast.expr], object]) -> Type | None:
    """The type that an expression of SQLAlchemy makes, None for one that is not known.

    `constant` returns the value of an argument, or another object where it is computed.
    """
    call = node if isinstance(node, ast.Call) else ast.Call(node, [], [])
    spelt = called(call)
    name = spelt.lower()
    known = _KNOWN.get(name)
    given = {keyword.arg: constant(keyword.value) for keyword in call.keywords}
    is_spread = None in given or any(isinstance(arg, ast.Starred) for arg in call.args)
    if is_spread or given.keys() & _CHANGING:
        return None
    if name == "enum":
        is_native = isinstance(given.get("name"), str) and "native_enum" not in given
        return Type(f"enum {given['name']}") if is_native else None
    placed = [constant(arg) for arg in call.args]
    if known == "timestamp":
        zone = placed[0] if placed else given.get("timezone", False)
        if not isinstance(zone, bool):
            return None
        known = "timestamptz" if zone else known
    if known not in _SIZED:
        return _typed(known, ())
    # Before the numbers stands the time zone, or whether the interval is a native one.
    at = 1 if known in ("timestamp", "timestamptz") or spelt == "Interval" else 0
    told = (*placed[at:], *map(given.get, _NUMBERS))
    values = [value for value in told if value is not None]
    numbers = tuple(n for n in values if isinstance(n, int) and not isinstance(n, bool))
    return _typed(known, numbers) if len(numbers) == len(values) else None


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
    pair = old.name, new.name
    if pair in _ZONES:
        return Change(True, False) if version and version < (12,) else None
    narrows = pair in _CUT or _holds(new, old) is False
    if old == new or pair in _FREE or (old.name == new.name and old.name in ("varchar", *_TIMES)):
        return Change(narrows, narrows)
    if old.name == new.name == "numeric":
        # Only the scale stands in each row.
        has_scale = not new.numbers or new.numbers[1:] == old.numbers[1:]
        return Change(narrows or not has_scale, narrows)
    return Change(True, narrows)


def _holds(wide: Type, narrow: Type) -> bool | None:
    """True where each value of one type has a place in another; None for those of other kinds."""
    if wide.name in INTEGERS and narrow.name in INTEGERS:
        return INTEGERS.index(wide.name) >= INTEGERS.index(narrow.name)
    if wide.name == narrow.name == "numeric" and wide.numbers and narrow.numbers:
        whole = wide.numbers[0] - wide.numbers[1] >= narrow.numbers[0] - narrow.numbers[1]
        return whole and wide.numbers[1] >= narrow.numbers[1]
    is_limited = wide.name == narrow.name and wide.name in ("numeric", *_TIMES)
    if is_limited or (wide.name in _TEXTS and narrow.name in _TEXTS):
        return not wide.numbers or (bool(narrow.numbers) and wide.numbers >= narrow.numbers)
    return None


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


def default_of_function(name: str) -> str:
    """Tell how the value of a function of PostgreSQL changes."""
    if name in _VOLATILE:
        return VOLATILE
    if name in _STABLE:
        return STABLE
    return CONSTANT if name in _IMMUTABLE else UNKNOWN


def default_of_sql(expression: str) -> str:
    """Tell how the value of an expression changes: as its most changing function does.

    NULL is no default.
    """
    bare = _QUOTED.sub("", expression).lower()
    if bare.strip() == "null":
        return ""
    if "\u2026" in bare:
        return UNKNOWN
    kinds = {default_of_function(name) for name in _CALLED.findall(bare)}
    return next((kind for kind in (VOLATILE, UNKNOWN, STABLE) if kind in kinds), CONSTANT)
