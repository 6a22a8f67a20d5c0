"""The command that does a step which is open, or begins it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import suppress
from os.path import isdir
from posixpath import dirname

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.fixing import resolve
from definition_of_done.engine.git import git
from definition_of_done.engine.session import Session
from definition_of_done.project import boxes
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.api.resources import new_test
from definition_of_done.project.api.workers import read_taskfile
from definition_of_done.project.changelog_style import fragments_folder
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.docs.mentions import listed_paths
from definition_of_done.project.docs.sections import DELTAS
from definition_of_done.project.gates.steps import (
    EXPORTS,
    PAGE,
    RUNS,
    Opened,
    branch_words,
)
from definition_of_done.project.layout import (
    LAYERS,
    MARKDOWN,
    is_migration,
    is_resource_code,
    resource_of,
)
from definition_of_done.project.page_names import slug
from definition_of_done.project.releases.release import asked_level
from definition_of_done.project.releases.versions import read_versions
from definition_of_done.readers.task_commands import Command

_NAME, _EDIT = "definition-of-done", "edit "
# More files than that are added by one word.
_MOST = 3
# A path, and the line behind it.
_PATH = regex(r"(?<![\w@.+/-])((?:[\w@.+-]+/)+[\w@.+-]*|Taskfile\.ya?ml)(?::([0-9]{1,6}))?")


def command_of(session: Session, opened: Opened) -> str:
    """The command for a step that is open in the project of a session, from the run's folder."""
    command = _command(session, opened)
    if command.startswith(_EDIT) or not session.folder:
        return command
    return f"cd {shlex.quote(session.folder.rstrip('/'))} && {command}"


def _command(session: Session, opened: Opened) -> str:
    finding, step = opened.finding, opened.step
    if opened.paths:
        few = len(opened.paths) <= _MOST
        return f"git add {shlex.join(opened.paths) if few else '--all'}"
    if finding is None:
        return _of_fact(session, opened)
    if opened.is_planned:
        return _of_plan(session, step, finding)
    resolve(session, [finding])
    if finding.is_fixable:
        return f"{_NAME} check --fix{_base(session)}"
    begin = EXPORTS if step == EXPORTS else finding.rule
    with suppress(NotEvaluated, Unreadable):
        if begin in _BEGIN and (command := _BEGIN[begin](session, finding)):
            return command
    return _edit(session, finding.spot.path, finding.spot.line)


def _edit(session: Session, path: str, line: int = 1) -> str:
    return f"{_EDIT}{shlex.quote(session.folder + path)}{f':{line}' if line > 1 else ''}"


def plan_command(session: Session) -> str:
    """The command that begins the plan, with the title that the branch's name tells.

    It makes no folder beside the ones that the project has, and is given one.
    """
    command = f'{_NAME} new plan "{branch_words(session).capitalize() or "TITLE"}"'
    above = dirname(session.config["features"])
    is_there = not above or isdir(session.tree.full(above))
    return command if is_there else f"mkdir -p {shlex.quote(above)} && {command}"


def _of_fact(session: Session, opened: Opened) -> str:
    if opened.step in RUNS:
        return f"{_NAME} run -- {session.config[RUNS[opened.step]][0]}"
    if opened.is_refuted and opened.spot:
        return _restore(session, opened.spot.path)
    if opened.is_refuted:
        is_order = opened.step == boxes.PLAN
        return (
            f"git rebase --interactive {session.branch.base}" if is_order else "alembic-roundtrip"
        )
    if opened.step == boxes.PLAN:
        return plan_command(session)
    is_first = opened.step == boxes.MIGRATION
    return (
        _migration(session, branch_words(session)) if is_first else _edit(session, _home(session))
    )


def _of_plan(session: Session, step: str, finding: Finding) -> str:
    """The command for a file or a name that a page plans."""
    name = finding.symbol
    if step == boxes.MIGRATION:
        return _migration(session, name.rpartition("/")[2].removesuffix(".py"))
    if finding.rule == "rbac-backfill-present":
        return _edit(session, session.config["rbac-models"])
    if "/" in name:
        return _edit(session, name)
    listed = _listed_and_left(session, finding.spot.path)
    return _edit(session, listed[0] if listed else _home(session))


def _listed_and_left(session: Session, page: str) -> list[str]:
    """The files that a page lists and the branch has not touched yet."""
    sections = feature_page_of(session, page).all_sections(DELTAS)
    paths = [path for section in sections for path in listed_paths(section)]
    left = session.tree.tracked_set - session.branch.changed.keys()
    return [path for path in paths if path in left]


def _home(session: Session) -> str:
    """The folder of the resources, else of all."""
    return session.config["resources"] or "."


def _migration(session: Session, name: str) -> str:
    """Begin a migration, in the first folder of several; where there is none, Alembic makes it."""
    words = slug(name.lstrip("0123456789_")).replace("-", " ")
    folders = version_folders(session).folders
    choice = f" --folder {shlex.quote(folders[0])}" if len(folders) > 1 else ""
    command = f'{_NAME} new migration "{words or "TITLE"}"{choice}'
    above = dirname(folders[0]) if folders else ""
    is_there = not above or isdir(session.tree.full(above))
    return command if is_there else f"alembic init {shlex.quote(above)} && {command}"


def _model_migration(session: Session, finding: Finding) -> str:
    """Edit the newest migration that the branch has begun, or begin one."""
    letters = session.branch.changed
    begun = [path for path in letters if letters[path] == "A" and is_migration(session, path)]
    return _edit(session, max(begun)) if begun else _migration(session, finding.symbol)


def _exports(session: Session) -> str:
    """The tasks that export the schemas, else the file to export to."""
    exports = session.config["schema-exports"]
    tasks = dict.fromkeys(
        command.task
        for command in read_taskfile(session)
        if isinstance(command, Command)
        and ("export-schema" in command.script or any(path in command.script for path in exports))
    )
    if tasks:
        return " && ".join(f"task {shlex.quote(name)}" for name in tasks)
    return _edit(session, exports[0]) if exports else ""


def _bump(session: Session, finding: Finding) -> str:
    if finding.symbol == fragments_folder(session):
        return _edit(session, f"{finding.symbol}/NAME.md")
    if finding.symbol != "owed":
        return ""
    versions = read_versions(session)
    if versions.kept:
        return _edit(session, versions.kept.path)
    bump = f"{_NAME} bump {asked_level(session) or 'VERSION'}"
    paths = [versions.mkdocs, *(place.path for place in (versions.source, *versions.places))]
    if git(session.root, "status", "--porcelain", "--", *filter(None, paths)):
        # It writes into no file with changes that are not committed.
        return f'git commit --all --message "Before the bump" && {bump}'
    return bump


def _version_page(session: Session, finding: Finding) -> str:
    """Edit the changelog page that a version lacks, or the version that is behind a page."""
    path = finding.symbol
    if not path.endswith(MARKDOWN):
        return ""
    is_behind = path == finding.spot.path
    return _edit(session, read_versions(session).source.path if is_behind else path)


def _restore(session: Session, path: str) -> str:
    return f"git checkout {session.branch.base} -- {shlex.quote(path)}"


def _rename(finding: Finding) -> str:
    return f"git mv {shlex.quote(finding.spot.path)} NAME"


def _backfill(session: Session, finding: Finding) -> str:
    """Edit the script where the enums show that it lacks something."""
    scripts = session.config["backfill-scripts"]
    is_said = finding.spot.path != session.config["rbac-models"]
    return "" if is_said or not scripts else _edit(session, scripts[0])


def _page(session: Session, finding: Finding) -> str:
    """Edit the page of the branch where a migration shows what it does not name, or begin one."""
    pages = [page.path for page in branch_pages(session)]
    if not pages:
        return plan_command(session)
    return "" if finding.spot.path in pages else _edit(session, pages[0])


def _chain(session: Session, finding: Finding) -> str:
    """Plan a resource that no page describes, else edit what it lacks first."""
    is_planned = f".{PAGE}" not in finding.symbol
    return _named_in(session, finding.help) if is_planned else _page(session, finding)


def _named_in(session: Session, text: str) -> str:
    """Edit the file that the advice of a finding elsewhere names first."""
    named = _PATH.search(text)
    return _edit(session, named[1], int(named[2] or 1)) if named else ""


def _test(session: Session, finding: Finding) -> str:
    """Edit the test that is named, else the one that lies where the code does."""
    path = finding.spot.path
    _, *folders, name = path.split("/")
    place = [folder for folder in folders if folder not in LAYERS]
    home = "/".join([session.config["tests"] or "tests", *place])
    if is_resource_code(session, path):
        home = dirname(new_test(session, resource_of(session, path), ""))
    return _named_in(session, finding.help) or _edit(session, f"{home}/test_{name}")


_BEGIN: dict[str, Callable[[Session, Finding], str]] = {
    EXPORTS: lambda session, _: _exports(session),
    "plan-names-revisions": _page,
    "rbac-backfill-present": _backfill,
    "resource-full-chain": _chain,
    "schema-mounted": lambda session, finding: _named_in(session, finding.message),
    "tests-with-code": _test,
    "worker-tasks-registered": lambda session, finding: _named_in(session, finding.help),
    "plan-before-code": lambda session, _: plan_command(session),
    "plan-never-deleted": lambda session, finding: _restore(session, finding.spot.path),
    "feature-plan-filename": lambda _, finding: _rename(finding),
    "model-needs-migration": _model_migration,
    "alembic-filename": lambda _, finding: _rename(finding),
    "semver-level": _bump,
    "version-sync": _version_page,
}


def base_name(session: Session) -> str:
    """A name that leads to the base of the branch, empty where none does."""
    base, named = session.branch.base, session.branch.named_base
    names: tuple[str | None, ...] = (session.config["base"], "main", "master", "origin/HEAD", named)
    for name in filter(None, names if base else ()):
        merge_base = git(session.root, "merge-base", name, "HEAD")
        if merge_base and merge_base.decode().strip() == base:
            return name
    return ""


def _base(session: Session) -> str:
    """The option that names the base of the branch."""
    name = base_name(session)
    return f" --base {shlex.quote(name)}" if name else ""
