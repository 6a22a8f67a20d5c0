"""`definition-of-done init`: write what a project needs to start with the hooks today."""

from __future__ import annotations

import os

from definition_of_done.base.errors import Unreadable, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from definition_of_done.base.text import Text
    from definition_of_done.engine.outcome import Outcome
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session
    from definition_of_done.project.discovery import Choice

REPO = "https://github.com/definition-of-done/definition-of-done"
SUITE = "definition-of-done"
HELP = "adopt the hooks in a project: configuration, hook entry and baseline"
DESCRIPTION = (
    "Look where the project keeps what the hooks read, measure every hook on it, and write the"
    " entry of .pre-commit-config.yaml, [tool.definition-of-done] in pyproject.toml and a baseline"
    " of what is found today, so that only what is new is reported: all of it, or nothing. What"
    " stands in these files stays. Exit code 0: done; 2: refused, in one line."
)
_HOOKS = ".pre-commit-config.yaml"
_PROJECT = "pyproject.toml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change as a diff, write nothing"
    )
    parser.add_argument(
        "--alembic",
        action="store_true",
        help="also make `alembic revision` write the contract's form: Alembic's own script.py.mako"
        " is replaced, and its settings are extended; what the team changed stays",
    )


def run(options: argparse.Namespace) -> int:
    """Set up the project around the working folder; returns the exit code.

    Raises UsageError for what is refused.
    """
    try:
        return _init(options.dry_run, with_alembic=options.alembic)
    except Unreadable as error:
        place = f"{error.path}:{error.line}:{error.column}"
        raise UsageError(f"{place}: {error.message}; mend it, and run init again") from None


def _init(dry_run: bool, *, with_alembic: bool) -> int:
    from definition_of_done.base.printing import printable, write
    from definition_of_done.engine.config import has_table
    from definition_of_done.engine.writing import diff, say_written, write_all

    session, prefix = _open()
    hooks = _hooks(session)
    files: dict[str, bytes] = {}
    report: list[str] = []
    if hooks or not has_table(session.root):
        files, table = _adopted(session, prefix, hooks)
        report.append(table)
        if table:
            report.append("next: definition-of-done doctor says what each hook sees here\n")
    is_new = bool(files)
    more, left = _revision_form(session, files, is_asked=with_alembic)
    if with_alembic:
        files |= more
        report += [f"by hand: {printable(line)}\n" for line in left]
    elif is_new and any(path.endswith(".mako") and session.tree.exists(path) for path in more):
        report.append(
            "`alembic revision` can write the contract's form: definition-of-done init --alembic\n"
        )
    if not files and not left:
        return _nothing()
    if dry_run:
        write("".join(diff(session, files)))
    elif files:
        write_all(session, files)
        say_written(files, "set up")
    write("".join(report))
    return 0


def _adopted(session: Session, prefix: str, hooks: bytes | None) -> tuple[dict[str, bytes], str]:
    """The files that adopt the hooks, none where all is set up, and the table of the hooks."""
    from definition_of_done.engine.finding import BASELINE_FILE
    from definition_of_done.project.discovery import choose

    choices = list(choose(session, prefix))
    files = {_HOOKS: hooks} if hooks else {}
    if choices:
        files[_PROJECT] = _project(session, choices)
    before, after, baseline = _measured(session)
    if baseline and not session.tree.exists(BASELINE_FILE):
        files[BASELINE_FILE] = baseline
    return files, _table(session, choices, before, after) if files else ""


def _revision_form(
    session: Session, files: dict[str, bytes], *, is_asked: bool
) -> tuple[dict[str, bytes], list[str]]:
    """The files with which Alembic writes the contract's form, and what is left to do by hand."""
    from definition_of_done.base.text import decode
    from definition_of_done.project.migrations.revision_form import revision_form

    try:
        form = revision_form(session, {path: decode(path, data) for path, data in files.items()})
    except (UsageError, OSError):
        if is_asked:
            raise
        return {}, []
    return {
        path: _encoded(session, _text(session, path), text) for path, text in form.texts.items()
    }, form.left


def _nothing() -> int:
    from definition_of_done.base.printing import write

    write("nothing to do: the project is set up; `definition-of-done baseline` accepts findings\n")
    return 0


def _open() -> tuple[Session, str]:
    """The session at the top of the work tree, where runners run hooks, and the backend's folder.

    Raises UsageError for a configuration below the top, which no hook would read.
    """
    from definition_of_done.engine.config import find_root, has_table, load_config
    from definition_of_done.engine.git import work_tree
    from definition_of_done.engine.session import Session
    from definition_of_done.project.settings import SETTINGS

    cwd = os.path.realpath(os.getcwd())
    top = work_tree(cwd)
    root = find_root(cwd, top)
    if root != top and has_table(root):
        below = os.path.relpath(root, top).replace(os.sep, "/")
        raise UsageError(
            f"{below}/{_PROJECT} has [tool.{SUITE}], and hooks run at the top of the work tree:"
            f" move the table to the {_PROJECT} there"
        )
    if os.path.exists(os.path.join(top, "prek.toml")):
        raise UsageError(f"prek.toml goes before {_HOOKS}: add the hook {SUITE} of {REPO} there")
    below = os.path.relpath(cwd, top).replace(os.sep, "/")
    return Session(top, load_config(top, SETTINGS)), "" if below == "." else f"{below}/"


def _hooks(session: Session) -> bytes | None:
    """The hook configuration with the suite's entry, None where it has one of our hooks.

    Raises UsageError where there is no certain place for the entry.
    """
    from definition_of_done import __version__
    from definition_of_done.engine.registry import known_ids
    from definition_of_done.readers.pre_commit import hook_ids, with_entry

    text = _text(session, _HOOKS)
    if hook_ids(text) & {SUITE, *known_ids()}:
        return None
    new = with_entry(text, REPO, f"v{__version__}", SUITE)
    if new is None:
        raise UsageError(
            f"{_HOOKS} lists its repos in a way that cannot be edited with certainty: add the hook"
            f" {SUITE} of {REPO} by hand"
        )
    return _encoded(session, text, new)


def _project(session: Session, choices: Sequence[Choice]) -> bytes:
    """pyproject.toml with the choices; raises UsageError where there is no certain place."""
    import tomli_w

    from definition_of_done.readers.toml import with_keys

    lines = ""
    for choice in choices:
        lines += f"# {choice.reason}\n" if choice.reason else ""
        lines += tomli_w.dumps({choice.key: choice.value})
    text = _text(session, _PROJECT)
    new = with_keys(text, ("tool", SUITE), lines)
    if new is None:
        keys = ", ".join(choice.key for choice in choices)
        raise UsageError(
            f"{_PROJECT} writes [tool.{SUITE}] in a way that cannot be edited with certainty: set"
            f" {keys} by hand"
        )
    return _encoded(session, text, new)


def _text(session: Session, path: str) -> Text:
    from definition_of_done.base.text import Text

    return session.tree.text(path) if session.tree.exists(path) else Text(path, "")


def _encoded(session: Session, text: Text, new: str) -> bytes:
    from definition_of_done.base.text import BOM

    has_bom = session.tree.exists(text.path) and session.tree.read(text.path).startswith(BOM)
    return (BOM if has_bom else b"") + new.encode(text.encoding)


def _measured(session: Session) -> tuple[Outcome, Outcome, bytes | None]:
    """The outcome of all hooks without `since`, that of the suite, and the suite's baseline."""
    from definition_of_done.engine.baseline import counted, dumped
    from definition_of_done.engine.registry import enabled, known_ids
    from definition_of_done.engine.run import measure

    values = session.config.values
    everything = {key: value for key, value in values.items() if key not in ("since", "ignore")}
    before = session.with_values(everything)
    found = measure(before, enabled(known_ids(), before.config))
    after = session.with_values(values)
    left = measure(after, enabled(known_ids(), after.config))
    return found, left, dumped(counted(left.findings), left.findings) if left.findings else None


def _table(session: Session, choices: Sequence[Choice], before: Outcome, after: Outcome) -> str:
    """One line for each hook: the number of its findings now, and what is proposed."""
    from definition_of_done.engine.finding import UNREADABLE
    from definition_of_done.engine.registry import all_rules

    rows = [("hook", "findings", "proposed")]
    reasons = {choice.key: choice.reason for choice in choices}
    rules = all_rules()
    rows += [
        (rule.id, _count(before, rule.id), _proposed(session, rule, reasons, before, after))
        for rule in rules
    ]
    pseudo = {finding.rule for finding in before.findings} - {rule.id for rule in rules}
    proposed = {UNREADABLE: "baseline: files that are not judged"}
    rows += [(id, _count(before, id), proposed.get(id, "baseline")) for id in sorted(pseudo)]
    widths = [max(len(row[at]) for row in rows) for at in (0, 1)]
    return "".join(
        f"{hook:{widths[0]}}  {found:>{widths[1]}}  {proposal}\n" for hook, found, proposal in rows
    )


def _count(outcome: Outcome, id: str) -> str:
    return str(sum(finding.rule == id for finding in outcome.findings))


def _proposed(
    session: Session,
    rule: Rule,
    reasons: dict[str, str],
    before: Outcome,
    after: Outcome,
) -> str:
    ignored = {rule.id, rule.family} & set(session.config["ignore"])
    if ignored and rule.id not in after.ran:
        return f"off: {reasons.get('ignore') or 'ignored'}"
    if rule.id not in after.ran:
        return "off: it is run by hand" if rule.stages else "off: not selected"
    # A subject names the key first that it cannot do without.
    key = next(iter(rule.subject.settings), "version-file")
    if key != "version-file" and session.config[key] == "":
        return f"off: {reasons.get(key) or f'{key} is empty'}"
    left = _count(after, rule.id)
    if left != "0":
        return "baseline" if left == _count(before, rule.id) else "since, baseline"
    return "on" if _count(before, rule.id) == "0" else "since"
