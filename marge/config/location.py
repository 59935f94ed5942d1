"""HA's `homeassistant:` block: where the home is and how it counts. Findings, never exceptions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from marge.config.keys import HOMEASSISTANT_KEYS, HOMEASSISTANT_NOT_SUPPORTED
from marge.config.nodes import Unresolved, location_of
from marge.config.problems import ConfigProblem, Problems, Severity, nearest
from marge.config.values import one_of, text

_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")


def _number(low: float, high: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                number = float(value)
            except ValueError:
                number = float("nan")
            if low <= number <= high:
                return number
        raise ValueError(f"a number from {low:g} to {high:g}")

    return read


def _elevation(value: object) -> int:
    return round(_number(-1000, 10_000)(value))


def _time_zone(value: object) -> ZoneInfo:
    name = text(value)
    if name in available_timezones():
        return ZoneInfo(name)
    close = nearest(name, {zone.lower(): zone for zone in available_timezones()})
    by_lower = {zone.lower(): zone for zone in available_timezones()}
    raise ValueError("a time zone of the tz database" + (f", such as {by_lower[close]}" if close else ""))


def _letters(count: int, what: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if isinstance(value, str) and len(value) == count and value.isascii() and value.isalpha():
            return value.upper()
        raise ValueError(what)

    return read


def _country(value: object) -> str:
    # an unquoted NO (Norway) is a boolean to YAML
    return "NO" if value is False else _letters(2, "a country code of two letters")(value)


def _language(value: object) -> str:
    if value is False:
        return "no"
    if isinstance(value, str) and _LANGUAGE.match(value):
        return value
    raise ValueError('a language such as "en" or "pt-BR"')


_READERS: dict[str, tuple[str, Callable[[object], Any]]] = {
    "name": ("location_name", text),
    "latitude": ("latitude", _number(-90, 90)),
    "longitude": ("longitude", _number(-180, 180)),
    "elevation": ("elevation", _elevation),
    "radius": ("radius", _number(1, 100_000)),
    "unit_system": ("unit_system", one_of("metric", "us_customary", imperial="us_customary")),
    "time_zone": ("time_zone", _time_zone),
    "currency": ("currency", _letters(3, "a currency code of three letters")),
    "country": ("country", _country),
    "language": ("language", _language),
    "internal_url": ("internal_url", text),
    "external_url": ("external_url", text),
}


def fields_of(block: dict[Any, Any]) -> set[str]:
    """The fields of `HomeConfig` that a block names."""
    return {_READERS[key][0] for key, value in block.items() if key in _READERS and value is not None}


def read_location(block: object, problems: Problems) -> dict[str, Any]:
    """The fields of `HomeConfig` that the block sets. What is wrong or missing is left out, so that defaults hold."""
    if block is None or isinstance(block, Unresolved):
        return {}
    if not isinstance(block, dict):
        where = location_of(block)
        problems.add(
            ConfigProblem(
                "error",
                where.file if where else None,
                where.line if where else None,
                "homeassistant",
                "`homeassistant:` wants a mapping",
            )
        )
        return {}
    fields: dict[str, Any] = {}

    def report(severity: Severity, key: object, message: str, hint: str | None = None) -> None:
        where = location_of(block, key)
        file, line = where if where else (None, None)
        problems.add(ConfigProblem(severity, file, line, f"homeassistant.{key}", message, hint))

    for key, value in block.items():
        if key in _READERS and value is not None and not isinstance(value, Unresolved):
            name, read = _READERS[key]
            try:
                fields[name] = read(value)
            except ValueError as error:
                report("error", key, f"homeassistant.{key} wants {error}", "the default is used")
        elif key in HOMEASSISTANT_NOT_SUPPORTED:
            report("warning", key, f"homeassistant.{key} is not supported by Marge and has no effect")
        elif key not in HOMEASSISTANT_KEYS:
            close = nearest(str(key), sorted(HOMEASSISTANT_KEYS))
            hint = f"did you mean `{close}`?" if close else None
            report("error", key, f"unknown key `{key}` below `homeassistant:`", hint)
    return fields
