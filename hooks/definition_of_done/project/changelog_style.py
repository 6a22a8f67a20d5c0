"""The style of the changelog: pages, one file that is kept by hand, or fragments."""

from __future__ import annotations

import os

from definition_of_done.base.errors import NotKept, UsageError
from definition_of_done.engine.session import once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.session import Session

PAGES, KEPT, FRAGMENTS = "pages", "keep-a-changelog", "fragments"
STYLES = (PAGES, KEPT, FRAGMENTS)
KEY = "changelog-style"
_FILES = ("changelog.md", "changes.md", "history.md")
# The folders of changie and of reno, whose fragments have their kinds in their text.
_CHANGIE, _RENO = ".changes/unreleased", "releasenotes/notes"
_CHANGIE_FILES = (".changie.yaml", ".changie.yml")
# Where reno is used, not each change has a note: it is no style that is found.
_FOLDERS = ("changelog.d", "newsfragments", "changes", "news", _RENO)
_SUFFIX = ".md"
_UNREAD = tuple(
    f"{name}{suffix}"
    for name in ("changelog", "changes", "history", "news")
    for suffix in (".rst", ".txt", ".adoc", "")
)


def refuse_changelog(config: Config, where: str) -> None:
    """Raise UsageError where the style is unknown, or `changelog` is no such place."""
    from definition_of_done.base.words import listed, nearest

    style, path = config[KEY], config["changelog"]
    if style not in (None, *STYLES):
        known = listed([f'"{known}"' for known in STYLES], "or")
        raise UsageError(f"{where}: {KEY} must be {known}, not {style!r}{nearest(style, STYLES)}")
    if not path or not config.is_set("changelog"):
        return
    full, name = os.path.join(config.root, path), f"{where}: changelog names"
    beside = f'beside {KEY} = "{style}"'
    if not os.path.isfile(full):
        if style == KEPT and os.path.isdir(full):
            raise UsageError(f"{name} a folder, {path!r}, {beside}")
        return
    if style not in (None, KEPT):
        advice = f'set {KEY} = "{KEPT}", or changelog to a folder'
        raise UsageError(f"{name} a file, {path!r}, {beside}: {advice}")
    if not path.endswith(_SUFFIX):
        advice = 'only a file .md is read; changelog = "" leaves it alone'
        raise UsageError(f"{name} a file, {path!r}: {advice}")


def style_of(session: Session) -> str:
    """The style of the changelog: as it is set, else as the project keeps it."""
    return _kept(session)[0]


def changelog_file(session: Session) -> str:
    """The path of the one file that is the changelog, empty in another style."""
    style, path = _kept(session)
    return path if style == KEPT else ""


def fragments_folder(session: Session) -> str:
    """The folder of the fragments, empty in another style."""
    style, path = _kept(session)
    return path if style == FRAGMENTS else ""


def require_pages(session: Session, section: str) -> None:
    """Raise NotKept where the changelog has no pages, and no such section with them."""
    style, path = _kept(session)
    if path and style != PAGES:
        raise NotKept(f"{path} has no section {section}, as {KEY} is {style}")


def is_changelog_file(session: Session, path: str) -> bool:
    """True for the one file that is the changelog; only Markdown asks the settings."""
    return path.endswith(_SUFFIX) and path == changelog_file(session)


def is_fragment_path(session: Session, path: str) -> bool:
    """True for a path below the folder of the fragments."""
    folder = fragments_folder(session)
    return bool(folder) and path.startswith(f"{folder}/")


@once
def _kept(session: Session) -> tuple[str, str]:
    """The style and the path; raises UsageError where the style is set and nothing fits it."""
    config = session.config
    style, path = config[KEY], config["changelog"]
    if config.is_set("changelog"):
        return style or (KEPT if path.endswith(_SUFFIX) else PAGES), path
    if style == PAGES or (style is None and _has(session, path)):
        return PAGES, path
    found = find_changelog(session, style=style)
    if found is None and style:
        what = "file" if style == KEPT else "folder"
        raise UsageError(f'{KEY} = "{style}", and no such {what} is found: set changelog to it')
    return found or (PAGES, path)


def _has(session: Session, folder: str) -> bool:
    return os.path.isdir(session.tree.full(folder)) or any(
        name.startswith(f"{folder}/") for name in session.tree.tracked
    )


def find_changelog(session: Session, style: str | None = None) -> tuple[str, str] | None:
    """The style and the place of a changelog that no key names, None where there is none.

    Fragments are found by the settings of towncrier or changie, and where `style` asks for them by
    their folder; one file by its headings, at the top.
    """
    if style != KEPT and (folder := find_fragments(session, is_asked=style == FRAGMENTS)):
        return FRAGMENTS, folder
    file = _find_file(session) if style != FRAGMENTS else ""
    return (KEPT, file) if file else None


def find_fragments(session: Session, *, is_asked: bool = False) -> str:
    """The folder of the fragments of a tool, or that they are usually in where `is_asked`."""
    from definition_of_done.project.towncrier import read_towncrier

    settings = read_towncrier(session)
    found = [_CHANGIE] if any(map(session.tree.exists, _CHANGIE_FILES)) else []
    folders = [settings.folder] if settings else [*found, *(_FOLDERS if is_asked else ())]
    return next((folder for folder in folders if _has(session, folder)), "")


def has_kinds_in_text(folder: str) -> bool:
    """True for the folder of a tool whose fragments have their kinds in their text."""
    return folder in (_CHANGIE, _RENO)


def _find_file(session: Session) -> str:
    files = session.tree.read_each(_at_top(session, _FILES))
    return next((path for path, data in files if has_entries(data)), "")


def _at_top(session: Session, names: Sequence[str]) -> list[str]:
    """The files at the top that have these names, in whatever case, in the order of the names."""
    there = {path.lower(): path for path in session.tree.tracked if "/" not in path}
    return [there[name] for name in names if session.tree.exists(there.get(name, ""))]


def is_called_changelog(path: str) -> bool:
    """True for a file that is called as one that is the changelog, in whatever folder."""
    return path.rpartition("/")[2].lower() in _FILES


def has_entries(data: bytes) -> bool:
    """True for the text of a changelog: a heading names a version or Unreleased.

    A template of one, with statements for a tool, is none.
    """
    import re

    if re.search(rb"(?m)^\{%", data):
        return False
    entry = rb"\[?(?:unreleased\b|(?:version |release )?v?[0-9]+\.[0-9]+)"
    heading = rb"#{1,3}[ \t]+" + entry + rb"|" + entry + rb"[^\n]*\n(?:={3,}|-{3,})[ \t]*\r?$"
    return re.search(rb"(?im)^(?:" + heading + rb")", data) is not None


def unread_changelog(session: Session) -> str:
    """The changelog at the top that is no Markdown, empty where a key or another one is there."""
    found = next(iter(_at_top(session, _UNREAD)), "")
    if not found or session.config.is_set("changelog") or style_of(session) != PAGES:
        return ""
    return found
