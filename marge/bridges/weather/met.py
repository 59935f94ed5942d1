"""The forecast of the Norwegian Meteorological Institute (locationforecast 2.0), as weather and forecasts. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from marge.errors import Unreachable
from marge.util.dt import parse_iso

ATTRIBUTION = "Weather forecast from met.no, delivered by the Norwegian Meteorological Institute."
UNITS: Mapping[str, str] = MappingProxyType(
    {"temperature": "°C", "pressure": "hPa", "wind_speed": "m/s", "precipitation": "mm"}
)
MAX_ENTRIES = 500
HOURS, DAYS = 48, 10
_NOON = 12
_READINGS: Mapping[str, str] = MappingProxyType(
    {
        "temperature": "air_temperature", "humidity": "relative_humidity", "pressure": "air_pressure_at_sea_level",
        "wind_speed": "wind_speed", "wind_bearing": "wind_from_direction", "wind_gust_speed": "wind_speed_of_gust",
        "cloud_coverage": "cloud_area_fraction", "dew_point": "dew_point_temperature",
        "uv_index": "ultraviolet_index_clear_sky",
    }
)  # fmt: skip
_CONDITIONS: Mapping[str, str] = MappingProxyType(
    {"clearsky": "sunny", "fair": "partlycloudy", "partlycloudy": "partlycloudy", "cloudy": "cloudy", "fog": "fog"}
)


class Outlook(NamedTuple):
    """Values in `UNITS`. `readings`: now; `hourly`, `daily`: as `WeatherEntity.forecast` gives them."""

    condition: str | None
    readings: Mapping[str, float]
    hourly: tuple[Mapping[str, Any], ...]
    daily: tuple[Mapping[str, Any], ...]


class _Entry(NamedTuple):
    """One point in time. `hours`: how long its outlook is, 1 or 6; 0: it has none."""

    time: dt.datetime
    details: Mapping[str, Any]
    hours: int
    symbol: str
    outlook: Mapping[str, Any]


def condition_of(symbol: str) -> str | None:
    """Of a symbol such as `lightrainshowers_day`; None for one that nobody knows."""
    word, _, time_of_day = symbol.partition("_")
    if "thunder" in word:
        return "lightning-rainy"
    if "sleet" in word:
        return "snowy-rainy"
    if "snow" in word:
        return "snowy"
    if "rain" in word:
        return "pouring" if word.startswith("heavy") else "rainy"
    found = _CONDITIONS.get(word)
    return "clear-night" if found == "sunny" and time_of_day == "night" else found


def outlook(told: object, now: float, zone: dt.tzinfo | None = None) -> Outlook:
    """What a reply means at this time (UTC epoch seconds).

    Args:
        zone: the home's, in which days begin.

    Raises:
        Unreachable: it is no forecast.
    """
    entries = _entries(told)
    if not entries:
        raise Unreachable("The weather service sent no forecast")
    past = [entry for entry in entries if entry.time.timestamp() <= now]
    present = past[-1] if past else entries[0]
    rest = entries[entries.index(present) :]
    return Outlook(
        condition_of(present.symbol),
        _readings(present.details),
        tuple(_hour(entry) for entry in rest if entry.hours == 1)[:HOURS],
        _days(rest, zone or ZoneInfo("UTC")),
    )


def _entries(told: object) -> list[_Entry]:
    properties = told.get("properties") if isinstance(told, dict) else None
    series = properties.get("timeseries") if isinstance(properties, dict) else None
    found = [_entry(each) for each in (series if isinstance(series, list) else [])[:MAX_ENTRIES]]
    return sorted((each for each in found if each is not None), key=lambda entry: entry.time)


def _entry(told: object) -> _Entry | None:
    if not isinstance(told, dict) or not isinstance(told.get("time"), str):
        return None
    time, data = parse_iso(told["time"]), _table(told.get("data"))
    if time is None or time.tzinfo is None:
        return None
    details = _table(_table(data.get("instant")).get("details"))
    for hours in (1, 6):
        period = _table(data.get(f"next_{hours}_hours"))
        symbol = _table(period.get("summary")).get("symbol_code")
        if isinstance(symbol, str):
            return _Entry(time, details, hours, symbol, _table(period.get("details")))
    return _Entry(time, details, 0, "", {})


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
        return None
    return float(value)


def _readings(details: Mapping[str, Any]) -> dict[str, float]:
    found = {name: _number(details.get(theirs)) for name, theirs in _READINGS.items()}
    return {name: value for name, value in found.items() if value is not None}


def _hour(entry: _Entry) -> dict[str, Any]:
    shown: dict[str, Any] = {"datetime": entry.time.astimezone(dt.UTC).isoformat()}
    shown["condition"] = condition_of(entry.symbol)
    shown.update({name: value for name, value in _readings(entry.details).items() if name != "dew_point"})
    return {**shown, **_rain(entry.outlook)}


def _rain(details: Mapping[str, Any]) -> dict[str, float]:
    found = {}
    for name, theirs in (
        ("precipitation", "precipitation_amount"),
        ("precipitation_probability", "probability_of_precipitation"),
    ):
        value = _number(details.get(theirs))
        if value is not None:
            found[name] = value
    return found


def _days(entries: list[_Entry], zone: dt.tzinfo) -> tuple[dict[str, Any], ...]:
    by_day: dict[dt.date, list[_Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.time.astimezone(zone).date(), []).append(entry)
    days = [_day(date, entries, zone) for date, entries in sorted(by_day.items())]
    return tuple(day for day in days if day is not None)[:DAYS]


def _day(date: dt.date, entries: list[_Entry], zone: dt.tzinfo) -> dict[str, Any] | None:
    temperatures = [
        value
        for entry in entries
        for value in (
            _number(entry.details.get("air_temperature")),
            _number(entry.outlook.get("air_temperature_max")),
            _number(entry.outlook.get("air_temperature_min")),
        )
        if value is not None
    ]
    with_symbol = [entry for entry in entries if entry.symbol]
    if not temperatures or not with_symbol:
        return None
    middle = min(with_symbol, key=lambda entry: abs(entry.time.astimezone(zone).hour - _NOON))
    rain = [_rain(entry.outlook) for entry in entries]
    begin = dt.datetime.combine(date, dt.time(_NOON), zone)
    shown: dict[str, Any] = {
        "datetime": begin.astimezone(dt.UTC).isoformat(),
        "condition": condition_of(middle.symbol.replace("_night", "_day")),
        "temperature": max(temperatures), "templow": min(temperatures),
        "precipitation": round(sum(each.get("precipitation", 0.0) for each in rain), 1),
    }  # fmt: skip
    chances = [each["precipitation_probability"] for each in rain if "precipitation_probability" in each]
    if chances:
        shown["precipitation_probability"] = max(chances)
    readings = [_readings(entry.details) for entry in entries]
    for name in ("wind_speed", "humidity"):
        values = [each[name] for each in readings if name in each]
        if values:
            shown[name] = max(values) if name == "wind_speed" else round(sum(values) / len(values))
    noon = _readings(middle.details)
    if "wind_bearing" in noon:
        shown["wind_bearing"] = noon["wind_bearing"]
    return shown
