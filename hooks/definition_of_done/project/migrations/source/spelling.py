"""Spells declarations, and tells whether two spellings mean the same in the database."""

from __future__ import annotations

import ast

from definition_of_done.base.expressions import regex
from definition_of_done.readers.nodes import statements

# Names of the same type: PostgreSQL, MySQL and SQLite do not tell them apart.
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
# The types that a bare `Mapped[int]` may become; a project's own type map chooses one.
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
# Keywords of types that concern Python's values and not the database.
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
_MARKS = regex(r"[\s'\"()\\]|::[\w ]+")
_CONSTANT = regex(r"_*[A-Z][A-Z0-9_]*|__\w+__")
_TEXTS = {"text", "literal", "literal_column", "DefaultClause"}
_EMPTY = "''"
_SAME_DEFAULT = {"current_timestamp": "now", "true": "1", "false": "0"}
_NO_ACTIONS = ("none", "false", "'no_action'")
# Stands for a value that the file does not tell.
UNTOLD = "__untold__"


class Spelling:
    """Rewrites one file's expressions so that equal declarations have equal text.

    It replaces names by what the file imports, and by its literal constants.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._aliases: dict[str, str] = {}
        self._constants: dict[str, ast.Constant] = {}
        for node in statements(tree):
            if isinstance(node, ast.ImportFrom):
                self._aliases |= {alias.asname: alias.name for alias in node.names if alias.asname}
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
                    self._constants[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant() as value):
                    self._constants[name] = value

    def plain(self, node: ast.AST) -> str:
        """The source of an expression without the parts that are no schema."""
        from copy import deepcopy

        # The transformer changes some nodes in place.
        return ast.unparse(_Plain(self._aliases, self._constants).visit(deepcopy(node)))

    def text(self, node: ast.expr | None) -> str | None:
        """The text of a literal, or of the constant of the file that a name stands for."""
        if isinstance(node, ast.Name):
            node = self._constants.get(node.id)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return None

    def default(self, node: ast.expr) -> str:
        """Spell a server default: `func.now()` and `text("now()")` are the same."""
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
                # The project's own function may return anything.
                return UNTOLD
        bare = _MARKS.sub("", source).lower()
        return _SAME_DEFAULT.get(bare, bare) or _EMPTY

    def reference(self, key: ast.expr, options: list[ast.keyword]) -> str:
        """Spell a foreign key: the column that it refers to, and its actions.

        The key's name is left out: it does not matter.
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
        return f"{target} {self.actions(options)}".rstrip()

    def actions(self, options: list[ast.keyword]) -> str:
        """Spell what a foreign key does when the other row changes, but the default."""
        actions = {
            option.arg: self.plain(option.value).lower().replace(" ", "_")
            for option in options
            if option.arg in ("ondelete", "onupdate", "deferrable", "initially", "match")
        }
        given = {name: value for name, value in actions.items() if value not in _NO_ACTIONS}
        return " ".join(f"{name}={given[name]}" for name in sorted(given, key=str))


class _Plain(ast.NodeTransformer):
    """Removes what is no schema: the modules of names, empty calls, comments."""

    def __init__(self, aliases: dict[str, str], constants: dict[str, ast.Constant]) -> None:
        self._aliases = aliases
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:  # ast's own name
        return self._constants.get(node.id) or _named(self._aliases.get(node.id, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # ast's own name
        return _named(node.attr)

    def visit_Call(self, node: ast.Call) -> ast.expr:  # ast's own name
        match node:
            # A mutable type concerns Python's value alone.
            case ast.Call(func=ast.Attribute(attr="as_mutable"), args=[inner]):
                return self.visit(inner)  # type: ignore[no-any-return]  # as ast types it
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format")):
                return ast.Name(id=UNTOLD)
        func = self.visit(node.func)
        args = [self.visit(argument) for argument in node.args]
        options = {
            keyword.arg or "": self.visit(keyword.value)
            for keyword in sorted(node.keywords, key=lambda keyword: keyword.arg or "")
            if keyword.arg not in _NO_SCHEMA
        }
        for name in _POSITIONAL.get(last(func), ())[len(args) :]:
            if name not in options:
                break
            args.append(options.pop(name))
        if args and isinstance(args[-1], ast.Constant) and args[-1].value in (None, False):
            args.pop()
        keywords = [ast.keyword(arg=name or None, value=value) for name, value in options.items()]
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
    """True where a spelling holds a value that the file does not tell."""
    return UNTOLD in source


def differ(old: str, new: str) -> bool:
    """True where two types in `plain` spelling differ; only SQLAlchemy's own can."""
    heads = _head(old), _head(new)
    if old == new or not set(heads) <= _KNOWN:
        return False
    return heads[0] != heads[1] or not (is_untold(old) or is_untold(new))


# Types whose arguments, and types that among each other, the database does not tell apart.
_ARGLESS = {"Text", "LargeBinary", "Float", "Double", "Uuid", "JSON", "JSONB", "Integer", "Boolean"}
_REALS = {"Float", "Double", "REAL"}
# The annotations whose type no project maps to one of its own.
_SURE = {"int", "str", "bool", "float", "datetime", "date", "time"}
_TOLD = regex(r"\w+(\(\w+(, \w+)*\))?")


def contradict(wanted: str, annotation: str | None, given: str, *, has_enums: bool = False) -> bool:
    """True where a model's type is certainly another than that of a migration.

    `has_enums` says that the database has types of enums, and texts are none.
    """
    if _head(given) not in _KNOWN or is_untold(wanted + given):
        return False
    if not wanted:
        return annotation in _SURE and not fits(annotation, given)
    heads = {_head(wanted), _head(given)}
    if not heads <= _KNOWN or (len(heads) > 1 and heads <= _REALS):
        return False
    if "Enum" in heads:
        is_text = not heads.isdisjoint({"String", "Text", "CHAR"})
        is_native = has_enums and "native_enum" not in wanted + given
        return len(heads) > 1 and (is_native or not is_text)
    if len(heads) > 1:
        return True
    is_told = _TOLD.fullmatch(wanted) and _TOLD.fullmatch(given)
    return bool(is_told) and heads.isdisjoint(_ARGLESS) and "ARRAY" not in heads and wanted != given


def differ_in_reference(old: str, new: str) -> bool:
    """True where two foreign keys differ; `ForeignKey(User.id)` does not tell its table."""
    (before, _, then), (after, _, now) = old.partition(" "), new.partition(" ")
    if is_untold(before) or is_untold(after):
        columns = {reference.rpartition(".")[2] for reference in (before, after)} - {UNTOLD}
        return len(columns) > 1 or then != now
    return old != new


def differ_in_python(old: str, new: str) -> bool:
    """True where two annotations, such as `int` and `str`, stand for different types."""
    return old != new and old in _PYTHON and new in _PYTHON


def fits(annotation: str, given: str) -> bool:
    """True where an annotation may stand for a type, or nobody knows."""
    return (
        annotation not in _PYTHON
        or _head(given) not in _KNOWN
        or (_head(given) in _PYTHON[annotation])
    )


def is_python(annotation: str) -> bool:
    """True where an annotation is a plain type of Python: an alias may bring more with it."""
    return annotation in _PYTHON


def _head(text: str) -> str:
    return text.partition("(")[0]
