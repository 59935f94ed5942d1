"""Who a discovered entity is: its device, its entity id, its names. The only place that writes the registries.

Not here: what the entity does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.bridges.mqtt.component import Component
    from marge.bridges.mqtt.discovery import Announced
    from marge.home import Home

PLATFORM = "mqtt"

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


def names_of(component: Component, announced: Announced, config: Mapping[str, Any], device_name: str | None, native: bool) -> Names:
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
    """Who an entity is, as the registries have it."""

    entity_id: str
    names: Names
    enabled: bool


class Identities:
    """Finds or makes registry entries for announced entities."""

    def __init__(self, home: Home, native: bool) -> None:
        self._home = home
        self._native = native

    def of(self, component: Component, announced: Announced, config: Mapping[str, Any], current_id: str | None) -> Identity:
        """The identity of an announced entity; the device and the entity are in the registries afterwards.

        Args:
            current_id: the entity's id if it has one already; it keeps it.
        """
        raise NotImplementedError


__all__ = ["PLATFORM", "Identities", "Identity", "Names", "names_of", "slugify"]
