"""Users and tokens, and their rows. Functions with a `db` run on the database's thread, or in the CLI."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, Literal

import peewee

ADMIN = "system-admin"
USER = "system-users"
READ_ONLY = "system-read-only"
GROUPS = (ADMIN, USER, READ_ONLY)

TokenKind = Literal["normal", "long_lived_access_token"]

TOKEN_PREFIX = "marge_"
CLI_USER = "Marge command line"
REFRESH_LIFE_S = 90 * 86_400.0
"""A log-in that nobody uses for so long has to be made again, as in HA."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in. `group` is one of `GROUPS`; the owner is always an administrator."""

    id: str
    name: str
    group: str = USER
    is_owner: bool = False
    is_active: bool = True
    is_system: bool = False
    created_at: float = 0.0

    @property
    def is_admin(self) -> bool:
        return self.is_active and (self.is_owner or self.group == ADMIN)

    @property
    def may_control(self) -> bool:
        """Whether services may be called."""
        return self.is_active and (self.is_owner or self.group != READ_ONLY)


@dataclass(frozen=True, slots=True)
class Token:
    """A refresh token (`normal`) or a long-lived one. The secret itself is not kept, only its SHA-256.

    `expires_at` and the others are UTC epoch seconds.
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


def new_id() -> str:
    return uuid.uuid4().hex


def hash_secret(secret: str) -> str:
    """SHA-256: the secrets are 128 random bits and more, so a slow hash would protect nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def load_users(db: peewee.Database) -> list[User]:
    rows = db.execute_sql("SELECT id, name, user_group, is_owner, is_active, is_system, created_at FROM users")
    return [User(i, name, group, bool(o), bool(a), bool(s), at) for i, name, group, o, a, s, at in rows.fetchall()]


def load_credentials(db: peewee.Database) -> dict[str, tuple[str, str]]:
    """Username to user id and password hash."""
    rows = db.execute_sql("SELECT username, user_id, password_hash FROM credentials").fetchall()
    return {username: (user_id, password_hash) for username, user_id, password_hash in rows}


def load_tokens(db: peewee.Database) -> list[Token]:
    rows = db.execute_sql(
        "SELECT id, user_id, kind, hash, name, client_id, created_at, expires_at, last_used_at, last_used_ip"
        " FROM tokens"
    )
    return [Token(*row) for row in rows.fetchall()]


def insert_user(db: peewee.Database, user: User) -> None:
    db.execute_sql(
        "INSERT INTO users (id, name, user_group, is_owner, is_active, is_system, created_at) VALUES (?,?,?,?,?,?,?)",
        (user.id, user.name, user.group, int(user.is_owner), int(user.is_active), int(user.is_system), user.created_at),
    )


def set_password(db: peewee.Database, username: str, user_id: str, password_hash: str) -> None:
    db.execute_sql("DELETE FROM credentials WHERE username = ?", (username,))
    db.execute_sql(
        "INSERT INTO credentials (username, user_id, password_hash) VALUES (?,?,?)", (username, user_id, password_hash)
    )


def insert_token(db: peewee.Database, token: Token) -> None:
    db.execute_sql(
        "INSERT INTO tokens (id, user_id, kind, hash, name, client_id, created_at, expires_at, last_used_at,"
        " last_used_ip) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (token.id, token.user_id, token.kind, token.hash, token.name, token.client_id, token.created_at,
         token.expires_at, token.last_used_at, token.last_used_ip),
    )


def delete_token(db: peewee.Database, token_id: str) -> bool:
    return bool(db.execute_sql("DELETE FROM tokens WHERE id = ?", (token_id,)).rowcount)


def delete_user(db: peewee.Database, user_id: str) -> None:
    for statement in (
        "DELETE FROM tokens WHERE user_id = ?", "DELETE FROM credentials WHERE user_id = ?",
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


def new_long_lived(user_id: str, name: str, now: float, life_s: float | None) -> tuple[str, Token]:
    """A long-lived token's secret, shown once, and its row. `life_s` None: it never expires."""
    secret = TOKEN_PREFIX + secrets.token_hex(16)
    expires_at = None if life_s is None else now + life_s
    token = Token(
        f"tok_{new_id()}", user_id, "long_lived_access_token", hash_secret(secret), name, None, now, expires_at
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
        user = User(new_id(), CLI_USER, ADMIN, is_system=True, created_at=now)
        insert_user(db, user)
    kind = "long_lived_access_token"
    if any(token.name == name and token.user_id == user.id and token.kind == kind for token in load_tokens(db)):
        raise ValueError(f"there is a token named {name} already")
    secret, token = new_long_lived(user.id, name, now, None)
    insert_token(db, token)
    return secret, token
