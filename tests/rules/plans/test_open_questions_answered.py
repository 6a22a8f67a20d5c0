"""open-questions-answered: what counts as an answer, and when a question may stay open."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import PATH, PLAN

ID = "open-questions-answered"
OTHER = "docs/feature/2026-04-10-refunds.md"
CODE = {"app/x.py": "x = 1\n"}
HELP = (
    "    help: write Answer: below it, tick it or strike it out; until then change documents only\n"
)


def _plan(questions: str) -> str:
    return PLAN.replace("questions\n\nNone", f"questions\n\n{questions}")


def _report(*found: tuple[str, str], code: str = "app/x.py", path: str = PATH) -> str:
    lines = [
        f"{path}:{place}: {ID}: question {text!r} is open, and the branch changes {code}\n{HELP}"
        for place, text in found
    ]
    count = f"{len(found)} finding{'' if len(found) == 1 else 's'}"
    return "".join(lines) + f"{count} in 1 file\n"


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        ("- In cents?", [("39:1", "In cents?")]),
        (
            "- Who? To be asked at the warehouse.\n",
            [("39:1", "Who? To be asked at the warehouse.")],
        ),
        ("- [ ] In `cents`?\n- [x] Who?\n", [("39:1", "In cents?")]),
        ("- Who?\n1. In\n   euros", [("39:1", "Who?"), ("40:1", "In euros")]),
        ("- Who?\n\n  Still under discussion.\n", [("39:1", "Who?")]),
        ("- Who?\n\n  Ann? Or Bob?\n", [("39:1", "Who?")]),
        ("- Who? (TBD)", [("39:1", "Who? (TBD)")]),
        ("- Who? TBD by Friday", [("39:1", "Who? TBD by Friday")]),
        ("- Who? **Not decided yet.**", [("39:1", "Who? Not decided yet.")]),
        ("- Who? - open", [("39:1", "Who? - open")]),
        ("- Who? (not answered)", [("39:1", "Who? (not answered)")]),
        ("- Who? Needs a decision of Ann", [("39:1", "Who? Needs a decision of Ann")]),
        ("- Who? We must ask legal.", [("39:1", "Who? We must ask legal.")]),
        ("- Is it A? Or B?", [("39:1", "Is it A? Or B?")]),
        ("- Who?\n  - TBD", [("39:1", "Who?")]),
        ("- See https://a.org/?q=1 for it", [("39:1", "See https://a.org/?q=1 for it")]),
        ("- ~~In cents?~~ Or in euros?", [("39:1", "In cents? Or in euros?")]),
        ("- ~~In cents?~~ Unclear.", [("39:1", "In cents? Unclear.")]),
        ("Who?\n\nUndecided.", [("39:1", "Who?")]),
        ("1. Who?\n\nAnn\n\n2. What?\n\nTBD", [("43:1", "What?")]),
        ("- Who?\n- What?\n\nAnn tells.", [("39:1", "Who?"), ("40:1", "What?")]),
        ("- Who?\n  Answer:\n", [("39:1", "Who? Answer:")]),
        ("- Who?\n  **Answer:** TBD\n", [("39:1", "Who? Answer: TBD")]),
        ("- In cents? (owner: finance)\n", [("39:1", "In cents? (owner: finance)")]),
        ("- In cents? Due: Friday\n", [("39:1", "In cents? Due: Friday")]),
        ("- Who?\n  - Ann?\n  - [ ] Bob\n", [("39:1", "Who?")]),
        ("- ~~Who~~ or what?", [("39:1", "Who or what?")]),
        ("- Rename a \u2192 b?", [("39:1", "Rename a \u2192 b?")]),
        ("- Who?\n- What?\n\nAnswer: that", [("39:1", "Who?")]),
        ("- Who?\n\n1. What?\n\nAnswer: that", [("39:1", "Who?")]),
        ("- Who?\n\n### What?\n\nAnswer: that", [("39:1", "Who?")]),
        ("Who is\nit?", [("39:1", "Who is it?")]),
        ("Who?\n\nWhat?\n\nAnswer: that\n\nIt?", [("39:1", "Who?"), ("45:1", "It?")]),
        ("### Not yet decided\n\n- Who", [("41:1", "Who")]),
        ("### Who?\n\n### What?\n\nThat.", [("39:1", "Who?")]),
        ("Some:\n\n* Who?", [("41:1", "Who?")]),
        ("In cents?\n: TBD", [("39:1", "In cents?")]),
        ("Money\n: In cents?", [("40:1", "In cents?")]),
        ("In cents?\n: By hand.\n\nWho?\n", [("42:1", "Who?")]),
        ("In cents?\n\n- by hand\n- by cron", [("41:1", "by hand"), ("42:1", "by cron")]),
        ("a) In cents? Yes.\nb) Who?", [("40:1", "Who?")]),
        (f"- {'a' * 60}", [("39:1", "a" * 60)]),
        (f"- {'a' * 61}", [("39:1", "a" * 57 + "...")]),
        (f"- {'a long ' * 12}question", [("39:1", ("a long " * 9)[:57].rstrip() + "...")]),
    ],
)
def test_open(questions: str, found: list[tuple[str, str]], branch: Project, run: Run) -> None:
    branch.lay({PATH: _plan(questions), **CODE})
    out = _report(*found).encode("ascii", "backslashreplace").decode()
    assert run(ID)[1].encode("ascii", "backslashreplace").decode() == out
    assert run(ID)[::2] == (1, "")


@pytest.mark.parametrize(
    "questions",
    [
        "None",
        "- none.",
        "- [x] Who?",
        "- ~~Who?~~",
        "- <del>Who?</del>",
        "- Who?\n  Answer: Ann",
        "- In cents? (owner: finance) Yes.",
        "- When? Due to the audit, in May.",
        "- Who?\n\n  > **Decision**: Ann",
        "- Who? Decided: Ann",
        "- Who?\n  A: Ann",
        "- Who? \u2192 Ann",
        "- Who?\n  -> Ann",
        "- Who?\n  - Ann",
        "- Who?\n  - Ann?\n    - yes",
        "- Who?\n\nAnswer: Ann",
        "Who?\n\nAnswer: Ann",
        "### Answered\n\n- Who: Ann",
        "### 1. Who? (Resolved)\n\nWho is it?",
        "### 1. Who\n\nWho is it?\n\nIt matters.\n\n**Resolved:** Ann",
        "- **~~Who?~~** **Resolved:** Ann",
        "- Resolved \u2013 Ann runs it",
        "None. All of them were answered.",
        "\u2014",
        "In cents?\n: By hand.",
        "In cents?\n\n:   By hand.\n\nWho?\n:   Ann",
        "a) In cents? By hand.\nb) Who? Ann",
        "### Who?\n\nAnn",
        "Nothing is open.",
        "- In cents? Yes, by hand.",
        "- In cents? **By hand.**",
        "- In cents? (answered: by hand)",
        "- In cents? - by hand",
        "- [In cents?](https://example.com/1): by hand",
        "- Cents: decided, by hand",
        "> - In cents? Yes, by hand.",
        "In cents?\n\n> By hand.",
        "- In cents?\n  > By hand.",
        '??? question "In cents?"\n\n    By hand.',
        "- In cents? \u2013 by hand",
        '- Is it "by hand?" Yes.',
        "- **In cents?** By hand.",
        "- *In cents?*\n  By hand.",
        "- [ ] In cents? Yes.",
        "- In cents?\n\n  By hand.",
        "- In cents?\n\n  **Answer:** by hand.",
        "- In cents? Open for all tenants.",
        "- How? We will ask the user for it.",
        "- Q: In cents? A: yes",
        "- ~~In cents?~~ Yes.",
        "- ~~In cents~~ by hand",
        "- <del>In cents</del> by hand",
        "- [ ] ~~In cents?~~ By hand.",
        "In cents? Yes.",
        "In cents?\n\nYes.",
        "1. In cents?\n\nYes.\n\n2. Who?\n\nAnn.",
        "- None at the moment.",
        "- No open questions",
        "```\n- Who?\n```",
        "",
    ],
)
def test_answered(questions: str, branch: Project, run: Run) -> None:
    branch.lay({PATH: _plan(questions), **CODE})
    assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"docs/feature/index.md": "x"},
        {"README.md": "x", "mkdocs.yml": "nav: []\n"},
        {"docs/img.png": "x"},
        {
            "gen/x.py": "",
            "pyproject.toml": "[tool.definition-of-done]\nexclude = ['gen', '*.toml']\n",
        },
    ],
)
def test_documents_may_ask(files: dict[str, str], branch: Project, run: Run) -> None:
    branch.lay({PATH: _plan("- Who?"), **files})
    assert run(ID)[::2] == (0, "")


def test_code_is_counted(branch: Project, run: Run) -> None:
    branch.lay({PATH: _plan("- Who?"), **CODE, "app/a.py": "", "Makefile": ""})
    assert run(ID)[1] == _report(("39:1", "Who?"), code="Makefile and 2 more")
    branch.lay({"Makefile": None})
    assert run(ID)[1] == _report(("39:1", "Who?"), code="app/a.py and 1 more")


def test_other_pages_may_ask(branch: Project, run: Run) -> None:
    branch.git("checkout", "-q", "main")
    branch.lay({OTHER: _plan("- Who?")})
    branch.git("commit", "-qm", "another plan")
    branch.git("checkout", "-qB", "feature")
    branch.lay({PATH: f"{PLAN}\n", **CODE})
    assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize(
    "files",
    [
        {"alembic/versions/20260401_a.py": "revision = 'add_credits'\ndown_revision = None\n"},
        {"app/graphql/vendor_credits/types.py": "x = 1\n"},
        {
            "app/models.py": "from sqlalchemy import Column, Table\n"
            "t = Table('vendor_credits', m, Column('id', Integer))\n"
        },
    ],
)
def test_page_that_names_what_is_added(files: dict[str, str], branch: Project, run: Run) -> None:
    branch.git("checkout", "-q", "main")
    branch.lay({PATH: _plan("- Who?")})
    branch.git("commit", "-qm", "the plan")
    branch.git("checkout", "-qB", "feature")
    branch.lay(files)
    (code,) = files
    assert run(ID)[1] == _report(("39:1", "Who?"), code=code)


def test_page_that_names_a_table_in_a_file_that_was_there(branch: Project, run: Run) -> None:
    models = "from sqlalchemy import Column, Integer, Table\n"
    branch.git("checkout", "-q", "main")
    branch.lay({PATH: _plan("- Who?"), "app/models.py": models})
    branch.git("commit", "-qm", "the plan")
    branch.git("checkout", "-qB", "feature")
    branch.lay({"app/models.py": f"{models}t = Table('bills', m, Column('id', Integer))\n"})
    assert run(ID)[::2] == (0, "")
    branch.lay(
        {"app/models.py": f"{models}t = Table('vendor_credits', m, Column('id', Integer))\n"}
    )
    assert run(ID)[1] == _report(("39:1", "Who?"), code="app/models.py")


def test_without_pages_no_code_is_read(project: Project, run: Run) -> None:
    project.lay({"docs/feature/index.md": "- Who?\n", "app/models.py": "x = Column(\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
