"""Reports as text, for people and for GitHub; those in JSON have modules of their own."""

from __future__ import annotations

from definition_of_done.base.words import printable
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.report import Report, folded, summary, table

# The colours of a finding's rule.
_TONES = {"error": 31, "warning": 33}


def render(format: str, report: Report) -> str:
    """The report in one of FORMATS, with its last newline."""
    if format == "json":
        from definition_of_done.engine.json_report import render_json

        return render_json(report)
    if format == "sarif":
        from definition_of_done.engine.sarif_report import render_sarif

        return render_sarif(report)
    if format == "gitlab":
        from definition_of_done.engine.gitlab_report import render_gitlab

        return render_gitlab(report)
    if format == "github":
        lines = [_github(finding, report.folder) for finding in report.outcome.findings]
    else:
        lines = _texts(report)
        if report.statistics:
            lines += table(report.outcome.findings)
    return "\n".join([*lines, summary(report.outcome)]) + "\n"


def mended(report: Report) -> str:
    """The lines on what --fix mended, for the text format."""
    shown, left_out = folded(report.fixed) if report.unfolded_by else (report.fixed, {})
    lines = [f"{finding.spot.path}: {finding.rule}: {finding.message}" for finding in shown]
    lines += [f"{more} more of {rule}" for rule, more in left_out.items()]
    return "".join(f"fixed: {printable(line)}\n" for line in lines)


def _texts(report: Report) -> list[str]:
    """The lines on all findings; behind them how many are left out."""
    findings = report.outcome.findings
    shown, left_out = folded(findings) if report.unfolded_by else (findings, {})
    lines = [line for finding in shown for line in lines_of(finding, colour=report.colour)]
    for rule, more in left_out.items():
        lines.append(f"... and {more} more of {rule}: {report.unfolded_by} shows all")
    return lines


def lines_of(finding: Finding, *, colour: bool = False) -> list[str]:
    """A finding as the lines of the text for people."""
    bold, off = ("\x1b[1m", "\x1b[0m") if colour else ("", "")
    tone = f"\x1b[{_TONES[finding.severity]}m" if colour else ""
    # The rule stays the first word behind the place: what reads these lines finds it there.
    mark = "warning: " if finding.is_warning else ""
    path, line, column = finding.spot.key
    # A line that starts with `::` is a command to GitHub's runner.
    name = f"./{path}" if path.startswith(":") else path
    lines = [
        f"{bold}{printable(name)}{off}:{line}:{column}: {tone}{finding.rule}{off}:"
        f" {mark}{printable(finding.message)}"
    ]
    if finding.help:
        first, *more = finding.help.split("\n")
        lines.append(f"    help: {printable(first)}")
        lines += [f"    {printable(line)}" for line in more]
    return lines


def _github(finding: Finding, folder: str) -> str:
    path, line, column = finding.spot.key
    help = finding.help.split("\n") if finding.help else []
    text = "\n".join(map(printable, (finding.message, *help)))
    place = f"line={line},col={column}"
    if finding.spot.end:
        last, behind = finding.spot.end
        # GitHub takes columns only on one line.
        place = f"line={line},endLine={last}"
        if last == line:
            place += f",col={column},endColumn={behind}"
    where = f"file={_property(folder + path)},{place},title={finding.rule}"
    return f"::{finding.severity} {where}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # A newline of a name stays one, as GitHub spells it: else no file has that name.
    return printable(_data(text).replace(":", "%3A").replace(",", "%2C"))
