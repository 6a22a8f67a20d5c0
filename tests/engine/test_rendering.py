"""Reports for people and for GitHub, and that nothing in any format can forge a line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from tests.reports import finding, report, sarif
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG

from definition_of_done.base.spots import Spot
from definition_of_done.base.words import printable
from definition_of_done.engine.rendering import render
from definition_of_done.engine.report import FORMATS

HOSTILE = [
    "a\nb.py",
    "a\r::error::x.py",
    "a\x1b[2J\x07.py",
    "a\u202egnp.py",
    "a\u2028b\x85c.py",
    "a\udcff.py",
    "a,b:c%41?d#e.py",
    "::error::a.py",
    "a b\\c\t.py",
    "##[add-mask]a.py",
    "-\u00e9\u65e5\U0001f600.py",
]


def test_github_format_escapes(project: Project, run: Run) -> None:
    name = "alembic/versions/a,b:100% \u00e9.py"
    project.lay({name: HASH})
    first, last = run(SLUG, "--format", "github", name)[1].splitlines()
    assert first == (
        "::error file=alembic/versions/a%2Cb%3A100%25 \u00e9.py,line=2,endLine=2,col=12,"
        "endColumn=26,title=alembic-revision-slug::revision '3f2a91bc04de' is a hash, not a slug"
        "%0Aname what the migration does, e.g. revision = 'a_b'"
    )
    assert last == "1 finding in 1 file"


def test_name_with_a_newline_forges_nothing(project: Project, run: Run) -> None:
    name = "alembic/versions/a\nb.py"
    project.lay({name: HASH})
    assert run(SLUG, name)[1].startswith("alembic/versions/a\\nb.py:2:12: ")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("format", FORMATS)
def test_nothing_forges_a_line(format: str, text: str) -> None:
    forged = finding(text, f"a {text} b", help=f"do {text}", symbol=text)
    out = render(format, report(forged, statistics=True))
    out.encode()
    lines = out.split("\n")
    assert all(line.isprintable() for line in lines)
    if format == "text":
        # A help may have several lines, and all are indented.
        assert len(lines) == 5 + text.count("\n")
        assert all(line.startswith("    ") for line in lines[1:-3])
        assert lines[0].endswith(f"{printable(text)}:2:3: {SLUG}: a {printable(text)} b")
        assert not lines[0].startswith("::")
        assert "##[" not in out
    if format == "github":
        assert len(lines) == 3
        command, properties, data = lines[0].split("::", 2)[0:3]
        assert (command, properties[:11]) == ("", "error file=")
        names = [pair.partition("=")[0] for pair in properties[6:].split(",")]
        assert names == ["file", "line", "col", "title"]
        assert data.count("%0A") == 1 + text.count("\n")
    if format == "json":
        path = json.loads(out)["findings"][0]["path"]
        assert path == (text if text.isascii() or "\udcff" not in text else "a\\udcff.py")
    if format == "sarif":
        uri = sarif(out)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert uri["uri"].isascii()
        assert not set(uri["uri"]) & set(":?#\\ ")


@pytest.mark.parametrize(
    ("spot", "place"),
    [
        (Spot("a.py", 2, 3), "line=2,col=3"),
        (Spot("a.py", 2, 3, (2, 9)), "line=2,endLine=2,col=3,endColumn=9"),
        # GitHub takes no columns for what goes over several lines.
        (Spot("a.py", 2, 3, (4, 1)), "line=2,endLine=4"),
    ],
)
def test_github_annotation(spot: Spot, place: str) -> None:
    out = render("github", report(finding(spot=spot, help="100%"), folder="api/"))
    assert out.splitlines()[0] == (f"::error file=api/a.py,{place},title={SLUG}::wrong%0A100%25")


def test_github_names_a_file_as_it_is(project: Project, run: Run) -> None:
    name = "alembic/versions/a\n%0A,b:c.py"
    project.lay({name: HASH})
    out = run(SLUG, "--format", "github", name)[1]
    assert out.startswith("::error file=alembic/versions/a%0A%250A%2Cb%3Ac.py,line=2,endLine=2,")


def test_paths_for_github_start_at_the_top_of_the_repository(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({f"api/{PATH}": HASH, "api/pyproject.toml": "[tool.definition-of-done]\n"})
    monkeypatch.chdir(project.root / "api")
    assert run(SLUG, "--format", "github")[1].startswith(f"::error file=api/{PATH},")
    assert f'"uri": "api/{PATH}"' in run(SLUG, "--format", "sarif")[1]
    assert json.loads(run(SLUG, "--format", "json")[1])["findings"][0]["path"] == PATH


def test_a_plain_run_imports_no_format() -> None:
    code = (
        "import sys\n"
        "from definition_of_done.commands.hook import run_hook\n"
        "run_hook('alembic-revision-slug', ['hooks'])\n"
        "print(sorted({'json', 'hashlib', 'argparse', 'textwrap', 'difflib'} & set(sys.modules)))\n"
    )
    folders = [str(Path(__file__).parents[2] / "hooks"), str(Path(tomli.__file__).parents[1])]
    ran = subprocess.run(
        [sys.executable, "-S", "-c", "import sys; *sys.path[:0], code = sys.argv[1:]; exec(code)",
         *folders, code],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.stdout.endswith("judged)\n[]\n")
