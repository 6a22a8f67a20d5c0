"""`--format sarif`: SARIF 2.1.0, as GitHub's code scanning and editors read it.

Paths are relative to the top of the repository. A result's fingerprint is made of rule, path and
symbol, so that it stays when lines move; GitHub's upload adds its own, made of the line.
"""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from definition_of_done import HOME, __version__
from definition_of_done.base.words import encodable
from definition_of_done.engine.explanation import difference, sentence
from definition_of_done.engine.json_report import statistics
from definition_of_done.engine.registry import page_of
from definition_of_done.engine.report import fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from definition_of_done.base.spots import Spot
    from definition_of_done.base.text import Text
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.report import Report
    from definition_of_done.engine.rule import Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_FINGERPRINT = "ruleAndSymbol/v1"
# Of each rule of the engine's own findings: the summary, the reason, the advice.
_OWN = {
    "unreadable": (
        "A file that a hook judges can be read.",
        "What cannot be parsed cannot be judged, by this tool or by the one that it is meant for.",
        "Mend the file, or name it in `exclude`.",
    ),
    "suppression": (
        "A comment that silences a finding names its hook, gives a reason, and silences something.",
        "A comment that silences nothing any more hides the next finding on its line.",
        "Write `dod: ignore[hook-id] reason`, or remove the comment.",
    ),
    "baseline": (
        "The baseline accepts no more findings than there are.",
        "A finding that is accepted and gone makes room for a new one.",
        "Run `definition-of-done baseline --update`.",
    ),
}


def render_sarif(report: Report) -> str:
    """The log as ASCII, so that nothing in it can command a terminal."""
    findings = report.outcome.findings
    severities = {finding.rule: finding.severity for finding in findings}
    rules = [_rule(rule, severities.get(rule.id, "error")) for rule in report.rules]
    known = {rule["id"] for rule in rules}
    rules += [_own(id) for id in sorted({finding.rule for finding in findings} - known)]
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    seen: dict[str, int] = {}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "definition-of-done",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": HOME,
                "rules": rules,
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {
                        "level": "note",
                        "message": _message(str(note)),
                        "associatedRule": {"id": note.rule, "index": places[note.rule]},
                    }
                    for note in report.outcome.notes
                ],
            }
        ],
        "results": [_result(finding, places[finding.rule], report, seen) for finding in findings],
    }
    if report.statistics:
        run["properties"] = {"statistics": statistics(report)}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _result(finding: Finding, index: int, report: Report, seen: dict[str, int]) -> dict[str, Any]:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    uri = quote(os.fsencode(report.folder + finding.spot.path))
    place = {"uri": uri, "uriBaseId": _ROOT}
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": _message(text),
        "locations": [
            {"physicalLocation": {"artifactLocation": place, "region": _region(finding.spot)}}
        ],
        "partialFingerprints": {_FINGERPRINT: fingerprint(finding, report.folder, seen)},
        "properties": {"symbol": encodable(finding.symbol), "fixable": finding.is_fixable},
    }
    if finding.edits and report.text:
        result["fixes"] = [_fix(finding, report.folder, report.text)]
    return result


def _fix(finding: Finding, folder: str, text: Callable[[str], Text]) -> dict[str, Any]:
    """The edits of a finding, by file."""
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in finding.edits:
        deleted = _region(text(edit.path).spot(edit.start, edit.end))
        deleted.setdefault("endLine", deleted["startLine"])
        deleted.setdefault("endColumn", deleted["startColumn"])
        inserted = {"text": encodable(text(edit.path).written(edit))}
        replacement = {"deletedRegion": deleted, "insertedContent": inserted}
        changes.setdefault(edit.path, []).append(replacement)
    return {
        "description": _message(finding.help or finding.message),
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(os.fsencode(folder + path)), "uriBaseId": _ROOT},
                "replacements": replacements,
            }
            for path, replacements in changes.items()
        ],
    }


def _region(spot: Spot) -> dict[str, int]:
    region = {"startLine": spot.line, "startColumn": spot.column}
    if spot.end and spot.end > (spot.line, spot.column):
        region["endLine"], region["endColumn"] = spot.end
    return region


def _message(text: str) -> dict[str, str]:
    """A message whose braces are no placeholders, and which holds no link."""
    text = encodable(text).replace("{", "{{").replace("}", "}}")
    return {"text": text.replace("[", "\\[") if "](" in text else text}


def _rule(rule: Rule, severity: str) -> dict[str, Any]:
    example = "\n".join(difference(rule))
    reason = f"{rule.why}\n\nFrom bad (-) to good (+):\n\n"
    return _descriptor(
        rule.id,
        sentence(rule.summary),
        rule.why,
        {"text": reason + example, "markdown": f"{reason}```diff\n{example}\n```"},
        {"contract": rule.contract, "fixable": rule.fixes, "tags": [rule.family]},
        severity,
    )


def _own(id: str) -> dict[str, Any]:
    summary, why, advice = _OWN.get(id, (f"{id}.", f"{id}.", ""))
    return _descriptor(id, summary, why, {"text": f"{why} {advice}".strip()}, {})


def _descriptor(
    id: str,
    summary: str,
    why: str,
    help: dict[str, str],
    more: dict[str, Any],
    severity: str = "error",
) -> dict[str, Any]:
    url = page_of(id)
    return {
        "id": id,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": why},
        "help": help,
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"level": severity},
        "properties": {**more, "precision": "very-high", "problem.severity": severity},
    }
