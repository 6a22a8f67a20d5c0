"""Origins of a file's names: after `import strawberry as sb`, `sb.type` is `strawberry.type`."""

from __future__ import annotations

import ast

from definition_of_done.readers.nodes import imported, statements


class Origins:
    """The origins of a module's names, from all of its imports, nested ones included.

    A relative import starts from the folder of `path`. An assignment such as `field = sb.field` at
    module level is followed. A name that the file itself defines is its own origin. `imported`
    holds the dotted names of all that is imported.
    """

    def __init__(self, path: str, tree: ast.Module) -> None:
        self._package = path.removesuffix(".py").split("/")[:-1]
        self._known: dict[str, str] = {}
        self.imported: set[str] = set()
        self._read_imports(tree)
        self._follow_assignments(tree)

    def _read_imports(self, tree: ast.Module) -> None:
        for node in statements(tree):
            if isinstance(node, ast.Import):
                self.imported |= {alias.name for alias in node.names}
                self._known |= imported(node, "")
            elif isinstance(node, ast.ImportFrom):
                module = self.module("." * node.level + (node.module or ""))
                for name, origin in imported(node, module).items():
                    self._known[name] = origin.lstrip(".")
                    self.imported.add(origin.lstrip("."))

    def _follow_assignments(self, tree: ast.Module) -> None:
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                    origin = self.of(value)
                    if origin and origin.partition(".")[0] in self._packages:
                        self._known.setdefault(name, origin)

    @property
    def _packages(self) -> set[str]:
        """The first parts of all origins."""
        return {origin.partition(".")[0] for origin in self._known.values()}

    def of(self, node: ast.AST | None) -> str:
        """The dotted origin of a name or an attribute, empty for other expressions.

        A call has the origin of its function, a subscript that of its value.
        """
        match node:
            case ast.Name(id=name):
                return self._known.get(name, name)
            case ast.Attribute(value=value, attr=attr):
                above = self.of(value) if isinstance(value, ast.Name | ast.Attribute) else ""
                return f"{above}.{attr}" if above else ""
            case ast.Call(func=inner) | ast.Subscript(value=inner):
                return self.of(inner)
        return ""

    def last(self, node: ast.AST | None) -> str:
        """The last name of an expression's origin."""
        return self.of(node).rpartition(".")[2]

    def is_imported(self, name: str) -> bool:
        """True where a name of the file comes from another file."""
        return name in self._known

    def module(self, name: str) -> str:
        """The full dotted name of a module, for a name that may be relative to this module."""
        inside = name.lstrip(".")
        if inside == name:
            return name
        above = self._package[: len(self._package) - (len(name) - len(inside)) + 1]
        return ".".join([*above, *([inside] if inside else [])])
