"""Statistics: the mean, the extremes, the spread and more of what a sensor said lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import Subscription, Timer
from marge.domains._validators import boolean, entity_id, positive_time_period, string
from marge.domains.sensor import SensorEntity
from marge.entities import Report
from marge.entities.actor import STATE_REPORTED
from marge.history.reader import flush
from marge.integrations import forms
from marge.integrations._characteristics import NUMBERS, ON_OFF, UNIT_SUFFIX, WITHOUT_UNIT
from marge.integrations._following import FollowingEntity
from marge.integrations._helper_flow import Refused
from marge.integrations._past import MAX_ROWS, Recorded, past, past_of
from marge.integrations._staged_flow import Stage, staged_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Event, State

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

MAX_SAMPLES = MAX_ROWS
"""More are not kept, whatever the options say: each change looks at all of them."""
SAME_MOMENT_S = 2e-6
"""Recorded times are whole microseconds, others are not."""
NEVER_A_MEASUREMENT = frozenset(("date", "energy", "enum", "gas", "monetary", "timestamp", "volume", "water"))
"""Device classes that go with no `state_class: measurement`."""


def _sample(text: str, is_binary: bool) -> float | None:
    if is_binary:
        return {"on": 1.0, "off": 0.0}.get(text)
    return number_of_text(text)


def number_of_text(text: str) -> float | None:
    """A text as a number; None when it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 else None


class Statistics(FollowingEntity, SensorEntity):
    """One characteristic of the last samples: as many as `sampling_size`, not older than `max_age`."""

    icon = "mdi:calculator"
    _reports: Subscription | None = None
    _timer: Timer | None = None

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["entity_id"])
        self._is_binary = self.followed[0].startswith("binary_sensor.")
        self._kind = str(conf["state_characteristic"])
        self._find = (ON_OFF if self._is_binary else NUMBERS)[self._kind]
        self._size = int(conf["sampling_size"]) if conf.get("sampling_size") else None
        self._age_s = forms.seconds_of(conf.get("max_age"))
        self._keeps_last = bool(conf.get("keep_last_sample"))
        self._percentile = int(conf.get("percentile", 50))
        self._digits = min(int(conf.get("precision", 2)), 15)
        self._samples: deque[tuple[float, float]] = deque(maxlen=min(self._size or MAX_SAMPLES, MAX_SAMPLES))
        self._is_valid: bool | None = None
        self._awaits_past = False
        if self._kind.startswith("datetime_"):
            self.device_class = "timestamp"
        else:
            self.state_class = "measurement"

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for the past; until it is here the value from before the restart holds."""
        before = self.home.restored.get(self.entity_id)
        self.native_value = None if before is None or before.state in ("unknown", "unavailable") else before.state
        self._awaits_past = True
        since, most, held = self._reach()
        source = self.home.states.current_id(self.followed[0])
        past(self.home).ask(source, since, most, held, lambda found: self.tell(Report({"past": found})))
        self._look_at(self.source())

    def _reach(self) -> tuple[float, int, bool]:
        since = self.home.clock.now() - self._age_s if self._age_s > 0 else 0.0
        most = 2 * (self._samples.maxlen or MAX_SAMPLES) + 20  # some of them are no numbers
        return since, most, self._keeps_last

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
        self._disarm()

    def apply(self, values: Mapping[str, Any]) -> None:
        if "past" in values:
            self.take_past(values["past"])
            self.refresh()
        elif "look" in values:
            self.refresh()
        else:
            super().apply(values)

    def take_past(self, found: Sequence[Recorded]) -> None:
        """Put recorded samples before those that have come since."""
        self._awaits_past = False
        newer = list(self._samples)
        first = newer[0][0] if newer else float("inf")
        self._samples.clear()
        for time, text in found:
            value = _sample(text, self._is_binary)
            if value is not None and time < first - SAME_MOMENT_S:
                self._samples.append((time, value))
        self._samples.extend(newer)

    def load_now(self) -> None:
        """Read the past at once; waits. For a preview, which has no actor."""
        flush(self.home)
        self.take_past(past_of(self.home, self.home.states.current_id(self.followed[0]), *self._reach()))
        self._look_at(self.source())

    def source_changed(self, event: Event) -> None:
        self._look_at(event.data["new_state"])

    def _look_at(self, state: State | None) -> None:
        self.available = state is None or state.state != "unavailable"
        if state is None or state.state in ("unknown", "unavailable"):
            self._is_valid = None
            return
        value = _sample(state.state, self._is_binary)
        self._is_valid = value is not None
        if value is not None and not self._has(state.last_reported):
            self._samples.append((state.last_reported, value))

    def _has(self, time: float) -> bool:
        return bool(self._samples) and self._samples[-1][0] > time - SAME_MOMENT_S

    def refresh(self) -> None:
        self._forget_old()
        self._take_units()
        if self._awaits_past:
            return
        samples = self._samples
        self.extra_attributes = self._about()
        found: Any = None
        if samples:
            values, times = [each[1] for each in samples], [each[0] for each in samples]
            try:
                found = self._find(values, times, self._percentile)
            except OverflowError:  # numbers near the largest that there are
                found = None
        elif self._kind in WITHOUT_UNIT:
            found = 0
        if isinstance(found, float):
            found = round(found, self._digits)
            if self._digits == 0:
                found = int(found)
        self.native_value = found

    def _about(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        samples = self._samples
        if self._size is not None:
            shown["buffer_usage_ratio"] = round(len(samples) / self._size, 2)
        if self._age_s > 0:
            spanned = samples[-1][0] - samples[0][0] if samples else 0.0
            shown["age_coverage_ratio"] = round(spanned / self._age_s, 2) if samples else None
        shown["source_value_valid"] = self._is_valid
        return shown

    def _forget_old(self) -> None:
        """Drop samples that are too old, and be called when the next one is."""
        self._disarm()
        if self._age_s <= 0:
            return
        now, kept = self.home.clock.now(), 1 if self._keeps_last else 0
        while len(self._samples) > kept and self._samples[0][0] <= now - self._age_s:
            self._samples.popleft()
        if len(self._samples) > kept and self.actor is not None:
            due = self._samples[0][0] + self._age_s
            self._timer = self.home.clock.at(due + 0.001, lambda _message: self.tell(Report({"look": True})))

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _take_units(self) -> None:
        state, kind = self.source(), self._kind
        if kind.startswith("datetime_") or state is None:
            return
        unit = state.attributes.get("unit_of_measurement")
        if kind in WITHOUT_UNIT:
            self.unit_of_measurement = None
        elif self._is_binary:
            self.unit_of_measurement = "%"
        else:
            self.unit_of_measurement = None if unit is None else f"{unit}{UNIT_SUFFIX.get(kind, '')}"
            device_class = state.attributes.get("device_class")
            keeps = kind not in UNIT_SUFFIX and device_class not in NEVER_A_MEASUREMENT
            self.device_class = device_class if keeps else None


# -- forms and files -------------------------------------------------------------------------------------------------


def _first(_values: Mapping[str, Any]) -> Sequence[Field]:
    return (
        Field("name", forms.text(), required=True, default="Statistical characteristic"),
        Field("entity_id", forms.entity(("binary_sensor", "sensor")), required=True),
    )


def _is_of_binary(home: Home, chosen: object) -> bool:
    entry = home.registries.entities.by_registry_id(str(chosen))
    return (str(chosen) if entry is None else entry.entity_id).startswith("binary_sensor.")


def _kinds(values: Mapping[str, Any]) -> Sequence[Field]:
    kinds = ON_OFF if str(values.get("entity_id")).startswith("binary_sensor.") else NUMBERS
    chosen = forms.select(tuple(kinds), mode="dropdown", translation_key="state_characteristic", sort=True)
    return (Field("state_characteristic", chosen, required=True),)


def _options(_values: Mapping[str, Any]) -> Sequence[Field]:
    return (
        Field("sampling_size", forms.number(minimum=0.0, mode="box")),
        Field("max_age", forms.duration(enable_day=False, allow_negative=False)),
        Field("keep_last_sample", forms.boolean(), default=False),
        Field("percentile", forms.number(minimum=1.0, maximum=99.0, mode="box"), default=50),
        Field("precision", forms.number(minimum=0.0, mode="box"), default=2),
    )


def _fits(home: Home, values: Mapping[str, Any]) -> None:
    """The characteristic is one of such a source."""
    known = ON_OFF if _is_of_binary(home, values["entity_id"]) else NUMBERS
    if values["state_characteristic"] not in known:
        raise Refused("characteristic_of_other_source")


def _check(_home: Home, values: Mapping[str, Any]) -> None:
    if not values.get("sampling_size") and values.get("max_age") is None:
        raise Refused("missing_max_age_or_sampling_size")
    if values.get("keep_last_sample") and values.get("max_age") is None:
        raise Refused("missing_keep_last_sample")


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["entity_id"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, Statistics(home, entry.options), entry.entry_id, device_id=device_id)


def _goes_together(conf: dict[str, Any]) -> dict[str, Any]:
    kinds = ON_OFF if conf["entity_id"].startswith("binary_sensor.") else NUMBERS
    if conf["state_characteristic"] not in kinds:
        raise vol.Invalid(f"a source like {conf['entity_id']} has: {', '.join(kinds)}", ["state_characteristic"])
    if "sampling_size" not in conf and "max_age" not in conf:
        raise vol.Invalid("give a sampling_size, a max_age, or both")
    if conf["keep_last_sample"] and "max_age" not in conf:
        raise vol.Invalid("keep_last_sample needs a max_age", ["keep_last_sample"])
    return conf


_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Required("entity_id"): entity_id,
            vol.Required("state_characteristic"): string,
            vol.Optional("name", default="Stats"): string,
            vol.Optional("unique_id"): string,
            vol.Optional("sampling_size"): vol.All(vol.Coerce(int), vol.Range(1, MAX_SAMPLES)),
            vol.Optional("max_age"): positive_time_period,
            vol.Optional("keep_last_sample", default=False): boolean,
            vol.Optional("percentile", default=50): vol.All(vol.Coerce(int), vol.Range(1, 99)),
            vol.Optional("precision", default=2): vol.All(vol.Coerce(int), vol.Range(0, 15)),
        },
        _goes_together,
    )
)
YAML_PLATFORMS = (YamlPlatform("statistics", "sensor", _SCHEMA, Statistics),)

_Flow, _Options = staged_flows(
    {
        "user": Stage(_first, "state_characteristic"),
        "state_characteristic": Stage(_kinds, "options", _fits),
        "options": Stage(_options, check=_check, preview="statistics"),
    },
    lambda _options: ("options", "init"),
)
INTEGRATION = Integration(
    "statistics", "Statistics", _setup, flow=_Flow, options_flow=_Options, kind="helper", iot_class="local_polling"
)
