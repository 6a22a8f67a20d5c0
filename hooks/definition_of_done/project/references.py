"""The references of top-level names, followed from file to file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session
from definition_of_done.readers.python import read_module

# With these a file refers to things that it does not name.
_COMPUTED = regex(
    rb"importlib|import_module|__import__|pkgutil|walk_packages|iter_modules|sys\.modules"
    rb"|__subclasses__|__init_subclass__|entry_points|globals\(|vars\(|getmembers|def __getattr__"
)
# In the place of a name, this stands for the whole file.
ALL = "*"


class _File:
    """The top-level names of a file, and the origins that their statements refer to."""

    def __init__(self, path: str, data: bytes) -> None:
        module = read_module(path, data)
        self.is_computed = bool(_COMPUTED.search(data))
        self._origins = module.origins
        self._body = module.tree.body
        self._stars = [
            imported.removesuffix(f".{ALL}")
            for imported in self._origins.imported
            if imported.endswith(f".{ALL}")
        ]
        self.bound: dict[str, list[ast.stmt]] = {}
        for statement in self._body:
            for name in _bound_names(statement):
                self.bound.setdefault(name, []).append(statement)

    def imported(self, name: str) -> Iterator[str]:
        """Yield the origins that a name may have in other files."""
        if self._origins.is_imported(name):
            yield self._origins.of(ast.Name(name))
        elif name not in self.bound:
            yield from (f"{star}.{name}" for star in self._stars)

    def references(self, name: str) -> Iterator[str]:
        """Yield the origins that the statements refer to which bind a name, or all statements."""
        # A word of a docstring may look like a name, and no statement binds it.
        for statement in self._body if name == ALL else self.bound.get(name, []):
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                yield from self._of(statement)
        if name != ALL:
            yield from self.imported(name)

    def _of(self, node: ast.AST) -> Iterator[str]:
        origin = self._origins.of(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if origin:
            yield origin
            return
        match node:
            case ast.Constant(value=str(text)):
                # A forward reference, or the module of a lazy type, which may be a relative one.
                for word in re.findall(r"[\w.]+", text[:200]):
                    first, dot, rest = word.partition(".")
                    yield f"{self._origins.of(ast.Name(first))}{dot}{rest}"
                    yield self._origins.module(word)
            case ast.Tuple(
                elts=[
                    ast.Constant(value=str(name)),
                    *_,
                    ast.Call(args=[ast.Constant(value=str(module))]),
                ]
            ):
                # `Annotated["Vendor", strawberry.lazy("app.vendors")]`, perhaps of a package.
                yield f"{self._origins.module(module)}.{name}"
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.ClassDef) and isinstance(
                child, ast.FunctionDef | ast.AsyncFunctionDef
            ):
                # The type of a field is in its annotation; a method's body adds nothing.
                for part in (*child.decorator_list, child.args, child.returns):
                    if part is not None:
                        yield from self._of(part)
            else:
                yield from self._of(child)

    @cached_property
    def handed_on(self) -> set[str]:
        """The names that a decorator or a call gets, which may keep them for a schema."""
        found = set()
        for statement in self._body:
            match statement:
                case ast.ClassDef(name=name, decorator_list=decorators):
                    origins = map(self._origins.of, decorators)
                    if not all(origin.startswith("strawberry") for origin in origins):
                        found.add(name)
                case ast.Expr(value=ast.Call()):
                    found.update(self._of(statement))
        return found

    def makes(self, name: str) -> bool:
        """True for a name whose value a call makes, other than one of Strawberry's."""
        for statement in self.bound.get(name, []):
            match statement:
                case ast.Assign(value=ast.Call() as call) | ast.AnnAssign(value=ast.Call() as call):
                    if not self._origins.of(call.func).startswith("strawberry"):
                        return True
        return False


class References:
    """The names that files lead to.

    `reached` are pairs of a file and a name in it, or ALL for the whole file.
    """

    def __init__(self, session: Session, folder: str) -> None:
        self._session = session
        paths = [path for path in session.tree.tracked if path.endswith(".py")]
        # A module goes before a package of the same name.
        self._modules = {path.removesuffix("/__init__.py"): path for path in paths}
        self._modules |= {path.removesuffix(".py"): path for path in paths}
        self._files: dict[str, _File] = {}
        parts = folder.split("/")
        # The first folder of a dotted name may be in any of these.
        self._roots = ["".join(f"{part}/" for part in parts[:end]) for end in range(len(parts))]
        self.reached: set[tuple[str, str]] = set()

    def file(self, path: str) -> _File:
        """The names of a file, read once; raises Unreadable where it is not Python."""
        if path not in self._files:
            self._files[path] = _File(path, self._session.tree.read(path))
        return self._files[path]

    def follow(self, places: Iterable[tuple[str, str]]) -> bool:
        """Add all that these names refer to; return False where a part of it cannot be seen."""
        waiting = [*places]
        while waiting:
            place = waiting.pop()
            if place in self.reached:
                continue
            self.reached.add(place)
            path, name = place
            file = self.file(path)
            if file.is_computed:
                return False
            for origin in file.references(name):
                waiting += self.places(path, origin)
        return True

    def definition(self, path: str, origin: str) -> tuple[str, str] | None:
        """The file and name that define an origin; packages that pass it on are followed.

        None for an origin outside of the project.
        """
        seen: set[tuple[str, str]] = set()
        waiting = [*self.places(path, origin)]
        while waiting:
            place = waiting.pop(0)
            path, name = place
            if place in seen or name == ALL:
                continue
            seen.add(place)
            file = self.file(path)
            imported = [*file.imported(name)]
            if not imported and name in file.bound:
                return place
            for imported_origin in imported:
                waiting += self.places(path, imported_origin)
        return None

    def places(self, path: str, origin: str) -> Iterator[tuple[str, str]]:
        """Yield the files and names that an origin may mean, none outside of the project."""
        if "." not in origin:
            yield path, origin
            return
        parts = origin.split(".")
        for root in self._roots:
            for end in range(len(parts), 0, -1):
                # A word of a text may begin or end with a dot.
                module = self._modules.get(root + "/".join(filter(None, parts[:end])))
                if module and parts[end - 1]:
                    yield module, (parts[end] if end < len(parts) else ALL)
                    break


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a module binds or extends."""
    is_definition = isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    for node in ast.walk(statement):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    yield (alias.asname or alias.name).partition(".")[0]
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case (
                ast.Subscript(value=ast.Name(id=name)) | ast.Attribute(value=ast.Name(id=name))
            ) if isinstance(node.ctx, ast.Store):
                yield name
            case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), *_]):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if not is_definition:
                # `queries.append(VendorQueries)`
                yield name
