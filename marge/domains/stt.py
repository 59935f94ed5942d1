"""Engines that turn speech into text. The state is when one was used last; they have no services."""

from __future__ import annotations

from marge.entities import Domain, Entity
from marge.util.dt import iso


class SttEntity(Entity):
    """One that somebody owns.

    Attributes:
        used_at: UTC epoch seconds.
    """

    domain = "stt"
    used_at: float | None = None

    def state_value(self) -> str | None:
        return None if self.used_at is None else iso(self.used_at)


DOMAIN = Domain("stt", entity=SttEntity)
