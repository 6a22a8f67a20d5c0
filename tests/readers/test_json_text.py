"""JSON: where a string stands, what cannot be read, and an item that is added to any form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.readers.json_text import locate_json, read_json, with_item

KEYS = ("a", "b")


@pytest.mark.parametrize(
    ("text", "keys", "at"),
    [
        ('{"version": "1.2"}', ("version",), 13),
        ('{"a": {"version": "1.2"}, "version": "1.2"}', ("version",), 38),
        ('{"a": ["version", "1.2", {"version": "1.2"}], "version":"1.2"}', ("version",), 57),
        ('{"packages": {"x": {"version": "1.2"}, "": {"version": "1.2"}}}',
         ("packages", "", "version"), 56),
        ('{"x": "\\"version\\": \\"1.2\\"", "version": "1.2"}', ("version",), 42),
        ('[{"version": "1.2"}]', ("version",), None),
        ('{"version": "1.3"}', ("version",), None),
        ('{"version": "1\\u002e2"}', ("version",), None),
        ('{"version": "1.3", "version": "1.2"}', ("version",), None),
        ("{}", ("version",), None),
    ],
)  # fmt: skip
def test_place(text: str, keys: tuple[str, ...], at: int | None) -> None:
    span = locate_json(Text("x.json", text), keys, "1.2")
    assert span == (None if at is None else (at, at + 3))


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b'{"a": 1,\n "b" 2}', "not JSON: Expecting ':' delimiter", (2, 6)),
        (b'{"a": "\xff"}', "not utf-8 text: byte 0xff", (1, 8)),
        (b"[" * 200_000, "not JSON: nested too deeply", (1, 1)),
        (b"[" + b"9" * 5000 + b"]", "not JSON: Exceeds the limit", (1, 1)),
    ],
)
def test_unreadable(data: bytes, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json("x.json", data)
    assert caught.value.message.startswith(message)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.path == "x.json"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'),
        ("{ \n\n}\n", '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}\n'),
        ('{"a": {}}', '{"a": {\n  "b": [\n    1\n  ]\n}}'),
        ('{"a": {"b": []}}', '{"a": {"b": [\n  1\n]}}'),
        ('{"a": {"b": [0]}}', '{"a": {"b": [0, 1]}}'),
        ('{"c": 1}', '{"c": 1, "a": {"b": [1]}}'),
        (
            '{\n    "c": "}"\n}',
            '{\n    "c": "}",\n    "a": {\n        "b": [\n            1\n        ]\n    }\n}',
        ),
        (
            '{\n\t"a": {\n\t\t"b": [\n\t\t\t0\n\t\t]\n\t}\n}',
            '{\n\t"a": {\n\t\t"b": [\n\t\t\t0,\n\t\t\t1\n\t\t]\n\t}\n}',
        ),
        (
            '{\r\n "a": {\r\n  "b": [\r\n   0\r\n  ]}}',
            '{\r\n "a": {\r\n  "b": [\r\n   0,\r\n   1\r\n  ]}}',
        ),
        # The last of two counts.
        ('{"a": 1, "a": {"b": [0]}}', '{"a": 1, "a": {"b": [0, 1]}}'),
        ('{"\\u0061": {"b" : [0 ] }}', '{"\\u0061": {"b" : [0, 1 ] }}'),
    ],
)
def test_added(before: str, after: str) -> None:
    assert with_item(Text("a.json", before), KEYS, 1) == after


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "not JSON: Expecting value"),
        ("\ufeff{}", 1, 1, "not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig)"),
        ("[]", 1, 1, "the document is no object"),
        ('\n "x"', 2, 2, "the document is no object"),
        ('{"a": []}', 1, 7, "a is no object"),
        ('{"a":\n {"b": {}}}', 2, 8, "a.b is no array"),
        ('{"a": null}', 1, 7, "a is no object"),
    ],
)
def test_refused(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        with_item(Text("a.json", text), KEYS, 1)
    error = caught.value
    assert (error.path, error.line, error.column, str(error)) == ("a.json", line, column, message)


VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, -1.5, "", '\\"]}', "\u20ac\n", [], [{}], {"": [1, {"x": "{"}]}]
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("cd{"), VALUES),
    st.none() | st.lists(VALUES, max_size=3),
    st.sampled_from([None, 0, 1, 4, "\t"]),
    st.booleans(),
)
def test_any_document(
    more: dict[str, Any], items: list[Any] | None, indent: int | str | None, ascii: bool
) -> None:
    document = {**more, **({} if items is None else {"a": {"x": "]", "b": items}})}
    text = json.dumps(document, indent=indent, ensure_ascii=ascii)
    new = with_item(Text("a.json", text), KEYS, {"y": 1})
    wanted = {**document.get("a", {}), "b": [*(items or []), {"y": 1}]}
    assert json.loads(new) == {**document, "a": wanted}
    assert list(json.loads(new)) == [*document, *(["a"] if items is None else [])]
