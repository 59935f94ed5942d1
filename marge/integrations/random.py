"""Random: a sensor or binary sensor with a new value each half minute, for trying automations and dashboards."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import Timer
from marge.domains._validators import string
from marge.domains.binary_sensor import BinarySensorEntity
from marge.domains.sensor import SensorEntity
from marge.entities import Report
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.integrations._helper_flow import HelperForm, Refused, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field, Selector
from marge.integrations.host import add_entity
from marge.integrations.template import vocabulary
from marge.integrations.yaml_platforms import YamlPlatform

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

INTERVAL_S = 30.0
MAX_NUMBER = 2**53
"""Beyond it clients cannot tell whole numbers apart."""


class _Rolling(FollowingEntity):
    """Rolls when it is added, and each `INTERVAL_S` after that."""

    _timer: Timer | None = None

    def on_add(self) -> None:
        super().on_add()
        self._arm()

    def on_remove(self) -> None:
        super().on_remove()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "look" in values:
            self.refresh()
            self._arm()
        else:
            super().apply(values)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        look = Report({"look": True})
        self._timer = self.home.clock.after(INTERVAL_S, lambda _message: self.tell(look))


class RandomBinarySensor(_Rolling, BinarySensorEntity):
    """On or off."""

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.device_class = conf.get("device_class")

    def refresh(self) -> None:
        self.is_on = random.random() < 0.5  # noqa: S311 - nothing is kept secret by it


class RandomSensor(_Rolling, SensorEntity):
    """A whole number from `minimum` to `maximum`, both included."""

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.device_class = conf.get("device_class")
        self.unit_of_measurement = conf.get("unit_of_measurement")
        self._range = (int(conf.get("minimum", 0)), int(conf.get("maximum", 20)))
        self.extra_attributes = {"maximum": self._range[1], "minimum": self._range[0]}

    def refresh(self) -> None:
        self.native_value = random.randint(*self._range)  # noqa: S311 - nothing is kept secret by it


KINDS: Mapping[str, type[FollowingEntity]] = {"binary_sensor": RandomBinarySensor, "sensor": RandomSensor}


# -- forms and files -------------------------------------------------------------------------------------------------


def _whole(_home: Home, value: Any) -> int:
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError):
        raise vol.Invalid("expected int") from None
    if not 0 <= found <= MAX_NUMBER:
        raise vol.Invalid("value must be at least 0" if found < 0 else f"value must be at most {MAX_NUMBER}")
    return found


def _choice(options: Sequence[str], key: str, custom_value: bool = False) -> Selector:
    return forms.select(options, sort=True, mode="dropdown", translation_key=key, custom_value=custom_value)


def _binary_fields(_own: tuple[str, ...]) -> Sequence[Field]:
    classes = _choice(vocabulary.BINARY_SENSOR_DEVICE_CLASSES, "binary_sensor_device_class")
    return (Field("name", forms.text(), required=True, once=True), Field("device_class", classes, once=True))


def _sensor_fields(_own: tuple[str, ...]) -> Sequence[Field]:
    number = Selector(None, {"type": "integer", "valueMin": 0}, _whole)
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("minimum", number, default=0),
        Field("maximum", number, default=20),
        Field("device_class", _choice(vocabulary.SENSOR_DEVICE_CLASSES, "sensor_device_class")),
        Field("unit_of_measurement", _choice(vocabulary.SENSOR_UNITS, "sensor_unit_of_measurement", True)),
    )


def _check(_home: Home, values: Mapping[str, Any]) -> None:
    if values.get("minimum", 0) > values.get("maximum", 20):
        raise Refused("minimum_above_maximum")


def _setup(home: Home, entry: ConfigEntry) -> None:
    add_entity(home, entry, KINDS[str(entry.options["entity_type"])](home, entry.options), entry.entry_id)


def _in_order(conf: dict[str, Any]) -> dict[str, Any]:
    if conf["minimum"] > conf["maximum"]:
        raise vol.Invalid("minimum must not be above maximum", ["minimum"])
    return conf


_NUMBER = vol.All(vol.Coerce(int), vol.Range(-MAX_NUMBER, MAX_NUMBER))
_COMMON: dict[Any, Any] = {vol.Optional("unique_id"): string, vol.Optional("device_class"): string}
_BINARY = vol.Schema({vol.Optional("name", default="Random binary sensor"): string, **_COMMON})
_NUMBERS: dict[Any, Any] = {
    vol.Optional("name", default="Random sensor"): string,
    vol.Optional("minimum", default=0): _NUMBER,
    vol.Optional("maximum", default=20): _NUMBER,
    vol.Optional("unit_of_measurement"): string,
    **_COMMON,
}
YAML_PLATFORMS = (
    YamlPlatform("random", "binary_sensor", _BINARY, RandomBinarySensor),
    YamlPlatform("random", "sensor", vol.Schema(vol.All(_NUMBERS, _in_order)), RandomSensor),
)

_Flow, _Options = helper_flows(
    {"binary_sensor": HelperForm(_binary_fields), "sensor": HelperForm(_sensor_fields, _check)}, "entity_type"
)
INTEGRATION = Integration(
    "random", "Random", _setup, flow=_Flow, options_flow=_Options, kind="helper", iot_class="calculated"
)
