"""What all formats share: the last line, and the statistics."""

from __future__ import annotations

from tests.reports import finding, report
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG

from definition_of_done.base.spots import Edit
from definition_of_done.engine.rendering import render


def test_statistics(project: Project, run: Run) -> None:
    mended = Edit("a.py", 0, 1, "")
    findings = [
        finding(message=f"wrong {number}", rule="file-length", edits=[mended])
        for number in range(11)
    ]
    findings += [finding(rule="version-sync"), finding(rule="alembic-filename")]
    assert render("text", report(*findings, statistics=True)).splitlines()[-4:] == [
        "11  file-length       11 fixable",
        " 1  alembic-filename",
        " 1  version-sync",
        "13 findings in 1 file (11 fixable with --fix)",
    ]
    assert render("text", report(statistics=True)) == "no findings (1 file judged)\n"
    project.lay({PATH: HASH})
    assert run(SLUG, "--statistics")[1].splitlines()[-2:] == [f"1  {SLUG}", "1 finding in 1 file"]
    # What GitHub reads stays free of it.
    _, out, err = run(SLUG, "--statistics", "--format", "github")
    assert err == f"1  {SLUG}\n"
    assert out.splitlines()[1:] == ["1 finding in 1 file"]
