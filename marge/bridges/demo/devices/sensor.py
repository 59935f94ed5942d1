"""Sensors: measured values that stand still, and totals that grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.bridges.demo.later import SlowEntity
from marge.domains._units import CELSIUS, home_unit_for
from marge.domains.sensor import SensorEntity

if TYPE_CHECKING:
    from marge.home import Home

COUNTING = "counting"
"""The config entry's option: whether the totals grow."""
COUNT_S = 300.0
"""How often the totals grow."""

# object id, device, unique id, device class, value, unit, battery
_MEASURED = (
    ("outside_temperature", "Outside Temperature", "sensor_1", "temperature", 15.6, CELSIUS, 12),
    ("outside_humidity", "Outside Humidity", "sensor_2", "humidity", 54, "%", None),
    ("carbon_monoxide", "Carbon monoxide", "sensor_3", "carbon_monoxide", 54, "ppm", None),
    ("carbon_dioxide", "Carbon dioxide", "sensor_4", "carbon_dioxide", 54, "ppm", 14),
    ("power_consumption", "Power consumption", "sensor_5", "power", 100, "W", None),
)
# object id, device, unique id, device class, unit, growth a count
_TOTALS = (
    ("total_energy_kwh", "Total energy 1", "sensor_6", "energy", "kWh", 0.5),
    ("total_energy_mwh", "Total energy 2", "sensor_7", "energy", "MWh", 0.0005),
    ("total_gas_m3", "Total gas 1", "sensor_8", "gas", "m³", 0.025),
    ("total_gas_ft3", "Total gas 2", "sensor_9", "gas", "ft³", 1.0),
)


class DemoTotal(SlowEntity, SensorEntity):
    """A meter that counts from 0 since the start, unless the config entry's option says otherwise."""

    state_class: str | None = "total"
    native_value: Any = 0
    growth: float = 0.0

    def on_add(self) -> None:
        self.later(COUNT_S, self._count)

    def _count(self) -> None:
        entries = self.home.registries.config_entries.for_domain("demo")
        if all(entry.options.get(COUNTING, True) for entry in entries):
            self.native_value = round(self.native_value + self.growth, 6)
        self.later(COUNT_S, self._count)


def items(home: Home) -> Iterator[Item]:
    units = home.config.units
    for object_id, device, unique_id, kind, value, unit, battery in _MEASURED:
        sensor = with_fields(
            SensorEntity(), device_class=kind, native_value=value, native_unit=unit, state_class="measurement",
            home_units=units, extra_attributes={} if battery is None else {"battery_level": battery},
        )  # fmt: skip
        yield of_device(f"sensor.{object_id}", sensor, device, unique_id)
    for object_id, device, unique_id, kind, unit, growth in _TOTALS:
        total = with_fields(
            DemoTotal(), device_class=kind, native_unit=unit, growth=growth, home_units=units
        )
        total.home = home
        shown = home_unit_for(kind, unit, units)
        options = {} if shown == unit else {"sensor.private": {"suggested_unit_of_measurement": shown}}
        yield Item(
            f"sensor.{object_id}", total, None, unique_id, device, has_entity_name=False, facts={"options": options}
        )
    thermostat = with_fields(
        SensorEntity(), device_class="enum", native_value="eco", options=["away", "comfort", "eco", "sleep"]
    )
    yield of_device("sensor.thermostat", thermostat, "Thermostat", "sensor_10", translation_key="thermostat_mode")
