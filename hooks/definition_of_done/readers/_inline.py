"""A markdown-it that notes the place of each inline token: its offset in the content, `meta["at"]`.

markdown-it-py itself keeps the lines of blocks, and no columns.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import MIB, refuse_large
from definition_of_done.readers._containers import read_containers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from markdown_it.token import Token
    from markdown_it.utils import EnvType

    from definition_of_done.base.text import Text

    Rule = Callable[[StateInline, bool], bool]


def parser() -> MarkdownIt:
    """A parser of CommonMark, tables, strikethrough and boxes, with destinations as written."""
    markdown = MarkdownIt("zero")
    markdown.inline = _InlineParser()
    markdown.configure("commonmark").enable(["table", "strikethrough"])
    # Joined text would lose the places of its parts.
    markdown.disable(["fragments_join", "text_join"])
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    read_containers(markdown)
    return markdown


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
