"""Humidifiers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, with_fields
from marge.domains.humidifier import MODES, HumidifierEntity

if TYPE_CHECKING:
    from marge.home import Home

# name, what it shows
_HUMIDIFIERS = (
    ("Humidifier", {"device_class": "humidifier", "action": "humidifying", "current_humidity": 45,
                    "target_humidity": 68}),
    ("Dehumidifier", {"device_class": "dehumidifier", "action": "drying", "current_humidity": 59.4,
                      "target_humidity": 54.2}),
    ("Hygrostat", {"target_humidity": 50, "mode": "home", "available_modes": ["home", "eco"],
                   "supported_features": MODES}),
)  # fmt: skip


def items(home: Home) -> Iterator[Item]:
    for name, shown in _HUMIDIFIERS:
        yield Item(f"humidifier.{name.lower()}", with_fields(HumidifierEntity(), is_on=True, **shown), name)
