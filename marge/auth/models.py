"""Users and tokens, and their rows. Functions with a `db` run on the database's thread, or in the CLI."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import peewee

ADMIN = "system-admin"
USER = "system-users"
READ_ONLY = "system-read-only"
GROUPS = (ADMIN, USER, READ_ONLY)

PASSWORD_PROVIDER = "homeassistant"
NETWORK_PROVIDER = "trusted_networks"

TokenKind = Literal["normal", "long_lived_access_token", "system"]
LONG_LIVED: TokenKind = "long_lived_access_token"

TOKEN_PREFIX = "marge_"
CLI_USER = "Marge command line"
CONTENT_USER = "Home Assistant Content"
"""The name that HA's clients know of the user in whose name pictures are signed for everybody."""
REFRESH_LIFE_S = 90 * 86_400.0
"""A log-in that nobody uses for so long has to be made again, as in HA."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in.

    Attributes:
        groups: of `GROUPS`; their rights add up. Without any a user sees nothing. The owner may do all.
        is_system: made by Marge itself; nobody can log in as such a user with a password.
        local_only: may log in from the home's own network only.
    """

    id: str
    name: str
    groups: tuple[str, ...] = (USER,)
    is_owner: bool = False
    is_active: bool = True
    is_system: bool = False
    created_at: float = 0.0
    local_only: bool = False

    @property
    def is_admin(self) -> bool:
        return self.is_active and (self.is_owner or ADMIN in self.groups)

    @property
    def may_read(self) -> bool:
        """Whether entities may be seen."""
        return self.is_active and (self.is_owner or bool(self.groups))

    @property
    def may_control(self) -> bool:
        """Whether services may be called."""
        return self.is_active and (self.is_owner or ADMIN in self.groups or USER in self.groups)


@dataclass(frozen=True, slots=True)
class Token:
    """A refresh token (`normal`), a long-lived one, or a system user's. Of the secret only the SHA-256 is kept.

    `expires_at` and the others are UTC epoch seconds. `provider`: through which log-in it was made, if any.
    """

    id: str
    user_id: str
    kind: TokenKind
    hash: str
    name: str | None
    client_id: str | None
    created_at: float
    expires_at: float | None
    last_used_at: float | None = None
    last_used_ip: str | None = None
    client_icon: str | None = None
    provider: str | None = None


class Totp(NamedTuple):
    """A user's second factor: the shared secret in base 32, and the last half minute whose code was used."""

    secret: str
    used_step: int


class Rows(NamedTuple):
    """All that the database knows of people, in one look."""

    version: Any
    users: list[User]
    credentials: dict[str, tuple[str, str]]
    tokens: list[Token]
    linked: dict[str, tuple[str, ...]]
    totp: dict[str, Totp]


def new_id() -> str:
    return uuid.uuid4().hex


def hash_secret(secret: str) -> str:
    """SHA-256: the secrets are 128 random bits and more, so a slow hash would protect nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def load(db: peewee.Database) -> Rows:
    return Rows(
        data_version(db), load_users(db), load_credentials(db), load_tokens(db), load_linked(db), load_totp(db)
    )


def load_users(db: peewee.Database) -> list[User]:
    rows = db.execute_sql(
        "SELECT id, name, user_group, is_owner, is_active, is_system, created_at, local_only FROM users"
    )
    return [
        User(i, name, _words(groups), bool(owner), bool(active), bool(system), at, bool(local))
        for i, name, groups, owner, active, system, at, local in rows.fetchall()
    ]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def load_credentials(db: peewee.Database) -> dict[str, tuple[str, str]]:
    """Username to user id and password hash."""
    rows = db.execute_sql("SELECT username, user_id, password_hash FROM credentials").fetchall()
    return {username: (user_id, password_hash) for username, user_id, password_hash in rows}


def load_tokens(db: peewee.Database) -> list[Token]:
    rows = db.execute_sql(
        "SELECT id, user_id, kind, hash, name, client_id, created_at, expires_at, last_used_at, last_used_ip,"
        " client_icon, provider FROM tokens"
    )
    return [Token(*row) for row in rows.fetchall()]


def load_linked(db: peewee.Database) -> dict[str, tuple[str, ...]]:
    """User id to the log-ins, beside the password, that were used for this user."""
    linked: dict[str, tuple[str, ...]] = {}
    for user_id, provider in db.execute_sql("SELECT user_id, provider FROM linked_accounts").fetchall():
        linked[user_id] = (*linked.get(user_id, ()), provider)
    return linked


def load_totp(db: peewee.Database) -> dict[str, Totp]:
    rows = db.execute_sql("SELECT user_id, secret, used_step FROM totp").fetchall()
    return {user_id: Totp(secret, step) for user_id, secret, step in rows}


def insert_user(db: peewee.Database, user: User) -> None:
    db.execute_sql(
        "INSERT INTO users (id, name, user_group, is_owner, is_active, is_system, created_at, local_only)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (user.id, user.name, ",".join(user.groups), int(user.is_owner), int(user.is_active), int(user.is_system),
         user.created_at, int(user.local_only)),
    )


def update_user(db: peewee.Database, user: User) -> None:
    db.execute_sql(
        "UPDATE users SET name = ?, user_group = ?, is_active = ?, local_only = ? WHERE id = ?",
        (user.name, ",".join(user.groups), int(user.is_active), int(user.local_only), user.id),
    )


def set_password(db: peewee.Database, username: str, user_id: str, password_hash: str) -> None:
    delete_credentials(db, username)
    db.execute_sql(
        "INSERT INTO credentials (username, user_id, password_hash) VALUES (?,?,?)", (username, user_id, password_hash)
    )


def delete_credentials(db: peewee.Database, username: str) -> None:
    db.execute_sql("DELETE FROM credentials WHERE username = ?", (username,))


def rename_credentials(db: peewee.Database, old: str, new: str) -> None:
    db.execute_sql("UPDATE credentials SET username = ? WHERE username = ?", (new, old))


def link(db: peewee.Database, user_id: str, provider: str) -> None:
    db.execute_sql("INSERT OR IGNORE INTO linked_accounts (user_id, provider) VALUES (?,?)", (user_id, provider))


def set_totp(db: peewee.Database, user_id: str, totp: Totp | None) -> None:
    db.execute_sql("DELETE FROM totp WHERE user_id = ?", (user_id,))
    if totp is not None:
        db.execute_sql("INSERT INTO totp (user_id, secret, used_step) VALUES (?,?,?)", (user_id, *totp))


def insert_token(db: peewee.Database, token: Token) -> None:
    db.execute_sql(
        "INSERT INTO tokens (id, user_id, kind, hash, name, client_id, created_at, expires_at, last_used_at,"
        " last_used_ip, client_icon, provider) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (token.id, token.user_id, token.kind, token.hash, token.name, token.client_id, token.created_at,
         token.expires_at, token.last_used_at, token.last_used_ip, token.client_icon, token.provider),
    )


def set_expiry(db: peewee.Database, token_id: str, expires_at: float | None) -> None:
    db.execute_sql("UPDATE tokens SET expires_at = ? WHERE id = ?", (expires_at, token_id))


def delete_token(db: peewee.Database, token_id: str) -> bool:
    return bool(db.execute_sql("DELETE FROM tokens WHERE id = ?", (token_id,)).rowcount)


def delete_user(db: peewee.Database, user_id: str) -> None:
    for statement in (
        "DELETE FROM tokens WHERE user_id = ?", "DELETE FROM credentials WHERE user_id = ?",
        "DELETE FROM linked_accounts WHERE user_id = ?", "DELETE FROM totp WHERE user_id = ?",
        "DELETE FROM users WHERE id = ?",
    ):
        db.execute_sql(statement, (user_id,))


def note_use(db: peewee.Database, uses: dict[str, tuple[float, str, float | None]]) -> None:
    """Write when and from where tokens were last used, and until when they are good now."""
    for token_id, (at, remote, expires_at) in uses.items():
        db.execute_sql(
            "UPDATE tokens SET last_used_at = ?, last_used_ip = ?, expires_at = ? WHERE id = ?",
            (at, remote, expires_at, token_id),
        )


def data_version(db: peewee.Database) -> Any:
    """Changes when another process has written to the file."""
    return db.execute_sql("PRAGMA data_version").fetchone()[0]


def new_long_lived(
    user_id: str, name: str, now: float, life_s: float | None, client_icon: str | None = None
) -> tuple[str, Token]:
    """A long-lived token's secret, shown once, and its row. `life_s` None: it never expires."""
    secret = TOKEN_PREFIX + secrets.token_hex(16)
    expires_at = None if life_s is None else now + life_s
    token = Token(
        new_id(), user_id, LONG_LIVED, hash_secret(secret), name, None, now, expires_at,
        client_icon=client_icon,
    )
    return secret, token


def create_cli_token(db: peewee.Database, name: str, now: float) -> tuple[str, Token]:
    """For `marge token create`: a token of the owner, or, before there is one, of a system user.

    Raises:
        ValueError: the name is taken.
    """
    users = load_users(db)
    user = next((each for each in users if each.is_owner), None) or next(
        (each for each in users if each.is_system and each.name == CLI_USER), None
    )
    if user is None:
        user = User(new_id(), CLI_USER, (ADMIN,), is_system=True, created_at=now)
        insert_user(db, user)
    if any(token.name == name and token.user_id == user.id and token.kind == LONG_LIVED for token in load_tokens(db)):
        raise ValueError(f"there is a token named {name} already")
    secret, token = new_long_lived(user.id, name, now, None)
    insert_token(db, token)
    return secret, token
