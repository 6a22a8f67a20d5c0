"""The subjects of the rules about resources."""

from __future__ import annotations

from definition_of_done.engine.config import SETTINGS_FILES
from definition_of_done.engine.rule import RepositorySubject
from definition_of_done.project.layout import (
    TASK,
    is_backfill,
    is_changelog,
    is_export,
    is_feature_page,
    is_in_tests,
    is_layer,
    is_migration,
    is_resource_code,
    is_test,
    named_layer,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.api.exports import ExportDifference
    from definition_of_done.project.api.mounts import Unmounted
    from definition_of_done.project.api.rbac import Differences
    from definition_of_done.project.api.untested import UntestedCode
    from definition_of_done.project.api.workers import TaskFaults
    from definition_of_done.project.releases.backfill import Backfill
    from definition_of_done.project.releases.chain import Chains


def _is_tested_or_test(session: Session, path: str) -> bool:
    """True for code, and for a test: a deleted one may leave code untested."""
    if not path.endswith(".py") or not session.config["resources"]:
        return False
    if is_test(path) or not is_resource_code(session, path):
        return True
    return is_layer(session, path) or named_layer(session, path) == TASK


def _is_code_or_yaml(session: Session, path: str) -> bool:
    """True for code of a resource, and for YAML, which may be a Taskfile or included in one."""
    return path.endswith((".yml", ".yaml")) or is_resource_code(session, path)


def _read_task_faults(session: Session) -> TaskFaults:
    from definition_of_done.project.api.workers import read_task_faults

    return read_task_faults(session)


TASKS: RepositorySubject[TaskFaults] = RepositorySubject(
    "worker tasks and the workers of the Taskfile",
    concerns=_is_code_or_yaml,
    read=_read_task_faults,
    settings=("resources", "resources-ignore", "taskfile"),
    sights=("TASKS", "WORKERS"),
)


def _read_unmounted(session: Session) -> list[Unmounted]:
    from definition_of_done.project.api.mounts import read_unmounted

    return read_unmounted(session)


UNMOUNTED: RepositorySubject[list[Unmounted]] = RepositorySubject(
    "resolvers of the resources and the schema module",
    concerns=is_resource_code,
    read=_read_unmounted,
    settings=("resources", "resources-ignore"),
    sights=("RESOURCES", "SCHEMAS"),
)


def _read_export_differences(session: Session) -> list[ExportDifference]:
    from definition_of_done.project.api.exports import read_export_differences

    return read_export_differences(session)


EXPORTS: RepositorySubject[list[ExportDifference]] = RepositorySubject(
    "exported schemas and the code that they are exported from",
    concerns=lambda session, path: is_export(session, path) or is_resource_code(session, path),
    read=_read_export_differences,
    settings=("resources", "schema-exports"),
    sights=("EXPORTS", "RESOURCES"),
)


def _read_untested(session: Session) -> UntestedCode:
    from definition_of_done.project.api.untested import read_untested

    return read_untested(session)


UNTESTED: RepositorySubject[UntestedCode] = RepositorySubject(
    "code of the resources that the branch changes, and its tests",
    diff=True,
    concerns=_is_tested_or_test,
    read=_read_untested,
    settings=("resources", "resources-ignore", "scripts", "tests"),
    sights=("RESOURCES", "TESTS"),
)


def _read_differences(session: Session) -> Differences:
    from definition_of_done.project.api.rbac import read_differences

    return read_differences(session)


RBAC: RepositorySubject[Differences] = RepositorySubject(
    "enums Path and Resource",
    concerns=lambda session, path: path in (session.config["rbac-models"], *SETTINGS_FILES),
    read=_read_differences,
    settings=("rbac-models", "rbac-exempt"),
    sights=("MEMBERS",),
)


def _is_backfilled(session: Session, path: str) -> bool:
    if path == session.config["rbac-models"] or is_backfill(session, path):
        return True
    if not path.endswith(".md"):
        return False
    return is_feature_page(session, path) or is_changelog(session, path)


def _read_backfill(session: Session) -> Backfill:
    from definition_of_done.project.releases.backfill import read_backfill

    return read_backfill(session)


BACKFILL: RepositorySubject[Backfill] = RepositorySubject(
    "backfill of the enums Path and Resource",
    diff="who names the script",
    concerns=_is_backfilled,
    read=_read_backfill,
    settings=("rbac-models", "backfill-scripts", "features", "changelog", "changelog-style"),
    sights=("MEMBERS", "BACKFILLS"),
)


def _is_of_chain(session: Session, path: str) -> bool:
    """True for a part of a resource, and for a file that may show that a resource has one."""
    if not path.endswith(".py"):
        exports = session.config["schema-exports"]
        return path in (*SETTINGS_FILES, *exports) or is_feature_page(session, path)
    return (
        is_resource_code(session, path)
        or is_test(path)
        or is_in_tests(session, path)
        or is_migration(session, path)
    )


def _read_chains(session: Session) -> Chains:
    from definition_of_done.project.releases.chain import read_chains

    return read_chains(session)


CHAINS: RepositorySubject[Chains] = RepositorySubject(
    "resources and what they are wired through",
    concerns=_is_of_chain,
    read=_read_chains,
    settings=(
        *("resources", "resources-ignore", "tests", "features", "schema-exports"),
        *("versions", "alembic-config"),
    ),
    accept="a link that a resource goes without is waived with its reason:"
    ' `waive = { delete = "credits are immutable" }` in'
    " `[tool.definition-of-done.resources.vendor_credits]`",
    sights=("RESOURCES",),
)
