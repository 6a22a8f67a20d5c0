"""A rule in words, from its own declaration: for `--help`, `explain`, SARIF and the README."""

from __future__ import annotations

from difflib import SequenceMatcher, unified_diff
from textwrap import fill, wrap

from definition_of_done.engine.rule import COMMIT, DONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.rule import Files, New, Rule

# argparse leaves two columns free, too.
_WIDTH = 78
# Lines of an example that stand around what differs.
_AROUND = 3
BEYOND_THE_CONTRACT = "Beyond the contract"
_CHAPTERS = {
    1: "The plan comes first",
    2: "What is being implemented",
    3: "Migrations",
    4: "A new resource is wired through every layer",
    5: "task all succeeds",
    6: "The docs page: what was implemented, and future work",
    7: "Version and changelog, last",
    8: "The checklist goes into the pull request",
    9: f"{BEYOND_THE_CONTRACT}, where extend-select asks for it",
}
_DUE = {
    COMMIT: "at every commit",
    DONE: "when the feature is done; a commit may leave open what its branch has begun",
}
_PREFACE = """\
The definition of done: a feature is done only when every rule holds.
`definition-of-done check --base REF` judges a branch, and `--fix` mends what is certain;
`definition-of-done explain ID` shows a rule's examples.
"""


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{text[0].upper()}{text[1:]}."


def explain(rule: Rule) -> str:
    """Summary, why, contract number, a bad and a good example, as plain text.

    Of the examples stands what differs between them, with the lines around it.
    """
    sections = [
        sentence(rule.summary),
        f"Why: {rule.why}",
        place(rule),
        f"Due: {due(rule)}",
        f"Bad:\n{_files(rule, rule.bad, rule.good, '-')}",
        f"Good:\n{_files(rule, rule.good, rule.bad, '+')}",
    ]
    sections.append("\n".join((f"Since: {rule.since}", *map(_in_words, rule.news))))
    if rule.fixes:
        sections.append("--fix mends what is certain and says what it cannot mend.")
    return "\n\n".join(sections) + "\n"


def due(rule: Rule) -> str:
    """Say when a rule speaks."""
    if rule.stages:
        return f"where its id is asked for, at {' and '.join(rule.stages)}"
    return _DUE[rule.due]


def place(rule: Rule) -> str:
    """The number of the sentence in the contract, or that the rule goes beyond it."""
    if rule.is_beyond:
        return f'{BEYOND_THE_CONTRACT}: the suite runs it with extend-select = ["{rule.family}"]'
    return f"Contract: {rule.contract}"


def _in_words(new: New) -> str:
    return f"Since {new.since} also: {new.finds}"


def help_of(rule: Rule) -> tuple[str, str]:
    """The text of `--help` before the options, and after them, in lines that fit 80 columns."""
    sections = [fill(f"Why: {rule.why}", _WIDTH, break_on_hyphens=False)]
    sections.append(place(rule))
    sections.append(fill(f"Due: {due(rule)}", _WIDTH, break_on_hyphens=False))
    sections.append("\n".join(("From bad (-) to good (+):", *_folded(difference(rule)))))
    sections.append(f"With the lines around: definition-of-done explain {rule.id}")
    return fill(sentence(rule.summary), _WIDTH, break_on_hyphens=False), "\n\n".join(sections)


def contract(rules: Sequence[Rule]) -> str:
    """Every rule in a few lines, in the contract's order, for a coding agent's instructions."""

    def number(rule: Rule) -> list[int]:
        return [9] if rule.is_beyond else [int(part) for part in rule.contract.split(".")]

    parts, chapter = [_PREFACE], 0
    for rule in sorted(rules, key=number):
        if number(rule)[0] != chapter:
            chapter = number(rule)[0]
            parts.append(f"\n{chapter}. {_CHAPTERS[chapter]}\n\n")
        parts.append(f"{rule.contract} {rule.id}: {rule.summary}\n    why: {rule.why}\n")
        parts += [f"    {line}\n" for line in _in_short(rule)]
    return "".join(parts)


def difference(rule: Rule) -> list[str]:
    """The lines that lead from the bad example to the good one.

    Each file's path is followed by its lines, `- ` the bad ones and `+ ` the good ones; a file
    that only one example has is a line itself.
    """
    lines = []
    for path, hunks in _changed(rule):
        lines += [path, *(line for hunk in hunks for line in hunk)]
    gone, new = _only_in(rule, rule.bad, rule.good), _only_in(rule, rule.good, rule.bad)
    folders = {path.rpartition("/")[0] for path in new}
    renamed = [path for path in gone if path.rpartition("/")[0] in folders]
    if new and not renamed:
        lines += [f"- {path} (deleted)" for path in new if path in rule.bad]
    return [*lines, *(f"- {path}" for path in renamed), *(f"+ {path}" for path in new)]


def _in_short(rule: Rule) -> Iterator[str]:
    """Yield the last place at which the examples differ, as one bad and one good line."""
    mending = [hunk for _, hunks in _changed(rule) for hunk in hunks if hunk[-1][0] == "+"]
    if not mending:
        return
    bad, good = ([line[2:].strip() for line in mending[-1] if line[0] == mark] for mark in "-+")
    if len(good) > len(bad):
        # The lines that are added say more than the one before them, which changed along.
        bad, good = [], good[len(bad) :]
    for word, lines in (("bad: ", bad), ("good:", good)):
        if lines:
            yield f"{word} {' / '.join(lines)}"


def _changed(rule: Rule) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the files that both examples have, with the hunks in which they differ."""
    for path, bad in example_files(rule, rule.bad):
        good = rule.good.get(path)
        if bad is None or good is None:
            continue
        hunks: list[list[str]] = []
        # The first two lines name the files.
        for line in [*unified_diff(bad.splitlines(), good.splitlines(), n=0, lineterm="")][2:]:
            if line.startswith("@"):
                hunks.append([])
            elif line[1:].strip():
                hunks[-1].append(f"{line[0]} {line[1:]}")
        if any(hunks):
            yield path, [hunk for hunk in hunks if hunk]


def _only_in(rule: Rule, files: Files, others: Files) -> list[str]:
    return [
        path
        for path, content in example_files(rule, files)
        if content is not None and others.get(path) is None
    ]


def _folded(lines: list[str]) -> Iterator[str]:
    """Yield lines in the width of a help; a row that continues a line starts with a backslash."""
    for line in lines:
        rows = wrap(
            line,
            _WIDTH - 6,
            replace_whitespace=False,
            drop_whitespace=False,
            break_on_hyphens=False,
        )
        yield from (f"    {row.rstrip()}" for row in rows[:1])
        yield from (f"    \\ {row.rstrip()}" for row in rows[1:])


def example_files(rule: Rule, files: Files) -> Iterator[tuple[str, str | None]]:
    """Yield the files of an example that the rule itself reads, with their contents.

    The others are there for other rules alone, which would find something without them.
    """
    suffix = getattr(rule.subject, "suffix", "")
    yield from ((path, content) for path, content in files.items() if path.endswith(suffix))


def _files(rule: Rule, files: Files, others: Files, mark: str) -> str:
    """The files of an example that differ from the other one's, with `mark` before what differs."""
    parts = []
    for path, content in example_files(rule, files):
        other = others.get(path)
        if path in others and content == other:
            continue
        parts.append(path if content is not None else f"{path} (deleted)")
        # A file that only has another name shows that by its name.
        if content is not None and content not in others.values():
            parts += _marked(content, other, mark)
    return "\n".join(f"    {part}".rstrip() for part in parts)


def _marked(content: str, other: str | None, mark: str) -> Iterator[str]:
    """Yield the lines of a file that the other text lacks, marked, and those around them."""
    lines = content.splitlines()
    if other is None:
        yield from (f"| {line}" for line in lines)
        return
    groups = SequenceMatcher(None, lines, other.splitlines()).get_grouped_opcodes(_AROUND)
    for group in groups:
        if group[0][1]:
            yield "..."
        for kind, start, end, _, _ in group:
            sign = "|" if kind == "equal" else mark
            yield from (f"{sign} {line}" for line in lines[start:end])
        if group[-1][2] < len(lines):
            yield "..."
