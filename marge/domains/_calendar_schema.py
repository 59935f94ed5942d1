"""What a calendar event may look like: of the services, and of the clients' own forms.

Here: validation, with the error texts HA's clients know. Not here: calendars.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import voluptuous as vol

from marge.domains import _validators as validate
from marge.domains._catalog import whole
from marge.domains._validators import string
from marge.util.recurrence import occurrences

_MIN_DURATION = dt.timedelta(seconds=1)
_FREQUENCIES = frozenset(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_MAX_RULE = 1_000
_MAX_COUNT = 10_000
_MAX_INTERVAL = 1_000
_TEST_START = dt.datetime(2152, 1, 1)
"""A leap year, near enough to the last one that a rule which never takes place is found out in 20 ms."""


def _exactly_one(*keys: str) -> Callable[[Any], Any]:
    at_least = validate.has_at_least_one_key(*keys)

    def check(data: Any) -> Any:
        at_least(data)
        if sum(key in data for key in keys) > 1:
            raise vol.Invalid(f"must contain at most one of {', '.join(keys)}.")
        return data

    return check


def _same_type(*keys: str) -> Callable[[Any], Any]:
    def check(data: Any) -> Any:
        if len({isinstance(data[key], dt.datetime) for key in keys}) > 1:
            raise vol.Invalid(f"Expected all values to be the same type: {keys}")
        return data

    return check


def _same_zone(*keys: str) -> Callable[[Any], Any]:
    def check(data: Any) -> Any:
        times = [data[key] for key in keys if isinstance(data.get(key), dt.datetime)]
        if len({each.utcoffset() for each in times}) > 1 and any(each.tzinfo is None for each in times):
            raise vol.Invalid("Expected all values to have the same timezone")
        return data

    return check


def _lasts(start_key: str, end_key: str) -> Callable[[Any], Any]:
    def check(data: Any) -> Any:
        start, end = data.get(start_key), data.get(end_key)
        if start is not None and end is not None and end - start < _MIN_DURATION:
            raise vol.Invalid(f"Expected minimum event duration of {_MIN_DURATION} ({start}, {end})")
        return data

    return check


def _positive(data: Any) -> Any:
    duration, start, end = (data.get(key) for key in ("duration", "start_date_time", "end_date_time"))
    if duration is not None:
        if duration <= dt.timedelta(0):
            raise vol.Invalid(f"Expected positive duration ({duration})")
    elif start is not None and end is not None and _sortable(start) >= _sortable(end):
        raise vol.Invalid(f"Expected end time to be after start time ({start}, {end})")
    return data


def _sortable(time: dt.datetime) -> dt.datetime:
    return time.replace(tzinfo=None) if time.tzinfo is None else time.astimezone(dt.UTC).replace(tzinfo=None)


def rrule(value: Any) -> str:
    """A repetition by days, weeks, months or years, as RFC 5545 writes it."""
    if value is None:
        raise vol.Invalid("rrule value is None")
    if not isinstance(value, str):
        raise vol.Invalid("rrule value expected a string")
    parts = rule_parts(value)
    if not parts.get("FREQ"):
        raise vol.Invalid("rrule did not contain FREQ")
    if parts["FREQ"] not in _FREQUENCIES:
        raise vol.Invalid(f"Invalid frequency for rule: {value}")
    if len(value) > _MAX_RULE or any(key in parts for key in _TIMES_OF_DAY):
        raise vol.Invalid(f"Invalid rrule '{value}': an event takes place once a day")
    try:
        until = parts.pop("UNTIL", None)
        if until is not None:
            parse_until(until)
        if not 0 < int(parts.pop("COUNT", 1)) <= _MAX_COUNT:
            raise ValueError(f"COUNT is from 1 to {_MAX_COUNT}")
        if not 0 < int(parts.get("INTERVAL", 1)) <= _MAX_INTERVAL:
            raise ValueError(f"INTERVAL is from 1 to {_MAX_INTERVAL}")
        if next(occurrences(joined(parts), _TEST_START), None) is None:
            raise ValueError("it never takes place")
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as exc:
        raise vol.Invalid(f"Invalid rrule '{value}': {exc}") from exc
    return value


def rule_parts(rule: str) -> dict[str, str]:
    """`FREQ=DAILY;COUNT=3` as a mapping.

    Raises:
        vol.Invalid: not of that form.
    """
    parts = {}
    for part in rule.removeprefix("RRULE:").strip(";").split(";"):
        key, equals, value = part.partition("=")
        if not equals or not value:
            raise vol.Invalid(f"Invalid rrule '{rule}': `{part}` is not KEY=VALUE")
        parts[key.strip().upper()] = value.strip()
    return parts


def joined(parts: dict[str, str]) -> str:
    return ";".join(f"{key}={value}" for key, value in parts.items())


def parse_until(text: str) -> dt.date | dt.datetime:
    """`20270107`, `20270107T100000` or the same with `Z`.

    Raises:
        ValueError: none of these.
    """
    if "T" not in text:
        return dt.datetime.strptime(text, "%Y%m%d").date()
    if text.endswith("Z"):
        return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%S")


_IN = vol.Schema(
    {
        vol.Exclusive("days", "event_types"): validate.positive_int,
        vol.Exclusive("weeks", "event_types"): validate.positive_int,
    }
)
_DATES = ("dates", "Start and end dates must both be specified")
_TIMES = ("datetimes", "Start and end datetimes must both be specified")

CREATE_EVENT = whole(
    {
        vol.Required("summary"): string,
        vol.Optional("description", default=""): string,
        vol.Optional("location"): string,
        vol.Inclusive("start_date", *_DATES): validate.date,
        vol.Inclusive("end_date", *_DATES): validate.date,
        vol.Inclusive("start_date_time", *_TIMES): validate.datetime,
        vol.Inclusive("end_date_time", *_TIMES): validate.datetime,
        vol.Optional("in"): _IN,
    },
    before=(_exactly_one("start_date", "start_date_time", "in"),),
    after=(
        _same_zone("start_date_time", "end_date_time"),
        _lasts("start_date", "end_date"),
        _lasts("start_date_time", "end_date_time"),
    ),
)

GET_EVENTS = whole(
    {
        vol.Optional("start_date_time"): validate.datetime,
        vol.Optional("end_date_time"): validate.datetime,
        vol.Optional("duration"): validate.time_period,
    },
    before=(_exactly_one("end_date_time", "duration"),),
    after=(_positive,),
)

EVENT = vol.All(
    {
        vol.Required("dtstart"): vol.Any(validate.date, validate.datetime),
        vol.Required("dtend"): vol.Any(validate.date, validate.datetime),
        vol.Required("summary"): string,
        vol.Optional("rrule"): rrule,
        vol.Optional("description"): string,
        vol.Optional("location"): string,
    },
    _same_type("dtstart", "dtend"),
    _same_zone("dtstart", "dtend"),
    _lasts("dtstart", "dtend"),
)
