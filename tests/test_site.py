"""The site: it is built strictly, every link of it leads somewhere, and a browser shows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
import yaml
from tests.snapshot import ROOT

from definition_of_done import SITE_URL
from definition_of_done.engine.registry import known_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    # It needs pipes of a Unix.
    from tests.browser import Browser

pytestmark = pytest.mark.xdist_group("site")
PARTS = ["why", "when-it-is-due", "bad-and-good", "options", "accept-a-finding"]
HOOK = "hooks/downgrade-not-pass/"
SHOWN = ["", "hooks/", HOOK, "hooks/resource-full-chain/", "configuration/"]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDE, NARROW = (1280, 900), (390, 844)


class Page(HTMLParser):
    """The links and the anchors of a page; `loaded` are those that a browser follows by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.add(value)
                if tag != "a":
                    self.loaded.add(value)
            if name == "id" and value:
                self.anchors.add(value)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_no_link_is_broken(site: Path, pages: dict[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        # What is not found is shown at any address, so its links start at the top.
        top = site if path.name == "404.html" else path.parent
        for link in page.links:
            address, anchor = urldefrag(link)
            if urlsplit(address).scheme:
                continue
            target = site / address.lstrip("/") if address.startswith("/") else top / address
            target = Path(os.path.normpath(unquote(str(target)))) if address else path
            target = target / "index.html" if target.is_dir() else target
            known = pages[target].anchors if target in pages else set()
            if not target.exists() or (anchor and unquote(anchor) not in known):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Page]) -> None:
    loaded = {link for page in pages.values() for link in page.loaded}
    assert loaded
    assert {urlsplit(link).netloc for link in loaded} == {""}


@pytest.mark.parametrize("id", list(known_ids()))
def test_each_hook_has_its_page(id: str, site: Path, pages: dict[Path, Page]) -> None:
    page = pages[site / "hooks" / id / "index.html"]
    assert page.anchors >= {id, *PARTS}
    assert f"{id}/" in pages[site / "hooks/index.html"].links


def test_findings_link_to_where_the_site_is() -> None:
    assert yaml.safe_load((ROOT / "mkdocs.yml").read_text())["site_url"] == SITE_URL


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None or os.name == "nt":
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    from tests.browser import opened

    with ExitStack() as stack:
        try:
            browser = stack.enter_context(opened(program, tmp_path / "profile"))
        except ConnectionError as error:
            pytest.skip(f"{program} does not start: {error}")
        yield browser


def test_a_browser_shows_it(address: str, browser: Browser, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("DOD_PICTURES") or tmp_path)
    for size in (WIDE, NARROW):
        browser.resize(*size)
        for place in SHOWN:
            browser.go(address + place)
            name = place.strip("/").replace("/", "-") or "start"
            browser.shoot(pictures / f"{name}-{size[0]}.png")
            width = browser.ask("document.documentElement.scrollWidth")
            assert width <= size[0], f"{place} is {width} wide"
    browser.resize(*WIDE)
    # Side by side where there is room, one below the other where there is none.
    across = "[...document.querySelectorAll('.grid > div')].map(part => part.offsetTop)"
    browser.go(address + HOOK)
    assert len(set(browser.ask(across))) == 1
    browser.resize(*NARROW)
    assert len(set(browser.ask(across))) == 2
    browser.resize(*WIDE)
    assert _results(browser, address, "downgrade-not-pass")[0].endswith(f"/{HOOK}")
    assert f"{address}hooks/column-comment-required/" in [
        link.partition("?")[0] for link in _results(browser, address, "column comment")
    ]
    browser.shoot(pictures / "search-1280.png")
    assert browser.errors == []


def _results(browser: Browser, address: str, words: str) -> list[str]:
    """The addresses that the search finds, the best first."""
    ask = (
        "new Promise(done => { const look = () => {"
        " const links = [...document.querySelectorAll('.md-search-result__item > a')];"
        " links.length ? done(links.map(link => link.href)) : setTimeout(look, 50) };"
        " look() })"
    )
    browser.go(f"{address}?q={words.replace(' ', '+')}")
    found: list[str] = browser.ask(ask)
    return [link.partition("?")[0] for link in found]
