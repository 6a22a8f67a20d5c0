"""`--format json`: one document for programs and coding agents.

    {
      "findings": [
        {
          "rule": "column-comment-required",
          "contract": "3.10",           null where the engine itself reports (`unreadable`)
          "url": "https://...",         the rule's page, where the docs are published: else no key
          "path": "alembic/versions/20260524_add_vendor_credits.py",    from the root of the run
          "line": 31, "column": 9,      from 1, in code points
          "end": {"line": 31, "column": 40},    behind its last character; null where unknown
          "severity": "error",          or "warning", which fails nothing
          "message": "...",             what is wrong
          "help": "...",                what to do; may be empty
          "symbol": "vendor_credits.amount",    what it is about, whatever the line
          "fixable": true,              whether --fix mends it
          "edits": [                    only where it does: what --fix puts where, for this finding
            {
              "path": "alembic/versions/20260524_add_vendor_credits.py",
              "start": 812, "end": 812,     offsets in code points, of the text without a BOM
              "replacement": ", comment=\"owed to us\""    with the file's own newlines
            }
          ]
        }
      ],
      "fixed": [],                      what --fix mended, in the same shape, without edits
      "judged": 43,                     files
      "accepted": 0,                    findings that the baseline takes out
      "notes": [{"rule": "semver-level", "message": "..."}],    what was not evaluated, and why,
                                        or what else a rule tells;
                                        "project" names its folder in a run over several
      "statistics": [{"rule": "...", "count": 1, "fixable": 0}]    with --statistics only
    }

Keys may be added; none is taken away or given another meaning before the next major version.
"""

from __future__ import annotations

import json

from definition_of_done.base.words import encodable
from definition_of_done.engine.registry import known_ids, load_rule, page_of
from definition_of_done.engine.report import tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from definition_of_done.base.text import Text
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.report import Note, Report


def render_json(report: Report) -> str:
    """The document as ASCII, so that nothing in it can command a terminal."""
    document: dict[str, Any] = {
        "findings": documents(report.outcome.findings, report.text),
        "fixed": documents(report.fixed),
        "judged": report.outcome.judged,
        "accepted": report.outcome.accepted,
        "notes": [_note(note) for note in report.outcome.notes],
    }
    if report.statistics:
        document["statistics"] = statistics(report)
    return json.dumps(document, indent=2) + "\n"


def documents(
    findings: Sequence[Finding], text: Callable[[str], Text] | None = None
) -> list[dict[str, Any]]:
    """Each finding as an object of the document, with its edits where `text` reads the files."""
    known = known_ids()
    contracts = {
        id: load_rule(id).contract if id in known else None
        for id in {finding.rule for finding in findings}
    }
    return [
        {**_document(finding, contracts[finding.rule]), **_edits(finding, text)}
        for finding in findings
    ]


def by_project(documents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The document of one project; of several, or of one in another folder, a list of such."""
    if list(documents) == [""]:
        return documents[""]
    listed = ({"project": encodable(folder or "."), **documents[folder]} for folder in documents)
    return {"projects": list(listed)}


def _note(note: Note) -> dict[str, str]:
    where = {"project": encodable(note.project)} if note.project else {}
    return {"rule": note.rule, "message": encodable(note.message), **where}


def statistics(report: Report) -> list[dict[str, Any]]:
    """The counts of each rule, as objects of the document."""
    return [
        {"rule": rule, "count": total, "fixable": fixable}
        for rule, total, fixable in tally(report.outcome.findings)
    ]


def _edits(finding: Finding, text: Callable[[str], Text] | None) -> dict[str, Any]:
    if text is None or not finding.edits:
        return {}
    edits = [
        {
            "path": encodable(edit.path),
            "start": edit.start,
            "end": edit.end,
            "replacement": encodable(text(edit.path).written(edit)),
        }
        for edit in finding.edits
    ]
    return {"edits": edits}


def _document(finding: Finding, contract: str | None) -> dict[str, Any]:
    end = finding.spot.end
    url = page_of(finding.rule)
    return {
        "rule": finding.rule,
        "contract": contract,
        **({"url": url} if url else {}),
        "path": encodable(finding.spot.path),
        "line": finding.spot.line,
        "column": finding.spot.column,
        "end": {"line": end[0], "column": end[1]} if end else None,
        "severity": finding.severity,
        "message": encodable(finding.message),
        "help": encodable(finding.help),
        "symbol": encodable(finding.symbol),
        "fixable": finding.is_fixable,
    }
