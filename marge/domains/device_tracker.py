"""Device trackers: where a phone or a car is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._catalog import fields_of
from marge.domains._validators import gps, positive_int, string
from marge.domains.zone import place_name, zone_at
from marge.entities import Domain, Entity
from marge.model import State
from marge.services.targets import entity_ids
from marge.util.schema import LateSchema
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall


class DeviceTrackerEntity(Entity):
    """A tracker that somebody owns. Set `place`, or the position with `zone_name` worked out by `zone.zone_at`.

    Attributes:
        place: `home`, `not_home` or a zone's name; None is unknown.
        source_type: `gps`, `router`, `bluetooth` or `bluetooth_le`.
        latitude, longitude: degrees. gps_accuracy: metres. battery: percent.
    """

    domain = "device_tracker"
    place: str | None = None
    source_type: str = "gps"
    latitude: float | None = None
    longitude: float | None = None
    gps_accuracy: float | None = None
    battery: int | None = None

    def state_value(self) -> str | None:
        return self.place

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"source_type": self.source_type}
        if self.latitude is not None and self.longitude is not None:
            shown.update(latitude=self.latitude, longitude=self.longitude, gps_accuracy=self.gps_accuracy or 0)
        if self.battery is not None:
            shown["battery"] = self.battery
        return shown


_SEE = LateSchema(
    {
        vol.Optional("mac"): string,
        vol.Optional("dev_id"): string,
        vol.Optional("host_name"): string,
        vol.Optional("location_name"): string,
        vol.Optional("gps"): gps,
        vol.Optional("gps_accuracy"): positive_int,
        vol.Optional("battery"): positive_int,
        vol.Optional("attributes"): dict,
        vol.Optional("source_type"): vol.In(("gps", "router", "bluetooth", "bluetooth_le")),
        vol.Optional("consider_home"): object,
        vol.Optional("battery_status"): string,
        vol.Optional("hostname"): string,
    }
)


def _see_schema(data: Any) -> Any:
    """HA names the tracker by `dev_id` or `mac`; a virtual one may be named by `entity_id` and takes any values."""
    if isinstance(data, Mapping) and "entity_id" in data:
        return {**data, "entity_id": entity_ids(data["entity_id"])}
    if not isinstance(data, Mapping) or not any(key in data for key in ("mac", "dev_id")):
        raise vol.Invalid("must contain at least one of mac, dev_id.")
    return _SEE(data)


def _seen_attributes(home: Home, data: Mapping[str, Any], present: State | None) -> tuple[str, dict[str, Any]]:
    attributes: dict[str, Any] = {"source_type": data.get("source_type", "gps" if "gps" in data else "router")}
    place = data.get("location_name")
    if "gps" in data:
        latitude, longitude = data["gps"]
        accuracy = data.get("gps_accuracy", 0)
        attributes.update(latitude=latitude, longitude=longitude, gps_accuracy=accuracy)
        place = place or place_name(zone_at(home.states, latitude, longitude, accuracy))
    if "battery" in data:
        attributes["battery"] = data["battery"]
    attributes.update(data.get("attributes", {}))
    if present is None or "friendly_name" not in present.attributes:
        attributes["friendly_name"] = data.get("host_name") or data.get("dev_id") or data["mac"]
    return place or "home", attributes


def _setup(home: Home, _section: Any) -> None:
    def see(call: ServiceCall) -> None:
        """Trackers that some program reports are virtual entities; an owned one is its owner's matter."""
        data = call.data
        if "entity_id" in data:
            named = [each for each in data["entity_id"] if home.states.get(each) is not None]
            place = str(data.get("location_name", "home"))
            changes = {key: data[key] for key in ("location_name", "gps") if key in data}
        else:
            entity_id = f"device_tracker.{slugify(data.get('dev_id') or data['mac'])}"
            named = [entity_id]
            place, changes = _seen_attributes(home, data, home.states.get(entity_id))
        for entity_id in named:
            if home.states.owner(entity_id) is not None:
                continue
            present = home.states.get(entity_id)
            attributes = {**(present.attributes if present is not None else {}), **changes}
            home.entities.write(entity_id, place, attributes, call.context)

    home.services.register(
        "device_tracker", "see", see, _see_schema,
        description="Reports where a device was seen.", fields=fields_of("device_tracker", "see"),
    )  # fmt: skip


DOMAIN = Domain("device_tracker", entity=DeviceTrackerEntity, setup=_setup)
