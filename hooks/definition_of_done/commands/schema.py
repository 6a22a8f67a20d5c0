"""`definition-of-done schema`: print a JSON Schema that the package carries."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import nearest, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

DESCRIPTION = (
    "Print a JSON Schema: of the configuration, for an editor, or of the JSON that another command"
    " prints."
)
FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "schemas")
CONFIGURATION = "configuration"
_END = ".schema.json"


def names() -> list[str]:
    """The names of the schemas, sorted."""
    return sorted(file.removesuffix(_END) for file in os.listdir(FOLDER) if file.endswith(_END))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        default=CONFIGURATION,
        help=f"{', '.join(names())}; default: {CONFIGURATION}",
    )


def run(options: argparse.Namespace) -> int:
    """Print the schema; raises UsageError for an unknown name."""
    known = names()
    if options.name not in known:
        hint = nearest(options.name, known) or f": {', '.join(known)}"
        raise UsageError(f"schema: unknown name {options.name!r}{hint}")
    with open(os.path.join(FOLDER, options.name + _END), encoding="utf-8") as stream:
        write(stream.read())
    return 0
