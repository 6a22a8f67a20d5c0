"""tests-with-code and resource-full-chain propose the same new file for the same code."""

from __future__ import annotations

import re

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE

HOME, TESTS = "app/graphql/vendors", "tests/graphql/vendors"
METHOD = "\n    def count_vendors(self) -> int:\n        return 2 + 2\n"
FIELD = f"\n    @strawberry.field{METHOD}"
# What changes in each layer, and the ending of the file that is proposed for its test.
LAYERS = {
    "repository": ("repositories/vendor_repository.py", METHOD),
    "service": ("services/vendor_service.py", METHOD),
    "resolvers": ("queries.py", FIELD),
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    ("settings", "folder"),
    [
        ("", TESTS),
        ("", f"{HOME}/tests"),
        ('[tool.definition-of-done]\ntests = "checks"\n', "checks/graphql/vendors"),
    ],
)
def test_the_same_file(layer: str, settings: str, folder: str, sample: Project, run: Run) -> None:
    path, added = LAYERS[layer]
    old = {name for name in SAMPLE if name.startswith(TESTS)}
    stay = {name for name in old if not name.endswith(f"_{layer}.py")}
    sample.lay(
        {
            **dict.fromkeys(old),
            **{name.replace(TESTS, folder): SAMPLE[name] for name in stay},
            f"{HOME}/{path}": SAMPLE[f"{HOME}/{path}"] + added,
            "pyproject.toml": SAMPLE["pyproject.toml"] + settings,
        }
    )
    chain = re.findall(r"help: create (\S+), or", run("resource-full-chain")[1])
    branch = re.findall(r"help: add a test to (\S+)\n", run("tests-with-code")[1])
    assert (chain, branch) == ([f"{folder}/test_vendor_{layer}.py"],) * 2
