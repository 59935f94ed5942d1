"""What front ends remember for each user: documents by key. Kept in the store; its methods wait for the database."""

from __future__ import annotations

from typing import Any

from gevent.lock import BoundedSemaphore

from marge.errors import InvalidRequest
from marge.model import dumps
from marge.storage import KeyValue

MAX_KEYS = 500
MAX_BYTES = 1_000_000
"""Of one user's documents together, as JSON."""


class UserData:
    """Documents by user and key."""

    def __init__(self, storage: KeyValue) -> None:
        self._storage = storage
        self._writing = BoundedSemaphore()

    def all(self, user_id: str) -> dict[str, Any]:
        """The user's documents by key."""
        found = self._storage.load(_key(user_id))
        return found if isinstance(found, dict) else {}

    def set(self, user_id: str, key: str, value: Any) -> None:
        """Keep one document.

        Raises:
            InvalidRequest: the user has too many, or too much in them.
        """
        with self._writing:
            documents = {**self.all(user_id), key: value}
            if len(documents) > MAX_KEYS or len(dumps(documents)) > MAX_BYTES:
                raise InvalidRequest(f"A user can keep {MAX_KEYS} documents of {MAX_BYTES} bytes together")
            self._storage.save(_key(user_id), documents)

    def forget(self, user_id: str) -> None:
        """The user is gone. Does not wait."""
        self._storage.save_soon({_key(user_id): None})


def _key(user_id: str) -> str:
    return f"frontend/user_data/{user_id}"
