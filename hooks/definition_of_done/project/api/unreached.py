"""The tasks and modules that the branch adds and that no test reaches."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import few, listed
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.collected import checks_nothing, is_collected
from definition_of_done.project.api.forms import Code, Forms, changed, functions_before
from definition_of_done.project.api.services import PublicCode, is_stub
from definition_of_done.project.layout import changed_code, is_migration, is_one_off_script, is_test
from definition_of_done.readers.python import read_module

# Modules that start, configure or connect something; tests replace them.
_ASIDE = frozenset(
    "settings config conf database db engine session worker broker scheduler main app asgi wsgi"
    " version cli console manage env logging setup __main__ __init__".split()
)
# Folders whose code is no part of what is deployed.
_NO_PRODUCT = frozenset(
    "docs doc examples example samples benchmarks benchmark bench tools tool ci dev devtools hack"
    " .github typings stubs fixtures factories notebooks hooks templates".split()
)
_STARTS = regex(
    rb"__name__\s*==|\bargparse\b|\bclick\b|\btyper\b|sys\.argv|BaseSettings|create_(?:async_)?engine"
    rb"|Broker\(|Scheduler\(|FastAPI\("
)
# With these, Python imports modules that no import statement names.
_COMPUTED = regex(rb"import_module|__import__|walk_packages|iter_modules|autodiscover")


class Unreached(NamedTuple):
    """Code that no test reaches: `what` it is, `lacks` says in which way, `symbol` is its name."""

    spot: Spot
    what: str
    lacks: str
    symbol: str


def read_unreached(session: Session) -> list[Unreached]:
    """Read which new tasks no test names, and which new modules no test imports.

    A module of a resource is none of these.
    """
    letters = changed_code(session)
    if not letters:
        return []
    return [*_tasks(session), *_modules(session, letters)]


def _tasks(session: Session) -> Iterator[Unreached]:
    for task in read_added(session).tasks:
        if not task.names or is_test(task.spot.path):
            continue
        tests = [*_naming(session, task.names)]
        if not all(checks_nothing(session, path) for path in tests):
            continue
        importers = [*_importers(session, task.spot.path)]
        # A service that a test reaches may send it.
        if not any(_is_reached(session, path) for path in importers if not is_test(path)):
            lacks = f"{tests[0]} checks nothing" if tests else "no test names it"
            yield Unreached(task.spot, f"task {task.label}", lacks, task.label)


def _naming(session: Session, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the tests that have one of the names."""
    words = re.compile(rb"(?<!\w)(?:%s)(?!\w)" % b"|".join(re.escape(n.encode()) for n in names))
    for path, data in _python(session):
        is_naming = is_test(path) and words.search(data)
        if is_naming and (_is_run(session, path) or _is_reached(session, path)):
            yield path


def _is_run(session: Session, path: str) -> bool:
    """True for a test, but for one that its name keeps from the runner."""
    return is_test(path) and (
        path.endswith("conftest.py")
        or is_collected(session, path)
        or b"def test" not in session.tree.read(path)
    )


def _modules(session: Session, letters: dict[str, str]) -> Iterator[Unreached]:
    new = [path for path in letters if letters[path] == "A" and _is_judged(session, path)]
    for path in new:
        data = session.tree.read(path)
        if b"def " not in data or _STARTS.search(data):
            continue
        module = read_module(path, data)
        functions = [*PublicCode(module).functions(module.tree.body)]
        tasks = {task.function for task in read_added(session).tasks if task.spot.path == path}
        functions = [node for node in functions if not is_stub(node) and node.name not in tasks]
        if not functions or any(map(_runs, module.tree.body)):
            continue
        old = (code for _, code in functions_before(session))
        forms = Forms(module)
        added = [code.name for code in changed([Code(forms, node) for node in functions], old)]
        if added and not _is_reached(session, path) and not _is_computed(session):
            first = next(node for node in functions if node.name == added[0])
            what = listed(few(added, 3))
            idle = next(
                (test for test in _importers(session, path) if _is_run(session, test)), None
            )
            lacks = f"{idle} checks nothing" if idle else f"no test imports {path}"
            yield Unreached(module.spot(first), what, lacks, path)


def _is_judged(session: Session, path: str) -> bool:
    """True for a module of the application outside of its resources, and for a script.

    The application is the folder above the resources, what it imports, and each other package.
    """
    home = session.config["resources"]
    parts = home.split("/")
    root = "/".join(parts[: 2 if parts[0] == "src" else 1])
    *folders, name = path.removesuffix(".py").split("/")
    if not home or name in _ASIDE or not session.tree.exists(path) or path.startswith(f"{home}/"):
        return False
    if path.startswith(f"{root}/") or is_one_off_script(session, path):
        return True
    if not _NO_PRODUCT.isdisjoint(part.lower() for part in folders):
        return False
    is_package = bool(folders) and session.tree.exists(f"{folders[0]}/__init__.py")
    return is_package or any(
        importer.startswith(f"{root}/") for importer in _importers(session, path)
    )


def _runs(node: ast.stmt) -> bool:
    """True for a statement that calls something when the module is run."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await)


def _is_reached(session: Session, path: str) -> bool:
    """True where a test that checks something imports a file, or a file that imports it."""
    seen = {path}
    waiting = [path]
    while waiting:
        for importer in _importers(session, waiting.pop()):
            if _is_run(session, importer) and not checks_nothing(session, importer):
                return True
            if importer not in seen:
                seen.add(importer)
                waiting.append(importer)
    return False


def _importers(session: Session, path: str) -> Iterator[str]:
    """Yield the files that import a file, or whose strings name it."""
    stem = path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/")
    dotted = stem.replace("/", ".")
    last = stem.rpartition("/")[2].encode()
    for other, data in _python(session):
        if other == path or last not in data or is_migration(session, other):
            continue
        if dotted.encode() in data or stem.encode() in data:
            yield other
            continue
        try:
            imported = read_module(other, data).origins.imported
        except Unreadable:
            yield other
            continue
        names = {name.removeprefix("src.") for name in imported}
        if any(f"{name}.".startswith(f"{dotted}.") for name in names):
            yield other


def _is_computed(session: Session) -> bool:
    """True where code imports modules by names that it computes."""
    return any(
        _COMPUTED.search(data) for path, data in _python(session) if not is_migration(session, path)
    )


def _python(session: Session) -> Iterator[tuple[str, bytes]]:
    """Yield the Python files that can be read, with their bytes."""
    for path in session.tree.tracked:
        if path.endswith(".py") and session.tree.exists(path):
            with suppress(OSError):
                yield path, session.tree.read(path)
