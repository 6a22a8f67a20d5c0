"""Sights: what is counted, when it is off, and which setting is to blame."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.engine.config import Config
from definition_of_done.engine.session import Session
from definition_of_done.engine.sight import Sight, blind_sight, sights_off, written
from definition_of_done.project.settings import SETTINGS


def _session(project: Project, **values: object) -> Session:
    root = str(project.root)
    keys = {key.replace("_", "-"): value for key, value in values.items()}
    return Session(root, Config(root, SETTINGS, keys))


def _text_files(session: Session) -> int:
    paths = [path for path in session.tree.tracked if not session.config.excludes(path)]
    return sum(path.startswith(f"{session.config['features']}/") for path in paths)


PAGES = Sight("page", "features", "changelog", count=_text_files)
ALWAYS = Sight("thing", count=lambda _: 1)
NEVER = Sight("ghost", count=lambda _: 0)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, ""),
        ({"features": ""}, ""),
        ({"features": "app"}, 'sees no page: features = "app"'),
        ({"features": "app", "changelog": "docs"}, 'sees no page: features = "app"'),
        ({"exclude": ["docs"]}, 'sees no page: exclude = ["docs"]'),
        ({"exclude": ["app"], "features": "app"}, 'sees no page: features = "app"'),
        # Neither is to blame alone.
        ({"exclude": ["docs"], "features": "app"}, 'sees no page: features = "app"'),
    ],
)
def test_setting_to_blame(values: dict[str, object], told: str, project: Project) -> None:
    project.lay({"docs/feature/a.md": ""})
    assert blind_sight(_session(project, **values), [ALWAYS, PAGES]) == told


def test_default_to_blame(project: Project) -> None:
    session = _session(project)
    assert blind_sight(session, [PAGES]) == ('sees no page: features = "docs/feature", the default')
    assert blind_sight(session, [NEVER, PAGES]) == "sees no ghost: exclude = [], the default"


def test_off(project: Project) -> None:
    session = _session(project, features="", schema_exports=[])
    exports = Sight("export", "schema-exports", count=lambda _: 0)
    assert sights_off(session, [ALWAYS, PAGES, exports]) == ["features", "schema-exports"]
    assert sights_off(_session(project), [ALWAYS, PAGES, exports]) == []


def test_what_is_found_out_is_written_in_words(project: Project) -> None:
    assert written(_session(project), "taskfile") == "taskfile is the first that Task looks for"


def test_each_is_counted_once(project: Project) -> None:
    numbers = iter([3])
    sight = Sight("rare thing", count=lambda _: next(numbers))
    session = _session(project)
    assert (sight.seen(session), sight.seen(session)) == (3, 3)
