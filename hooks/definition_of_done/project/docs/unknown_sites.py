"""Sites whose tools are not known here: which of the project's pages they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import SITE_FILES, is_test, site_path


class _Tool(NamedTuple):
    """A tool that builds sites, and the form of the path of the file that configures it.

    `mark` is text of that file, where others may have its name. `folders` hold the pages of a site
    whose file is at the top of the project; any other has all pages below its file.
    """

    name: str
    files: str
    mark: bytes = b""
    folders: tuple[str, ...] = ()


_SCRIPT = r"\.(?:c|m)?[jt]s"
_TOOLS = (
    _Tool(
        "Docusaurus",
        rf"docusaurus\.config{_SCRIPT}",
        folders=("docs", "blog", "src", "i18n", "versioned_docs"),
    ),
    _Tool("Mintlify", r"(?:docs|mint)\.json", b'"navigation"'),
    _Tool("Sphinx", r"conf\.py", b"extensions"),
    _Tool("Jupyter Book", r"_toc\.yml", b"root:"),
    _Tool("Hugo", r"hugo\.(?:toml|yaml|yml|json)", folders=("content", "themes")),
    _Tool("Hugo", r"config\.toml", b"baseURL", folders=("content", "themes")),
    _Tool("VitePress", rf"\.vitepress/config{_SCRIPT}"),
    _Tool("VuePress", rf"\.vuepress/config{_SCRIPT}"),
    _Tool("Jekyll", r"_config\.ya?ml"),
    _Tool("mdBook", r"book\.toml", folders=("src",)),
    _Tool("Astro", rf"astro\.config{_SCRIPT}", folders=("src",)),
    _Tool("Gatsby", rf"gatsby-config{_SCRIPT}", folders=("content", "src", "docs", "blog")),
    _Tool("Eleventy", rf"(?:\.eleventy|eleventy\.config){_SCRIPT}"),
    _Tool("docsify", r"_sidebar\.md"),
    _Tool("GitBook", r"\.gitbook\.yaml"),
    _Tool("MkDocs", r"mkdocs[\w.-]*\.ya?ml|zensical\.toml"),
)
# The names of their files start so: other files are passed over at once.
_STARTS = (
    *("docusaurus.", "docs.json", "mint.json", "conf.py", "_toc.yml", "hugo.", "config."),
    *("_config.", "book.toml", "astro.", "gatsby-", ".eleventy", "eleventy.", "_sidebar.md"),
    *(".gitbook.yaml", "mkdocs", "zensical.toml"),
)
# A folder beside that of the configuration, as Docusaurus is given it.
_BESIDE = regex(rb"[\"'](?:\./)?\.\./([\w-]+)/?[\"']")
# A folder that a configuration at the top names instead of the usual one.
_NAMED = regex(
    rb"\b(?:src|srcDir|contentDir|path)[\"']?[ \t]*[:=][ \t]*[\"']?(?:\./)?([\w./-]+?)/?[\"',\s]"
)


class UnknownSite(NamedTuple):
    """A site, by its configuration, and the folders of its pages, each with a `/` at its end."""

    tool: str
    config: str
    folders: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """True where a page is on the site, and not on the forge alone."""
        if "" in self.folders:
            # At the top, README.md and its like are read on the forge.
            return "/" in path or not path.partition(".")[0].isupper()
        return path.startswith(self.folders)


@once
def read_unknown_sites(session: Session) -> list[UnknownSite]:
    """The sites of the project but that of the settings, by the names of their files."""
    sites: list[UnknownSite] = []
    # A team that keeps no site may have its file all the same.
    own = (site_path(session),) if session.config["mkdocs"] != "" else SITE_FILES
    for path in session.tree.tracked:
        name = path.rpartition("/")[2]
        if not name.startswith(_STARTS) or path in own or is_test(path):
            continue
        for tool in _TOOLS:
            found = re.fullmatch(rf"(|.*/)(?:{tool.files})", path)
            if found and session.tree.exists(path):
                data = session.tree.read(path)
                if tool.mark in data:
                    sites.append(UnknownSite(tool.name, path, (*_folders(tool, found[1], data),)))
                    break
    return sites


def _folders(tool: _Tool, home: str, data: bytes) -> Iterator[str]:
    if home or not tool.folders:
        yield home
    else:
        named = (found[1].decode() for found in _NAMED.finditer(data))
        for folder in (*tool.folders, *named):
            yield "" if folder == "." else f"{folder}/"
    outer = home.rstrip("/").rpartition("/")[0]
    for beside in _BESIDE.finditer(data) if home and tool.folders else ():
        yield f"{outer}/{beside[1].decode()}/".lstrip("/")
