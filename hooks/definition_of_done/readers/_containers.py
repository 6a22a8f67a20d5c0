"""Blocks that CommonMark has not, for markdown-it: boxes, footnotes, definitions, typed bullets."""

from __future__ import annotations

from definition_of_done.base.expressions import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

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


def read_containers(markdown: MarkdownIt) -> None:
    """Let a parser read the text of boxes and footnotes; the title of a box is its token's info."""
    markdown.block.ruler.before("code", "container", _container, {"alt": _INTERRUPTS})


def read_marked_lists(markdown: MarkdownIt) -> None:
    """Let a parser read definitions, and lines behind other bullets, as the items of a list."""
    markdown.block.ruler.before("paragraph", "marked_list", _marked_list, {"alt": _INTERRUPTS})


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
