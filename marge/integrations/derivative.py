"""Derivative: how fast a sensor's value changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import Subscription
from marge.domains._validators import entity_id, string, time_period
from marge.domains.sensor import SensorEntity
from marge.entities.actor import STATE_REPORTED
from marge.integrations import forms
from marge.integrations._following import FollowingEntity, number_of
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

PREFIXES: Mapping[str, tuple[float, str]] = {
    "n": (1e-9, "nano"), "µ": (1e-6, "micro"), "m": (1e-3, "milli"), "k": (1e3, "kilo"), "M": (1e6, "mega"),
    "G": (1e9, "giga"), "T": (1e12, "tera"), "P": (1e15, "peta"),
}  # fmt: skip
"""SI prefix to its factor and name."""
SECONDS: Mapping[str, int] = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
SOURCES = ("counter", "input_number", "sensor")
MAX_SAMPLES = 10_000


class Derivative(FollowingEntity, SensorEntity):
    """The rate, as it was between the last two values, or on average over a time window."""

    icon = "mdi:chart-line"
    _reports: Subscription | None = None

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["source"])
        self.state_class = "measurement"
        self._digits = int(conf["round"])
        self._factor = PREFIXES.get(conf.get("unit_prefix") or "", (1.0, ""))[0]
        self._per = SECONDS[conf["unit_time"]]
        self._window_s = forms.seconds_of(conf.get("time_window"))
        self._samples: deque[tuple[float, float, float]] = deque(maxlen=MAX_SAMPLES)
        self._last: tuple[float, float] | None = None
        self.native_value = self._text(0.0)
        self.extra_attributes = {"source": self.followed[0]}

    def begin(self) -> None:
        before = self.home.restored.get(self.entity_id)
        rate = number_of(before)
        if rate is not None:
            self.native_value = self._text(rate)
        state = self.source()
        value = number_of(state)
        if state is not None and value is not None:
            self._last = (state.last_reported, value)

    def on_add(self) -> None:
        super().on_add()
        if self._reports is None:
            key = self.home.states.current_id(self.followed[0])
            self._reports = self.home.bus.subscribe(self._changed, STATE_REPORTED, key)

    def on_remove(self) -> None:
        super().on_remove()
        if self._reports is not None:
            self._reports.cancel()
            self._reports = None

    def refresh(self) -> None:
        state = self.source()
        unit = None if state is None else state.attributes.get("unit_of_measurement")
        if self.conf.get("unit") is not None:
            self.unit_of_measurement = self.conf["unit"]
        elif unit is not None:
            prefix = self.conf.get("unit_prefix") or ""
            self.unit_of_measurement = f"{prefix}{unit}/{self.conf['unit_time']}"
        self.available = state is None or state.state != "unavailable"

    def source_changed(self, event: Event) -> None:
        state = event.data["new_state"]
        value = number_of(state)
        if value is None:
            self._last = None
            return
        now, before = state.last_reported, self._last
        self._last = (now, value)
        if before is None or now <= before[0]:
            return
        rate = (value - before[1]) / (now - before[0]) / self._factor * self._per
        self.native_value = self._text(self._averaged(before[0], now, rate))

    def _averaged(self, start: float, end: float, rate: float) -> float:
        """The mean over the window that ends now, each rate weighed by how long it held."""
        window = self._window_s
        while self._samples and self._samples[0][1] <= end - window:
            self._samples.popleft()
        self._samples.append((start, end, rate))
        if end - start > window:
            return rate
        begin = end - window
        return sum(each * (to - max(since, begin)) / window for since, to, each in self._samples)

    def _text(self, rate: float) -> str:
        return f"{rate:.{self._digits}f}"


def _fields(_own: tuple[str, ...]) -> Sequence[Field]:
    prefixes = [{"value": prefix, "label": f"{prefix} ({name})"} for prefix, (_factor, name) in PREFIXES.items()]
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("source", forms.entity(SOURCES), required=True, once=True),
        Field(
            "round", forms.number(minimum=0.0, maximum=6.0, mode="box", unit="decimals"), required=True, default=2
        ),
        Field("time_window", forms.duration(), required=True),
        Field("unit_prefix", forms.select(prefixes)),
        Field("unit_time", forms.select(tuple(SECONDS), translation_key="time_unit"), required=True, default="h"),
    )


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["source"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, Derivative(home, entry.options), entry.entry_id, device_id=device_id)


_SCHEMA = vol.Schema(
    {
        vol.Required("source"): entity_id,
        vol.Optional("name"): string,
        vol.Optional("unique_id"): string,
        vol.Optional("round", default=3): vol.Coerce(int),
        vol.Optional("unit_prefix", default=None): vol.In((None, *PREFIXES)),
        vol.Optional("unit_time", default="h"): vol.In(tuple(SECONDS)),
        vol.Optional("unit"): string,
        vol.Optional("time_window", default=timedelta(0)): time_period,
    }
)


def _of_files(home: Home, conf: Mapping[str, Any]) -> Derivative:
    return Derivative(home, {"name": f"{conf['source']} derivative", **conf})


YAML_PLATFORMS = (YamlPlatform("derivative", "sensor", _SCHEMA, _of_files),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields)})
INTEGRATION = Integration("derivative", "Derivative", _setup, flow=_Flow, options_flow=_Options, kind="helper")
