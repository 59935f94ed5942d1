"""Dates, times, durations: reading them from text, converting, and how long ago."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from marge.templating.budget import current, too_long
from marge.templating.functions.book import MISSING, Book, HomeView, or_default
from marge.templating.operators import MAX_TIME_FORMAT, text_of
from marge.util.dt import from_epoch

_DATE_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d*)?)?"
    r"\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?\Z"
)
_CLOCK = re.compile(
    r"(?:(?P<days>-?\d+) (?:days?, )?)?(?P<sign>-?)(?:(?:(?P<hours>\d+):)(?=\d+:\d+))?(?:(?P<minutes>\d+):)?"
    r"(?P<seconds>\d+)(?:[.,](?P<micros>\d{1,6})\d*)?\Z"
)
_WORDED = re.compile(r"(?P<days>-?\d+) days?(?:,? (?P<rest>.+))?\Z")
_ISO = re.compile(
    r"(?P<sign>[-+]?)P(?:(?P<weeks>\d+(?:[.,]\d+)?)W)?(?:(?P<days>\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?\Z"
)
_UNITS = (
    ("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)
)


def parse_datetime(text: str) -> datetime | None:
    """The date and time that a text says; naive when it names no offset; None when it is none."""
    if len(text) > 64:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    match = _DATE_TIME.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        zone = None
        if offset == "Z":
            zone = UTC
        elif offset:
            zone = datetime.strptime(offset.replace(":", "").ljust(5, "0"), "%z").tzinfo  # type: ignore[assignment]
        return datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "0").ljust(6, "0")), tzinfo=zone,
        )
    except ValueError:
        return None


def parse_duration(text: str) -> timedelta | None:
    """A duration as `1:02:03`, `1 day 02:03:04`, `-00:10:00`, seconds, or ISO 8601 (`PT10M`); None when it is none."""
    if not isinstance(text, str):
        raise TypeError(f"expected string or bytes-like object, got '{type(text).__name__}'")
    if len(text) > 64:
        return None
    try:
        iso = _ISO.match(text)
        if iso is not None and any(iso.group(part) for part in ("weeks", "days", "hours", "minutes", "seconds")):
            values = {key: float(part.replace(",", ".")) for key, part in iso.groupdict().items()
                      if part and key != "sign"}
            duration = timedelta(**values)
            return -duration if iso.group("sign") == "-" else duration
        days = 0
        worded = _WORDED.match(text)
        if worded is not None:
            days, text = int(worded.group("days")), worded.group("rest") or "0"
        clock = _CLOCK.match(text)
        if clock is None:
            return None
        parts = {key: int(clock.group(key) or 0) for key in ("hours", "minutes", "seconds")}
        parts["microseconds"] = int((clock.group("micros") or "0").ljust(6, "0"))
        duration = timedelta(**parts)
        if clock.group("sign") == "-":
            duration = -duration
        return duration + timedelta(days=days + int(clock.group("days") or 0))
    except (ValueError, OverflowError):
        return None


def as_datetime(value: Any, default: Any = MISSING) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    try:
        return from_epoch(float(value))
    except (ValueError, TypeError, OverflowError):
        pass
    if isinstance(value, str):
        parsed = parse_datetime(value)
        return parsed if parsed is not None else None if default is MISSING else default
    return or_default("as_datetime", value, default)


def as_timestamp(value: Any, default: Any = MISSING) -> Any:
    # `hasattr` makes an unknown name fail as such.
    moment = value if hasattr(value, "timestamp") else parse_datetime(text_of(value))
    if not isinstance(moment, datetime):
        return or_default("as_timestamp", value, default)
    # A time without an offset counts as UTC, as recorded, wherever the server runs.
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()


def strptime(string: Any, fmt: Any, default: Any = MISSING) -> Any:
    try:
        too_long(len(fmt), MAX_TIME_FORMAT)
        return datetime.strptime(string, fmt)
    except (ValueError, AttributeError, TypeError):
        return or_default("strptime", string, default)


def as_timedelta(value: Any) -> timedelta | None:
    return parse_duration(value)


def _epoch(value: Any) -> datetime:
    if isinstance(value, str):
        raise TypeError("a number is needed")
    return from_epoch(value)


def span(difference: timedelta, precision: int) -> str:
    """`1 hour 30 minutes`: at most `precision` units, the last one rounded; 0 means all units."""
    left: float = round(difference.total_seconds())
    if left == 0:
        return "0 seconds"
    shown: list[str] = []
    for unit, seconds in _UNITS:
        if left < seconds:
            continue
        last = len(shown) + 1 == precision
        count = round(left / seconds) if last else int(left // seconds)
        shown.append(f"{count} {unit}" + ("" if count == 1 else "s"))
        if last:
            break
        left -= count * seconds
    return " ".join(shown)


def install(book: Book, home: HomeView) -> None:
    def note_time() -> None:
        render = current()
        if render is not None:
            render.info.has_time = True

    def zone() -> Any:
        return home.facts().time_zone

    def local_now() -> datetime:
        note_time()
        return from_epoch(home.now()).astimezone(zone())

    def now() -> datetime:
        return local_now()

    def utcnow() -> datetime:
        note_time()
        return from_epoch(home.now())

    def as_local(value: Any) -> datetime:
        if value.tzinfo is None:
            return value.replace(tzinfo=zone())
        return value.astimezone(zone())

    def today_at(time_str: str = "") -> datetime:
        start = local_now().replace(hour=0, minute=0, second=0, microsecond=0)
        if time_str == "":
            return start
        at = parse_time(time_str)
        if at is None:
            raise ValueError(f"could not convert {type(time_str).__name__} to datetime: '{time_str}'")
        return datetime.combine(start.date(), at, tzinfo=zone())

    def timestamp(name: str, shown: Callable[[datetime], str]) -> Callable[..., Any]:
        def convert(value: Any, default: Any = MISSING) -> Any:
            try:
                return shown(_epoch(value))
            except (ValueError, TypeError, OverflowError):
                return or_default(name, value, default)

        return convert

    def timestamp_custom(
        value: Any, date_format: str = "%Y-%m-%d %H:%M:%S", local: bool = True, default: Any = MISSING
    ) -> Any:
        try:
            moment = _epoch(value)
            too_long(len(date_format), MAX_TIME_FORMAT)
            return (as_local(moment) if local else moment).strftime(date_format)
        except (ValueError, TypeError, OverflowError):
            return or_default("timestamp_custom", value, default)

    def since(value: Any, precision: int, future: bool) -> Any:
        if not isinstance(value, datetime):
            note_time()
            return value
        moment, present = as_local(value), local_now()
        if (moment < present) is future:
            return value
        return span(moment - present if future else present - moment, precision)

    def relative_time(value: Any) -> Any:
        return since(value, 1, future=False)

    def time_since(value: Any, precision: int = 1) -> Any:
        return since(value, precision, future=False)

    def time_until(value: Any, precision: int = 1) -> Any:
        return since(value, precision, future=True)

    book.add("now", now, "g", home=True)
    book.add("utcnow", utcnow, "g", home=True)
    book.add("today_at", today_at, home=True)
    book.add("relative_time", relative_time, home=True)
    book.add("time_since", time_since, home=True)
    book.add("time_until", time_until, home=True)
    book.add("as_datetime", as_datetime)
    book.add("as_local", as_local)
    book.add("as_timestamp", as_timestamp, shown="forgiving_as_timestamp")
    book.add("as_timedelta", as_timedelta)
    book.add("strptime", strptime, "g")
    book.add("timedelta", timedelta, "g")
    book.add("timestamp_custom", timestamp_custom, "f")
    book.add("timestamp_local", timestamp("timestamp_local", lambda moment: as_local(moment).isoformat()), "f")
    book.add("timestamp_utc", timestamp("timestamp_utc", datetime.isoformat), "f")


def parse_time(text: Any) -> time | None:
    """`10:20` or `10:20:30`; None when it is no time of day."""
    parts = text_of(text).split(":")
    if not 2 <= len(parts) <= 3:
        return None
    try:
        return time(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else 0)
    except ValueError:
        return None
