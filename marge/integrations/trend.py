"""Trend: whether a number rises or falls, by the slope of the line through its last samples."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._validators import boolean, entity_id, string
from marge.domains.binary_sensor import BinarySensorEntity
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.integrations._helper_flow import Refused
from marge.integrations._past import MAX_ROWS
from marge.integrations._staged_flow import Stage, staged_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field, Selector
from marge.integrations.host import add_entity
from marge.integrations.statistics import number_of_text
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

MAX_SAMPLES = MAX_ROWS


class Trend(FollowingEntity, BinarySensorEntity):
    """On while the slope is steeper than `min_gradient` (per second) and of its sign; other way round with `invert`."""

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["entity_id"])
        self.device_class = conf.get("device_class")
        self._attribute = conf.get("attribute")
        self._inverts = bool(conf.get("invert", False))
        self._steepness = float(conf.get("min_gradient", 0.0))
        most = min(int(conf.get("max_samples", 2)), MAX_SAMPLES)
        self._needed = min(int(conf.get("min_samples", 2)), most)
        self._duration_s = float(conf.get("sample_duration", 0))
        self._samples: deque[tuple[float, float]] = deque(maxlen=most)
        self._gradient = 0.0

    def begin(self) -> None:
        """What was so before the restart holds until there are samples enough."""
        before = self.home.restored.get(self.entity_id)
        if before is not None and before.state in ("on", "off"):
            self.is_on = before.state == "on"

    def source_changed(self, event: Event) -> None:
        state = event.data["new_state"]
        if state is None:
            return
        raw = state.state if self._attribute is None else state.attributes.get(self._attribute)
        value = number_of_text(str(raw))
        if value is None or (self._samples and self._samples[-1][0] >= state.last_updated):
            return
        self._samples.append((state.last_updated, value))
        if self._duration_s > 0:
            oldest = self.home.clock.now() - self._duration_s
            while self._samples and self._samples[0][0] < oldest:
                self._samples.popleft()
        if len(self._samples) < self._needed:
            return
        self._gradient = slope(self._samples)
        is_steep = abs(self._gradient) > abs(self._steepness)
        is_so = is_steep and math.copysign(1, self._gradient) == math.copysign(1, self._steepness)
        self.is_on = is_so != self._inverts

    def refresh(self) -> None:
        state = self.source()
        self.available = state is None or state.state != "unavailable"
        self.extra_attributes = {
            "entity_id": self.followed[0], "gradient": self._gradient, "invert": self._inverts,
            "min_gradient": self._steepness, "sample_count": len(self._samples),
            "sample_duration": self._duration_s,
        }  # fmt: skip
        if self._attribute is not None:
            self.extra_attributes["attribute"] = self._attribute


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """Of the line of least squares through (time, value), per second; 0 when all are of one time."""
    begin = samples[0][0]  # epoch seconds squared would lose digits
    times = [time - begin for time, _value in samples]
    middle = math.fsum(times) / len(times)
    mean = math.fsum(value for _time, value in samples) / len(samples)
    spread = math.fsum((time - middle) ** 2 for time in times)
    if spread <= 0:
        return 0.0
    risen = math.fsum((time - middle) * (value - mean) for time, (_, value) in zip(times, samples, strict=True))
    found = risen / spread
    return found if math.isfinite(found) else 0.0


# -- forms and files -------------------------------------------------------------------------------------------------


def _first(_values: Mapping[str, Any]) -> Sequence[Field]:
    return (
        Field("name", forms.text(), required=True),
        Field("entity_id", forms.entity("sensor"), required=True),
    )


def _settings(values: Mapping[str, Any]) -> Sequence[Field]:
    def is_name(_home: Home, value: Any) -> str:
        return string(value)

    attribute = Selector("attribute", {"entity_id": values.get("entity_id")}, is_name)
    return (
        Field("attribute", attribute),
        Field("invert", forms.boolean(), default=False),
        Field("max_samples", forms.number(minimum=2.0, mode="box"), default=2, later=True),
        Field("min_samples", forms.number(minimum=2.0, mode="box"), default=2, later=True),
        Field("min_gradient", forms.number(mode="box", step="any"), default=0.0, later=True),
        Field("sample_duration", forms.number(minimum=0.0, mode="box", unit="s"), default=0, later=True),
    )


def _check(_home: Home, values: Mapping[str, Any]) -> None:
    if values.get("min_samples", 2) > values.get("max_samples", 2):
        raise Refused("min_samples_above_max_samples")


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["entity_id"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, Trend(home, entry.options), entry.entry_id, device_id=device_id)


def _samples_fit(conf: dict[str, Any]) -> dict[str, Any]:
    if conf["min_samples"] > conf["max_samples"]:
        raise vol.Invalid("min_samples must not be above max_samples", ["min_samples"])
    return conf


_ONE = vol.All(
    {
        vol.Required("entity_id"): entity_id,
        vol.Optional("attribute"): string,
        vol.Optional("device_class"): string,
        vol.Optional("friendly_name"): string,
        vol.Optional("invert", default=False): boolean,
        vol.Optional("max_samples", default=2): vol.All(vol.Coerce(int), vol.Range(2, MAX_SAMPLES)),
        vol.Optional("min_samples", default=2): vol.All(vol.Coerce(int), vol.Range(2, MAX_SAMPLES)),
        vol.Optional("min_gradient", default=0.0): vol.Coerce(float),
        vol.Optional("sample_duration", default=0): vol.All(vol.Coerce(int), vol.Range(min=0)),
        vol.Optional("unique_id"): string,
    },
    _samples_fit,
)
_SCHEMA = vol.Schema({vol.Required("sensors"): {vol.All(string, vol.Length(min=1)): _ONE}})


def _each(conf: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [{**one, "object_id": key, "name": one.get("friendly_name", key)} for key, one in conf["sensors"].items()]


YAML_PLATFORMS = (YamlPlatform("trend", "binary_sensor", _SCHEMA, Trend, _each),)

_Flow, _Options = staged_flows(
    {"user": Stage(_first, "settings"), "settings": Stage(_settings, check=_check)},
    lambda _options: ("settings", "init"),
)
INTEGRATION = Integration(
    "trend", "Trend", _setup, flow=_Flow, options_flow=_Options, kind="helper", iot_class="calculated"
)
