"""How declarations are spelled, and whether two spellings mean the same in the database."""

from __future__ import annotations

import ast
import re

from definition_of_done.readers.nodes import statements

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
# The keywords that may stand as a type's first arguments.
_POSITIONAL = {
    "CHAR": ("length",),
    "DateTime": ("timezone",),
    "Float": ("precision",),
    "LargeBinary": ("length",),
    "Numeric": ("precision", "scale"),
    "String": ("length",),
    "Text": ("length",),
    "Time": ("timezone",),
}
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
_NO_SCHEMA = {"comment", "info", "doc", "postgresql_concurrently", *_PYTHON_ONLY}
_MARKS = re.compile(r"[\s'\"()\\]|::[\w ]+")
_CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]*|__\w+__")
_TEXTS = {"text", "literal", "literal_column", "DefaultClause"}
_SAME_DEFAULT = {"current_timestamp": "now", "true": "1", "false": "0"}
# Stands for a value that another file, or a run, would tell.
UNTOLD = "__untold__"


class Spelling:
    """Rewrites one file's expressions so that equal declarations have equal text.

    The file's imports say what its names stand for, its literal constants what they hold.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._aliases: dict[str, str] = {}
        self._constants: dict[str, ast.Constant] = {}
        for node in statements(tree):
            if isinstance(node, ast.ImportFrom):
                self._aliases |= {one.asname: one.name for one in node.names if one.asname}
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
                    self._constants[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant() as value):
                    self._constants[name] = value

    def plain(self, node: ast.AST) -> str:
        """An expression's source without what is no schema."""
        from copy import deepcopy

        # The transformer makes new nodes, but of literals and lists it keeps the old ones.
        return ast.unparse(_Plain(self._aliases, self._constants).visit(deepcopy(node)))

    def text(self, node: ast.expr | None) -> str | None:
        """What a literal text says, or the constant of the file that a name stands for."""
        if isinstance(node, ast.Name):
            node = self._constants.get(node.id)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return None

    def default(self, node: ast.expr) -> str:
        """A server default: `func.now()` and `text("now()")` are the same."""
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=value)], keywords=[]) if (
                last(func) in _TEXTS
            ):
                source = str(value)
            case ast.Constant(value=value):
                source = str(value)
            case ast.Call(func=ast.Attribute(value=owner)) if last(owner) == "func":
                source = self.plain(node)
            case ast.Call(func=func, args=[], keywords=[]) if last(func) in ("true", "false"):
                source = last(func)
            case _:
                # A function of the project's own may be called anything.
                return UNTOLD
        bare = _MARKS.sub("", source).lower()
        return _SAME_DEFAULT.get(bare, bare)

    def reference(self, key: ast.expr, options: list[ast.keyword]) -> str:
        """What a foreign key refers to, and what happens when that changes.

        Its name is left out: another one is the same key.
        """
        if isinstance(key, ast.Call):
            options = [*options, *key.keywords]
            key = key.args[0] if key.args else key
        match key:
            case ast.Constant(value=str(target)):
                pass
            case ast.Attribute(attr=attribute):
                target = f"{UNTOLD}.{attribute}"
            case _:
                target = UNTOLD
        said = {
            one.arg: self.plain(one.value).lower()
            for one in options
            if one.arg in ("ondelete", "onupdate", "deferrable", "initially", "match")
        }
        return " ".join([target, *(f"{name}={said[name]}" for name in sorted(said))])


class _Plain(ast.NodeTransformer):
    """Leaves out what is no schema: where names come from, empty calls, comments."""

    def __init__(self, aliases: dict[str, str], constants: dict[str, ast.Constant]) -> None:
        self._aliases = aliases
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast's own name
        return self._constants.get(node.id) or _named(self._aliases.get(node.id, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # ast's own name
        return _named(node.attr)

    def visit_Call(self, node: ast.Call) -> ast.expr:  # ast's own name
        match node:
            # A mutable type tracks changes of Python's value.
            case ast.Call(func=ast.Attribute(attr="as_mutable"), args=[inner]):
                return self.visit(inner)  # type: ignore[no-any-return]  # as ast types it
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format")):
                return ast.Name(id=UNTOLD)
        func = self.visit(node.func)
        args = [self.visit(one) for one in node.args]
        said = {
            one.arg or "": self.visit(one.value)
            for one in sorted(node.keywords, key=lambda one: one.arg or "")
            if one.arg not in _NO_SCHEMA
        }
        for name in _POSITIONAL.get(last(func), ())[len(args) :]:
            if name not in said:
                break
            args.append(said.pop(name))
        if args and isinstance(args[-1], ast.Constant) and args[-1].value in (None, False):
            args.pop()
        keywords = [ast.keyword(arg=name or None, value=value) for name, value in said.items()]
        return ast.Call(func=func, args=args, keywords=keywords) if args or keywords else func


def _named(name: str) -> ast.Name:
    name = _SAME.get(name, name)
    return ast.Name(id=UNTOLD if _CONSTANT.fullmatch(name) and name not in _KNOWN else name)


def last(node: ast.AST) -> str:
    """The last name of a chain such as `sa.orm.Mapped`."""
    if isinstance(node, ast.Subscript | ast.Call):
        return last(node.value if isinstance(node, ast.Subscript) else node.func)
    return getattr(node, "attr", getattr(node, "id", ""))


def is_untold(source: str) -> bool:
    """Whether a spelling holds a value that the file does not tell."""
    return UNTOLD in source


def differ(old: str, new: str) -> bool:
    """Whether two types given as `plain` source differ; of a type not SQLAlchemy's, nothing."""
    heads = _head(old), _head(new)
    if old == new or not set(heads) <= _KNOWN:
        return False
    return heads[0] != heads[1] or not (is_untold(old) or is_untold(new))


def differ_in_reference(old: str, new: str) -> bool:
    """Whether two foreign keys differ; `ForeignKey(User.id)` only says the column."""
    (before, _, then), (after, _, now) = old.partition(" "), new.partition(" ")
    if is_untold(before) or is_untold(after):
        columns = {one.rpartition(".")[2] for one in (before, after)} - {UNTOLD}
        return len(columns) > 1 or then != now
    return old != new


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


def is_python(annotation: str) -> bool:
    """Whether an annotation is a plain type of Python, no alias that may bring more along."""
    return annotation in _PYTHON


def _head(text: str) -> str:
    return text.partition("(")[0]
