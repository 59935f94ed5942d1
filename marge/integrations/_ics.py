"""Events from an iCalendar file (RFC 5545). Pure; safe from any thread. What cannot be understood is left out, counted.

Read: VEVENT with start, end or duration, texts, repetition, what is left out of it and changed in it. Not read: alarms,
to-dos, attendees, time zones that the file defines itself (the name has to be a known one, else the home's holds).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

import voluptuous as vol

from marge.domains._calendar_schema import rrule
from marge.errors import InvalidRequest
from marge.integrations._events import MAX_EVENTS, Events, Stored, zone_named
from marge.util.recurrence import FIRST_YEAR, LAST_YEAR

_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+={_VALUE}(?:,{_VALUE})*)*):(.*)", re.DOTALL)
_TZID = re.compile(r';TZID=("[^"\r\n]{1,100}"|[^";:\r\n]{1,100})')
MAX_ZONES = 100
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)')
_DURATION = re.compile(r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?")
_ESCAPED = re.compile(r"\\(.)")
_MOMENT = dt.timedelta(minutes=1)
"""How long an event is shown that has no length."""
MAX_TEXT = 20_000


class Imported(NamedTuple):
    """What a file holds. `skipped`: events that are left out."""

    events: Events
    skipped: int


class _Property(NamedTuple):
    parameters: Mapping[str, str]
    value: str


class _When(NamedTuple):
    """A time as it is kept: naive, in `zone`; None: a day."""

    time: dt.datetime
    zone: str | None


def zones(text: str) -> list[str]:
    """The names of time zones in a file, for looking them up on the hub before `parse` goes to a native thread."""
    names = dict.fromkeys(match[1].strip('"') for match in _TZID.finditer(text))
    return [*itertools.islice(names, MAX_ZONES), "UTC"]


def parse(text: str, home: ZoneInfo) -> Imported:
    """The events of a file.

    Raises:
        InvalidRequest: it is no calendar, or too large.
    """
    if not text.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR"):
        raise InvalidRequest("not an iCalendar file")
    series: dict[str, Stored] = {}
    changed: list[tuple[Stored, _When, bool]] = []
    skipped = 0
    for number, properties in enumerate(_events(text)):
        if number >= MAX_EVENTS:
            raise InvalidRequest(f"a calendar keeps {MAX_EVENTS} events at most")
        try:
            event = _event(properties, home)
            cancelled = properties.get("STATUS", [_Property({}, "")])[0].value.upper() == "CANCELLED"
            if "RECURRENCE-ID" in properties:
                changed.append((event, _when(properties["RECURRENCE-ID"][0], home), cancelled))
            elif not cancelled:
                series[event.uid] = event
        except (ValueError, KeyError, OverflowError, vol.Invalid):
            skipped += 1
    return Imported(_joined(series, changed), skipped)


def _joined(series: dict[str, Stored], changed: list[tuple[Stored, _When, bool]]) -> Events:
    """Changed occurrences beside the events that they belong to."""
    parts = []
    for event, when, cancelled in changed:
        whole = series.get(event.uid)
        if whole is None or whole.rule is None:
            if not cancelled:
                parts.append(dataclasses.replace(event, uid=str(uuid.uuid4()), rule=None))
            continue
        start = _in_zone(when, whole)
        series[event.uid] = dataclasses.replace(whole, excluded=whole.excluded | {start})
        if not cancelled:
            parts.append(dataclasses.replace(event, rule=None, recurrence_id=whole.stamp(start)))
    return (*series.values(), *parts)


def _events(text: str) -> Iterator[dict[str, list[_Property]]]:
    """The properties of each event, without those of what is nested in it."""
    path: list[str] = []
    found: dict[str, list[_Property]] = {}
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        match = _LINE.fullmatch(line.strip("\ufeff"))
        if match is None:
            continue
        name, value = match[1].upper(), match[3]
        if name == "BEGIN":
            path.append(value.strip().upper())
            if path[-1] == "VEVENT":
                found = {}
        elif name == "END":
            if path and path.pop() == "VEVENT":
                yield found
        elif path and path[-1] == "VEVENT":
            parameters = {key.upper(): each.strip('"') for key, each in _PARAMETER.findall(match[2])}
            found.setdefault(name, []).append(_Property(parameters, value))


def _event(properties: Mapping[str, list[_Property]], home: ZoneInfo) -> Stored:
    start = _when(properties["DTSTART"][0], home)
    if not FIRST_YEAR <= start.time.year < LAST_YEAR:
        raise ValueError("too long ago, or too far ahead")
    rule = properties["RRULE"][0].value.strip() if "RRULE" in properties else None
    texts = {key: _text(properties.get(key)) for key in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION")}
    event = Stored(
        uid=texts["UID"] or str(uuid.uuid4()),
        summary=texts["SUMMARY"] or "",
        start=start.time,
        end=start.time,
        zone=start.zone,
        description=texts["DESCRIPTION"],
        location=texts["LOCATION"],
        rule=None if rule is None else rrule(rule),
    )
    excluded = {
        _in_zone(_when(_Property(each.parameters, value), home), event)
        for each in properties.get("EXDATE", ())
        for value in each.value.split(",")
    }
    end = _end(properties, event, home)
    if end.year > LAST_YEAR:
        raise ValueError("too long")
    return dataclasses.replace(event, end=end, excluded=frozenset(excluded))


def _end(properties: Mapping[str, list[_Property]], event: Stored, home: ZoneInfo) -> dt.datetime:
    shortest = dt.timedelta(days=1) if event.all_day else _MOMENT
    if "DTEND" in properties:
        return max(_in_zone(_when(properties["DTEND"][0], home), event), event.start + shortest)
    if "DURATION" in properties:
        match = _DURATION.fullmatch(properties["DURATION"][0].value.strip())
        if match is None:
            raise ValueError("no duration")
        weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
        lasts = dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        return event.start + max(lasts, shortest)
    return event.start + shortest


def _when(given: _Property, home: ZoneInfo) -> _When:
    value = given.value.strip()
    if given.parameters.get("VALUE", "").upper() == "DATE" or "T" not in value:
        return _When(dt.datetime.strptime(value, "%Y%m%d"), None)
    if value.endswith("Z"):
        return _When(dt.datetime.strptime(value, "%Y%m%dT%H%M%SZ"), "UTC")
    zone = given.parameters.get("TZID", home.key)
    return _When(dt.datetime.strptime(value, "%Y%m%dT%H%M%S"), home.key if zone_named(zone) is None else zone)


def _in_zone(when: _When, event: Stored) -> dt.datetime:
    """A time as the event has its own."""
    if event.zone is None:
        return when.time.replace(hour=0, minute=0, second=0)
    if when.zone is None or when.zone == event.zone:
        return when.time
    return when.time.replace(tzinfo=zone_named(when.zone)).astimezone(zone_named(event.zone)).replace(tzinfo=None)


def _text(found: list[_Property] | None) -> str | None:
    if not found:
        return None
    return _ESCAPED.sub(lambda each: "\n" if each[1] in "nN" else each[1], found[0].value)[:MAX_TEXT].strip() or None
