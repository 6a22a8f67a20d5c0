"""What is new since a version: the rules and verdicts that `check` lists and `baseline` accepts."""

from __future__ import annotations

import json

import pytest
from tests.legacy import BASELINE, LINKS, ONE, PAGE, PASS, TWO, baseline, migration
from tests.repository import Project, Run
from tests.revision import SLUG, SUITE

from definition_of_done.engine.explanation import explain
from definition_of_done.engine.finding import BASELINE_FILE
from definition_of_done.engine.news import order, read_version
from definition_of_done.engine.registry import all_rules, load_rule
from definition_of_done.engine.rule import FIRST, New

OPTION = "--since-version"
UPGRADES = New("0.3", "an upgrade that does nothing", r"\.py: upgrade does nothing")


@pytest.fixture
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that came with 0.2, and a verdict of another that came with 0.3."""
    monkeypatch.setattr(load_rule(LINKS), "since", "0.2")
    monkeypatch.setattr(load_rule(PASS), "news", (UPGRADES,))


def test_a_new_rule_says_since_when() -> None:
    """The first version has 52 rules: one that is added later is told as new."""
    assert sum(rule.since == FIRST for rule in all_rules()) == 52
    for rule in all_rules():
        assert order(rule.since) >= order(FIRST)
        assert all(order(new.since) > order(rule.since) for new in rule.news)


@pytest.mark.parametrize(
    ("text", "version"), [("0.1", "0.1"), ("v0.1.0", "0.1.0"), ("2", "2"), ("0.10.3", "0.10.3")]
)
def test_version(text: str, version: str) -> None:
    assert read_version(text) == version


@pytest.mark.parametrize("text", ["x", "0.1.0.1", "0.1rc1", "-1", "", "0,1"])
def test_no_version(text: str, project: Project, run: Run) -> None:
    error = f"{SUITE}: error: {OPTION}: {text!r} is no version; write it as 0.1\n"
    for command in ("check", "baseline"):
        assert run(SUITE, command, f"{OPTION}={text}") == (2, "", error)


def test_order() -> None:
    versions = ["0.1", "0.2", "0.2.1", "0.10", "1"]
    assert [*map(order, versions)] == sorted(map(order, versions))
    assert order("0.1") == order("0.1.0")


def test_nothing_is_new(legacy: Project, run: Run) -> None:
    said = "nothing is new since 0.1\nno findings (0 files judged)\n"
    assert run(SUITE, "check", OPTION, "0.1") == (0, said, "")


@pytest.mark.usefixtures("_later")
def test_what_is_new_is_listed_with_its_findings(legacy: Project, run: Run) -> None:
    (legacy.root / BASELINE_FILE).unlink()
    rule = f"new in 0.2: {LINKS}: {load_rule(LINKS).summary}\n"
    verdict = f"new in 0.3: {PASS}: {UPGRADES.finds}\n"
    code, out, _ = run(SUITE, "check", OPTION, "0.1")
    lines = out.splitlines(True)
    assert (code, lines[:2]) == (1, [verdict, rule])
    found = [line.split(": ")[:2] for line in lines[2:-1] if line[0] != " "]
    assert [(place.partition(":")[0], id) for place, id in found] == [
        (ONE, PASS),
        (TWO, PASS),
        (PAGE, LINKS),
    ]
    assert lines[-1] == "3 findings in 3 files\n"
    out = run(SUITE, "check", OPTION, "0.2")[1]
    assert (out.startswith(verdict), LINKS in out, "downgrade does nothing" in out) == (
        True,
        False,
        False,
    )
    assert run(SUITE, "check", OPTION, "0.3")[0] == 0
    document = json.loads(run(SUITE, "check", OPTION, "0.1", "--format", "json")[1])
    assert [finding["rule"] for finding in document["findings"]] == [PASS, PASS, LINKS]


@pytest.mark.usefixtures("_later")
def test_the_whole_project_is_judged_whatever_is_staged(legacy: Project, run: Run) -> None:
    legacy.lay({BASELINE_FILE: None, ".pre-commit-config.yaml": "repos: []\n"})
    assert run(SUITE, "check", OPTION, "0.1")[1].count(f"{PAGE}:") == 1
    assert run(SUITE, "check")[1].count(f"{PAGE}:") == 0


@pytest.mark.usefixtures("_later")
def test_selection_goes_on(legacy: Project, run: Run) -> None:
    assert run(SUITE, "check", OPTION, "0.1", "--ignore", f"{PASS},{LINKS}")[1] == (
        "nothing is new since 0.1\nno findings (0 files judged)\n"
    )


@pytest.mark.usefixtures("_later")
def test_baseline_takes_in_what_is_new(legacy: Project, run: Run) -> None:
    old = [line for line in BASELINE.splitlines(True) if line != "upgrade = 1\n"]
    text = "".join(old).replace(f'[{LINKS}."{PAGE}"]\n"gone.md" = 1\n\n', "")
    # A finding that is not new is not accepted.
    three = "alembic/versions/20240103_three.py"
    legacy.lay({BASELINE_FILE: text, three: migration("5f2a91bc04de", "4f2a91bc04de")})
    assert run(SUITE, "check")[0] == 1
    assert run(SUITE, "baseline", OPTION, "0.1")[0] == 0
    assert (
        baseline(legacy).partition("\n\n")[2]
        == f"""\
[{SLUG}."{ONE}"]
3f2a91bc04de = 1

[{SLUG}."{TWO}"]
4f2a91bc04de = 1

[{LINKS}."{PAGE}"]
# new in 0.2
"gone.md" = 1

[{PASS}."{ONE}"]
downgrade = 1
# new in 0.3
upgrade = 1

[{PASS}."{TWO}"]
downgrade = 1
# new in 0.3
upgrade = 1

[{PASS}."{three}"]
# new in 0.3
upgrade = 1
"""
    )
    new = baseline(legacy)
    # The change that is staged does not concern the page, and it is accepted nevertheless.
    assert run(SUITE, "check", OPTION, "0.1")[0] == 0
    last = run(SUITE, "check")[1].splitlines()[-1]
    assert (last[:20], last[-28:]) == ("2 findings in 1 file", ", 7 accepted by the baseline")
    for argv in ((OPTION, "0.1"), ("--update",)):
        assert run(SUITE, "baseline", *argv)[0] == 0
        assert baseline(legacy) == new


def test_options_that_do_not_go_together(legacy: Project, run: Run) -> None:
    error = f"{OPTION} shows what is new, and --fix mends all: give one"
    said = f"{SUITE}: error: {error}\n"
    assert run(SUITE, "check", OPTION, "0.1", "--fix") == (2, "", said)
    error = f"--update only shrinks, and {OPTION} accepts what is new: give one"
    said = f"{SUITE}: error: {error}\n"
    assert run(SUITE, "baseline", OPTION, "0.1", "--update") == (2, "", said)


@pytest.mark.usefixtures("_later")
def test_explained() -> None:
    assert "\n\nSince: 0.2\n" in explain(load_rule(LINKS))
    told = f"\n\nSince: 0.1\nSince 0.3 also: {UPGRADES.finds}\n"
    assert told in explain(load_rule(PASS))
