"""Events of devices: a button was pressed. The state is when it happened last. There are no services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.entities import Domain, Entity
from marge.util.dt import iso


class EventEntity(Entity):
    """Owners report `event_type`, one of `event_types`, with `event_data` and `happened_at` (UTC epoch seconds)."""

    domain = "event"
    event_types: list[str] = []  # replaced, never changed
    event_type: str | None = None
    event_data: Mapping[str, Any] = {}
    happened_at: float | None = None
    force_update = True  # the same button twice is two events

    def state_value(self) -> str | None:
        # Milliseconds, as HA shows it.
        return None if self.happened_at is None else iso(self.happened_at)[:23] + "+00:00"

    def capability_attributes(self) -> dict[str, Any]:
        return {"event_types": self.event_types}

    def state_attributes(self) -> dict[str, Any]:
        return {"event_type": self.event_type, **self.event_data}


DOMAIN = Domain("event", entity=EventEntity)
