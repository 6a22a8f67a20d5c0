"""Whether two declarations of a column's type stand for different types in the database."""

import ast
import re

# What SQLAlchemy calls by several names. PostgreSQL, MySQL and SQLite make no difference.
_SAME = {
    "BIGINT": "BigInteger",
    "BLOB": "LargeBinary",
    "BOOLEAN": "Boolean",
    "BYTEA": "LargeBinary",
    "Binary": "LargeBinary",
    "DATE": "Date",
    "DATETIME": "DateTime",
    "DECIMAL": "Numeric",
    "DOUBLE": "Double",
    "DOUBLE_PRECISION": "Double",
    "ENUM": "Enum",
    "FLOAT": "Float",
    "INT": "Integer",
    "INTEGER": "Integer",
    "INTERVAL": "Interval",
    "NUMERIC": "Numeric",
    "SMALLINT": "SmallInteger",
    "TEXT": "Text",
    "TIME": "Time",
    "TIMESTAMP": "DateTime",
    "UUID": "Uuid",
    "Unicode": "String",
    "UnicodeText": "Text",
    "VARCHAR": "String",
}
# What a bare `Mapped[int]` may become; a project's own type map chooses within a row.
_PYTHON = {
    "int": {"Integer", "BigInteger", "SmallInteger"},
    "str": {"String", "Text", "CHAR", "Enum", "CITEXT"},
    "bool": {"Boolean"},
    "float": {"Float", "Double", "REAL", "Numeric"},
    "bytes": {"LargeBinary", "VARBINARY"},
    "datetime": {"DateTime"},
    "date": {"Date"},
    "time": {"Time"},
    "timedelta": {"Interval"},
    "Decimal": {"Numeric"},
    "UUID": {"Uuid"},
    "dict": {"JSON", "JSONB", "HSTORE"},
}
_KNOWN = {"ARRAY", "INET", "CIDR", "MACADDR", "TSVECTOR"}.union(*_PYTHON.values())
# What a type does with Python's values, of which the database sees nothing.
_PYTHON_ONLY = {
    "as_uuid",
    "asdecimal",
    "as_tuple",
    "astext_type",
    "create_type",
    "decimal_return_scale",
    "inherit_schema",
    "none_as_null",
    "omit_aliases",
    "sort_key_function",
    "validate_strings",
    "values_callable",
}
_MARKS = re.compile(r"[\s'\"()\\]|::[\w ]+")
_NO_SCHEMA = {"comment", "info", "doc", *_PYTHON_ONLY}


class _Plain(ast.NodeTransformer):
    """Leaves out what is no schema: where names come from, empty calls, comments."""

    def __init__(self, aliases: dict[str, str]) -> None:
        self._aliases = aliases

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast's own name
        return self._named(self._aliases.get(node.id, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # ast's own name
        return self._named(node.attr)

    def visit_Call(self, node: ast.Call) -> ast.expr:  # ast's own name
        match node:
            # A mutable type tracks changes of Python's value.
            case ast.Call(func=ast.Attribute(attr="as_mutable"), args=[inner]):
                return self.visit(inner)  # type: ignore[no-any-return]  # as ast types it
        args = [self.visit(one) for one in node.args]
        keywords = [
            ast.keyword(arg=one.arg, value=self.visit(one.value))
            for one in sorted(node.keywords, key=lambda one: one.arg or "")
            if one.arg not in _NO_SCHEMA
        ]
        func = self.visit(node.func)
        return ast.Call(func=func, args=args, keywords=keywords) if args or keywords else func

    def _named(self, name: str) -> ast.expr:
        return ast.Name(id=_SAME.get(name, name))


def plain(node: ast.expr, aliases: dict[str, str]) -> str:
    """An expression's source without what is no schema; `aliases` maps names to imported ones."""
    from copy import deepcopy

    # The transformer makes new nodes, but of literals and lists it keeps the old ones.
    return ast.unparse(_Plain(aliases).visit(deepcopy(node)))


def differ(old: str, new: str) -> bool:
    """Whether two types given as `plain` source differ; of a type not SQLAlchemy's, nothing."""
    return old != new and _head(old) in _KNOWN and _head(new) in _KNOWN


def differ_in_python(old: str, new: str) -> bool:
    """Whether two annotations, `int` and `str`, stand for different types."""
    return old != new and old in _PYTHON and new in _PYTHON


def fits(annotation: str, given: str) -> bool:
    """Whether an annotation alone may stand for a type, or cannot be told."""
    return (
        annotation not in _PYTHON
        or _head(given) not in _KNOWN
        or (_head(given) in _PYTHON[annotation])
    )


def is_known(annotation: str) -> bool:
    """Whether an annotation is a plain type of Python, no alias that may bring more along."""
    return annotation in _PYTHON


def plain_default(node: ast.expr, aliases: dict[str, str]) -> str:
    """A server default without its spelling: `func.now()` and `text("now()")` are the same."""
    match node:
        case ast.Call(args=[ast.Constant(value=str(text))], keywords=[]):
            source = text
        case ast.Constant(value=str(text)):
            source = text
        case _:
            source = plain(node, aliases)
    bare = _MARKS.sub("", source).lower()
    return "now" if bare == "current_timestamp" else bare


def _head(text: str) -> str:
    return text.partition("(")[0]
