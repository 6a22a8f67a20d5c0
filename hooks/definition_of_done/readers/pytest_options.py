"""The options that the configuration of pytest adds to each run."""

from __future__ import annotations

from collections.abc import Mapping

from definition_of_done.base.expressions import regex
from definition_of_done.readers.toml import read_toml, table_of

# In the order of pytest, which reads the first that has a part for it.
CONFIGURATIONS = tuple(
    "pytest.toml pytest.ini .pytest.ini pyproject.toml tox.ini setup.cfg".split()
)
_ADDED = regex(r"(?ms)^addopts[ \t]*[=:](.*?)(?=^[^\s#;]|\Z)")
_SECTION = regex(r"(?m)^\[(?:tool:)?pytest\]")


def read_added_options(files: Mapping[str, bytes]) -> list[str]:
    """The words of `addopts` in the file that pytest reads; raises Unreadable for bad TOML."""
    for name, data in files.items():
        is_own = "pytest" in name
        if b"pytest" not in data and not is_own:
            continue
        if name.endswith(".toml"):
            table = table_of(read_toml(name, data), *("tool",) * (not is_own), "pytest")
            table = table_of(table, "ini_options") or table
            if not table:
                continue
            added = table.get("addopts")
            return [*map(str, added)] if isinstance(added, list) else _words(str(added or ""))
        text = data.decode("utf-8", "replace")
        section = _SECTION.search(text)
        if section or is_own:
            found = _ADDED.search(text, section.end() if section else 0)
            return _words(found[1]) if found else []
    return []


def _words(text: str) -> list[str]:
    import shlex

    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return []
