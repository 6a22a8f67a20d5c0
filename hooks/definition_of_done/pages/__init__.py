"""Chapters 1, 2 and 6 of the contract: the feature pages, which are plans first, and the site."""

from definition_of_done.engine.subject import FileSubject, RepositorySubject, late, nothing_else

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.engine.text import Text
    from definition_of_done.pages.delta_facts import Deltas
    from definition_of_done.pages.facts import FeaturePage
    from definition_of_done.pages.final_facts import Final
    from definition_of_done.pages.gone_facts import Gone
    from definition_of_done.pages.link_facts import BrokenLink
    from definition_of_done.pages.nav_facts import Wiring
    from definition_of_done.pages.plan_facts import Addition
    from definition_of_done.pages.question_facts import Asked
    from definition_of_done.pages.surface_facts import Surface
    from definition_of_done.pages.worker_facts import Unnamed
    from definition_of_done.readers.site import Site

# In the order in which they are looked for: a team that wrote the first has moved on.
SITE_FILES = ("zensical.toml", "mkdocs.yml", "mkdocs.yaml")
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
    from definition_of_done.pages.facts import feature_page
    from definition_of_done.readers.markdown import recall_page

    extra = session.config["feature-sections"]
    # Who asks has read the file, whoever parsed it: suppressions in it are then judged.
    data = session.read(path)
    return session.keep(
        f"feature page {path}",
        lambda: feature_page(path, recall_page(session, path, data), extra),
    )


FEATURE_PAGE: "FileSubject[FeaturePage]" = FileSubject(
    "feature page",
    suffix=".md",
    concerns=is_feature_page,
    read=read_feature_page,
    settings=("features",),
    inputs=nothing_else,
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


UNPLANNED: "RepositorySubject[list[Addition]]" = RepositorySubject(
    "what the branch adds without a plan",
    diff=True,
    concerns=_is_code_or_page,
    read=late("definition_of_done.pages.plan_facts:read_unplanned"),
    settings=("features", "resources", "resources-ignore", "versions", "since"),
)


def _is_migration_or_page(session: "Session", path: str) -> bool:
    from definition_of_done.migrations import is_migration

    return (
        path == session.config["alembic-config"]
        or is_feature_page(session, path)
        or is_migration(session, path)
    )


UNNAMED: "RepositorySubject[list[Addition]]" = RepositorySubject(
    "revisions that no feature page names",
    concerns=_is_migration_or_page,
    read=late("definition_of_done.pages.plan_facts:read_unnamed"),
    settings=("features", "versions", "alembic-config", "since"),
)

GONE: "RepositorySubject[list[Gone]]" = RepositorySubject(
    "feature pages that the branch takes away",
    diff=True,
    concerns=is_feature_page,
    read=late("definition_of_done.pages.gone_facts:read_gone"),
    settings=("features",),
    accept="a page that is gone has no line for a comment: put it back",
)

ASKED: "RepositorySubject[list[Asked]]" = RepositorySubject(
    "open questions of the branch",
    diff=True,
    concerns=lambda session, path: not path.endswith(".md") or is_feature_page(session, path),
    read=late("definition_of_done.pages.question_facts:read_asked"),
    settings=("features", "resources", "versions", "since", "mkdocs"),
)


def site_path(session: "Session") -> str:
    """The file that configures the site, empty where the team says that there is none."""
    configured: str | None = session.config["mkdocs"]
    if configured is not None:
        return configured
    return next((path for path in SITE_FILES if session.exists(path)), "mkdocs.yml")


def is_site_file(session: "Session", path: str) -> bool:
    """Whether the path configures the site, or did until it was deleted."""
    configured = session.config["mkdocs"]
    return path in (SITE_FILES if configured is None else (configured,))


def read_site(session: "Session") -> "Site | None":
    """What the site's configuration says, None where there is none; raises Unreadable."""
    return session.keep("site", lambda: _read_site(session))


def _read_site(session: "Session") -> "Site | None":
    path = site_path(session)
    if not path or not session.exists(path):
        return None
    from definition_of_done.readers.site import read_site

    def load(path: str) -> "Text | None":
        return session.text(path) if session.exists(path) else None

    return read_site(path, load)


def _is_on_site(session: "Session", path: str) -> bool:
    """Whether the path is a page or an asset of the site, or a file that configures it."""
    if is_site_file(session, path):
        return True
    folder, inherited = session.keep("docs folder", lambda: _docs_folder(session))
    return path in inherited or folder == "." or path.startswith(f"{folder}/")


def _docs_folder(session: "Session") -> tuple[str, tuple[str, ...]]:
    """The folder of the pages, and the files that the configuration is spread over."""
    path = site_path(session)
    if not path or not session.exists(path):
        return "docs", ()
    data = session.read(path)
    # Most sites keep the default, and a parser would cost more than all the rest.
    if b"docs_dir" not in data and b"INHERIT" not in data:
        return "/".join([*path.split("/")[:-1], "docs"]), ()
    from definition_of_done.engine.errors import Unreadable

    try:
        site = read_site(session)
    except Unreadable:
        # Whoever reads the facts says so.
        return ".", ()
    return (site.docs_dir, site.files) if site else ("docs", ())


NAV: "RepositorySubject[Wiring | None]" = RepositorySubject(
    "nav",
    concerns=_is_on_site,
    read=late("definition_of_done.pages.nav_facts:read_wiring"),
    settings=("mkdocs", "features", "changelog"),
)

LINKS: "RepositorySubject[list[BrokenLink]]" = RepositorySubject(
    "links of the site's pages",
    concerns=_is_on_site,
    read=late("definition_of_done.pages.link_facts:read_broken_links"),
    settings=("mkdocs",),
)


def _is_changelog_page(session: "Session", path: str) -> bool:
    if not path.endswith(".md"):
        return False
    from definition_of_done.release import is_changelog_page

    return is_changelog_page(session, path)


def _is_code_or_final(session: "Session", path: str) -> bool:
    """Whether the path is code, a feature page, or a page that says that one shipped."""
    return _is_code_or_page(session, path) or _is_changelog_page(session, path)


BRANCH_DELTAS: "RepositorySubject[Deltas]" = RepositorySubject(
    "files and methods of the branch",
    diff=True,
    concerns=_is_code_or_final,
    read=late("definition_of_done.pages.delta_facts:read_deltas"),
    settings=("features", "resources", "changelog"),
)

BRANCH_SURFACE: "RepositorySubject[Surface]" = RepositorySubject(
    "GraphQL surface of the branch",
    diff=True,
    concerns=lambda session, path: (
        path in session.config["schema-exports"] or _is_code_or_final(session, path)
    ),
    read=late("definition_of_done.pages.surface_facts:read_surface"),
    settings=("features", "resources", "schema-exports", "changelog"),
)

BRANCH_TASKS: "RepositorySubject[list[Unnamed]]" = RepositorySubject(
    "worker tasks of the branch",
    diff=True,
    concerns=_is_code_or_final,
    read=late("definition_of_done.pages.worker_facts:read_unnamed"),
    settings=("features", "resources"),
)

FINAL_PAGES: "RepositorySubject[list[Final]]" = RepositorySubject(
    "feature pages that have shipped",
    concerns=lambda session, path: (
        path.endswith(".md")
        and (
            is_feature_page(session, path)
            or _is_changelog_page(session, path)
            or "roadmap" in path.split("/")
        )
    ),
    read=late("definition_of_done.pages.final_facts:read_final_pages"),
    settings=("features", "changelog"),
)
