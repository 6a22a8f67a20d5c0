"""Tokens, strings and comments of Python source, as newer Pythons see them."""

from __future__ import annotations

import pytest

from definition_of_done.readers._lexer import Field, Lexer


@pytest.mark.parametrize(
    ("source", "comments"),
    [
        ("x = '#'  # a\n# b", ["# a", "# b"]),
        ("x = '''#\n#'''\r# a\r\n", ["# a"]),
        ("x = f'{a['#']}#'  # a\n", ["# a"]),
        ("x = f'{a # b\n}#'  # c\n", ["# b", "# c"]),
        ("x = f'{{#{a:#}#}}'  # c\n", ["# c"]),
        ("x = f'{a!r:#}' '#' b'#' rb\"#\" # c\n", ["# c"]),
        ("x = f'''{f\"{f'#'}\"}\n#''' # c\n", ["# c"]),
        ("x = rf'\\{a['#']}\\'#' # c\n", ["# c"]),
        ("x = f'\\N{NUMBER SIGN}{a[\"#\"]}' # c\n", ["# c"]),
        ("x = t'{a != '#'}' # c\n", ["# c"]),
        ("x = 'a\\\n#' # c\n", ["# c"]),
        ("if'#'in x:pass# c\n", ["# c"]),
        # From a string without an end on, nothing is known.
        ("# a\nx = '\n# b\n", ["# a"]),
        ("# a\nx = f'{\n# b\n", ["# a", "# b"]),
        ("# a\nx = f'}'\n# b\n", ["# a"]),
    ],
)
def test_comments(source: str, comments: list[str]) -> None:
    lexer = Lexer(source)
    try:
        lexer.read()
    except SyntaxError:
        assert len(comments) < 3
    assert [source[start:end] for start, end in lexer.comments] == comments


def test_strings_that_python_joins() -> None:
    source = "f('a' # b\n f'{'c' 'd'}' \\\n 'e', 'f')\n'g'\n'h'"
    lexer = Lexer(source)
    lexer.read()
    joined = [[source[one.start : one.end] for one in literals] for literals in lexer.strings]
    assert joined == [["'a'", "f'{'c' 'd'}'", "'e'"], ["'c'", "'d'"], ["'f'"], ["'g'"], ["'h'"]]


def test_fields() -> None:
    source = "rf'a{{ { b = !r:>{c}d}}}'"
    lexer = Lexer(source)
    lexer.read()
    ((literal,),) = lexer.strings
    assert (literal.prefix, literal.quotes) == ("rf", "'")
    assert literal.parts
    text, field, brace = literal.parts
    assert isinstance(field, Field)
    assert (text, brace) == ((3, 7), (22, 24))
    assert source[field.start : field.stop] == "{ b "
    assert source[field.start : field.shown] == "{ b = "
    assert (field.conversion, source[field.start : field.end]) == ("r", "{ b = !r:>{c}d}")
    assert [
        source[part.start : part.end] if isinstance(part, Field) else source[slice(*part)]
        for part in field.format or ()
    ] == [">", "{c}", "d"]


@pytest.mark.parametrize(
    "source",
    ["'", '"""a"', "f'", "f'{'", "f'{a'", "f'{a:'", "f'}'", "f'{a!z}'", "f'{a!}'", "f'{a)}'"],
)
def test_no_string(source: str) -> None:
    with pytest.raises(SyntaxError):
        Lexer(source).read()
