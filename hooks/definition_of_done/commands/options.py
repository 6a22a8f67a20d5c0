"""The options of every hook and of `check`, for argparse, and what other commands share of them."""

from __future__ import annotations

from definition_of_done.base.words import listed
from definition_of_done.engine.report import FORMATS
from definition_of_done.engine.setting import SEVERAL
from definition_of_done.project.settings import SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from definition_of_done.engine.setting import Setting


def add_options(
    parser: argparse.ArgumentParser, keys: Sequence[str], fixes: bool, *, aliases: bool = False
) -> list[argparse.Action]:
    """Give a parser the options of every hook, and a flag for each configuration key in `keys`.

    `aliases` adds the shorter flags that some keys have. Returns the flags of the keys.
    """
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILES",
        help="files or folders to judge; default: all tracked files, with --base those it changes",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="mend what is certain" if fixes else "accepted; this hook has nothing to mend",
    )
    parser.add_argument(
        "--diff",
        action="store_true",
        help="with --fix: print what it would change as a diff, and write nothing",
    )
    add_format(parser, *FORMATS)
    parser.add_argument(
        "--statistics", action="store_true", help="also count the findings of each rule"
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="show all findings, not the first three of a rule that has more than 20",
    )
    add_base(parser, "what is staged")
    add_require_base(parser)
    parser.add_argument(
        "--no-cache", action="store_true", help="neither take nor keep verdicts of earlier runs"
    )
    flags = (_add_setting(parser, key, aliases=aliases) for key in keys)
    return [flag for flag in flags if flag]


def add_format(parser: argparse.ArgumentParser, *names: str) -> None:
    """Give a parser the choice of a format; the first one is the default."""
    parser.add_argument(
        "--format",
        choices=names,
        metavar="FORMAT",
        default=names[0],
        help=f"{listed(names, 'or')}; default: {names[0]}",
    )


def add_base(parser: argparse.ArgumentParser, default: str) -> None:
    """Give a parser the base that a branch is judged against."""
    parser.add_argument(
        "--base",
        metavar="REF",
        help=f"judge the change since the merge base of REF and HEAD; default: {default}",
    )


def add_require_base(parser: argparse.ArgumentParser) -> None:
    """Give a parser the wish that there be a base."""
    parser.add_argument(
        "--require-base", action="store_true", help="exit 2 where there is no base to judge against"
    )


def printable_title(words: str) -> str:
    """A title on one line, with one space between its words and nothing that does not print."""
    return "".join(char for char in " ".join(words.split()) if char.isprintable())


def _add_setting(
    parser: argparse.ArgumentParser, key: str, *, aliases: bool
) -> argparse.Action | None:
    """Give a parser the flag of a configuration key; a table has none."""
    setting = SETTINGS[key]
    if setting.kind in ("names", "reasons", "levels"):
        return None
    flags = [f"--{key}", *([setting.alias] if aliases and setting.alias else [])]
    if setting.kind == "flag" and setting.default:
        return parser.add_argument(
            f"--no-{key}",
            dest=key.replace("-", "_"),
            action="store_false",
            default=None,
            help=f"set {key} to false: {setting.help}",
        )
    if setting.kind == "flag":
        return parser.add_argument(*flags, action="store_true", default=None, help=setting.help)
    return parser.add_argument(
        *flags,
        metavar="FILE" if setting.kind == "input" else setting.kind.upper().rstrip("S"),
        type=int if setting.kind == "number" else str,
        action="append" if setting.kind in SEVERAL else "store",
        # argparse fills what stands behind a percent sign.
        help=(setting.help + _default(setting) + _repeated(setting)).replace("%", "%%"),
    )


def _repeated(setting: Setting) -> str:
    if setting.kind not in SEVERAL:
        return ""
    return " (commas between several)" if setting.kind == "ids" else " (may be repeated)"


def _default(setting: Setting) -> str:
    value = setting.found or setting.default
    shown = ", ".join(value) if isinstance(value, list) else value
    return f"; default: {shown or 'none'}"
