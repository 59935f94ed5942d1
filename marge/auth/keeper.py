"""The actor that keeps the auth store up with the database: uses are written, revocations elsewhere are seen."""

from __future__ import annotations

from typing import Any

from marge.actors import PinnedActor
from marge.auth.store import AuthStore

EVERY_S = 2.0


class AuthKeeper(PinnedActor):
    """Calls `AuthStore.keep_up` every two seconds, and once more when it stops. Takes only its own `keep up`."""

    def __init__(self, store: AuthStore) -> None:
        self._store = store

    def on_start(self) -> None:
        self.system.clock.after(EVERY_S, self.actor_ref, "keep up")

    def on_receive(self, message: Any) -> None:
        self._store.keep_up()
        self.system.clock.after(EVERY_S, self.actor_ref, "keep up")

    def on_stop(self) -> None:
        self._store.keep_up()

    def describe(self) -> dict[str, Any]:
        return {"users": len(self._store.users()), "tokens": len(self._store.tokens())}
