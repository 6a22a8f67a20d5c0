"""The subjects of the migration rules."""

from __future__ import annotations

from definition_of_done.engine.rule import FileSubject, RepositorySubject
from definition_of_done.project.alembic import is_alembic_config
from definition_of_done.project.layout import is_code, is_migration, is_test
from definition_of_done.project.migration_subject import FOLDERS, of_migrations
from definition_of_done.project.overlooked import refuse_overlooked
from definition_of_done.project.since import is_left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.ancestry.branch_migrations import BaseMigration
    from definition_of_done.project.migrations.ancestry.graph import Graph
    from definition_of_done.project.migrations.files.migration import Migration
    from definition_of_done.project.migrations.mapped.model_comments import Commented
    from definition_of_done.project.migrations.mapped.unmigrated import Unmigrated
    from definition_of_done.project.migrations.shapes.filename_form import Shaped
    from definition_of_done.project.migrations.source.ddl import Code
    from definition_of_done.project.migrations.tables.concerns import Concerns, EarlierTables
    from definition_of_done.project.migrations.tables.key_indexes import KeyIndex
    from definition_of_done.project.migrations.undoing.reversible import Reversible


def _read_migration(session: Session, path: str) -> Migration:
    from definition_of_done.project.migrations.files.migration import read_shared

    return read_shared(session, path)


MIGRATION: FileSubject[Migration] = of_migrations("migration", _read_migration)


MIGRATION_WITH_REVISION: FileSubject[Migration] = of_migrations(
    "migration with a revision",
    _read_migration,
    judges=lambda migration: migration.revision is not None,
)


def _read_shaped(session: Session, path: str) -> Shaped:
    from definition_of_done.project.migrations.shapes.filename_form import Shaped, filename_form
    from definition_of_done.project.python_version import lowest_python

    migration = _read_migration(session, path)
    return Shaped(migration, filename_form(session, path), lowest_python(session))


def _what_shapes(session: Session, path: str) -> object:
    from definition_of_done.project.migrations.shapes.filename_form import file_template
    from definition_of_done.project.python_version import lowest_python

    return lowest_python(session), file_template(session, path)


SHAPED_MIGRATION: FileSubject[Shaped] = of_migrations(
    "migration with the form of its filename",
    _read_shaped,
    settings=(*FOLDERS, "filename-pattern"),
    inputs=_what_shapes,
    judges=lambda shaped: shaped.migration.revision is not None,
)


def _read_commented(session: Session, path: str) -> Commented:
    from definition_of_done.project.migrations.mapped.model_comments import Commented

    return Commented(_read_migration(session, path), dict(_told_comments(session, path)))


def _told_comments(session: Session, path: str) -> tuple[tuple[str, str], ...]:
    from definition_of_done.project.migrations.mapped.model_comments import told_comments

    return told_comments(session, path)


COMMENTED: FileSubject[Commented] = of_migrations(
    "migration with the comments of models",
    _read_commented,
    inputs=_told_comments,
    judges=lambda commented: commented.migration.revision is not None,
)


def _read_reversible(session: Session, path: str) -> Reversible:
    from definition_of_done.project.migrations.undoing.reversible import Reversible

    return Reversible(session, _read_migration(session, path))


def _answers(session: Session, path: str, asked: Sequence[str]) -> object:
    from definition_of_done.project.migrations.undoing.reversible import answers

    return answers(session, path, asked)


REVERSIBLE: FileSubject[Reversible] = of_migrations(
    "migration with its ancestors",
    _read_reversible,
    answers=_answers,
    judges=lambda reversible: reversible.migration.revision is not None,
)


def _earlier_ties(session: Session, path: str) -> EarlierTables:
    from definition_of_done.project.migrations.tables.concerns import earlier_ties

    return earlier_ties(session, path)


def _read_concerns(session: Session, path: str) -> Concerns:
    from definition_of_done.project.migrations.tables.concerns import NO_CONCERNS, concerns

    migration = _read_migration(session, path)
    if migration.revision is None:
        return NO_CONCERNS
    found = concerns(migration)
    return found if len(found.groups) < 2 else concerns(migration, _earlier_ties(session, path))


CONCERNS: FileSubject[Concerns] = of_migrations(
    "concerns of a migration", _read_concerns, inputs=_earlier_ties
)


def _has_no_index(session: Session, path: str) -> bool:
    data = session.tree.read(path)
    return b"index" not in data.lower() or not (b"oreign" in data or is_migration(session, path))


def _unplanned_indexes(session: Session, path: str) -> tuple[str, ...]:
    from definition_of_done.project.docs.planned_indexes import unplanned_indexes

    return unplanned_indexes(session, path)


def _read_key_indexes(session: Session, path: str) -> list[KeyIndex]:
    if is_migration(session, path):
        from definition_of_done.project.migrations.tables.key_indexes import indexes

        found = [*indexes(_read_migration(session, path))]
        unplanned = _unplanned_indexes(session, path) if found else ()
    elif unplanned := _unplanned_indexes(session, path):
        from definition_of_done.project.docs.planned_indexes import read_model_indexes

        found = read_model_indexes(session, path)
    else:
        return []
    return [index for index in found if index.key in unplanned]


KEY_INDEXES: FileSubject[list[KeyIndex]] = FileSubject(
    "indexes on foreign keys of a migration or a model",
    suffix=".py",
    concerns=lambda session, path: is_migration(session, path) or is_code(path),
    read=_read_key_indexes,
    settings=FOLDERS,
    inputs=_unplanned_indexes,
    leaves_out=is_left_out,
    is_clear=_has_no_index,
    refuses=refuse_overlooked,
    sights=("MIGRATIONS",),
)


_DDL = (b"alter", b"create", b"drop")


def _has_no_ddl(session: Session, path: str) -> bool:
    lower = session.tree.read(path).lower().replace(b"create date:", b"")
    if b"_all" in lower or b"__table__" in lower:
        return False
    # `create_table` is a name; DDL has a blank behind the word.
    return not any(lower.count(word) - lower.count(word + b"_") for word in _DDL)


def _read_code(session: Session, path: str) -> Code:
    from definition_of_done.project.migrations.source.ddl import read_code

    own, others = _kind_of_code(session, path)
    data = session.tree.read(path)
    return read_code(path, data, is_migration=own, has_migrations=others)


def _kind_of_code(session: Session, path: str) -> tuple[bool, bool]:
    """True for a migration, and true where the project has some; only few files ask for these."""
    own = is_migration(session, path)
    data = b"" if own else session.tree.read(path)
    asks = b"_all" in data or b"__table__." in data
    return own, asks and session.cache.keep(
        "has migrations",
        lambda: any(is_migration(session, other) for other in session.tree.tracked),
    )


CODE: FileSubject[Code] = FileSubject(
    "Python file that is no test",
    suffix=".py",
    concerns=lambda _, path: not is_test(path),
    read=_read_code,
    settings=FOLDERS,
    inputs=_kind_of_code,
    leaves_out=is_left_out,
    is_clear=_has_no_ddl,
    sights=("PYTHON",),
)


def _is_migration_or_settings(session: Session, path: str) -> bool:
    return is_alembic_config(session, path) or is_migration(session, path)


def _read_graph(session: Session) -> Graph:
    from definition_of_done.project.migrations.ancestry.graph import read_merged_graph
    from definition_of_done.project.migrations.ancestry.history import (
        read_left_out_if_known,
        read_scans,
    )
    from definition_of_done.project.overlooked import refuse_blindness

    refuse_blindness(session)
    left = read_left_out_if_known(session).paths
    session.tree.scanned.update(node.path for node in read_scans(session) if node.path not in left)
    return read_merged_graph(session)


GRAPH: RepositorySubject[Graph] = RepositorySubject(
    "graph of migrations",
    concerns=_is_migration_or_settings,
    read=_read_graph,
    settings=FOLDERS,
    refuses=refuse_overlooked,
    sights=("MIGRATIONS",),
)


def _read_base_migrations(session: Session) -> list[BaseMigration]:
    from definition_of_done.project.migrations.ancestry.branch_migrations import (
        read_base_migrations,
    )

    return read_base_migrations(session)


BASE_MIGRATIONS: RepositorySubject[list[BaseMigration]] = RepositorySubject(
    "migrations that stand on the base",
    diff=True,
    concerns=is_migration,
    read=_read_base_migrations,
    settings=FOLDERS,
    refuses=refuse_overlooked,
    sights=("MIGRATIONS",),
)


def _read_models(session: Session) -> Unmigrated:
    from definition_of_done.project.migrations.mapped.unmigrated import read_models_changed

    return read_models_changed(session)


MODELS: RepositorySubject[Unmigrated] = RepositorySubject(
    "models that the branch changes",
    diff=True,
    concerns=lambda _, path: is_code(path),
    read=_read_models,
    settings=("versions", "recursive", "alembic-config"),
    sights=("MODELS", "MIGRATIONS"),
)


def _read_roundtrip(session: Session) -> list[Finding]:
    from definition_of_done.project.migrations.team.roundtrip import read_roundtrip

    return read_roundtrip(session)


ROUNDTRIP: RepositorySubject[list[Finding]] = RepositorySubject(
    "migrations on a throw-away database",
    diff=True,
    concerns=_is_migration_or_settings,
    read=_read_roundtrip,
    settings=(
        *FOLDERS,
        "alembic-command",
        "roundtrip-url",
        "roundtrip-all",
        "roundtrip-reuse",
        "roundtrip-rows",
        "roundtrip-locks",
    ),
    refuses=refuse_overlooked,
    sights=("MIGRATIONS",),
)
