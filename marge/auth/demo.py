"""The demo home's log-in: made at its first start, kept in a file for its owner only, printed at each start."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from marge.auth.store import AuthStore

FILE = ".demo-login.json"
USERNAME = "demo"


def ensure_demo_user(store: AuthStore, config_dir: Path) -> tuple[str, str] | None:
    """User name and password of the demo home's owner; None when somebody else owns it. Blocks for a small file."""
    path = config_dir / FILE
    if store.owner() is None:
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        store.create_user("Demo", USERNAME, password, is_owner=True)
        for step in ("user", "core_config", "analytics", "integration"):
            if step not in store.onboarding_done():
                store.finish_onboarding_step(step)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"username": USERNAME, "password": password}, file)
        return USERNAME, password
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return str(known["username"]), str(known["password"])
