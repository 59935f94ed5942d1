"""Mold indicator: how damp it is at the coldest place of a room, from the air inside and the temperature outside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import voluptuous as vol

from marge.domains._units import CELSIUS, convert_temperature
from marge.domains._validators import entity_id, string
from marge.domains.sensor import SensorEntity
from marge.integrations import forms
from marge.integrations._following import FollowingEntity, number_of
from marge.integrations._helper_flow import HelperForm, Refused, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

SOURCES = ("indoor_temp_sensor", "indoor_humidity_sensor", "outdoor_temp_sensor")
MAGNUS_SLOPE = 17.62
MAGNUS_OFFSET = 243.12
"""°C. Constants of the Magnus formula over water, for -45 to 60 °C."""


class Damp(NamedTuple):
    """At the coldest place: the temperature there and the dew point of the air inside, °C; the humidity there, %."""

    dew_point: float
    temperature: float
    humidity: float


def damp_at_the_coldest(inside: float, humidity: float, outside: float, calibration: float) -> Damp | None:
    """°C, %, °C. None for what no air is like.

    Args:
        calibration: (inside - outside) / (coldest place - outside), measured once.
    """
    coldest = outside + (inside - outside) / calibration
    if not 0 < humidity <= 100 or min(inside, coldest) <= -MAGNUS_OFFSET + 1 or max(inside, coldest) > 1000:
        return None
    gamma = MAGNUS_SLOPE * inside / (MAGNUS_OFFSET + inside) + math.log(humidity / 100)
    dew_point = MAGNUS_OFFSET * gamma / (MAGNUS_SLOPE - gamma)
    share = math.exp(gamma - MAGNUS_SLOPE * coldest / (MAGNUS_OFFSET + coldest))
    return Damp(dew_point, coldest, min(max(100 * share, 0.0), 100.0))


class MoldIndicator(FollowingEntity, SensorEntity):
    """The humidity at the coldest place, in whole percent; above 70 % mold may grow."""

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self._inside, self._humidity, self._outside = (self._id_of(str(conf[key])) for key in SOURCES)
        self.follow(self._inside, self._humidity, self._outside)
        self._calibration = float(conf["calibration_factor"])
        if self._calibration == 0:
            raise ValueError("the calibration factor must not be zero")
        self.device_class, self.state_class, self.unit_of_measurement = "humidity", "measurement", "%"

    def refresh(self) -> None:
        find = self.home.states.find
        inside, outside = _celsius(find(self._inside)), _celsius(find(self._outside))
        humidity = number_of(find(self._humidity))
        damp = None
        if inside is not None and outside is not None and humidity is not None:
            damp = damp_at_the_coldest(inside, humidity, outside, self._calibration)
        self.available = damp is not None
        if damp is None:
            return
        self.native_value = f"{damp.humidity:.0f}"
        unit = str(self.home.config.units["temperature"])
        self.extra_attributes = {
            "dewpoint": round(convert_temperature(damp.dew_point, CELSIUS, unit), 2),
            "estimated_critical_temp": round(convert_temperature(damp.temperature, CELSIUS, unit), 2),
        }


def _celsius(state: State | None) -> float | None:
    """A temperature by its own unit; without one it is taken as °C."""
    value = number_of(state)
    if state is None or value is None:
        return None
    unit = str(state.attributes.get("unit_of_measurement") or CELSIUS)
    return convert_temperature(value, unit, CELSIUS)


# -- forms and files -------------------------------------------------------------------------------------------------


def _fields(_own: tuple[str, ...]) -> Sequence[Field]:
    temperature = forms.entity("sensor", device_class=["temperature"])
    humidity = forms.entity("sensor", device_class=["humidity"])
    return (
        Field("name", forms.text(), required=True, default="Mold Indicator", once=True),
        Field("indoor_temp_sensor", temperature, required=True),
        Field("indoor_humidity_sensor", humidity, required=True),
        Field("outdoor_temp_sensor", temperature, required=True),
        Field("calibration_factor", forms.number(mode="box", step=0.1), required=True),
    )


def _check(_home: Home, values: Mapping[str, Any]) -> None:
    if values["calibration_factor"] == 0:
        raise Refused("calibration_is_zero")


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["indoor_humidity_sensor"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, MoldIndicator(home, entry.options), entry.entry_id, device_id=device_id)


def _not_zero(value: Any) -> float:
    found = float(value)
    if not math.isfinite(found) or found == 0:
        raise vol.Invalid("must be a number other than zero")
    return found


_FILES: dict[Any, Any] = {
    **{vol.Required(key): entity_id for key in SOURCES},
    vol.Required("calibration_factor"): _not_zero,
    vol.Optional("name", default="Mold Indicator"): string,
    vol.Optional("unique_id"): string,
}
YAML_PLATFORMS = (YamlPlatform("mold_indicator", "sensor", vol.Schema(_FILES), MoldIndicator),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields, _check, preview="mold_indicator")})
INTEGRATION = Integration(
    "mold_indicator", "Mold Indicator", _setup, flow=_Flow, options_flow=_Options, kind="helper",
    iot_class="calculated",
)  # fmt: skip
