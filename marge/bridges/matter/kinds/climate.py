"""Thermostats. Matter counts temperatures in hundredths of degrees Celsius."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.bridges.matter.entity import Call, Fields, Kind, MatterEntity
from marge.bridges.matter.node import THERMOSTAT, Endpoint
from marge.domains import climate
from marge.domains.climate import ClimateEntity

if TYPE_CHECKING:
    from marge.home import Home

_NOW, _COOL_TO, _HEAT_TO, _MODE, _RUNNING = 0, 17, 18, 28, 41
_LIMITS = {"heat": ((21, 3), (22, 4)), "cool": ((23, 5), (24, 6))}
"""Lowest and highest set point, each as the owner has narrowed it, else as it was made."""
_HEATS, _COOLS, _CHOOSES = 1, 2, 32
_TO_HVAC = {0: "off", 1: "heat_cool", 3: "cool", 4: "heat", 5: "heat", 6: "cool", 7: "fan_only", 8: "dry"}
_FROM_HVAC = {"off": 0, "heat_cool": 1, "cool": 3, "heat": 4, "fan_only": 7, "dry": 8}
_HEATING, _COOLING, _BLOWING = 0b1001, 0b10010, 0b1100100
HUNDRED = 100


class MatterClimate(MatterEntity, ClimateEntity):
    """Heats to one set point, cools to another; in `heat_cool` both count."""

    def set_hvac_mode(self, hvac_mode: str) -> Any:
        return self.ask(self._mode(hvac_mode))

    def set_temperature(self, **wanted: Any) -> Any:
        calls = []
        if wanted.get("hvac_mode") is not None:
            calls.append(self._mode(wanted["hvac_mode"]))
        mode = wanted.get("hvac_mode") or self.hvac_mode
        if wanted.get("target_temp_low") is not None:
            calls += [_set(_HEAT_TO, wanted["target_temp_low"]), _set(_COOL_TO, wanted["target_temp_high"])]
        elif wanted.get("temperature") is not None:
            only_cools = "heat" not in self.hvac_modes and "heat_cool" not in self.hvac_modes
            calls.append(_set(_COOL_TO if mode == "cool" or only_cools else _HEAT_TO, wanted["temperature"]))
        return self.ask(*calls) if calls else None

    def turn_off(self) -> Any:
        return self.set_hvac_mode("off")

    def turn_on(self) -> Any:
        return self.set_hvac_mode(next(mode for mode in ("heat_cool", "heat", "cool") if mode in self.hvac_modes))

    @staticmethod
    def _mode(hvac_mode: str) -> Call:
        value = _FROM_HVAC[hvac_mode]
        return Call(THERMOSTAT, payload=value, attribute=_MODE, expects={_MODE: value})


def _set(attribute: int, celsius: float) -> Call:
    value = round(celsius * HUNDRED)
    return Call(THERMOSTAT, payload=value, attribute=attribute, expects={attribute: value})


def _make(home: Home, endpoint: Endpoint) -> MatterClimate:
    found = MatterClimate()
    bits = endpoint.features(THERMOSTAT)
    modes = ["off"]
    if bits & _HEATS or not bits & _COOLS:
        modes.append("heat")
    if bits & _COOLS:
        modes.append("cool")
    features = climate.TARGET_TEMPERATURE | climate.TURN_OFF | climate.TURN_ON
    if bits & _CHOOSES:
        modes.append("heat_cool")
        features |= climate.TARGET_TEMPERATURE_RANGE
    found.hvac_modes, found.supported_features = modes, features
    found.home_unit = home.config.units["temperature"]
    kinds = [kind for kind in ("heat", "cool") if kind in modes]
    lowest = [_limit(endpoint, _LIMITS[kind][0]) for kind in kinds]
    highest = [_limit(endpoint, _LIMITS[kind][1]) for kind in kinds]
    found.min_temp = min((each for each in lowest if each is not None), default=None)
    found.max_temp = max((each for each in highest if each is not None), default=None)
    return found


def _fields(endpoint: Endpoint) -> Fields:
    mode = _TO_HVAC.get(endpoint.integer(THERMOSTAT, _MODE) or 0, "off")
    heat_to, cool_to = _celsius(endpoint, _HEAT_TO), _celsius(endpoint, _COOL_TO)
    shown: Fields = {
        "hvac_mode": mode, "current_temperature": _celsius(endpoint, _NOW), "hvac_action": _action(endpoint, mode),
        "target_temperature": None, "target_temperature_low": None, "target_temperature_high": None,
    }  # fmt: skip
    if mode == "heat_cool":
        shown.update(target_temperature_low=heat_to, target_temperature_high=cool_to)
    else:
        shown["target_temperature"] = cool_to if mode == "cool" or heat_to is None else heat_to
    return shown


def _action(endpoint: Endpoint, mode: str) -> str | None:
    running = endpoint.integer(THERMOSTAT, _RUNNING)
    if running is None:
        return None
    if mode == "off":
        return "off"
    for bits, word in ((_HEATING, "heating"), (_COOLING, "cooling"), (_BLOWING, "fan")):
        if running & bits:
            return word
    return "idle"


def _celsius(endpoint: Endpoint, attribute: int) -> float | None:
    value = endpoint.integer(THERMOSTAT, attribute)
    return None if value is None or not -27_315 <= value <= 32_767 else value / HUNDRED


def _limit(endpoint: Endpoint, attributes: tuple[int, int]) -> float | None:
    return next((found for each in attributes if (found := _celsius(endpoint, each)) is not None), None)


KINDS = (Kind(frozenset({769}), _make, _fields),)
