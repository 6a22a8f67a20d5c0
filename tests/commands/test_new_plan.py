"""`definition-of-done new plan`: what it writes, and what it refuses."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.repository import Project, Run

SUITE = "definition-of-done"
RULES = ("feature-plan-filename", "feature-plan-shape", "open-questions-answered")
PATH = "docs/feature/2026-05-24-vendor-credits.md"
FILL = f"write what each TODO of {PATH} asks for, then git add"


def _new(run: Run, *args: str) -> tuple[int, str, str]:
    found: tuple[int, str, str] = run(SUITE, "new", "plan", *args)
    return found


def test_fails_only_where_it_must_be_filled_in(project: Project, run: Run) -> None:
    project.lay({"docs/index.md": "", "app/x.py": ""})
    assert _new(run, "Vendor  credits", "--date", "2026-05-24") == (
        0,
        f"{PATH}\nnext: {FILL} it\n",
        "",
    )
    text = (project.root / PATH).read_bytes().decode()
    assert text.startswith("# Vendor credits\n\nDate: 2026-05-24\n\n## Problem / motivation\n\n")
    project.git("add", "--all")
    found = json.loads(run("feature-plan-shape", "--format", "json")[1])["findings"]
    lines = text.split("\n")
    todo = [number for number, line in enumerate(lines, 1) if "TODO" in line]
    assert [finding["line"] for finding in found] == todo
    assert all(finding["message"].endswith(" holds the stub 'TODO'") for finding in found)
    filled = [line.replace("TODO: ", "") for line in lines]
    (project.root / PATH).write_text("\n".join(filled))
    assert [run(id)[::2] for id in RULES] == [(0, "")] * 3


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Vendors' credits (2nd)", "Vendors' credits (2nd)"),
        ("Credits *and* debits", r"Credits \*and\* debits"),
        ("1. Credits #", r"1\. Credits \#"),
    ],
)
def test_a_title_is_escaped_where_it_must_be(
    title: str, heading: str, project: Project, run: Run
) -> None:
    project.lay({"docs/index.md": ""})
    path = _new(run, title)[1].splitlines()[0]
    assert (project.root / path).read_text().splitlines()[0] == f"# {heading}"


def test_today_and_from_below(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay({"docs/a/x.md": ""})
    monkeypatch.chdir(project.root / "docs" / "a")
    days = {date.today().isoformat()}
    code, out, _ = _new(run, "X")
    days.add(date.today().isoformat())
    assert code == 0
    assert out.splitlines()[0] in {f"../feature/{day}-x.md" for day in days}


def test_sections_of_the_setting(project: Project, run: Run) -> None:
    table = "[tool.definition-of-done.feature-sections]\nRollout = []\nRBAC = ['Access']\n"
    project.lay({"docs/index.md": "", "pyproject.toml": table})
    path = _new(run, "X")[1].splitlines()[0]
    text = (project.root / path).read_text()
    assert text.endswith("\n\n## Rollout\n\nTODO: what changes, or None\n")
    assert "Access" not in text


@pytest.mark.parametrize(
    ("files", "args", "error"),
    [
        ({PATH: "x"}, ("Vendor credits",), f"{PATH} exists: it is not written over"),
        (
            {"docs/x": ""},
            ("\u4ed3\u5e93 !",),
            "the title '\\u4ed3\\u5e93 !' has no Latin letter or digit for the filename",
        ),
        (
            {"docs/x": "", "docs/feature": ""},
            ("X",),
            "docs/feature/2026-05-24-x.md cannot be written: File exists",
        ),
        (
            {"docs/x": "", "pyproject.toml": "[tool.definition-of-done]\nfeatures = ''\n"},
            ("X",),
            'features is "": the team keeps no feature pages',
        ),
        (
            {"docs/x": ""},
            ("X", "--date", "2026-02-30"),
            "--date is no date: '2026-02-30'; write it as YYYY-MM-DD",
        ),
    ],
)
def test_refusal(
    files: dict[str, str], args: tuple[str, ...], error: str, project: Project, run: Run
) -> None:
    project.lay(files)
    dated = args if "--date" in args else (*args, "--date", "2026-05-24")
    assert _new(run, *dated) == (2, "", f"{SUITE}: error: {error}\n")
    assert {path: (project.root / path).read_text() for path in files} == files


def test_the_folder_is_made(project: Project, run: Run) -> None:
    project.lay({"x.py": ""})
    assert _new(run, "X", "--date", "2026-05-24")[0] == 0
    assert (project.root / "docs/feature/2026-05-24-x.md").is_file()


NAV = """\
site_name: x
nav:
  - Core Operations:
      # the newest first
      - B: feature/2026-02-01-b.md
      - A: feature/2026-01-01-a.md
"""


def _site(project: Project, nav: str) -> None:
    pages = {f"docs/feature/2026-0{month}-01-{name.lower()}.md": f"# {name}\n"
             for month, name in ((1, "A"), (2, "B"))}  # fmt: skip
    project.lay({"mkdocs.yml": nav, **pages})


def test_the_nav_gets_its_entry(project: Project, run: Run) -> None:
    _site(project, NAV)
    assert _new(run, "Credits: vendors", "--date", "2026-05-24") == (
        0,
        "docs/feature/2026-05-24-credits-vendors.md\nwritten: mkdocs.yml\n"
        "next: write what each TODO of docs/feature/2026-05-24-credits-vendors.md asks for,"
        " then git add both\n",
        "",
    )
    entry = '      - "Credits: vendors": feature/2026-05-24-credits-vendors.md\n'
    first = "      - B: "
    assert (project.root / "mkdocs.yml").read_text() == NAV.replace(first, entry + first)
    project.git("add", "--all")
    assert run("mkdocs-nav-entry")[0] == 0


@pytest.mark.parametrize(
    ("nav", "reason"),
    [
        (NAV.replace("Core Operations", "Other"), "the nav has none of the sections"),
        (f"{NAV}  - PAC:\n      - C: feature/2026-02-01-b.md\n",
         "feature pages stand under Core Operations and PAC"),
    ],
)  # fmt: skip
def test_a_nav_that_stays_is_told(nav: str, reason: str, project: Project, run: Run) -> None:
    _site(project, nav)
    page = "docs/feature/2026-05-24-x.md"
    assert _new(run, "X", "--date", "2026-05-24") == (
        0,
        f'{page}\nnext: add "X: feature/2026-05-24-x.md" to the nav of mkdocs.yml: {reason};'
        f" write what each TODO of {page} asks for, then git add both\n",
        "",
    )
    assert (project.root / "mkdocs.yml").read_text() == nav


@pytest.mark.parametrize(
    ("files", "out"),
    [
        ({"mkdocs.yml": "site_name: x\n"}, f"next: {FILL} it\n"),
        ({"pyproject.toml": "[tool.definition-of-done]\nmkdocs = ''\n"}, f"next: {FILL} it\n"),
        (
            {"mkdocs.yml": "nav: [\n"},
            f"next: mend mkdocs.yml, and give the page its entry in the nav; {FILL} both\n",
        ),
    ],
)  # fmt: skip
def test_no_nav_to_write(files: dict[str, str], out: str, project: Project, run: Run) -> None:
    project.lay({"docs/index.md": "", **files})
    assert _new(run, "Vendor credits", "--date", "2026-05-24") == (0, f"{PATH}\n{out}", "")


@pytest.mark.parametrize("args", [["new"], ["new", "plan"], ["new", "plans", "x"]])
def test_usage(args: list[str], project: Project, run: Run) -> None:
    with pytest.raises(SystemExit) as error:
        run(SUITE, *args)
    assert error.value.code == 2


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=20)
@given(
    title=st.text(
        st.characters(exclude_categories=["Cs"]) | st.sampled_from("ab <*[](`"), min_size=1
    )
)
def test_any_title_that_is_taken_keeps_the_contract(title: str, project: Project, run: Run) -> None:
    project.lay({"docs/index.md": ""})
    code, out, _ = _new(run, "--date", "2026-05-24", "--", title)
    if code:
        return
    project.git("add", "--all")
    found = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    (project.root / out.splitlines()[0]).unlink()
    assert {finding["rule"] for finding in found} <= {"feature-plan-shape", "version-sync"}
    assert all(
        "TODO" in finding["message"] for finding in found if finding["rule"] == "feature-plan-shape"
    )
