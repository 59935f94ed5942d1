"""Weather of two places, with forecasts that begin today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.devices.air_quality import ATTRIBUTION
from marge.bridges.demo.item import Item, with_fields
from marge.bridges.demo.later import SlowEntity
from marge.domains.weather import WeatherEntity, home_units
from marge.util.dt import from_epoch

if TYPE_CHECKING:
    from marge.home import Home

AFTERNOON = 16
NEWS_S = 1800.0

Outlook = tuple[tuple[str, float, float, float, int], ...]
"""Condition, rain, highest and lowest temperature, chance of rain in percent; a row a period."""

_SOUTH: Outlook = (
    ("rainy", 1, 22, 15, 60), ("rainy", 5, 19, 8, 30), ("cloudy", 0, 15, 9, 10), ("sunny", 0, 12, 6, 0),
    ("partlycloudy", 2, 14, 7, 20), ("rainy", 15, 18, 7, 0), ("fog", 0.2, 21, 12, 100),
)  # fmt: skip
_NORTH_DAYS: Outlook = (
    ("snowy", 0.2, 3, -14, 80), ("snowy", 0.4, 5, -9, 90), ("cloudy", 0, 10, -4, 20), ("sunny", 0, 14, 1, 0),
    ("partlycloudy", 0, 12, 0, 10), ("windy", 0, 8, -6, 10), ("snowy", 0.1, 4, -11, 50),
)  # fmt: skip
_NORTH_HOURS: Outlook = (
    ("rainy", 0.1, -12, -12, 70), ("rainy", 0.1, -11, -12, 70), ("snowy", 0.1, -10, -11, 80),
    ("snowy", 0, -9, -10, 60), ("cloudy", 0, -8, -9, 30), ("cloudy", 0, -8, -8, 20), ("sunny", 0, -6, -8, 0),
)  # fmt: skip
_NORTH_HALVES: Outlook = (
    ("snowy", 0.2, 3, -8, 80), ("cloudy", 0, -8, -14, 30), ("snowy", 0.4, 5, -2, 90), ("clear-night", 0, -2, -9, 0),
    ("cloudy", 0, 10, 4, 20), ("clear-night", 0, 4, -4, 0), ("sunny", 0, 14, 6, 0),
)  # fmt: skip
_STEPS = {"daily": dt.timedelta(days=1), "hourly": dt.timedelta(hours=1), "twice_daily": dt.timedelta(hours=12)}


class DemoWeather(SlowEntity, WeatherEntity):
    """`outlooks`: by kind of forecast."""

    attribution: str | None = ATTRIBUTION
    outlooks: dict[str, Outlook] = {}  # noqa: RUF012 - replaced, never changed

    def on_add(self) -> None:
        self.later(NEWS_S, self._news)

    def _news(self) -> None:
        self.forecasts_changed()
        self.later(NEWS_S, self._news)

    def forecast(self, kind: str) -> list[dict[str, Any]]:
        zone = self.home.config.time_zone
        start = from_epoch(self.home.clock.home_now()).astimezone(zone).replace(hour=AFTERNOON, minute=0)
        entries = []
        for number, (condition, rain, high, low, chance) in enumerate(self.outlooks.get(kind, ())):
            entry: dict[str, Any] = {
                "datetime": (start + number * _STEPS[kind]).isoformat(),
                "condition": condition,
                "precipitation": rain,
                "temperature": high,
                "templow": low,
                "precipitation_probability": chance,
            }
            if kind == "twice_daily":
                entry["is_daytime"] = number % 2 == 0
            entries.append(entry)
        return entries


def items(home: Home) -> Iterator[Item]:
    units = home_units(home.config.units)
    south = with_fields(
        DemoWeather(), condition="sunny", supported_features=1, outlooks={"daily": _SOUTH}, units=units,
        readings={"temperature": 21.6, "humidity": 92, "pressure": 1099, "wind_speed": 0.5},
        native_units={"temperature": "°C", "pressure": "hPa", "wind_speed": "m/s"},
    )  # fmt: skip
    south.home = home
    yield Item(
        "weather.demo_weather_south", south, "Demo Weather South", "demo-weather-south", has_entity_name=False
    )
    north = with_fields(
        DemoWeather(), condition="rainy", supported_features=7, units=units,
        outlooks={"daily": _NORTH_DAYS, "hourly": _NORTH_HOURS, "twice_daily": _NORTH_HALVES},
        readings={"temperature": -12, "humidity": 54, "pressure": 987, "wind_speed": 4.8},
        native_units={"temperature": "°F", "pressure": "inHg", "wind_speed": "mph"},
    )  # fmt: skip
    north.home = home
    yield Item(
        "weather.demo_weather_north", north, "Demo Weather North", "demo-weather-north", has_entity_name=False
    )
