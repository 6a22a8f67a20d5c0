"""The tests of a file that check something, in every spelling of one that does not."""

from __future__ import annotations

import pytest

from definition_of_done.project.api.live_tests import LiveTests, is_idle
from definition_of_done.readers.python import read_module

_HEAD = "import pytest\nfrom app.credits import Service\n"


def _checks(body: str, above: str = "") -> bool:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    text = f"{_HEAD}{above}def test_it(self, session, given):\n{lines}\n"
    return bool(LiveTests(read_module("tests/test_it.py", text.encode())).found)


@pytest.mark.parametrize(
    "body",
    [
        "assert True",
        "assert Service",
        "assert not False",
        "assert not []",
        "assert 1 == 1",
        "assert [1] == [1]",
        "assert [given] is not None",
        "assert f'{given}'",
        "assert given == given",
        "assert given is given",
        "assert given.all() == [] or True",
        "assert given.ok or not given.ok",
        "number = 1\nassert number == 1",
        "text = 'a'\nfor _ in given:\n    assert text",
        "assert (given.all() == [], 'the list')",
        "assert [given.all() == []]",
        "assert lambda: given.all() == []",
        "assert (row.id for row in given.all())",
        "assert len(given.all()) >= 0",
        "assert isinstance(given, object)",
        "self.assertTrue(True)",
        "self.assertTrue((given.ok, 1))",
        "self.assertFalse(0)",
        "self.assertEqual(1, 1)",
        "self.assertEqual(given, given)",
        "self.assertIsNone(None)",
        "self.assertIsNotNone(Service)",
        "def inner():\n    assert given.ok",
        "for row in []:\n    assert row.ok",
        "try:\n    assert given.ok\nexcept AssertionError:\n    pass",
        "try:\n    assert given.ok\nexcept (ValueError, Exception) as error:\n    print(error)",
        "try:\n    given.run()\n    assert False\nexcept Exception:\n    pass",
        "try:\n    assert given.ok\nexcept:\n    pass",
        "with suppress(AssertionError):\n    assert given.ok",
        "with contextlib.suppress(Exception):\n    assert given.ok",
        "with pytest.raises(ValueError):\n    raise ValueError",
    ],
)
def test_what_checks_nothing(body: str) -> None:
    assert not _checks(body)


@pytest.mark.parametrize(
    "body",
    [
        "assert given.ok",
        "assert given",
        "assert given != given",
        "assert not given.errors",
        "assert given.ok or given.errors",
        "assert given.ok or not given.late",
        "rows = []\ngiven.fill(rows)\nassert rows == []",
        "count = 0\ndef add():\n    nonlocal count\n    count += 1\ngiven.run(add)\nassert count",
        "number = 1\nassert given.number == number",
        "is_late = True\nif given.ok:\n    is_late = False\nassert is_late",
        "number = 1\nnumber += given.number\nassert number",
        "given = 1\nassert given",
        "assert given == session",
        "assert [given] == [session]",
        "assert len(given.all()) >= 1",
        "assert isinstance(given, Service)",
        "self.assertTrue(given.ok)",
        "self.assertFalse(given.errors)",
        "self.assertEqual(given.count, 0)",
        "self.assertRaises(ValueError, given.run)",
        "def inner():\n    assert given.ok\ninner()",
        "def inner():\n    assert given.ok\ngiven.each(inner)",
        "@given.listener\ndef inner():\n    assert given.ok",
        "def called():\n    try:\n        given.assert_called_once()\n        return True\n"
        "    except AssertionError:\n        return False\nwait_until(called)",
        "class Fake:\n    def save(self, row):\n        assert row.ok\ngiven.run(Fake())",
        "assert_lineage('select 1', {'a'})",
        "given.client.assert_called_once_with('a', 'b')",
        "self.assertRoute('/a', 200)",
        "for row in given.all():\n    assert row.ok",
        "try:\n    given.run()\n    assert False\nexcept ValueError:\n    pass",
        "try:\n    given.run()\nexcept Exception as error:\n    assert 'x' in str(error)",
        "try:\n    given.run()\nexcept Exception:\n    pytest.fail('it fails')",
        "try:\n    given.run()\nexcept Exception:\n    pass\nelse:\n    assert given.ok",
        "while True:\n    try:\n        assert given.ok\n        break\n"
        "    except AssertionError:\n        if given.late:\n            raise",
        "with suppress(KeyError):\n    assert given.ok",
        "with pytest.raises(AssertionError):\n    given.run()",
        "with pytest.raises(ValueError):\n    given.run()",
    ],
)
def test_what_checks_something(body: str) -> None:
    assert _checks(body)


@pytest.mark.parametrize(
    ("above", "runs"),
    [
        ('@pytest.mark.parametrize("given", [])\n', False),
        ('@pytest.mark.parametrize("given", [1])\n', True),
        ('@pytest.mark.parametrize("given", ROWS)\n', True),
        ("@pytest.mark.skip\n", False),
        ("@pytest.mark.skipif(True, reason='later')\n", False),
        ("@pytest.mark.skipif(WINDOWS, reason='paths')\n", True),
    ],
)
def test_marks(above: str, runs: bool) -> None:
    assert _checks("assert given.ok", above) is runs


@pytest.mark.parametrize("test", ["TYPE_CHECKING", "typing.TYPE_CHECKING", "False"])
def test_a_block_that_never_runs(test: str) -> None:
    lines = "    def test_it(given):\n        assert given.ok\n"
    text = f"import typing\nfrom typing import TYPE_CHECKING\nif {test}:\n{lines}else:\n{lines}"
    assert LiveTests(read_module("tests/test_it.py", text.encode())).found
    never = text.partition("else")[0].encode()
    assert not LiveTests(read_module("tests/test_it.py", never)).found


def test_a_constant_that_is_imported_may_be_empty() -> None:
    text = b"from app.plugins import NAMES\n\n\ndef test_it():\n    assert NAMES\n"
    assert not is_idle("tests/test_plugins.py", text)


@pytest.mark.parametrize(
    ("path", "text", "idle"),
    [
        ("tests/test_it.py", b"def test_it(): ...\n", True),
        ("tests/it_test.py", b'"""Later."""\n', True),
        ("tests/helpers.py", b"def run(): ...\n", False),
        ("tests/conftest.py", b"def run(): ...\n", False),
        ("tests/test_it.py", b"def test_it(:\n", False),
    ],
)
def test_idle(path: str, text: bytes, idle: bool) -> None:
    assert is_idle(path, text) is idle
