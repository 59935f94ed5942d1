"""Filters: a sensor's values made smooth, held within a range, or fewer."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._validators import entity_id, positive_time_period, string
from marge.domains.sensor import SensorEntity
from marge.entities import Report
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.integrations._past import MAX_ROWS, Recorded, past
from marge.integrations._staged_flow import Stage, staged_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.statistics import number_of_text
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Event, State

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

MAX_WINDOW = 1000
MAX_FILTERS = 20
SAME_MOMENT_S = 2e-6

Filter = Callable[[float, float], float | None]
"""Given when a value was reported and the value, what it lets through; None: nothing."""


def _window(conf: Mapping[str, Any]) -> int:
    return max(1, min(int(conf.get("window_size", 1)), MAX_WINDOW))


def _lowpass(conf: Mapping[str, Any]) -> Filter:
    """A new value counts one part of `time_constant`, what was let through before the others."""
    weight = 1.0 / max(float(conf.get("time_constant", 10)), 1.0)
    before: list[float] = []

    def run(_time: float, value: float) -> float:
        before[:] = [before[0] * (1 - weight) + value * weight if before else value]
        return before[0]

    return run


def _outlier(conf: Mapping[str, Any]) -> Filter:
    """A value too far from the median of the last ones is that median."""
    radius, last = float(conf.get("radius", 2.0)), deque[float](maxlen=_window(conf))

    def run(_time: float, value: float) -> float:
        if len(last) == last.maxlen:
            median = statistics.median(last)
            if abs(value - median) > radius:
                value = median
        last.append(value)
        return value

    return run


def _range(conf: Mapping[str, Any]) -> Filter:
    """Beyond a bound is the bound."""
    lower, upper = conf.get("lower_bound"), conf.get("upper_bound")

    def run(_time: float, value: float) -> float:
        if upper is not None and value > upper:
            return float(upper)
        return float(lower) if lower is not None and value < lower else value

    return run


def _throttle(conf: Mapping[str, Any]) -> Filter:
    """One of each `window_size` values; the first."""
    size, count = _window(conf), [0]

    def run(_time: float, value: float) -> float | None:
        count[0] += 1
        return value if (count[0] - 1) % size == 0 else None

    return run


def _time_throttle(conf: Mapping[str, Any]) -> Filter:
    """One value in each `window_size` of time."""
    length_s, last = forms.seconds_of(conf["window_size"]), [float("-inf")]

    def run(time: float, value: float) -> float | None:
        if time - last[0] < length_s:
            return None
        last[0] = time
        return value

    return run


def _moving_average(conf: Mapping[str, Any]) -> Filter:
    """The mean over `window_size` of time; each value held until the next one, the first since ever."""
    length_s = max(forms.seconds_of(conf["window_size"]), 0.001)
    held: deque[tuple[float, float]] = deque(maxlen=MAX_ROWS)

    def run(time: float, value: float) -> float:
        begin = time - length_s
        while len(held) > 1 and held[1][0] <= begin:
            held.popleft()
        held.append((time, value))
        total, since, before = 0.0, begin, held[0][1]
        for at, each in held:
            if at > since:
                total += (at - since) * before
                since = at
            before = each
        return total / length_s

    return run


KINDS: dict[str, Callable[[Mapping[str, Any]], Filter]] = {
    "lowpass": _lowpass, "outlier": _outlier, "range": _range, "throttle": _throttle,
    "time_simple_moving_average": _moving_average, "time_throttle": _time_throttle,
}  # fmt: skip
TIMED = frozenset(("time_simple_moving_average", "time_throttle"))


class FilterSensor(FollowingEntity, SensorEntity):
    """What one or several filters, one after another, make of the source."""

    _DEFAULT_ICON = "mdi:chart-line-variant"
    icon = _DEFAULT_ICON

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["entity_id"])
        self._chain: Sequence[Mapping[str, Any]] = conf.get("filters", [conf])
        self._filters: list[tuple[Filter, int]] = []
        self._last_at = 0.0
        self._waiting: list[tuple[float, float]] | None = None
        self.extra_attributes = {"entity_id": self.followed[0]}
        self._make_filters()

    def _make_filters(self) -> None:
        self._last_at = 0.0
        self._filters = [(KINDS[each["filter"]](each), min(int(each.get("precision", 2)), 15)) for each in self._chain]

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Have the past run through the filters first; what comes meanwhile waits."""
        before = self.home.restored.get(self.entity_id)
        if before is not None and number_of_text(before.state) is not None:
            self.native_value = before.state
        self._make_filters()
        self._waiting = []
        lengths = [forms.seconds_of(each["window_size"]) for each in self._chain if each["filter"] in TIMED]
        counts = [_window(each) for each in self._chain if each["filter"] not in TIMED]
        since = self.home.clock.now() - max(lengths) if lengths else 0.0
        most = MAX_ROWS if lengths else 2 * max(counts, default=1) + 20  # some of them are no numbers
        source = self.home.states.current_id(self.followed[0])
        past(self.home).ask(source, since, most, False, lambda found: self.tell(Report({"past": found})))
        self._look_at(self.source())

    def apply(self, values: Mapping[str, Any]) -> None:
        if "past" in values:
            self._take_past(values["past"])
            self.refresh()
        else:
            super().apply(values)

    def _take_past(self, found: Sequence[Recorded]) -> None:
        waiting, self._waiting = self._waiting or [], None
        for time, text in found:
            value = number_of_text(text)
            if value is not None:
                self._run(time, value)
        for time, value in waiting:
            self._run(time, value)

    def source_changed(self, event: Event) -> None:
        self._look_at(event.data["new_state"])

    def _look_at(self, state: State | None) -> None:
        value = None if state is None else number_of_text(state.state)
        if state is None or value is None:
            return
        if self._waiting is None:
            self._run(state.last_updated, value)
        elif len(self._waiting) < MAX_ROWS:
            self._waiting.append((state.last_updated, value))

    def _run(self, time: float, value: float) -> None:
        if time <= self._last_at + SAME_MOMENT_S:  # recorded, and seen as well
            return
        self._last_at = time
        for run, digits in self._filters:
            found = run(time, value)
            if found is None:
                return
            value = round(found, digits)
            if digits == 0 and value - value == 0:
                value = int(value)
        self.native_value = value

    def refresh(self) -> None:
        state = self.source()
        self.available = state is None or state.state != "unavailable"
        if state is None:
            return
        attributes = state.attributes
        self.unit_of_measurement = attributes.get("unit_of_measurement")
        self.device_class = attributes.get("device_class")
        self.state_class = attributes.get("state_class")
        self.icon = attributes.get("icon") or self._DEFAULT_ICON
        if state.state not in ("unknown", "unavailable") and number_of_text(state.state) is None:
            self.available = False


# -- forms and files -------------------------------------------------------------------------------------------------


def _first(_values: Mapping[str, Any]) -> Sequence[Field]:
    kinds = forms.select(tuple(KINDS), mode="dropdown", translation_key="filter")
    return (
        Field("name", forms.text(), required=True, default="Filtered sensor"),
        Field("entity_id", forms.entity("sensor"), required=True),
        Field("filter", kinds, required=True),
    )


_COUNT = Field("window_size", forms.number(minimum=0.0, mode="box"), default=1)
_LENGTH = Field("window_size", forms.duration(enable_day=False, allow_negative=False), required=True)
_PRECISION = Field("precision", forms.number(minimum=0.0, mode="box"), default=2)
_BOUND = forms.number(minimum=0.0, mode="box", step="any")
_FIELDS: Mapping[str, Sequence[Field]] = {
    "lowpass": (_COUNT, Field("time_constant", forms.number(minimum=0.0, mode="box"), default=10)),
    "outlier": (_COUNT, Field("radius", _BOUND, default=2.0)),
    "range": (Field("lower_bound", _BOUND), Field("upper_bound", _BOUND)),
    "throttle": (_COUNT,),
    "time_simple_moving_average": (
        Field("type", forms.select(("last",), mode="dropdown", translation_key="type"), default="last"), _LENGTH,
    ),
    "time_throttle": (_LENGTH,),
}  # fmt: skip


def _stage(kind: str) -> Stage:
    return Stage(lambda _values: (*_FIELDS[kind], _PRECISION))


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["entity_id"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, FilterSensor(home, entry.options), entry.entry_id, device_id=device_id)


_WINDOW = vol.All(vol.Coerce(int), vol.Range(1, MAX_WINDOW))
_FILES: Mapping[str, dict[Any, Any]] = {
    "lowpass": {
        vol.Optional("window_size", default=1): _WINDOW,
        vol.Optional("time_constant", default=10): vol.All(vol.Coerce(int), vol.Range(min=1)),
    },
    "outlier": {
        vol.Optional("window_size", default=1): _WINDOW,
        vol.Optional("radius", default=2.0): vol.Coerce(float),
    },
    "range": {vol.Optional("lower_bound"): vol.Coerce(float), vol.Optional("upper_bound"): vol.Coerce(float)},
    "throttle": {vol.Optional("window_size", default=1): _WINDOW},
    "time_simple_moving_average": {
        vol.Optional("type", default="last"): vol.In(("last",)),
        vol.Required("window_size"): positive_time_period,
    },
    "time_throttle": {vol.Required("window_size"): positive_time_period},
}


def _filter(value: Any) -> dict[str, Any]:
    """One filter of the files, by its kind."""
    kind = value.get("filter") if isinstance(value, Mapping) else None
    if not isinstance(kind, str) or kind not in _FILES:
        raise vol.Invalid(f"`filter` is one of {', '.join(KINDS)}", ["filter"])
    precision = vol.All(vol.Coerce(int), vol.Range(0, 15))
    schema = {vol.Required("filter"): kind, vol.Optional("precision", default=2): precision, **_FILES[kind]}
    checked: dict[str, Any] = vol.Schema(schema)(dict(value))
    return checked


_SCHEMA = vol.Schema(
    {
        vol.Required("entity_id"): entity_id,
        vol.Required("filters"): vol.All([_filter], vol.Length(1, MAX_FILTERS)),
        vol.Optional("name"): string,
        vol.Optional("unique_id"): string,
    }
)


def _of_files(home: Home, conf: Mapping[str, Any]) -> FilterSensor:
    return FilterSensor(home, {"name": f"{conf['entity_id'].partition('.')[2]} filter", **conf})


YAML_PLATFORMS = (YamlPlatform("filter", "sensor", _SCHEMA, _of_files),)

_Flow, _Options = staged_flows(
    {"user": Stage(_first, lambda values: str(values["filter"])), **{kind: _stage(kind) for kind in KINDS}},
    lambda options: (str(options["filter"]), str(options["filter"])),
)
INTEGRATION = Integration(
    "filter", "Filter", _setup, flow=_Flow, options_flow=_Options, kind="helper", iot_class="local_push"
)
