"""Findings on paper: for people, GitHub, programs and code scanning."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.run import Note, Outcome

FORMATS = ("text", "github", "json", "sarif")


class Report:
    """What a format writes down of a run.

    `rules` are those that ran, `fixed` what --fix mended; `folder` leads from the top of the
    repository to the root, with a slash at its end; `statistics` and `colour` are wishes.
    """

    def __init__(
        self,
        outcome: "Outcome",
        *,
        rules: "Sequence[Rule]" = (),
        fixed: "Sequence[Finding]" = (),
        folder: str = "",
        statistics: bool = False,
        colour: bool = False,
    ) -> None:
        self.findings: Sequence[Finding] = outcome.findings
        self.judged = outcome.judged
        self.accepted = outcome.accepted
        self.notes: Sequence[Note] = outcome.notes
        self.rules = rules
        self.fixed = fixed
        self.folder = folder
        self.statistics = statistics
        self.colour = colour


def render(format: str, report: Report) -> str:
    """The report in one of FORMATS, with its last newline."""
    if format == "json":
        from definition_of_done.engine.json_report import render_json

        return render_json(report)
    if format == "sarif":
        from definition_of_done.engine.sarif_report import render_sarif

        return render_sarif(report)
    if format == "github":
        lines = [_github(one, report.folder) for one in report.findings]
    else:
        lines = [line for one in report.findings for line in _text(one, report.colour)]
        if report.statistics:
            lines += table(report.findings)
    return "\n".join([*lines, summary(report.findings, report.judged, report.accepted)]) + "\n"


def summary(findings: "Sequence[Finding]", judged: int, accepted: int = 0) -> str:
    """The last line of a report."""
    known = f", {accepted} accepted by the baseline" if accepted else ""
    if not findings:
        return f"no findings ({count(judged, 'file')} judged{known})"
    files = len({one.spot.path for one in findings})
    fixable = sum(1 for one in findings if one.edits)
    hint = f" ({fixable} fixable with --fix)" if fixable else ""
    return f"{count(len(findings), 'finding')} in {count(files, 'file')}{hint}{known}"


def tally(findings: "Sequence[Finding]") -> list[tuple[str, int, int]]:
    """Rule, how many findings, how many of them fixable; the most frequent rule first."""
    found: dict[str, list[int]] = {}
    for one in findings:
        counts = found.setdefault(one.rule, [0, 0])
        counts[0] += 1
        counts[1] += bool(one.edits)
    rows = [(rule, total, fixable) for rule, (total, fixable) in found.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def table(findings: "Sequence[Finding]") -> list[str]:
    """The statistics in lines, one for each rule that found something."""
    rows = tally(findings)
    digits = max((len(str(total)) for _, total, _ in rows), default=0)
    width = max((len(rule) for rule, _, _ in rows), default=0)
    return [
        f"{total:{digits}}  {rule:{width}}  {f'{fixable} fixable' if fixable else ''}".rstrip()
        for rule, total, fixable in rows
    ]


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    """The text with everything escaped that could forge a line, or command a terminal or runner.

    GitHub's runner obeys `##[command]` anywhere in a line.
    """
    text = text.replace("##[", "\\x23#[")
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def encodable(text: str) -> str:
    """The text with lone surrogates escaped, which JSON could spell and most readers refuse."""
    return text.encode("utf-8", "backslashreplace").decode()


def write(text: str) -> None:
    """Print on standard output, escaping what its encoding cannot hold."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def wants_colour() -> bool:
    """Whether standard output is a terminal and NO_COLOR is not set."""
    import os

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _text(finding: "Finding", colour: bool) -> list[str]:
    bold, red, off = ("\x1b[1m", "\x1b[31m", "\x1b[0m") if colour else ("", "", "")
    path, line, column = finding.spot.key
    # A line that starts with `::` is a command to GitHub's runner.
    name = f"./{path}" if path.startswith(":") else path
    lines = [
        f"{bold}{printable(name)}{off}:{line}:{column}: {red}{finding.rule}{off}:"
        f" {printable(finding.message)}"
    ]
    if finding.help:
        lines.append(f"    help: {printable(finding.help)}")
    return lines


def _github(finding: "Finding", folder: str) -> str:
    path, line, column = finding.spot.key
    text = printable(finding.message) + (f"\n{printable(finding.help)}" if finding.help else "")
    place = f"line={line},col={column}"
    if finding.spot.end:
        last, behind = finding.spot.end
        # GitHub takes columns only on one line.
        place = f"line={line},endLine={last}"
        if last == line:
            place += f",col={column},endColumn={behind}"
    return f"::error file={_property(folder + path)},{place},title={finding.rule}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # A newline of a name stays one, as GitHub spells it: else no file has that name.
    return printable(_data(text).replace(":", "%3A").replace(",", "%2C"))
