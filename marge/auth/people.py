"""Users, their passwords and their second factors: made, changed and removed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog
from gevent.lock import BoundedSemaphore

from marge.actors import Clock
from marge.auth import models, totp
from marge.auth.models import ADMIN, GROUPS, USER, Totp, User
from marge.auth.passwords import MAX_PASSWORD_LENGTH, hash_password, verify_password
from marge.auth.rows import KnownRows
from marge.errors import InvalidRequest

if TYPE_CHECKING:
    from marge.storage import Database

log = structlog.get_logger("marge.auth")

VERIFIED_AT_ONCE = 2
"""Passwords verified at the same time: each takes 19 MiB and a core for a while, and guessers must not overtake the
limiter by asking in parallel."""
MAX_NAME_LENGTH = 255

OnUser = Callable[[str, str], None]
"""`("user_added" | "user_updated" | "user_removed", user id)`; must not wait."""


class UserNameProblem(InvalidRequest):
    """A user name that cannot be had. `key` and `placeholders` are those HA's clients translate."""

    def __init__(self, text: str, key: str, placeholders: dict[str, str] | None) -> None:
        super().__init__(text)
        self.key = key
        self.placeholders = placeholders


class People(KnownRows):
    """See the module. Changing something waits for the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._clock = clock
        self._verifying = BoundedSemaphore(VERIFIED_AT_ONCE)
        self.on_user: OnUser | None = None
        super().__init__(database)

    # -- reading -----------------------------------------------------------------------------------------------------

    def owner(self) -> User | None:
        return next((user for user in self._users.values() if user.is_owner), None)

    def user(self, user_id: str) -> User | None:
        return self._users.get(user_id)

    def users(self) -> list[User]:
        return list(self._users.values())

    def usernames(self) -> dict[str, str]:
        """Username to user id."""
        return {username: user_id for username, (user_id, _) in self._credentials.items()}

    def username_of(self, user: User) -> str | None:
        """The name with which a user logs in; the first one of several."""
        return next((name for name, (user_id, _) in self._credentials.items() if user_id == user.id), None)

    def providers_of(self, user: User) -> list[str]:
        """The log-ins that lead to this user, one for each user name, then the others."""
        local = [models.PASSWORD_PROVIDER for user_id, _ in self._credentials.values() if user_id == user.id]
        return [*local, *self._linked.get(user.id, ())]

    # -- users -------------------------------------------------------------------------------------------------------

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
        if len(password) > MAX_PASSWORD_LENGTH or len(username) > MAX_NAME_LENGTH:
            raise InvalidRequest("The user name or the password is too long.")
        self._check_free(username)
        password_hash = hash_password(password)
        self._check_free(username)  # somebody may have come in while we hashed
        if is_owner and self.owner() is not None:
            raise InvalidRequest("User name is taken.")
        groups = (ADMIN,) if is_owner else (group,)
        user = User(models.new_id(), name[:MAX_NAME_LENGTH], groups, is_owner, created_at=self._clock.now())
        self._insert(user, username, password_hash)
        return user

    def add_user(
        self, name: str, groups: Collection[str] = (), *, local_only: bool = False, is_system: bool = False
    ) -> User:
        """A new user without a log-in.

        Raises:
            InvalidRequest: a group that does not exist.
        """
        user = User(
            models.new_id(), name[:MAX_NAME_LENGTH], _checked_groups(groups), is_system=is_system,
            created_at=self._clock.now(), local_only=local_only,
        )
        self._insert(user)
        return user

    def _insert(self, user: User, username: str | None = None, password_hash: str = "") -> None:
        self._changes += 1
        self._users[user.id] = user
        if username is not None:
            self._credentials[username] = (user.id, password_hash)

        def store(db: Any) -> None:
            models.insert_user(db, user)
            if username is not None:
                models.set_password(db, username, user.id, password_hash)

        try:
            self._database.run(store)
        except BaseException:
            self._users.pop(user.id, None)  # nobody whom a restart would forget
            if username is not None:
                self._credentials.pop(username, None)
            raise
        self._tell("user_added", user.id)

    def update_user(self, user: User, **changes: Any) -> User:
        """Change `name`, `groups`, `is_active` or `local_only`. Who becomes inactive is logged out everywhere; who
        loses rights has open connections closed, since subscriptions were begun with the old ones.

        Raises:
            InvalidRequest: a group that does not exist, or the owner would be shut out.
        """
        if "groups" in changes:
            changes["groups"] = _checked_groups(changes["groups"])
        if "name" in changes:
            changes["name"] = changes["name"][:MAX_NAME_LENGTH]
        if user.is_owner and changes.get("is_active") is False:
            raise InvalidRequest("Unable to deactivate owner.")
        changed = replace(user, **changes)
        self._changes += 1
        self._users[user.id] = changed
        self._cache.clear()
        self._database.run(lambda db: models.update_user(db, changed))
        own = [token.id for token in self._tokens.values() if token.user_id == user.id]
        if not changed.is_active:
            self.revoke_all(own)
        elif _has_lost_rights(user, changed):
            for token_id in own:  # who is connected comes back with the rights that are left
                self._tell_revoked(token_id)
        self._tell("user_updated", user.id)
        return changed

    def remove_user(self, username: str, owner_too: bool = False) -> bool:
        """Remove the user with this user name, with all tokens. False: no such user.

        Args:
            owner_too: for a home that is anybody's anyway.

        Raises:
            InvalidRequest: it is the owner.
        """
        known = self._credentials.get(normalize(username))
        return known is not None and self.delete_user(known[0], owner_too)

    def delete_user(self, user_id: str, owner_too: bool = False) -> bool:
        """Remove a user with all user names and tokens. False: no such user.

        Raises:
            InvalidRequest: it is the owner: a home without one would be anybody's.
        """
        user = self._users.get(user_id)
        if user is not None and user.is_owner and not owner_too:
            raise InvalidRequest("The owner cannot be removed.")
        self._changes += 1
        self._credentials = {name: each for name, each in self._credentials.items() if each[0] != user_id}
        self._linked.pop(user_id, None)
        self._totp.pop(user_id, None)
        known = self._users.pop(user_id, None) is not None
        for token in [token for token in self._tokens.values() if token.user_id == user_id]:
            self._forget(token)
        self._database.run(lambda db: models.delete_user(db, user_id))
        if known:
            self._tell("user_removed", user_id)
        return known

    def link(self, user: User, provider: str) -> None:
        """Remember that a log-in other than the password leads to this user."""
        if provider in self._linked.get(user.id, ()):
            return
        self._changes += 1
        self._linked[user.id] = (*self._linked.get(user.id, ()), provider)
        self._database.run(lambda db: models.link(db, user.id, provider))

    def _tell(self, event: str, user_id: str) -> None:
        if self.on_user is not None:
            self.on_user(event, user_id)

    # -- passwords ---------------------------------------------------------------------------------------------------

    def fits(self, username: str, password: str) -> User | None:
        """The active user whose name and password these are. Takes as long for an unknown name."""
        known = self._credentials.get(normalize(username))
        good = verify_password(known[1] if known is not None else None, password)
        user = self._users.get(known[0]) if known is not None else None
        return user if good and user is not None and user.is_active else None

    def add_credentials(self, user: User, username: str, password: str) -> None:
        """Give a user a user name and a password.

        Raises:
            UserNameProblem: the name is taken or not in its plain form.
            InvalidRequest: it or the password is empty.
        """
        self.check_username(username)
        if not password or len(password) > MAX_PASSWORD_LENGTH:
            raise InvalidRequest(f"A password has 1 to {MAX_PASSWORD_LENGTH} characters.")
        password_hash = hash_password(password)
        self.check_username(username)
        self._changes += 1
        self._credentials[username] = (user.id, password_hash)
        self._database.run(lambda db: models.set_password(db, username, user.id, password_hash))
        self._tell("user_updated", user.id)

    def check_username(self, username: str) -> None:
        """Raises: UserNameProblem: see `add_credentials`."""
        if not username or normalize(username) != username or len(username) > MAX_NAME_LENGTH:
            raise UserNameProblem(
                f'Username "{username}" is not normalized. Please make sure the username is lowercase and does not'
                " contain any whitespace", "username_not_normalized", {"new_username": username},
            )
        self._check_free(username)

    def _check_free(self, username: str) -> None:
        if username in self._credentials:
            raise UserNameProblem(
                f'Username "{username}" already exists', "username_already_exists", {"username": username}
            )

    def remove_credentials(self, username: str) -> None:
        """Take a user name away; what was logged in with a password is logged out when it was the last one.

        Raises:
            UserNameProblem: there is none of that name.
        """
        known = self._credentials.get(normalize(username))
        if known is None:
            raise UserNameProblem("User not found", "user_not_found", None)
        self._changes += 1
        del self._credentials[normalize(username)]
        self._database.run(lambda db: models.delete_credentials(db, normalize(username)))
        if all(user_id != known[0] for user_id, _ in self._credentials.values()):
            self.revoke_all(
                [
                    token.id for token in self._tokens.values()
                    if token.user_id == known[0] and token.kind == "normal"
                    and (token.provider or models.PASSWORD_PROVIDER) == models.PASSWORD_PROVIDER
                ]
            )
        self._tell("user_updated", known[0])

    def rename_credentials(self, username: str, new: str) -> None:
        """Another user name for a known one.

        Raises:
            UserNameProblem: the new name is taken or not in its plain form.
        """
        self.check_username(new)
        self._changes += 1
        self._credentials = {new if name == username else name: each for name, each in self._credentials.items()}
        self._database.run(lambda db: models.rename_credentials(db, username, new))

    def change_password(self, username: str, password: str) -> None:
        """Set a new password for a known user name.

        Raises:
            InvalidRequest: the password is empty or too long, or the user name is gone.
        """
        username = normalize(username)
        if not password or len(password) > MAX_PASSWORD_LENGTH:
            raise InvalidRequest(f"A password has 1 to {MAX_PASSWORD_LENGTH} characters.")
        password_hash = hash_password(password)
        known = self._credentials.get(username)
        if known is None:
            raise UserNameProblem("User not found", "user_not_found", None)
        self._changes += 1
        self._credentials[username] = (known[0], password_hash)
        self._database.run(lambda db: models.set_password(db, username, known[0], password_hash))

    # -- second factors ----------------------------------------------------------------------------------------------

    def has_totp(self, user: User) -> bool:
        return user.id in self._totp

    def enable_totp(self, user: User, secret: str, used_step: int) -> None:
        """From now on this user's log-ins ask for a code, too."""
        self._save_totp(user, Totp(secret, used_step))

    def disable_totp(self, user: User) -> None:
        self._save_totp(user, None)

    def check_code(self, user: User, code: str) -> bool:
        """Whether this is a code of the user's second factor; it is used up by this. Waits when it is."""
        known = self._totp.get(user.id)
        if known is None:
            return False
        step = totp.matching_step(known.secret, code, self._clock.now(), known.used_step)
        if step is None:
            return False
        self._save_totp(user, known._replace(used_step=step))
        return True

    def _save_totp(self, user: User, value: Totp | None) -> None:
        self._changes += 1
        if value is None:
            self._totp.pop(user.id, None)
        else:
            self._totp[user.id] = value
        self._database.run(lambda db: models.set_totp(db, user.id, value))


def _has_lost_rights(before: User, after: User) -> bool:
    rights = [(user.is_admin, user.may_control, user.may_read, not user.local_only) for user in (before, after)]
    return any(had and not has for had, has in zip(*rights, strict=True))


def normalize(username: str) -> str:
    """User names are compared without case and surrounding blanks, as in HA."""
    return username.strip().casefold()


def _checked_groups(groups: Collection[str]) -> tuple[str, ...]:
    for group in groups:
        if group not in GROUPS:
            raise InvalidRequest(f"There is no group {group[:60]}.")
    return tuple(dict.fromkeys(groups))
