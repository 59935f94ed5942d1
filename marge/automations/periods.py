"""Lengths of time as users write them: seconds, `HH:MM[:SS[.F]]`, or a mapping of units. Pure; renders no templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import voluptuous as vol

from marge.util.schema import PERIOD, shaped

_UNITS = ("days", "hours", "minutes", "seconds", "milliseconds")


@shaped(PERIOD)
def time_period(value: Any) -> timedelta:
    """`5`, `"5"`, `"00:05"`, `"-00:00:05.5"` or `{"minutes": 5}` as a timedelta.

    Raises:
        vol.Invalid: it is none of these; the text is the one HA's users see.
    """
    if isinstance(value, timedelta):
        return value
    if isinstance(value, bool) or value is None:
        raise vol.Invalid("offset {} should be format 'HH:MM', 'HH:MM:SS' or 'HH:MM:SS.F'".format(value))  # noqa: UP032
    if isinstance(value, (int, float)):
        return _from_seconds(float(value), value)
    if isinstance(value, Mapping):
        return _from_units(value)
    if isinstance(value, str):
        return _from_text(value)
    raise _bad(value)


@shaped(PERIOD)
def positive_time_period(value: Any) -> timedelta:
    """As `time_period`, and not negative.

    Raises:
        vol.Invalid: malformed or negative.
    """
    period = time_period(value)
    if period < timedelta(0):
        raise vol.Invalid("Time period should be positive")
    return period


def _bad(value: Any) -> vol.Invalid:
    return vol.Invalid(f"offset {value} should be format 'HH:MM', 'HH:MM:SS' or 'HH:MM:SS.F'")


def _from_seconds(seconds: float, shown: Any) -> timedelta:
    try:
        return timedelta(seconds=seconds)
    except (OverflowError, ValueError) as exc:
        raise _bad(shown) from exc


def _from_units(value: Mapping[Any, Any]) -> timedelta:
    if not value:
        raise vol.Invalid("must contain at least one of days, hours, minutes, seconds, milliseconds.")
    numbers: dict[str, float] = {}
    for unit, amount in value.items():
        if unit not in _UNITS:
            raise vol.Invalid("extra keys not allowed", path=[unit])
        try:
            numbers[unit] = float(amount)
        except (TypeError, ValueError) as exc:
            raise vol.Invalid("expected float", path=[unit]) from exc
    try:
        return timedelta(**numbers)
    except (OverflowError, ValueError) as exc:
        raise _bad(dict(value)) from exc


def _from_text(text: str) -> timedelta:
    stripped = text.strip()
    try:
        return _from_seconds(float(stripped), text)
    except ValueError:
        pass
    sign = -1 if stripped.startswith("-") else 1
    parts = stripped.lstrip("+-").split(":")
    if len(parts) not in (2, 3):
        raise _bad(text)
    try:
        hours, minutes = int(parts[0]), int(parts[1])
        seconds = float(parts[2]) if len(parts) == 3 else 0.0
        return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (ValueError, OverflowError) as exc:
        raise _bad(text) from exc


def period_text(period: timedelta) -> str:
    """As it is shown in a script's `last_action`: `0:00:00.800000`."""
    return str(period)
