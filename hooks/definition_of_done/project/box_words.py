"""The words by which a line of a pull request is known as a box of the checklist."""

from __future__ import annotations

import re

from definition_of_done.engine.config import Config
from definition_of_done.project.boxes import RUNS

# A way to say a box: all of its words stand in the line, in any order, and none behind a `!`.
Way = tuple[str, ...]

_AGAIN = r"again|re-?r[au]n(?:ning)?|once more|(?:a )?second time|twice|after the (?:version )?bump"
_GREEN = r"green|pass(?:es|ed|ing)?|clean|succeeds?|succeeded|ok"
# The ways of a box from the surest to the vaguest: a vague one counts where no line says a surer.
BOX_WORDS: dict[str, tuple[Way, ...]] = {
    "Plan before code": (
        (r"plan(?:ned)?", r"before|first|ahead of", r"cod(?:e|ed|ing)|implement\w*|docs/feature"),
        (r"plan", r"written|committed|merged|stands|exists|reviewed|in place|first", "!rollout"),
    ),
    "Deltas enumerated": (
        (r"deltas?|what'?s being implemented|what is being implemented",),
        (r"every|all", r"files?|changes", r"list(?:s|ed)|enumerate[ds]|name[ds]"),
    ),
    "Migration with both directions and the right parent": (
        (
            r"migrations?(?:\(s\))?|alembic|revisions?",
            r"downgrades?|both directions|both ways|reversible|down_revision|parent",
        ),
        (r"upgrade", r"downgrade"),
        (r"(?:alembic )?migrations?(?:\(s\))?", r"added|written|included|reviewed", "!changelog"),
    ),
    "RBAC members and backfill": (
        (r"rbac|path ?(?:/|and|&|\+) ?resource|permissions?|enums?|members?", r"backfill\w*"),
        (r"rbac|path ?(?:/|and|&|\+) ?resource",),
        (r"backfill\w*",),
    ),
    "Full chain": (
        (r"full|whole|entire|complete|module|wired", r"chain", "!supply"),
        (r"models?", r"repos?(?:itory|itories)?|services?", r"graphql|schema|resolvers?"),
        (r"wired", r"layers?|end to end"),
    ),
    "`task all` green": ((r"task all", f"!{_AGAIN}"),),
    "`task test` green": ((r"task test",), (r"tests?|pytest", _GREEN)),
    "Page final with Future additions": (
        (r"future (?:additions|work)|what (?:actually )?shipped|actually shipped",),
        (r"page|docs?", r"final|finali[sz]ed|final form"),
    ),
    "Page in the nav, strict build clean": (
        (r"page|entry|wired|added|linked|listed", r"nav|mkdocs\.ya?ml|zensical\.toml"),
        (r"mkdocs build|strict build|--strict|build --strict",),
    ),
    "Version bumped with its changelog stub": (
        (
            r"bump_version(?:\.py)?|definition-of-done bump|task bump|version bump(?:ed)?",
            "!task all",
        ),
        (r"version\w*|changelog|stub", r"bump(?:ed|s)?", "!task all"),
        (r"bump\w*", r"scripts?|command", "!task all"),
        (r"version", r"raised|increased|incremented|updated|set"),
    ),
    "Changelog filled in": (
        (r"changelog", r"filled(?:[ -]in)?|written|complete[d]?|highlights|sections", "!bump"),
        (r"changelog", r"updated|entry|page|added|done", "!stub", "!bump\\w*"),
    ),
    "`task all` again": ((r"task all", _AGAIN),),
}


def box_words(config: Config) -> dict[str, tuple[Way, ...]]:
    """The ways to say each box, where the team's commands stand for the contract's, too."""
    commands = {
        own: "|".join(dict.fromkeys((own, *(re.escape(plain_line(text)) for text in config[key]))))
        for own, key in RUNS.items()
    }

    def with_commands(words: str) -> str:
        for own, spellings in commands.items():
            words = words.replace(own, f"(?:{spellings})")
        return words

    return {
        title: tuple(tuple(map(with_commands, way)) for way in ways)
        for title, ways in BOX_WORDS.items()
    }


def says_box(text: str, way: Way) -> bool:
    """True where a line says a box in one way."""
    return all(_holds(text, words.removeprefix("!")) != words.startswith("!") for words in way)


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<![\w-])(?:{words})(?![\w-])", text) is not None


def plain_line(text: str) -> str:
    """Reduce a line to lower case, without code marks and with single blanks."""
    return " ".join(text.replace("`", "").replace("\u2019", "'").split()).casefold()
