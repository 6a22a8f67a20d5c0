"""Judges a change of a Python file before it is written: it is what was meant, and it runs.

It reads the old and the new file with `ast` and knows nothing of how the change was made.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import cached_property

from definition_of_done.base.errors import Refused, Unreadable
from definition_of_done.base.rewrites import (
    AddFunction,
    Annotate,
    Declare,
    DropComments,
    InBody,
    InString,
    SetKeyword,
)
from definition_of_done.base.text import splice
from definition_of_done.readers.nodes import defers_annotations
from definition_of_done.readers.python import Module, decode_source, parse_source, read_comments
from definition_of_done.readers.python_scope import (
    OWN,
    STAR,
    UNCERTAIN,
    names_before,
    names_of_annotations,
    origin,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from definition_of_done.base.rewrites import Step
    from definition_of_done.base.spots import Edit
    from definition_of_done.readers.python_scope import Names

_OTHERWISE = "the file would change otherwise than is meant"
_STAR = "a star import may bind the names of the annotation"
_IMPORTABLE = frozenset(
    {
        *("collections.abc", "typing", "collections.abc.Sequence"),
        *("typing.Sequence", "typing.Optional", "typing.Union"),
    }
)


def check_change(path: str, data: bytes, edits: Sequence[Edit], steps: Sequence[Step]) -> None:
    """Raise Refused where the edits do not make these steps and nothing else, or break the file."""
    old = decode_source(path, data)
    try:
        new_data = splice(old, edits).encode(old.encoding)
        new = decode_source(path, new_data)
        module = Module(path, data, parse_source(old.text))
        comparison = _Comparison(module, parse_source(new.text), steps)
    except (SyntaxError, UnicodeError, Unreadable, ValueError):
        raise Refused("the file could not be read afterwards") from None
    dropped = {line for step in steps if isinstance(step, DropComments) for line in step.lines}
    left = [comment.text for comment in read_comments(path, data) if comment.line not in dropped]
    if left != [comment.text for comment in read_comments(path, new_data)]:
        raise Refused("a comment would be lost")
    comparison.check_spans(edits)
    comparison.check_trees()
    comparison.check_names()


class _Comparison:
    """The two trees of a file, the old one changed as the steps say."""

    def __init__(self, old: Module, new: ast.Module, steps: Sequence[Step]) -> None:
        self._module = old
        self._text = old.text
        self._old = old.tree
        self._new = new
        self._steps = steps
        self._types = {step.name: step for step in steps if isinstance(step, Annotate | Declare)}
        self._lines = _told_lines(steps)
        self._spans: list[tuple[int, int]] = []
        self._inserted: list[ast.stmt] = []
        for step in steps:
            self._change(step)

    def _change(self, step: Step) -> None:
        """Make one step in the old tree, and note which characters it may change."""
        match step:
            case InString():
                self._set_string(step)
            case Annotate(name=name):
                node = next(
                    (node for node in reversed(self._old.body) if name in _bound(node)), None
                )
                if not isinstance(node, ast.Assign | ast.AnnAssign):
                    raise Refused(f"{name} is not assigned by a plain statement of the module")
                self._spans.append(self._module.offsets(node))
            case InBody():
                self._set_body(step)
            case AddFunction(source=source):
                self._inserted += ast.parse(source).body
                self._old.body += ast.parse(source).body
                self._spans.append((len(self._text.text.rstrip()), len(self._text.text)))
            case SetKeyword():
                self._set_keyword(step)
            case DropComments(lines=lines):
                # With the newline before it: the file may end without one.
                newline = len(self._text.newline)
                offset = self._text.offset
                self._spans += [(max(0, offset(at) - newline), offset(at + 1)) for at in lines]

    def _set_string(self, step: InString) -> None:
        for node in ast.walk(self._old):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                start, end = self._module.offsets(node)
                if start < step.start <= step.end < end:
                    source = self._text.text
                    literal = source[start : step.start] + step.text + source[step.end : end]
                    node.value = ast.literal_eval(f"({literal})")
                    self._spans.append(self._module.offsets(node))
                    return
        raise Refused(_OTHERWISE)

    def _set_body(self, step: InBody) -> None:
        function = _function(self._old, step.function)
        new = ast.parse(step.source).body
        told = function.body[step.first : step.last]
        if told:
            start = self._module.offsets(told[0])[0]
            if told[0].lineno == function.lineno:
                # The body moves below the line of `def`.
                start = self._text.text.rindex(":", 0, start) + 1
            self._spans.append((start, self._module.offsets(told[-1])[1]))
        function.body[step.first : step.last] = new
        self._inserted += new

    def _set_keyword(self, step: SetKeyword) -> None:
        node = self._calls.get(step.start)
        if node is None:
            raise Refused(_OTHERWISE)
        self._spans.append(self._module.offsets(node))
        names = [keyword.arg for keyword in node.keywords]
        at = names.index(step.name) if step.name in names else len(names)
        node.keywords[at : at + 1] = [ast.keyword(step.name, ast.Constant(step.text))]

    @cached_property
    def _calls(self) -> dict[int, ast.Call]:
        """The outermost call that starts at each offset."""
        calls = [node for node in ast.walk(self._old) if isinstance(node, ast.Call)]
        return {self._module.offsets(node)[0]: node for node in reversed(calls)}

    def check_spans(self, edits: Iterable[Edit]) -> None:
        """Raise Refused where an edit changes characters that no step is about."""
        spans: list[tuple[int, int]] = []
        for start, end in sorted(self._spans):
            gap = self._text.text[spans[-1][1] : start].splitlines() if spans else ["none"]
            if all(line.strip("; \t")[:1] in ("", "#") for line in gap):
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        for edit in edits:
            is_told = any(start <= edit.start and edit.end <= end for start, end in spans)
            lines = [line.strip() for line in edit.text.splitlines()]
            is_insertion = edit.start == edit.end and all(
                not line or line.startswith(self._lines) for line in lines
            )
            if not (is_told or is_insertion):
                raise Refused(_OTHERWISE)

    def check_trees(self) -> None:
        """Raise Refused where the new tree is not the old one with the steps made."""
        declared = [step.name for step in self._steps if isinstance(step, Declare)]
        told = {_item(name, ast.Constant(None)) for name in declared}
        old = list(self._items(self._old.body))
        new = list(self._items(self._without_new_imports()))
        if old != [item for item in new if item not in told]:
            raise Refused(_OTHERWISE)

    def _items(self, body: Sequence[ast.stmt]) -> Iterator[str]:
        """Yield each statement as text, plain assignments as one for each variable.

        The annotations of the variables that the steps annotate are left out.
        """
        for node in body:
            pairs = list(_pairs(node))
            is_other = isinstance(node, ast.AnnAssign) and pairs and pairs[0][0] not in self._types
            if not pairs or is_other:
                yield ast.dump(node)
                continue
            for name, value in pairs:
                yield _item(name, value)

    def _without_new_imports(self) -> list[ast.stmt]:
        """The statements of the new file without the imports that the old one lacks."""
        told = _told_imports(self._steps)
        left = Counter(ast.dump(node) for node in self._old.body)
        found = []
        # Of two that are alike, the first is the new one.
        for node in reversed(self._new.body):
            left[ast.dump(node)] -= 1
            if left[ast.dump(node)] < 0 and (names := _imports(node)):
                if not told.issuperset(names.values()):
                    raise Refused(_OTHERWISE)
                self._check_shadows(names)
                continue
            found.append(node)
        return found[::-1]

    def _check_shadows(self, names: Names) -> None:
        """Raise Refused where the file may mean something else by an imported name."""
        bound = names_before(self._old.body, None, {})
        for name, value in names.items():
            if STAR in bound:
                raise Refused(_STAR)
            if bound.get(name, value) != value:
                raise Refused(f"the file binds the name {name} to something else")

    def check_names(self) -> None:
        """Raise Refused where a name that the steps use is not bound when it is used."""
        deferred = defers_annotations(self._new)
        last = {name: node for node in self._new.body for name in _bound(node)}
        for name, step in self._types.items():
            node = last.get(name)
            if not isinstance(node, ast.AnnAssign):
                raise Refused(f"{name} is not assigned by a plain statement of the module")
            names = names_of_annotations(self._new, node)
            lowest = None if deferred else step.lowest
            if STAR in names:
                raise Refused(_STAR)
            if set(_types(node.annotation, names, lowest)) != set(step.types):
                raise Refused("a name of the annotation is not bound where it is evaluated")
        if self._inserted:
            self._check_inserted()

    def _check_inserted(self) -> None:
        """Raise Refused where inserted statements use a name that is not bound when they run."""
        outside = names_before(self._new.body, None, {})
        for step in self._steps:
            new = ast.parse(step.source).body if isinstance(step, InBody | AddFunction) else []
            body, names = new, {}
            match step:
                case AddFunction():
                    body = new = getattr(new[0], "body", [])
                case InBody(function=name, first=first):
                    function = _function(self._new, name)
                    body = function.body
                    new = body[first : first + len(new)]
                    arguments = [
                        node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)
                    ]
                    names = dict.fromkeys(arguments, OWN)
            inside = names_before(body, new[0] if new else None, names)
            local = {*names_before(body, None, names)}
            for node in new:
                self._check_loads(node, outside, inside, local)
                inside = names_before([node], None, inside)

    def _check_loads(self, node: ast.stmt, outside: Names, inside: Names, local: set[str]) -> None:
        # A `with` or a loop binds the names that its own body uses; only a `with` surely does.
        own = _bound_in(node)
        inside = {**inside, **own} if isinstance(node, ast.With) else {**own, **inside}
        loads = (
            name
            for name in ast.walk(node)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
        )
        for name in loads:
            if origin(inside if name.id in local else outside, name) == UNCERTAIN:
                raise Refused(f"the name {name.id} is not bound in the file")


def _told_lines(steps: Iterable[Step]) -> tuple[str, ...]:
    """The starts of the lines that steps may insert."""
    lines = ["from ", "import "]
    for step in steps:
        if isinstance(step, Declare):
            lines.append(f"{step.name}: ")
        elif isinstance(step, InBody | AddFunction):
            lines += [line.strip() for line in step.source.splitlines() if line.strip()]
    return tuple(lines)


def _told_imports(steps: Iterable[Step]) -> set[str]:
    """The origins that steps may import."""
    told: set[str] = set()
    for step in steps:
        if isinstance(step, Annotate | Declare):
            told |= _IMPORTABLE | {"collections"}
        elif isinstance(step, InBody | AddFunction):
            for node in ast.parse("\n".join(step.imports)).body:
                told |= set(_imports(node).values())
    return told


def _imports(node: ast.stmt) -> Names:
    """The origins of the names that an import binds, none for another statement."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return {}
    return names_before([node], None, {})


def _item(name: str, value: ast.expr) -> str:
    return f"{name} = {ast.dump(value)}"


def _pairs(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the variables of a plain assignment with their values, none of any other statement.

    One of several variables is plain where it may as well be several assignments.
    """
    match node:
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.Assign(targets=targets, value=value) if is_plain(value):
            pairs = [pair for target in targets for pair in _each(target, value)]
            if all(isinstance(target, ast.Name) for target, _ in pairs):
                yield from ((ast.unparse(target), its_value) for target, its_value in pairs)


def _each(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    match target, value:
        case ast.Tuple(elts=targets) | ast.List(elts=targets), ast.Tuple(elts=values) | ast.List(
            elts=values
        ) if len(targets) == len(values):
            for inner, its_value in zip(targets, values, strict=True):
                yield from _each(inner, its_value)
        case _:
            yield target, value


def is_plain(value: ast.expr) -> bool:
    """True for constants, and tuples of constants: to write them twice changes nothing."""
    if isinstance(value, ast.Tuple):
        return all(is_plain(part) for part in value.elts)
    return isinstance(value, ast.Constant)


def _bound_in(node: ast.stmt) -> Names:
    stored = (
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    )
    return dict.fromkeys(stored, OWN)


def _bound(node: ast.stmt) -> set[str]:
    return set(names_before([node], None, {}))


def _function(tree: ast.Module, name: str) -> ast.FunctionDef:
    """The function of a name that a module has in the end; raises Refused for anything else."""
    node = next((node for node in reversed(tree.body) if name in _bound(node)), None)
    if not isinstance(node, ast.FunctionDef):
        raise Refused(f"{name} is not a plain function of the module")
    return node


def _types(node: ast.expr, names: Names, lowest: int | None) -> Iterator[str]:
    """Yield the types that an annotation joins; None of those that cannot be evaluated."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right) if lowest is None or lowest >= 10:
            yield from _types(left, names, lowest)
            yield from _types(right, names, lowest)
        case ast.Constant(value=None):
            yield "None"
        case ast.Subscript(value=outer, slice=inner):
            yield from _generic_types(origin(names, outer), inner, names, lowest)
        case ast.expr():
            found = origin(names, node)
            yield "str" if found == "builtins.str" else found


def _generic_types(kind: str, inner: ast.expr, names: Names, lowest: int | None) -> Iterator[str]:
    members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if kind in ("typing.Optional", "typing.Union"):
        for member in members:
            yield from _types(member, names, lowest)
        if kind == "typing.Optional":
            yield "None"
    elif kind == "typing.Sequence" or (
        kind == "collections.abc.Sequence" and (lowest is None or lowest >= 9)
    ):
        found = list(_types(inner, names, lowest))
        yield "Sequence[str]" if found == ["str"] else UNCERTAIN
    else:
        yield UNCERTAIN
