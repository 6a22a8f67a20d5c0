"""The README's generated blocks: the table of hooks, a section for each hook, the settings."""

from __future__ import annotations

from difflib import unified_diff
from json import dumps

from definition_of_done.engine.explanation import BEYOND_THE_CONTRACT, own_files, sentence
from definition_of_done.engine.subject import FileSubject
from definition_of_done.project.settings import SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.setting import Setting

# The kind of a key that only the command line has.
_INPUT = "input"


def table_of_hooks(rules: Sequence[Rule]) -> str:
    """The table of hooks: summary, what each reads, and where it works."""
    heads = ("hook", "contract", "what holds", "reads", "due", "`--fix`", "stages", "pre-commit.ci")
    rows = (
        (
            f"[`{rule.id}`](#{rule.id})",
            rule.contract,
            _plain(rule.summary),
            _reads(rule),
            rule.due,
            "yes" if rule.fixes else "",
            ", ".join(rule.stages),
            _on_a_service(rule),
        )
        for rule in rules
    )
    return _table(heads, rows)


def sections_of_hooks(rules: Sequence[Rule]) -> str:
    """A section for each hook: why, an example, its options, and how to accept a finding."""
    return "\n".join(_section(rule) for rule in rules)


def table_of_settings() -> str:
    """The configuration's keys: type, default and meaning."""
    rows = (
        (f"`{key}`", setting.shape.removeprefix("a "), _default(setting), _meaning(setting))
        for key, setting in SETTINGS.items()
        if setting.kind != _INPUT
    )
    return _table(("key", "type", "default", "meaning"), rows)


def _reads(rule: Rule) -> str:
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


def _section(rule: Rule) -> str:
    parts = [
        f"### `{rule.id}`\n",
        f"{_plain(sentence(rule.summary))} {_plain(rule.why)} *{_place(rule)}.*\n",
        "<details><summary>Example, options, how to accept a finding</summary>\n",
        "\n".join(["```diff", *_example(rule), "```\n"]),
        _options(rule),
        _acceptance(rule),
        "</details>\n",
    ]
    return "\n".join(parts)


def _place(rule: Rule) -> str:
    return BEYOND_THE_CONTRACT if rule.is_beyond else f"Contract {rule.contract}"


def _options(rule: Rule) -> str:
    keys = [f"`{key}`" for key in rule.keys if SETTINGS[key].kind != _INPUT]
    inputs = [f"`--{key}`" for key in rule.keys if SETTINGS[key].kind == _INPUT]
    mends = "`--fix` mends what is certain. " if rule.fixes else ""
    read = f"Configuration: {', '.join(keys)}." if keys else "It has no configuration."
    flags = f" Input: {', '.join(inputs)}." if inputs else ""
    return f"{mends}{read}{flags}\n"


def _acceptance(rule: Rule) -> str:
    """Say how to silence one finding, by the kind of file, and the whole hook."""
    off = f'Switch the hook off: `ignore = ["{rule.id}"]`.\n'
    if not isinstance(rule.subject, FileSubject) and rule.subject.accept:
        return f"{_plain(sentence(rule.subject.accept))} {off}"
    suffix = rule.subject.usual if isinstance(rule.subject, FileSubject) else ""
    forms = ["# dod: ignore[{}] reason"] if suffix != ".md" else []
    forms += ["<!-- dod: ignore[{}] reason -->"] if suffix in (".md", "") else []
    comments = ", in Markdown ".join(f"`{form.format(rule.id)}`" for form in forms)
    return f"[Accept a finding](#accepting-a-finding) on its line: {comments}. {off}"


def _example(rule: Rule) -> Iterator[str]:
    """Yield the step from the bad example to the good one, as lines of a diff."""
    bad, good = dict(own_files(rule, rule.bad)), dict(own_files(rule, rule.good))
    names = {path for path in {*bad, *good} if (bad.get(path) is None) != (good.get(path) is None)}
    wanted = {_folder(path) for path in names if bad.get(path) is None}
    for path in sorted({*bad, *good}, key=lambda path: (_folder(path), path in good, path)):
        if path in names:
            # A file that only the bad example has is a wrong name, or keeps other rules content.
            if bad.get(path) is None:
                yield f"+ {path}"
            elif _folder(path) in wanted:
                yield f"- {path}"
        elif bad.get(path) != good.get(path):
            yield f"  {path}"
            yield from _hunks(str(bad[path]), str(good[path]))


def _hunks(old: str, new: str) -> Iterator[str]:
    for line in list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:]:
        yield "  ..." if line.startswith("@@") else f"{line[0]} {line[1:]}".rstrip()


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _default(setting: Setting) -> str:
    if setting.found:
        return _plain(setting.found)
    if setting.default is None:
        return "none"
    # What the defaults are made of, JSON and TOML spell alike.
    return f"`{dumps(setting.default)}`"


def _meaning(setting: Setting) -> str:
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
    lines = [heads, ["---"] * len(heads), *rows]
    escaped = ([cell.replace("|", "\\|") for cell in cells] for cells in lines)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in escaped)
