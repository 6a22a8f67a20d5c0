"""Tells whether the default of a new column is one value for all rows, or one for each."""

from __future__ import annotations

from definition_of_done.base.expressions import regex

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


def of_function(name: str) -> str:
    """Tell how the value of a function of PostgreSQL changes."""
    if name in _VOLATILE:
        return VOLATILE
    if name in _STABLE:
        return STABLE
    return CONSTANT if name in _IMMUTABLE else UNKNOWN


def of_sql(expression: str) -> str:
    """Tell how the value of an expression changes: as its most changing function does.

    NULL is no default.
    """
    bare = _QUOTED.sub("", expression).lower()
    if bare.strip() == "null":
        return ""
    if "\u2026" in bare:
        return UNKNOWN
    kinds = {of_function(name) for name in _CALLED.findall(bare)}
    return next((kind for kind in (VOLATILE, UNKNOWN, STABLE) if kind in kinds), CONSTANT)
