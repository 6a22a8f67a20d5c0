"""The names that a module has bound, and to what, when a statement of it runs."""

from __future__ import annotations

import ast
import builtins

from definition_of_done.readers.nodes import defers_annotations, imported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    # The origin of each name that is bound, such as `collections.abc.Sequence`.
    Names: TypeAlias = dict[str, str]

# The origin of what the module makes itself.
OWN = "."
# The origin of a name that is bound on some ways only, or to different things.
UNCERTAIN = "?"
# The name that stands for all others, once a star import may have bound them.
STAR = "*"
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith)
_TRIES = (ast.Try, ast.TryStar)


def names_before(body: Sequence[ast.stmt], stop: ast.stmt | None, names: Names) -> Names:
    """The names that are bound when the statement `stop` of a body begins, None for its end.

    `names` are those that are bound before. What only type checkers read binds nothing.
    """
    names = dict(names)
    for statement in body:
        if statement is stop:
            break
        names = _after(statement, names)
    return names


def origin(names: Names, node: ast.expr) -> str:
    """The origin of `a` or `a.b.c`: UNCERTAIN where it may not be bound, or to something else."""
    match node:
        case ast.Name(id=name):
            is_builtin = STAR not in names and hasattr(builtins, name)
            return names.get(name, f"builtins.{name}" if is_builtin else UNCERTAIN)
        case ast.Attribute(value=value, attr=attr):
            above = origin(names, value)
            return above if above in (OWN, UNCERTAIN) else f"{above}.{attr}"
    return UNCERTAIN


def names_of_annotations(tree: ast.Module, stop: ast.stmt | None) -> Names:
    """The names that an annotation of the statement `stop` of a module may have.

    Where annotations are not evaluated, these are all names, with those for type checkers alone.
    """
    if not defers_annotations(tree):
        return names_before(tree.body, stop, {})
    body = [
        inner
        for node in tree.body
        for inner in (node.body if isinstance(node, ast.If) and _is_checking(node.test) else [node])
    ]
    return names_before(body, None, {})


def _is_checking(test: ast.expr) -> bool:
    """True for the condition of a block that only type checkers read."""
    return "TYPE_CHECKING" in (getattr(test, "id", ""), getattr(test, "attr", ""))


def _after(node: ast.stmt, names: Names) -> Names:
    """The names that are bound behind a statement."""

    def run(body: Sequence[ast.stmt], before: Names = names) -> Names:
        return names_before(body, None, before)

    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            names |= dict.fromkeys(_stored([test]), OWN)
            return run(orelse) if _is_checking(test) else _either(run(body), run(orelse))
        case ast.Match(cases=cases):
            return _either(
                names, *(_bound(_stored([case.pattern]), run(case.body)) for case in cases)
            )
        case _ if isinstance(node, _LOOPS):
            inner = _bound(_stored([node], into_bodies=False), names)
            return _either(names, run([*node.body, *getattr(node, "orelse", [])], inner))
        case _ if isinstance(node, _TRIES):
            return _after_try(node, names, run)
        case ast.Delete(targets=targets):
            gone = {target.id for target in targets if isinstance(target, ast.Name)}
            return {name: value for name, value in names.items() if name not in gone}
        case ast.Import() | ast.ImportFrom():
            module = "." * getattr(node, "level", 0) + (getattr(node, "module", "") or "")
            new = imported(node, module)
            return (dict.fromkeys(names, UNCERTAIN) if STAR in new else names) | new
    return _bound(_stored([node]), names) | dict.fromkeys(_declared_global(node), UNCERTAIN)


def _after_try(
    node: ast.Try | ast.TryStar, names: Names, run: Callable[[Sequence[ast.stmt], Names], Names]
) -> Names:
    partly = _either(names, run(node.body, names))
    ways = [run([*node.body, *node.orelse], names)]
    for handler in node.handlers:
        # The name of the exception is unbound behind its handler.
        ways.append(
            {**run(handler.body, partly), **({handler.name: UNCERTAIN} if handler.name else {})}
        )
    return run(node.finalbody, _either(*ways))


def _bound(stored: Iterable[str], names: Names) -> Names:
    return names | dict.fromkeys(stored, OWN)


def _either(*ways: Names) -> Names:
    """The names behind ways of which one is taken."""
    first, *others = ways
    return {
        name: first.get(name, UNCERTAIN)
        if all(way.get(name) == first.get(name) for way in others)
        else UNCERTAIN
        for name in dict.fromkeys(name for way in ways for name in way)
    }


def _stored(nodes: Iterable[ast.AST], *, into_bodies: bool = True) -> Iterator[str]:
    """Yield the names that statements or expressions bind, functions and classes by their names."""
    queue = [*nodes]
    while queue:
        node = queue.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
        if isinstance(node, _NESTED):
            if not isinstance(node, ast.Lambda):
                yield node.name
            continue
        queue += [
            child
            for child in ast.iter_child_nodes(node)
            if into_bodies or not isinstance(child, ast.stmt)
        ]


def _declared_global(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a function or class binds outside of itself."""
    if isinstance(node, _NESTED):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global):
                yield from inner.names
