"""Numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains._units import CELSIUS
from marge.domains.number import NumberEntity

if TYPE_CHECKING:
    from marge.home import Home

# object id, name, unique id, translation key, what it shows
_NUMBERS = (
    ("volume", "volume", "volume1", "volume", {"value": 42.0, "mode": "slider"}),
    ("pwm_1", "PWM 1", "pwm1", "pwm", {"value": 0.42, "maximum": 1.0, "step": 0.01, "mode": "box"}),
    ("large_range", "Large Range", "large_range", "range", {"value": 500, "minimum": 1, "maximum": 1000, "step": 1}),
    ("small_range", "Small Range", "small_range", "range", {"value": 128, "minimum": 1, "maximum": 255, "step": 1}),
    ("temperature_setting", "Temperature setting", "temp1", None,
     {"value": 22, "minimum": 15, "maximum": 35, "step": 1, "mode": "box", "native_unit": CELSIUS,
      "device_class": "temperature"}),
)  # fmt: skip


def items(home: Home) -> Iterator[Item]:
    for object_id, name, unique_id, translation_key, shown in _NUMBERS:
        number = with_fields(NumberEntity(), home_unit=home.config.units["temperature"], **shown)
        yield of_device(f"number.{object_id}", number, name, unique_id, translation_key=translation_key)
