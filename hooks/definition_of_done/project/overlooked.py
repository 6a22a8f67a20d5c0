"""Files that look like a rule's kind, and that it does not judge: no setting names their folder."""

from __future__ import annotations

from posixpath import dirname

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.engine.config import OWN_FILE
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.layout import (
    PYPROJECT,
    is_changelog,
    is_changelog_page,
    is_feature_page,
    is_migration,
    shows_migration,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session

# The headings that a page of the contract's form has.
_OF_PLAN = (b"\n## problem", b"\n## out of scope")
_OF_CHANGELOG = (b"\n## highlights", b"\n## versioning notes")


def refuse_overlooked(session: Session, path: str) -> None:
    """Raise UsageError for a file that shows a migration outside of the folders that are known.

    A test is none, nor is an example, a file of a vendored package, or one that is excluded.
    """
    if not path.endswith(".py") or is_migration(session, path):
        return
    if session.config.excludes(path):
        return
    try:
        data = session.tree.read(path)
    except OSError:
        return
    if not _is_shown(path, data):
        return
    from definition_of_done.project.candidates import is_own

    if is_own(path):
        _refuse(session, path)


def _is_shown(path: str, data: bytes) -> bool:
    """True for a migration by its text; code that only writes some is none."""
    if not shows_migration(data):
        return False
    from definition_of_done.readers.bindings import Bindings
    from definition_of_done.readers.python import read_module

    try:
        bound = Bindings(read_module(path, data).tree).bound
    except (Unreadable, RecursionError):
        return False
    return "revision" in bound and "down_revision" in bound


def homeless(session: Session, paths: Iterable[str], rules: Iterable[Rule] | None) -> Iterator[str]:
    """Yield an error for each migration of no project, where a rule would judge it in one.

    None stands for all rules.
    """
    if rules is not None and not any(rule.subject.refuses is refuse_overlooked for rule in rules):
        return
    from definition_of_done.project.candidates import is_own

    python = [path for path in paths if path.endswith(".py") and is_own(path)]
    for path, data in session.tree.read_each(python):
        if _is_shown(path, data):
            yield (
                f"{path} looks like a migration, and no folder above it has a configuration: write"
                f" a {OWN_FILE} there, or exclude it"
            )


def overlooked_folders(session: Session) -> set[str]:
    """The folders of migrations that neither a setting nor Alembic's configuration names."""
    from definition_of_done.project.candidates import own_files

    return {
        dirname(path)
        for path, data in session.tree.read_each(own_files(session, ".py"))
        if _is_shown(path, data) and not is_migration(session, path)
    }


def refuse_plan(session: Session, path: str) -> None:
    """Raise UsageError for a feature page, with a date in its name, where no folder has any."""
    name = _numbered_page(path)
    if not name or session.config.is_set("features"):
        return
    from definition_of_done.project.page_names import filename_fault

    if filename_fault(name) is None and _is_page_alone(session, path, is_feature_page, _OF_PLAN):
        _refuse_page(path, "features", "feature page")


def refuse_changelog(session: Session, path: str) -> None:
    """Raise UsageError for the changelog of a Python project, or a page, where none is known."""
    if session.config.is_set("changelog"):
        return
    from definition_of_done.project.changelog_style import has_entries, is_called_changelog

    if is_called_changelog(path) and _is_of_python(session, path):
        if _is_page_alone(session, path, is_changelog, ()) and has_entries(session.tree.read(path)):
            _refuse_page(path, "changelog", "changelog")
    elif name := _numbered_page(path):
        from definition_of_done.project.schemes import SEMVER

        is_versioned = SEMVER.is_version(name.removesuffix(".md"))
        if is_versioned and _is_page_alone(session, path, is_changelog_page, _OF_CHANGELOG):
            _refuse_page(path, "changelog", "changelog page")


def _is_of_python(session: Session, path: str) -> bool:
    """True beside the file of a Python project: those of a frontend's packages are their own."""
    folder, mark, _ = path.rpartition("/")
    return any(session.tree.exists(folder + mark + name) for name in (PYPROJECT, "setup.py"))


def _numbered_page(path: str) -> str:
    """The name of a page that starts with a digit, empty for any other file."""
    name = path.rpartition("/")[2]
    return name if name[:1].isdigit() and name.endswith(".md") else ""


def _is_page_alone(
    session: Session,
    path: str,
    is_page: Callable[[Session, str], bool],
    headings: tuple[bytes, ...],
) -> bool:
    """True for a file with the headings of a page, where no page is known."""
    from definition_of_done.project.candidates import is_own

    if is_page(session, path) or not is_own(path) or session.config.excludes(path):
        return False
    if session.cache.keep(
        f"known to {is_page.__name__}",
        lambda: any(is_page(session, known) for known in session.tree.tracked),
    ):
        return False
    try:
        text = session.tree.read(path).lower()
    except OSError:
        return False
    return all(heading in text for heading in headings)


def _refuse_page(path: str, key: str, noun: str) -> None:
    raise UsageError(
        f"{path} looks like a {noun}, and no setting names its folder: set {key} in"
        " [tool.definition-of-done], or exclude it"
    )


def refuse_blindness(session: Session) -> None:
    """Raise UsageError where no migration is known, and a file shows that there are some."""
    from definition_of_done.project.candidates import own_files

    folders = version_folders(session)
    if any(folders.hold(path) for path in session.tree.tracked):
        return
    for path, data in session.tree.read_each(own_files(session, ".py")):
        if _is_shown(path, data):
            _refuse(session, path)


def _refuse(session: Session, path: str) -> None:
    folder = version_folders(session).innermost(path)
    if not folder:
        raise UsageError(
            f"{path} looks like a migration, and no setting names its folder: set versions or"
            " alembic-config in [tool.definition-of-done], or exclude it"
        )
    if _is_empty(session, folder):
        raise UsageError(
            f"no migration lies directly in {folder}, and {path} lies deeper: set recursive = true"
            " in [tool.definition-of-done], or name its folder in versions"
        )


def _is_empty(session: Session, folder: str) -> bool:
    """True where no migration lies directly in a folder, so that Alembic would find none there."""
    held = version_folders(session).hold
    return session.cache.keep(
        f"no migration in {folder}",
        lambda: (
            not any(
                (dirname(path) or ".") == folder and held(path) for path in session.tree.tracked
            )
        ),
    )
