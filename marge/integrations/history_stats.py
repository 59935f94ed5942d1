"""History statistics: how long, how often, or what share of a time something was in a state."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import CLOCK_SET, Subscription, Timer
from marge.domains._validators import entity_id, positive_time_period, string
from marge.domains.sensor import SensorEntity
from marge.entities import Report
from marge.history.when import parse_time
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.integrations._helper_flow import Refused
from marge.integrations._past import MAX_ROWS, Recorded, past
from marge.integrations._staged_flow import Stage, staged_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Event
from marge.templating.errors import TemplateError
from marge.util.schema import ensure_list

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

log = structlog.get_logger("marge.integrations.history_stats")

TYPES = ("time", "ratio", "count")
UNITS = {"time": "h", "ratio": "%", "count": None}
LOOK_EACH_S = 60.0
RENDER_S = 0.03
"""For a template of the window: a helper is worked out on the shared dispatcher."""
MARGIN_S = 1.0
"""A window that begins this much earlier than what is known is read from the history again."""


class HistoryStats(FollowingEntity, SensorEntity):
    """Knows the source's changes since the window began; looks again each minute and at each change.

    Two of `start`, `end` and `duration` say the window; what lies after now has not happened yet.
    """

    icon = "mdi:chart-line"
    _timer: Timer | None = None
    _clock: Subscription | None = None

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["entity_id"])
        self._wanted = frozenset(map(str, ensure_list(conf["state"])))
        self._type = str(conf.get("type", "time"))
        self._start, self._end = conf.get("start"), conf.get("end")
        self._length_s = forms.seconds_of(conf["duration"]) if conf.get("duration") is not None else None
        self.state_class = "measurement"
        self.unit_of_measurement = UNITS[self._type]
        self.device_class = "duration" if self._type == "time" else None
        self._changes: deque[tuple[float, str]] = deque(maxlen=MAX_ROWS)
        self._known_since = float("inf")
        self._asked_since: float | None = None
        self._problem: str | None = None

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Until the past is here the value from before the restart holds."""
        before = self.home.restored.get(self.entity_id)
        self.native_value = None if before is None or before.state in ("unknown", "unavailable") else before.state
        self._changes.clear()
        self._known_since, self._asked_since = float("inf"), None
        state = self.source()
        if state is not None:
            self._changes.append((state.last_changed, state.state))

    def on_add(self) -> None:
        if self._clock is None:
            self._clock = self.home.bus.subscribe(self._look, CLOCK_SET)
        super().on_add()

    def on_remove(self) -> None:
        super().on_remove()
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "past" in values:
            self._take_past(values["since"], values["past"])
            self.refresh()
        elif "look" in values:
            self.refresh()
        else:
            super().apply(values)

    def source_changed(self, event: Event) -> None:
        state = event.data["new_state"]
        text = "" if state is None else state.state
        if not self._changes or self._changes[-1][1] != text:
            time = self.home.clock.now() if state is None else state.last_changed
            self._changes.append((time, text))

    def refresh(self) -> None:
        self._arm()
        window = self._window()
        if window is None:
            self.available = False
            return
        start, end = window
        now = self.home.clock.home_now()
        if start > now:
            self.available = True
            self.native_value = None
            return
        if start < self._known_since - MARGIN_S:
            self._ask(start)
            return
        while len(self._changes) > 1 and self._changes[1][0] <= start:
            self._changes.popleft()
            self._known_since = start
        self.available = True
        self.native_value = self._found(start, end, min(end, now))

    def _look(self, _message: object) -> None:
        self.tell(Report({"look": True}))

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.actor is not None:
            self._timer = self.home.clock.after(LOOK_EACH_S, self._look, home=True)

    # -- the past ----------------------------------------------------------------------------------------------------

    def _ask(self, start: float) -> None:
        """Have the changes since `start` read, unless they are being read."""
        if self._asked_since is not None and self._asked_since <= start + MARGIN_S:
            return
        self._asked_since = start
        source = self.home.states.current_id(self.followed[0])

        def take(found: list[Recorded]) -> None:
            self.tell(Report({"past": found, "since": start}))

        past(self.home).ask(source, start, MAX_ROWS, True, take)

    def _take_past(self, since: float, found: Sequence[Recorded]) -> None:
        self._asked_since = None
        last = found[-1].time if found else 0.0
        newer = [each for each in self._changes if each[0] > last]
        self._changes.clear()
        for time, text in (*found, *newer):
            if not self._changes or self._changes[-1][1] != text:
                self._changes.append((time, text))
        self._known_since = since

    # -- what it shows -----------------------------------------------------------------------------------------------

    def _found(self, start: float, end: float, until: float) -> Any:
        """Of the changes in the window, up to `until`."""
        matched_s, count, since = 0.0, 0, None
        for time, text in self._changes:
            if time >= until:
                break
            if text in self._wanted:
                if since is None:
                    since = max(time, start)
                    count += 1
            elif since is not None:
                matched_s += max(0.0, time - since)
                since = None
                if time <= start:
                    count = 0
        if since is not None:
            matched_s += max(0.0, until - since)
        if self._type == "count":
            return count
        if self._type == "time":
            return matched_s / 3600
        whole_s = until - start
        return round(100 * matched_s / whole_s, 2) if whole_s > 0 else 0.0

    def _window(self) -> tuple[float, float] | None:
        """When it begins and ends, in UTC epoch seconds; None when the templates do not say."""
        start = end = None
        if self._start is not None:
            start = self._moment("start", self._start)
            if start is None:
                return None
        if self._end is not None:
            end = self._moment("end", self._end)
            if end is None:
                return None
        if start is None and end is not None and self._length_s is not None:
            start = end - self._length_s
        elif end is None and start is not None and self._length_s is not None:
            end = start + self._length_s
        if start is None or end is None:
            return None
        self._problem = None
        return max(start, 0.0), end

    def _moment(self, which: str, source: str) -> float | None:
        """A rendered time: ISO text, or epoch seconds. What is wrong is logged once."""
        on_dispatcher = self.actor is not None
        try:
            text = str(
                self.home.templates.render(source, parse_result=False, budget_s=RENDER_S, may_yield=not on_dispatcher)
            )
        except TemplateError as exc:
            self._complain(f"the template of `{which}` fails: {exc}")
            return None
        found = parse_time(text, self.home.config.time_zone)
        if found is None:
            try:
                found = float(text)
                datetime.fromtimestamp(found, self.home.config.time_zone)
            except (ValueError, OverflowError, OSError):
                self._complain(f"the template of `{which}` gives no time: {text[:100]!r}")
                return None
        return found

    def _complain(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            log.warning("a history statistic has no window", entity_id=self.entity_id, problem=problem)


# -- forms and files -------------------------------------------------------------------------------------------------


def _first(_values: Mapping[str, Any]) -> Sequence[Field]:
    types = forms.select(TYPES, mode="dropdown", translation_key="type")
    return (
        Field("name", forms.text(), required=True, default="unnamed statistics"),
        Field("entity_id", forms.entity(), required=True),
        Field("state", forms.text(multiple=True), required=True),
        Field("type", types, required=True, default="time"),
    )


def _window_fields(_values: Mapping[str, Any]) -> Sequence[Field]:
    return (
        Field("start", forms.template()),
        Field("end", forms.template()),
        Field("duration", forms.duration(enable_day=True, allow_negative=False)),
    )


def _check(_home: Home, values: Mapping[str, Any]) -> None:
    if sum(values.get(key) is not None for key in ("start", "end", "duration")) != 2:
        raise Refused("only_two_keys_allowed")


def _setup(home: Home, entry: ConfigEntry) -> None:
    source = home.registries.entities.get(home.states.current_id(str(entry.options["entity_id"])))
    device_id = None if source is None else source.device_id
    add_entity(home, entry, HistoryStats(home, entry.options), entry.entry_id, device_id=device_id)


def _two_of_three(conf: dict[str, Any]) -> dict[str, Any]:
    if sum(key in conf for key in ("start", "end", "duration")) != 2:
        raise vol.Invalid("give two of start, end and duration")
    return conf


def _state(value: Any) -> str:
    """A state as it was meant: YAML reads `on` as true."""
    return ("on" if value else "off") if isinstance(value, bool) else string(value)


_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Required("entity_id"): entity_id,
            vol.Required("state"): vol.All(ensure_list, [_state], vol.Length(min=1)),
            vol.Optional("start"): string,
            vol.Optional("end"): string,
            vol.Optional("duration"): positive_time_period,
            vol.Optional("type", default="time"): vol.In(TYPES),
            vol.Optional("name", default="unnamed statistics"): string,
            vol.Optional("unique_id"): string,
        },
        _two_of_three,
    )
)
YAML_PLATFORMS = (YamlPlatform("history_stats", "sensor", _SCHEMA, HistoryStats),)

_Flow, _Options = staged_flows(
    {"user": Stage(_first, "options"), "options": Stage(_window_fields, check=_check)},
    lambda _options: ("options", "init"),
)
INTEGRATION = Integration(
    "history_stats", "History Stats", _setup, flow=_Flow, options_flow=_Options, kind="helper",
    iot_class="local_polling",
)  # fmt: skip
