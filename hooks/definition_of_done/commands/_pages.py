"""The pages of the hooks on the site, their part of its navigation, and the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import unified_diff
from json import dumps

from definition_of_done.engine.explanation import BEYOND_THE_CONTRACT, due, example_files, sentence
from definition_of_done.engine.rule import FileSubject, Rule
from definition_of_done.engine.setting import Setting
from definition_of_done.project.settings import SETTINGS

# The kind of a key that only the command line has.
INPUT = "input"
# Lines of an example that stand around what differs.
_AROUND = 2
# A file that only one example has is shown up to so many lines.
_SHORT = 10
_READS = {
    "file": "It reads each file by itself.",
    "tree": "It reads the tree as a whole.",
    "diff": "It reads what the branch changes since its base.",
    "tree, diff": "It reads the tree as a whole, and what the branch changes since its base.",
}
_ON_A_SERVICE = {
    "yes": "pre-commit.ci judges it.",
    "no": "pre-commit.ci does not run it.",
    "no base": "pre-commit.ci has no base for it: it says so there, and passes.",
}


def page_of_hook(rule: Rule) -> str:
    """The page of a hook: what, why, when, the examples, the options, how to accept."""
    return "\n".join(
        [
            f"# {rule.id}\n",
            f"{_plain(sentence(rule.summary))}\n",
            _facts(rule),
            f"## Why\n\n{_plain(rule.why)}\n",
            f"## When it is due\n\n{_due(rule)}",
            f"## Bad and good\n\n{_examples(rule)}",
            f"## Options\n\n{_options(rule)}",
            f"## Accept a finding\n\n{_acceptance(rule)}",
        ]
    )


def nav_of_hooks(rules: Sequence[Rule]) -> str:
    """The entries of the hooks' pages in the navigation, by family."""
    lines: list[str] = []
    for rule in rules:
        family = f"      - {rule.family.capitalize()}:\n"
        if family not in lines:
            lines.append(family)
        lines.append(f"          - {rule.id}: hooks/{rule.id}.md\n")
    return "".join(lines)


def _facts(rule: Rule) -> str:
    mends = "`--fix` mends what is certain" if rule.fixes else "`--fix` mends nothing of it"
    facts = f"{_place(rule)} · family `{rule.family}` · {mends} · since {rule.since}\n"
    news = (f"Since {new.since} also: {_plain(new.finds)}.\n" for new in rule.news)
    return "\n".join([facts, *news])


def _place(rule: Rule) -> str:
    if rule.is_beyond:
        return f'**{BEYOND_THE_CONTRACT}**, with `extend-select = ["{rule.family}"]`'
    return f"**Contract {rule.contract}**"


def _due(rule: Rule) -> str:
    there = _on_a_service(rule)
    return (
        f"{sentence(due(rule))} {_READS[_what_is_read(rule)]}"
        f" {_ON_A_SERVICE.get(there, f'pre-commit.ci judges {there}.')}"
        " See [when a rule is due](index.md#when-a-rule-is-due).\n"
    )


def _examples(rule: Rule) -> str:
    lines = list(_steps(rule))
    parts = ['<div class="grid" markdown>\n']
    for title, other in (("Bad", "+"), ("Good", "-")):
        shown = "\n".join(line for line in lines if not line.startswith(other)).rstrip()
        parts.append(f"<div markdown>\n\n**{title}**\n\n```diff\n{shown}\n```\n\n</div>\n")
    return "\n".join([*parts, "</div>\n"])


def _options(rule: Rule) -> str:
    keys = {key: SETTINGS[key] for key in rule.keys}
    rows = (
        (f"`{key}`", _default(setting), _meaning(setting))
        for key, setting in keys.items()
        if setting.kind != INPUT
    )
    inputs = [
        f"`--{key}`: {_plain(setting.help)}.\n"
        for key, setting in keys.items()
        if setting.kind == INPUT
    ]
    if len(inputs) == len(keys):
        return "\n".join([*inputs, "It has no key in the [configuration](../configuration.md).\n"])
    said = "Keys of the [configuration](../configuration.md). All but tables are flags, too.\n"
    return "\n".join([said, _table(("key", "default", "meaning"), rows), *inputs])


def _acceptance(rule: Rule) -> str:
    """Say how to silence one finding, by the kind of file, and the whole hook."""
    off = f'Switch the hook off in the suite: `ignore = ["{rule.id}"]`.\n'
    if not isinstance(rule.subject, FileSubject) and rule.subject.accept:
        return f"{_plain(sentence(rule.subject.accept))}\n\n{off}"
    suffix = rule.subject.shown_suffix if isinstance(rule.subject, FileSubject) else ""
    forms = ["# dod: ignore[{}] reason"] if suffix != ".md" else []
    forms += ["<!-- dod: ignore[{}] reason -->"] if suffix in (".md", "") else []
    comments = ", in Markdown ".join(f"`{form.format(rule.id)}`" for form in forms)
    return f"[On its line](../accepting.md), with the reason: {comments}.\n\n{off}"


def _steps(rule: Rule) -> Iterator[str]:
    """Yield the step from the bad example to the good one, as lines of a diff."""
    bad, good = dict(example_files(rule, rule.bad)), dict(example_files(rule, rule.good))
    both = {path for path, text in bad.items() if text and good.get(path)}
    # A file that only the good example has is another name for one beside it.
    folders = {_folder(path) for path, text in good.items() if text and path not in both}
    named = {path for path, text in bad.items() if text and _folder(path) in folders} - both
    differs = bool(named) or any(bad[path] != good[path] for path in both)
    for path in sorted({*bad, *good}, key=lambda path: (_folder(path), path in good, path)):
        old, new = bad.get(path), good.get(path)
        if path in both:
            if old != new:
                yield f"  {path}"
                yield from _hunks(str(old), str(new))
            continue
        if path in named:
            yield f"- {path}"
        elif path in bad and not old and not differs:
            yield f"- {path} (deleted)"
        if new:
            yield f"+ {path}"
            yield from _content(new if path not in bad else "")
        elif path in good and not differs:
            yield f"+ {path} (deleted)"


def _content(text: str) -> Iterator[str]:
    """Yield the lines of a new file that is short."""
    lines = text.splitlines()
    if len(lines) <= _SHORT:
        yield from (f"+ {line}".rstrip() for line in lines)


def _hunks(old: str, new: str) -> Iterator[str]:
    lines = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=_AROUND)
    for line in list(lines)[2:]:
        yield "  ..." if line.startswith("@@") else f"{line[0]} {line[1:]}".rstrip()


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def short_table(rules: Sequence[Rule]) -> str:
    """The README's table of hooks, with links to their pages."""
    return _table_of(rules, "docs/hooks/", ("contract", "what holds", "due", "`--fix`"))


def table_of_hooks(rules: Sequence[Rule]) -> str:
    """The site's table of hooks: also what each reads, and where it works."""
    return _table_of(rules, "", tuple(_COLUMNS))


def _table_of(rules: Sequence[Rule], folder: str, heads: Sequence[str]) -> str:
    rows = (
        (f"[`{rule.id}`]({folder}{rule.id}.md)", *(_COLUMNS[head](rule) for head in heads))
        for rule in rules
    )
    return _table(("hook", *heads), rows)


def table_of_settings() -> str:
    """The configuration's keys: type, default and meaning."""
    rows = (
        (f"`{key}`", setting.shape.removeprefix("a "), _default(setting), _meaning(setting))
        for key, setting in SETTINGS.items()
        if setting.kind != INPUT
    )
    return _table(("key", "type", "default", "meaning"), rows)


def _what_is_read(rule: Rule) -> str:
    """Say in a word what the hook reads: file, tree, diff, or the last two."""
    if isinstance(rule.subject, FileSubject):
        return "file"
    if isinstance(rule.subject.diff, str):
        return "tree, diff"
    return "diff" if rule.subject.diff else "tree"


def _on_a_service(rule: Rule) -> str:
    """Say whether the hook works on pre-commit.ci: all files of a shallow clone, without a base."""
    if rule.stages and "pre-commit" not in rule.stages:
        return "no"
    needs = not isinstance(rule.subject, FileSubject) and rule.subject.diff
    if isinstance(needs, str):
        return f"all but {needs}"
    return "no base" if needs else "yes"


def _default(setting: Setting) -> str:
    """The default of a key, as code or in words."""
    if setting.found:
        return _plain(setting.found)
    if setting.default is None:
        return "none"
    # What the defaults are made of, JSON and TOML spell alike.
    return f"`{dumps(setting.default)}`"


def _meaning(setting: Setting) -> str:
    """The meaning of a key, with that of an empty value."""
    none = '; `""`: none is kept' if setting.optional else ""
    return _plain(setting.help) + none


def _plain(text: str) -> str:
    """Prose as Markdown shows it: code in backticks stays code, nothing else is markup."""
    parts = text.split("`")
    return "`".join(
        part if place % 2 else part.replace("*", "\\*").replace("<", "&lt;")
        for place, part in enumerate(parts)
    )


def _table(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    """Rows of cells as a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    escaped = ([cell.replace("|", "\\|") for cell in cells] for cells in lines)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in escaped)


_COLUMNS: Mapping[str, Callable[[Rule], str]] = {
    "contract": lambda rule: rule.contract,
    "what holds": lambda rule: _plain(rule.summary),
    "reads": _what_is_read,
    "due": lambda rule: rule.due,
    "`--fix`": lambda rule: "yes" if rule.fixes else "",
    "stages": lambda rule: ", ".join(rule.stages),
    "pre-commit.ci": _on_a_service,
}
