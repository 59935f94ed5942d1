"""What a render depended on: the collector of one render, and the result with it."""

from __future__ import annotations

from typing import Any

ALL_STATES_RATE_S = 60.0
DOMAIN_RATE_S = 1.0


class RenderInfo:
    """The outcome of one render and what must trigger the next.

    Attributes:
        result: the value, None when the render failed (look at `error`).
        error: HA's text when it failed, else None.
        all_states: every state was looked at.
        all_states_lifecycle: which entities exist was looked at (added, removed).
        domains: domains whose states were looked at.
        domains_lifecycle: domains whose membership only was looked at.
        entities: entity ids that were looked at, existing or not.
        has_time: the clock was looked at, so render again each minute.
        messages: (level, text) of what HA would log: undefined names, errors.
    """

    __slots__ = (
        "all_states", "all_states_lifecycle", "domains", "domains_lifecycle", "entities", "error", "has_time",
        "messages", "result",
    )

    def __init__(self) -> None:
        self.result: Any = None
        self.error: str | None = None
        self.all_states = False
        self.all_states_lifecycle = False
        self.domains: set[str] = set()
        self.domains_lifecycle: set[str] = set()
        self.entities: set[str] = set()
        self.has_time = False
        self.messages: list[tuple[str, str]] = []

    @property
    def is_empty(self) -> bool:
        """Whether the render looked at nothing and had nothing to say."""
        return not (
            self.entities or self.domains or self.domains_lifecycle or self.all_states or self.all_states_lifecycle
            or self.has_time or self.messages
        )  # fmt: skip

    @property
    def rate_limit(self) -> float | None:
        """Shortest pause in seconds between two renders for state changes; None when there is no limit."""
        if self.all_states or self.all_states_lifecycle:
            return ALL_STATES_RATE_S
        if self.domains or self.domains_lifecycle:
            return DOMAIN_RATE_S
        return None

    def listeners(self) -> dict[str, Any]:
        """As the WebSocket command `render_template` shows it."""
        everything = self.all_states or self.all_states_lifecycle
        return {
            "all": everything,
            "entities": [] if everything else sorted(self.entities),
            "domains": [] if everything else sorted(self.domains | self.domains_lifecycle),
            "time": self.has_time,
        }

    def depends_on(self, other: RenderInfo) -> None:
        """What `other` depended on counts here, too: its result was a variable of this render."""
        self.all_states |= other.all_states
        self.all_states_lifecycle |= other.all_states_lifecycle
        self.domains |= other.domains
        self.domains_lifecycle |= other.domains_lifecycle
        self.entities |= other.entities
        self.has_time |= other.has_time

    def concerns(self, entity_id: str, lifecycle: bool = False) -> bool:
        """Whether a change of this entity asks for a new render.

        Args:
            lifecycle: the entity was added or removed.
        """
        if self.all_states or entity_id in self.entities:
            return True
        domain = entity_id.partition(".")[0]
        if domain in self.domains:
            return True
        return lifecycle and (self.all_states_lifecycle or domain in self.domains_lifecycle)
