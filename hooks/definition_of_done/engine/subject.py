"""What rules read: which files or which part of the repository, and how it becomes facts."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # A Generic base at run time would import typing on the path that must stay cheap.
    from typing import Generic, TypeVar

    from definition_of_done.engine.session import Session

    Facts_co = TypeVar("Facts_co", covariant=True)

    class _Subject(Generic[Facts_co]):
        pass
else:

    class _Subject:
        def __class_getitem__(cls, _: object) -> type:
            return cls


def nothing_else(session: Session, path: str) -> None:
    """Stand for the `inputs` of facts that path, bytes and settings make alone."""


class FileSubject(_Subject["Facts_co"]):
    """One file at a time, chosen by its path.

    `suffix` is the cheapest question, asked before the configuration is read, and the coarse
    filter of the manifest, where `usual` may stand for it; `concerns(session, path)` decides;
    `read(session, path)` gives the facts or raises Unreadable; `settings` are the keys that
    `concerns` reads. `inputs(session, path)` is what the facts depend on besides the path, the
    bytes and the settings; None where they depend on more than that, or cost nothing, so that
    verdicts on them are not cached. `leaves_out(session, path)` is true for a file that concerns
    the subject and is not judged all the same; it raises Unreadable, with the path, where that is
    not known.
    """

    def __init__(
        self,
        name: str,
        *,
        suffix: str,
        concerns: Callable[[Session, str], bool],
        read: Callable[[Session, str], Facts_co],
        settings: Sequence[str] = (),
        usual: str = "",
        inputs: Callable[[Session, str], object] | None = None,
        leaves_out: Callable[[Session, str], bool] | None = None,
    ) -> None:
        self.name = name
        self.suffix = suffix
        self.usual = usual or suffix
        self.concerns = concerns
        self.read = read
        self.settings = tuple(settings)
        self.inputs = inputs
        self.leaves_out = leaves_out


class RepositorySubject(_Subject["Facts_co"]):
    """A part of the repository as a whole.

    `concerns(session, path)` says whether a changed or deleted path is part of it; the rule runs
    when one is, or when nothing is staged; `always` lets it run whatever changed.
    `read(session)` gives the facts or raises Unreadable. `diff` is true where the facts are what
    changed since a base, so that there are none without one, or names the part of them that needs
    it. `accept` says how a finding is accepted where it stands at no line that takes a comment.
    """

    def __init__(
        self,
        name: str,
        *,
        diff: bool | str = False,
        concerns: Callable[[Session, str], bool],
        read: Callable[[Session], Facts_co],
        settings: Sequence[str] = (),
        always: bool = False,
        accept: str = "",
    ) -> None:
        self.name = name
        self.diff = diff
        self.concerns = concerns
        self.read = read
        self.settings = tuple(settings)
        self.always = always
        self.accept = accept
