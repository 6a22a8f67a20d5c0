"""The scope is a fence: what a page of the branch leaves out does not land with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import Mentions
from definition_of_done.project.docs.plans import read_additions
from definition_of_done.project.docs.scope import item_of
from definition_of_done.project.docs.sections import IN_SCOPE, OUT_OF_SCOPE
from definition_of_done.project.docs.surface import read_shown
from definition_of_done.project.layout import is_one_off_script
from definition_of_done.project.migrations.ancestry.branch_migrations import read_branch_migrations
from definition_of_done.readers.page import ListItem, rows_of

# The kinds that a word before or behind a name may mean.
_KINDS = {
    "table model": ("table",),
    "column": ("column",),
    "field": ("field", "column", "query", "mutation"),
    "task job cron": ("task",),
    "script": ("script",),
    "resource module": ("resource",),
    "migration revision": ("revision",),
    "query": ("query",),
    "mutation": ("mutation",),
    "resolver operation endpoint": ("query", "mutation", "subscription"),
    "subscription": ("subscription",),
    "type": ("type", "interface"),
    "input": ("input",),
    "enum": ("enum",),
}
_MEANT = {word: kinds for words, kinds in _KINDS.items() for word in words.split()}
_KIND = rf"(?P<%s>{'|'.join(_MEANT)}|queries)s?"
_NAME = r"[`\w][\w./-]*(?:\(\))?`?"
# Blanks are single here.
_AND = r" ?, ?(?:(?:and|or) )?| (?:and|or) "
# An item that is one name or several, alone or beside their kind, perhaps with the word later.
_ITEM = regex(
    r"(?:(?:the|an?|any|all|our|new|another)\s+)*"
    r"(?:(?:taskiq|graphql|database|db|sql|alembic|cron|background|worker|one-off|orm)\s+)*"
    rf"(?:{_KIND % 'before'}\b\s*:?\s*)?"
    rf"(?P<names>{_NAME}(?:(?:{_AND}){_NAME})*?)"
    rf"(?:\s+{_KIND % 'behind'})?"
    r"(?:[,:]?\s+(?:[-\u2013\u2014]+\s+)?\(?(?:comes? )?"
    r"(?:later|for now|yet|in this (?:release|version|feature|iteration))\)?)?[.;]?",
    re.I,
)
_LONGEST = 200


class NamedItem(NamedTuple):
    """The names that an item is, and the kinds that a word beside them says, None for any."""

    names: tuple[str, ...]
    kinds: tuple[str, ...] | None


class Contradiction(NamedTuple):
    """An item under Out of scope; `added` is what the branch adds of it, empty where it is also in
    scope."""

    spot: Spot
    text: str
    added: str


class _Thing(NamedTuple):
    """A thing that the branch adds, and the names that it is known by."""

    kind: str
    label: str
    names: tuple[str, ...]


def read_contradictions(session: Session) -> Iterator[Contradiction]:
    """Yield the items that are out of scope, and are in it or land; raises NotEvaluated."""
    items = [
        (page, item, _named_by(item))
        for page in branch_pages(session)
        for item in _items(page, OUT_OF_SCOPE)
    ]
    things = list(_things(session)) if any(named for _, _, named in items) else []
    for page, item, named in items:
        text = _plain(item)
        added = _forbidden(session, page, named, things) if named else ""
        if added or _is_in_scope(page, text, named):
            yield Contradiction(item.spot, text, added)


def _named_by(item: ListItem) -> NamedItem | None:
    """The names that an item consists of, None for an item of other words."""
    text = " ".join(item.text.replace("*", "").split())
    found = _ITEM.fullmatch(text) if len(text) < _LONGEST else None
    if item.is_struck or not found:
        return None
    word = (found["before"] or found["behind"] or "").lower().replace("queries", "query")
    names = re.split(_AND, found["names"])
    code = {piece.text.strip() for piece in item.code}
    if not all(word or name.startswith("`") or name in code or _is_spelt(name) for name in names):
        return None
    plain = tuple(name.strip("`").removesuffix("()").rstrip(".") for name in names)
    return None if any(" " in name for name in plain) else NamedItem(plain, _MEANT.get(word))


def _is_spelt(name: str) -> bool:
    """True for a name that is no word of English: it has an underscore, a path or a hump."""
    return re.search(r"\w[_/]\w|[a-z][A-Z]", name) is not None


def _plain(item: ListItem) -> str:
    return " ".join(item.text.replace("`", "").replace("*", "").split())


def _items(page: FeaturePage, name: str) -> Iterator[ListItem]:
    for section in page.all_sections(name):
        yield from section.all_items
        for block in section.section.blocks:
            if block.kind == "table":
                for row in rows_of(page.page.text, block)[1:]:
                    # A number in front of it is no name.
                    named = [cell for cell in row if re.search(r"[^\W\d_]", cell.text)]
                    yield from map(item_of, named[:1])


def _is_in_scope(page: FeaturePage, text: str, named: NamedItem | None) -> bool:
    for item in _items(page, IN_SCOPE):
        other = _named_by(item)
        if named and other and (named.kinds == other.kinds or not (named.kinds and other.kinds)):
            if {*map(_key, named.names)} & {*map(_key, other.names)}:
                return True
        elif not item.is_struck and _words(text) == _words(item.text) != []:
            return True
    return False


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _forbidden(session: Session, page: FeaturePage, named: NamedItem, things: list[_Thing]) -> str:
    for name in named.names:
        for kind, label, names in things:
            is_kind = named.kinds is None or kind in named.kinds
            if is_kind and _key(name) in map(_key, names):
                others = (other for other in branch_pages(session) if other.path != page.path)
                plans = Mentions(section for other in others for section in other.plan)
                if not any(map(plans.has_word, names)):
                    return f"{kind} {label}"
    return ""


def _key(name: str) -> str:
    """A name without the difference of snake_case and camelCase."""
    return name.replace("_", "").casefold()


def _things(session: Session) -> Iterator[_Thing]:
    for addition in sorted(read_additions(session), key=lambda found: found.kind != "table"):
        yield _Thing(addition.kind, addition.name, (addition.name,))
    added = read_added(session)
    for task in added.tasks:
        yield _Thing("task", task.label, task.names)
    for part in read_shown(session):
        yield _Thing(part.kind, part.names[0], (*part.names, part.python_name))
    for owner, field in added.fields:
        label = f"{owner}.{field.name}"
        yield _Thing("field", label, (field.name, label, field.attribute))
    for migration in read_branch_migrations(session):
        for column in migration.new_columns:
            if column.name:
                yield _Thing("column", column.label, (column.name, column.label))
    yield from _files(session)


def _files(session: Session) -> Iterator[_Thing]:
    for path, letter in session.branch.changed_or_nothing().items():
        name = path.rpartition("/")[2]
        if letter == "A" and is_one_off_script(session, path):
            yield _Thing("script", path, (path, name, name.removesuffix(".py")))
        elif letter == "A":
            yield _Thing("file", path, (path,))
