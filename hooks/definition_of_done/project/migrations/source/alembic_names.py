"""Reads the names that a file gives to its imports, in one walk over its statements."""

from __future__ import annotations

import ast

from definition_of_done.readers.nodes import statements


class AlembicNames:
    """The names of Alembic's operations and SQLAlchemy's columns, wherever a file imports them.

    `op` are the names of the module `alembic.op`, `operations` maps the name of each function that
    is imported from it to the operation, and `columns` are the names of the class `Column`.
    `packages` maps each imported name to the package that it comes from, `.` where that is
    relative; `classes` are the classes of the file itself.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.op = {"op"}
        self.operations: dict[str, str] = {}
        self.columns: set[str] = set()
        self.packages: dict[str, str] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        for node in statements(tree):
            if isinstance(node, ast.Import):
                self._add_import(node)
            elif isinstance(node, ast.ImportFrom):
                self._add_import_from(node)
            elif isinstance(node, ast.ClassDef):
                self.classes[node.name] = node

    def _add_import(self, node: ast.Import) -> None:
        for alias in node.names:
            package = alias.name.partition(".")[0]
            self.packages[alias.asname or package] = package
            if alias.name == "alembic.op" and alias.asname:
                self.op.add(alias.asname)

    def _add_import_from(self, node: ast.ImportFrom) -> None:
        source = node.module or ""
        package = source.partition(".")[0]
        for alias in node.names:
            bound = alias.asname or alias.name
            self.packages[bound] = "." if node.level else package
            if source == "alembic" and alias.name == "op":
                self.op.add(bound)
            elif source == "alembic.op":
                self.operations[bound] = alias.name
            elif package in ("sqlalchemy", "sqlmodel"):
                if alias.name == "Column":
                    self.columns.add(bound)
                elif alias.name == "*":
                    self.columns.add("Column")


def dispatched_prefix(func: ast.expr) -> str | None:
    """The prefix of the functions that a call such as `globals()["upgrade_%s" % x]()` may reach.

    Alembic's template for several databases has such calls. `func` is the expression that is
    called. None where it does not look up a computed name.
    """
    if not isinstance(func, ast.Call | ast.Subscript):
        return None
    nodes = list(ast.walk(func))
    if not any(isinstance(node, ast.Name) and node.id in ("globals", "eval") for node in nodes):
        return None
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for prefix in ("upgrade_", "downgrade_"):
                if node.value.startswith(prefix):
                    return prefix
    return None
