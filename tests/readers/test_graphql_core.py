"""graphql-core's parser without the package: the same parser, and nothing of it left behind."""

import subprocess
import sys

import pytest

READ = "from definition_of_done.readers.graphql import read_schema\n"
PARTS = "print(*read_schema('a', b'type Query { a(b: [Int] = [1]): Int! }').parts)\n"
FOUND = "Query Query.a Query.a(b:)\n"


def said(code: str) -> str:
    """Run code in a new interpreter and return what it prints."""
    run = subprocess.run([sys.executable, "-c", f"{READ}{code}"], capture_output=True, text=True)
    assert run.stderr == ""
    return run.stdout


def test_neither_the_package_nor_asyncio_is_imported() -> None:
    code = (
        "import sys\nprint([one for one in ('graphql', 'asyncio', 'ssl') if one in sys.modules])\n"
    )
    assert said(f"{PARTS}{code}") == f"{FOUND}[]\n"


def test_who_imports_the_package_gets_all_of_it() -> None:
    code = (
        "import graphql, graphql.pyutils\n"
        "print(graphql.language.parse is graphql.parse, graphql.pyutils.inspect([1]))\n"
        "print(bool(graphql.build_schema('type Query { a: Int }')))\n"
    )
    assert said(f"{PARTS}{code}") == f"{FOUND}True [1]\nTrue\n"
    assert said(f"{code}{PARTS}") == f"True [1]\nTrue\n{FOUND}"


@pytest.mark.parametrize(
    "change",
    [
        # A version whose packages are made otherwise.
        "ast.parse = lambda _: ast.Module([], [])",
        # An archive, whose sources are no files.
        "import builtins; builtins.open = lambda *_: (_ for _ in ()).throw(OSError())",
        # A finder that tells less.
        "sys.meta_path.insert(0, type('', (), {'find_spec': lambda self, name, path, target=None:"
        " type(sys.__spec__)(name, None) if name == 'graphql' and target is None"
        " and sys._getframe(1).f_code.co_name == '<genexpr>' else None})())",
    ],
)
def test_another_layout(change: str) -> None:
    code = f"import ast, sys\nparse, opened = ast.parse, open\n{change}\n"
    back = "print('graphql' in sys.modules)\n"
    assert said(f"{code}{PARTS}{back}") == f"{FOUND}True\n"
