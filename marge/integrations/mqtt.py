"""The config entry of MQTT: its devices and entities belong to it, and disabling it takes the connection down.

Which broker is meant stands in the files or in the entry (`_mqtt_flow.py`). Not here: the connection and discovery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from marge.integrations._mqtt_flow import MqttFlow, MqttOptions
from marge.integrations.base import Imported, Integration

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN, TITLE = "mqtt", "MQTT"
BRIDGES, PATH, BROKER = "/bridges", "/bridges/mqtt", "broker"
FORGET_DEVICE = "mqtt_forget_device"
"""In `home.shared`, by the bridge: takes a device's announcements off the broker."""
KINDS = "bridge_kinds"
"""In `home.shared`, once the bridges were started: name to what makes a bridge's children."""


def _imported(home: Home) -> Imported | None:
    settings = home.config.marge
    if settings.broker == "none" or (settings.broker == "external" and not settings.broker_host):
        return None
    return Imported(settings.broker_host or TITLE)


def _setup(home: Home, _entry: ConfigEntry) -> None:
    """Start the bridge, and Marge's own broker if it is wanted; at the home's start they come with all bridges."""
    kinds: Mapping[str, Callable[[Home], list[ChildSpec]]] = home.shared.get(KINDS, {})
    if BROKER in kinds:
        broker = kinds[BROKER](home)
        if not broker and home.system.ref(f"{BRIDGES}/{BROKER}") is not None:
            home.system.remove(f"{BRIDGES}/{BROKER}")  # the entry names another one now
        elif broker and home.system.ref(f"{BRIDGES}/{BROKER}") is None and DOMAIN in kinds:
            home.system.spawn(broker[0], BRIDGES)
    if DOMAIN in kinds and home.system.ref(PATH) is None:
        for spec in kinds[DOMAIN](home):
            home.system.spawn(spec, BRIDGES)


def _unload(home: Home, entry: ConfigEntry) -> None:
    """End the connection; what it brought is out of reach."""
    if home.system.ref(PATH) is not None:
        home.system.remove(PATH)
    for each in home.registries.entities.for_config_entry(entry.entry_id):
        if each.entity_id in home.entities.owned:
            home.entities.release(each.entity_id)


def _device_removed(home: Home, device_id: str) -> None:
    """Its announcements are taken off the broker, or it would be back at once."""
    forget: Callable[[str], object] | None = home.shared.get(FORGET_DEVICE)
    if forget is not None and home.system.ref(PATH) is not None:
        forget(device_id)


def _diagnostics(home: Home, entry: ConfigEntry) -> Mapping[str, Any]:
    entities = home.registries.entities.for_config_entry(entry.entry_id)
    bridge = home.system.inspect(PATH) if home.system.ref(PATH) is not None else None
    return {
        "bridge": bridge,
        "devices": sum(1 for device in home.registries.devices.all() if entry.entry_id in device.config_entries),
        "entities": [each.entity_id for each in entities],
    }


INTEGRATION = Integration(
    DOMAIN, TITLE, _setup, unload=_unload, flow=MqttFlow, options_flow=MqttOptions, single_instance=True,
    imported=_imported, kind="service", iot_class="local_push", diagnostics=_diagnostics, removes_devices=True,
    device_removed=_device_removed,
)  # fmt: skip
