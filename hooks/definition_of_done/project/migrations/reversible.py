"""A migration whose missing half can be written, with the project that tells its ancestors."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.filling import Filler
    from definition_of_done.project.migrations.migration import Migration
    from definition_of_done.project.migrations.past import Past


class Reversible:
    """A migration, and what writes the parts of `downgrade` that it lacks."""

    def __init__(self, session: Session, migration: Migration) -> None:
        self.migration = migration
        self.path = migration.path
        self._session = session
        self._past: Past | None = None
        self._filler: Filler | None = None

    @property
    def filler(self) -> Filler:
        """The writer; few migrations lack a half, and its modules are loaded for these."""
        if self._filler is None:
            from definition_of_done.project.migrations.filling import Filler
            from definition_of_done.project.migrations.past import Past

            self._past = Past(self._session, self.migration.path)
            self._filler = Filler(self._past)
        return self._filler

    @property
    def asked(self) -> Sequence[str]:
        """The questions about other files that the writer asked; the first is about the base."""
        return ["", *self._past.asked] if self._past else []
