"""The actor that keeps the auth store up with the database: uses are written, revocations elsewhere are seen."""

from __future__ import annotations

from typing import Any

import structlog

from marge.actors import PinnedActor
from marge.auth.rows import DATABASE_ERRORS
from marge.auth.store import AuthStore

log = structlog.get_logger("marge.auth")

EVERY_S = 2.0


class AuthKeeper(PinnedActor):
    """Calls `AuthStore.keep_up` every two seconds, and once more when it stops. Takes only its own `keep up`."""

    def __init__(self, store: AuthStore) -> None:
        self._store = store
        self._last_error: str | None = None

    def on_start(self) -> None:
        self.system.clock.after(EVERY_S, self.actor_ref, "keep up")

    def on_receive(self, message: Any) -> None:
        self._keep_up()
        self.system.clock.after(EVERY_S, self.actor_ref, "keep up")

    def on_stop(self) -> None:
        self._keep_up()

    def _keep_up(self) -> None:
        """A database that fails (a full disk, say) costs the time of the last use, not the house."""
        try:
            self._store.keep_up()
        except DATABASE_ERRORS as exc:
            if self._last_error is None:
                log.error("tokens cannot be kept up with the database; trying on", problem=str(exc))
            self._last_error = str(exc)
        else:
            self._last_error = None

    def describe(self) -> dict[str, Any]:
        return {"users": len(self._store.users()), "tokens": len(self._store.tokens()), "last_error": self._last_error}
