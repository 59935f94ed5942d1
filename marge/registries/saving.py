"""Saves changed entries a moment after they changed. Not here: what entries are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import structlog

from marge.errors import Unavailable

if TYPE_CHECKING:
    from gevent.event import AsyncResult

    from marge.actors import Clock, Timer
    from marge.storage import KeyValue

log = structlog.get_logger("marge.registries")

SAVE_AFTER_S = 1.0
"""As the recorder's commit interval: a kill loses no more of the registries than of the states."""
RETRY_AFTER_S = 10.0


class Storable(Protocol):
    """An immutable entry that can be saved."""

    def stored(self) -> dict[str, Any]: ...


class _Document:
    """An entry on its way to the store; turned into a dict in the database's thread."""

    __slots__ = ("_entry",)

    def __init__(self, entry: Storable) -> None:
        self._entry = entry

    def as_dict(self) -> dict[str, Any]:
        return self._entry.stored()


class Saver:
    """Collects what changed (`mark`) and writes it together, `SAVE_AFTER_S` after the first change. On the hub only.

    Entries are immutable, so what is written is what they were when the write began, without copying.
    """

    def __init__(self, storage: KeyValue, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._dirty: dict[str, Storable | None] = {}
        self._timer: Timer | None = None

    @property
    def pending(self) -> int:
        """How many entries wait to be saved."""
        return len(self._dirty)

    def mark(self, key: str, entry: Storable | None) -> None:
        """Save `entry` under `key` soon; None removes it."""
        self._dirty[key] = entry
        self._arm(SAVE_AFTER_S)

    def flush(self) -> None:
        """Save now; what was marked is on disk when this returns. Waits for the database."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        taken, self._dirty = self._dirty, {}
        if taken:
            try:
                self._storage.save_many(_documents(taken))
            except BaseException:
                self._put_back(taken)
                raise

    def _arm(self, delay_s: float) -> None:
        if self._timer is None:
            self._timer = self._clock.after(delay_s, self._save)

    def _save(self, _message: None) -> None:
        self._timer = None
        taken, self._dirty = self._dirty, {}
        if not taken:
            return
        try:
            reply = self._storage.save_soon(_documents(taken))
        except Unavailable as exc:
            log.warning("the registries will be saved later", problem=str(exc))
            self._put_back(taken)
            return
        reply.rawlink(lambda result: self._saved(result, taken))

    def _saved(self, result: AsyncResult, taken: dict[str, Storable | None]) -> None:
        if result.exception is not None:
            self._put_back(taken)

    def _put_back(self, taken: dict[str, Storable | None]) -> None:
        self._dirty = {**taken, **self._dirty}
        self._arm(RETRY_AFTER_S)


def _documents(taken: dict[str, Storable | None]) -> dict[str, _Document | None]:
    return {key: None if entry is None else _Document(entry) for key, entry in taken.items()}
