"""Validators that the domains' schemas share, with the error texts HA's clients know.

Here: pure functions from a value to the clean value, raising `vol.Invalid`. Not here: any one domain's rules.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import voluptuous as vol

from marge.model import valid_entity_id
from marge.util.schema import ENTITY_ID, ENTITY_IDS, PERIOD, ensure_list, shaped, string
from marge.util.schema import boolean as boolean  # for the domains
from marge.util.slug import slugify

Validator = Callable[[Any], Any]


@shaped({"type": "integer"})
def integer(value: Any) -> int:
    """A whole number, also from text; fractions are cut."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError) as exc:
        raise vol.CoerceInvalid("expected int") from exc


@shaped({"type": "number"})
def number(value: Any) -> float:
    """A finite number, also from text. NaN and infinity pass every range check or break every sum: they are refused."""
    try:
        result = float(value)
    except (TypeError, ValueError, OverflowError) as exc:
        raise vol.CoerceInvalid("expected float") from exc
    if not math.isfinite(result):
        raise vol.CoerceInvalid("expected float")
    return result


byte = vol.All(integer, vol.Range(min=0, max=255))
small_float = vol.All(number, vol.Range(min=0, max=1))
positive_int = vol.All(integer, vol.Range(min=0))
positive_float = vol.All(number, vol.Range(min=0))
percentage = vol.All(integer, vol.Range(min=0, max=100))
latitude = vol.All(number, vol.Range(min=-90, max=90), msg="invalid latitude")
longitude = vol.All(number, vol.Range(min=-180, max=180), msg="invalid longitude")
gps = vol.ExactSequence([latitude, longitude])

_OFFSET = re.compile(r"^([+-]?)(\d+):(\d\d?)(?::(\d\d?(?:\.\d+)?))?$")
_MAX_PERIOD_S = 100 * 366 * 86_400.0  # a century: beyond it the value is a mistake, and arithmetic would overflow
_SLUG = re.compile(r"^[a-z0-9_]+\Z")
_NAIVE = re.compile(
    r"^(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d*)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$"
)


def list_of(validator: Validator) -> Validator:
    checked: Validator = vol.All(ensure_list, [validator])
    return checked


@shaped(ENTITY_ID)
def entity_id(value: Any) -> str:
    text = string(value).strip().lower()
    if valid_entity_id(text):
        return text
    raise vol.Invalid(f"Entity ID {value} is an invalid entity ID")


@shaped(ENTITY_IDS)
def entity_ids(value: Any) -> list[str]:
    """Entity ids from a list or a text with commas."""
    if value is None:
        raise vol.Invalid("Entity IDs can not be None")
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if not isinstance(value, list):
        raise vol.Invalid("Entity IDs should be a list or a text")
    return [entity_id(part) for part in value]


@shaped({"type": "string", "pattern": "^[a-z0-9][a-z0-9_]*$"})
def slug(value: Any) -> str:
    if value is None:
        raise vol.Invalid("Slug should not be None")
    text = str(value)
    if _SLUG.match(text) and not text.startswith("_") and not text.endswith("_"):
        return text
    raise vol.Invalid(f"invalid slug {text} (try {slugify(text)})")


@shaped({"type": "string", "pattern": ":"})
def icon(value: Any) -> str:
    text = str(value)
    if ":" in text:
        return text
    raise vol.Invalid('Icons should be specified in the form "prefix:name"')


def one_of(*choices: str) -> Validator:
    """Exactly one of these values; the error names them."""
    checked: Validator = vol.In(choices)
    return checked


def has_at_least_one_key(*keys: str) -> Validator:
    """For a whole mapping."""

    @shaped({"anyOf": [{"required": [key]} for key in keys]})
    def validate(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise vol.Invalid("expected dictionary")
        if any(key in value for key in keys):
            return value
        raise vol.Invalid(f"must contain at least one of {', '.join(keys)}.")

    return validate


def _seconds(total: float) -> dt.timedelta:
    if not abs(total) <= _MAX_PERIOD_S:  # also catches NaN
        raise vol.Invalid(f"Expected seconds, got {total}")
    return dt.timedelta(seconds=total)


def _period_from_text(value: Any) -> dt.timedelta:
    if not isinstance(value, str):
        raise vol.Invalid("expected a text")
    match = _OFFSET.match(value)
    if match is None or int(match[3]) > 59 or float(match[4] or 0) >= 60:
        raise vol.Invalid(f"offset {value} should be format 'HH:MM', 'HH:MM:SS' or 'HH:MM:SS.F'")
    total = int(match[2][:9]) * 3600 + int(match[3]) * 60 + float(match[4] or 0)
    return _seconds(-total if match[1] == "-" else total)


@shaped(PERIOD)
def time_period(value: Any) -> dt.timedelta:
    """A duration: seconds, `HH:MM:SS`, a mapping of units, or a timedelta."""
    if isinstance(value, dt.timedelta):
        return value
    if isinstance(value, Mapping):
        units = ("days", "hours", "minutes", "seconds", "milliseconds")
        factors = (86_400.0, 3600.0, 60.0, 1.0, 0.001)
        unknown = [key for key in value if key not in units]
        if unknown:
            raise vol.Invalid(f"extra keys not allowed @ data['{unknown[0]}']")
        if not value:
            raise vol.Invalid(f"must contain at least one of {', '.join(units)}.")
        try:
            parts = (float(value.get(unit, 0)) * factor for unit, factor in zip(units, factors, strict=True))
            return _seconds(sum(parts))
        except (TypeError, ValueError) as exc:
            raise vol.Invalid("expected float") from exc
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _seconds(float(value))
    if isinstance(value, str) and ":" not in value:
        try:
            return _seconds(float(value))
        except ValueError:
            pass  # the text's own error says which formats there are
    return _period_from_text(value)


@shaped(PERIOD)
def positive_time_period(value: Any) -> dt.timedelta:
    period = time_period(value)
    if period < dt.timedelta(0):
        raise vol.Invalid("Time period should be positive")
    return period


@shaped({"type": "string", "format": "date"})
def date(value: Any) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise vol.Invalid("Could not parse date") from exc


@shaped({"type": "string", "examples": ["07:30:00"]})
def time(value: Any) -> dt.time:
    """A time of day, `HH:MM` or `HH:MM:SS`."""
    if isinstance(value, dt.time):
        return value
    if not isinstance(value, str):
        raise vol.Invalid("Not a parseable type")
    parts = value.split(":")
    try:
        if not 2 <= len(parts) <= 3:
            raise ValueError(value)
        return dt.time(int(parts[0]), int(parts[1]), int(float(parts[2])) if len(parts) == 3 else 0)
    except ValueError as exc:
        raise vol.Invalid(f"Invalid time specified: {value}") from exc


@shaped({"type": "string", "examples": ["2026-01-01 07:30:00"]})
def datetime(value: Any) -> dt.datetime:
    """A date and time; without an offset it is the home's local time and stays naive."""
    if isinstance(value, dt.datetime):
        return value
    match = _NAIVE.match(value) if isinstance(value, str) else None
    if match is not None:
        try:
            year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
            second, microsecond = int(match[6] or 0), int((match[7] or "0").ljust(6, "0"))
            parsed = dt.datetime(year, month, day, hour, minute, second, microsecond)
            return parsed if match[8] is None else parsed.replace(tzinfo=_offset(match[8]))
        except (ValueError, OverflowError):
            pass  # the same error as for any other text
    raise vol.Invalid(f"Invalid datetime specified: {value}")


def _offset(text: str) -> dt.timezone:
    if text == "Z":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    span = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-span if text[0] == "-" else span)


def keys_of(schema: Collection[Any]) -> set[str]:
    """The plain names of a schema's keys."""
    return {str(key.schema if isinstance(key, vol.Marker) else key) for key in schema}
