"""`definition-of-done lsp`: the findings of an editor's files, as a language server."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

DESCRIPTION = (
    "Speak the Language Server Protocol on standard input and output: the findings of the hooks"
    " that read a file by itself, when it is opened and saved; the page of the hook on hover; what"
    " --fix would do as a quick fix. It needs pygls, which the extra `lsp` brings:"
    ' pip install "definition-of-done[lsp]".'
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command: there are none."""


def run(_: argparse.Namespace) -> int:
    """Serve until the editor says that it is enough; raises UsageError without pygls."""
    try:
        from definition_of_done.commands._lsp_server import serve
    except ImportError:
        raise UsageError(
            'pygls is not installed, or too old: pip install "definition-of-done[lsp]"'
        ) from None
    serve()
    return 0
