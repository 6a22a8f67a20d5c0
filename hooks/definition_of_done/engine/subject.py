"""Subjects of rules: the files or the part of the repository that they read, made into facts."""

from __future__ import annotations

from definition_of_done.base.records import About, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from definition_of_done.base.records import Facts_co
    from definition_of_done.engine.session import Session


def nothing_else(session: Session, path: str) -> None:
    """Return no `inputs`: the facts depend on path, bytes and settings alone."""


class FileSubject(Record, About["Facts_co"]):
    """One file at a time, chosen by its path.

    `suffix` is asked before the configuration is read. It filters files in the manifest, too,
    unless `usual` stands there instead. `concerns(session, path)` decides.
    `read(session, path)` returns the facts or raises Unreadable. `settings` are the keys that
    `concerns` reads.
    `inputs(session, path)` returns all that the facts depend on besides the path, the bytes and the
    settings. It is None where verdicts are not cached: the facts depend on more, or cost nothing.
    `answers(session, path, asked)` changes where the answer to a question of `asked` changes.
    The facts of such a subject tell, as `asked`, which questions about other files its rules asked.
    `leaves_out(session, path)` is true for a file that concerns the subject and is not judged all
    the same. It raises Unreadable, with the path, where that is not known.
    `is_clear(session, path)` is true for a file whose bytes show that no rule of the subject can
    find anything in it: to ask for its verdict would take longer.
    `judges(facts)` is false for facts in which no rule of the subject can find anything. The rules
    are not asked then, and count as evaluated.
    `refuses(session, path)` raises UsageError for a file that looks like the subject's, but lies
    where no setting says so: a rule that passes it over would pass for having judged it.
    `sights` name the things without any of which the rules of the subject work in vain.
    """

    name: str
    suffix: str
    concerns: Callable[[Session, str], bool]
    read: Callable[[Session, str], Facts_co]
    settings: Sequence[str] = ()
    usual: str = ""
    inputs: Callable[[Session, str], object] | None = None
    answers: Callable[[Session, str, Sequence[str]], object] | None = None
    leaves_out: Callable[[Session, str], bool] | None = None
    is_clear: Callable[[Session, str], bool] | None = None
    judges: Callable[[Facts_co], bool] | None = None
    refuses: Callable[[Session, str], None] | None = None
    sights: Sequence[str] = ()

    @property
    def shown_suffix(self) -> str:
        """The suffix of the manifest and the documentation."""
        return self.usual or self.suffix


class RepositorySubject(Record, About["Facts_co"]):
    """A part of the repository as a whole.

    `concerns(session, path)` is true for a changed or deleted path that is part of it. A rule runs
    when there is one, or when nothing is staged; with `always` it runs whatever changed.
    `read(session)` returns the facts or raises Unreadable. `diff` is true where the facts are
    changes since a base: there are none without a base. It is a text where only a part of the facts
    needs a base, and names that part. `accept` says how a finding is accepted where it stands at no
    line that takes a comment. `refuses` is as with a FileSubject, for a path that is changed.
    `sights` name the things without any of which the rules work in vain.
    """

    name: str
    concerns: Callable[[Session, str], bool]
    read: Callable[[Session], Facts_co]
    settings: Sequence[str] = ()
    diff: bool | str = False
    always: bool = False
    accept: str = ""
    refuses: Callable[[Session, str], None] | None = None
    sights: Sequence[str] = ()
