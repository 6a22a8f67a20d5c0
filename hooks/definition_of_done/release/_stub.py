"""The changelog page of a release that is not written yet: what facts say, and what is to write."""

import posixpath
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from definition_of_done.engine.session import Session
from definition_of_done.migrations import is_test
from definition_of_done.pages import is_feature_page, read_feature_page
from definition_of_done.pages.facts import FeaturePage, PageSection
from definition_of_done.release._revisions import release_revisions
from definition_of_done.release._versions import names_version
from definition_of_done.release.facts import SECTIONS, read_pages
from definition_of_done.release.level_facts import linked

_FRONTEND, _SHIPPED = "Frontend contract", "What shipped"
_SCRIPT = re.compile(r"(?<![\w./-])scripts/[\w/-]+\.py\b")
_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_HREF = re.compile(r"(?<=\]\()(?![a-z+.-]+:|[#/<])([^\s)#]+)", re.I)


class Feature(NamedTuple):
    """A feature page of the release."""

    path: str
    page: FeaturePage

    @property
    def title(self) -> str:
        """What the page calls the feature."""
        return self.page.title.text if self.page.title else posixpath.basename(self.path)


def release_features(session: Session) -> list[Feature]:
    """The feature pages that no changelog page links to, and that say what shipped.

    Those that the branch adds or changes are of the release, whether they say it yet or not.
    """
    told = {
        path for page in read_pages(session) for path in linked(session, page.path, page.page.links)
    }
    features = [
        Feature(path, read_feature_page(session, path))
        for path in session.tracked
        if is_feature_page(session, path) and session.exists(path) and path not in told
    ]
    return [one for one in features if one.path in session.branch or one.page.section(_SHIPPED)]


def write_stub(session: Session, path: str, version: str, command: str, day: str | None) -> str:
    """The text of the page of a version; `command` is what bumped it.

    `day` is for a title that holds a date, as that of the newest page does; None: today. Raises
    Unreadable for a page or migration that is broken.
    """
    features = release_features(session)
    texts = {
        "Highlights": "- TODO: what a non-engineer gets, in 1 to 3 bullets",
        "Added": "\n".join(
            f"- [{_escaped(one.title)}]({_relative(one.path, path)})" for one in features
        ),
        "Changed": "TODO: what is another than before, or None",
        "Fixed": "TODO: what works now, or None",
        "Migrations": "\n".join(_migrations(session, version, features)),
        "Frontend impact": "\n\n".join(_impact(path, features)),
        "Versioning notes": f"Bumped with `{command}`. TODO: what is deployed first, if that"
        " matters.",
    }
    parts = [f"# {_title(session, version, day)}"]
    for name in SECTIONS:
        parts += [f"## {name}", texts[name] or "None"]
    return "\n\n".join(parts) + "\n"


def _title(session: Session, version: str, day: str | None) -> str:
    """The version, with a date where the newest page has one."""
    pages = read_pages(session)
    model = pages[-1].title.text if pages and pages[-1].title else ""
    today = day or date.today().isoformat()
    if _DATE.search(model) and names_version(model, pages[-1].version):
        return _DATE.sub(today, model).replace(pages[-1].version, version)
    return f"{version} ({day})" if day else version


def _migrations(session: Session, version: str, features: list[Feature]) -> Iterator[str]:
    revisions = release_revisions(session, version)
    if revisions is None:
        yield "- TODO: the revisions in the order in which they run, which is not certain"
    for name in revisions or ():
        yield f"- `{name}`"
    named = {found[0] for one in features for found in _SCRIPT.finditer(one.page.page.text.text)}
    added = {path for path, letter in session.branch.items() if letter == "A"}
    for path in sorted(named | {one for one in added if _SCRIPT.fullmatch(one)}):
        # The bump command runs at every release.
        if (
            session.exists(path)
            and path not in session.config["bump-command"]
            and not is_test(path)
        ):
            yield f"- `{path}` TODO: when it is run"


def _impact(path: str, features: list[Feature]) -> Iterator[str]:
    """What the feature pages say that the frontend has to do, as they say it."""
    found = [(one, one.page.section(_FRONTEND)) for one in features]
    told = [(one, part) for one, part in found if part and not (part.is_empty or part.says_none)]
    for one, part in told:
        if len(told) > 1:
            yield f"### {one.title}"
        yield _moved(_source(one.page, part), one.path, path)


def _source(page: FeaturePage, part: PageSection) -> str:
    """The Markdown of a section without its heading."""
    text = page.page.text
    later = [
        section.heading.spot.line
        for section in page.page.sections
        if section.heading.spot.line > part.heading.spot.line
    ]
    start = text.offset(part.section.blocks[0].spot.line)
    end = text.offset(later[0]) if later else len(text.text)
    return re.sub(r"\r\n?", "\n", text.text[start:end]).rstrip()


def _moved(source: str, old: str, new: str) -> str:
    """Markdown with its relative links as another page has to write them."""

    def rewritten(found: "re.Match[str]") -> str:
        return _relative(posixpath.join(posixpath.dirname(old), found[1]), new)

    return _HREF.sub(rewritten, source)


def _relative(path: str, page: str) -> str:
    return posixpath.relpath(path, posixpath.dirname(page))


def _escaped(title: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", title)
