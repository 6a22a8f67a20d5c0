"""The additions of a branch that need a plan, and the revisions that no feature page names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.rbac import read_new_members
from definition_of_done.project.api.resources import resource_files
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.docs.mentions import Words, page_words
from definition_of_done.project.docs.surface import read_shown
from definition_of_done.project.layout import is_feature_page, is_migration
from definition_of_done.project.migrations.ancestry.graph import spot_of
from definition_of_done.project.migrations.ancestry.history import read_later_scans, scan
from definition_of_done.project.migrations.files.slugs import is_hash, words_of
from definition_of_done.project.migrations.mapped.changed_models import read_new_tables
from definition_of_done.project.page_names import filename_date, filename_slug


class Addition(NamedTuple):
    """A new name of the project, and the other names that a page may call it by.

    `kind` is revision, resource or table, or says what a resource that stands gains. `pages` are
    the feature pages that may be its own, as far as that was asked.
    """

    kind: str
    name: str
    spot: Spot
    others: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


def read_unplanned(session: Session) -> list[Addition]:
    """Read what the branch adds; nothing where it touches a feature page or one plans any of it.

    A page plans nothing of what it leaves out or puts off.
    """
    if not session.config["features"]:
        return []
    changed = session.branch.changed_or_nothing()
    if any(letter != "D" and is_feature_page(session, path) for path, letter in changed.items()):
        return []
    added = read_additions(session) or list(_read_parts(session))
    pages = page_words(session).items()
    return [] if any(_plans(session, path, words, added) for path, words in pages) else added


def _plans(session: Session, path: str, words: Words, added: list[Addition]) -> bool:
    """True where a page names one of the additions beside what it leaves out or puts off."""
    return any(names_on(words, added)) and any(
        names_on(Words(_planning_text(session, path)), added)
    )


def _planning_text(session: Session, path: str) -> str:
    page = feature_page_of(session, path)
    top = [section for section in page.page.sections if section.heading.level == 1]
    sections = [*top, *(part.section for part in page.plan)]
    blocks = [*page.page.preamble, *(block for section in sections for block in section.blocks)]
    headings = [filename_slug(path), *(section.heading.text for section in sections)]
    return "\n".join([*headings, *(line.text for block in blocks for line in block.lines)])


def read_unnamed_revisions(session: Session) -> list[Addition]:
    """Read the revisions after `since` that no feature page names, by path.

    A merge revision that does nothing belongs to no feature.
    """
    if not session.config["features"]:
        return []
    pages = page_words(session)
    found = []
    for node in read_later_scans(session):
        name, stem = node.revision, node.path.rpartition("/")[2].removesuffix(".py")
        # The name of its file names it, too.
        if name is None or any(
            words.has_word(name) or words.has_word(stem) for words in pages.values()
        ):
            continue
        if len(node.parents) < 2 or not _is_empty(session, node.path):
            spot, own = spot_of(session, node, "revision"), _own_pages(session, node.path, pages)
            found.append(Addition("revision", name, spot, pages=tuple(own)))
    return found


def _own_pages(session: Session, migration: str, pages: Iterable[str]) -> Iterator[str]:
    """Yield the pages that come with a migration: in the same branch, or of the same day."""
    changed = session.branch.changed
    name = migration.rpartition("/")[2].replace("-", "")
    for page in pages:
        day = filename_date(page)
        is_of_day = day is not None and day.replace("-", "") in name
        if is_of_day or (migration in changed and page in changed):
            yield page


def names_on(words: Words, added: list[Addition]) -> Iterator[str]:
    """Yield the names by which a page has additions; only resources and tables may have blanks.

    A hash is no name to plan: for it, the words of the filename may stand there.
    """
    for addition in added:
        may_have_blanks = addition.kind in ("resource", "table")
        has = words.has_phrase if may_have_blanks else words.has_word
        names = [addition.name, *addition.others]
        if addition.kind == "revision" and is_hash(addition.name):
            described = words_of(addition.spot.path)
            names += [described] if "_" in described else []
        yield from [name for name in names if has(name)][:1]


def _is_empty(session: Session, path: str) -> bool:
    from definition_of_done.project.migrations.files.migration import read_shared

    return read_shared(session, path).is_empty


@once
def read_additions(session: Session) -> list[Addition]:
    """Read the revisions, resources and tables that the branch adds, in this order.

    Merge revisions and things that only move are left out.
    """
    changed = session.branch.changed_or_nothing()
    added = {
        path
        for path, letter in changed.items()
        if letter == "A" and path.endswith(".py") and not session.config.excludes(path)
    }
    return [
        *_new_revisions(session, changed, added),
        *_new_resources(session, changed, added),
        *(Addition("table", table.name, table.spot) for table in read_new_tables(session)),
    ]


def _read_parts(session: Session) -> Iterator[Addition]:
    """Yield what the branch adds to resources that stand: GraphQL's names, tasks and members."""
    for part in read_shown(session):
        yield Addition(part.kind, part.names[0], part.spot, (*part.names[1:], part.python_name))
    for task in read_added(session).tasks:
        if task.names:
            yield Addition("task", task.label, task.spot, task.names)
    for member in read_new_members(session):
        yield Addition("RBAC member", member.name, member.spot)


def _new_revisions(
    session: Session, changed: dict[str, str], added: set[str]
) -> Iterator[Addition]:
    moved = set(_deleted_revisions(session, changed))
    if not any(is_migration(session, path) for path in added):
        return
    for node in read_later_scans(session):
        is_new = node.path in added and node.revision and node.revision not in moved
        if is_new and len(node.parents) < 2:
            yield Addition("revision", str(node.revision), spot_of(session, node, "revision"))


def _deleted_revisions(session: Session, changed: dict[str, str]) -> Iterator[str]:
    """Yield the revisions of deleted migrations; in an added file such a revision is not new."""
    for path, letter in changed.items():
        if letter == "D" and is_migration(session, path):
            try:
                old = scan(path, session.branch.read_before(path))
            except Unreadable:
                continue
            if old.revision:
                yield old.revision


def _new_resources(
    session: Session, changed: dict[str, str], added: set[str]
) -> Iterator[Addition]:
    """Yield the folders of resources in which all files are added."""
    home = session.config["resources"]
    now: dict[str, set[str]] = {}
    if any(path.startswith(f"{home}/") for path in added):
        for folder, path in resource_files(session):
            now.setdefault(folder, set()).add(path.removeprefix(f"{home}/{folder}/"))
    gone: dict[str, set[str]] = {}
    for path, letter in changed.items():
        folder, _, inside = path.removeprefix(f"{home}/").partition("/")
        if letter == "D" and inside.endswith(".py") and path.startswith(f"{home}/"):
            gone.setdefault(folder, set()).add(inside)
    for folder, files in sorted(now.items()):
        is_new = all(f"{home}/{folder}/{inside}" in added for inside in files)
        # A renamed folder is no new resource.
        files_gone = [old for name, old in gone.items() if name not in now]
        is_moved = any(files & old - {"__init__.py"} for old in files_gone)
        if is_new and not is_moved and folder not in gone:
            yield Addition("resource", folder, Spot(f"{home}/{folder}/{min(files)}"))
