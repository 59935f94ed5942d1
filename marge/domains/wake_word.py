"""Engines that hear a wake word. The state is when one was heard last; they have no services."""

from __future__ import annotations

from marge.entities import Domain, Entity
from marge.util.dt import iso


class WakeWordEntity(Entity):
    """One that somebody owns.

    Attributes:
        heard_at: UTC epoch seconds.
    """

    domain = "wake_word"
    heard_at: float | None = None

    def state_value(self) -> str | None:
        return None if self.heard_at is None else iso(self.heard_at)


DOMAIN = Domain("wake_word", entity=WakeWordEntity)
