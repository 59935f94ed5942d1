"""What is known of people, in memory, and how it stays one with the database while other processes write it, too."""

from __future__ import annotations

import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import gevent
import peewee
import structlog
from gevent.lock import BoundedSemaphore

from marge.auth import models
from marge.auth.models import Token, Totp, User
from marge.errors import Unavailable

if TYPE_CHECKING:
    from marge.storage import Database

log = structlog.get_logger("marge.auth")

LOOK_EVERY_S = 0.25
"""An unknown long-lived token makes us look whether another process made it, at most this often. Who asks in between
waits for the next look."""
MAX_LOOKING = 64
"""Requests that wait for such a look; more are refused at once, since somebody is trying tokens out."""

DATABASE_ERRORS = (peewee.PeeweeException, sqlite3.Error, OSError, Unavailable)
"""What the database may do to us, and none of what we may do to it."""


class Cached(NamedTuple):
    """A bearer that was verified: whose it is and until when this may be believed."""

    user: User
    token_id: str
    expires_at: float


class KnownRows:
    """Users, passwords, tokens and second factors by id; see the module. Waits while it loads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._to_delete: set[str] = set()
        self._cache: OrderedDict[str, Cached] = OrderedDict()
        self._uses: dict[str, tuple[float, str, float | None]] = {}
        self._looked_at = 0.0
        self._looking = BoundedSemaphore(1)
        self._waiting_for_look = 0
        self._changes = 0
        self._revoked: dict[str, set[Callable[[], None]]] = {}
        self._version: Any = None
        self._users: dict[str, User] = {}
        self._credentials: dict[str, tuple[str, str]] = {}
        self._linked: dict[str, tuple[str, ...]] = {}
        self._totp: dict[str, Totp] = {}
        self._tokens: dict[str, Token] = {}
        self._by_hash: dict[str, Token] = {}
        self._load()

    # -- tokens that end ---------------------------------------------------------------------------------------------

    def revoke(self, token_id: str) -> bool:
        """Forget a token; what was made from it stops working at once. False: no such token."""
        return self.revoke_all([token_id])

    def revoke_all(self, token_ids: list[str]) -> bool:
        """As `revoke`, for several in one go. False: none of them was there."""
        tokens = [self._tokens[token_id] for token_id in token_ids if token_id in self._tokens]
        if not tokens:
            return False
        self._changes += 1
        for token in tokens:
            self._forget(token)
            self._to_delete.add(token.id)
        self._delete_revoked()
        return True

    def _delete_revoked(self) -> None:
        """Remove the rows of revoked tokens. One that cannot be removed now stays on the list for `keep_up`."""
        gone = set(self._to_delete)
        if gone:
            self._database.run(lambda db: [models.delete_token(db, token_id) for token_id in gone])
            self._to_delete -= gone

    def on_revoked(self, token_id: str, tell: Callable[[], None]) -> Callable[[], None]:
        """Call `tell`, which must not wait, once the token is gone. Returns the function that takes this back."""
        self._revoked.setdefault(token_id, set()).add(tell)

        def take_back() -> None:
            listeners = self._revoked.get(token_id)
            if listeners is not None:
                listeners.discard(tell)
                if not listeners:
                    del self._revoked[token_id]

        return take_back

    def _forget(self, token: Token) -> None:
        self._tokens.pop(token.id, None)
        self._by_hash.pop(token.hash, None)
        self._cache.clear()
        self._uses.pop(token.id, None)
        self._tell_revoked(token.id)

    def _tell_revoked(self, token_id: str) -> None:
        for tell in self._revoked.pop(token_id, ()):
            tell()

    def _add(self, token: Token) -> None:
        self._database.run(lambda db: models.insert_token(db, token))
        self._changes += 1
        self._tokens[token.id] = token
        self._by_hash[token.hash] = token

    def _change(self, token: Token) -> None:
        """Another version of a token that is there."""
        if token.id in self._tokens:
            self._tokens[token.id] = self._by_hash[token.hash] = token

    # -- keeping up --------------------------------------------------------------------------------------------------

    def keep_up(self) -> None:
        """Write when tokens were used, and see what other processes changed. Called now and then; waits."""
        uses, self._uses = self._uses, {}
        if uses:
            for token_id, (at, remote, _) in uses.items():
                token = self._tokens.get(token_id)
                if token is not None:
                    self._change(replace(token, last_used_at=at, last_used_ip=remote))
            try:
                self._database.run(lambda db: models.note_use(db, uses))
            except BaseException:
                self._uses = {**uses, **self._uses}
                raise
        self._delete_revoked()
        self._look_for_changes()

    def _wait_for_look(self) -> bool:
        """Look at the database once more, now or as soon as the pace allows. True: something changed since."""
        if self._waiting_for_look >= MAX_LOOKING:
            return False
        changes = self._changes
        self._waiting_for_look += 1
        try:
            self._look_for_changes()
        except DATABASE_ERRORS as exc:  # then what we know is all there is to know; the keeper reports it
            log.debug("an unknown token could not be looked up", problem=str(exc))
        finally:
            self._waiting_for_look -= 1
        return self._changes != changes

    def _look_for_changes(self) -> None:
        """Load anew if another process has written. One look serves all who asked before it began."""
        asked = time.monotonic()
        with self._looking:
            if self._looked_at > asked:
                return
            pause = self._looked_at + LOOK_EVERY_S - time.monotonic()
            if pause > 0:
                gevent.sleep(pause)
            self._looked_at = time.monotonic()
            if self._database.run(models.data_version) != self._version:
                self._load()

    def _load(self) -> None:
        while True:
            changes = self._changes
            rows = self._database.run(models.load)
            if changes == self._changes:
                break  # else we changed something meanwhile, which these rows would undo
        self._version = rows.version
        gone = self._tokens.keys() - {token.id for token in rows.tokens}
        self._changes += 1
        self._users, self._credentials = {user.id: user for user in rows.users}, rows.credentials
        self._linked, self._totp = rows.linked, rows.totp
        tokens = [token for token in rows.tokens if token.id not in self._to_delete]
        self._tokens = {token.id: token for token in tokens}
        self._by_hash = {token.hash: token for token in tokens}
        self._cache.clear()
        self._uses = {token_id: use for token_id, use in self._uses.items() if token_id in self._tokens}
        for token_id in gone:
            self._tell_revoked(token_id)
