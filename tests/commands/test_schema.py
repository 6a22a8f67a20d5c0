"""`definition-of-done schema`: the schemas of the package, by name."""

from __future__ import annotations

import json
import tomllib

import pytest
from jsonschema.validators import validator_for
from tests.repository import Run
from tests.revision import SUITE
from tests.snapshot import ROOT

from definition_of_done.commands.schema import names
from definition_of_done.project.configuration_schema import configuration_schema


def test_the_configuration(run: Run) -> None:
    code, out, err = run(SUITE, "schema")
    assert (code, json.loads(out), err) == (0, configuration_schema(), "")
    assert run(SUITE, "schema", "configuration") == (code, out, err)


@pytest.mark.parametrize("name", names())
def test_each_schema_is_one(name: str, run: Run) -> None:
    code, out, _ = run(SUITE, "schema", name)
    schema = json.loads(out)
    validator_for(schema).check_schema(schema)
    assert code == 0
    assert out.isascii()


def test_an_unknown_name(run: Run) -> None:
    said = f"{SUITE}: error: schema: unknown name 'config'; did you mean 'configuration'?\n"
    assert run(SUITE, "schema", "config") == (2, "", said)
    said = f"{SUITE}: error: schema: unknown name 'x': {', '.join(names())}\n"
    assert run(SUITE, "schema", "x") == (2, "", said)


def test_the_wheel_has_them() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "schemas/*.json" in pyproject["tool"]["setuptools"]["package-data"]["definition_of_done"]
