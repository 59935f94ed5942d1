"""Conversation agents: they answer sentences. The state is when one was used last. Services: `marge.conversation`."""

from __future__ import annotations

from marge.entities import Domain, Entity
from marge.util.dt import iso

CONTROL = 1


class ConversationEntity(Entity):
    """An agent.

    Attributes:
        used_at: UTC epoch seconds.
        supported_features: 1: it can control the home.
    """

    domain = "conversation"
    used_at: float | None = None
    supported_features: int = CONTROL

    def state_value(self) -> str | None:
        return None if self.used_at is None else iso(self.used_at)


DOMAIN = Domain("conversation", entity=ConversationEntity)
