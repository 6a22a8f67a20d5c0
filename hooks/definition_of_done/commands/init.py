"""`definition-of-done init`: write what a project needs to start with the hooks today."""

from __future__ import annotations

import os
import shlex

import tomli_w

from definition_of_done import HOME, __version__
from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.files import relative
from definition_of_done.base.text import Text, decode
from definition_of_done.base.words import printable, write
from definition_of_done.commands._init_agent import AGENTS, agent_files
from definition_of_done.commands._init_words import found
from definition_of_done.engine.baseline import counted, dumped
from definition_of_done.engine.config import OWN_FILE, PYPROJECT, Config, find_root, has_table
from definition_of_done.engine.finding import BASELINE_FILE, UNREADABLE
from definition_of_done.engine.git import absolute_variables, work_tree
from definition_of_done.engine.registry import all_rules, enabled, known_ids
from definition_of_done.engine.run import measure
from definition_of_done.engine.session import Session, session_at
from definition_of_done.engine.sight import sights_off
from definition_of_done.engine.writing import diff, encoded, say_written, target, write_all
from definition_of_done.project.discovery import Choice, choose
from definition_of_done.project.migrations.shapes.revision_form import revision_form
from definition_of_done.project.settings import SETTINGS
from definition_of_done.project.sights import sights_of
from definition_of_done.readers.pre_commit import hook_ids, with_entry
from definition_of_done.readers.toml import with_keys, with_top_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from definition_of_done.engine.report import Outcome
    from definition_of_done.engine.rule import Rule

SUITE = "definition-of-done"
DESCRIPTION = (
    "Look where the project in this folder keeps what the hooks read, measure every hook on it, and"
    " write [tool.definition-of-done] in its pyproject.toml, or without one a"
    " definition-of-done.toml, a baseline of what is found today, so that only what is new is"
    " reported, and the entry of .pre-commit-config.yaml at the top of the work tree: all of it, or"
    " nothing. What stands in these files stays. Exit code 0: done; 2: refused, in one line."
)
_HOOKS = ".pre-commit-config.yaml"
_PREK = "prek.toml"
# One of these says that a folder is a project's own.
_MARKS = ("alembic.ini", OWN_FILE, _HOOKS, PYPROJECT)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change as a diff, write nothing"
    )
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument(
        "--agent",
        action="append",
        choices=AGENTS,
        metavar="AGENT",
        help="write what a coding agent needs at the top of the work tree, and nothing else:"
        " agents-md: a block of AGENTS.md; claude: one of CLAUDE.md, and the hooks in"
        " .claude/settings.json; default: none (may be repeated)",
    )
    parts.add_argument(
        "--alembic",
        action="store_true",
        help="also make `alembic revision` write the contract's form: Alembic's own script.py.mako"
        " is replaced, and its settings are extended; what the team changed stays",
    )


def run(options: argparse.Namespace) -> int:
    """Set up the project around the working folder; returns the exit code."""
    try:
        if options.agent:
            return _init_agents(options.agent, options.dry_run)
        return _init(options.dry_run, with_alembic=options.alembic)
    except Unreadable as error:
        place = f"{error.path}:{error.line}:{error.column}"
        raise UsageError(f"{place}: {error.message}; mend it, and run init again") from None


def _init(dry_run: bool, *, with_alembic: bool) -> int:
    top, session = _open()
    hooks = _hooks(top, session)
    files: dict[str, bytes] = {}
    report: list[str] = []
    # Where projects below have tables, a folder without one judges nothing of its own.
    is_project = session.config.is_written or not session.tree.nested
    if is_project and (hooks or not session.config.is_written):
        files, report = _adopted(session, is_asked=bool(hooks), fits_shapes=not with_alembic)
    is_new = bool(files or hooks)
    more, left = _revision_form(session, files, is_asked=with_alembic)
    if with_alembic:
        files |= more
        report += [f"by hand: {printable(line)}\n" for line in left]
    elif is_new and any(path.endswith(".mako") and session.tree.exists(path) for path in more):
        report.append(
            "`alembic revision` can write the contract's form: definition-of-done init --alembic\n"
        )
    written = {_HOOKS: hooks} if hooks else {}
    written |= {session.folder + path: data for path, data in files.items()}
    if not written and not (with_alembic and left):
        write(f"nothing to do: the project is set up; `{SUITE} baseline` accepts findings\n")
        return 0
    if dry_run:
        write("".join(diff(top, written)))
    elif written:
        write_all(top, written)
    write("".join(report))
    if written and not dry_run:
        names = [relative(top.tree.full(path), os.getcwd()) for path in written]
        say_written(names, "set up")
        write("".join(_next(top, names) if is_new else ()))
    return 0


def _init_agents(agents: Sequence[str], dry_run: bool) -> int:
    top, _ = _open()
    texts = agent_files(agents, lambda path: _text(top, path))
    # CLAUDE.md may be a link to AGENTS.md.
    paths = {target(top, path): path for path in texts}.values()
    written = {path: encoded(top, _text(top, path), texts[path]) for path in paths}
    if not written:
        write("nothing to do: the agent is told, and its hooks are set\n")
    elif dry_run:
        write("".join(diff(top, written)))
    else:
        write_all(top, written)
        say_written([relative(top.tree.full(path), os.getcwd()) for path in written], "set up")
    return 0


def _next(top: Session, names: Iterable[str]) -> Iterator[str]:
    """Yield the commands that come next, as they are typed here."""
    uses_prek = os.path.exists(top.tree.full(_PREK))
    stages = "".join(f" --hook-type {stage}" for stage in ("pre-commit", "pre-push"))
    install = f"prek install{stages}" if uses_prek else f"pre-commit install{stages}    # or prek"
    yield "next:\n"
    yield f"    git add {printable(shlex.join(names))}\n"
    yield f"    {install}\n"
    yield f"    {SUITE} doctor\n    {SUITE} status\n"


def _adopted(
    session: Session, *, is_asked: bool, fits_shapes: bool
) -> tuple[dict[str, bytes], list[str]]:
    """The files that adopt the hooks, and the report: what was found, and the table of the hooks.

    Both are empty where all is set up, unless they are asked for.
    """
    choices = list(choose(session, fits_shapes=fits_shapes))
    files = {}
    if choices:
        files[_settings_file(session)] = _project(session, choices)
    before, after, baseline = _measured(session)
    if baseline and not session.tree.exists(BASELINE_FILE):
        files[BASELINE_FILE] = baseline
    if not files and not is_asked:
        return {}, []
    lines = [f"{printable(line)}\n" for line in found(session.with_values())]
    return files, [*lines, _table(session, choices, before, after)]


def _revision_form(
    session: Session, files: dict[str, bytes], *, is_asked: bool
) -> tuple[dict[str, bytes], list[str]]:
    """The files with which Alembic writes the contract's form, and what is left to do by hand."""
    try:
        form = revision_form(session, {path: decode(path, data) for path, data in files.items()})
    except (UsageError, OSError):
        if is_asked:
            raise
        return {}, []
    return {
        path: encoded(session, _text(session, path), text) for path, text in form.texts.items()
    }, form.left


def _open() -> tuple[Session, Session]:
    """The session at the top of the work tree, where runners read, and that of the project.

    The project is the folder in which init is called. Where nothing there says so, it is the folder
    above that has the table.
    """
    cwd = os.path.realpath(os.getcwd())
    absolute_variables(cwd)
    top, root = work_tree(cwd), find_root(cwd, work_tree(cwd))
    if any(os.path.exists(os.path.join(cwd, mark)) for mark in _MARKS) or not has_table(root):
        root = cwd
    session = session_at(root, SETTINGS, None)
    if root == top:
        return session, session
    session.folder = f"{os.path.relpath(root, top).replace(os.sep, '/')}/"
    return Session(top, Config(top, SETTINGS)), session


def _hooks(top: Session, session: Session) -> bytes | None:
    """The hook configuration with the suite's entry, None where it has one of our hooks.

    Raises UsageError where there is no certain place for the entry.
    """
    if top.tree.exists(_PREK):
        if SUITE.encode() in top.tree.read(_PREK):
            return None
        raise UsageError(
            f"{_PREK} goes before {_HOOKS}: add the hook {SUITE} of {HOME} there,"
            " and run init again"
        )
    text = _text(top, _HOOKS)
    # In a workspace of prek, a project's own folder has one, too.
    if (hook_ids(text) | hook_ids(_text(session, _HOOKS))) & {SUITE, *known_ids()}:
        return None
    new = with_entry(text, HOME, f"v{__version__}", SUITE)
    if new is None:
        raise UsageError(
            f"{_HOOKS} lists its repos in a way that cannot be edited with certainty: add the hook"
            f" {SUITE} of {HOME} by hand"
        )
    return encoded(top, text, new)


def _settings_file(session: Session) -> str:
    """The file for the keys: definition-of-done.toml where there is no pyproject.toml."""
    is_own = session.config.file == OWN_FILE or not session.tree.exists(PYPROJECT)
    return OWN_FILE if is_own else PYPROJECT


def _project(session: Session, choices: Sequence[Choice]) -> bytes:
    """The settings with the choices; raises UsageError where there is no certain place."""
    lines = ""
    for choice in choices:
        lines += "".join(f"# {line}\n" for line in choice.reason.splitlines())
        lines += tomli_w.dumps({choice.key: choice.value})
    text = _text(session, _settings_file(session))
    is_own = text.path == OWN_FILE
    new = with_top_keys(text, lines) if is_own else with_keys(text, ("tool", SUITE), lines)
    if new is None:
        keys = ", ".join(choice.key for choice in choices)
        raise UsageError(
            f"{text.path} writes [tool.{SUITE}] in a way that cannot be edited with certainty: set"
            f" {keys} by hand"
        )
    return encoded(session, text, new)


def _text(session: Session, path: str) -> Text:
    return session.tree.text(path) if session.tree.exists(path) else Text(path, "")


def _measured(session: Session) -> tuple[Outcome, Outcome, bytes | None]:
    """The outcome of all hooks without `since`, that of the suite, and the suite's baseline."""
    values = session.config.values
    everything = {key: value for key, value in values.items() if key not in ("since", "ignore")}
    before = session.with_values(everything)
    whole = measure(before, enabled(known_ids(), before.config))
    after = session.with_values()
    suite = measure(after, enabled(known_ids(), after.config))
    return whole, suite, dumped(counted(suite.findings), suite.findings) if suite.findings else None


def _table(session: Session, choices: Sequence[Choice], before: Outcome, after: Outcome) -> str:
    """One line for each hook: the number of its findings now, and what is proposed."""
    rows = [("hook", "findings", "proposed")]
    session = session.with_values()
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
    if rule.is_left_out(session.config):
        return f"off: without {rule.part}"
    ignored = {rule.id, rule.family} & set(session.config["ignore"])
    if ignored and rule.id not in after.ran:
        return f"off: {reasons.get('ignore') or 'ignored'}"
    if rule.id not in after.ran and rule.is_beyond:
        return f'off: beyond the contract, extend-select = ["{rule.family}"]'
    if rule.id not in after.ran:
        return "off: it is run by hand" if rule.stages else "off: not selected"
    if off := sights_off(session, sights_of(rule)):
        return f"off: {reasons.get(off[0]) or f'{off[0]} is empty'}"
    left = _count(after, rule.id)
    if left != "0":
        return "baseline" if left == _count(before, rule.id) else "since, baseline"
    if _count(before, rule.id) != "0":
        return "since"
    return _blindness(session, rule) or "on"


def _blindness(session: Session, rule: Rule) -> str:
    """The thing without which a rule works in vain, where the project has none; else empty."""
    for sight in sights_of(rule):
        try:
            if not sight.seen(session):
                return f"waits: there is no {sight.noun}"
        except Unreadable:
            continue
    return ""
