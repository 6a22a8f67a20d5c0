"""Makes changes of Python files with libcst: all else stays as it is, comments and layout too.

What is made here is verified by `python_compare` before anything of it is handed out.
"""

from __future__ import annotations

import ast
import re
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import accumulate

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from definition_of_done.base.errors import Refused
from definition_of_done.base.rewrites import (
    AddFunction,
    Annotate,
    Declare,
    DropComments,
    InBody,
    InString,
    SetKeyword,
    spelled,
)
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import Text
from definition_of_done.readers.nodes import defers_annotations
from definition_of_done.readers.python import decode_source, parse_source
from definition_of_done.readers.python_compare import check_change
from definition_of_done.readers.python_scope import names_before, names_of_annotations, origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from libcst.metadata import CodeRange

    from definition_of_done.base.rewrites import Step

    Line: TypeAlias = cst.SimpleStatementLine | cst.BaseCompoundStatement
    Target: TypeAlias = cst.BaseAssignTargetExpression | cst.BaseExpression
    Pair: TypeAlias = tuple[cst.Name, cst.BaseExpression]
    Change: TypeAlias = Callable[[cst.CSTNode], cst.CSTNode | cst.RemovalSentinel]

# The levels of nesting that libcst's parser takes without the end of the process, with a margin.
_LEVELS = 100
_SPACE = cst.SimpleWhitespace(" ")
_ORIGINS = {
    "Sequence": ("collections.abc.Sequence", "typing.Sequence"),
    "Optional": ("typing.Optional",),
    "Union": ("typing.Union",),
}


def edits_of(path: str, data: bytes, steps: Sequence[Step]) -> tuple[Edit, ...]:
    """The edits that make these steps in a file; raises Refused where they are not safe."""
    text = decode_source(path, data)
    refusal = None
    try:
        for spelling in _spellings(text, steps):
            try:
                edits = _edits(text, _Writer(text).written(steps, spelling))
                check_change(path, data, edits, steps)
                return edits
            except Refused as error:
                # The first spelling is the best, and so is what is said of it.
                refusal = refusal or error
    except RecursionError:
        refusal = Refused("the file is nested too deeply")
    raise refusal or Refused("there is nothing to change")


def _edits(text: Text, new: str) -> tuple[Edit, ...]:
    """The edits that make the new text, each without what stays at its ends."""
    old_lines, new_lines = (source.splitlines(keepends=True) for source in (text.text, new))
    head = _common(old_lines, new_lines)
    tail = _common(old_lines[head:][::-1], new_lines[head:][::-1])
    begin = sum(map(len, old_lines[:head]))
    old_lines, new_lines = (lines[head : len(lines) - tail] for lines in (old_lines, new_lines))
    edits = []
    starts = [*accumulate(map(len, old_lines), initial=begin)]
    for kind, first, last, new_first, new_last in SequenceMatcher(
        None, old_lines, new_lines
    ).get_opcodes():
        pairs = [(old_lines[first:last], new_lines[new_first:new_last])]
        if kind == "replace" and last - first == new_last - new_first:
            pairs = [([old], [new]) for old, new in zip(*pairs[0], strict=True)]
        at = starts[first]
        for old_part, new_part in (("".join(old), "".join(new)) for old, new in pairs):
            if old_part != new_part:
                edits.append(_trimmed(text, at, old_part, new_part))
            at += len(old_part)
    return tuple(edits)


def _trimmed(text: Text, at: int, old: str, new: str) -> Edit:
    """The edit that puts a new part for the old one at an offset."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    written = new[head : len(new) - tail].replace(text.newline, "\n")
    return Edit(text.path, at + head, at + len(old) - tail, written)


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """The number of characters or lines that two texts start with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))


def _spellings(text: Text, steps: Sequence[Step]) -> Iterator[Mapping[str, str]]:
    """Yield the ways to spell the annotations that the steps add, the best one first."""
    variables = [step for step in steps if isinstance(step, Annotate | Declare)]
    if not variables:
        yield {}
        return
    tree = parse_source(text.text)
    names = names_before(tree.body, None, {})
    lowest = None if defers_annotations(tree) else variables[0].lowest
    prefix = "collections.abc." if lowest is None or lowest >= 10 else "typing."
    # As the file has it: Alembic's own template takes Union for both.
    has_union = "Optional" not in names and names.get("Union") == "typing.Union"
    for before in ("", prefix):
        yield {
            step.name: spelled(step.types, lowest, before, "Union" if has_union else "Optional")
            for step in variables
        }


def _is_deep(source: str) -> bool:
    """True where libcst's tree may have more levels than its parser takes; raises Refused."""
    try:
        level: list[tuple[ast.AST, int]] = [(parse_source(source), 0)]
    except SyntaxError:
        raise Refused("Python cannot read the file") from None
    while level:
        level = [
            (child, levels + _levels(node))
            for node, levels in level
            for child in ast.iter_child_nodes(node)
        ]
        if any(levels > _LEVELS for _, levels in level):
            return True
    return False


def _levels(node: ast.AST) -> int:
    """The levels that libcst makes of a node of `ast`."""
    match node:
        case ast.BoolOp(values=values):
            return len(values)
        case ast.Import(names=aliases):
            return max(alias.name.count(".") for alias in aliases) + 1
        case ast.ImportFrom(module=str(module)):
            return module.count(".") + 1
    return 1


class _Source:
    """A file as libcst has it, with the places of what steps change; raises Refused."""

    def __init__(self, source: str) -> None:
        if _is_deep(source):
            raise Refused("the file is nested too deeply")
        try:
            self.module = cst.parse_module(source)
        except (cst.ParserSyntaxError, cst.CSTLogicError, cst.CSTValidationError):
            raise Refused("libcst cannot read the file") from None
        if self.module.code != source:
            raise Refused("libcst reads the file as another one")
        self._text = Text("", source)

    def nodes(self, kind: type[cst.CSTNode]) -> Iterator[tuple[cst.CSTNode, int, int]]:
        """Yield the nodes of a kind with their offsets in the text."""
        offset = self._text.offset
        for node, place in self._places.items():
            if isinstance(node, kind):
                start, end = place.start, place.end
                yield node, offset(start.line, start.column + 1), offset(end.line, end.column + 1)

    @cached_property
    def _places(self) -> Mapping[cst.CSTNode, CodeRange]:
        return MetadataWrapper(self.module, unsafe_skip_copy=True).resolve(PositionProvider)

    @cached_property
    def calls(self) -> dict[int, cst.CSTNode]:
        """The largest call that starts at each offset."""
        nodes = sorted(self.nodes(cst.Call), key=lambda place: place[2])
        return {start: node for node, start, _ in nodes}

    @cached_property
    def comments(self) -> dict[int, cst.CSTNode]:
        """The lines that hold a comment alone or nothing, by their numbers."""
        nodes = self.nodes(cst.EmptyLine)
        return {self._text.spot(start).line: node for node, start, _ in nodes}


_parsed = lru_cache(maxsize=1)(_Source)


class _Changes(cst.CSTTransformer):
    """Replaces the nodes that are keys of `made` by what its functions make of them."""

    def __init__(self, made: Mapping[cst.CSTNode, Change]) -> None:
        super().__init__()
        self._made = made

    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode | cst.RemovalSentinel:
        change = self._made.get(original_node)
        return change(updated_node) if change else updated_node


class _Writer:
    """Makes the steps of one change in the tree of one file."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._source = _parsed(text.text)
        self._body: list[Line] = []

    def written(self, steps: Sequence[Step], spelling: Mapping[str, str]) -> str:
        """The text of the file after the steps; raises Refused where one cannot be made."""
        made = {node: change for step in steps for node, change in self._changes(step)}
        module = self._source.module
        if made:
            changed = module.visit(_Changes(made))
            assert isinstance(changed, cst.Module)
            module = changed
        self._body = [*module.body]
        for step in steps:
            match step:
                case Annotate(name=name):
                    self._annotate(name, spelling[name])
                case Declare(name=name, after=after):
                    at = self._last_line(*after)
                    self._body[at + 1 : at + 1] = self._statements(
                        f"{name}: {spelling[name]} = None"
                    )
                case InBody():
                    self._set_body(step)
                case AddFunction(source=source):
                    (function,) = self._statements(source)
                    self._body.append(
                        function.with_changes(leading_lines=[cst.EmptyLine(indent=False)] * 2)
                    )
        self._import_what_is_missing(steps, spelling)
        return module.with_changes(body=self._body).code

    def _changes(self, step: Step) -> Iterator[tuple[cst.CSTNode, Change]]:
        """Yield the nodes inside of statements that a step changes, and how."""
        match step:
            case InString(start=start, end=end, text=new):
                node, first = self._string(start)
                yield (
                    node,
                    lambda found: _spliced(found, start - first, end - first, self._lines(new)),
                )
            case SetKeyword(start=start, name=name, text=value):
                if start not in self._source.calls:
                    raise Refused("the place of the change is not found")
                yield self._source.calls[start], lambda found: _with_keyword(found, name, value)
            case DropComments(lines=lines):
                for line in lines:
                    if line in self._source.comments:
                        yield self._source.comments[line], lambda _: cst.RemoveFromParent()

    def _string(self, at: int) -> tuple[cst.CSTNode, int]:
        """The string literal that holds an offset, and where it starts."""
        for node, start, end in self._source.nodes(cst.SimpleString):
            if start < at < end:
                return node, start
        raise Refused("the place of the change is not found")

    def _lines(self, source: str) -> str:
        return source.replace("\n", self._text.newline)

    def _statements(self, source: str) -> list[Line]:
        """The statements of a source, in the indentation and with the newlines of the file."""
        config = self._source.module.config_for_parsing
        body = cst.parse_module(self._lines(source.strip("\n") + "\n"), config).body
        return [statement.visit(_Indented()) for statement in body]  # type: ignore[misc]

    def _last_line(self, *names: str) -> int:
        """The number of the last statement line of the module that assigns one of variables."""
        for at in reversed(range(len(self._body))):
            line = self._body[at]
            if isinstance(line, cst.SimpleStatementLine) and any(
                found.value in names for small in line.body for found, _ in _pairs(small)
            ):
                return at
        raise Refused(f"no plain statement of the module assigns {names[0]}")

    def _annotate(self, name: str, annotation: str) -> None:
        at = self._last_line(name)
        line = self._body[at]
        assert isinstance(line, cst.SimpleStatementLine)
        comment = line.trailing_whitespace.comment
        if comment and re.match(r"#[ \t]*type:(?![ \t]*ignore)", comment.value):
            raise Refused(f"the line of {name} has a type comment")
        parts = [list(_annotated(small, name, annotation)) for small in line.body]
        smalls = [small for part in parts for small in part]
        if len(line.body) > 1 or len(smalls) == 1:
            self._body[at] = line.with_changes(body=smalls)
            return
        # A chain that stands alone becomes a line for each variable.
        plain = cst.TrailingWhitespace()
        lines = [
            cst.SimpleStatementLine(
                [small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)], trailing_whitespace=plain
            )
            for small in smalls
        ]
        lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
        lines[-1] = lines[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
        self._body[at : at + 1] = lines

    def _set_body(self, step: InBody) -> None:
        at = next(
            (
                at
                for at in reversed(range(len(self._body)))
                if getattr(getattr(self._body[at], "name", None), "value", "") == step.function
            ),
            None,
        )
        function = None if at is None else self._body[at]
        if at is None or not isinstance(function, cst.FunctionDef):
            raise Refused(f"{step.function} is not a plain function of the module")
        block = function.body
        if isinstance(block, cst.SimpleStatementSuite):
            line = cst.SimpleStatementLine(
                block.body, trailing_whitespace=block.trailing_whitespace
            )
            block = cst.IndentedBlock([line])
        assert isinstance(block, cst.IndentedBlock)
        body = [*block.body]
        first, last = (_line_number(body, number) for number in (step.first, step.last))
        new = self._statements(step.source)
        if first < last and new:
            new[0] = new[0].with_changes(leading_lines=body[first].leading_lines)  # type: ignore[attr-defined]
        body[first:last] = new
        self._body[at] = function.with_changes(body=block.with_changes(body=body))

    def _import_what_is_missing(self, steps: Sequence[Step], spelling: Mapping[str, str]) -> None:
        for step in steps:
            for source in step.imports if isinstance(step, InBody | AddFunction) else ():
                known = cst.Module(self._body).code
                if f"{source}\n" not in known.replace("\r\n", "\n"):
                    at = self._behind_imports()
                    self._body[at:at] = self._statements(source)
        for source in _missing(self._text, spelling):
            first = min(self._last_line(name) for name in spelling)
            self._import_first(source, first)

    def _behind_imports(self) -> int:
        """The number of the statement below the last import of the module's start."""
        found = [at for at, line in enumerate(self._body) if _is_import(line)]
        return found[-1] + 1 if found else self._start()

    def _start(self) -> int:
        """The number of the first statement behind the docstring and what must follow it."""
        at = 0
        for number, line in enumerate(self._body):
            if (number == 0 and _is_docstring(line)) or _is_future(line):
                at = number + 1
        return at

    def _import_first(self, source: str, before: int) -> None:
        """Add an import above the first one, or at the start where a statement needs it earlier."""
        start = self._start()
        at = next((at for at in range(start, before + 1) if _is_import(self._body[at])), start)
        if at >= len(self._body):
            raise Refused("there is no place for an import")
        below = self._body[at]
        leading = list(below.leading_lines)
        blank = next((at for at, line in enumerate(leading) if line.comment), len(leading))
        (new,) = self._statements(source)
        if _is_import(below):
            above, leading = leading[:blank], leading[blank:]
        else:
            above = [cst.EmptyLine(indent=False)] if at else []
            if not blank:
                leading.insert(0, cst.EmptyLine(indent=False))
        self._body[at : at + 1] = [
            new.with_changes(leading_lines=above),
            below.with_changes(leading_lines=leading),
        ]


class _Indented(cst.CSTTransformer):
    """Gives blocks the indentation of the file that they come into."""

    def leave_IndentedBlock(
        self, _: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        return updated_node.with_changes(indent=None)


def _missing(text: Text, spelling: Mapping[str, str]) -> list[str]:
    """The imports that the annotations need and the file lacks where they are evaluated."""
    tree = parse_source(text.text)
    in_the_end = names_before(tree.body, None, {})
    uses = (node for node in tree.body if names_before([node], None, {}).keys() & spelling)
    names = names_of_annotations(tree, next(uses, None))
    used = ast.walk(ast.parse("\n".join(spelling.values())))
    wanted = {node.id for node in used if isinstance(node, ast.Name)}
    lacking = {
        name
        for name in wanted & {*_ORIGINS}
        if origin(names, ast.Name(name, ast.Load())) not in _ORIGINS[name]
    }
    is_typing = wanted & {"Optional", "Union"} or in_the_end.get("Sequence") == "typing.Sequence"
    module = "typing" if is_typing else "collections.abc"
    lines = [f"from {module} import {', '.join(sorted(lacking))}"] if lacking else []
    if "collections" in wanted:
        lines.append("import collections.abc")
    if "typing" in wanted and names.get("typing") != "typing":
        lines.append("import typing")
    return lines


def _is_import(line: Line) -> bool:
    """True for a line that starts with an import, but for one from __future__."""
    if not isinstance(line, cst.SimpleStatementLine) or _is_future(line):
        return False
    return isinstance(line.body[0], cst.Import | cst.ImportFrom)


def _is_future(line: Line) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and any(
        isinstance(small, cst.ImportFrom)
        and isinstance(small.module, cst.Name)
        and small.module.value == "__future__"
        for small in line.body
    )


def _is_docstring(line: Line) -> bool:
    small = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    return isinstance(small, cst.Expr) and isinstance(
        small.value, cst.SimpleString | cst.ConcatenatedString
    )


def _pairs(small: cst.BaseSmallStatement) -> list[Pair]:
    """The variables that a statement assigns, each with its value."""
    match small:
        case cst.AnnAssign(target=cst.Name() as name, value=cst.BaseExpression() as value):
            return [(name, value)]
        case cst.Assign(targets=targets, value=value):
            return [pair for target in targets for pair in _each(target.target, value)]
    return []


def _each(target: Target, value: cst.BaseExpression) -> Iterator[Pair]:
    match target, value:
        case cst.Name(), _:
            yield target, value
        case (
            (cst.Tuple(elements=targets) | cst.List(elements=targets)),
            (cst.Tuple(elements=values) | cst.List(elements=values)),
        ) if len(targets) == len(values):
            for inner, its_value in zip(targets, values, strict=True):
                yield from _each(inner.value, its_value.value)


def _annotated(
    small: cst.BaseSmallStatement, name: str, annotation: str
) -> Iterator[cst.BaseSmallStatement]:
    """Yield the statements that do what one does, with the variable annotated."""
    pairs = _pairs(small)
    if not any(found.value == name for found, _ in pairs):
        yield small
        return
    right = cst.Annotation(cst.parse_expression(annotation))
    if isinstance(small, cst.AnnAssign):
        yield small.with_changes(target=cst.Name(name), annotation=right)
        return
    assert isinstance(small, cst.Assign)
    target = small.targets[0]
    for number, (found, value) in enumerate(pairs):
        is_last = number == len(pairs) - 1
        end = small.semicolon if is_last else cst.Semicolon(whitespace_after=_SPACE)
        plain = found.with_changes(lpar=(), rpar=())
        if found.value != name:
            yield cst.Assign([cst.AssignTarget(plain)], value, end)
            continue
        equal = cst.AssignEqual(target.whitespace_before_equal, target.whitespace_after_equal)
        yield cst.AnnAssign(plain, right, value, equal, end)


def _line_number(body: Sequence[cst.BaseStatement], number: int) -> int:
    """The number of the line on which the statement with a number begins."""
    count = 0
    for at, line in enumerate(body):
        if count == number:
            return at
        count += len(line.body) if isinstance(line, cst.SimpleStatementLine) else 1
    if count != number:
        raise Refused("several statements stand on one line")
    return len(body)


def _spliced(node: cst.CSTNode, start: int, end: int, text: str) -> cst.CSTNode:
    assert isinstance(node, cst.SimpleString)
    if "\\" in text or '"' in text or "'" in text:
        raise Refused("the new text would need escapes in its string")
    return node.with_changes(value=node.value[:start] + text + node.value[end:])


def _with_keyword(node: cst.CSTNode, name: str, text: str) -> cst.CSTNode:
    """The call with a keyword argument, in the layout of the others."""
    assert isinstance(node, cst.Call)
    is_plain = text.isprintable() and not set(text) & {'"', "\\"}
    value = cst.SimpleString(f'"{text}"' if is_plain else repr(text))
    args = [*node.args]
    for at, arg in enumerate(args):
        if arg.keyword and arg.keyword.value == name:
            args[at] = arg.with_changes(value=value)
            return node.with_changes(args=args)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    new = cst.Arg(value, keyword=cst.Name(name), equal=equal)
    if args:
        last, before = args[-1], args[-2] if len(args) > 1 else None
        comma, between = last.comma, before.comma if before else cst.Comma(whitespace_after=_SPACE)
        assert isinstance(between, cst.Comma)
        end = comma.whitespace_after if isinstance(comma, cst.Comma) else last.whitespace_after_arg
        gap = between.whitespace_after
        if isinstance(gap, cst.ParenthesizedWhitespace):
            line = cst.TrailingWhitespace()
            if isinstance(end, cst.ParenthesizedWhitespace):
                # The comment on the line of an argument stays there.
                line, end = end.first_line, end.with_changes(first_line=line)
            gap = gap.with_changes(first_line=line, empty_lines=())
        if isinstance(comma, cst.Comma):
            new = new.with_changes(comma=comma.with_changes(whitespace_after=end))
        else:
            new = new.with_changes(whitespace_after_arg=end)
        args[-1] = last.with_changes(
            comma=between.with_changes(whitespace_after=gap),
            whitespace_after_arg=cst.SimpleWhitespace(""),
        )
    return node.with_changes(args=[*args, new])
