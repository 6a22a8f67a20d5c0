"""Where a file's names come from: `sb.type` of `import strawberry as sb` is `strawberry.type`."""

from __future__ import annotations

import ast

from definition_of_done.readers.nodes import statements


class Origins:
    """The origins of a module's names, read from its imports wherever they stand.

    A relative import counts from the folder of `path`; a module-level `field = sb.field` is
    followed. What the file itself defines keeps its name. `imported` are the dotted names that
    import statements have.
    """

    def __init__(self, path: str, tree: ast.Module) -> None:
        self._package = path.removesuffix(".py").split("/")[:-1]
        self._known: dict[str, str] = {}
        self.imported: set[str] = set()
        for node in statements(tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    self.imported.add(one.name)
                    first = one.name.partition(".")[0]
                    self._known[one.asname or first] = one.name if one.asname else first
            elif isinstance(node, ast.ImportFrom):
                module = self.module("." * node.level + (node.module or ""))
                for one in node.names:
                    self.imported.add(f"{module}.{one.name}".lstrip("."))
                    self._known[one.asname or one.name] = f"{module}.{one.name}".lstrip(".")
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                    origin = self.of(value)
                    if origin and origin.partition(".")[0] in self._roots:
                        self._known.setdefault(name, origin)

    @property
    def _roots(self) -> set[str]:
        return {origin.partition(".")[0] for origin in self._known.values()}

    def of(self, node: ast.AST | None) -> str:
        """The dotted origin of a name, of what is called or of what is subscripted.

        Empty for anything else.
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

    def is_imported(self, name: str) -> bool:
        """Whether a name of the file comes from another one."""
        return name in self._known

    def module(self, name: str) -> str:
        """The dotted name of a module that may be given relative to this one."""
        inside = name.lstrip(".")
        if inside == name:
            return name
        above = self._package[: len(self._package) - (len(name) - len(inside)) + 1]
        return ".".join([*above, *([inside] if inside else [])])
