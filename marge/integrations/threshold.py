"""Threshold: whether a number is above, below or between limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._validators import entity_id, string
from marge.domains.binary_sensor import BinarySensorEntity
from marge.integrations import forms
from marge.integrations._following import FollowingEntity, number_of
from marge.integrations._helper_flow import HelperForm, Refused, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry


class Threshold(FollowingEntity, BinarySensorEntity):
    """On below `lower`, above `upper`, or with both between them. Within `hysteresis` of a limit nothing changes."""

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["entity_id"])
        self._lower: float | None = conf.get("lower")
        self._upper: float | None = conf.get("upper")
        self._hysteresis = float(conf.get("hysteresis", 0.0))
        self._kind = "range" if None not in (self._lower, self._upper) else (
            "lower" if self._lower is not None else "upper"
        )
        self._position = "unknown"
        self.device_class = conf.get("device_class")

    def refresh(self) -> None:
        value = number_of(self.source())
        if value is None:
            self._position, self.is_on = "unknown", None
        else:
            self._judge(value)
        self.extra_attributes = {
            "entity_id": self.followed[0], "hysteresis": self._hysteresis, "lower": self._lower,
            "position": self._position, "sensor_value": value, "type": self._kind, "upper": self._upper,
        }  # fmt: skip

    def _judge(self, value: float) -> None:
        margin = self._hysteresis
        if self._kind == "range":
            assert self._lower is not None and self._upper is not None
            if value < self._lower - margin or (self.is_on is None and value < self._lower):
                self._position, self.is_on = "below", False
            elif value > self._upper + margin or (self.is_on is None and value > self._upper):
                self._position, self.is_on = "above", False
            elif self._lower + margin <= value <= self._upper - margin or self.is_on is None:
                self._position, self.is_on = "in_range", True
            return
        limit = self._lower if self._kind == "lower" else self._upper
        assert limit is not None
        if value < limit - margin:
            self._position = "below"
        elif value > limit + margin or self.is_on is None:
            self._position = "above"
        self.is_on = self._position == ("below" if self._kind == "lower" else "above")


def _fields(own: tuple[str, ...]) -> Sequence[Field]:
    source = forms.entity(("sensor", "input_number", "number", "counter"), exclude=own)
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("entity_id", source, required=True, once=True),
        Field("hysteresis", forms.number(mode="box", step="any"), required=True, default=0.0),
        Field("lower", forms.number(mode="box", step="any")),
        Field("upper", forms.number(mode="box", step="any")),
    )


def _check(_home: Home, values: Mapping[str, Any]) -> None:
    if values.get("lower") is None and values.get("upper") is None:
        raise Refused("need_lower_upper")


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["entity_id"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, Threshold(home, entry.options), entry.entry_id, device_id=device_id)


def _has_limit(conf: dict[str, Any]) -> dict[str, Any]:
    if "lower" not in conf and "upper" not in conf:
        raise vol.Invalid("must contain at least one of lower, upper.")
    return conf


_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Required("entity_id"): entity_id,
            vol.Optional("name", default="Threshold"): string,
            vol.Optional("unique_id"): string,
            vol.Optional("device_class"): string,
            vol.Optional("hysteresis", default=0.0): vol.Coerce(float),
            vol.Optional("lower"): vol.Coerce(float),
            vol.Optional("upper"): vol.Coerce(float),
        },
        _has_limit,
    )
)
YAML_PLATFORMS = (YamlPlatform("threshold", "binary_sensor", _SCHEMA, Threshold),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields, _check, preview="threshold")})
INTEGRATION = Integration(
    "threshold", "Threshold Sensor", _setup, flow=_Flow, options_flow=_Options, kind="helper", iot_class="local_polling"
)
