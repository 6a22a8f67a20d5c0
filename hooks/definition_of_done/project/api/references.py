"""What top-level names of the project refer to, followed from file to file."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from definition_of_done.engine.session import Session
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import read_module

# By these a file refers to what it does not name.
_COMPUTED = re.compile(
    rb"importlib|import_module|__import__|pkgutil|walk_packages|iter_modules|sys\.modules"
    rb"|__subclasses__|__init_subclass__|entry_points|globals\(|vars\(|getmembers|def __getattr__"
)
ALL = "*"


class _File:
    def __init__(self, path: str, data: bytes) -> None:
        module = read_module(path, data)
        self.is_computed = bool(_COMPUTED.search(data))
        self._origins = Origins(path, module.tree)
        self._body = module.tree.body
        self.stars = [
            one.removesuffix(f".{ALL}") for one in self._origins.imported if one.endswith(f".{ALL}")
        ]
        self.bound: dict[str, list[ast.stmt]] = {}
        for statement in self._body:
            for name in _bound(statement):
                self.bound.setdefault(name, []).append(statement)

    def imported(self, name: str) -> Iterator[str]:
        """The origins that a name of another file may have."""
        if self._origins.is_imported(name):
            yield self._origins.of(ast.Name(name))
        elif name not in self.bound:
            yield from (f"{star}.{name}" for star in self.stars)

    def references(self, name: str) -> Iterator[str]:
        """The origins that the statements which bind a name refer to, or those of all."""
        for statement in self._body if name == ALL else self.bound.get(name, []):
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                yield from self._of(statement)
        if name != ALL and self._origins.is_imported(name):
            yield self._origins.of(ast.Name(name))

    def _of(self, node: ast.AST) -> Iterator[str]:
        origin = self._origins.of(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if origin:
            yield origin
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            # A forward reference, or the module of a lazy type, which may be a relative one.
            for word in re.findall(r"[\w.]+", node.value[:200]):
                first, dot, rest = word.partition(".")
                yield f"{self._origins.of(ast.Name(first))}{dot}{rest}"
                yield self._origins.module(word)
        match node:
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
                # A field's type is in its annotation; what a method does is no part of a schema.
                for part in (*child.decorator_list, child.args, child.returns):
                    if part is not None:
                        yield from self._of(part)
            else:
                yield from self._of(child)

    @cached_property
    def handed_on(self) -> set[str]:
        """What the file gives to something else, which may keep it for a schema."""
        found = set()
        for statement in self._body:
            match statement:
                case ast.ClassDef(name=name, decorator_list=decorators):
                    origins = map(self._origins.of, decorators)
                    if not all(one.startswith("strawberry") for one in origins):
                        found.add(name)
                case ast.Expr(value=ast.Call()):
                    found.update(self._of(statement))
        return found

    def makes(self, name: str) -> bool:
        """Whether a name is what a call of something other than Strawberry gives."""
        for statement in self.bound.get(name, []):
            match statement:
                case ast.Assign(value=ast.Call() as call) | ast.AnnAssign(value=ast.Call() as call):
                    if not self._origins.of(call.func).startswith("strawberry"):
                        return True
        return False


class References:
    """Names that others lead to: `reached` are pairs of a file and a name, or ALL of it."""

    def __init__(self, session: Session, folder: str) -> None:
        self._session = session
        self._paths = {path for path in session.tree.tracked if path.endswith(".py")}
        self._files: dict[str, _File] = {}
        parts = folder.split("/")
        # Where the first folder of a dotted name may stand.
        self._roots = ["/".join(parts[:end]) for end in range(len(parts))]
        self.reached: set[tuple[str, str]] = set()

    def file(self, path: str) -> _File:
        """A file's statements; raises Unreadable where it is not Python."""
        if path not in self._files:
            self._files[path] = _File(path, self._session.tree.read(path))
        return self._files[path]

    def follow(self, paths: Iterable[str]) -> bool:
        """Adds all that these files refer to; False where a part of it cannot be seen.

        Raises Unreadable for a file that is not Python.
        """
        waiting = [(path, ALL) for path in paths]
        while waiting:
            place = waiting.pop()
            if place in self.reached:
                continue
            self.reached.add(place)
            path, name = place
            file = self.file(path)
            if file.is_computed:
                return False
            if name != ALL and name not in file.bound and not file.stars:
                # Words of a docstring are names of nothing, but a dotted origin is.
                continue
            for origin in file.references(name):
                waiting += self.places(path, origin)
            if name not in file.bound:
                waiting += [
                    one for star in file.stars for one in self.places(path, f"{star}.{name}")
                ]
        return True

    def definition(self, path: str, origin: str) -> tuple[str, str] | None:
        """The file and name that an origin means in the end, packages that pass it on followed.

        None for what is not the project's; raises Unreadable for a file that is not Python.
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
            further = [*file.imported(name)]
            if not further and name in file.bound:
                return place
            waiting += [one for each in further for one in self.places(path, each)]
        return None

    def places(self, path: str, origin: str) -> Iterator[tuple[str, str]]:
        """The files and names that an origin means; none for what is not the project's."""
        if "." not in origin:
            yield path, origin
            return
        parts = origin.split(".")
        for root in self._roots:
            for end in range(len(parts), 0, -1):
                stem = posixpath.join(root, *parts[:end])
                found = [one for one in (f"{stem}.py", f"{stem}/__init__.py") if one in self._paths]
                if found:
                    yield found[0], (parts[end] if end < len(parts) else ALL)
                    break


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module binds or extends."""
    is_definition = isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    for node in ast.walk(statement):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for one in names:
                    yield (one.asname or one.name).partition(".")[0]
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if not is_definition:
                # `queries.append(VendorQueries)`
                yield name
