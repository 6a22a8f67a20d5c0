"""Changes of Python files: what is written for them, and what is refused with the reason."""

from __future__ import annotations

import ast

import pytest

from definition_of_done.base.errors import Refused
from definition_of_done.base.rewrites import (
    AddFunction,
    Annotate,
    Declare,
    DropComments,
    InBody,
    InString,
    SetKeyword,
)
from definition_of_done.base.text import splice
from definition_of_done.readers.python import decode_source
from definition_of_done.readers.python_edit import edits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.rewrites import Step

STR, PARENT = ("str",), ("str", "None")
LABELS = ("str", "Sequence[str]", "None")
NOT_BOUND = "a name of the annotation is not bound where it is evaluated"
STAR = "a star import may bind the names of the annotation"


def written(source: str, *steps: Step) -> str:
    """The source after the steps, which a second call leaves as it is."""
    data = source.encode()
    return splice(decode_source("a.py", data), edits_of("a.py", data, steps))


def refusal(source: str, *steps: Step) -> str:
    with pytest.raises(Refused) as caught:
        edits_of("a.py", source.encode(), steps)
    return str(caught.value)


def annotated(source: str, lowest: int | None = None) -> str:
    """The source with `labels` annotated; it runs as it is."""
    new = written(source, Annotate("labels", LABELS, lowest))
    exec(compile(new, "a.py", "exec"), {})
    return new


# Each is a source, and what is in it once the variable `labels` is annotated.
ANNOTATED = [
    # Without an import, or with one that comes too late, or binds it for checkers alone.
    ("labels = None\n", "from collections.abc import Sequence\n\nlabels: {} = None\n"),
    (
        "labels = None\nfrom typing import Sequence\n",
        "from typing import Sequence\n\nlabels: {} = None\nfrom typing import Sequence\n",
    ),
    (
        '"""doc"""\n\n# the labels\nlabels = None\n\nimport os\n',
        '"""doc"""\n\nfrom collections.abc import Sequence\n\n# the labels\nlabels: {} = None\n\n'
        "import os\n",
    ),
    (
        "import os\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Sequence\n"
        "labels = None\n",
        "from collections.abc import Sequence\nimport os\nTYPE_CHECKING = False\n"
        "if TYPE_CHECKING:\n    from typing import Sequence\nlabels: {} = None\n",
    ),
    (
        "import os\n\n# why it is here\nimport re\nlabels = None\n",
        "from collections.abc import Sequence\nimport os\n\n# why it is here\nimport re\n"
        "labels: {} = None\n",
    ),
    # What is there is taken.
    (
        "from typing import Sequence\nlabels = None\n",
        "from typing import Sequence\nlabels: {} = None\n",
    ),
    (
        "from __future__ import annotations\nlabels = None\nfrom collections.abc import Sequence\n",
        "from __future__ import annotations\nlabels: {} = None\n"
        "from collections.abc import Sequence\n",
    ),
    (
        "from __future__ import annotations\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n"
        "    from typing import Sequence\nlabels = None\n",
        "from __future__ import annotations\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n"
        "    from typing import Sequence\nlabels: {} = None\n",
    ),
    (
        '"""doc"""\nfrom __future__ import annotations\nlabels = None\n',
        '"""doc"""\nfrom __future__ import annotations\n\nfrom collections.abc import Sequence\n\n'
        "labels: {} = None\n",
    ),
    # The docstring's line, chains, tuples, parentheses, several statements on a line.
    (
        '"""doc"""; import os\nlabels = None\n',
        '"""doc"""; import os\n\nfrom collections.abc import Sequence\n\nlabels: {} = None\n',
    ),
    (
        "from typing import Sequence\nlabels = depends = None  # both\n",
        "from typing import Sequence\nlabels: {} = None\ndepends = None  # both\n",
    ),
    (
        "from typing import Sequence\nlabels = depends = None\nlast = 1\n",
        "from typing import Sequence\nlabels: {} = None\ndepends = None\nlast = 1\n",
    ),
    (
        "from typing import Sequence\n# both\nname, (labels, _) = 'a', (None, 1)\n",
        "from typing import Sequence\n# both\nname = 'a'\nlabels: {} = None\n_ = 1\n",
    ),
    (
        "from typing import Sequence\na = 1; labels = b = None; c = 2\n",
        "from typing import Sequence\na = 1; labels: {} = None; b = None; c = 2\n",
    ),
    (
        "from typing import Sequence\n(labels) = \\\n    None\n",
        "from typing import Sequence\nlabels: {} = \\\n    None\n",
    ),
    (
        "from typing import Sequence\nlabels: str = None  # type: ignore\n",
        "from typing import Sequence\nlabels: {} = None  # type: ignore\n",
    ),
    (
        "from typing import Sequence\nlabels  =  None",
        "from typing import Sequence\nlabels: {}  =  None",
    ),
    (
        "from typing import Sequence\r\nlabels = b = None\r\n",
        "from typing import Sequence\r\nlabels: {} = None\r\nb = None\r\n",
    ),
]


@pytest.mark.parametrize(("source", "expected"), ANNOTATED)
def test_annotated(source: str, expected: str) -> None:
    assert annotated(source) == expected.format("str | Sequence[str] | None")


@pytest.mark.parametrize(
    "source",
    [
        "Sequence = 1\nlabels = None\n",
        "class Sequence: pass\nlabels = None\n",
        "labels = None\nfrom decimal import Decimal as Sequence\n",
        "labels = None\nfor Sequence in (): pass\n",
        "labels = None\ndef f():\n    global Sequence\n    Sequence = 1\n",
        "try: from typing import Sequence\nexcept ImportError: Sequence = list\nlabels = None\n",
    ],
)
def test_a_name_that_means_something_else_is_left_to_it(source: str) -> None:
    new = annotated(source)
    assert "labels: str | collections.abc.Sequence[str] | None = None\n" in new
    assert set(source.splitlines()) - {"labels = None"} < set(new.splitlines())


@pytest.mark.parametrize(
    ("before", "lowest", "imports", "annotation"),
    [
        ("", 9, "from typing import Sequence, Union", "Union[str, Sequence[str], None]"),
        ("", 7, "from typing import Sequence, Union", "Union[str, Sequence[str], None]"),
        (
            "from collections.abc import Sequence\n",
            9,
            "from typing import Union",
            "Union[str, Sequence[str], None]",
        ),
        (
            "from collections.abc import Sequence\n",
            8,
            "import typing",
            "typing.Union[str, typing.Sequence[str], None]",
        ),
        ("Union = 1\n", 9, "import typing", "typing.Union[str, typing.Sequence[str], None]"),
        ("", 10, "from collections.abc import Sequence", "str | Sequence[str] | None"),
        (
            "Sequence = 1\n",
            10,
            "import collections.abc",
            "str | collections.abc.Sequence[str] | None",
        ),
        (
            "from __future__ import annotations\n",
            7,
            "from collections.abc import Sequence",
            "str | Sequence[str] | None",
        ),
    ],
)
def test_what_the_oldest_python_evaluates(
    before: str, lowest: int, imports: str, annotation: str
) -> None:
    new = annotated(f"{before}labels = None\n", lowest)
    assert f"labels: {annotation} = None\n" in new
    assert f"{imports}\n" in new


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", "Optional[str]"),
        ("from typing import Union\n", "Union[str, None]"),
        ("from typing import Optional, Union\n", "Optional[str]"),
        ("Optional = Union = 1\n", "typing.Optional[str]"),
    ],
)
def test_one_type_or_none(before: str, expected: str) -> None:
    new = written(f"{before}a = None\n", Annotate("a", PARENT, 9))
    assert new.endswith(f"\na: {expected} = None\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("from sqlalchemy import *\nlabels = None\n", STAR),
        ("str = 1\nlabels = None\n", NOT_BOUND),
        (
            "collections = Sequence = 1\nlabels = None\n",
            "the file binds the name Sequence to something else",
        ),
        ("if a:\n    labels = None\n", "no plain statement of the module assigns labels"),
        (
            "labels = None\nlabels += x\n",
            "labels is not assigned by a plain statement of the module",
        ),
        (
            "labels = None\nif a: labels = 'b'\n",
            "labels is not assigned by a plain statement of the module",
        ),
        ("labels = depends = make()\n", "the file would change otherwise than is meant"),
        ("labels = None  # type: str\n", "the line of labels has a type comment"),
        ('"""doc"""; labels = None\n', "there is no place for an import"),
        ("labels = None\n\\\r\n", "libcst cannot read the file"),
        ("labels = None\nx = t'{a}'t'{a}'\n", "libcst cannot read the file"),
        ("\\\nlabels = None\n", "libcst reads the file as another one"),
        *(
            (f"{deep}\nlabels = None\n", "the file is nested too deeply")
            for deep in (
                f"x = {'lambda: ' * 120}1",
                f"x = 1{' + 1' * 500}",
                f"x = {' and '.join('a' * 20_000)}",
                f"x = {' '.join(repr('a') for _ in range(900))}",
                f"import {'.'.join('a' * 20_000)}",
                f"from {'.'.join('a' * 20_000)} import a",
            )
        ),
    ],
)
def test_refused(source: str, reason: str) -> None:
    assert refusal(source, Annotate("labels", LABELS, None)) == reason


def test_declared_below_the_last() -> None:
    steps = [
        Declare("labels", ("a", "b", "labels"), LABELS, None),
        Declare("c", ("a", "b", "labels"), STR, None),
    ]
    assert written("from typing import Sequence\na = 1\nb = 2  # b\nx = 3", *steps) == (
        "from typing import Sequence\na = 1\nb = 2  # b\n"
        "labels: str | Sequence[str] | None = None\nc: str = None\nx = 3"
    )
    assert written("a = 1\n", Declare("c", ("a",), STR, None)) == "a = 1\nc: str = None\n"
    assert refusal("from x import *\na = 1\n", steps[1]) == STAR
    assert refusal("if x: a = 1\n", steps[1]) == "no plain statement of the module assigns a"


def in_string(source: str, old: str, new: str) -> InString:
    start = source.index(old)
    return InString(start, start + len(old), new)


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("a = 'b'  # b\n", "b", "c"),
        ('"""A\n\nRevises: b\n"""\n', "b", "c\nDate: d"),
        ("a = (\n    'x'\n    'b'\n)\n", "b", "c"),
        ("a = '\u00e9b'; b = '\u00e9'\n", "b", "c"),
    ],
)
def test_in_a_string(source: str, old: str, new: str) -> None:
    step = in_string(source, old, new) if "b'" not in source else in_string(source, "b'", f"{new}'")
    step = step._replace(end=step.start + 1, text=new)
    assert written(source, step) == source[: step.start] + new + source[step.end :]


@pytest.mark.parametrize(
    ("source", "new", "reason"),
    [
        ("a = 'b'\n", "'", "the new text would need escapes in its string"),
        ("a = 'b'\n", "\\", "the new text would need escapes in its string"),
        ("a = 'b'\n", "c\nd", "the file could not be read afterwards"),
        ("# coding: latin-1\na = 'b'\n", "\u4e16", "the file could not be read afterwards"),
        ("a = b\n", "c", "the place of the change is not found"),
        ("a = f'b'\n", "c", "the place of the change is not found"),
        ("a = 'b'\n)\n", "c", "Python cannot read the file"),
    ],
)
def test_refused_in_a_string(source: str, new: str, reason: str) -> None:
    start = source.rindex("b")
    assert refusal(source, InString(start, start + 1, new)) == reason


FUNCTION = '''\
from alembic import op


def down(x):
    """Doc."""
    # first
    op.a()

    op.b()  # second
    # last
'''


@pytest.mark.parametrize(
    ("first", "last", "source", "old", "new"),
    [
        (1, 1, "op.c()", "    # first\n", "    op.c()\n    # first\n"),
        (3, 3, "op.c()", "    # last\n", "    op.c()\n    # last\n"),
        (1, 2, "op.c()\nx.d()", "    op.a()\n", "    op.c()\n    x.d()\n"),
        (
            1,
            2,
            "with op.c() as batch:\n    batch.d()",
            "    op.a()\n",
            "    with op.c() as batch:\n        batch.d()\n",
        ),
        (
            1,
            2,
            "for y in len(x):\n  op.f(y)",
            "    op.a()\n",
            "    for y in len(x):\n        op.f(y)\n",
        ),
    ],
)
def test_in_a_body(first: int, last: int, source: str, old: str, new: str) -> None:
    assert written(FUNCTION, InBody("down", first, last, source)) == FUNCTION.replace(old, new)


@pytest.mark.parametrize(
    ("source", "step", "new"),
    [
        ("def f(): pass\n", InBody("f", 0, 1, "len('')"), "def f():\n    len('')\n"),
        (
            "def f():\n\tpass\n",
            InBody("f", 0, 1, "if 1:\n    len('')"),
            "def f():\n\tif 1:\n\t\tlen('')\n",
        ),
        (
            "import a\ndef f():\n    pass\n",
            InBody("f", 0, 1, "b()", ("from c import b",)),
            "import a\nfrom c import b\ndef f():\n    b()\n",
        ),
        (
            "import a\nfrom c import b\ndef f():\n    pass\n",
            InBody("f", 0, 1, "b()", ("from c import b",)),
            "import a\nfrom c import b\ndef f():\n    b()\n",
        ),
        ("import a", AddFunction("def f():\n    a()"), "import a\n\n\ndef f():\n    a()"),
    ],
)
def test_functions(source: str, step: Step, new: str) -> None:
    assert written(source, step) == new


@pytest.mark.parametrize(
    ("source", "step", "reason"),
    [
        (FUNCTION, InBody("down", 1, 2, "sa.c()"), "the name sa is not bound in the file"),
        (FUNCTION, InBody("down", 2, 3, "op.c()"), "a comment would be lost"),
        (FUNCTION, InBody("up", 0, 0, "op.c()"), "up is not a plain function of the module"),
        (
            "class down: pass\n",
            InBody("down", 0, 0, "op.c()"),
            "down is not a plain function of the module",
        ),
        (
            f"{FUNCTION}down = 1\n",
            InBody("down", 1, 2, "op.c()"),
            "down is not a plain function of the module",
        ),
        (
            f"{FUNCTION}del op\n",
            InBody("down", 1, 2, "op.c()"),
            "the name op is not bound in the file",
        ),
        (
            FUNCTION.replace("    op.b()", "    op = 1"),
            InBody("down", 1, 2, "op.c()"),
            "the name op is not bound in the file",
        ),
        (
            "b = 1\ndef f():\n    pass\n",
            InBody("f", 0, 1, "b()", ("from c import b",)),
            "the file binds the name b to something else",
        ),
        (
            "def f():\n    a = 1; b = 2\n",
            InBody("f", 1, 1, "c = 3"),
            "several statements stand on one line",
        ),
    ],
)
def test_refused_functions(source: str, step: Step, reason: str) -> None:
    assert refusal(source, step) == reason


@pytest.mark.parametrize(
    ("call", "text", "new"),
    [
        ("C()", "it's", 'C(comment="it\'s")'),
        ('C("a", b=1)', 'say "a"', 'C("a", b=1, comment=\'say "a"\')'),
        ("C(a, *b, **c)", "a", 'C(a, *b, **c, comment="a")'),
        ("C(a,)", "a", 'C(a, comment="a",)'),
        ("C(\n    a,\n    b,  # b\n)", "a", 'C(\n    a,\n    b,  # b\n    comment="a",\n)'),
        ("C(\n    a,\n    b  # b\n)", "a", 'C(\n    a,\n    b,  # b\n    comment="a"\n)'),
        ("C(\n    a,\n    b\n)", "a", 'C(\n    a,\n    b,\n    comment="a"\n)'),
        ('C(comment="", b=1)', "a", 'C(comment="a", b=1)'),
        (
            "C(\n    a,  # a\n    b,  # b\n)",
            "a",
            'C(\n    a,  # a\n    b,  # b\n    comment="a",\n)',
        ),
        ("C(D(), b)", "a", 'C(D(), b, comment="a")'),
    ],
)
def test_keyword(call: str, text: str, new: str) -> None:
    source = f"f(1, {call})\n"
    assert written(source, SetKeyword(5, "comment", text)) == f"f(1, {new})\n"
    assert (
        ast.literal_eval(new[new.index("comment=") + 8 :].partition(",")[0].rstrip(")\n #b"))
        == text
    )


def test_refused_keyword() -> None:
    assert refusal("f(1)\n", SetKeyword(2, "a", "b")) == "the place of the change is not found"


def test_comments_are_dropped_line_by_line() -> None:
    source = "# a\ndef f():\n    # b\n    g(  # c\n        # d\n        1\n    )\n    # e\n"
    assert written(source, DropComments((1,)), DropComments((3, 5))) == (
        "def f():\n    g(  # c\n        1\n    )\n    # e\n"
    )
    assert written(source, DropComments((8,))) == source.replace("    # e\n", "")
    assert refusal(source, DropComments((4,))) == "a comment would be lost"
