"""Who a discovered entity is: its device, its entity id, its names. The only place that writes the registries.

Not here: what the entity does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.bridges.mqtt.device_triggers import device_triggers
from marge.errors import NotFound

if TYPE_CHECKING:
    from marge.bridges.mqtt.component import Component
    from marge.bridges.mqtt.discovery import Announced, DiscoveryKey
    from marge.bridges.mqtt.entity import MqttEntity
    from marge.home import Home
    from marge.registries import Device

PLATFORM = "mqtt"

_DEVICE_FACTS = (
    "configuration_url", "hw_version", "manufacturer", "model", "model_id", "name", "serial_number", "sw_version",
)  # fmt: skip

_CLASS_NAMES = {
    "aqi": "Air quality index", "carbon_dioxide": "Carbon dioxide", "co2": "Carbon dioxide", "co": "Carbon monoxide",
    "nitrogen_dioxide": "Nitrogen dioxide", "ph": "pH", "pm1": "PM1", "pm10": "PM10", "pm25": "PM2.5",
    "volatile_organic_compounds": "VOCs", "volatile_organic_compounds_parts": "VOCs parts",
    "battery_charging": "Charging", "garage_door": "Garage door", "signal_strength": "Signal strength",
}  # fmt: skip
_NAMED_BY_CLASS = frozenset(("binary_sensor", "button", "event", "number", "sensor", "update", "valve"))
"""Components whose nameless entities are called after their device class."""


class Names(NamedTuple):
    """What an entity is called.

    Attributes:
        own: its own name, without the device's; None: it is the device's main thing.
        friendly: shown to people.
        suggested_id: what its object id is made from.
    """

    own: str | None
    friendly: str
    suggested_id: str


def names_of(
    component: Component, announced: Announced, config: Mapping[str, Any], device_name: str | None, native: bool
) -> Names:
    """The names that follow from a configuration.

    Args:
        device_name: as the device registry knows it; None without a device or when it has no name.
        native: without the device's name, and ids from `object_id` or the topic.
    """
    own: str | None
    if "name" in config:
        own = config["name"]
    else:
        device_class = config.get("device_class")
        if device_class and component.name in _NAMED_BY_CLASS:
            own = _CLASS_NAMES.get(device_class, device_class.replace("_", " ").capitalize())
        else:
            own = component.default_name
    parts = [part for part in (None if native and own else device_name, own) if part]
    friendly = " ".join(parts) or component.default_name
    wanted = config.get("object_id") or str(config.get("default_entity_id", "")).partition(".")[2]
    if wanted:
        return Names(own, friendly, wanted)
    if native:
        return Names(own, friendly, announced.object_id)
    if "device" in config and config.get("unique_id") and device_name is None:
        return Names(own, friendly, f"None {own}")  # so HA: a device without a name lends its entities `none_`
    if config.get("unique_id"):
        return Names(own, friendly, friendly)
    return Names(own, friendly, own or component.default_name)


class Identity(NamedTuple):
    """Who an entity is, as the registries have it.

    Attributes:
        friendly: its name for people, whatever the user has chosen.
        device_id: of its device.
        enabled: whether one without a unique id, which the user cannot enable, wants to be shown.
    """

    entity_id: str
    friendly: str
    enabled: bool
    device_id: str | None = None


class Identities:
    """Finds or makes registry entries for announced entities.

    Args:
        remembered: ids of entities without a unique id, by discovery key; outlives the bridge's actor.
        has_more: whether a device has something beside entities and triggers.
    """

    def __init__(
        self, home: Home, native: bool, remembered: dict[DiscoveryKey, str], has_more: Callable[[str], bool]
    ) -> None:
        self._has_more = has_more
        self._home = home
        self._native = native
        self._remembered = remembered

    def of(self, component: Component, announced: Announced, entity: MqttEntity, current_id: str | None) -> Identity:
        """The identity of an announced entity; its device and itself are in the registries afterwards.

        Args:
            entity: holds the validated configuration; used for its facts only.
            current_id: the entity's id if it has one already; it keeps it.
        """
        config = entity.config
        unique_id = config.get("unique_id")
        device = self._device(config) if unique_id is not None and "device" in config else None
        device_name = None if device is None else device.display_name
        names = names_of(component, announced, config, device_name, self._native)
        if unique_id is None:
            entity_id = current_id or self._remembered.get(announced.key) or self._free(component, names)
            self._remembered[announced.key] = entity_id
            return Identity(entity_id, names.friendly, config["enabled_by_default"])
        registry = self._home.registries.entities
        entry = registry.by_unique_id(component.name, PLATFORM, unique_id)
        if entry is None and current_id is not None:
            # The device changed its mind about its unique id: it is still the same entity.
            return Identity(current_id, names.friendly, True, None if device is None else device.id)
        entry = registry.get_or_create(
            component.name,
            PLATFORM,
            unique_id,
            suggested_object_id=names.suggested_id,
            device_id=None if device is None else device.id,
            config_entry_id=self._config_entry_id(),
            original_name=names.own,
            original_icon=config.get("icon"),
            original_device_class=config.get("device_class"),
            entity_category=config.get("entity_category"),
            has_entity_name=not self._native,
            unit_of_measurement=entity.unit_of_measurement,
            capabilities=entity.capability_attributes() or None,
            supported_features=entity.supported_features or 0,
            disabled_by=None if config["enabled_by_default"] else "integration",
        )
        return Identity(entry.entity_id, names.friendly, True, None if device is None else device.id)

    def forget(self, config: Mapping[str, Any], entity_id: str) -> None:
        """The entity is announced no more: its entry goes, and its device if that has no other entity."""
        for key in [key for key, known in self._remembered.items() if known == entity_id]:
            del self._remembered[key]
        registries = self._home.registries
        entry = registries.entities.get(entity_id)
        if entry is None or entry.platform != PLATFORM:
            return
        registries.entities.remove(entity_id)
        if entry.device_id is not None:
            self.forget_device(entry.device_id)

    def forget_device(self, device_id: str) -> None:
        """Something of the device is gone: it goes too when that was all."""
        registries = self._home.registries
        triggers = device_triggers(self._home)
        if registries.entities.for_device(device_id) or (triggers is not None and triggers.has(device_id)):
            return
        if self._has_more(device_id):
            return
        with contextlib.suppress(NotFound):
            registries.remove_device(device_id)

    def device_id(self, config: Mapping[str, Any]) -> str:
        """The id of the device that a validated configuration describes."""
        return self._device(config).id

    def _device(self, config: Mapping[str, Any]) -> Device:
        told = config["device"]
        facts = {fact: told[fact] for fact in _DEVICE_FACTS if fact in told}
        via = told.get("via_device")
        devices = self._home.registries.devices
        identifiers = [(PLATFORM, identifier) for identifier in told["identifiers"]]
        area_id = None
        if "suggested_area" in told and self._is_new(devices.find(identifiers, told["connections"])):
            area_id = self._home.registries.areas.get_or_create(told["suggested_area"]).area_id
        if via is not None and devices.find([(PLATFORM, via)], []) is None:
            devices.get_or_create(identifiers=[(PLATFORM, via)], config_entry_id=self._config_entry_id())
        device = devices.get_or_create(
            identifiers=identifiers,
            connections=told["connections"],
            via_device=None if via is None else (PLATFORM, via),
            area_id=area_id,
            config_entry_id=self._config_entry_id(),
            **facts,
        )
        return device if area_id is None or device.area_id is not None else devices.update(device.id, area_id=area_id)

    def _is_new(self, device: Device | None) -> bool:
        """Whether nobody can have said yet where it stands. A gateway's own list may have named it before discovery."""
        if device is None:
            return True
        return device.area_id is None and not self._home.registries.entities.for_device(device.id)

    def _config_entry_id(self) -> str | None:
        """The entry that what is discovered belongs to."""
        entries = self._home.registries.config_entries.for_domain(PLATFORM)
        return entries[0].entry_id if entries else None

    def _free(self, component: Component, names: Names) -> str:
        """An id for an entity that no registry remembers."""
        free = self._home.registries.entities.free_entity_id(component.name, names.suggested_id)
        taken = set(self._remembered.values())
        number = 1
        while free in taken:
            number += 1
            free = self._home.registries.entities.free_entity_id(component.name, f"{names.suggested_id} {number}")
        return free
