"""What rules read: which files or which part of the repository, and how it becomes facts."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # A Generic base at run time would import typing on the path that must stay cheap.
    from typing import Any, Generic, TypeVar

    from definition_of_done.engine.session import Session

    Facts_co = TypeVar("Facts_co", covariant=True)

    class _Subject(Generic[Facts_co]):
        pass
else:

    class _Subject:
        def __class_getitem__(cls, _: object) -> type:
            return cls


def nothing_else(session: "Session", path: str) -> None:
    """The `inputs` of facts that the path, the bytes and the settings make."""


def late(place: str) -> "Callable[..., Any]":
    """The function `module:name`, imported when it is first called."""

    def call(*args: "Any") -> "Any":
        module, _, name = place.partition(":")
        # importlib's own function imports warnings, too.
        return getattr(__import__(module, fromlist=(name,)), name)(*args)

    return call


class FileSubject(_Subject["Facts_co"]):
    """One file at a time, chosen by its path.

    `suffix` is the cheapest question, asked before the configuration is read, and the coarse
    filter of the manifest, where `usual` may stand for it; `concerns(session, path)` decides;
    `read(session, path)` gives the facts or raises Unreadable; `settings` are the keys that
    `concerns` reads. `inputs(session, path)` is what the facts depend on besides the path, the
    bytes and the settings; None where they depend on more than that, or cost nothing, so that
    verdicts on them are not cached.
    """

    def __init__(
        self,
        name: str,
        *,
        suffix: str,
        concerns: "Callable[[Session, str], bool]",
        read: "Callable[[Session, str], Facts_co]",
        settings: "Sequence[str]" = (),
        usual: str = "",
        inputs: "Callable[[Session, str], object] | None" = None,
    ) -> None:
        self.name = name
        self.suffix = suffix
        self.usual = usual or suffix
        self.concerns = concerns
        self.read = read
        self.settings = tuple(settings)
        self.inputs = inputs


class RepositorySubject(_Subject["Facts_co"]):
    """A part of the repository as a whole.

    `concerns(session, path)` says whether a changed or deleted path is part of it; the rule runs
    when one is, or when nothing is staged; `always` lets it run whatever changed.
    `read(session)` gives the facts or raises Unreadable. `diff` is true where the facts are what
    changed since a base, so that there are none without one, or names the part of them that needs
    it. `accept` says how a finding is accepted where it stands at no line that takes a comment.
    `outside` is true where the facts depend on more than the session is asked, so that what the
    rules conclude from them is not kept.
    """

    def __init__(
        self,
        name: str,
        *,
        diff: "bool | str" = False,
        concerns: "Callable[[Session, str], bool]",
        read: "Callable[[Session], Facts_co]",
        settings: "Sequence[str]" = (),
        always: bool = False,
        accept: str = "",
        outside: bool = False,
    ) -> None:
        self.name = name
        self.diff = diff
        self.concerns = concerns
        self.read = read
        self.settings = tuple(settings)
        self.always = always
        self.accept = accept
        self.outside = outside
