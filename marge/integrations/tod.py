"""Times of the day: on between two times, in the home's time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import CLOCK_SET, Subscription, Timer
from marge.domains._validators import string, time_period
from marge.domains._validators import time as time_of_day
from marge.domains.binary_sensor import BinarySensorEntity
from marge.entities import Report
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry


class TimesOfDay(FollowingEntity, BinarySensorEntity):
    """On from `after_time` to `before_time`; over midnight when that is the earlier one, always when they are equal."""

    _timer: Timer | None = None
    _clock: Subscription | None = None

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self._after = time.fromisoformat(conf["after_time"])
        self._before = time.fromisoformat(conf["before_time"])

    def on_add(self) -> None:
        super().on_add()
        if self._clock is None:
            self._clock = self.home.bus.subscribe(self._look, CLOCK_SET)

    def on_remove(self) -> None:
        super().on_remove()
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "look" in values:
            self.refresh()
        else:
            super().apply(values)

    def refresh(self) -> None:
        now = datetime.fromtimestamp(self.home.clock.home_now(), self.home.config.time_zone)
        after, before = self._period(now)
        self.is_on = after <= now < before
        following = before if self.is_on else after
        self.extra_attributes = {
            "after": after.isoformat(), "before": before.isoformat(), "next_update": following.isoformat(),
        }  # fmt: skip
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.home.clock.at(following.timestamp() + 0.001, self._look, None, home=True)

    def _period(self, now: datetime) -> tuple[datetime, datetime]:
        """The period that holds, or the next one."""
        for days in (-1, 0, 1):
            day = now.date() + timedelta(days=days)
            after = datetime.combine(day, self._after, now.tzinfo)
            before = datetime.combine(day, self._before, now.tzinfo)
            if before <= after:
                before += timedelta(days=1)
            if now < before:
                return after, before
        return after, before

    def _look(self, _message: object) -> None:
        self.tell(Report({"look": True}))


def _fields(_own: tuple[str, ...]) -> Sequence[Field]:
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("after_time", forms.time_of_day(), required=True),
        Field("before_time", forms.time_of_day(), required=True),
    )


def _setup(home: Home, entry: ConfigEntry) -> None:
    add_entity(home, entry, TimesOfDay(home, entry.options), entry.entry_id)


def _time(value: Any) -> time:
    if value in ("sunrise", "sunset"):
        raise vol.Invalid(f"{value} is not supported here: give a time such as 07:30:00, or use a sun condition")
    return time_of_day(value)


_SCHEMA = vol.Schema(
    {
        vol.Required("name"): string,
        vol.Required("after"): _time,
        vol.Required("before"): _time,
        vol.Optional("after_offset", default=timedelta(0)): time_period,
        vol.Optional("before_offset", default=timedelta(0)): time_period,
        vol.Optional("unique_id"): string,
    }
)


def _of_files(home: Home, conf: Mapping[str, Any]) -> TimesOfDay:
    def moved(which: str) -> str:
        return (datetime.combine(datetime.min, conf[which]) + timedelta(1) + conf[f"{which}_offset"]).time().isoformat()

    return TimesOfDay(home, {"after_time": moved("after"), "before_time": moved("before"), **conf})


YAML_PLATFORMS = (YamlPlatform("tod", "binary_sensor", _SCHEMA, _of_files),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields)})
INTEGRATION = Integration(
    "tod", "Times of the Day", _setup, flow=_Flow, options_flow=_Options, kind="helper"
)
