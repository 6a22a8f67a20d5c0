"""`--format gitlab`: a code quality report, as a job of GitLab's CI hands it to a merge request.

The keys are those that GitLab documents. A finding that fails the run is major, a warning minor.
Paths are relative to the top of the repository.
"""

from __future__ import annotations

import json

from definition_of_done.base.words import encodable
from definition_of_done.engine.report import Report, fingerprint


def render_gitlab(report: Report) -> str:
    """The document as ASCII, so that nothing in it can command a terminal."""
    seen: dict[str, int] = {}
    document = [
        {
            "description": encodable(finding.message),
            "check_name": finding.rule,
            "fingerprint": fingerprint(finding, report.folder, seen),
            "severity": "minor" if finding.is_warning else "major",
            "location": {
                "path": encodable(report.folder + finding.spot.path),
                "lines": {"begin": finding.spot.line},
            },
        }
        for finding in report.outcome.findings
    ]
    return json.dumps(document, indent=2) + "\n"
