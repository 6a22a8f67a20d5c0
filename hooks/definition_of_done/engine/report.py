"""Findings on paper: text for people, annotations for GitHub, one JSON document for programs."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.finding import Finding

FORMATS = ("text", "github", "json")


def render(
    format: str,
    findings: "Sequence[Finding]",
    judged: int,
    colour: bool = False,
    accepted: int = 0,
) -> str:
    """The report of a run in one of FORMATS, with its last newline.

    `judged` counts files, `accepted` the findings that the baseline took out.
    """
    if format == "json":
        return _json(findings, judged)
    lines = [line for one in findings for line in _FORMATS[format](one, colour)]
    return "\n".join([*lines, summary(findings, judged, accepted)]) + "\n"


def summary(findings: "Sequence[Finding]", judged: int, accepted: int = 0) -> str:
    """The last line of a report."""
    known = f", {accepted} accepted by the baseline" if accepted else ""
    if not findings:
        return f"no findings ({count(judged, 'file')} judged{known})"
    files = len({one.spot.path for one in findings})
    fixable = sum(1 for one in findings if one.edits)
    hint = f" ({fixable} fixable with --fix)" if fixable else ""
    return f"{count(len(findings), 'finding')} in {count(files, 'file')}{hint}{known}"


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    """The text with everything escaped that could forge a line or command a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


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
    lines = [
        f"{bold}{printable(path)}{off}:{line}:{column}: {red}{finding.rule}{off}:"
        f" {printable(finding.message)}"
    ]
    if finding.help:
        lines.append(f"    help: {printable(finding.help)}")
    return lines


def _github(finding: "Finding", _: bool) -> list[str]:
    path, line, column = finding.spot.key
    text = printable(finding.message) + (f"\n{printable(finding.help)}" if finding.help else "")
    place = f"file={_property(path)},line={line},col={column},title={_property(finding.rule)}"
    return [f"::error {place}::{_data(text)}"]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")


def _json(findings: "Sequence[Finding]", judged: int) -> str:
    import json

    from definition_of_done.engine.registry import known_ids, load_rule

    known = known_ids()
    document = {
        "findings": [
            {
                "rule": one.rule,
                "contract": load_rule(one.rule).contract if one.rule in known else None,
                "path": one.spot.path,
                "line": one.spot.line,
                "column": one.spot.column,
                "message": one.message,
                "help": one.help,
                "symbol": one.symbol,
                "fixable": bool(one.edits),
            }
            for one in findings
        ],
        "judged": judged,
    }
    return json.dumps(document, indent=2) + "\n"


_FORMATS = {"text": _text, "github": _github}
