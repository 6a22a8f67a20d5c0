"""The form of a migration's filename: by the settings, by the team's Alembic, or the contract's."""

from __future__ import annotations

import posixpath

from definition_of_done.base.errors import UsageError
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.layout import PYPROJECT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.files.migration import Migration
    from definition_of_done.project.migrations.shapes.naming import FilenameForm

# A line that is commented out starts with another character.
_LINES = (b"\nfile_template", b"\ntruncate_slug_length")


class Shaped(NamedTuple):
    """A migration, the form of its filename, and the oldest Python 3 that may load it, if told."""

    migration: Migration
    form: FilenameForm
    lowest_python: int | None


def filename_form(session: Session, path: str) -> FilenameForm:
    """The form of a migration's filename: the key's, else Alembic's, else the contract's."""
    from definition_of_done.project.migrations.shapes.naming import form_of

    template, slug_length = file_template(session, path)
    pattern: str | None = session.config["filename-pattern"]
    return form_of(template if pattern is None else pattern, slug_length)


def file_template(session: Session, path: str) -> tuple[str, int]:
    """The `file_template` for a migration and the most characters of a slug, if they are set."""
    from definition_of_done.project.alembic_search import config_of, section_of

    config = config_of(session, path)
    section = section_of(session, config, path)
    return session.cache.keep(
        f"file template of [{section}] in {config}", lambda: _template_in(session, config, section)
    )


def _template_in(session: Session, path: str, section: str) -> tuple[str, int]:
    ini = _read(session, path)
    pyproject = _read(session, posixpath.join(posixpath.dirname(path), PYPROJECT))
    if b"tool.alembic" not in pyproject:
        pyproject = b""
    if not any(line in ini or line[1:] in pyproject for line in _LINES):
        return "", 0

    def read() -> list[str]:
        from definition_of_done.readers.alembic_config import read_alembic_config

        try:
            alembic = read_alembic_config(
                session.root, path, session.tree.read_checked_out, section
            )
        except UsageError:
            # Whoever asks for the folders of migrations says it, where the file is needed.
            return ["0", ""]
        return [str(alembic.slug_length), alembic.template]

    kind = repr(("file template", path, section, pyproject))
    length, template = session.cache.recall_names(kind, ini, read)
    return template, int(length)


def _read(session: Session, path: str) -> bytes:
    try:
        return session.tree.read_checked_out(path)
    except OSError:
        return b""
