"""Sights: what a rule must see in a project to work there, and the setting that decides it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from definition_of_done.engine.session import Session


class Sight:
    """Things of a project: `noun` names one, `count` counts them in what the session judges.

    `settings` are the keys that say where they are, the first one before all; where that is empty,
    the team keeps none. `off(session)` is another key by which it keeps none, or empty. `exclude`
    hides any of them.
    """

    def __init__(
        self,
        noun: str,
        *settings: str,
        count: Callable[[Session], int],
        off: Callable[[Session], str] | None = None,
    ) -> None:
        self.noun = noun
        self.settings = settings
        self._count = count
        self._off = off

    def seen(self, session: Session) -> int:
        """The number of them, counted once."""
        return session.cache.keep(f"number of {self.noun}s", lambda: self._count(session))

    def off_key(self, session: Session) -> str:
        """The key by which the team says that it keeps none, empty where it does not."""
        if self.settings and session.config[self.settings[0]] in ("", []):
            return self.settings[0]
        return self._off(session) if self._off else ""

    def blamed(self, session: Session) -> str:
        """The key without which there would be some, else the first one."""
        values = session.config.values
        for key in ("exclude", *self.settings):
            if key in values:
                others = {name: value for name, value in values.items() if name != key}
                if self.seen(session.with_values(others)):
                    return key
        return (*self.settings, "exclude")[0]


def sights_off(session: Session, sights: Sequence[Sight]) -> list[str]:
    """The keys by which the team says that it keeps none of what a rule must see."""
    return [key for sight in sights if (key := sight.off_key(session))]


def blind_sight(session: Session, sights: Sequence[Sight]) -> str:
    """Say which thing a rule should see and does not, and the setting to blame; else empty.

    Raises Unreadable for a file that cannot be read.
    """
    if sights_off(session, sights):
        return ""
    sight = next((sight for sight in sights if not sight.seen(session)), None)
    return f"sees no {sight.noun}: {written(session, sight.blamed(session))}" if sight else ""


def written(session: Session, key: str) -> str:
    """A key with its value as in TOML, or with the words that stand for its default."""
    import json

    setting, value = session.config.settings[key], session.config[key]
    if value is None:
        return f"{key} is {setting.found}"
    is_found = session.config.found(key) is not None
    told = "" if session.config.is_set(key) else ", found" if is_found else ", the default"
    # What is written so, JSON and TOML spell alike.
    return f"{key} = {json.dumps(value)}{told}"
