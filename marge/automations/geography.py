"""Distances on earth and whether an entity stands in a zone. Pure."""

from __future__ import annotations

import math

from marge.model import State

_EARTH_RADIUS_M = 6_371_008.8


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres between two points, along a great circle (error below 0.5 %)."""
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((other_phi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(other_phi) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def has_location(state: State) -> bool:
    """Whether the state carries coordinates. Whole numbers do not count: HA's trackers always report fractions."""
    attributes = state.attributes
    return isinstance(attributes.get("latitude"), float) and isinstance(attributes.get("longitude"), float)


def in_zone(zone: State, state: State) -> bool:
    """Whether the state's position, less its accuracy, lies within the zone's radius. False without numbers."""
    try:
        away = distance_m(
            float(state.attributes["latitude"]),
            float(state.attributes["longitude"]),
            float(zone.attributes["latitude"]),
            float(zone.attributes["longitude"]),
        )
        accuracy = float(state.attributes.get("gps_accuracy") or 0)
        radius = float(zone.attributes.get("radius") or 100)
    except (KeyError, TypeError, ValueError):
        return False
    return away - accuracy < radius
