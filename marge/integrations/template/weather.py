"""Weather whose condition, readings and forecasts are templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

from marge.domains.weather import FEATURE_OF, WeatherEntity, home_units
from marge.integrations.template.base import Failed, TemplateEntity
from marge.integrations.template.results import number, word

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.integrations.template")

READINGS = (
    "temperature", "apparent_temperature", "dew_point", "humidity", "ozone", "cloud_coverage", "uv_index", "pressure",
    "wind_bearing", "wind_gust_speed", "wind_speed", "visibility",
)  # fmt: skip
UNITS = ("temperature", "pressure", "wind_speed", "visibility", "precipitation")
CONDITIONS = frozenset(
    (
        "clear-night", "cloudy", "exceptional", "fog", "hail", "lightning", "lightning-rainy", "partlycloudy",
        "pouring", "rainy", "snowy", "snowy-rainy", "sunny", "windy", "windy-variant",
    )
)  # fmt: skip
_FORECASTS = tuple(f"forecast_{kind}" for kind in FEATURE_OF)
MAX_FORECAST = 1_000


class TemplateWeather(TemplateEntity, WeatherEntity):
    """`condition`, the readings by their names, `forecast_daily`, `forecast_hourly`, `forecast_twice_daily` (lists of
    mappings), `attribution`; `temperature_unit` and the like say what the readings are in."""

    templates = ("condition", *READINGS, *_FORECASTS, "attribution")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.units = home_units(home.config.units)
        self.native_units = {kind: conf[f"{kind}_unit"] for kind in UNITS if conf.get(f"{kind}_unit")}
        self._forecasts: dict[str, list[dict[str, Any]]] = {}
        for kind, bit in FEATURE_OF.items():
            if f"forecast_{kind}" in self.sources:
                self.supported_features |= bit

    def take(self, name: str, value: Any) -> None:
        if isinstance(value, Failed):
            value = None
        if name == "condition":
            self.condition = word(value, CONDITIONS)
        elif name == "attribution":
            self.attribution = None if value is None else str(value)
        elif name in _FORECASTS:
            self._forecasts = {**self._forecasts, name.removeprefix("forecast_"): self._entries(name, value)}
            self.forecasts_changed()
        else:
            found: float | str | None = number(value)
            if name == "wind_bearing" and found is None and value is not None:
                found = str(value)  # `NNE`
            self.readings = {**self.readings, name: found}

    def _entries(self, name: str, value: Any) -> list[dict[str, Any]]:
        """The entries of a forecast that are ones; others are named in the log."""
        if value is None:
            return []
        entries = value if isinstance(value, (list, tuple)) else [value]
        good = [dict(each) for each in entries if isinstance(each, Mapping) and "datetime" in each]
        if len(good) < len(entries):
            log.warning("a forecast has entries without a time", entity_id=self.entity_id, key=name)
        return good[:MAX_FORECAST]

    def forecast(self, kind: str) -> list[dict[str, Any]]:
        return self._forecasts.get(kind, [])
