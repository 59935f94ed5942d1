"""Water heaters, one in each unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, with_fields
from marge.domains._units import CELSIUS, FAHRENHEIT
from marge.domains.water_heater import WaterHeaterEntity

if TYPE_CHECKING:
    from marge.home import Home

_MODES = ["eco", "electric", "performance", "high_demand", "heat_pump", "gas", "off"]


def items(home: Home) -> Iterator[Item]:
    for entity_id, name, unit, wanted, is_away in (
        ("water_heater.demo_water_heater", "Demo Water Heater", FAHRENHEIT, 119, False),
        ("water_heater.demo_water_heater_celsius", "Demo Water Heater Celsius", CELSIUS, 45, True),
    ):
        heater = with_fields(
            WaterHeaterEntity(), home_unit=home.config.units["temperature"], temperature_unit=unit,
            target_temperature=wanted, target_temperature_step=1, operation_mode="eco", operation_list=_MODES,
            is_away=is_away, supported_features=15,
        )  # fmt: skip
        yield Item(entity_id, heater, name)
