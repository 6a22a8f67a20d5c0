"""Writes the changelog page of a release from facts, with a TODO where a person must write."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import date

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import shipped
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.pages import feature_paths
from definition_of_done.project.docs.sections import SHIPPED
from definition_of_done.project.layout import is_test, script_path
from definition_of_done.project.releases.changelog import (
    asked_sections,
    read_newest_page,
    read_pages,
)
from definition_of_done.project.releases.features import features_under_added
from definition_of_done.project.releases.repeat import copied_section
from definition_of_done.project.releases.revisions import release_revisions
from definition_of_done.project.schemes import names_version
from definition_of_done.project.without import left_out

_DATE = regex(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


def release_features(session: Session) -> list[FeaturePage]:
    """Return the feature pages of the release: no changelog page adds them yet.

    The branch adds or changes such a page, or the page has a section What shipped.
    """
    paths = feature_paths(session)
    released = shipped(session, paths)
    newest = read_newest_page(session)
    # One file names what the next release adds before there is a version.
    waiting = features_under_added(session, newest) if newest and not newest.version else []
    pages = [
        feature_page_of(session, path) for path in paths if path not in released or path in waiting
    ]
    own = (*session.branch.changed, *waiting)
    return [page for page in pages if page.path in own or page.section(SHIPPED)]


def write_stub(session: Session, path: str, version: str, command: str, day: str | None) -> str:
    """Return the text of the page of a version, which was bumped with `command`.

    A title with a date, as on the newest page, gets `day`, today where it is None.
    """
    features = release_features(session)
    texts = {
        "Highlights": "- TODO: what a non-engineer gets, in 1 to 3 bullets",
        "Added": "\n".join(f"- {_link(feature, path)}" for feature in features),
        "Changed": "TODO: what is another than before, or None",
        "Fixed": "TODO: what works now, or None",
        "Migrations": "\n".join(_migrations(session, version, features)),
        "Frontend impact": "\n\n".join(_impact(path, features)),
        "Versioning notes": f"Bumped with `{command}`. TODO: what is deployed first, if that"
        " matters.",
    }
    parts = [f"# {_title(session, version, day)}"]
    for name in asked_sections(left_out(session.config)):
        parts += [f"## {name}", texts[name] or "None"]
    return "\n\n".join(parts) + "\n"


def _title(session: Session, version: str, day: str | None) -> str:
    """Return the version, with a date where the newest page has one."""
    pages = read_pages(session)
    model = pages[-1].title.text if pages and pages[-1].title else ""
    today = day or date.today().isoformat()
    if _DATE.search(model) and names_version(model, pages[-1].version):
        return _DATE.sub(today, model).replace(pages[-1].version, version)
    return f"{version} ({day})" if day else version


def _migrations(session: Session, version: str, features: list[FeaturePage]) -> Iterator[str]:
    revisions = release_revisions(session, version)
    if revisions is None:
        yield "- TODO: the revisions in the order in which they run, which is not certain"
    for name in revisions or ():
        yield f"- `{name}`"
    texts = [feature.page.text.text for feature in features]
    script = script_path(session.config["scripts"], r"(?<![\w./-])")
    named = {found[1] for text in texts for found in script.finditer(text)}
    added = {path for path, letter in session.branch.changed.items() if letter == "A"}
    for path in sorted(named | {path for path in added if script.fullmatch(path)}):
        # The bump command runs at every release.
        if (
            session.tree.exists(path)
            and path not in session.config["bump-command"]
            and not is_test(path)
        ):
            yield f"- `{path}` TODO: when it is run"


def _impact(path: str, features: list[FeaturePage]) -> Iterator[str]:
    """Yield copies of the frontend contracts of the feature pages."""
    contracts = [(feature, feature.contracts[-1]) for feature in features if feature.contracts]
    for feature, contract in contracts:
        if len(contracts) > 1:
            yield f"### {_title_of(feature)}"
        todo = f"TODO: the frontend contract of {_link(feature, path)}"
        yield copied_section(path, feature, contract) or todo


def _link(feature: FeaturePage, page: str) -> str:
    title = re.sub(r"([\\\[\]])", r"\\\1", _title_of(feature))
    return f"[{title}]({posixpath.relpath(feature.path, posixpath.dirname(page))})"


def _title_of(feature: FeaturePage) -> str:
    """The title of a page, else its filename."""
    return feature.title.text if feature.title else posixpath.basename(feature.path)
