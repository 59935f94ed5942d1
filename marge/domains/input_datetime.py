"""Dates, times of day, or both, that exist only in the home's mind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains import _validators as validate
from marge.domains._catalog import service, whole
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._validators import boolean, has_at_least_one_key, number, string
from marge.domains._virtual import Rule, virtual
from marge.entities import Domain
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home


def _has_something(conf: dict[str, Any]) -> dict[str, Any]:
    if not (conf["has_date"] or conf["has_time"]):
        raise vol.Invalid("Entity needs at least a date or a time")
    if "initial" in conf:
        try:
            _parse(conf, conf["initial"])
        except vol.Invalid as exc:
            kind = "datetime" if conf["has_date"] and conf["has_time"] else "date" if conf["has_date"] else "time"
            raise vol.Invalid(f"Initial value '{conf['initial']}' can't be parsed as a {kind}") from exc
    return conf


CONFIG_SCHEMA = vol.Schema(
    vol.All(
        {
            **NAME_AND_ICON,
            vol.Optional("has_date", default=False): boolean,
            vol.Optional("has_time", default=False): boolean,
            vol.Optional("initial"): string,
        },
        _has_something,
    )
)


def _parse(conf: Mapping[str, Any], text: str) -> dt.datetime:
    """A value of this helper's kind as a naive local date and time; what it lacks is today, or midnight.

    Raises:
        vol.Invalid: the text is of another kind.
    """
    if conf["has_date"] and conf["has_time"]:
        return validate.datetime(text)
    if conf["has_date"]:
        return dt.datetime.combine(validate.date(text), dt.time())
    return dt.datetime.combine(dt.date(1970, 1, 1), validate.time(text))


ITEM_FIELDS = {
    **NAMED,
    vol.Optional("has_time", default=False): boolean,
    vol.Optional("has_date", default=False): boolean,
    vol.Optional("initial"): string,
}


class InputDatetimeEntity(HelperEntity):
    """Holds a naive local date and time; which half of it counts is configured."""

    domain = "input_datetime"
    value: dt.datetime = dt.datetime(1970, 1, 1)

    def begin(self) -> None:
        today = dt.datetime.fromtimestamp(self.home.clock.now(), self.home.config.time_zone).date()
        self.value = dt.datetime.combine(today, dt.time())
        restored = self.restored()
        text = self.conf.get("initial") or (restored[0] if restored is not None else None)
        if text is not None:
            try:
                self.value = self._local(_parse(self.conf, text))
            except vol.Invalid:
                return  # restored when it was of another kind

    def _local(self, moment: dt.datetime) -> dt.datetime:
        if moment.tzinfo is None:
            return moment
        return moment.astimezone(self.home.config.time_zone).replace(tzinfo=None)

    def set_datetime(
        self,
        date: dt.date | None = None,
        time: dt.time | None = None,
        datetime: dt.datetime | None = None,
        timestamp: float | None = None,
    ) -> None:
        if timestamp is not None:
            try:
                datetime = dt.datetime.fromtimestamp(timestamp, self.home.config.time_zone)
            except (OverflowError, ValueError, OSError) as exc:
                raise vol.Invalid(f"Invalid timestamp specified: {timestamp}") from exc
        if datetime is not None:
            local = self._local(datetime)
            date, time = local.date(), local.time()
        if not self.conf["has_date"]:
            date = None
        if not self.conf["has_time"]:
            time = None
        if date is None and time is None:
            raise vol.Invalid("Nothing to set")
        self.value = dt.datetime.combine(date or self.value.date(), (time or self.value.time()).replace(microsecond=0))

    def state_value(self) -> str | None:
        if self.conf["has_date"] and self.conf["has_time"]:
            return self.value.strftime("%Y-%m-%d %H:%M:%S")
        return self.value.date().isoformat() if self.conf["has_date"] else self.value.time().isoformat()

    def state_attributes(self) -> dict[str, Any]:
        has_date, has_time = self.conf["has_date"], self.conf["has_time"]
        shown: dict[str, Any] = {"has_date": has_date, "has_time": has_time, "editable": self.editable}
        value = self.value
        if has_date:
            shown.update(year=value.year, month=value.month, day=value.day)
        if has_time:
            shown.update(hour=value.hour, minute=value.minute, second=value.second)
        if not has_date:
            shown["timestamp"] = value.hour * 3600 + value.minute * 60 + value.second
        elif has_time:
            shown["timestamp"] = value.replace(tzinfo=self.home.config.time_zone).timestamp()
        else:
            # A bare date is no moment; HA's recorded value is that of its midnight in UTC.
            shown["timestamp"] = value.replace(tzinfo=dt.UTC).timestamp()
        return shown


def _one_way_of_saying_it(data: dict[str, Any]) -> dict[str, Any]:
    ways = [("date" in data or "time" in data), "datetime" in data, "timestamp" in data]
    if sum(ways) > 1:
        raise vol.Invalid(f"Cannot use together: {', '.join(data)}")
    return data


_SET_DATETIME = whole(
    {
        vol.Optional("date"): validate.date,
        vol.Optional("time"): validate.time,
        vol.Optional("datetime"): validate.datetime,
        vol.Optional("timestamp"): number,
    },
    after=(has_at_least_one_key("date", "time", "datetime", "timestamp"), _one_way_of_saying_it),
)


def _virtual_set(state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    for key in ("datetime", "date", "time", "timestamp"):
        if key in data:
            return str(data[key]), {}
    return ("unknown" if state is None else state.state), {}


def _setup(home: Home, section: Any) -> None:
    set_up(home, "input_datetime", section, CONFIG_SCHEMA, InputDatetimeEntity, ITEM_FIELDS, _has_something)


DOMAIN = Domain(
    "input_datetime",
    services={
        "set_datetime": service(
            "input_datetime", "set_datetime", "set_datetime", "Sets the date, the time, or both.", _SET_DATETIME
        ),
    },
    entity=InputDatetimeEntity,
    virtual=virtual({"set_datetime": Rule(compute=_virtual_set)}),
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)
