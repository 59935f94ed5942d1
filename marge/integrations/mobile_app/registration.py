"""A telephone introduces itself: it becomes a config entry, which gets a webhook."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.integrations.host import host_of
from marge.integrations.mobile_app import sealing

if TYPE_CHECKING:
    from marge.home import Home

_WEBHOOK_BYTES = 32


def register(home: Home, user_id: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """A new app; one of the same device takes the place of the former. Waits until it is set up.

    Args:
        told: valid by `schemas.REGISTRATION`.

    Returns:
        What the app needs from now on: `webhook_id`, `secret`, ….
    """
    data = dict(told)
    data["webhook_id"] = secrets.token_hex(_WEBHOOK_BYTES)
    data["user_id"] = user_id
    data["secret"] = sealing.new_secret() if data["supports_encryption"] else None
    data.setdefault("device_id", secrets.token_hex(16))
    unique_id = f"{data['app_id']}-{data['device_id']}"
    entries = home.registries.config_entries
    before = entries.by_unique_id("mobile_app", unique_id)
    host = host_of(home)
    if before is not None:
        host.remove(before.entry_id)
    entry = entries.create("mobile_app", data["device_name"], "registration", unique_id, data)
    host.setup(entry.entry_id)
    tracker = home.registries.entities.by_unique_id("device_tracker", "mobile_app", data["device_id"])
    people = home.shared.get("person")
    if people is not None and tracker is not None:
        people.add_tracker(user_id, tracker.entity_id)  # where their telephone is, there the person is
    return {
        "cloudhook_url": None,
        "remote_ui_url": None,
        "secret": data["secret"],
        "webhook_id": data["webhook_id"],
    }
