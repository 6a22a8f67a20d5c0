"""The open questions of a feature page, and the answers that close a question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.project.docs.feature_page import QUESTIONS, FeaturePage
from definition_of_done.readers.page import Block, Line, ListItem

# The repetitions are bounded: with many arrows, each would search to the end of the text.
_WRITTEN = r"\s*+(?!(?:TBD|TODO|FIXME|\?{1,40}+)\W{0,40}+$)\S"
_ANSWER = re.compile(
    rf"(?:\b(?:answer|decision|decided|resolution|resolved)s?\s*:|^a\s*:){_WRITTEN}", re.I
)
# An arrow may also be part of the question: rename a -> b?
_ARROW = re.compile(rf"(?:\u2192|[-=]>){_WRITTEN}", re.I)
_ANSWERED = re.compile(r"(?<!not )(?<!yet )\b(?:answered|resolved|decided|closed)\b", re.I)


def open_questions(page: FeaturePage) -> Iterator[Line]:
    """Yield the questions without an answer, in the order of the page.

    A question is an item, or a paragraph or a heading that ends with a question mark. It is
    answered where it is ticked or struck out, where `Answer:`, `Decision:` or an arrow stands in
    it or right behind it, or where another item stands below it.
    """
    section = page.section(QUESTIONS)
    if section is None or section.says_none:
        return
    is_answered = False
    blocks = section.section.blocks
    # True where an answer stands in or behind a block, before the next question.
    answers = [False] * (len(blocks) + 1)
    for at in reversed(range(len(blocks))):
        if not _asks(blocks[at]):
            answers[at] = _answers(blocks[at].lines[:1]) or answers[at + 1]
    for number, block in enumerate(blocks, 1):
        next_block = blocks[number] if number < len(blocks) else None
        if block.heading:
            is_answered = bool(_ANSWERED.search(block.heading.text))
            heading = Line(block.heading.text, block.heading.spot)
            stands_alone = not next_block or next_block.heading
            if not is_answered and heading.text.endswith("?") and stands_alone:
                yield heading
        elif not is_answered:
            yield from _questions(block, answers[number], next_block)


def _questions(block: Block, is_answered_behind: bool, next_block: Block | None) -> Iterator[Line]:
    for item in block.items:
        is_last = item is block.items[-1]
        if item.lines and not _is_answered(item) and not (is_last and is_answered_behind):
            yield Line(item.text, item.spot)
    if block.kind != "paragraph" or _answers(block.lines) or is_answered_behind:
        return
    # A list behind a paragraph holds the questions, or the answers to it.
    if _asks(block) and not (next_block and next_block.kind == "list"):
        yield Line(" ".join(line.text for line in block.lines), block.lines[0].spot)


def _asks(block: Block) -> bool:
    """True where a block starts another question: answers behind it belong to that one."""
    if block.kind == "paragraph" and block.lines and not _answers(block.lines):
        return block.lines[-1].text.endswith("?")
    return block.kind in ("heading", "list")


def _is_answered(item: ListItem) -> bool:
    if item.is_ticked or item.is_struck or _answers(item.lines):
        return True
    return any(not _is_question(nested) or _is_answered(nested) for nested in item.items)


def _is_question(item: ListItem) -> bool:
    return (item.is_task and not item.is_ticked) or item.text.endswith("?")


def _answers(lines: tuple[Line, ...]) -> bool:
    texts = [line.text for line in lines]
    return any(
        _ANSWER.search(text) or (not text.rstrip().endswith("?") and _ARROW.search(text))
        for text in (*texts, " ".join(texts))
    )
