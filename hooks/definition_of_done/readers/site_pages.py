"""Links and anchors of a site's page: markdown-it, adapted to what Python-Markdown reads.

Where the two may differ, these functions rather miss a link, and rather see an anchor too many.
"""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.readers.markdown import without_front_matter
from definition_of_done.readers.slugs import unique

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

    from definition_of_done.base.text import Text
    from definition_of_done.readers.page import Link

# Text that may be a link, in code or not: the destination, and the character that ends it.
_INLINE = regex(r"\]\([ \t\r\n]*(<?)([^\s()<>]*)(.?)", re.S)
_DEFINITION = regex(r"\[(?!\^)[^\[\]\n]*\]:[ \t]*(?:\r?\n[ \t]*)?<?([^\s<>]+)")
_ADDRESS = regex(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_FENCE = regex(r"(`{3,}|~{3,})")
_HEADING = regex(r"^[ ]{0,3}#{1,6}[ \t]*([^#\r\n])(.*)$", re.M)
_UNDERLINED = regex(r"^(.++)\n[ ]{0,3}(?:=++|-++)[ \t]*+$", re.M)
_PLAIN = regex(r"#{1,6} ++([\w ,.'()/-]*+)(?<=[\w.)])")
_ATTRIBUTES = regex(r"(?<![ \t])[ \t]*+\{:?[^{}\n]*+\}[ \t]*+$")
_ID_IN_LIST = regex(r"\{(?=[^{}\n]*+\}):?[^{}\n]*?(?:#|\bid=[\"']?)([^\s{}\"']+)[^{}\n]*\}")
_ID_IN_TAG = regex(r"<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FOOTNOTE = regex(r"\[\^([^\[\]\s]+)\]")
_EMOJI = regex(r":[\w+-]+:")
_TAB = regex(r"===[!+]?[ \t]+[\"'](.+)[\"']")
_RAW = regex(
    r"<(address|article|aside|blockquote|center|details|dialog|div|dl|fieldset|figure|footer|form"
    r"|header|main|nav|ol|p|section|table|ul)\b([^>]*)>",
    re.I,
)
# A directive that another program replaces by text.
_INSERTED = regex(r"^[ \t]*:::[ \t]|-8<-|\{!|\{\{|\{%", re.M)


def may_link(data: bytes) -> bool:
    """True where a page's bytes can hold a link at all."""
    return b"](" in data or b"]:" in data


def possible_links(text: Text) -> set[str] | None:
    """Every destination that a link of the page can have, without addresses; code is searched too.

    None where only a parser can tell.
    """
    links = [
        (link[2], link[3] == ">" if link[1] else link[3] in ")" or link[3].isspace())
        for link in _INLINE.finditer(text.text)
    ]
    links += [(definition[1], True) for definition in _DEFINITION.finditer(text.text)]
    found = set()
    for href, is_closed in links:
        if _ADDRESS.match(href):
            continue
        if not is_closed or "\\" in href or "&" in href:
            return None
        found.add(href)
    return found


def read_links(text: Text, *, reads_html: bool) -> tuple[Link, ...]:
    """The links and images that Markdown makes of a page, in order; raises Unreadable.

    `reads_html` is True where elements with the attribute `markdown` hold Markdown.
    """
    from definition_of_done.readers._prose import read_prose

    tokens, _, _ = _parsed(text, inline=True)
    prose = read_prose(text, list(_outside_html(tokens, reads_html)))
    return tuple(link for part in prose.values() for link in part.links)


def quick_anchors(
    text: Text,
    slug: Callable[[str], str],
    *,
    number: Callable[[str, set[str]], str] = unique,
) -> set[str]:
    """The ids of plain headings outside of fences: some of the page's, found without a parser."""
    found: set[str] = set()
    fence = ""
    for line in text.text.splitlines():
        mark = _FENCE.match(line.lstrip(" \t>"))
        if mark and (not fence or (mark[1].startswith(fence) and mark[1] == line.strip())):
            fence = "" if fence else mark[1]
        elif not fence and line.startswith("#"):
            heading = _PLAIN.fullmatch(line.rstrip(" \t"))
            if heading:
                number(slug(heading[1]), found)
    return found


def read_anchors(
    text: Text,
    slug: Callable[[str], str],
    *,
    reads_lists: bool,
    number: Callable[[str, set[str]], str] = unique,
) -> frozenset[str] | None:
    """The ids of a page's headings and elements; raises Unreadable.

    None where a directive may add others. `reads_lists` is True where attribute lists such as
    `{#id}` are read. `number` takes an id and returns it, with a number where it was taken.
    """
    tokens, parser, env = _parsed(text, inline=False)
    prose = _without_fences(text, tokens)
    if _INSERTED.search(prose):
        return None
    ids = {found[1] or found[2] or found[3] or "" for found in _ID_IN_TAG.finditer(prose)}
    for label in _FOOTNOTE.finditer(prose):
        ids |= {f"fn:{label[1]}", f"fnref:{label[1]}"}
    listed: set[str] = set()
    if reads_lists:
        listed = {found[1] for found in _ID_IN_LIST.finditer(prose)}
    taken = set(listed)
    plain: set[str] = set()
    for source in _headings(tokens):
        own = _ATTRIBUTES.search(source) if reads_lists else None
        words = _words(parser, env, source[: own.start()] if own else source)
        if own and _ID_IN_LIST.search(own[0]):
            continue
        number(slug(words), taken)
        # Where an extension draws an emoji, it leaves no text in the id.
        number(slug(_EMOJI.sub("", words)), plain)
    for tab in _TAB.finditer(prose):
        ids.add(slug(tab[1]))
    return frozenset(ids | taken | plain)


def _parsed(text: Text, *, inline: bool) -> tuple[list[Token], MarkdownIt, EnvType]:
    from definition_of_done.readers._inline import parse, parser

    markdown = parser()
    if not inline:
        markdown.disable("inline")
    env: EnvType = {}
    return parse(markdown, text, without_front_matter(text), env), markdown, env


def _outside_html(tokens: list[Token], reads_html: bool) -> Iterator[Token]:
    """Yield the tokens outside of the HTML elements that Python-Markdown leaves alone."""
    inside, depth = "", 0
    for token in tokens:
        if token.type == "html_block":
            found = None if inside else _RAW.match(token.content.lstrip())
            if found and not (reads_html and re.search(r"\bmarkdown\b", found[2])):
                inside = found[1]
            if inside:
                depth += len(re.findall(rf"<{inside}\b", token.content, re.I))
                depth -= len(re.findall(rf"</{inside}\b", token.content, re.I))
                inside = inside if depth > 0 else ""
                depth = max(depth, 0)
        if not inside or token.type != "inline":
            yield token


def _without_fences(text: Text, tokens: list[Token]) -> str:
    lines = text.text.splitlines()
    for token in tokens:
        if token.type == "fence" and token.map:
            for number in range(token.map[0], min(token.map[1], len(lines))):
                lines[number] = ""
    return "\n".join(lines)


def _headings(tokens: list[Token]) -> Iterator[str]:
    """Yield the source of each heading, also of those that only Python-Markdown sees."""
    before = None
    for token in tokens:
        if before == "heading_open":
            yield token.content
        elif token.type in ("inline", "html_block"):
            # Such a heading has no blank behind the #, or is on the line below a tag.
            for found in _HEADING.finditer(token.content):
                yield found[1] + found[2].rstrip(" \t").rstrip("#").rstrip(" \t")
            for found in _UNDERLINED.finditer(token.content):
                yield found[1]
        before = token.type


def _words(parser: MarkdownIt, env: EnvType, source: str) -> str:
    """A heading's text without markup."""
    words = ""
    for child in parser.inline.parse(source, parser, env, []):
        if child.type in ("text", "text_special", "code_inline"):
            words += child.content
        elif child.type == "softbreak":
            words += " "
    return words
