"""Contexts: who or what caused something."""

from __future__ import annotations

from marge.util.ulid import ulid


class Context:
    """Cause of a change: an id, the id of the cause's cause, and the user behind it. Never changed once made.

    `origin` is what outside brought it about, such as the MQTT topic on which a device spoke; it stays in memory.
    """

    __slots__ = ("id", "origin", "parent_id", "user_id")

    def __init__(
        self, id: str | None = None, parent_id: str | None = None, user_id: str | None = None,
        origin: str | None = None,
    ) -> None:
        self.id = id or ulid()
        self.parent_id = parent_id
        self.user_id = user_id
        self.origin = origin

    @classmethod
    def new(cls, *, user_id: str | None = None, parent_id: str | None = None) -> Context:
        """A context with a fresh id."""
        return cls(None, parent_id, user_id)

    def child(self) -> Context:
        """A fresh context whose parent is this one."""
        return Context(None, self.id, None)

    def as_dict(self) -> dict[str, str | None]:
        return {"id": self.id, "parent_id": self.parent_id, "user_id": self.user_id}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Context) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Context({self.id!r}, parent_id={self.parent_id!r}, user_id={self.user_id!r})"
