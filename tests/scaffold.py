"""`make rule ID=... FAMILY=...`: a rule and its test, which fails until both are filled in."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from definition_of_done import __version__
from definition_of_done.engine.registry import known_ids
from definition_of_done.rules import BEYOND, FAMILIES

ROOT = Path(__file__).parents[1]


class Start(NamedTuple):
    """The subject that a family's new rule starts from, its box, and an example."""

    subject: str
    argument: str
    example: str
    imports: str
    path: str
    box: str


STARTS = {
    "migrations": Start(
        "MIGRATION",
        "migration",
        "example()",
        "rules.sample import example",
        "alembic/versions/20260601_add_credit_limit.py",
        "MIGRATION",
    ),
    "plans": Start(
        "FEATURE_PAGE",
        "page",
        "plan()",
        "rules.sample import plan",
        "docs/feature/2026-06-01-credit-limit.md",
        "PLAN",
    ),
    "docs": Start(
        "FINAL_PAGES",
        "pages",
        "shipped_page()",
        "rules.sample import shipped_page",
        "docs/feature/2026-05-24-vendor-credits.md",
        "FINAL_PAGE",
    ),
    "releases": Start(
        "CHANGELOG_PAGE",
        "page",
        "release()",
        "rules.sample import release",
        "docs/changelog/1.3.0.md",
        "CHANGELOG",
    ),
    "resources": Start(
        "UNMOUNTED",
        "unmounted",
        'schema("VendorMutations, VendorCreditMutations")',
        "rules.resources.examples import schema",
        "app/graphql/schema.py",
        "CHAIN",
    ),
    "gates": Start(
        "LENGTH",
        "length",
        "lines(36)",
        "rules.gates.examples import lines",
        "app/states.py",
        "TASK_ALL",
    ),
    "safety": Start(
        "DEPLOYMENT",
        "deployment",
        "deployed()",
        "rules.safety.examples import deployed",
        "alembic/versions/20260601_add_credit_limit.py",
        "",
    ),
}
# What a rule beyond the contract has instead of a number and a box.
BEYOND_WORDS = {
    'contract="0.0"': "contract=BEYOND",
    "import rule\n": "import BEYOND, rule\n",
    " Contract 0.0.": "",
    "from definition_of_done.project import boxes\n": "",
    "    box=boxes.,\n": "",
}

RULE = '''\
"""{id}: TODO the sentence that the rule holds. Contract 0.0."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.{imports}
from definition_of_done.rules.{family}.subjects import {subject}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    {imported}


@rule(
    id="{id}",
    contract="0.0",
    since="{since}",
    summary="TODO one sentence without a full stop",
    why="TODO what goes wrong where nobody holds it.",
    subject={subject},
    box=boxes.{box},
    good={example},
    bad={example},
)
def check({argument}: {facts}) -> Iterator[Finding]:
    # TODO read the facts, and yield a Finding(spot, message, help, symbol=name) for each fault.
    yield from ()
'''

TEST = '''\
"""{id}: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from definition_of_done.{imports}
from tests.repository import Files, Project, Run

ID = "{id}"
PATH = "{path}"


@pytest.mark.parametrize(
    ("files", "report"),
    [
        ({example}, f"{{PATH}}:1:1: {{ID}}: TODO the message\\n    help: TODO the help\\n"),
    ],
)
def test_found(files: Files, report: str, sample: Project, run: Run) -> None:
    sample.lay(files)
    assert run(ID) == (1, f"{{report}}1 finding in 1 file\\n", "")


@pytest.mark.parametrize(
    "files",
    [
        {example},
    ],
)
def test_left_alone(files: Files, sample: Project, run: Run) -> None:
    sample.lay(files)
    code, out, _ = run(ID)
    assert (code, out.partition(" (")[0]) == (0, "no findings")
'''


def facts_of(family: str, subject: str) -> tuple[str, str]:
    """The type of a subject's facts, as the family declares it, and the imports of its names."""
    path = ROOT / f"hooks/definition_of_done/rules/{family}/subjects.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    facts = next(
        ast.unparse(node.annotation.slice)
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.annotation, ast.Subscript)
        and ast.unparse(node.target) == subject
    )
    modules = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    names = [name for name in re.findall(r"\w+", facts) if name in modules]
    return facts, "\n    ".join(f"from {modules[name]} import {name}" for name in names)


def files(id: str, family: str) -> dict[str, str]:
    """The rule and its test, by path; raises ValueError for an id or a family that cannot be."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", id):
        raise ValueError(f"ID={id}: write it in kebab-case, two words at least")
    if family not in FAMILIES:
        raise ValueError(f"FAMILY={family}: name one of {', '.join(FAMILIES)}")
    if id in known_ids():
        raise ValueError(f"ID={id}: there is a rule with this id")
    start = STARTS[family]
    facts, imported = facts_of(family, start.subject)
    major, minor, _ = __version__.split(".")
    since = f"{major}.{int(minor) + 1}"
    words = {**start._asdict(), "id": id, "since": since, "family": family}
    words |= {"facts": facts, "imported": imported}
    stem = id.replace("-", "_")
    rule = RULE.format(**words)
    for old, new in BEYOND_WORDS.items() if family in BEYOND else ():
        rule = rule.replace(old, new)
    return {
        f"hooks/definition_of_done/rules/{family}/{stem}.py": rule,
        f"tests/rules/{family}/test_{stem}.py": TEST.format(**words),
    }


def main(words: list[str]) -> int:
    """Write the files below the current folder and bring the catalogue up to date."""
    try:
        id, family = words
        made = files(id, family)
    except ValueError as error:
        said = str(error) if len(words) == 2 else "usage: make rule ID=some-rule FAMILY=migrations"
        print(said, file=sys.stderr)
        return 2
    for path, text in made.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
    formatted = [sys.executable, "-m", "ruff", "check", "--quiet", "--select", "I", "--fix", *made]
    subprocess.run(formatted, check=True)
    catalogue = "from definition_of_done.commands.main import main; main(['catalogue'])"
    subprocess.run([sys.executable, "-c", catalogue], check=True)
    print("\n".join(["written:", *made, "see CONTRIBUTING.md, Add a rule"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
