"""The demo home's first words: where to look and how to log in."""

from __future__ import annotations

from marge.config import HomeConfig


def where_to_look(home: HomeConfig) -> str:
    """One line for the person at the terminal. Makes the demo's log-in when the home has no owner yet."""
    host = home.marge.http_host
    host = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1", "::1", "") else host
    line = f"Marge's demo home: http://{f'[{host}]' if ':' in host else host}:{home.marge.http_port}"
    if home.marge.auth_mode == "open":
        return f"{line} (nobody needs to log in)"
    login = _login(home)
    if login is None:
        return f"{line} (log in as you did when you made it yours)"
    return f'{line} · log in as "{login[0]}" with the password "{login[1]}"'


def _login(home: HomeConfig) -> tuple[str, str] | None:
    from marge.actors import WallClock
    from marge.auth import AuthStore
    from marge.auth.demo import ensure_demo_user
    from marge.storage import Database, KeyValue

    database = Database(home.marge.db_path)
    try:
        return ensure_demo_user(AuthStore(database, KeyValue(database), WallClock()), home.config_dir)
    finally:
        database.close()
