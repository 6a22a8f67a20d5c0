"""The site: its configuration, and the files that belong to it."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import is_site_file, site_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.text import Text
    from definition_of_done.readers.site import Part, Site


@once
def read_site(session: Session) -> Site | None:
    """Read the configuration of the site, None where there is no site; raises Unreadable."""
    path = site_path(session)
    if not path or not session.tree.exists(path):
        return None
    from definition_of_done.readers.site import PACKING, read_part
    from definition_of_done.readers.site import read_site as read_configuration

    def load(file: str) -> Text | None:
        return session.tree.text(file) if session.tree.exists(file) else None

    def read(text: Text) -> Part:
        if text.path.endswith(".toml"):
            return read_part(text)
        # To import PyYAML takes a tenth of a commit.
        return session.cache.recall(
            "site",
            text.path,
            session.tree.read(text.path),
            lambda *_: read_part(text),
            *PACKING,
        )

    return read_configuration(path, load, read)


def is_on_site(session: Session, path: str) -> bool:
    """True for a page or an asset of the site, or a file that configures it."""
    if is_site_file(session, path):
        return True
    folder, inherited = _docs_folder(session)
    return path in inherited or folder == "." or path.startswith(f"{folder}/")


@once
def _docs_folder(session: Session) -> tuple[str, tuple[str, ...]]:
    """Return the folder of the pages, and the files of the configuration."""
    path = site_path(session)
    if not path or not session.tree.exists(path):
        return "docs", ()
    data = session.tree.read(path)
    # Most sites keep the default folder: they are spared the parser, which takes longest.
    if b"docs_dir" not in data and b"INHERIT" not in data:
        return "/".join([*path.split("/")[:-1], "docs"]), ()
    try:
        site = read_site(session)
    except Unreadable:
        # The rule that reads the site reports it.
        return ".", ()
    return (site.docs_dir, site.files) if site else ("docs", ())
