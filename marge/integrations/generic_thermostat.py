"""A thermostat made of a temperature sensor and a switch: the switch heats (or cools) until the target is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._validators import boolean, entity_id, positive_time_period, string
from marge.domains.climate import (
    PRESET_MODE,
    TARGET_TEMPERATURE,
    TURN_OFF,
    TURN_ON,
    ClimateEntity,
    HVACMode,
)
from marge.integrations import forms
from marge.integrations._following import number_of
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations._switch_control import SwitchControl
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Context
from marge.util.schema import LateSchema

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

PRESETS = ("away", "comfort", "eco", "home", "sleep", "activity")
NO_PRESET = "none"


class Thermostat(SwitchControl, ClimateEntity):
    """Follows the sensor and the switch. Temperatures are in the home's unit."""

    _has_begun = False

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf, conf["target_sensor"], conf["heater"])
        unit = str(home.config.units["temperature"])
        self.temperature_unit = self.home_unit = unit
        self._cools = bool(conf.get("ac_mode"))
        self.hvac_modes = [str(HVACMode.COOL if self._cools else HVACMode.HEAT), str(HVACMode.OFF)]
        self.hvac_mode = str(HVACMode.OFF)
        self.min_temp, self.max_temp = conf.get("min_temp"), conf.get("max_temp")
        self.supported_features = TARGET_TEMPERATURE | TURN_OFF | TURN_ON
        self._presets = {each: conf[f"{each}_temp"] for each in PRESETS if conf.get(f"{each}_temp") is not None}
        if self._presets:
            self.supported_features |= PRESET_MODE
            self.preset_modes = [NO_PRESET, *self._presets]
            self.preset_mode = NO_PRESET
        self._before_preset: float | None = None
        self._cold = float(conf.get("cold_tolerance", 0.3))
        self._hot = float(conf.get("hot_tolerance", 0.3))
        self.precision = conf.get("precision")
        self.target_temperature_step = conf.get("target_temp_step")

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        if self._has_begun:
            return
        self._has_begun = True
        before = self.home.restored.get(self.entity_id)
        attributes: Mapping[str, Any] = {} if before is None else before.attributes
        if before is not None and before.state in self.hvac_modes:
            self.hvac_mode = before.state
        if self.conf.get("initial_hvac_mode") in self.hvac_modes:
            self.hvac_mode = self.conf["initial_hvac_mode"]
        target = attributes.get("temperature", self.conf.get("target_temp"))
        lowest, highest = self._limits()
        self.target_temperature = (
            float(target) if isinstance(target, (int, float)) else (highest if self._cools else lowest)
        )
        preset = attributes.get("preset_mode")
        if preset in self._presets:
            self.preset_mode = preset

    def refresh(self) -> None:
        self.current_temperature = number_of(self.source())
        if self.hvac_mode == HVACMode.OFF:
            self.hvac_action = "off"
        elif self.is_running:
            self.hvac_action = "cooling" if self._cools else "heating"
        else:
            self.hvac_action = "idle"

    def set_hvac_mode(self, hvac_mode: str) -> None:
        self.hvac_mode = hvac_mode
        if hvac_mode == HVACMode.OFF:
            if self.is_running:
                self.turn(False, self.context)
        else:
            self.control(self.context, at_once=True)
        self.refresh()

    def set_temperature(self, **wanted: Any) -> None:
        if "temperature" in wanted:
            self.target_temperature = wanted["temperature"]
        if "hvac_mode" in wanted:
            self.set_hvac_mode(wanted["hvac_mode"])
        else:
            self.control(self.context, at_once=True)
            self.refresh()

    def set_preset_mode(self, preset_mode: str) -> None:
        if preset_mode == self.preset_mode:
            return
        if preset_mode == NO_PRESET:
            self.target_temperature = self._before_preset or self.target_temperature
        else:
            if self.preset_mode == NO_PRESET:
                self._before_preset = self.target_temperature
            self.target_temperature = self._presets[preset_mode]
        self.preset_mode = preset_mode
        self.control(self.context, at_once=True)
        self.refresh()

    # -- control -----------------------------------------------------------------------------------------------------

    def wants_control(self) -> bool:
        return self.hvac_mode != HVACMode.OFF

    def control(self, context: Context | None = None, at_once: bool = False) -> None:
        self.current_temperature = now = number_of(self.source())
        target = self.target_temperature
        if self.hvac_mode == HVACMode.OFF or now is None or target is None:
            return
        self.hold(target - now >= self._cold, now - target >= self._hot, self._cools, context, at_once)


def _fields(_own: tuple[str, ...]) -> Sequence[Field]:
    def degrees(step: float = 0.1) -> forms.Selector:
        return forms.number(mode="box", step=step, unit="°")

    return (
        Field("name", forms.text(), required=True, once=True),
        Field("ac_mode", forms.boolean(), required=True, default=False),
        Field("target_sensor", forms.entity("sensor", device_class=["temperature"]), required=True),
        Field("heater", forms.entity(("fan", "switch")), required=True),
        Field("cold_tolerance", degrees(), required=True, default=0.3),
        Field("hot_tolerance", degrees(), required=True, default=0.3),
        Field("min_cycle_duration", forms.duration(allow_negative=False)),
        Field("min_temp", degrees()),
        Field("max_temp", degrees()),
    )


def _preset_fields(_own: tuple[str, ...]) -> Sequence[Field]:
    return [Field(f"{each}_temp", forms.number(mode="box", step=0.1, unit="°")) for each in PRESETS]


def _setup(home: Home, entry: ConfigEntry) -> None:
    heater = home.registries.entities.get(home.states.current_id(str(entry.options["heater"])))
    device_id = None if heater is None else heater.device_id
    add_entity(home, entry, Thermostat(home, entry.options), entry.entry_id, device_id=device_id)


_DEGREES = vol.Coerce(float)
_YAML: dict[Any, Any] = {
    vol.Required("heater"): entity_id,
    vol.Required("target_sensor"): entity_id,
    vol.Optional("name", default="Generic Thermostat"): string,
    vol.Optional("unique_id"): string,
    vol.Optional("ac_mode", default=False): boolean,
    vol.Optional("min_cycle_duration"): positive_time_period,
    vol.Optional("keep_alive"): positive_time_period,
    vol.Optional("initial_hvac_mode"): vol.In(("cool", "heat", "off")),
    vol.Optional("precision"): vol.All(_DEGREES, vol.In((0.1, 0.5, 1.0))),
    vol.Optional("target_temp_step"): vol.All(_DEGREES, vol.In((0.1, 0.5, 1.0))),
    **{vol.Optional(key): _DEGREES for key in ("min_temp", "max_temp", "target_temp")},
    **{vol.Optional(key, default=0.3): _DEGREES for key in ("cold_tolerance", "hot_tolerance")},
    **{vol.Optional(f"{each}_temp"): _DEGREES for each in PRESETS},
}
_SCHEMA = LateSchema(_YAML)
YAML_PLATFORMS = (YamlPlatform("generic_thermostat", "climate", _SCHEMA, Thermostat),)

_FORMS = {"user": HelperForm(_fields, following="presets"), "presets": HelperForm(_preset_fields)}
_Flow, _Options = helper_flows(_FORMS)
INTEGRATION = Integration(
    "generic_thermostat", "Generic thermostat", _setup, flow=_Flow, options_flow=_Options, kind="helper",
    iot_class="local_polling",
)  # fmt: skip
