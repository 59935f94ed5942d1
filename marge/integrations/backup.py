"""Sensors that say how the home's backups are doing; with `backup:` or `default_config:` in the files."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from marge.domains.backup import CREATING, IDLE, SHARED, Backups
from marge.domains.sensor import SensorEntity
from marge.integrations.base import Imported, Integration
from marge.integrations.host import add_entity, on_unload
from marge.version import HA_VERSION

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN = "backup"
_STATES = [IDLE, CREATING, "blocked", "receive_backup", "restore_backup"]
"""What clients know; ours is one of the first two."""

# key (unique id and translation key), name, device class
_SENSORS = (
    ("backup_manager_state", "Backup Manager state", "enum"),
    ("next_scheduled_automatic_backup", "Next scheduled automatic backup", "timestamp"),
    ("last_successful_automatic_backup", "Last successful automatic backup", "timestamp"),
)


def _values(backups: Backups) -> dict[str, str | None]:
    """What the sensors show, by key."""
    config = backups.config
    return {
        "backup_manager_state": backups.state,
        "next_scheduled_automatic_backup": _utc(config["next_automatic_backup"]),
        "last_successful_automatic_backup": _utc(config["last_completed_automatic_backup"]),
    }


def _utc(moment: str | None) -> str | None:
    if moment is None:
        return None
    return dt.datetime.fromisoformat(moment).astimezone(dt.UTC).isoformat(timespec="seconds")


def _setup(home: Home, entry: ConfigEntry) -> None:
    backups: Backups = home.shared[SHARED]
    device = home.registries.devices.get_or_create(
        identifiers=[(DOMAIN, "backup_manager")], config_entry_id=entry.entry_id, name="Backup", entry_type="service",
        manufacturer="Home Assistant", model="Home Assistant Backup", sw_version=HA_VERSION,
        configuration_url="homeassistant://config/backup",
    )  # fmt: skip
    values = _values(backups)
    entity_ids: dict[str, str] = {}
    for key, name, device_class in _SENSORS:
        sensor = SensorEntity()
        sensor.name, sensor.device_class, sensor.native_value = name, device_class, values[key]
        sensor.options = _STATES if device_class == "enum" else None
        entity_ids[key] = add_entity(
            home, entry, sensor, key, object_id=f"backup_{name}", device_id=device.id, has_entity_name=True,
            translation_key=key,
        )  # fmt: skip

    def changed() -> None:
        for key, value in _values(backups).items():
            home.entities.report(entity_ids[key], native_value=value)

    on_unload(home, entry, backups.progress.watch(changed))


def _imported(home: Home) -> Imported | None:
    wanted = DOMAIN in home.config.sections or "default_config" in home.config.sections
    return Imported("Backup", source="system") if wanted else None


INTEGRATION = Integration(
    DOMAIN, "Backup", setup=_setup, single_instance=True, imported=_imported, kind="system", iot_class="calculated"
)
