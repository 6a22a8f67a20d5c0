"""Chapters 1, 2 and 6 of the contract: the feature pages, which are plans first."""

from definition_of_done.engine.subject import FileSubject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.pages.facts import FeaturePage

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
