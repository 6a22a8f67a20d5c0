"""Chapters 1, 2 and 6 of the contract: the feature pages, which are plans first."""

from definition_of_done.engine.subject import FileSubject, RepositorySubject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.pages.facts import FeaturePage
    from definition_of_done.pages.gone_facts import Gone
    from definition_of_done.pages.plan_facts import Addition
    from definition_of_done.pages.question_facts import Asked

# Both are the overview of their folder on a MkDocs site.
_OVERVIEWS = ("index.md", "README.md")


def is_feature_page(session: "Session", path: str) -> bool:
    """Whether the path is a page directly in the folder of the feature pages."""
    folder, _, name = path.rpartition("/")
    return (
        name.endswith(".md")
        and name not in _OVERVIEWS
        and bool(folder)
        and folder == session.config["features"]
    )


def read_feature_page(session: "Session", path: str) -> "FeaturePage":
    """The facts of a feature page of the new side; raises Unreadable and OSError."""
    from definition_of_done.pages.facts import read_feature_page

    extra = session.config["feature-sections"]
    return session.keep(
        f"feature page {path}", lambda: read_feature_page(path, session.read(path), extra)
    )


FEATURE_PAGE: "FileSubject[FeaturePage]" = FileSubject(
    "feature page",
    suffix=".md",
    concerns=is_feature_page,
    read=read_feature_page,
    settings=("features",),
)


def _read_name(session: "Session", path: str) -> str:
    if not session.exists(path):
        raise FileNotFoundError(path)
    return path


FEATURE_NAME: "FileSubject[str]" = FileSubject(
    "path of a feature page",
    suffix=".md",
    concerns=is_feature_page,
    read=_read_name,
    settings=("features",),
)


def _is_code_or_page(session: "Session", path: str) -> bool:
    from definition_of_done.migrations import is_test

    return (path.endswith(".py") and not is_test(path)) or is_feature_page(session, path)


def _read_unplanned(session: "Session") -> "list[Addition]":
    from definition_of_done.pages.plan_facts import read_unplanned

    return read_unplanned(session)


UNPLANNED: "RepositorySubject[list[Addition]]" = RepositorySubject(
    "what the branch adds without a plan",
    concerns=_is_code_or_page,
    read=_read_unplanned,
    settings=("features", "resources", "versions"),
)


def _is_migration_or_page(session: "Session", path: str) -> bool:
    from definition_of_done.migrations import is_migration

    return path == "alembic.ini" or is_feature_page(session, path) or is_migration(session, path)


def _read_unnamed(session: "Session") -> "list[Addition]":
    from definition_of_done.pages.plan_facts import read_unnamed

    return read_unnamed(session)


UNNAMED: "RepositorySubject[list[Addition]]" = RepositorySubject(
    "revisions that no feature page names",
    concerns=_is_migration_or_page,
    read=_read_unnamed,
    settings=("features", "versions", "since"),
)


def _read_gone(session: "Session") -> "list[Gone]":
    from definition_of_done.pages.gone_facts import read_gone

    return read_gone(session)


GONE: "RepositorySubject[list[Gone]]" = RepositorySubject(
    "feature pages that the branch takes away",
    concerns=is_feature_page,
    read=_read_gone,
    settings=("features",),
)


def _read_asked(session: "Session") -> "list[Asked]":
    from definition_of_done.pages.question_facts import read_asked

    return read_asked(session)


ASKED: "RepositorySubject[list[Asked]]" = RepositorySubject(
    "open questions of the branch",
    concerns=lambda session, _: bool(session.config["features"]),
    read=_read_asked,
    settings=("features", "resources", "versions", "mkdocs"),
)
