"""The tables of the README and the site: the hooks, the configuration's keys."""

from __future__ import annotations

from json import dumps

from definition_of_done.engine.rule import FileSubject
from definition_of_done.project.settings import SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.setting import Setting

# The kind of a key that only the command line has.
INPUT = "input"


def short_table(rules: Sequence[Rule]) -> str:
    """The README's table of hooks, with links to their pages."""
    heads = ("hook", "contract", "what holds", "due", "`--fix`")
    rows = (
        (
            f"[`{rule.id}`](docs/hooks/{rule.id}.md)",
            rule.contract,
            plain(rule.summary),
            rule.due,
            _fixes(rule),
        )
        for rule in rules
    )
    return table(heads, rows)


def table_of_hooks(rules: Sequence[Rule]) -> str:
    """The site's table of hooks: also what each reads, and where it works."""
    heads = ("hook", "contract", "what holds", "reads", "due", "`--fix`", "stages", "pre-commit.ci")
    rows = (
        (
            f"[`{rule.id}`]({rule.id}.md)",
            rule.contract,
            plain(rule.summary),
            what_is_read(rule),
            rule.due,
            _fixes(rule),
            ", ".join(rule.stages),
            on_a_service(rule),
        )
        for rule in rules
    )
    return table(heads, rows)


def table_of_settings() -> str:
    """The configuration's keys: type, default and meaning."""
    rows = (
        (f"`{key}`", setting.shape.removeprefix("a "), default(setting), meaning(setting))
        for key, setting in SETTINGS.items()
        if setting.kind != INPUT
    )
    return table(("key", "type", "default", "meaning"), rows)


def what_is_read(rule: Rule) -> str:
    """Say in a word what the hook reads: file, tree, diff, or the last two."""
    if isinstance(rule.subject, FileSubject):
        return "file"
    if isinstance(rule.subject.diff, str):
        return "tree, diff"
    return "diff" if rule.subject.diff else "tree"


def _fixes(rule: Rule) -> str:
    return "yes" if rule.fixes else ""


def on_a_service(rule: Rule) -> str:
    """Say whether the hook works on pre-commit.ci: all files of a shallow clone, without a base."""
    if rule.stages and "pre-commit" not in rule.stages:
        return "no"
    needs = not isinstance(rule.subject, FileSubject) and rule.subject.diff
    if isinstance(needs, str):
        return f"all but {needs}"
    return "no base" if needs else "yes"


def default(setting: Setting) -> str:
    """The default of a key, as code or in words."""
    if setting.found:
        return plain(setting.found)
    if setting.default is None:
        return "none"
    # What the defaults are made of, JSON and TOML spell alike.
    return f"`{dumps(setting.default)}`"


def meaning(setting: Setting) -> str:
    """The meaning of a key, with that of an empty value."""
    none = '; `""`: none is kept' if setting.optional else ""
    return plain(setting.help) + none


def plain(text: str) -> str:
    """Prose as Markdown shows it: code in backticks stays code, nothing else is markup."""
    parts = text.split("`")
    return "`".join(
        part if place % 2 else part.replace("*", "\\*").replace("<", "&lt;")
        for place, part in enumerate(parts)
    )


def table(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    """Rows of cells as a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    escaped = ([cell.replace("|", "\\|") for cell in cells] for cells in lines)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in escaped)
