"""Events that a calendar keeps: single ones, repeated ones, and what was changed or left out of a repetition.

Pure: immutable events in, occurrences out; safe from any thread. Times are kept as wall-clock times of a named zone, so
that a weekly event stays at ten o'clock when summer time begins. Not here: where they are saved, who changes them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marge.domains._calendar_schema import joined, parse_until, rule_parts
from marge.domains.calendar import CalendarEvent, Moment, moment
from marge.errors import HomeError
from marge.util.recurrence import FIRST_YEAR, LAST_YEAR, occurrences

MAX_EVENTS = 10_000
"""Of one calendar."""
MAX_OCCURRENCES = 5_000
"""Of one event in one answer: a daily event for over 13 years."""
_LOOK_AHEAD = dt.timedelta(days=366 * 30)
"""For the next occurrence: a rule that has none for so long is as good as over."""
_FAR = dt.datetime(9999, 12, 1)
_STAMPS = {True: "%Y%m%d", False: "%Y%m%dT%H%M%S"}
_FAST_STEPS = {"DAILY": 1, "WEEKLY": 7}


class NoSuchEvent(HomeError):
    """There is no event, or no occurrence, of this id."""


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """One event as it is kept.

    Attributes:
        start, end: naive wall-clock times in `zone`; of all-day events midnights.
        zone: name of the time zone; None: an all-day event, in whatever zone the home is.
        rule: RFC 5545's, without the prefix; excluded: starts of occurrences that are left out, or were changed.
        recurrence_id: the start of the occurrence that this one stands for; its `uid` is the repeated event's.
    """

    uid: str
    summary: str
    start: dt.datetime
    end: dt.datetime
    zone: str | None = None
    description: str | None = None
    location: str | None = None
    rule: str | None = None
    excluded: frozenset[dt.datetime] = frozenset()
    recurrence_id: str | None = None

    @property
    def all_day(self) -> bool:
        return self.zone is None

    def stamp(self, start: dt.datetime) -> str:
        """The `recurrence_id` of the occurrence that starts then."""
        return start.strftime(_STAMPS[self.all_day])

    def as_dict(self) -> dict[str, Any]:
        """For the database."""
        made = dataclasses.asdict(self)
        made["start"], made["end"] = self.start.isoformat(), self.end.isoformat()
        made["excluded"] = sorted(each.isoformat() for each in self.excluded)
        return {key: value for key, value in made.items() if value not in (None, [])}


def restored(document: Mapping[str, Any]) -> Stored:
    """An event as `as_dict` made it."""
    values = dict(document)
    values["start"], values["end"] = (dt.datetime.fromisoformat(values[key]) for key in ("start", "end"))
    values["excluded"] = frozenset(dt.datetime.fromisoformat(each) for each in values.get("excluded", ()))
    return Stored(**values)


def made(event: Mapping[str, Any], zone: ZoneInfo, uid: str | None = None) -> Stored:
    """A new event from what a client gave: `start` and `end` are days or aware times.

    Raises:
        HomeError: it begins too long ago, or too far ahead.
    """
    start, end = event["start"], event["end"]
    if not FIRST_YEAR <= start.year < LAST_YEAR or end.year > LAST_YEAR:
        raise HomeError(f"An event takes place between {FIRST_YEAR} and {LAST_YEAR}")
    timed = isinstance(start, dt.datetime)
    return Stored(
        uid=uid or str(uuid.uuid4()),
        summary=event["summary"],
        start=_naive(start, zone),
        end=_naive(end, zone),
        zone=zone.key if timed else None,
        description=event.get("description"),
        location=event.get("location"),
        rule=event.get("rrule") or None,
    )


# -- changing --------------------------------------------------------------------------------------------------------

Events = tuple[Stored, ...]


def added(events: Events, event: Stored) -> Events:
    """With one more.

    Raises:
        HomeError: the calendar is full.
    """
    if len(events) >= MAX_EVENTS:
        raise HomeError(f"A calendar keeps {MAX_EVENTS} events at most")
    return (*events, event)


def updated(events: Events, uid: str, event: Stored, recurrence_id: str | None, and_future: bool) -> Events:
    """With the event, or a part of its repetition, replaced by `event`.

    Raises:
        NoSuchEvent: no such event or occurrence.
        HomeError: the calendar is full.
    """
    series = _series(events, uid)
    if not recurrence_id or series.rule is None:
        return (*_without(events, uid), dataclasses.replace(event, uid=uid))
    start = _occurrence(events, series, recurrence_id)
    if and_future:
        left = deleted(events, uid, recurrence_id, True)
        rest = event
        if event.rule == series.rule:
            rest = dataclasses.replace(event, rule=_rest_of_rule(series, start))
        is_whole = not any(each.uid == uid for each in left)
        return added(left, dataclasses.replace(rest, uid=uid if is_whole else str(uuid.uuid4())))
    others = tuple(each for each in events if not (each.uid == uid and each.recurrence_id in (None, recurrence_id)))
    changed = dataclasses.replace(event, uid=uid, rule=None, recurrence_id=recurrence_id)
    base = dataclasses.replace(series, excluded=series.excluded | {start})
    return added((*others, base), changed)


def deleted(events: Events, uid: str, recurrence_id: str | None, and_future: bool) -> Events:
    """Without the event, an occurrence of it, or one and all that follow.

    Raises:
        NoSuchEvent: no such event or occurrence.
    """
    series = _series(events, uid)
    if not recurrence_id or series.rule is None:
        return _without(events, uid)
    start = _occurrence(events, series, recurrence_id)
    if and_future:
        return _cut(events, series, start)
    others = tuple(each for each in events if not (each.uid == uid and each.recurrence_id in (None, recurrence_id)))
    base = dataclasses.replace(series, excluded=series.excluded | {start})
    left = (*others, base)
    return left if _is_anything_left(left, uid) else _without(events, uid)


def _cut(events: Events, series: Stored, start: dt.datetime) -> Events:
    """Without the occurrences from `start` on."""
    if start <= series.start:
        return _without(events, series.uid)
    parts = rule_parts(series.rule or "")
    parts.pop("COUNT", None)
    last = start - (dt.timedelta(days=1) if series.all_day else dt.timedelta(seconds=1))
    parts["UNTIL"] = last.strftime(_STAMPS[series.all_day])
    base = dataclasses.replace(series, rule=joined(parts))
    kept = tuple(
        each
        for each in events
        if each.uid != series.uid
        or (each.recurrence_id is not None and each.recurrence_id < series.stamp(start))
    )
    left = (*kept, base)
    return left if _is_anything_left(left, series.uid) else _without(events, series.uid)


def _rest_of_rule(series: Stored, start: dt.datetime) -> str | None:
    """The rule for what follows `start`: a number of times is what is left of it."""
    parts = rule_parts(series.rule or "")
    if "COUNT" in parts:
        before = sum(1 for _each in itertools.takewhile(lambda each: each < start, _starts(series, None, start)))
        parts["COUNT"] = str(max(int(parts["COUNT"]) - before, 1))
    return joined(parts)


def _series(events: Events, uid: str) -> Stored:
    found = next((each for each in events if each.uid == uid and each.recurrence_id is None), None)
    if found is None:
        raise NoSuchEvent(uid)
    return found


def _occurrence(events: Events, series: Stored, recurrence_id: str) -> dt.datetime:
    """When the occurrence of this id starts, or did before it was changed."""
    try:
        start = dt.datetime.strptime(recurrence_id, _STAMPS[series.all_day])
    except ValueError as exc:
        raise NoSuchEvent(recurrence_id) from exc
    changed = any(each.uid == series.uid and each.recurrence_id == recurrence_id for each in events)
    if not changed and start not in itertools.islice(_starts(series, start, start), 2):
        raise NoSuchEvent(recurrence_id)
    return start


def _is_anything_left(events: Events, uid: str) -> bool:
    return any(
        each.recurrence_id is not None or next(_starts(each, None, _shifted(each.start, _LOOK_AHEAD)), None) is not None
        for each in events
        if each.uid == uid
    )


def _without(events: Events, uid: str) -> Events:
    return tuple(each for each in events if each.uid != uid)


# -- looking up ------------------------------------------------------------------------------------------------------


def between(events: Iterable[Stored], start: dt.datetime, end: dt.datetime, home: ZoneInfo) -> list[CalendarEvent]:
    """The occurrences that overlap the time from `start` to `end` (aware), in order."""
    found = [
        occurrence
        for each in events
        for occurrence in itertools.islice(_occurrences(each, start, end, home), MAX_OCCURRENCES)
    ]
    return sorted(found, key=lambda each: (moment(each.start, home), not each.all_day, each.summary))


def now_or_next(events: Iterable[Stored], now: dt.datetime, home: ZoneInfo) -> CalendarEvent | None:
    """The event that runs, or comes next; the one that begins first."""
    horizon, end = _shifted(now.replace(tzinfo=None), _LOOK_AHEAD).replace(tzinfo=dt.UTC), _FAR.replace(tzinfo=dt.UTC)
    coming = (next(_occurrences(each, now, end if each.rule is None else horizon, home), None) for each in events)
    return min((each for each in coming if each is not None), key=lambda each: moment(each.start, home), default=None)


def _occurrences(
    event: Stored, start: dt.datetime, end: dt.datetime, home: ZoneInfo
) -> Iterator[CalendarEvent]:
    zone = home if event.zone is None else _zone(event.zone, home)
    lasts = event.end - event.start
    # A day on either side: what overlaps is decided below, on aware times.
    first = _shifted(start.astimezone(zone).replace(tzinfo=None), -lasts - dt.timedelta(days=1))
    last = _shifted(end.astimezone(zone).replace(tzinfo=None), dt.timedelta(days=1))
    for each in _starts(event, first, last):
        began, ended = each.replace(tzinfo=zone), (each + lasts).replace(tzinfo=zone)
        if began.timestamp() >= end.timestamp() or ended.timestamp() <= start.timestamp():
            continue
        is_part = event.rule is not None
        yield CalendarEvent(
            start=each.date() if event.all_day else _real(began),
            end=(each + lasts).date() if event.all_day else _real(ended),
            summary=event.summary,
            description=event.description,
            location=event.location,
            uid=event.uid,
            recurrence_id=event.stamp(each) if is_part else event.recurrence_id,
            rrule=event.rule,
        )


def _starts(event: Stored, first: dt.datetime | None, last: dt.datetime) -> Iterator[dt.datetime]:
    """When occurrences start, from `first` to `last` (naive)."""
    if event.rule is None:
        yield event.start
        return
    parts = rule_parts(event.rule)
    count = int(parts.pop("COUNT", 0)) or None
    until = _until(parts.pop("UNTIL", None), event)
    begin = event.start
    if first is not None and count is None:
        begin = _fast_forward(event.start, first, parts)
    for start in itertools.islice(occurrences(joined(parts), begin, min(last, until)), count):
        if start not in event.excluded and (first is None or start >= first):
            yield start


def _fast_forward(start: dt.datetime, first: dt.datetime, parts: Mapping[str, str]) -> dt.datetime:
    """A later start with the same occurrences from `first` on: days and weeks repeat evenly."""
    step = _FAST_STEPS.get(parts.get("FREQ", ""))
    if step is None or first <= start:
        return start
    days = step * int(parts.get("INTERVAL", 1))
    return start + dt.timedelta(days=(first - start).days // days * days)


def _until(text: str | None, event: Stored) -> dt.datetime:
    if text is None:
        return _FAR
    until = parse_until(text)
    if not isinstance(until, dt.datetime):
        return dt.datetime.combine(until, dt.time.max)
    if until.tzinfo is not None:
        zone = dt.UTC if event.zone is None else _zone(event.zone, dt.UTC)
        return until.astimezone(zone).replace(tzinfo=None)
    return until


def _shifted(time: dt.datetime, by: dt.timedelta) -> dt.datetime:
    try:
        return min(max(time + by, dt.datetime(1, 1, 3)), _FAR)
    except OverflowError:
        return _FAR if by > dt.timedelta(0) else dt.datetime(1, 1, 3)


def _real(time: dt.datetime) -> dt.datetime:
    """A wall-clock time that summer time skipped, as the time that the clocks show then."""
    return time.astimezone(dt.UTC).astimezone(time.tzinfo)


def _naive(value: Moment, zone: ZoneInfo) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    return dt.datetime.combine(value, dt.time.min)


@lru_cache(maxsize=700)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone; None: unknown. The first look at one may import: it is taken on the hub (`warm`), so that native
    threads find it here."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def warm(events: Iterable[Stored]) -> None:
    """Look up the zones of events that are about to go to a native thread."""
    for name in {each.zone for each in events if each.zone is not None}:
        zone_named(name)


def _zone(name: str, otherwise: Any) -> Any:
    return zone_named(name) or otherwise
