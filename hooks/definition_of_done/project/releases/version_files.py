"""The files that name a version, by their kind: the version, and the place of its characters."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.rewrites import InString, Rewrite
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.text import Text, decode
from definition_of_done.engine.tree import decoded
from definition_of_done.project.layout import PYPROJECT
from definition_of_done.project.schemes import SEMVER, pep440, same
from definition_of_done.project.version_entries import Entry
from definition_of_done.readers.toml import locate_string, read_toml, table_of

_NAMES = ("__version__", "VERSION", "version")
# uv always writes this shape; to parse a megabyte of its lock file would take a second.
_UV_PACKAGE = regex(
    r'\[\[package\]\]\r?\nname = "[^"\n]*"\r?\nversion = "([^"\n]*)"\r?\n'
    r'source = \{ (?:virtual|editable) = "\." \}'
)
# The places of a version in TOML, the first of which counts: PEP 621, Poetry, Cargo.
_TOML_KEYS = (
    ("project", "version"),
    ("tool", "poetry", "version"),
    ("package", "version"),
    ("workspace", "package", "version"),
)
_JSON_KEYS = (("version",), ("packages", "", "version"))


class Place(NamedTuple):
    """A file that names the version, or should: `version` is then None, `fault` the reason.

    `span` holds the offsets of the version's characters, None where they are not certain.
    """

    spot: Spot
    version: str | None
    span: tuple[int, int] | None
    fault: str = ""

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.spot.path

    def agrees(self, version: str) -> bool:
        """True where the file names a version, in its own spelling or another."""
        own = str(self.version)
        return same(own, version) or own == self.spelled(version)

    def spelled(self, version: str) -> str:
        """The version as the tool spells it that reads the file."""
        spell = _SPELLINGS.get(self.path.rpartition("/")[2])
        return spell(str(self.version), version) if spell else version

    def edits(self, version: str) -> tuple[Edit, ...]:
        """The edit that writes another version, none where that is not certain, or a rewrite's."""
        if self.span is None or self.is_code:
            return ()
        return (Edit(self.path, *self.span, self.spelled(version)),)

    def rewrite(self, version: str) -> Rewrite | None:
        """The change of a Python file that writes another version, None where there is none."""
        if self.span is None or not self.is_code:
            return None
        return Rewrite(self.path, (InString(*self.span, version),))

    @property
    def is_code(self) -> bool:
        """True for a Python file."""
        return self.path.endswith(".py")


def read_places(entry: Entry, data: bytes) -> list[Place]:
    """Read the places of a file that name the version, one at least."""
    path = entry.path
    name = path.rpartition("/")[2]
    if entry.pattern:
        found = _matches(decoded(path, data), entry.pattern)
    elif name in _READERS:
        found = _READERS[name](path, data)
    elif path.endswith(".py"):
        found = iter([_module(path, data, entry.name)])
    else:
        suffix = name.rpartition(".")[2]
        found = _READERS.get(f".{suffix}", _plain)(path, data)
    return list(found) or [Place(Spot(path), None, None, "names no version")]


def _placed(text: Text, start: int, value: str) -> Place:
    """The place of a bare version at an offset; a `v` before its digits is kept."""
    end = start + len(value)
    start += value[:1] in "vV" and value[1:2].isdigit()
    return Place(text.spot(start, end), text.text[start:end], (start, end))


def _quoted(text: Text, version: str, span: tuple[int, int] | None) -> Place:
    """The place of a version with the quotes around it."""
    spot = text.spot(span[0] - 1, span[1] + 1) if span else Spot(text.path)
    return Place(spot, version, span)


def _matches(text: Text, pattern: str) -> Iterator[Place]:
    for found in re.finditer(pattern, text.text, re.M):
        group = "version" if "version" in found.re.groupindex else 1
        # A pattern such as `version: (.*)` takes the quotes of YAML along.
        value = (found[group] or "").strip().strip("\"'")
        if value:
            yield _placed(text, found.start(group) + found[group].index(value), value)


def _plain(path: str, data: bytes) -> Iterator[Place]:
    text = decode(path, data)
    value = text.text.strip()
    if len(value.split()) == 1:
        yield _placed(text, text.text.index(value), value)
    else:
        fault = "does not hold a version alone, and no pattern says where it is"
        yield Place(Spot(path), None, None, fault)


def _module(path: str, data: bytes, wanted: str) -> Place:
    from definition_of_done.readers.bindings import Bindings
    from definition_of_done.readers.python import read_module

    module = read_module(path, data)
    bindings = Bindings(module.tree)
    bound = bindings.bound
    names = (wanted,) if wanted else _NAMES
    name = next((name for name in names if name in bound), None)
    node = bound[name] if name else _setup_version(path, module.tree)
    if node is None:
        listed = ", ".join(names)
        return Place(Spot(path), None, None, f"assigns none of {listed}")
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return Place(module.spot(node), None, None, f"computes {name}: it is not a string literal")
    start, end = module.offsets(node)
    literal = module.text.text[start:end]
    # One of several branches is not the whole truth.
    plain = literal in (f'"{node.value}"', f"'{node.value}'") and name not in bindings.again
    return Place(module.spot(node), node.value, (start + 1, end - 1) if plain else None)


def _setup_version(path: str, tree: ast.Module) -> ast.expr | None:
    """The version that a setup.py hands to setup(), None where it hands none as a literal."""
    if path.rpartition("/")[2] != "setup.py":
        return None
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="setup") | ast.Attribute(attr="setup")):
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                version = given.get("version")
                return version if isinstance(version, ast.Constant) else None
    return None


def _toml(path: str, data: bytes) -> Iterator[Place]:
    document = read_toml(path, data)
    for keys in _TOML_KEYS:
        version = table_of(document, *keys[:-1]).get("version")
        if isinstance(version, str):
            text = decode(path, data)
            yield _quoted(text, version, locate_string(text, *keys))
            return


def _json(path: str, data: bytes) -> Iterator[Place]:
    from definition_of_done.readers.json_text import locate_json, read_json

    document = read_json(path, data)
    for keys in _JSON_KEYS:
        version = table_of(document, *keys[:-1]).get("version")
        if isinstance(version, str):
            text = decode(path, data)
            yield _quoted(text, version, locate_json(text, keys, version))


def _ini(path: str, data: bytes) -> Iterator[Place]:
    from definition_of_done.readers.ini import locate_option

    text = decode(path, data)
    option = locate_option(text, "metadata", "version")
    if option and not option.value.startswith(("attr:", "file:")):
        yield _placed(text, option.span[0], option.value)


def _uv_lock(path: str, data: bytes) -> Iterator[Place]:
    text = decode(path, data)
    for found in _UV_PACKAGE.finditer(text.text):
        yield _quoted(text, found[1], found.span(1))


def _no_version(path: str, _: bytes) -> Iterator[Place]:
    yield Place(Spot(path), None, None, "never names the project's own version")


def _npm(old: str, version: str) -> str:
    """A version as npm takes it: three numbers, and a hyphen before what follows.

    A team whose package has another form is left with it.
    """
    if SEMVER.is_version(version) or not SEMVER.is_version(old):
        return version
    found = re.fullmatch(r"([0-9.]+?)(?:\.?([a-z]+)([0-9]+))?", pep440(version))
    if not found:
        return version
    numbers = found[1].split(".")
    padded = ".".join(numbers + ["0"] * (3 - len(numbers)))
    return f"{padded}-{found[2]}.{found[3]}" if found[2] else padded


_READERS: Mapping[str, Callable[[str, bytes], Iterator[Place]]] = {
    ".toml": _toml,
    ".json": _json,
    ".cfg": _ini,
    ".ini": _ini,
    "uv.lock": _uv_lock,
    "poetry.lock": _no_version,
}
# uv normalizes what it locks, and takes another spelling for a change.
_SPELLINGS: Mapping[str, Callable[[str, str], str]] = {
    "uv.lock": lambda _, version: pep440(version),
    **dict.fromkeys(("package.json", "package-lock.json", "npm-shrinkwrap.json"), _npm),
}
# The lock file that repeats the version of the file beside it.
LOCKS = {
    PYPROJECT: ("uv.lock",),
    "package.json": ("package-lock.json", "npm-shrinkwrap.json"),
}
