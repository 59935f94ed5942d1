"""What Tasmota's sensors measure: unit, device class and kind of statistics by the name of the quantity. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from marge.domains._units import CELSIUS

MAX_SENSORS = 200
"""Of one device."""
MAX_DEPTH = 5
MEASUREMENT, TOTAL, INCREASING = "measurement", "total", "total_increasing"
_NO_SENSORS = frozenset(("Time", "TempUnit", "PressureUnit", "SpeedUnit"))
_OWN_UNITS = {"temperature": "TempUnit", "pressure": "PressureUnit", "speed": "SpeedUnit"}


class Quantity(NamedTuple):
    """What is known of a quantity. `unit` may be `temperature`, `pressure` or `speed`: the device says which."""

    device_class: str | None = None
    unit: str | None = None
    state_class: str | None = None
    icon: str | None = None


_UNKNOWN_NUMBER = Quantity(state_class=MEASUREMENT)
_TEXT = Quantity()
_KNOWN: Mapping[str, Quantity] = {
    "ApparentPower": Quantity("apparent_power", "VA", MEASUREMENT),
    "Battery": Quantity("battery", "%", MEASUREMENT),
    "CarbonDioxide": Quantity("carbon_dioxide", "ppm", MEASUREMENT),
    "CarbonMonoxide": Quantity("carbon_monoxide", "ppm", MEASUREMENT),
    "CF1": Quantity(unit="µg/m³"),
    "CF2.5": Quantity(unit="µg/m³"),
    "CF10": Quantity(unit="µg/m³"),
    "Current": Quantity("current", "A", MEASUREMENT),
    "DewPoint": Quantity("temperature", "temperature", MEASUREMENT, "mdi:weather-rainy"),
    "Distance": Quantity("distance", "cm", MEASUREMENT),
    "eCO2": Quantity(unit="ppm", icon="mdi:molecule-co2"),
    "ExportActive": Quantity("energy", "kWh", TOTAL),
    "ExportReactive": Quantity(unit="kVArh", state_class=TOTAL),
    "ExportTariff": Quantity("energy", "kWh", TOTAL),
    "Factor": Quantity("power_factor", None, MEASUREMENT),
    "Frequency": Quantity("frequency", "Hz", MEASUREMENT),
    "Humidity": Quantity("humidity", "%", MEASUREMENT),
    "Illuminance": Quantity("illuminance", "lx", MEASUREMENT),
    "Illuminance1": Quantity("illuminance", "lx", MEASUREMENT),
    "ImportActive": Quantity("energy", "kWh", TOTAL),
    "ImportReactive": Quantity(unit="kVArh", state_class=TOTAL),
    "Moisture": Quantity("moisture", "%"),
    "PB0.3": Quantity(unit="ppd", icon="mdi:flask"),
    "PB0.5": Quantity(unit="ppd", icon="mdi:flask"),
    "PB1": Quantity(unit="ppd", icon="mdi:flask"),
    "PB2.5": Quantity(unit="ppd", icon="mdi:flask"),
    "PB5": Quantity(unit="ppd", icon="mdi:flask"),
    "PB10": Quantity(unit="ppd", icon="mdi:flask"),
    "PhaseAngle": Quantity(unit="°", state_class=MEASUREMENT),
    "PM1": Quantity("pm1", "µg/m³", MEASUREMENT),
    "PM2.5": Quantity("pm25", "µg/m³", MEASUREMENT),
    "PM10": Quantity("pm10", "µg/m³", MEASUREMENT),
    "Power": Quantity("power", "W", MEASUREMENT),
    "Pressure": Quantity("pressure", "pressure", MEASUREMENT),
    "Proximity": Quantity(unit=" ", icon="mdi:ruler"),
    "ReactivePower": Quantity("reactive_power", "var", MEASUREMENT),
    "SeaPressure": Quantity("pressure", "pressure", MEASUREMENT),
    "Temperature": Quantity("temperature", "temperature", MEASUREMENT),
    "Today": Quantity("energy", "kWh", INCREASING),
    "Total": Quantity("energy", "kWh", TOTAL),
    "TotalStartTime": Quantity(icon="mdi:progress-clock"),
    "TotalTariff": Quantity("energy", "kWh", TOTAL),
    "TVOC": Quantity(unit="ppb", icon="mdi:air-filter"),
    "Voltage": Quantity("voltage", "V", MEASUREMENT),
    "Weight": Quantity("weight", "kg", MEASUREMENT),
    "Yesterday": Quantity("energy", "kWh"),
}
_BELOW: Mapping[str, Quantity] = {
    "Color Red": Quantity(unit="R", icon="mdi:palette"),
    "Color Green": Quantity(unit="G", icon="mdi:palette"),
    "Color Blue": Quantity(unit="B", icon="mdi:palette"),
    **{f"Speed {part}": Quantity(unit="speed") for part in ("Act", "Avg", "Min", "Max")},
}
"""Those that a group of values is made of."""


class Sensor(NamedTuple):
    """One sensor: where its value stands in a SENSOR message, and what it is."""

    path: tuple[str | int, ...]
    quantity: Quantity

    @property
    def id(self) -> str:
        return "_".join(str(part) for part in self.path)

    @property
    def name(self) -> str:
        return " ".join(str(part) for part in self.path)


def sensors_in(example: Mapping[str, Any]) -> list[Sensor]:
    """The sensors that an example of a SENSOR message shows, in its order; at most `MAX_SENSORS`.

    What stands at its top and is no group (time, units, the states of switches) is none.
    """
    units = {word: example.get(key) for word, key in _OWN_UNITS.items()}
    found: list[Sensor] = []
    for name, block in example.items():
        if isinstance(block, dict) and name not in _NO_SENSORS and not name.startswith("Shutter"):
            for path, value in _leaves((name,), block):
                found.append(Sensor(path, _with_unit(_quantity(path, value), units)))
                if len(found) == MAX_SENSORS:
                    return found
    return found


def value_at(message: Any, path: tuple[str | int, ...]) -> Any:
    """What a message has at that path; None: nothing, or null."""
    for part in path:
        if isinstance(part, int):
            message = message[part] if isinstance(message, list) and part < len(message) else None
        else:
            message = message.get(part) if isinstance(message, dict) else None
    return message


def is_told(message: Any, path: tuple[str | int, ...]) -> bool:
    """Whether a message says anything there, be it null."""
    for part in path:
        if isinstance(part, int):
            if not isinstance(message, list) or part >= len(message):
                return False
        elif not isinstance(message, dict) or part not in message:
            return False
        message = message[part]
    return not isinstance(message, (dict, list))


def _leaves(path: tuple[str | int, ...], value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if len(path) > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves((*path, name), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value[:MAX_SENSORS]):
            yield from _leaves((*path, index), inner)
    else:
        yield path, value


def _quantity(path: tuple[str | int, ...], value: Any) -> Quantity:
    names = [part for part in path if isinstance(part, str)]
    known = _BELOW.get(" ".join(names[-2:])) if len(names) > 2 else None
    known = known or _KNOWN.get(names[-1])
    if known is not None:
        return known
    return _UNKNOWN_NUMBER if isinstance(value, (int, float)) else _TEXT


def _with_unit(quantity: Quantity, told: Mapping[str, Any]) -> Quantity:
    if quantity.unit not in _OWN_UNITS:
        return quantity
    unit = told[quantity.unit]
    if quantity.unit == "temperature":
        return quantity._replace(unit="°F" if unit == "F" else CELSIUS)
    usual = "hPa" if quantity.unit == "pressure" else "km/h"
    return quantity._replace(unit=unit if isinstance(unit, str) and unit else usual)
