"""Values that are made once: in memory for this run, in the user's cache folder for later ones."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    from definition_of_done.engine.store import Store

    Made = TypeVar("Made")


class Cache:
    """The values of a run: `keep` keeps them for this run, `recall` for later ones, too.

    `is_on` says that values of earlier runs are taken. `rules` are the ids of the rules that run:
    hooks that run side by side have stores of their own.
    """

    def __init__(self, root: str, *, is_on: bool) -> None:
        self.root = root
        self.is_on = is_on
        self.rules: list[str] = []
        self.kept: dict[str, Any] = {}
        self._unread: dict[str, Unreadable] = {}
        self._lasting: set[str] = set()
        self._shared: dict[str, Any] = {}
        self._stores: dict[str | tuple[str, ...], Store] = {}

    def keep(self, key: str, make: Callable[[], Made], *, lasts: bool = False) -> Made:
        """The value under a key, which `make` returns once.

        `lasts` says that no fix makes it stale. Raises Unreadable each time where `make` raised it.
        """
        if lasts:
            self._lasting.add(key)
        if key not in self.kept:
            try:
                if key not in self._unread:
                    self.kept[key] = make()
            except Unreadable as error:
                self._unread[key] = error
            if key in self._unread:
                # Many rules read the file that cannot be read.
                raise self._unread[key].with_traceback(None)
        return self.kept[key]  # type: ignore[no-any-return]  # it is what `make` made

    def share(self, other: Cache) -> None:
        """Share what is kept `for_all` with the cache of another project of the run."""
        self._shared = other._shared

    def keep_for_all(self, key: str, make: Callable[[], Made]) -> Made:
        """The value under a key, which `make` returns once for all projects of the run."""
        if key not in self._shared:
            self._shared[key] = make()
        return self._shared[key]  # type: ignore[no-any-return]  # it is what `make` made

    def clear(self) -> None:
        """Drop the kept values that a fix may have made stale."""
        self.kept = {key: kept for key, kept in self.kept.items() if key in self._lasting}
        self._unread = {key: error for key, error in self._unread.items() if key in self._lasting}

    def store(self, name: str = "") -> Store:
        """The store with a name, or without one that of the rules that run."""
        key = name or tuple(self.rules)
        if key not in self._stores:
            from definition_of_done.engine.store import Store

            self._stores[key] = Store(self.root, name or repr(self.rules), is_on=self.is_on)
        return self._stores[key]

    def save(self) -> None:
        """Write what is new for later runs."""
        for store in self._stores.values():
            store.save()

    def recall_names(
        self, kind: str, data: bytes, make: Callable[[], Sequence[str]]
    ) -> Sequence[str]:
        """The names that `make` returns for bytes of a kind: at least one, and none empty.

        They are stored without JSON, whose import takes as long as most `make` functions.
        """
        store = self.store()
        if store.is_off:
            return make()
        from definition_of_done.engine.store import digest

        key = digest(kind, data)
        kept = store.get(key)
        if kept is not None:
            return kept.decode("utf-8", "surrogatepass").split("\0")
        made = make()
        store.put(key, "\0".join(made).encode("utf-8", "surrogatepass"))
        return made

    def recall(
        self,
        kind: str,
        path: str,
        data: bytes,
        make: Callable[[str, bytes], Made],
        pack: Callable[[Made], Any],
        unpack: Callable[[str, bytes, Any], Any],
    ) -> Made:
        """The value that `make` makes of a file's path and bytes, packed as JSON for later runs.

        Raises what `make` raises, which is not kept.
        """
        from definition_of_done.engine.store import digest

        store = self.store("facts")
        if store.is_off:
            return make(path, data)
        import json
        from contextlib import suppress

        key = digest(repr((kind, path)), data)
        kept = store.get(key)
        if kept is not None:
            with suppress(ValueError, TypeError, LookupError, RecursionError):
                known: Made = unpack(path, data, json.loads(kept))
                return known
        made = make(path, data)
        with suppress(RecursionError):
            store.put(key, json.dumps(pack(made), separators=(",", ":")).encode())
        return made
