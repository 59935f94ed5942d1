"""The device registry: list, update."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import NotFound
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session


def _by_user(value: Any) -> str | None:
    if value is None or value == "user":
        return value
    raise vol.Invalid("not a valid value")


@command("config/device_registry/list")
def devices(session: Session, message: dict[str, Any]) -> None:
    """All devices."""
    session.result(message["id"], [entry.as_dict() for entry in session.home.registries.devices.all()])


@command(
    "config/device_registry/update",
    {
        vol.Required("device_id"): str,
        vol.Optional("area_id"): vol.Any(str, None),
        vol.Optional("labels"): [str],
        vol.Optional("name_by_user"): vol.Any(str, None),
        vol.Optional("disabled_by"): _by_user,
    },
    admin=True,
)
def update_device(session: Session, message: dict[str, Any]) -> None:
    """Set a device's area, labels and name. Disabling comes later: it is refused rather than half done."""
    changes = {name: value for name, value in message.items() if name not in ("id", "type", "device_id")}
    registries = session.home.registries
    device = registries.devices.get(message["device_id"])
    if device is None:
        raise CommandError(UNKNOWN_ERROR, "Device not found")
    if "disabled_by" in changes and changes["disabled_by"] != device.disabled_by:
        raise CommandError("not_supported", "Disabling devices is not supported yet.")
    try:
        device = registries.update_device(message["device_id"], **changes)
    except NotFound as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"], device.as_dict())
