"""Analytics: what a user would share. The choice is kept; this server sends nothing anywhere."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.http.ws.registry import command
from marge.http.ws.session import Session

KEY = "analytics"
_NAMES = ("base", "diagnostics", "usage", "statistics")


def _load(session: Session) -> dict[str, Any]:
    kept = session.home.storage.load(KEY) or {}
    return {
        "preferences": {name: bool(kept.get("preferences", {}).get(name, False)) for name in _NAMES},
        "onboarded": bool(kept.get("onboarded", False)),
    }


@command("analytics", admin=True, waits=True)
def analytics(session: Session, message: dict[str, Any]) -> None:
    """The choice."""
    session.result(message["id"], _load(session))


@command(
    "analytics/preferences",
    {vol.Required("preferences", default={}): {vol.Optional(name): bool for name in _NAMES}},
    admin=True,
    waits=True,
)
def preferences(session: Session, message: dict[str, Any]) -> None:
    """Make the choice."""
    kept = _load(session)
    kept["preferences"].update(message["preferences"])
    kept["onboarded"] = True
    session.home.storage.save(KEY, kept)
    session.result(message["id"], {"preferences": kept["preferences"]})
