"""Climate: thermostats, heat pumps, air conditioners."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service, whole
from marge.domains._units import CELSIUS, convert_temperature, shown_temperature
from marge.domains._validators import boolean, has_at_least_one_key, integer, number, string
from marge.domains._virtual import Rule, keep, to, virtual
from marge.entities import Domain, Entity
from marge.errors import ServiceValidationError

TARGET_TEMPERATURE, TARGET_TEMPERATURE_RANGE, TARGET_HUMIDITY, FAN_MODE = 1, 2, 4, 8
PRESET_MODE, SWING_MODE, AUX_HEAT, TURN_OFF, TURN_ON, SWING_HORIZONTAL_MODE = 16, 32, 64, 128, 256, 512

DEFAULT_MIN_TEMP_C, DEFAULT_MAX_TEMP_C = 7, 35
DEFAULT_MIN_HUMIDITY, DEFAULT_MAX_HUMIDITY = 30, 99


class HVACMode(StrEnum):
    """What the device does; the class's name is part of the error text."""

    OFF = "off"
    HEAT = "heat"
    COOL = "cool"
    HEAT_COOL = "heat_cool"
    AUTO = "auto"
    DRY = "dry"
    FAN_ONLY = "fan_only"


def _refuse(text: str, key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        text, translation_key=key, translation_domain="climate", placeholders=placeholders or None
    )


class ClimateEntity(Entity):
    """A climate device that somebody owns. Temperatures in its fields and in its commands are in `temperature_unit`.

    Owners override `set_hvac_mode(hvac_mode)`, `set_temperature(temperature=, target_temp_high=, target_temp_low=,
    hvac_mode=)` (only those asked for), `set_fan_mode(fan_mode)`, `set_preset_mode(preset_mode)`,
    `set_swing_mode(swing_mode)`, `set_swing_horizontal_mode(swing_horizontal_mode)`, `set_humidity(humidity)`,
    `turn_on()`, `turn_off()`. The base's only assume that it happened.

    Attributes:
        home_unit: the unit of the home (`home.config.units["temperature"]`), which callers speak and readers see.
        precision: 0.1, 0.5 or 1; None goes by the home's unit.
        supported_features: the constants of this module.
    """

    domain = "climate"
    temperature_unit: str = CELSIUS
    home_unit: str = CELSIUS
    precision: float | None = None
    hvac_mode: str | None = None
    hvac_modes: list[str] = []  # replaced, never changed, by owners
    hvac_action: str | None = None
    current_temperature: float | None = None
    target_temperature: float | None = None
    target_temperature_high: float | None = None
    target_temperature_low: float | None = None
    target_temperature_step: float | None = None
    min_temp: float | None = None
    max_temp: float | None = None
    current_humidity: float | None = None
    target_humidity: float | None = None
    min_humidity: float = DEFAULT_MIN_HUMIDITY
    max_humidity: float = DEFAULT_MAX_HUMIDITY
    fan_mode: str | None = None
    fan_modes: list[str] | None = None
    preset_mode: str | None = None
    preset_modes: list[str] | None = None
    swing_mode: str | None = None
    swing_modes: list[str] | None = None
    swing_horizontal_mode: str | None = None
    swing_horizontal_modes: list[str] | None = None
    supported_features: int = 0

    # -- for owners --------------------------------------------------------------------------------------------------

    def set_hvac_mode(self, hvac_mode: str) -> Any:
        self.hvac_mode = hvac_mode

    def set_temperature(self, **wanted: Any) -> Any:
        if "temperature" in wanted:
            self.target_temperature = wanted["temperature"]
        if "target_temp_high" in wanted:
            self.target_temperature_high = wanted["target_temp_high"]
            self.target_temperature_low = wanted["target_temp_low"]
        if "hvac_mode" in wanted:
            return self.set_hvac_mode(wanted["hvac_mode"])
        return None

    def set_fan_mode(self, fan_mode: str) -> Any:
        self.fan_mode = fan_mode

    def set_preset_mode(self, preset_mode: str) -> Any:
        self.preset_mode = preset_mode

    def set_swing_mode(self, swing_mode: str) -> Any:
        self.swing_mode = swing_mode

    def set_swing_horizontal_mode(self, swing_horizontal_mode: str) -> Any:
        self.swing_horizontal_mode = swing_horizontal_mode

    def set_humidity(self, humidity: int) -> Any:
        self.target_humidity = humidity

    def turn_on(self) -> Any:
        others = [mode for mode in self.hvac_modes if mode != HVACMode.OFF]
        if len(self.hvac_modes) == 2 and len(others) == 1:
            return self.set_hvac_mode(others[0])
        for mode in (HVACMode.HEAT_COOL, HVACMode.HEAT, HVACMode.COOL):
            if mode in self.hvac_modes:
                return self.set_hvac_mode(str(mode))
        return None

    def turn_off(self) -> Any:
        return self.set_hvac_mode(str(HVACMode.OFF))

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_toggle(self) -> Any:
        return self.turn_on() if self.hvac_mode == HVACMode.OFF else self.turn_off()

    def handle_set_hvac_mode(self, hvac_mode: HVACMode | None = None) -> Any:
        return None if hvac_mode is None else self.set_hvac_mode(str(hvac_mode))

    def handle_set_temperature(self, **asked: Any) -> Any:
        features = self.supported_features
        if "temperature" in asked and not features & TARGET_TEMPERATURE:
            raise _refuse(
                "Set temperature action was used with the target temperature parameter but the entity does not "
                "support it",
                "missing_target_temperature_entity_feature",
            )
        if "target_temp_low" in asked and not features & TARGET_TEMPERATURE_RANGE:
            raise _refuse(
                "Set temperature action was used with the target temperature low/high parameter but the entity does "
                "not support it",
                "missing_target_temperature_range_entity_feature",
            )
        if "target_temp_low" in asked and asked["target_temp_low"] > asked["target_temp_high"]:
            raise _refuse(
                "Target temperature low can not be higher than Target temperature high",
                "low_temp_higher_than_high_temp",
            )
        wanted: dict[str, Any] = {}
        for key in ("temperature", "target_temp_high", "target_temp_low"):
            if key in asked:
                wanted[key] = self._checked_temperature(asked[key])
        if "hvac_mode" in asked:
            wanted["hvac_mode"] = str(asked["hvac_mode"])
        return self.set_temperature(**wanted)

    def _limits(self) -> tuple[float, float]:
        unit = self.temperature_unit
        lowest, highest = self.min_temp, self.max_temp
        return (
            convert_temperature(DEFAULT_MIN_TEMP_C, CELSIUS, unit) if lowest is None else lowest,
            convert_temperature(DEFAULT_MAX_TEMP_C, CELSIUS, unit) if highest is None else highest,
        )

    def _checked_temperature(self, asked: float) -> float:
        value = convert_temperature(asked, self.home_unit, self.temperature_unit)
        lowest, highest = self._limits()
        if not lowest <= value <= highest:
            raise _refuse(
                f"Provided temperature {value} is not valid. Accepted range is {lowest} to {highest}",
                "temp_out_of_range",
                check_temp=str(value),
                min_temp=str(lowest),
                max_temp=str(highest),
            )
        return value

    def handle_set_humidity(self, humidity: int) -> Any:
        if not self.min_humidity <= humidity <= self.max_humidity:
            raise _refuse(
                f"Provided humidity {humidity} is not valid. "
                f"Accepted range is {self.min_humidity} to {self.max_humidity}",
                "humidity_out_of_range",
                humidity=str(humidity),
                min_humidity=str(self.min_humidity),
                max_humidity=str(self.max_humidity),
            )
        return self.set_humidity(humidity)

    def handle_set_fan_mode(self, fan_mode: str) -> Any:
        self._check_mode("fan", fan_mode, self.fan_modes)
        return self.set_fan_mode(fan_mode)

    def handle_set_preset_mode(self, preset_mode: str) -> Any:
        self._check_mode("preset", preset_mode, self.preset_modes)
        return self.set_preset_mode(preset_mode)

    def handle_set_swing_mode(self, swing_mode: str) -> Any:
        self._check_mode("swing", swing_mode, self.swing_modes)
        return self.set_swing_mode(swing_mode)

    def handle_set_swing_horizontal_mode(self, swing_horizontal_mode: str) -> Any:
        self._check_mode("horizontal_swing", swing_horizontal_mode, self.swing_horizontal_modes)
        return self.set_swing_horizontal_mode(swing_horizontal_mode)

    @staticmethod
    def _check_mode(kind: str, mode: str, modes: list[str] | None) -> None:
        if modes and mode in modes:
            return
        words = kind.replace("_", " ")
        listed = ", ".join(modes or [])
        raise _refuse(
            f"{words.capitalize()} mode {mode} is not valid. Valid {words} modes are: {listed}",
            f"not_valid_{kind}_mode",
            mode=mode,
            modes=listed,
        )

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        return self.hvac_mode

    def _temperature(self, value: float | None) -> float | int | None:
        return shown_temperature(value, self.temperature_unit, self.home_unit, self.precision)

    def capability_attributes(self) -> dict[str, Any]:
        features = self.supported_features
        lowest, highest = self._limits()
        shown: dict[str, Any] = {
            "hvac_modes": self.hvac_modes,
            "min_temp": self._temperature(lowest),
            "max_temp": self._temperature(highest),
        }
        if self.target_temperature_step is not None:
            shown["target_temp_step"] = self.target_temperature_step
        if features & TARGET_HUMIDITY:
            shown["min_humidity"] = self.min_humidity
            shown["max_humidity"] = self.max_humidity
        for bit, key in (
            (FAN_MODE, "fan_modes"),
            (PRESET_MODE, "preset_modes"),
            (SWING_MODE, "swing_modes"),
            (SWING_HORIZONTAL_MODE, "swing_horizontal_modes"),
        ):
            if features & bit:
                shown[key] = getattr(self, key)
        return shown

    def state_attributes(self) -> dict[str, Any]:
        features = self.supported_features
        shown: dict[str, Any] = {"current_temperature": self._temperature(self.current_temperature)}
        if features & TARGET_TEMPERATURE:
            shown["temperature"] = self._temperature(self.target_temperature)
        if features & TARGET_TEMPERATURE_RANGE:
            shown["target_temp_high"] = self._temperature(self.target_temperature_high)
            shown["target_temp_low"] = self._temperature(self.target_temperature_low)
        if self.current_humidity is not None:
            shown["current_humidity"] = self.current_humidity
        if features & TARGET_HUMIDITY:
            shown["humidity"] = self.target_humidity
        if features & FAN_MODE:
            shown["fan_mode"] = self.fan_mode
        if self.hvac_action is not None:
            shown["hvac_action"] = self.hvac_action
        for bit, key in (
            (PRESET_MODE, "preset_mode"),
            (SWING_MODE, "swing_mode"),
            (SWING_HORIZONTAL_MODE, "swing_horizontal_mode"),
        ):
            if features & bit:
                shown[key] = getattr(self, key)
        return shown


_TEMPERATURE = number
_SET_TEMPERATURE = whole(
    {
        vol.Exclusive("temperature", "temperature"): _TEMPERATURE,
        vol.Inclusive("target_temp_high", "temperature"): _TEMPERATURE,
        vol.Inclusive("target_temp_low", "temperature"): _TEMPERATURE,
        vol.Optional("hvac_mode"): vol.Coerce(HVACMode),
    },
    before=(has_at_least_one_key("temperature", "target_temp_high", "target_temp_low"),),
)


def _mode_service(kind: str, description: str, features: int) -> Any:
    name = f"set_{kind}"
    return service("climate", name, f"handle_{name}", description, {vol.Required(kind): string}, features)


_VIRTUAL: dict[str, Rule] = {
    "set_temperature": keep("heat", "temperature", "target_temp_high", "target_temp_low"),
    "set_hvac_mode": Rule(compute=lambda _state, data: (str(data.get("hvac_mode", "off")), {})),
    "set_fan_mode": keep("auto", "fan_mode"),
    "set_preset_mode": keep("auto", "preset_mode"),
    "set_swing_mode": keep("auto", "swing_mode"),
    "set_swing_horizontal_mode": keep("auto", "swing_horizontal_mode"),
    "set_humidity": keep("auto", "humidity"),
    "turn_on": to("on"),
    "turn_off": to("off"),
}

DOMAIN = Domain(
    "climate",
    services={
        "turn_on": service("climate", "turn_on", "turn_on", "Starts climate devices.", features=TURN_ON),
        "turn_off": service("climate", "turn_off", "turn_off", "Stops climate devices.", features=TURN_OFF),
        "toggle": service(
            "climate", "toggle", "handle_toggle", "Starts or stops climate devices.", features=(TURN_OFF, TURN_ON)
        ),
        "set_hvac_mode": service(
            "climate", "set_hvac_mode", "handle_set_hvac_mode", "Chooses between heating, cooling and the like.",
            {vol.Optional("hvac_mode"): vol.Coerce(HVACMode)},
        ),
        "set_preset_mode": _mode_service("preset_mode", "Chooses a preset.", PRESET_MODE),
        "set_aux_heat": service(
            "climate", "set_aux_heat", "set_aux_heat", "Switches the second heater.",
            {vol.Required("aux_heat"): boolean}, AUX_HEAT,
        ),
        "set_temperature": service(
            "climate", "set_temperature", "handle_set_temperature", "Sets what temperature is wanted.",
            _SET_TEMPERATURE, (TARGET_TEMPERATURE, TARGET_TEMPERATURE_RANGE),
        ),
        "set_humidity": service(
            "climate", "set_humidity", "handle_set_humidity", "Sets what humidity is wanted.",
            {vol.Required("humidity"): integer}, TARGET_HUMIDITY,
        ),
        "set_fan_mode": _mode_service("fan_mode", "Chooses how the fan runs.", FAN_MODE),
        "set_swing_mode": _mode_service("swing_mode", "Chooses how the vanes swing up and down.", SWING_MODE),
        "set_swing_horizontal_mode": _mode_service(
            "swing_horizontal_mode", "Chooses how the vanes swing sideways.", SWING_HORIZONTAL_MODE
        ),
    },
    entity=ClimateEntity,
    virtual=virtual(_VIRTUAL),
)  # fmt: skip
