"""How What shipped closes the list of the plan: all of it, or all but the nightly task."""

from __future__ import annotations

import re
from collections.abc import Sequence

from definition_of_done.base.expressions import regex
from definition_of_done.project.api.plurals import stem, words
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import Mentions
from definition_of_done.project.docs.sections import FUTURE, SHIPPED
from definition_of_done.readers.page import Line

_DONE = r"(?:shipped|landed|delivered|done|merged|implemented|released|built|live)"
_AS = r"(?:as (?:planned|listed|described|specified|designed)|in full)\b"
_COUNT = r"\d+|two|three|four|five|six|seven|eight|nine|ten"
# What may stand before the whole list: that it is done, where it is, or that nothing changed.
_BEFORE = (
    rf"(?:(?:(?:{_DONE}|complete|yes)(?: (?:in|on) \S+)?|see [^:]+|nothing [^:]+):\s"
    rf"|we (?:have )?{_DONE} )?"
)
_WHOLE = "|".join(
    (
        r"everything\b|it\b|what (?:was|we) planned\b|(?:the )?same as\b|identical to\b",
        r"(?:the|this) (?:whole |full |entire |complete )?(?:list|plan|feature)\b",
        rf"(?:all|every|each|100 ?%)(?: (?:of|the|these|those|whole|planned|listed|{_COUNT}))* "
        r"(?:it|this|that|them|above|list|plan|(?:item|point|delta|part|change|file|thing)s?)\b",
        rf"all (?=(?:of )?{_DONE}|{_AS})|all(?=\W*\Z)",
        rf"(?:(?:all|exactly|just|{_DONE})\W{{1,3}}){{0,3}}{_AS}",
        r"no (?:change|deviation|difference)s? (?:from|to|against) (?:the )?plan\b",
    )
)
_WORDS = (
    "that|is|was|were|above|listed|planned|described|on|in|the|list|plan|under|what|s|being"
    "|implemented"
)
# A sentence says of the whole list that it shipped, or nothing else: the heading has the verb.
_ALL = regex(
    rf"\W{{0,9}}{_BEFORE}(?:{_WHOLE})(?:.*?\b(?:{_DONE}\b|{_AS})|(?:\W|\d|\b(?:{_WORDS})\b)*\Z)"
    rf"|\W{{0,9}}{_AS}",
    re.I,
)
_IN_PART = regex(r"\b(?:not|never|nearly|almost|mostly|half|partly|in part|will|yet|to be)\b", re.I)
_SENTENCE = regex(r"[.!;]\s|, but (?!not\b)")
_CLAUSES = regex(r", (?:and )?| and (?=the\b)| \(| [-\u2013\u2014]+ ")
_EXCEPT = regex(
    r",? ?\b(?:(?P<sure>(?:with the )?exception of|except(?:ing)?(?: for)?|excluding|apart from"
    r"|aside from|other than|save for|minus)|but(?: not)?|and not|without|bar(?:ring)?)\s",
    re.I,
)
_THAT = regex(r"\W*(?:that|where|when|if|as|by|for|in|to|how|planned)\b", re.I)
_STOP = regex(
    rf"\b(?:{_DONE}|is|are|was|were|has|have|had|waits?|will|comes?|did|which)\b|[.;!](?=\s|\Z)|[()]",
    re.I,
)
_AND = regex(r",? (?:and|or|nor|&) ", re.I)
_NOT = r"(?:not|n['\u2019]t)"
_PUT_OFF = regex(
    rf"(?:(?:\b(?:is|are|was|were|been|be|got) |\A\W*)"
    r"(?:left (?:out|behind)|put off|postponed|deferred|excluded|missing|later(?=:))"
    rf"|\b(?:still (?:open|missing)|(?:will|to) (?:come|follow)|will be (?:{_DONE}|added)"
    r"|(?:moved to|comes?|coming|follows?|ships?) (?:a )?(?:later|soon|(?:with |in )?(?:the )?next)"
    rf"|{_NOT} (?:yet )?(?:make it|ship|land|part of (?:it|this)|{_DONE})"
    rf"|did ?{_NOT}|yet|excepted|excluded))\b"
    r"(?=\W*(?:\Z|:|(?:because|until|till|since|for|to|as|in|with|when|once|release|version)\b))",
    re.I,
)
# Without one of these there is neither an exception nor anything put off.
_EXCEPTS = ("exc", "from", "than", "save", "minus", "but", "not", "without", "bar")
_PUTS_OFF = (
    *("left", "put off", "postponed", "deferred", "exc", "missing", "later", "open", "com"),
    *("follow", "will be", "moved", "soon", "next", "not", "n't", "n\u2019t", "yet"),
)
_CLAUSE = regex(r"\b(?:that|what|which|who|where|when|if)\b", re.I)
_TARGET = regex(r"\]\([^()]*\)")
_FOLDER = regex(r"(?<![\w.-])[\w.-]+/")
_FILLERS = frozenset(
    map(stem, "the and for was were are has have had been will with this one item point".split())
)


def closing_of(page: FeaturePage, things: Sequence[Line]) -> tuple[bool, list[Line]]:
    """Read how What shipped closes the list of a page, of which these are the things.

    The answer is True where the list shipped, with the lines that were left out of it and that
    Future additions names neither by a name nor by a word.
    """
    is_whole = False
    # What is left out, each with True where it surely is.
    phrases: list[tuple[str, bool]] = []
    for statement in Mentions(page.all_sections(SHIPPED)).statements():
        for sentence in _SENTENCE.split(statement):
            rest, excepted, is_sure = _without_exception(sentence)
            clauses = _CLAUSES.split(rest)
            said = ", ".join(clause for clause in clauses if not _put_off(clause))
            if _ALL.match(said) and not _IN_PART.search(said):
                is_whole = True
                phrases += ((name, is_sure) for name in excepted)
            else:
                clauses = _CLAUSES.split(sentence)
            phrases += ((name, False) for clause in clauses for name in _put_off(clause))
    left: list[Line] = []
    is_unknown = False
    if phrases:
        later, known = Mentions(page.all_sections(FUTURE)), _Things(page, things)
        named = _keys(later.words)
        for phrase, is_sure in phrases:
            found, told = known.meant(phrase)
            is_unknown = is_unknown or (is_sure and not found)
            left += found if not named & told else ()
    # What nothing names is nobody's lie, but where nothing is put off.
    puts_off = any(not section.says_none for section in page.all_sections(FUTURE))
    return is_whole and (puts_off or not is_unknown), left


def _has_any(sentence: str, words: Sequence[str]) -> bool:
    """True where one of the words may stand there: the patterns take long to compile."""
    lowered = sentence.lower()
    return any(word in lowered for word in words)


def _without_exception(sentence: str) -> tuple[str, list[str], bool]:
    """The sentence without what it excepts, the names of that, and True where it surely excepts."""
    start = _EXCEPT.search(sentence) if _has_any(sentence, _EXCEPTS) else None
    if not start:
        return sentence, [], False
    behind = sentence[start.end() :]
    stop = _STOP.search(behind)
    end = stop.start() if stop else len(behind)
    if not sentence[: start.start()].strip():
        end = behind.rfind(", ")
    names = _AND.split(behind[:end])
    names = [part for name in names for part in name.split(", ")][: None if names[1:] else 1]
    is_sure = start["sure"] is not None and not _THAT.match(behind)
    rest = "" if stop and stop[0] == "which" else behind[end:]
    return f"{sentence[: start.start()]} {rest}", names, is_sure


def _put_off(sentence: str) -> list[str]:
    """The words for what a sentence puts off; they stand before the verb, or behind a colon."""
    found = _PUT_OFF.search(sentence) if _has_any(sentence, _PUTS_OFF) else None
    if not found or _CLAUSE.search(sentence[: found.start()]):
        return []
    name = sentence[: found.start()].strip(" *_-:").rpartition(": ")[2]
    return [name or sentence[found.end() :]]


class _Things:
    """The things of the plan, each with the words of its name and of its line."""

    def __init__(self, page: FeaturePage, things: Sequence[Line]) -> None:
        text = page.page.text
        self._things = [(thing, _TARGET.sub("]", text.line(thing.spot.line))) for thing in things]
        # A word of the title, or of each line, tells none of them from the others.
        lines = [_keys(line) for line in {line for _, line in self._things}]
        common = set.intersection(*lines) if len(lines) > 1 else set()
        self._common = common | _keys(page.title.text if page.title else "")

    def meant(self, phrase: str) -> tuple[list[Line], set[str]]:
        """The things that a phrase names most of, and all words that tell of them."""
        keys = _keys(phrase) - self._common
        scores = [
            2 * len(keys & _keys(thing.text)) + len(keys & _keys(line))
            for thing, line in self._things
        ]
        best = max(scores, default=0)
        found = [about for about, score in zip(self._things, scores, strict=True) if score == best]
        if not best:
            return [], keys
        told = keys.union(*(_keys(_FOLDER.sub("", line)) for _, line in found)) - self._common
        return [thing for thing, _ in found], told


def _keys(text: str) -> set[str]:
    """The starts of the words of a text: `expiry` and `expire` are the same."""
    return {stem(word)[:4] for word in words(text) if len(word) > 2} - _FILLERS
