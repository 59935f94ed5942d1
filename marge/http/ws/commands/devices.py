"""The device registry: list, update, take a config entry off a device."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import HomeError, NotFound
from marge.http.turns import in_slices
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.integrations.host import host_of


def _by_user(value: Any) -> str | None:
    if value is None or value == "user":
        return value
    raise vol.Invalid("not a valid value")


@command("config/device_registry/list")
def devices(session: Session, message: dict[str, Any]) -> None:
    """All devices."""
    parts = [entry.json for entry in in_slices(session.home.registries.devices.all())]
    session.result_list(message["id"], parts)


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
    """Set a device's area, labels and name; disable it with its entities, or enable them."""
    changes = {name: value for name, value in message.items() if name not in ("id", "type", "device_id")}
    home, device_id = session.home, message["device_id"]
    try:
        device = home.registries.update_device(device_id, **changes)
    except NotFound as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    if changes.keys() & {"disabled_by", "name_by_user"}:
        home.entities.settle(*(entry.entity_id for entry in home.registries.entities.for_device(device_id)))
    session.result(message["id"], device.as_dict())


@command(
    "config/device_registry/remove_config_entry",
    {vol.Required("config_entry_id"): str, vol.Required("device_id"): str},
    admin=True,
)
def remove_config_entry(session: Session, message: dict[str, Any]) -> None:
    """Take a config entry, and its entities, off a device, where the integration lets people do so."""
    registries = session.home.registries
    entry = registries.config_entries.get(message["config_entry_id"])
    if entry is None:
        raise HomeError("Unknown config entry")
    if not entry.supports_remove_device:
        raise HomeError("Config entry does not support device removal")
    device = registries.devices.get(message["device_id"])
    if device is None:
        raise HomeError("Unknown device")
    if entry.entry_id not in device.config_entries:
        raise HomeError("Config entry not in device")
    integration = host_of(session.home).integrations.get(entry.domain)
    if integration is not None and integration.device_removed is not None:
        integration.device_removed(session.home, device.id)
    left = registries.remove_config_entry_from_device(device.id, entry.entry_id)
    session.result(message["id"], None if left is None else left.as_dict())
