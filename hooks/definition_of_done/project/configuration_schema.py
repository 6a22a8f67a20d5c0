"""The JSON Schema of the configuration, made of the settings: for editors and other programs."""

from __future__ import annotations

from definition_of_done.engine.config import LEVELS
from definition_of_done.engine.registry import families, known_ids
from definition_of_done.engine.setting import SEVERAL
from definition_of_done.project.changelog_style import KEY, STYLES
from definition_of_done.project.settings import LINKS, SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from definition_of_done.engine.setting import Setting

    Schema: TypeAlias = dict[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
# A path is below the project; whether it exists, the program sees.
_PATH: Schema = {"type": "string", "pattern": r"^(?!/|\.\./|\.\.$)", "minLength": 1}
_REASON: Schema = {"type": "string", "pattern": r"\S"}
# A name is no form of names: it matches nothing but itself.
_NO_NAME = r"^(?![A-Za-z_]\w*$)"
# The texts that one of these keys takes, as far as a pattern can tell.
_FORMS = {
    "database-version": r"^\d+(\.\d+)*$",
    "filename-pattern": _NO_NAME,
    "revision-pattern": rf"^(slug|hash)$|{_NO_NAME}",
}


def configuration_schema() -> Schema:
    """The schema of `[tool.definition-of-done]`, and of a definition-of-done.toml."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "definition-of-done",
        "description": "[tool.definition-of-done] in pyproject.toml, or definition-of-done.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: _described(setting, _values(key, setting))
            for key, setting in SETTINGS.items()
            if setting.kind != "input"
        },
        "definitions": {"selector": {"enum": [*families(), *known_ids()]}},
    }


def _described(setting: Setting, values: Schema) -> Schema:
    default = {} if setting.default is None else {"default": setting.default}
    found = f"; default: {setting.found}" if setting.found else ""
    return {"description": setting.help + found, **values, **default}


def _values(key: str, setting: Setting) -> Schema:
    """The schema of the values of one key."""
    value = _by_kind(setting.kind)
    if key in _FORMS:
        value = {**value, "pattern": _FORMS[key]}
    if known := STYLES if key == KEY else setting.known:
        value = {"enum": [*known]}
        return _several(value) if setting.kind in SEVERAL else value
    if key == "per-file-ignores":
        return _table(_several(_by_kind("ids")["items"]))
    if setting.optional:
        value = {name: limit for name, limit in value.items() if name != "minLength"}
    if setting.read_table:
        waive = {**_table(_REASON), "propertyNames": {"enum": [*LINKS]}}
        resource = {
            "type": "object",
            "additionalProperties": False,
            "properties": {"waive": waive},
        }
        return {"anyOf": [value, {**_table(resource), "properties": {"folder": value}}]}
    return value


def _by_kind(kind: str) -> Schema:
    selector: Schema = {"$ref": "#/definitions/selector"}
    fields = {"path": _TEXT, "pattern": {"type": "string"}}
    place = {
        "type": "object",
        "additionalProperties": False,
        "required": ["path"],
        "properties": fields,
    }
    kinds: dict[str, Schema] = {
        "files": _several({"anyOf": [_TEXT, place]}),
        "flag": {"type": "boolean"},
        "ids": _several(selector),
        "levels": {**_table({"enum": [*LEVELS]}), "propertyNames": selector},
        "names": _table(_several(_TEXT)),
        "number": {"type": "integer", "minimum": 1},
        "path": _PATH,
        "paths": _several(_PATH),
        "reasons": _table(_REASON),
        "revisions": {"anyOf": [_TEXT, _several(_TEXT)]},
        "text": _TEXT,
        "texts": _several(_TEXT),
    }
    return kinds[kind]


def _several(item: object) -> Schema:
    return {"type": "array", "items": item}


def _table(value: object) -> Schema:
    return {"type": "object", "additionalProperties": value}
