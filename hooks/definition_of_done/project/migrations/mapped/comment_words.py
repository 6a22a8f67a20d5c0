"""Tells comments that say something from those that only repeat a name or promise to."""

from __future__ import annotations

from definition_of_done.base.expressions import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.project.migrations.operations.operations import Column

# Words around a name that add nothing to it.
_FILLERS = {"a", "an", "the", "this", "of", "for"}
_KINDS = {"column", "field", "value", "attribute", "property", "data"}
_WORD = regex(r"[^\W_]+")
_PROMISES = regex(r"(TODO|FIXME|XXX|TBD|TBA|WIP)\b")
_NOTHING = {
    *("todo", "fixme", "tbd", "tba", "wip", "xxx", "comment", "description", "placeholder"),
    *("none", "null", "na", "unknown", "tobedone", "tobedefined", "tobedetermined", "seeabove"),
    *("addcomment", "addacomment", "nocomment", "nodescription"),
}
_TYPES = {
    "Integer": {"int", "number"},
    "String": {"str", "text", "varchar"},
    "Text": {"str", "string"},
    "Boolean": {"bool"},
    "DateTime": {"timestamp"},
    "Numeric": {"decimal", "number"},
    "Float": {"number"},
}


def is_said(comment: str, name: str) -> bool:
    """True where a comment says more of a column than its name."""
    words = _words(comment)
    return not _empty(comment, words) and _core(words) != _bare(name)


def what_is_wrong(column: Column) -> str:
    """The words for a comment that says nothing, empty for one that does."""
    comment = column.comment or ""
    label = f"the comment of column {column.label}"
    if not comment.strip():
        return f"{label} is empty"
    words = _words(comment)
    if _empty(comment, words):
        return f"{label} says nothing: {comment!r}"
    what = _repeated(_core(words), column)
    return f"{label} only repeats its {what}" if what else ""


def _repeated(core: str, column: Column) -> str:
    """The part of a column that the letters of its comment repeat, empty where it is none."""
    name, type_name = _bare(column.name or ""), column.type_name
    table = _bare(column.label.rpartition(".")[0].rpartition(".")[2])
    if core in (name, f"{table}{name}"):
        return "name"
    if type_name and (core == type_name.lower() or core in _TYPES.get(type_name, ())):
        return "type"
    is_table = core in (table, table.removesuffix("s"), f"{table.removesuffix('ies')}y")
    return "table" if is_table else ""


def _empty(comment: str, words: list[str]) -> bool:
    """True where a comment holds no word, or a promise in the place of one."""
    words = [word for word in words if word not in _FILLERS]
    is_kind = bool(words) and set(words) <= _KINDS
    return (
        not words or is_kind or "".join(words) in _NOTHING or bool(_PROMISES.match(comment.strip()))
    )


def _core(words: list[str]) -> str:
    """The letters of a comment's words without those around them that add nothing."""
    kinds = [word for word in words if word not in {"a", "an", "the", "this"}]
    while kinds and kinds[-1] in _KINDS:
        kinds.pop()
    # "value of the amount"
    while len(kinds) > 2 and kinds[0] in _KINDS and kinds[1] in ("of", "for"):
        del kinds[:2]
    return "".join(kinds) or "".join(words)


def _words(comment: str) -> list[str]:
    return _WORD.findall(comment.lower())


def _bare(text: str) -> str:
    letters = text.lower().replace("_", "")
    return letters if letters.isalnum() else "".join(_words(text))
