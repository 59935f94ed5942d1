"""The users and tokens of a home: kept in memory, written through to the database.

Called from request greenlets (they may wait); `authenticate` never waits for a token that it knows.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import gevent
import jwt
import peewee
import structlog
from gevent.lock import BoundedSemaphore, RLock

from marge.actors import Clock
from marge.auth import models
from marge.auth.limiter import LoginLimiter
from marge.auth.models import ADMIN, REFRESH_LIFE_S, USER, Token, User
from marge.auth.passwords import hash_password, verify_password
from marge.errors import InvalidRequest, MargeError, Unavailable

if TYPE_CHECKING:
    from marge.storage import Database, KeyValue

log = structlog.get_logger("marge.auth")

ACCESS_LIFE_S = 1800
CODE_LIFE_S = 600.0
CODES_KEPT = 1000
CACHE_SIZE = 10_000
CACHED_S = 60.0
LOOK_EVERY_S = 0.25
"""An unknown long-lived token makes us look whether another process made it, at most this often. Who asks in between
waits for the next look."""
MAX_LOOKING = 64
"""Requests that wait for such a look; more are refused at once, since somebody is trying tokens out."""
VERIFIED_AT_ONCE = 2
"""Passwords verified at the same time: each takes 19 MiB and a core for a while, and guessers must not overtake the
limiter by asking in parallel."""
_SECRET_KEY = "auth.jwt_secret"
_ONBOARDING_KEY = "onboarding"
ONBOARDING_STEPS = ("user", "core_config", "analytics", "integration")


DATABASE_ERRORS = (peewee.PeeweeException, sqlite3.Error, OSError, Unavailable)
"""What the database may do to us, and none of what we may do to it."""


class LoginRefused(MargeError):
    """Wrong user name or password, or too many attempts (`is_banned`)."""

    def __init__(self, is_banned: bool = False) -> None:
        super().__init__("too many failed log-ins" if is_banned else "invalid user name or password")
        self.is_banned = is_banned


class AuthCode(NamedTuple):
    """An authorization code's meaning: good once, for one client, for ten minutes."""

    user_id: str
    client_id: str
    expires_at: float


class _Cached(NamedTuple):
    user: User
    token_id: str
    expires_at: float


class AuthStore:
    """See the module. Made once, after the database; waits while it loads.

    Args:
        static_token: `MARGE_AUTH_TOKEN`, if set: an administrator's.
        open_mode: everybody is an administrator (`auth: mode: open`).
    """

    def __init__(
        self,
        database: Database,
        storage: KeyValue,
        clock: Clock,
        static_token: str | None = None,
        open_mode: bool = False,
    ) -> None:
        self.limiter = LoginLimiter()
        self.open_mode = open_mode
        self._database = database
        self._storage = storage
        self._clock = clock
        self._static_token = static_token
        self._to_delete: set[str] = set()
        self._onboarding = RLock()
        self._codes: OrderedDict[str, AuthCode] = OrderedDict()
        self._cache: OrderedDict[str, _Cached] = OrderedDict()
        self._uses: dict[str, tuple[float, str, float | None]] = {}
        self._looked_at = 0.0
        self._looking = BoundedSemaphore(1)
        self._waiting_for_look = 0
        self._verifying = BoundedSemaphore(VERIFIED_AT_ONCE)
        self._changes = 0
        self._revoked: dict[str, set[Callable[[], None]]] = {}
        self._version: Any = None
        self._users: dict[str, User] = {}
        self._credentials: dict[str, tuple[str, str]] = {}
        self._tokens: dict[str, Token] = {}
        self._by_hash: dict[str, Token] = {}
        key = storage.load(_SECRET_KEY)
        if not isinstance(key, str):
            key = secrets.token_hex(32)
            storage.save(_SECRET_KEY, key)
        self._jwt_key = key
        self._system = User("marge", "Marge", ADMIN, is_system=True)
        self._load()

    # -- who asks ----------------------------------------------------------------------------------------------------

    def authenticate(self, bearer: str, remote: str = "") -> User | None:
        """The user whose access or long-lived token this is, or None."""
        found = self.find_bearer(bearer, remote)
        return None if found is None else found[0]

    def find_bearer(self, bearer: str, remote: str = "") -> tuple[User, str | None] | None:
        """The user and the id of the token, or None."""
        if self.open_mode:
            return self.owner() or self._system, None
        now = self._clock.now()
        cached = self._cache.get(bearer)
        if cached is not None and cached.expires_at > now:
            self._uses[cached.token_id] = (now, remote, self._tokens[cached.token_id].expires_at)
            return cached.user, cached.token_id
        if self._static_token is not None and hmac.compare_digest(bearer.encode(), self._static_token.encode()):
            return self.owner() or self._system, None
        found = self._verify(bearer, now)
        if found is None and bearer.startswith(models.TOKEN_PREFIX) and self._wait_for_look():
            found = self._verify(bearer, self._clock.now())
        if found is None:
            return None
        self._cache[bearer] = found
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        self._uses[found.token_id] = (now, remote, self._tokens[found.token_id].expires_at)
        return found.user, found.token_id

    def _verify(self, bearer: str, now: float) -> _Cached | None:
        token, expires_at = None, now + CACHED_S
        if bearer.count(".") == 2:
            try:
                claims = jwt.decode(
                    bearer, self._jwt_key, algorithms=["HS256"],
                    options={"require": ["iss", "exp"], "verify_exp": False, "verify_iat": False},
                )
            except jwt.InvalidTokenError:
                return None
            if float(claims["exp"]) <= now:
                return None
            token = self._tokens.get(str(claims["iss"]))
            expires_at = float(claims["exp"])
        elif bearer:
            token = self._by_hash.get(models.hash_secret(bearer))
            if token is not None and token.kind != "long_lived_access_token":
                return None  # a refresh token opens nothing by itself
        if token is None or (token.expires_at is not None and token.expires_at <= now):
            return None
        if token.expires_at is not None:
            expires_at = min(expires_at, token.expires_at)
        user = self._users.get(token.user_id)
        return None if user is None or not user.is_active else _Cached(user, token.id, expires_at)

    # -- users -------------------------------------------------------------------------------------------------------

    def owner(self) -> User | None:
        return next((user for user in self._users.values() if user.is_owner), None)

    def user(self, user_id: str) -> User | None:
        return self._users.get(user_id)

    def users(self) -> list[User]:
        return list(self._users.values())

    def usernames(self) -> dict[str, str]:
        """Username to user id."""
        return {username: user_id for username, (user_id, _) in self._credentials.items()}

    def create_user(
        self, name: str, username: str, password: str, group: str = USER, is_owner: bool = False
    ) -> User:
        """A new user with a password.

        Raises:
            InvalidRequest: the user name is empty or taken, or the password is empty.
        """
        username = normalize(username)
        if not username or not password:
            raise InvalidRequest("User name and password must not be empty.")
        if username in self._credentials:
            raise InvalidRequest("User name is taken.")
        password_hash = hash_password(password)
        if username in self._credentials or (is_owner and self.owner() is not None):
            raise InvalidRequest("User name is taken.")  # by somebody who came in while we hashed
        user = User(
            models.new_id(), name, ADMIN if is_owner else group, is_owner, created_at=self._clock.now()
        )
        self._changes += 1
        self._users[user.id] = user
        self._credentials[username] = (user.id, password_hash)

        def store(db: Any) -> None:
            models.insert_user(db, user)
            models.set_password(db, username, user.id, password_hash)

        try:
            self._database.run(store)
        except BaseException:
            del self._users[user.id], self._credentials[username]  # nobody whom a restart would forget
            raise
        return user

    def remove_user(self, username: str) -> bool:
        """Remove a user with all tokens. False: no such user.

        Raises:
            InvalidRequest: it is the owner.
        """
        known = self._credentials.get(normalize(username))
        if known is None:
            return False
        user = self._users.get(known[0])
        if user is not None and user.is_owner:
            raise InvalidRequest("The owner cannot be removed.")
        self._changes += 1
        self._credentials = {name: each for name, each in self._credentials.items() if each[0] != known[0]}
        self._users.pop(known[0], None)
        for token in [token for token in self._tokens.values() if token.user_id == known[0]]:
            self._forget(token)
        self._database.run(lambda db: models.delete_user(db, known[0]))
        return True

    def change_password(self, username: str, password: str) -> None:
        """Set a new password for a known user name."""
        username = normalize(username)
        user_id = self._credentials[username][0]
        password_hash = hash_password(password)
        self._changes += 1
        self._credentials[username] = (user_id, password_hash)
        self._database.run(lambda db: models.set_password(db, username, user_id, password_hash))

    def login(self, username: str, password: str, remote: str) -> User:
        """The user whose name and password these are.

        Raises:
            LoginRefused: they are not, or the address failed too often.
        """
        with self._verifying:
            now = self._clock.now()
            if self.limiter.is_banned(remote, now):
                raise LoginRefused(is_banned=True)
            known = self._credentials.get(normalize(username))
            fits = verify_password(known[1] if known is not None else None, password)
            user = self._users.get(known[0]) if known is not None else None
            good = fits and user is not None and user.is_active
            banned = not good and self.limiter.failed(remote, now)
        if not good or user is None:
            # fail2ban: failregex = login failed .*remote=<HOST>   (JSON: "remote":"<HOST>")
            log.warning("login failed", remote=remote, username=username[:100], banned=banned)
            raise LoginRefused(is_banned=banned)
        self.limiter.succeeded(remote)
        return user

    # -- codes and tokens --------------------------------------------------------------------------------------------

    def create_code(self, user: User, client_id: str) -> str:
        """An authorization code that `client_id` may turn into tokens, once."""
        code = secrets.token_hex(16)
        self._codes[code] = AuthCode(user.id, client_id, self._clock.now() + CODE_LIFE_S)
        if len(self._codes) > CODES_KEPT:
            self._codes.popitem(last=False)
        return code

    def take_code(self, code: str, client_id: str) -> User | None:
        """The user of a code; a code for another client stays good for its own."""
        known = self._codes.get(code)
        if known is None or known.client_id != client_id:
            return None
        del self._codes[code]
        return self._users.get(known.user_id) if known.expires_at > self._clock.now() else None

    def create_refresh_token(self, user: User, client_id: str, remote: str = "") -> tuple[str, Token]:
        """A refresh token's secret, shown once, and its row."""
        secret = secrets.token_hex(64)
        now = self._clock.now()
        token = Token(
            models.new_id(), user.id, "normal", models.hash_secret(secret), None, client_id, now,
            now + REFRESH_LIFE_S, now, remote,
        )
        self._add(token)
        return secret, token

    def create_long_lived(self, user: User, name: str, life_s: float | None = None) -> tuple[str, Token]:
        """A long-lived token's secret, shown once, and its row.

        Raises:
            InvalidRequest: the user has a token of that name.
        """
        if any(each.name == name and each.user_id == user.id for each in self._tokens.values()):
            raise InvalidRequest(f"There is a token named {name} already.")
        secret, token = models.new_long_lived(user.id, name, self._clock.now(), life_s)
        self._add(token)
        return secret, token

    def find_refresh_token(self, secret: str) -> Token | None:
        token = self._by_hash.get(models.hash_secret(secret))
        if token is None or token.kind != "normal":
            return None
        return None if token.expires_at is not None and token.expires_at <= self._clock.now() else token

    def access_token(self, token: Token, remote: str = "") -> str:
        """A JWT for the next half hour; using a refresh token keeps it alive."""
        now = self._clock.now()
        if token.expires_at is not None and token.id in self._tokens:
            token = replace(token, expires_at=now + REFRESH_LIFE_S)
            self._tokens[token.id] = self._by_hash[token.hash] = token
            self._uses[token.id] = (now, remote, token.expires_at)
        claims = {"iss": token.id, "iat": int(now), "exp": int(now) + ACCESS_LIFE_S, "jti": secrets.token_hex(4)}
        return jwt.encode(claims, self._jwt_key, algorithm="HS256")

    def tokens(self, user: User | None = None) -> list[Token]:
        """All tokens, or a user's, in order of creation."""
        return [token for token in self._tokens.values() if user is None or token.user_id == user.id]

    def token(self, token_id: str) -> Token | None:
        return self._tokens.get(token_id)

    def last_use(self, token: Token) -> tuple[float | None, str | None]:
        """When and from where the token was used last."""
        use = self._uses.get(token.id)
        return (token.last_used_at, token.last_used_ip) if use is None else (use[0], use[1])

    def revoke(self, token_id: str) -> bool:
        """Forget a token; what was made from it stops working at once. False: no such token."""
        token = self._tokens.get(token_id)
        if token is None:
            return False
        self._changes += 1
        self._forget(token)
        self._to_delete.add(token_id)
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

    # -- onboarding --------------------------------------------------------------------------------------------------

    def onboarding_done(self) -> list[str]:
        """The steps that are done."""
        done = self._storage.load(_ONBOARDING_KEY)
        steps = [str(step) for step in done] if isinstance(done, list) else []
        if self.owner() is not None and "user" not in steps:
            steps.insert(0, "user")
        return steps

    def finish_onboarding_step(self, step: str) -> bool:
        """Tick a step off; waits. False: it was done already, perhaps by somebody else just now."""
        with self._onboarding:
            done = self.onboarding_done()
            if step in done and (step != "user" or self._storage.load(_ONBOARDING_KEY) is not None):
                return False
            self._storage.save(_ONBOARDING_KEY, list(dict.fromkeys([*done, step])))
        return True

    # -- keeping up --------------------------------------------------------------------------------------------------

    def keep_up(self) -> None:
        """Write when tokens were used, and see what other processes changed. Called now and then; waits."""
        uses, self._uses = self._uses, {}
        if uses:
            self._tokens.update(
                {
                    token_id: replace(self._tokens[token_id], last_used_at=at, last_used_ip=remote)
                    for token_id, (at, remote, _) in uses.items()
                    if token_id in self._tokens
                }
            )
            self._by_hash = {token.hash: token for token in self._tokens.values()}
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
        def read(db: Any) -> tuple[Any, ...]:
            return (
                models.data_version(db), models.load_users(db), models.load_credentials(db), models.load_tokens(db)
            )

        while True:
            changes = self._changes
            self._version, users, credentials, tokens = self._database.run(read)
            if changes == self._changes:
                break  # else we changed something meanwhile, which these rows would undo
        gone = self._tokens.keys() - {token.id for token in tokens}
        self._changes += 1
        self._users, self._credentials = {user.id: user for user in users}, credentials
        tokens = [token for token in tokens if token.id not in self._to_delete]
        self._tokens = {token.id: token for token in tokens}
        self._by_hash = {token.hash: token for token in tokens}
        self._cache.clear()
        self._uses = {token_id: use for token_id, use in self._uses.items() if token_id in self._tokens}
        for token_id in gone:
            self._tell_revoked(token_id)

    def _add(self, token: Token) -> None:
        self._database.run(lambda db: models.insert_token(db, token))
        self._changes += 1
        self._tokens[token.id] = token
        self._by_hash[token.hash] = token


def normalize(username: str) -> str:
    """User names are compared without case and surrounding blanks, as in HA."""
    return username.strip().casefold()
