"""Zones: circles on the map, and how many people are in each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._helpers import HelperEntity
from marge.domains._stored import NAME, set_up
from marge.domains._validators import boolean, icon, latitude, longitude, number, string
from marge.entities import Domain, StateTable
from marge.model import STATE_CHANGED, Event, State

if TYPE_CHECKING:
    from marge.home import Home

HOME = "zone.home"
NOT_HOME = "not_home"
DEFAULT_RADIUS_M = 100.0
_EARTH_RADIUS_M = 6_371_008.8
_NOWHERE = (NOT_HOME, "unknown", "unavailable")

CONFIG_SCHEMA = {
    vol.Required("name"): string,
    vol.Required("latitude"): latitude,
    vol.Required("longitude"): longitude,
    vol.Optional("radius", default=DEFAULT_RADIUS_M): number,
    vol.Optional("passive", default=False): boolean,
    vol.Optional("icon"): icon,
    vol.Optional("id"): string,
}
ITEM_FIELDS = {
    vol.Required("name"): NAME,
    vol.Required("latitude"): latitude,
    vol.Required("longitude"): longitude,
    vol.Optional("radius", default=DEFAULT_RADIUS_M): number,
    vol.Optional("passive", default=False): boolean,
    vol.Optional("icon"): icon,
}
UPDATE_FIELDS = {vol.Optional(key.schema): validator for key, validator in ITEM_FIELDS.items()}


def distance_m(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """Metres along a great circle; exact to half a percent."""
    phi_1, phi_2 = math.radians(latitude_1), math.radians(latitude_2)
    half = (phi_2 - phi_1) / 2, math.radians(longitude_2 - longitude_1) / 2
    a = math.sin(half[0]) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half[1]) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, a)))


def zone_at(states: StateTable, latitude: float, longitude: float, accuracy: float = 0.0) -> State | None:
    """The zone that a position is in: the nearest, of equals the smallest. Passive zones do not count."""
    found: tuple[float, float, State] | None = None
    for zone in states.domain("zone"):
        shown = zone.attributes
        try:
            radius = float(shown["radius"])
            away = distance_m(latitude, longitude, float(shown["latitude"]), float(shown["longitude"])) - accuracy
        except (KeyError, TypeError, ValueError):
            continue  # a virtual zone that lacks something
        if shown.get("passive") or zone.state == "unavailable" or away > radius:
            continue
        if found is None or (away, radius) < found[:2]:
            found = (away, radius, zone)
    return None if found is None else found[2]


def place_name(zone: State | None) -> str:
    """What a person or tracker in this zone shows as its state."""
    if zone is None:
        return NOT_HOME
    return "home" if zone.entity_id == HOME else zone.name


class ZoneEntity(HelperEntity):
    domain = "zone"
    persons: tuple[str, ...] = ()
    is_home = False

    def __init__(self, home: Home, object_id: str, conf: Mapping[str, Any]) -> None:
        super().__init__(home, object_id, conf)
        self.unique_id = None  # as in HA: zones of the files are not in the entity registry

    def state_value(self) -> str | None:
        return str(len(self.persons))

    def capability_attributes(self) -> dict[str, Any]:
        conf = self.conf
        return {
            "latitude": conf["latitude"],
            "longitude": conf["longitude"],
            "radius": conf["radius"],
            "passive": conf["passive"],
            "persons": list(self.persons),
            "editable": self.is_home or self.editable,
        }

    def holds(self, person: State) -> bool:
        """Whether a person's state says that they are in this zone."""
        if person.state in _NOWHERE:
            return False
        if person.state == "home" and self.is_home:
            return True
        return self.name is not None and person.state.casefold() == self.name.casefold()

    def begin(self) -> None:
        self._count()

    def reconfigured(self) -> None:
        self._count()

    def apply(self, values: Mapping[str, Any]) -> None:
        if "persons_moved" in values:
            self._count()
        else:
            super().apply(values)

    def _count(self) -> None:
        people = self.home.states.domain("person")
        self.persons = tuple(sorted(person.entity_id for person in people if self.holds(person)))


class HomeZoneEntity(ZoneEntity):
    is_home = True


def _home_conf(home: Home) -> dict[str, Any]:
    config = home.config
    radius = config.radius
    return {
        "name": config.location_name,
        "latitude": config.latitude,
        "longitude": config.longitude,
        "radius": int(radius) if float(radius).is_integer() else radius,
        "passive": False,
        "icon": "mdi:home",
    }


def _setup(home: Home, section: Any) -> None:
    set_up(home, "zone", section, CONFIG_SCHEMA, ZoneEntity, ITEM_FIELDS, update_fields=UPDATE_FIELDS)
    if HOME not in home.entities.owned:
        home.entities.add(HomeZoneEntity(home, "home", _home_conf(home)), HOME, "zone")

    def moved(event: Event) -> None:
        # One listener for all zones; the cheap test comes first, since every change of every entity passes here.
        if event.data["entity_id"].startswith("person."):
            for zone in home.states.domain("zone"):
                if zone.entity_id in home.entities.owned:
                    home.entities.report(zone.entity_id, persons_moved=True)

    def home_moved(_event: Event) -> None:
        home.entities.report(HOME, conf=_home_conf(home))

    home.bus.subscribe(moved, STATE_CHANGED)
    home.bus.subscribe(home_moved, "core_config_updated")


DOMAIN = Domain("zone", entity=ZoneEntity, setup=_setup, config_schema=CONFIG_SCHEMA)
