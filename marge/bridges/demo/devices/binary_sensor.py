"""Binary sensors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.binary_sensor import BinarySensorEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    wet = with_fields(BinarySensorEntity(), is_on=False, device_class="moisture")
    yield of_device("binary_sensor.basement_floor_wet", wet, "Basement Floor Wet", "binary_1")
    moving = with_fields(BinarySensorEntity(), is_on=True, device_class="motion")
    yield of_device("binary_sensor.movement_backyard", moving, "Movement Backyard", "binary_2")
