"""Tokens for the command line itself, and the way to a home's database. Not here: what a token is (`marge.auth`)."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from marge.config import HomeConfig, load_home
from marge.errors import ConfigError

if TYPE_CHECKING:
    import peewee

    from marge.auth.models import Token

TOKEN_FILE = ".marge-cli-token"


def database_of(config_dir: Path) -> AbstractContextManager[peewee.Database]:
    """The home's database in one transaction, beside a running server or without one.

    Raises:
        ConfigError: its settings forbid a start, or the database cannot be used.
    """
    home = load_home(config_dir, os.environ)
    if home.fatal:
        raise ConfigError("; ".join(str(problem) for problem in home.fatal))
    return _open(home)


def _open(home: HomeConfig) -> AbstractContextManager[peewee.Database]:
    from marge.storage import Database  # imports peewee, which most commands do not need

    return Database.open_sync(home.marge.db_path)


def long_lived_tokens(db: peewee.Database) -> tuple[list[Token], dict[str, str]]:
    """The long-lived tokens in order of creation, and the users' names by id."""
    from marge.auth.models import load_tokens, load_users

    tokens = [token for token in load_tokens(db) if token.kind == "long_lived_access_token"]
    return sorted(tokens, key=lambda token: token.created_at), {user.id: user.name for user in load_users(db)}


def local_token(home: HomeConfig) -> str | None:
    """A token for this machine's administrator: kept in the home, readable by the owner of the files alone.

    `None` where the home has no database yet, so no server that would know the token.

    Raises:
        ConfigError: the database or the home's directory cannot be used.
    """
    from marge.auth.models import create_cli_token, hash_secret

    if not home.marge.db_path.exists():
        return None
    file = home.config_dir / TOKEN_FILE
    try:
        kept = file.read_text().strip() if file.exists() else ""
        with _open(home) as db:
            tokens, _ = long_lived_tokens(db)
            if kept and any(token.hash == hash_secret(kept) for token in tokens):
                return kept
            # a name of its own: the last file may be lost while its token lives on
            secret, _ = create_cli_token(db, f"command line {secrets.token_hex(3)}", time.time())
            _write_private(file, secret)
        wait_for_server()
        return secret
    except OSError as error:
        raise ConfigError(f"no token can be kept in {file}: {error.strerror or error}") from error


def wait_for_server() -> None:
    """Sleep until a running server is sure to take a token that was made just now.

    An unknown token makes it look into the database, but not twice within `LOOK_EVERY_S`: a look right before the token
    was made would have it refused.
    """
    from marge.auth.rows import LOOK_EVERY_S

    time.sleep(LOOK_EVERY_S)


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text + "\n")
