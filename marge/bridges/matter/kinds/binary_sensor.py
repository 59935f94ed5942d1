"""Contacts, occupancy, water, frost, rain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.matter.entity import Fields, Kind, MatterEntity
from marge.bridges.matter.node import BOOLEAN_STATE, Endpoint
from marge.domains.binary_sensor import BinarySensorEntity

if TYPE_CHECKING:
    from marge.home import Home

OCCUPANCY = 1030
CONTACT_SENSOR, OCCUPANCY_SENSOR, FREEZE, LEAK, RAIN = 21, 263, 65, 67, 68
_CLASSES = {CONTACT_SENSOR: "door", OCCUPANCY_SENSOR: "occupancy", FREEZE: "cold", LEAK: "moisture", RAIN: "moisture"}


class MatterBinarySensor(MatterEntity, BinarySensorEntity):
    """Something is the case, or not."""


def _make(_home: Home, endpoint: Endpoint) -> MatterBinarySensor:
    sensor = MatterBinarySensor()
    sensor.device_class = next((_CLASSES[each] for each in endpoint.types if each in _CLASSES), None)
    return sensor


def _contact(endpoint: Endpoint) -> Fields:
    """True is contact: the door is shut."""
    touches = endpoint.flag(BOOLEAN_STATE, 0)
    return {"is_on": None if touches is None else not touches}


def _occupied(endpoint: Endpoint) -> Fields:
    bits = endpoint.integer(OCCUPANCY, 0)
    return {"is_on": None if bits is None else bool(bits & 1)}


def _is_so(endpoint: Endpoint) -> Fields:
    return {"is_on": endpoint.flag(BOOLEAN_STATE, 0)}


KINDS = (
    Kind(frozenset({CONTACT_SENSOR}), _make, _contact),
    Kind(frozenset({OCCUPANCY_SENSOR}), _make, _occupied),
    Kind(frozenset({FREEZE, LEAK, RAIN}), _make, _is_so),
)
