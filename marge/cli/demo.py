"""The demo home's first words: where to look and how to log in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.config import HomeConfig

if TYPE_CHECKING:
    from marge.auth import AuthStore


def where_to_look(home: HomeConfig, store: AuthStore) -> str:
    """One line for the person at the terminal. Waits: makes the demo's log-in when the home has no owner yet."""
    from marge.auth.demo import ensure_demo_user

    host = home.marge.http_host
    host = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1", "::1") else host
    line = f"Marge's demo home: http://{f'[{host}]' if ':' in host else host}:{home.marge.http_port}"
    if home.marge.auth_mode == "open":
        return f"{line} · nobody needs to log in"
    login = ensure_demo_user(store, home.config_dir)
    if login is None:
        return f"{line} · log in as you did when you made it yours"
    return f'{line} · log in as "{login[0]}" with the password "{login[1]}"'
