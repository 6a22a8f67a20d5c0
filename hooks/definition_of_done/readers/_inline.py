"""The parser of pages: a markdown-it that notes the place of each inline token, and reads boxes.

markdown-it-py itself keeps the lines of blocks, and no columns: here `meta["at"]` of a token is its
offset in the content. Boxes, footnotes, definitions and typed bullets CommonMark has not.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.text import MIB, refuse_large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

    from definition_of_done.base.text import Text

    Rule = Callable[[StateInline, bool], bool]

_INTERRUPTS = ["paragraph", "reference", "blockquote", "list"]
# An admonition, details, a tab, a footnote: the indented text below it is Markdown, not code.
_CONTAINER = regex(
    r"(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+(?=\S)(?:[^\"\n]*\"(?P<title>[^\"\n]*)\")?|\[\^[^\]\n]+\]:"
)
# A definition below its term, or a bullet or a letter that only the eye sees.
_MARK = regex(
    "(?::[ \t]{1,3}|[\u2022\u2023\u25aa\u25cf\u25e6\u2013\u2014][ \t\xa0]+"
    "|\\(?(?:[a-zA-Z]|[ivx]{2,4})\\)[ \t]+)(?=\\S)"
)
_INTERRUPTING = ":\u2022\u2023\u25aa\u25cf\u25e6"


def parser() -> MarkdownIt:
    """A parser of CommonMark, tables, strikethrough and boxes, with destinations as written."""
    markdown = MarkdownIt("zero")
    markdown.inline = _InlineParser()
    markdown.configure("commonmark").enable(["table", "strikethrough"])
    # Joined text would lose the places of its parts.
    markdown.disable(["fragments_join", "text_join"])
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    markdown.block.ruler.before("code", "container", _container, {"alt": _INTERRUPTS})
    return markdown


def read_marked_lists(markdown: MarkdownIt) -> None:
    """Let a parser read definitions, and lines behind other bullets, as the items of a list."""
    markdown.block.ruler.before("paragraph", "marked_list", _marked_list, {"alt": _INTERRUPTS})


def parse(markdown: MarkdownIt, text: Text, source: str, env: EnvType) -> list[Token]:
    """The tokens of a page; raises Unreadable where the page is too large or nested too deeply."""
    refuse_large(text.path, len(text.text), MIB)
    try:
        return markdown.parse(source, env)
    except RecursionError:
        raise Unreadable("nested too deeply to be judged", path=text.path) from None


class _State(StateInline):
    """A parser's state that also holds where the running rule and the pending text started."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.rules_at: list[int] = []
        self.text_at = 0

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        token.meta["at"] = self.rules_at[-1]
        return token

    def pushPending(self) -> Token:
        token = super().pushPending()
        token.meta["at"] = self.text_at
        return token


class _InlineParser(ParserInline):
    """A parser that gives each token its place."""

    def __init__(self) -> None:
        super().__init__()
        for rule in self.ruler.__rules__:
            rule.fn = _placed(rule.fn)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _placed(rule: Rule) -> Rule:
    def run(state: StateInline, silent: bool) -> bool:
        if silent or not isinstance(state, _State):
            return rule(state, silent)
        if not state.pending:
            state.text_at = state.pos
        state.rules_at.append(state.pos)
        try:
            return rule(state, silent)
        finally:
            state.rules_at.pop()

    return run


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    at = state.bMarks[start] + state.tShift[start]
    found = _CONTAINER.match(state.src, at, state.eMarks[start])
    if found is None or state.is_code_block(start):
        return False
    if silent:
        return True
    indent = state.sCount[start] + 4
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= indent):
        last += 1
    token = state.push("container_open", "div", 1)
    token.map, token.info = [start, last], found["title"] or ""
    if found[0].startswith("["):
        # The text of a footnote starts on the line of its label.
        _push_inline(state, state.src[found.end() : state.eMarks[start]], start, start + 1)
    outer, width = state.parentType, state.blkIndent
    state.parentType, state.blkIndent = "container", indent
    state.md.block.tokenize(state, start + 1, last)
    state.parentType, state.blkIndent = outer, width
    state.push("container_close", "div", -1)
    state.line = last
    return True


def _marked_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    mark = _mark(state, start)
    is_below = start > 0 and not state.isEmpty(start - 1)
    # A definition stands below its term; a dash or a letter inside a paragraph is text.
    if not mark or (mark[0] == ":" and not is_below) or (mark[0] not in _INTERRUPTING and silent):
        return False
    if silent:
        return True
    state.push("bullet_list_open", "ul", 1).map = [start, end]
    line = start
    while line < end and _mark(state, line):
        last = line + 1
        while last < end and not (state.isEmpty(last) or _mark(state, last)):
            last += 1
        words = state.getLines(line, last, state.blkIndent, False).lstrip()
        words = words.removeprefix(_mark(state, line))
        state.push("list_item_open", "li", 1).map = [line, last]
        state.push("paragraph_open", "p", 1).map = [line, last]
        _push_inline(state, words, line, last)
        state.push("paragraph_close", "p", -1)
        state.push("list_item_close", "li", -1)
        line = last
    state.push("bullet_list_close", "ul", -1)
    state.line = line
    return True


def _mark(state: StateBlock, line: int) -> str:
    """The mark that a line starts with, empty where it has none."""
    at = state.bMarks[line] + state.tShift[line]
    found = None if state.is_code_block(line) else _MARK.match(state.src, at, state.eMarks[line])
    return found[0].rstrip() if found else ""


def _push_inline(state: StateBlock, content: str, start: int, end: int) -> None:
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content.strip(), [start, end], []
