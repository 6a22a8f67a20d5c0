"""The open questions of the branch's feature pages, and the answers that close a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.mentions import page_words
from definition_of_done.project.docs.pages import feature_paths
from definition_of_done.project.docs.sections import QUESTIONS
from definition_of_done.project.layout import is_site_file
from definition_of_done.readers.page import Block, Line, ListItem, Page, rows_of

# What stands in place of an answer, at its start.
_STILL_OPEN = regex(
    r"\W{0,9}(?:(?:t\.?b\.?[acd]\.?|todo|fixme|undecided|unclear|unanswered|unresolved|not yet"
    r"|nobody knows"
    r"|(?:not|never) (?:decided|known|clear|sure|answered|resolved|settled)"
    r"|to be (?:answered|asked|clarified|confirmed|decided|defined|determined|discussed|done"
    r"|settled)"
    r"|still (?:being|in|not|open|pending|to be|unclear|undecided|under|unknown|waiting)"
    r"|no (?:answer|decision|idea)|(?:we |i )?(?:don't|do not) know|waiting (?:for|on)"
    r"|(?:needs?|wants?) (?:an? |more |some )?(?:answer|clarification|decision|discussion|input)"
    r"|(?:let's |we |i )?(?:(?:should|must|need to|have to|will) )?"
    r"(?:discuss|(?:check|clarify) with|decide (?:before|by|in|later|on|when|with))"
    r"|(?:we |i )?(?:must|need to|have to) ask"
    r"|(?:in|under) discussion|answer:?$)(?!\w)"
    r"|(?:owner|assignee|due|deadline|priority|(?:asked|raised) by|assigned to) ?:"
    r"[\w @,-]{1,60}\W{0,9}$"
    r"|(?:depends|it depends|later|maybe|open|pending|unknown|unsure)\W{0,9}(?:$|[.,;:(]))",
    re.I,
)
_ANSWER = regex(
    r"\b(?:answer|decision|decided|resolution|resolved)s?\s*:|^a\s*:"
    r"|(?<!not )(?<!yet )(?<!be )\b(?:answered|decided|resolved|settled),"
    r"|^(?:answered|closed|decided|resolved)\s[-\u2013\u2014]+\s",
    re.I,
)
# An arrow may also be part of the question: rename a -> b?
_ARROW = regex(r"\u2192|[-=]>")
_ANSWERED = regex(r"(?<!not )(?<!yet )\b(?:answered|resolved|decided|closed)\b", re.I)
# What stands behind a question, where that has its mark: a link or a type has blanks nowhere.
_BEHIND = regex(r"\?[\")\]'*_~\u2019\u201d:]{0,9}\s")
_STRUCK = regex(r"\W{0,20}?(?:\[[ xX]\] )?\W{0,4}?(?:~~|<(?:del|s|strike)>)", re.I)
# What the cells below a table's head are.
_HEADS = {
    "number": regex(r"\A\W*(?:#|no|nr|number|id)?\W*\Z", re.I),
    "question": regex(r"\b(?:questions?|points?|topics?|issues?|ask(?:ed)?)\b", re.I),
    "answer": regex(r"\b(?:answers?|decisions?|resolutions?|outcomes?|conclusions?)\b", re.I),
    "status": regex(r"\b(?:status|state|answered|decided|resolved)\b", re.I),
    "aside": regex(r"\b(?:owner|who|asked by|by|date|due|until|when|priority|impact)\b", re.I),
}
_NOTHING = regex(r"(?:none|nothing|no open questions?|no questions?|n/a)\b(?!.*\?)", re.I)


class OpenQuestion(NamedTuple):
    """An open question on a page of the branch, with the code that the branch changes."""

    question: Line
    code: tuple[str, ...]


def read_open_questions(session: Session) -> list[OpenQuestion]:
    """Read the open questions on the branch's pages.

    A branch of documents only has none, but where the run looks ahead. A page is the branch's if
    the branch adds or changes it, or if it names what the branch adds.
    """
    if not session.config["features"]:
        return []
    changed = session.branch.changed_or_nothing()
    code = tuple(path for path in sorted(changed) if _must_wait(session, path))
    if not (code or session.looks_ahead):
        return []
    pages = feature_paths(session)
    # A table may be added to a file that was there.
    may_add = any(letter != "D" and path.endswith(".py") for path, letter in changed.items())
    naming = set(_naming_pages(session)) if pages and may_add else set()
    return [
        OpenQuestion(question, code)
        for path in pages
        if path in changed or path in naming
        for question in _open_questions(feature_page_of(session, path))
    ]


def _naming_pages(session: Session) -> Iterator[str]:
    """Yield the pages that name what the branch adds."""
    from definition_of_done.project.docs.plans import names_on, read_additions

    added = read_additions(session)
    for path, words in page_words(session).items():
        if any(names_on(words, added)):
            yield path


def _must_wait(session: Session, path: str) -> bool:
    """True for all but documents: files of the docs folder, Markdown, the site's own file."""
    docs = session.config["features"].partition("/")[0]
    return not path.startswith(f"{docs}/") and not (
        path.endswith(".md") or is_site_file(session, path) or session.config.excludes(path)
    )


def _open_questions(page: FeaturePage) -> Iterator[Line]:
    """Yield the questions without an answer, in the order of the page.

    A question is an item, or a paragraph or a heading that ends with a question mark. It is
    answered where it is ticked or struck out, where `Answer:`, `Decision:` or an arrow stands in
    it or right behind it, where a sentence stands behind its question mark or in the paragraph
    below it, or where another item stands below it. That it is still open is no answer.
    """
    section = page.section(QUESTIONS)
    if section is None or section.says_none:
        return
    is_answered = is_asked = False
    blocks = [*_with_definitions(page.page, section.section.blocks)]
    # True where an answer stands in or behind a block, before the next question.
    answers = [False] * (len(blocks) + 1)
    for at in reversed(range(len(blocks))):
        if not _asks(blocks[at]):
            answers[at] = _answers(blocks[at].lines[:1]) or answers[at + 1]
    for number, block in enumerate(blocks, 1):
        next_block = blocks[number] if number < len(blocks) else None
        if block.heading:
            # The title of a box may be the question's topic.
            is_asked = block.heading.text.endswith("?") or block.heading.is_of_box
            is_answered = bool(_ANSWERED.search(block.heading.text))
            if not is_answered and is_asked and not _is_told(blocks[number:]):
                yield Line(block.heading.text, block.heading.spot)
                # What stands below it is about the same question.
                is_answered = True
        elif block.kind == "table" and not is_answered:
            yield from _open_rows(page.page, block)
        elif not is_answered and not (is_asked and block.kind == "list" and not _asks_in(block)):
            yield from _questions(page.page, block, answers[number], next_block)


def _with_definitions(page: Page, blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks; a definition below a question is a paragraph that may answer it."""
    is_asked = False
    for block in blocks:
        if is_asked and page.text.line(block.spot.line)[block.spot.column - 1 :].startswith(":"):
            block = block._replace(kind="paragraph", items=())
        yield block
        is_asked = block.kind == "paragraph" and _asks(block)


def _is_told(blocks: Sequence[Block]) -> bool:
    """True where anything but that it is open stands below a heading, before the next one."""
    for block in blocks:
        if block.heading:
            return False
        text = " ".join(line.text for line in block.lines)
        if block.kind != "paragraph" or _answers(block.lines) or not _STILL_OPEN.match(text):
            return True
    return False


def _asks_in(block: Block) -> bool:
    return any(_is_question(item) or _STILL_OPEN.match(item.text) for item in block.items)


def _open_rows(page: Page, block: Block) -> Iterator[Line]:
    """Yield the questions of a table whose row has no answer, or says that it is open."""
    head, *rows = rows_of(page.text, block)
    heads = [_kind_of(cell.text) for cell in head]
    first = next((n for n, kind in enumerate(heads) if kind != "number"), 0)
    at = heads.index("question") if "question" in heads else first
    for row in rows:
        cells = dict(zip(range(len(heads)), row, strict=False))
        question = cells.get(at)
        if question is None or not question.text or _is_closed(question.text):
            continue
        told = [cell.text for n, cell in cells.items() if heads[n] in ("answer", "status")]
        states = [cell.text for n, cell in cells.items() if heads[n] == "status"]
        if not told and "answer" not in heads and "status" not in heads:
            told = [cell.text for n, cell in cells.items() if n != at and heads[n] is None]
        if any(map(_STILL_OPEN.match, states)) or not any(map(_is_cell_answer, told)):
            yield question


def _kind_of(head: str) -> str | None:
    return next((kind for kind, known in _HEADS.items() if known.search(head)), None)


def _is_closed(question: str) -> bool:
    *_, behind = _BEHIND.split(question)
    return bool(
        _STRUCK.match(question)
        or _NOTHING.match(question)
        or (behind != question and _is_answer(behind))
    )


def _is_cell_answer(text: str) -> bool:
    return _is_answer(text) and not re.fullmatch(r"\W*(?:open|new|yes/no)\W*", text, re.I)


def _questions(
    page: Page, block: Block, is_answered_behind: bool, next_block: Block | None
) -> Iterator[Line]:
    is_followed = next_block is not None and _tells(next_block)
    for item in block.items:
        is_last = item is block.items[-1]
        is_answered = is_answered_behind or (is_followed and len(block.items) == 1)
        if item.lines and not _is_answered(page, item) and not (is_last and is_answered):
            yield Line(item.text, item.spot)
    if block.kind != "paragraph" or _answers(block.lines) or is_answered_behind or is_followed:
        return
    # A list behind a paragraph holds the questions, or the answers to it.
    if _asks(block) and not (next_block and next_block.kind == "list"):
        yield Line(" ".join(line.text for line in block.lines), block.lines[0].spot)


def _asks(block: Block) -> bool:
    """True where a block starts another question: answers behind it belong to that one."""
    if block.kind == "paragraph" and block.lines and not _answers(block.lines):
        return block.lines[-1].text.endswith("?")
    return block.heading is not None or block.kind == "list"


def _tells(block: Block) -> bool:
    """True for a paragraph that answers what stands before it."""
    text = " ".join(line.text for line in block.lines)
    return block.kind == "paragraph" and _is_answer(text)


def _is_answered(page: Page, item: ListItem) -> bool:
    if item.is_ticked or item.is_struck or _answers(item.lines) or _NOTHING.match(item.text):
        return True
    *_, behind = _BEHIND.split(item.text)
    if behind != item.text and _is_answer(behind):
        return True
    below = " ".join(line.text for line in item.lines).removeprefix(item.text)
    if _is_answer(below) or ("?" not in item.text and _starts_struck(page, item)):
        return True
    return any(
        _is_answered(page, nested) or not (_is_question(nested) or _STILL_OPEN.match(nested.text))
        for nested in item.items
    )


def _starts_struck(page: Page, item: ListItem) -> bool:
    source = page.text.line(item.spot.line)[item.spot.column - 1 :]
    return _STRUCK.match(source) is not None


def _is_question(item: ListItem) -> bool:
    return (item.is_task and not item.is_ticked) or item.text.endswith("?")


def _is_answer(text: str) -> bool:
    """True for a text that answers a question: it asks nothing and does not put it off."""
    label = _ANSWER.match(text)
    words = text[label.end() if label else 0 :].strip()
    return bool(
        re.search(r"\w", words) and not words.endswith("?") and not _STILL_OPEN.match(words)
    )


def _answers(lines: tuple[Line, ...]) -> bool:
    """True where an answer stands behind `Answer:` or an arrow."""
    texts = [line.text for line in lines]
    for text in (*texts, " ".join(texts)):
        label, arrow = _ANSWER.search(text), _ARROW.search(text)
        if label and _is_answer(text[label.end() :].rstrip("?") or "?"):
            return True
        if arrow and _is_answer(text[arrow.end() :]):
            return True
    return False
