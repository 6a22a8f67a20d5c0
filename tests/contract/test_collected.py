"""4.5: a test that the runner does not take proves nothing."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.test_resources import LACKS, SERVICE_TEST, TASK, TESTS
from tests.contract.worlds import NEW, Case, Edit, all_of
from tests.sample import SAMPLE

HERE = f"{TESTS}/conftest.py"
NO_SERVICE = (f"{LACKS}test of its service",)
NONE = (
    f"{LACKS}test of a resolver, test of its repository or test of its service",
    f"{TASK}:7:1: tests-with-code: the branch adds task expire_credits, and no test names it",
)


def case(name: str, edits: dict[str, Edit], finds: tuple[str, ...] = ()) -> Case:
    return Case("4.5", name, NEW, edits, finds)


def in_class(head: str, above: str = "", below: str = "") -> dict[str, Edit]:
    """The test of the service as a method of a class."""
    before, _, test = SAMPLE[SERVICE_TEST].partition("\n\n\ndef ")
    body = f"def {test}".replace("(session", "(self, session").rstrip().replace("\n", "\n    ")
    return {SERVICE_TEST: f"{above}{before}\n\n\n{head}\n    {body}\n{below}"}


def shut(above: str = "") -> str:
    """A fixture that each test uses, and that skips it."""
    return (
        "import os\n\nimport pytest\n\n\n@pytest.fixture(autouse=True)\n"
        f"def off() -> None:\n{above}    pytest.skip('later')\n\n\n"
    )


def ignoring(path: str) -> dict[str, Edit]:
    """The options of each run, with a path that they ignore."""
    options = f'addopts = "-q --ignore={path}"\n'
    return {"pyproject.toml": ("pythonpath =", f"{options}pythonpath =")}


BROKEN = [
    case("a class of another name", in_class("class CreditCases:"), NO_SERVICE),
    case("a class of object", in_class("class Credits(object):"), NO_SERVICE),
    case(
        "a class that is made with arguments",
        in_class("class TestCredits:\n    def __init__(self) -> None:\n        self.rows = 1\n"),
        NO_SERVICE,
    ),
    case(
        "a test that is a fixture",
        {
            SERVICE_TEST: "import pytest\n\n"
            + SAMPLE[SERVICE_TEST].replace("\ndef test", "\n@pytest.fixture\ndef test")
        },
        NO_SERVICE,
    ),
    case(
        "a test of what it makes itself",
        {
            SERVICE_TEST: "from unittest.mock import Mock\n\n\ndef test_service() -> None:\n"
            "    service = Mock()\n    assert service.all()\n"
        },
        NO_SERVICE,
    ),
    case("a fixture skips the module", {SERVICE_TEST: shut() + SAMPLE[SERVICE_TEST]}, NO_SERVICE),
    case("a fixture skips the folder", {HERE: shut()}, NONE),
    case(
        "a conftest ignores the file",
        {HERE: 'collect_ignore = ["test_vendor_credit_service.py"]\n'},
        NO_SERVICE,
    ),
    case(
        "a conftest above ignores the folder",
        {
            "tests/graphql/conftest.py": 'collect_ignore_glob = ["a"]\n'
            'collect_ignore_glob += ["*_c*"]\n'
        },
        NONE,
    ),
    case("each run ignores the folder", ignoring("./tests/graphql/vendor_credits/"), NONE),
    case(
        "each run ignores the file",
        {"pytest.ini": f"[pytest]\naddopts =\n    -q\n    --ignore {SERVICE_TEST}\n"},
        NO_SERVICE,
    ),
]
HONEST = [
    case(
        "a service that is imported by its name",
        {
            SERVICE_TEST: "import importlib\n\n\ndef test_service() -> None:\n"
            "    service = importlib.import_module('app.graphql.vendor_credits.services'\n"
            "        '.vendor_credit_service')\n    assert service.VendorCreditService(None)\n"
        },
    ),
    case("a class of tests", in_class("class TestCredits:")),
    case("a class of unittest", in_class("class Credits(unittest.TestCase):", "import unittest\n")),
    case("a class with a base", in_class("class Credits(Base):", "from tests.base import Base\n")),
    case(
        "a class that another completes",
        in_class("class Credits:", below="\n\nclass TestCredits(Credits):\n    pass\n"),
    ),
    case(
        "classes with names of the team's own",
        {
            **in_class("class CreditCases:"),
            "pyproject.toml": ("pythonpath =", 'python_classes = ["*Cases"]\npythonpath ='),
        },
    ),
    case(
        "a fixture skips where a service is missing",
        {HERE: shut("    if os.environ.get('DATABASE'):\n        return\n")},
    ),
    case(
        "a fixture skips behind the test",
        {HERE: shut("    yield\n")},
    ),
    case("a conftest ignores another file", {HERE: 'collect_ignore = ["test_old.py"]\n'}),
    case(
        "a conftest ignores by a condition",
        {HERE: 'collect_ignore = []\nif True:\n    collect_ignore.append("test_x.py")\n'},
    ),
    case("each run ignores another folder", ignoring("tests/graphql/vendor")),
    case(
        "a run of its own takes what the others ignore",
        {
            **ignoring(TESTS),
            ".gitlab-ci.yml": f"slow:\n  script: pytest -o addopts= {TESTS}\n",
        },
    ),
    case(
        "a configuration that pytest does not read",
        {**ignoring(TESTS), "pytest.ini": ""},
    ),
]


@all_of(BROKEN + HONEST)
def test_collected(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds
