"""Integral: what a rate adds up to over time, such as energy from power (a Riemann sum)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import Subscription, Timer
from marge.domains._validators import entity_id, positive_time_period, string
from marge.domains.sensor import SensorEntity
from marge.entities import Report
from marge.entities.actor import STATE_REPORTED
from marge.integrations import forms
from marge.integrations._following import FollowingEntity, number_of
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Event, State

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

METHODS = ("trapezoidal", "left", "right")
PREFIXES: Mapping[str, tuple[float, str]] = {
    "k": (1e3, "kilo"), "M": (1e6, "mega"), "G": (1e9, "giga"), "T": (1e12, "tera"),
}  # fmt: skip
SECONDS: Mapping[str, int] = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_DEVICE_CLASSES = {"power": "energy", "volume_flow_rate": "volume", "data_rate": "data_size"}


class Integral(FollowingEntity, SensorEntity):
    """The sum of rate times time. With `max_sub_interval` it grows also while the source says nothing new."""

    icon = "mdi:chart-histogram"
    _reports: Subscription | None = None
    _timer: Timer | None = None

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["source"])
        self.state_class = "total"
        self._method = str(conf["method"])
        self._digits = None if conf.get("round") is None else int(conf["round"])
        self._factor = PREFIXES.get(conf.get("unit_prefix") or "", (1.0, ""))[0]
        self._per = SECONDS[conf["unit_time"]]
        self._at_most_s = forms.seconds_of(conf.get("max_sub_interval"))
        self._sum: float | None = None
        self._last: tuple[float, float] | None = None
        self._has_begun = False

    def begin(self) -> None:
        if self._has_begun:
            return
        self._has_begun = True
        before = self.home.restored.get(self.entity_id)
        self._sum = number_of(before)
        if before is not None and self._sum is not None:
            self.unit_of_measurement = before.attributes.get("unit_of_measurement")
        state = self.source()
        self._remember(state, None if state is None else state.last_reported)

    def on_add(self) -> None:
        super().on_add()
        if self._reports is None:
            key = self.home.states.current_id(self.followed[0])
            self._reports = self.home.bus.subscribe(self._changed, STATE_REPORTED, key)
        self._arm()

    def on_remove(self) -> None:
        super().on_remove()
        if self._reports is not None:
            self._reports.cancel()
            self._reports = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "time_passed" in values:
            self._timer = None
            if self._last is not None:
                now = self.home.clock.now()
                self._add(self._last[1], now)
                self._last = (now, self._last[1])
            self._arm()
            self.refresh()
        else:
            super().apply(values)

    def source_changed(self, event: Event) -> None:
        state = event.data["new_state"]
        value = number_of(state)
        if state is not None and value is not None:
            self._add(value, state.last_reported)
        self._remember(state, None if state is None else state.last_reported)
        self._arm()

    def _add(self, value: float, now: float) -> None:
        if self._last is None:
            return
        since, before = self._last
        passed = max(now - since, 0.0)
        rate = {"left": before, "right": value}.get(self._method, (before + value) / 2)
        self._sum = (self._sum or 0.0) + rate * passed / self._per / self._factor

    def _remember(self, state: State | None, at: float | None) -> None:
        value = number_of(state)
        self._last = None if value is None or at is None else (at, value)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._at_most_s > 0 and self._last is not None:
            self._timer = self.home.clock.after(self._at_most_s, self._passed)

    def _passed(self, _message: object) -> None:
        self.tell(Report({"time_passed": True}))

    def refresh(self) -> None:
        state = self.source()
        self.extra_attributes = {"source": self.followed[0]}
        self.available = state is None or state.state != "unavailable"
        if state is not None and number_of(state) is not None:
            unit = state.attributes.get("unit_of_measurement")
            self.device_class = _DEVICE_CLASSES.get(str(state.attributes.get("device_class")))
            if unit is not None:
                self.unit_of_measurement = self._unit(str(unit))
        if self._sum is None:
            self.native_value = None
        else:
            self.native_value = str(self._sum) if self._digits is None else f"{self._sum:.{self._digits}f}"

    def _unit(self, unit: str) -> str:
        """`W` in hours becomes `Wh`, `m³/h` in hours becomes `m³`."""
        prefix, time = self.conf.get("unit_prefix") or "", self.conf["unit_time"]
        if unit.endswith(f"/{time}"):
            return f"{prefix}{unit[: -len(time) - 1]}"
        return f"{prefix}{unit}{time}"


def _fields(own: tuple[str, ...]) -> Sequence[Field]:
    prefixes = [{"value": prefix, "label": f"{prefix} ({name})"} for prefix, (_factor, name) in PREFIXES.items()]
    source = forms.entity(("counter", "input_number", "sensor"), exclude=own)
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("source", source, required=True, once=True),
        Field("method", forms.select(METHODS, translation_key="method"), required=True, default="trapezoidal"),
        Field("round", forms.number(minimum=0.0, maximum=6.0, mode="box", unit="decimals")),
        Field("unit_prefix", forms.select(prefixes, mode="dropdown"), once=True),
        Field(
            "unit_time", forms.select(tuple(SECONDS), mode="dropdown", translation_key="unit_time"),
            required=True, default="h", once=True,
        ),
        Field("max_sub_interval", forms.duration(allow_negative=False)),
    )  # fmt: skip


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["source"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, Integral(home, entry.options), entry.entry_id, device_id=device_id)


_SCHEMA = vol.Schema(
    {
        vol.Required("source"): entity_id,
        vol.Optional("name"): string,
        vol.Optional("unique_id"): string,
        vol.Optional("round"): vol.Any(None, vol.Coerce(int)),
        vol.Optional("unit_prefix", default=None): vol.In((None, *PREFIXES)),
        vol.Optional("unit_time", default="h"): vol.In(tuple(SECONDS)),
        vol.Optional("method", default="trapezoidal"): vol.In(METHODS),
        vol.Optional("max_sub_interval"): positive_time_period,
    }
)


def _of_files(home: Home, conf: Mapping[str, Any]) -> Integral:
    return Integral(home, {"name": f"{conf['source']} integral", **conf})


YAML_PLATFORMS = (YamlPlatform("integration", "sensor", _SCHEMA, _of_files),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields)})
INTEGRATION = Integration(
    "integration", "Integral", _setup, flow=_Flow, options_flow=_Options, kind="helper", iot_class="local_push"
)
