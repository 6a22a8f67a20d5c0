"""All rules, known by the names of their files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.snapshot import ROOT

from definition_of_done.engine import registry
from definition_of_done.engine.config import Config
from definition_of_done.engine.registry import (
    add_rules,
    all_rules,
    enabled,
    families,
    family_of,
    is_beyond,
    known_ids,
    load_rule,
    module_of,
)
from definition_of_done.project.settings import SETTINGS
from definition_of_done.rules import BEYOND, FAMILIES


def test_a_rule_is_named_as_its_file() -> None:
    for id, module in known_ids().items():
        rule = load_rule(id)
        assert (rule.id, rule.module) == (id, module)
        assert module.endswith(f".{rule.family}.{id.replace('-', '_')}")
    assert families() == list(dict.fromkeys(rule.family for rule in all_rules())) == list(FAMILIES)


def test_a_rule_beyond_the_contract_has_no_number_of_it() -> None:
    assert [rule.id for rule in all_rules() if rule.is_beyond] == [*filter(is_beyond, known_ids())]
    assert {family_of(id) for id in known_ids() if is_beyond(id)} == {*BEYOND}


def test_files_that_are_no_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("b_c.py", "a_b.py", "__init__.py", "subjects.py", "examples.py", "note.txt")
    for folder in ("two", "one"):
        (tmp_path / folder).mkdir()
        for name in names if folder == "two" else ("z_z.py",):
            (tmp_path / folder / name).write_text("raise ImportError\n")
    for name in ("_found", "_families"):
        monkeypatch.setattr(registry, name, {})
    add_rules("pack", str(tmp_path), ["two", "one"])
    # A single rule is found without the list of all of them.
    ids = ("z-z", "b-c", "subjects", "note.txt", "c-d")
    found = ["pack.one.z_z", "pack.two.b_c", "", "", ""]
    assert [*map(module_of, ids)] == found
    assert list(known_ids().items()) == [
        ("a-b", "pack.two.a_b"),
        ("b-c", "pack.two.b_c"),
        ("z-z", "pack.one.z_z"),
    ]
    assert [*map(module_of, ids)] == found


def test_none_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, definition_of_done.commands.main\n"
        "from definition_of_done.engine.registry import known_ids\n"
        "print(len(known_ids()) > 40, set(known_ids().values()) & set(sys.modules))"
    )
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, sys.argv[1])\n{code}"]
    ran = subprocess.run([*command, str(ROOT / "hooks")], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("True set()\n", "")


_USUAL = ["file-length", "version-sync"]
_TWO = ["file-length", "index-concurrently"]
_THREE = ["file-length", "index-concurrently", "version-sync"]
_ASKED = ["pr-checklist", "version-sync"]


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ["file-length", "version-sync"]),
        ({"ignore": ["file-length"]}, ["version-sync"]),
        ({"select": ["file-length"]}, ["file-length"]),
        ({"select": ["file-length"], "ignore": ["file-length"]}, []),
        ({"select": ["gates"]}, ["file-length"]),
        ({"select": ["gates", "version-sync"]}, ["file-length", "version-sync"]),
        ({"ignore": ["gates"]}, ["version-sync"]),
        # What names the id goes before what names its family.
        ({"select": ["gates"], "ignore": ["file-length"]}, []),
        ({"select": ["file-length"], "ignore": ["gates"]}, ["file-length"]),
        ({"select": ["gates"], "ignore": ["gates"]}, []),
        # What goes beyond the contract is asked for, by its id or its family.
        ({"select": ["index-concurrently"]}, ["index-concurrently"]),
        ({"select": ["safety"]}, ["index-concurrently"]),
        ({"extend-select": ["safety"]}, ["file-length", "index-concurrently", "version-sync"]),
        ({"select": ["gates"], "extend-select": ["index-concurrently"]}, _TWO),
        ({"select": ["gates"], "extend-select": ["version-sync"]}, ["file-length", "version-sync"]),
        ({"extend-select": ["safety"], "ignore": ["safety", "gates"]}, ["version-sync"]),
        ({"extend-select": ["safety"], "ignore": ["index-concurrently"]}, _USUAL),
        ({"extend-select": ["index-concurrently"], "ignore": ["safety"]}, _THREE),
        ({"extend-select": ["pr-checklist"], "select": ["releases"]}, _ASKED),
        # It has stages of its own, and is run where it is asked for by its id.
        ({"select": ["pr-checklist", "file-length"]}, ["file-length", "pr-checklist"]),
    ],
)
def test_enabled(values: dict[str, list[str]], ids: list[str]) -> None:
    config = Config("/root", SETTINGS, values)
    asked = ["file-length", "index-concurrently", "pr-checklist", "version-sync"]
    assert [rule.id for rule in enabled(asked, config)] == ids
