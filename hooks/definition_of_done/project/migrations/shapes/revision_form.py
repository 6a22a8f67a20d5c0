"""The template and the settings with which `alembic revision` writes the contract's form."""

from __future__ import annotations

import json

from definition_of_done.base.errors import UsageError
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.text import Text
from definition_of_done.project.alembic import pyproject_names_alembic
from definition_of_done.project.layout import PYPROJECT
from definition_of_done.project.migrations.shapes.revision_template import TEMPLATE, is_alembics_own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from definition_of_done.engine.session import Session
    from definition_of_done.readers.alembic_config import AlembicConfig

_SETTINGS = {
    "file_template": "%%(year)d%%(month).2d%%(day).2d_%%(slug)s",
    "truncate_slug_length": "32",
}
# The keys by which a team keeps another form.
_KEYS = ("filename-pattern", "revision-pattern")
_HOOK = "definition_of_done"
_COMMAND = "definition-of-done"
_SELECT = "--select no-autogenerate-noise --select alembic-header-sync"
_OPTIONS = f"check --fix {_SELECT} REVISION_SCRIPT_FILENAME"
_HOOKS = "post_write_hooks"


class Form(NamedTuple):
    """The new text of each file to write, and what is left to be done by hand."""

    texts: dict[str, str]
    left: list[str]


def revision_form(session: Session, texts: Mapping[str, Text]) -> Form:
    """The changes to a project's Alembic; `texts` are files as they are about to be written.

    What the team has changed stays. Raises UsageError where Alembic is not set up.
    """
    from definition_of_done.readers.alembic_config import read_alembic_config

    path = session.config["alembic-config"]
    alembic = read_alembic_config(session.root, path, session.tree.read_checked_out)
    script = _script_folder(session, path, alembic.script)
    if not script:
        raise UsageError(f"{path} names no script_location in the project: run alembic init first")
    form = Form({}, [])
    _add_template(session, script, form)
    _add_settings(session, alembic, texts, form)
    form.left.extend(
        f"{key} = {json.dumps(session.config[key])} is the team's own, and stays: take it away, and"
        " the contract's form holds"
        for key in _KEYS
        if session.config.is_set(key)
    )
    return form


def _script_folder(session: Session, config: str, named: str) -> str:
    """The folder of the template, empty where there is none.

    Alembic may be run at the top with the configuration of a folder, and Flask-Migrate keeps
    the configuration beside env.py and names no folder in it.
    """
    home = config.rpartition("/")[0]
    at_top = named.removeprefix(f"{home}/")
    folders = filter(None, (named, at_top, home))
    there = (folder for folder in folders if session.tree.exists(f"{folder}/env.py"))
    return next(there, named)


def _add_template(session: Session, script: str, form: Form) -> None:
    path = f"{script}/script.py.mako"
    old = session.tree.text(path).text if session.tree.exists(path) else None
    if old is None or is_alembics_own(old):
        form.texts[path] = TEMPLATE
    elif old != TEMPLATE:
        form.left.append(f"{path} is the team's own, and stays: make the revision a slug in it")


def _add_settings(
    session: Session, alembic: AlembicConfig, texts: Mapping[str, Text], form: Form
) -> None:
    path = session.config["alembic-config"]
    if not alembic.in_ini and pyproject_names_alembic(session):
        path = f"{path.rpartition('/')[0]}/{PYPROJECT}".lstrip("/")
    text = texts.get(path) or session.tree.text(path)
    new = (_toml if path.endswith(".toml") else _ini)(text, form.left)
    if new is None:
        form.left.append(
            f"{path} cannot be edited with certainty: set file_template, truncate_slug_length and"
            f" {_HOOKS} as the docs of definition-of-done show"
        )
    elif new != text.text:
        form.texts[path] = new


def _missing(path: str, present: Mapping[str, object], left: list[str]) -> dict[str, str]:
    """The options that are not set; of one that is set otherwise, the team is told."""
    for key, value in _SETTINGS.items():
        if str(present.get(key, value)) != value:
            left.append(f"{path} sets {key} already, and it stays: the contract's is {value}")
    return {key: value for key, value in _SETTINGS.items() if key not in present}


def _ini(text: Text, left: list[str]) -> str | None:
    from definition_of_done.readers.alembic_config import read_options, with_options

    sections = read_options(text)
    missing = _missing(text.path, sections.get("alembic", {}), left)
    new = with_options(text, "alembic", missing)
    hooks = sections.get(_HOOKS, {})
    if new is None or _COMMAND in hooks.values():
        return new
    own = hooks.get("hooks")
    hook = {
        "hooks": f"{own}, {_HOOK}" if own else _HOOK,
        f"{_HOOK}.type": "exec",
        f"{_HOOK}.executable": _COMMAND,
        f"{_HOOK}.options": _OPTIONS,
    }
    return with_options(Text(text.path, new), _HOOKS, hook)


def _toml(text: Text, left: list[str]) -> str | None:
    from definition_of_done.readers.toml import read_toml, with_item, with_keys

    table = read_toml(text.path, text.text.encode())["tool"]["alembic"]
    missing = _missing(text.path, table, left)
    lines = (
        f"{key} = {value}\n" if value.isdigit() else f'{key} = "{value}"\n'
        for key, value in missing.items()
    )
    new = with_keys(text, ("tool", "alembic"), "".join(lines)) if missing else text.text
    if new is None or any(_COMMAND in hook.values() for hook in table.get(_HOOKS, ())):
        return new
    hook = {"name": _HOOK, "type": "exec", "executable": _COMMAND, "options": _OPTIONS}
    return with_item(Text(text.path, new), ("tool", "alembic", _HOOKS), hook)
