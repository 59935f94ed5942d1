"""Weather: the conditions now, and forecasts on demand, in the home's units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._units import shown_temperature
from marge.domains._virtual import keep, virtual
from marge.entities import Domain, Entity
from marge.errors import HomeError
from marge.util.units import convert

FORECAST_DAILY, FORECAST_HOURLY, FORECAST_TWICE_DAILY = 1, 2, 4
FEATURE_OF: Mapping[str, int] = MappingProxyType(
    {"daily": FORECAST_DAILY, "hourly": FORECAST_HOURLY, "twice_daily": FORECAST_TWICE_DAILY}
)
DIGITS = 2

_METRIC: Mapping[str, str] = MappingProxyType(
    {"temperature": "°C", "pressure": "hPa", "wind_speed": "km/h", "visibility": "km", "precipitation": "mm"}
)
_IMPERIAL: Mapping[str, str] = MappingProxyType(
    {"temperature": "°F", "pressure": "inHg", "wind_speed": "mph", "visibility": "mi", "precipitation": "in"}
)

# Readings in the order in which they are shown, each with its kind of unit; after a kind's last one comes the unit.
_READINGS: tuple[tuple[str, str | None], ...] = (
    ("temperature", "temperature"), ("apparent_temperature", "temperature"), ("dew_point", "temperature"),
    ("humidity", None), ("ozone", None), ("cloud_coverage", None), ("uv_index", None), ("pressure", "pressure"),
    ("wind_bearing", None), ("wind_gust_speed", "wind_speed"), ("wind_speed", "wind_speed"),
    ("visibility", "visibility"), ("precipitation", "precipitation"),
)  # fmt: skip
_KIND_OF: Mapping[str, str | None] = MappingProxyType({**dict(_READINGS), "templow": "temperature"})
_WHOLE = frozenset({"humidity"})


def home_units(units: Mapping[str, str]) -> Mapping[str, str]:
    """The units that a home reads its weather in.

    Args:
        units: `home.config.units`.
    """
    return _IMPERIAL if units.get("temperature") == "°F" else _METRIC


class WeatherEntity(Entity):
    """One that somebody owns. Owners override `forecast(kind)`, and call `forecasts_changed()` when they have news.

    Attributes:
        condition: `sunny`, `rainy`, `clear-night`, …
        readings: in `native_units`, by name: `temperature`, `humidity`, `pressure`, `wind_speed`, `wind_bearing`, …
        native_units: of the readings and forecasts, by kind (`temperature`, `pressure`, `wind_speed`, `visibility`,
            `precipitation`); a kind that is left out is in the home's unit.
        units: what readers see; see `home_units`.
    """

    domain = "weather"
    condition: str | None = None
    readings: Mapping[str, Any] = MappingProxyType({})
    native_units: Mapping[str, str] = MappingProxyType({})
    units: Mapping[str, str] = _METRIC
    supported_features: int = 0
    _listeners: tuple[Callable[[], None], ...] = ()

    # -- for owners --------------------------------------------------------------------------------------------------

    def forecast(self, kind: str) -> list[dict[str, Any]]:
        """`daily`, `hourly` or `twice_daily`: entries with `datetime` (ISO text), `condition`, `temperature`, …, in
        `native_units`; the owner's part. May be called outside the actor: it only reads what is replaced as a whole."""
        return []

    def forecasts_changed(self) -> None:
        """Tell whoever follows the forecasts."""
        for listener in self._listeners:
            listener()

    # -- for readers -------------------------------------------------------------------------------------------------

    def supports(self, kind: str) -> bool:
        return bool(self.supported_features & FEATURE_OF[kind])

    def shown_forecast(self, kind: str) -> list[dict[str, Any]]:
        """The forecast in the home's units, as clients read it."""
        return [
            {name: value if value is None else self._shown(name, value) for name, value in entry.items()}
            for entry in self.forecast(kind)
        ]

    def follow(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when the forecasts change; it must not wait. Returns how to end that."""
        self._listeners = (*self._listeners, listener)

        def cancel() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

        return cancel

    def handle_get_forecasts(self, type: str) -> dict[str, Any]:  # noqa: A002 - the service's own word
        if not self.supports(type):
            raise HomeError(f"Weather entity '{self.entity_id}' does not support '{type}' forecast")
        return {"forecast": self.shown_forecast(type)}

    # -- what it shows -----------------------------------------------------------------------------------------------

    def _shown(self, name: str, value: Any) -> Any:
        kind = _KIND_OF.get(name)
        if name in _WHOLE:
            return round(value)
        if kind is None or isinstance(value, str):
            return value
        unit = self.units[kind]
        native = self.native_units.get(kind, unit)
        if kind == "temperature":
            return shown_temperature(value, native, unit)
        return round(float(convert(value, native, unit)), DIGITS)

    def state_value(self) -> str | None:
        return self.condition

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        units_left = {kind: name for name, kind in _READINGS if kind is not None}  # the last reading of each kind
        for name, kind in _READINGS:
            value = self.readings.get(name)
            if value is not None and name != "precipitation":  # rain that fell is no condition
                shown[name] = self._shown(name, value)
            if kind is not None and units_left[kind] == name:
                shown[f"{kind}_unit"] = self.units[kind]
        return shown


DOMAIN = Domain(
    "weather",
    services={
        "get_forecasts": service(
            "weather", "get_forecasts", "handle_get_forecasts", "Answers with a forecast.",
            {vol.Required("type"): vol.In(tuple(FEATURE_OF))},
            (FORECAST_DAILY, FORECAST_HOURLY, FORECAST_TWICE_DAILY), supports_response="only",
        ),
    },
    entity=WeatherEntity,
    virtual=virtual({"get_forecasts": keep("unknown")}),
)  # fmt: skip
