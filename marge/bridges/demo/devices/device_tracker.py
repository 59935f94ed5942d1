"""Three phones: one at home, two near it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, with_fields
from marge.domains.device_tracker import DeviceTrackerEntity
from marge.domains.zone import place_name, zone_at

if TYPE_CHECKING:
    from marge.home import Home

# object id, name, degrees north and east of the home, accuracy in metres, battery in percent
_PHONES = (
    ("demo_paulus", "Paulus", -0.00476, -0.005675, 112, 76),
    ("demo_anne_therese", "Anne Therese", -0.005125, -0.00363, 52, 86),
    ("demo_home_boy", "Home Boy", -0.00002, 0.00002, 20, 53),
)


def items(home: Home) -> Iterator[Item]:
    for object_id, name, north, east, accuracy, battery in _PHONES:
        latitude, longitude = home.config.latitude + north, home.config.longitude + east
        phone = with_fields(
            DeviceTrackerEntity(), latitude=latitude, longitude=longitude, gps_accuracy=accuracy, battery=battery,
            place=place_name(zone_at(home.states, latitude, longitude, accuracy)),
        )  # fmt: skip
        yield Item(f"device_tracker.{object_id}", phone, name)
