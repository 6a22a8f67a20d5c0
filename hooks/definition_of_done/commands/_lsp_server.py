"""The language server of an editor; no other module imports pygls."""

from __future__ import annotations

import os
from functools import partial

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from definition_of_done import __version__
from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import relative
from definition_of_done.base.text import Text
from definition_of_done.engine.explanation import explain
from definition_of_done.engine.fixing import resolve
from definition_of_done.engine.git import is_in_work_tree
from definition_of_done.engine.overlay import Overlay
from definition_of_done.engine.registry import enabled, known_ids, load_rule
from definition_of_done.engine.rule import FileSubject
from definition_of_done.engine.run import run
from definition_of_done.project.settings import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session

_NAME = "definition-of-done"


def _is_of_project(uri: str) -> bool:
    """True for a file of a repository; a text without a file is of none."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return bool(path) and is_in_work_tree(os.path.dirname(os.path.realpath(path or "")))


def serve() -> None:
    """Serve on standard input and output."""
    server = LanguageServer(
        _NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full
    )
    view = _View(server)
    answers: dict[str, Callable[[Any], object]] = {
        types.TEXT_DOCUMENT_DID_OPEN: view.judge,
        types.TEXT_DOCUMENT_DID_SAVE: view.judge,
        types.TEXT_DOCUMENT_DID_CLOSE: view.forget,
        types.TEXT_DOCUMENT_HOVER: view.tell,
        types.TEXT_DOCUMENT_CODE_ACTION: view.fix,
    }
    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    for name, answer in answers.items():
        options = kinds if answer == view.fix else None
        # pygls gives each function attributes, which a method takes none of.
        server.feature(name, options)(partial(answer))
    server.start_io()


class _View:
    """The findings of the files that are open, as the editor has them."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._told: dict[str, list[tuple[types.Range, Finding]]] = {}

    def judge(
        self, params: types.DidOpenTextDocumentParams | types.DidSaveTextDocumentParams
    ) -> None:
        """Tell the editor the findings of a file."""
        uri = params.text_document.uri
        if not _is_of_project(uri):
            return
        try:
            _, findings = self._findings(uri)
        except UsageError as error:
            message = types.ShowMessageParams(types.MessageType.Error, f"{_NAME}: {error}")
            self._server.window_show_message(message)
            findings = []
        text = self._text(uri)
        self._told[uri] = [(self._range(text, finding), finding) for finding in findings]
        self._publish(uri)

    def forget(self, params: types.DidCloseTextDocumentParams) -> None:
        """Take the findings of a file away."""
        self._told.pop(params.text_document.uri, None)
        self._publish(params.text_document.uri)

    def tell(self, params: types.HoverParams) -> types.Hover | None:
        """The pages of the hooks that found something on a line."""
        line = params.position.line
        found = [
            (range, finding.rule)
            for range, finding in self._told.get(params.text_document.uri, ())
            if range.start.line <= line <= range.end.line and finding.rule in known_ids()
        ]
        if not found:
            return None
        pages = [f"{id}\n\n{explain(load_rule(id))}" for id in dict.fromkeys(id for _, id in found)]
        content = types.MarkupContent(types.MarkupKind.PlainText, "\n".join(pages))
        return types.Hover(content, found[0][0])

    def fix(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """The quick fixes of the findings in a range, for the text as it is now."""
        uri = params.text_document.uri
        if not _is_of_project(uri):
            return []
        try:
            session, findings = self._findings(uri)
        except UsageError:
            return []
        text = self._text(uri)
        here = []
        for finding in findings:
            range = self._range(text, finding)
            if (
                range.start.line <= params.range.end.line
                and params.range.start.line <= range.end.line
            ):
                here.append(finding)
        resolve(session, here)
        return [self._action(session, uri, finding) for finding in here if finding.edits]

    def _findings(self, uri: str) -> tuple[Session, list[Finding]]:
        """The findings in a file as the editor has it; raises UsageError outside of a project."""
        full = os.path.realpath(uris.to_fs_path(uri) or "")
        session = open_project(os.path.dirname(full))
        path = relative(full, session.root)
        tree = Overlay(session)
        tree.written[path] = self._text(uri).text.encode("utf-8", "replace")
        session.tree = tree
        rules = [
            rule
            for rule in enabled(known_ids(), session.config)
            if isinstance(rule.subject, FileSubject)
        ]
        outcome = run(session, rules, [path])
        return session, [finding for finding in outcome.findings if finding.spot.path == path]

    def _text(self, uri: str) -> Text:
        return Text(uri, self._server.workspace.get_text_document(uri).source)

    def _publish(self, uri: str) -> None:
        diagnostics = [
            types.Diagnostic(
                range=range,
                severity=types.DiagnosticSeverity.Warning
                if finding.is_warning
                else types.DiagnosticSeverity.Error,
                code=finding.rule,
                source=_NAME,
                message="\n".join(filter(None, (finding.message, finding.help))),
            )
            for range, finding in self._told.get(uri, ())
        ]
        told = types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics)
        self._server.text_document_publish_diagnostics(told)

    def _action(self, session: Session, uri: str, finding: Finding) -> types.CodeAction:
        changes: dict[str, list[types.TextEdit]] = {}
        for edit in finding.edits:
            text = session.tree.text(edit.path)
            is_here = edit.path == finding.spot.path
            place = uri if is_here else uris.from_fs_path(session.tree.full(edit.path)) or ""
            ends = types.Range(self._place(text, edit.start), self._place(text, edit.end))
            changes.setdefault(place, []).append(types.TextEdit(ends, text.written(edit)))
        advice = finding.help.partition("\n")[0] or finding.message
        return types.CodeAction(
            title=f"{finding.rule}: {advice}",
            kind=types.CodeActionKind.QuickFix,
            edit=types.WorkspaceEdit(changes=changes),
        )

    def _range(self, text: Text, finding: Finding) -> types.Range:
        """The place of a finding; to the end of its line where it has no end."""
        spot = finding.spot
        end = spot.end or (spot.line, len(text.line(spot.line)) + 1)
        return types.Range(self._position(text, spot.line, spot.column), self._position(text, *end))

    def _place(self, text: Text, offset: int) -> types.Position:
        spot = text.spot(offset)
        return self._position(text, spot.line, spot.column)

    def _position(self, text: Text, line: int, column: int) -> types.Position:
        """A position in the units that the editor counts."""
        codec = self._server.workspace.position_codec
        before = text.text[text.offset(line) : text.offset(line, column)]
        return types.Position(line - 1, codec.client_num_units(before))
