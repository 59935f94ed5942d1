"""Events: facts that happened."""

from __future__ import annotations

from typing import Any

from marge.model.context import Context
from marge.model.json import dumps_anyhow
from marge.util.dt import iso

LOCAL = "LOCAL"
REMOTE = "REMOTE"


class Event:
    """A fact, past tense, never changed once made.

    Attributes:
        event_type: for example `state_changed`.
        data: the facts. For `state_changed`: `entity_id`, `old_state` and `new_state` (`State` or None).
        context: who or what caused it.
        time_fired: UTC epoch seconds.
        origin: `LOCAL`, or `REMOTE` when a client fired it over REST.
    """

    __slots__ = ("_json", "context", "data", "event_type", "origin", "time_fired")

    def __init__(
        self, event_type: str, data: dict[str, Any], context: Context, time_fired: float, origin: str = LOCAL
    ) -> None:
        self.event_type = event_type
        self.data = data
        self.context = context
        self.time_fired = time_fired
        self.origin = origin
        self._json: bytes | None = None

    def as_dict(self) -> dict[str, Any]:
        """The event as HA's WebSocket API shows it."""
        return {
            "event_type": self.event_type,
            "data": self.data,
            "origin": self.origin,
            "time_fired": iso(self.time_fired),
            "context": self.context.as_dict(),
        }

    @property
    def json(self) -> bytes:
        """`as_dict` as JSON, made on first use and then shared by everyone who sends it."""
        made = self._json
        if made is None:
            made = self._json = dumps_anyhow(self.as_dict())
        return made

    def __repr__(self) -> str:
        return f"<Event {self.event_type} {self.data!r}>"
