"""A migration whose missing half can be written, with the project that tells its ancestors."""

from __future__ import annotations

from functools import cached_property

from definition_of_done.base.errors import Refused
from definition_of_done.project.database import OTHERS, is_on_postgresql

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.ancestry.past import Past
    from definition_of_done.project.migrations.files.migration import Migration
    from definition_of_done.project.migrations.undoing.filling import Filler

# The question about the database; no name in a migration holds a line feed.
_DATABASE = "the database\n"


class Reversible:
    """A migration, and the writer of the parts that its `downgrade` lacks."""

    def __init__(self, session: Session, migration: Migration) -> None:
        self.migration = migration
        self._session = session
        self._past: Past | None = None
        self._asks_database = False

    @cached_property
    def filler(self) -> Filler:
        """The writer, loaded when it is asked for: few migrations lack a half."""
        from definition_of_done.project.migrations.undoing.filling import Filler

        return Filler(self.ancestors())

    @property
    def is_on_postgresql(self) -> bool:
        """True where the project talks to PostgreSQL, whatever else it talks to.

        A folder may hold the migrations of another of its databases.
        """
        if not OTHERS.isdisjoint(self.migration.path.split("/")):
            return False
        self._asks_database = True
        return is_on_postgresql(self._session)

    def may_share_type(self, name: str) -> bool:
        """True where an ancestor may have made the enum type of that name."""
        try:
            self.ancestors().refuse_shared_type(name)
        except Refused:
            return True
        return False

    def ancestors(self) -> Past:
        """The state that its ancestors leave; read when it is first asked."""
        if self._past is None:
            from definition_of_done.project.migrations.ancestry.past import Past

            self._past = Past(self._session, self.migration.path)
        return self._past

    @property
    def asked(self) -> Sequence[str]:
        """The questions about other files: about the database, the base, and names in ancestors."""
        asked = ["", *self._past.asked] if self._past else []
        return [_DATABASE, *asked] if self._asks_database else asked


def answers(session: Session, path: str, asked: Sequence[str]) -> object:
    """The answers to what was asked: the verdict on a migration depends on them and its file."""
    from definition_of_done.project.migrations.ancestry import lineage

    others = [question for question in asked if question != _DATABASE]
    is_there = len(others) < len(asked) and is_on_postgresql(session)
    return is_there, lineage.answers(session, path, others) if others else None
