"""`definition-of-done explain`: a rule in words, or the whole contract."""

from __future__ import annotations

import re

import pytest
from tests.repository import Project, Run
from tests.revision import SLUG, SUITE

from definition_of_done.engine.explanation import contract, explain
from definition_of_done.engine.registry import all_rules, known_ids, load_rule


def test_explain_and_list(project: Project, run: Run) -> None:
    assert run(SUITE, "explain", SLUG)[1].startswith(f"{SLUG}\n\nThe revision is a short")
    assert run(SUITE, "explain", "slug")[0] == 2
    assert len(re.findall(r"^[a-z-]+ ", run(SUITE, "list")[1], re.M)) == len(known_ids())


def test_the_contract_for_an_agent(run: Run) -> None:
    code, out, err = run(SUITE, "explain", "--all")
    assert (code, out, err) == (0, contract(all_rules()), "")
    lines = out.splitlines()
    assert len(lines) < 250
    for rule in all_rules():
        at = lines.index(f"{rule.contract} {rule.id}: {rule.summary}")
        assert lines[at + 1] == f"    why: {rule.why}"
    at = lines.index("3.8 downgrade-not-pass: upgrade and downgrade both do something")
    assert lines[at + 2 : at + 4] == [
        "    bad:  pass",
        '    good: op.drop_column("vendor_credits", "credit_limit")',
    ]
    numbers = [line.split()[0] for line in lines if line[:1].isdigit()]
    assert numbers == sorted(
        numbers, key=lambda number: [int(part) for part in number.split(".") if part]
    )


def test_explain_of_one_rule(run: Run) -> None:
    rule = load_rule("version-sync")
    assert run(SUITE, "explain", rule.id)[1] == f"{rule.id}\n\n{explain(rule)}"


@pytest.mark.parametrize("argv", [[], ["--all", "version-sync"]])
def test_explain_takes_one_rule_or_all(
    argv: list[str], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(SUITE, "explain", *argv)
    assert stop.value.code == 2
