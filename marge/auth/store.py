"""Who may come in: the users and tokens of a home, kept in memory, written through to the database.

Called from request greenlets (they may wait); `authenticate` never waits for a token that it knows.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import jwt

from marge.actors import Clock
from marge.auth import models
from marge.auth.errors import LoginRefused, SecondFactorNeeded
from marge.auth.flows import Flows
from marge.auth.guard import LoginGuard
from marge.auth.limiter import LoginLimiter
from marge.auth.models import LONG_LIVED, PASSWORD_PROVIDER, READ_ONLY, REFRESH_LIFE_S, Token, User
from marge.auth.networks import Network, is_local, users_without_password
from marge.auth.onboarding import STEPS, Onboarding
from marge.auth.people import People
from marge.auth.rows import Cached
from marge.config.auth_providers import AuthProviders
from marge.errors import InvalidRequest

if TYPE_CHECKING:
    from marge.storage import Database, KeyValue

ACCESS_LIFE_S = 1800
CODE_LIFE_S = 600.0
CODES_KEPT = 1000
CACHE_SIZE = 10_000
CACHED_S = 60.0
_SECRET_KEY = "auth.jwt_secret"
ONBOARDING_STEPS = STEPS


class AuthCode(NamedTuple):
    """An authorization code's meaning: good once, for one client, for ten minutes."""

    user_id: str
    client_id: str
    expires_at: float
    provider: str


class AuthStore(People):
    """See the module. Made once, after the database; waits while it loads.

    Args:
        static_token: `MARGE_AUTH_TOKEN`, if set: an administrator's.
        open_mode: everybody is an administrator (`auth: mode: open`).
        guard: keeps guessers out; one without lasting bans when None.
        providers: the ways to log in.
        second_factors: whether users may set up a second factor.
        proxies: reverse proxies; nobody comes from there without a password.
    """

    def __init__(
        self,
        database: Database,
        storage: KeyValue,
        clock: Clock,
        static_token: str | None = None,
        open_mode: bool = False,
        *,
        guard: LoginGuard | None = None,
        providers: AuthProviders | None = None,
        second_factors: bool = True,
        proxies: tuple[Network, ...] = (),
    ) -> None:
        super().__init__(database, clock)
        self.guard = guard or LoginGuard(clock)
        self.limiter = self.guard.limiter
        self.open_mode = open_mode
        self.providers = providers or AuthProviders()
        self.second_factors = second_factors
        self.flows = Flows(clock)
        self._wrong_codes = LoginLimiter()
        self._proxies = proxies
        self._static_token = static_token
        self._onboarding = Onboarding(storage)
        self._codes: OrderedDict[str, AuthCode] = OrderedDict()
        key = storage.load(_SECRET_KEY)
        if not isinstance(key, str):
            key = secrets.token_hex(32)
            storage.save(_SECRET_KEY, key)
        self._jwt_key = key
        self._system = User("marge", "Marge", (models.ADMIN,), is_system=True)

    # -- who asks ----------------------------------------------------------------------------------------------------

    def authenticate(self, bearer: str, remote: str = "") -> User | None:
        """The user whose access or long-lived token this is, or None."""
        found = self.find_bearer(bearer, remote)
        return None if found is None else found[0]

    def find_bearer(self, bearer: str, remote: str = "") -> tuple[User, str | None] | None:
        """The user and the id of the token, or None."""
        if self.open_mode:
            return self.trusted_user(), None
        now = self._clock.now()
        cached = self._cache.get(bearer)
        if cached is not None and cached.expires_at > now:
            if cached.user.local_only and not is_local(remote):
                return None
            self._uses[cached.token_id] = (now, remote, self._tokens[cached.token_id].expires_at)
            return cached.user, cached.token_id
        typed = bearer.encode("utf-8", "surrogatepass")
        if self._static_token is not None and hmac.compare_digest(typed, self._static_token.encode()):
            return self.trusted_user(), None
        found = self._verify(bearer, now)
        if found is None and bearer.startswith(models.TOKEN_PREFIX) and self._wait_for_look():
            found = self._verify(bearer, self._clock.now())
        if found is None or self.refusal(found.user, remote) is not None:
            return None
        self._cache[bearer] = found
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        self._uses[found.token_id] = (now, remote, self._tokens[found.token_id].expires_at)
        return found.user, found.token_id

    def trusted_user(self) -> User:
        """In whose name somebody acts who needs no token of their own: the owner, if there is one."""
        return self.owner() or self._system

    def stand_in(self, user_id: str) -> str | None:
        """Who acts under an id that is no user's: `token` (whoever has the fixed token) or `anybody` (open mode), both
        in a home without an owner; None: it is not that id."""
        if user_id != self._system.id:
            return None
        return "anybody" if self.open_mode else "token"

    def keeper_of_tokens(self) -> User:
        """Whose tokens those are that somebody makes who acts for the home itself: the owner's; before there is one,
        those of the user whom the command line uses, who is made now if need be."""
        known = (each for each in self._users.values() if each.is_system and each.name == models.CLI_USER)
        return self.owner() or next(known, None) or self.add_user(models.CLI_USER, (models.ADMIN,), is_system=True)

    @property
    def lets_in_without_own_token(self) -> bool:
        """Whether somebody may be here who has no token of the store: by the fixed token, or in open mode."""
        return self.open_mode or self._static_token is not None

    def _verify(self, bearer: str, now: float) -> Cached | None:
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
            if token is not None and token.kind != LONG_LIVED:
                return None  # a refresh token opens nothing by itself
        if token is None or (token.expires_at is not None and token.expires_at <= now):
            return None
        if token.expires_at is not None:
            expires_at = min(expires_at, token.expires_at)
        user = self._users.get(token.user_id)
        return None if user is None or not user.is_active else Cached(user, token.id, expires_at)

    def user_of_token(self, token_id: str, remote: str) -> User | None:
        """Whose token this is, if it is still good and may be used from `remote`. For signed paths."""
        token = self._tokens.get(token_id)
        if token is None or (token.expires_at is not None and token.expires_at <= self._clock.now()):
            return None
        user = self._users.get(token.user_id)
        return None if user is None or self.refusal(user, remote) is not None else user

    def signing_key(self) -> str:
        """The key for signed paths: not that of the access tokens, and another one when the fixed token changes."""
        fixed = f"{self.open_mode} {self._static_token or ''}"
        return hmac.new(self._jwt_key.encode(), b"signed paths " + fixed.encode(), hashlib.sha256).hexdigest()

    def now(self) -> float:
        """UTC epoch seconds of the clock that tokens go by."""
        return self._clock.now()

    def refusal(self, user: User, remote: str) -> str | None:
        """Why this user may not come in from there, in HA's words; None: welcome."""
        if not user.is_active:
            return "User is not active"
        return "User cannot authenticate remotely" if user.local_only and not is_local(remote) else None

    # -- logging in --------------------------------------------------------------------------------------------------

    def check_password(self, username: str, password: str, remote: str) -> User:
        """The user whose name and password these are; whether a second factor is needed is the caller's matter.

        Raises:
            LoginRefused: they are not, the address failed too often, or nobody logs in with a password here.
        """
        if PASSWORD_PROVIDER not in self.providers.types:
            raise LoginRefused(why="nobody logs in with a password here")
        return self._attempt(username, remote, lambda: self.fits(username, password))

    def confirm_password(self, username: str, password: str, remote: str) -> bool:
        """Whether somebody who is in already knows their password. Guessing counts as it does for log-ins."""
        try:
            self.check_password(username, password, remote)
        except LoginRefused:
            return False
        return True

    def check_second_factor(self, user: User, code: str, remote: str) -> None:
        """Raises: LoginRefused: the code is wrong or used, or there were too many wrong ones."""
        now = self._clock.now()
        locked = self._wrong_codes.banned_for(user.id, now)
        if locked is not None:  # guessing from many addresses who knows the password
            raise LoginRefused(is_banned=True, retry_after_s=locked)
        try:
            self._attempt(user.name, remote, lambda: user if self.check_code(user, code) else None)
        except LoginRefused:
            self._wrong_codes.failed(user.id, now)
            raise
        self._wrong_codes.succeeded(user.id)

    def _attempt(self, who: str, remote: str, check: Callable[[], User | None]) -> User:
        with self._verifying:
            if self.guard.may_not_log_in(remote):
                raise LoginRefused(is_banned=True, retry_after_s=self.guard.locked_for(remote))
            user = check()
            banned = user is None and self.guard.login_failed(remote, who)
        if user is None:
            raise LoginRefused(is_banned=banned, retry_after_s=self.guard.locked_for(remote) if banned else None)
        return user

    def login(self, username: str, password: str, remote: str, code: str | None = None) -> User:
        """The user whose name, password and, where one is set up, second factor these are.

        Raises:
            LoginRefused: they are not, the user may not come in, or the address failed too often.
            SecondFactorNeeded: the password is right, and `code` is missing.
        """
        user = self.check_password(username, password, remote)
        if self.asks_for_code(user):
            if code is None:
                raise SecondFactorNeeded
            self.check_second_factor(user, code, remote)
        why = self.refusal(user, remote)
        if why is not None:
            raise LoginRefused(why=why)
        self.guard.succeeded(remote)
        return user

    def asks_for_code(self, user: User) -> bool:
        """Whether the password alone is not enough. A factor that was set up counts also where no new ones may be."""
        return self.has_totp(user)

    def users_without_password(self, remote: str) -> list[User] | None:
        """Who may come in from there without a password; None when that is nobody's right."""
        trusted = self.providers.trusted
        return None if trusted is None else users_without_password(trusted, self.users(), remote, self._proxies)

    # -- codes and tokens --------------------------------------------------------------------------------------------

    def create_code(self, user: User, client_id: str, provider: str = PASSWORD_PROVIDER) -> str:
        """An authorization code that `client_id` may turn into tokens, once."""
        code = secrets.token_hex(16)
        self._codes[code] = AuthCode(user.id, client_id, self._clock.now() + CODE_LIFE_S, provider)
        if len(self._codes) > CODES_KEPT:
            self._codes.popitem(last=False)
        return code

    def take_code(self, code: str, client_id: str) -> User | None:
        """The user of a code; a code for another client stays good for its own."""
        found = self.redeem(code, client_id)
        return None if found is None else found[0]

    def redeem(self, code: str, client_id: str) -> tuple[User, str] | None:
        """As `take_code`, with the log-in that the code came from."""
        known = self._codes.get(code)
        if known is None or known.client_id != client_id:
            return None
        del self._codes[code]
        user = self._users.get(known.user_id) if known.expires_at > self._clock.now() else None
        return None if user is None else (user, known.provider)

    def create_refresh_token(
        self, user: User, client_id: str, remote: str = "", provider: str = PASSWORD_PROVIDER
    ) -> tuple[str, Token]:
        """A refresh token's secret, shown once, and its row."""
        secret = secrets.token_hex(64)
        now = self._clock.now()
        token = Token(
            models.new_id(), user.id, "normal", models.hash_secret(secret), None, client_id, now,
            now + REFRESH_LIFE_S, now, remote, None, provider,
        )
        self._add(token)
        return secret, token

    def create_long_lived(
        self,
        user: User,
        name: str,
        life_s: float | None = None,
        client_icon: str | None = None,
        *,
        namesake: bool = False,
    ) -> tuple[str, Token]:
        """A long-lived token's secret, shown once, and its row.

        Args:
            namesake: whether the user may have another of that name.

        Raises:
            InvalidRequest: the user has a token of that name.
        """
        if not namesake and any(each.name == name and each.user_id == user.id for each in self._tokens.values()):
            raise InvalidRequest(f"There is a token named {name} already.")
        secret, token = models.new_long_lived(user.id, name, self._clock.now(), life_s, client_icon)
        self._add(token)
        return secret, token

    def content_token(self) -> Token:
        """The token of the user in whose name pictures are signed for everybody; made when it is first asked for."""
        system = (each for each in self._users.values() if each.is_system)
        user = next((each for each in system if each.name == models.CONTENT_USER), None)
        if user is None:
            user = self.add_user(models.CONTENT_USER, (READ_ONLY,), is_system=True)
        token = next((each for each in self._tokens.values() if each.user_id == user.id), None)
        if token is None:
            digest = models.hash_secret(secrets.token_hex(64))  # nobody knows what it is the digest of
            token = Token(models.new_id(), user.id, "system", digest, None, None, self._clock.now(), None)
            self._add(token)
        return token

    def find_refresh_token(self, secret: str) -> Token | None:
        token = self._by_hash.get(models.hash_secret(secret))
        if token is None or token.kind != "normal":
            return None
        return None if token.expires_at is not None and token.expires_at <= self._clock.now() else token

    def access_token(self, token: Token, remote: str = "") -> str:
        """A JWT for the next half hour; using a refresh token keeps it alive."""
        now = self._clock.now()
        if token.id in self._tokens:
            if token.expires_at is not None:
                token = replace(token, expires_at=now + REFRESH_LIFE_S)
                self._change(token)
            self._uses[token.id] = (now, remote, token.expires_at)
        claims = {"iss": token.id, "iat": int(now), "exp": int(now) + ACCESS_LIFE_S, "jti": secrets.token_hex(4)}
        return jwt.encode(claims, self._jwt_key, algorithm="HS256")

    def set_expiry(self, token: Token, enabled: bool) -> None:
        """Let a token end when it is not used for 90 days, or never."""
        expires_at = self._clock.now() + REFRESH_LIFE_S if enabled else None
        self._changes += 1
        self._cache.clear()
        self._change(replace(token, expires_at=expires_at))
        use = self._uses.get(token.id)
        if use is not None:
            self._uses[token.id] = (use[0], use[1], expires_at)
        self._database.run(lambda db: models.set_expiry(db, token.id, expires_at))

    def tokens(self, user: User | None = None) -> list[Token]:
        """All tokens, or a user's, in order of creation."""
        return [token for token in self._tokens.values() if user is None or token.user_id == user.id]

    def token(self, token_id: str) -> Token | None:
        return self._tokens.get(token_id)

    def last_use(self, token: Token) -> tuple[float | None, str | None]:
        """When and from where the token was used last."""
        use = self._uses.get(token.id)
        return (token.last_used_at, token.last_used_ip) if use is None else (use[0], use[1])

    # -- onboarding --------------------------------------------------------------------------------------------------

    def onboarding_done(self) -> list[str]:
        """The steps that are done."""
        return self._onboarding.done(self.owner() is not None)

    def finish_onboarding_step(self, step: str) -> bool:
        """Tick a step off; waits. False: it was done already, perhaps by somebody else just now."""
        return self._onboarding.finish(step, self.owner() is not None)

    def keep_up(self) -> None:
        self.guard.look()
        super().keep_up()
        now = self._clock.now()
        self.revoke_all(
            [token.id for token in self._tokens.values() if token.expires_at is not None and token.expires_at <= now]
        )
