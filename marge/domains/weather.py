"""Weather: the conditions now, and forecasts on demand."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._virtual import keep, virtual
from marge.entities import Domain, Entity
from marge.errors import HomeError

FORECAST_DAILY, FORECAST_HOURLY, FORECAST_TWICE_DAILY = 1, 2, 4
_FEATURE_OF = {"daily": FORECAST_DAILY, "hourly": FORECAST_HOURLY, "twice_daily": FORECAST_TWICE_DAILY}


class WeatherEntity(Entity):
    """One that somebody owns; values are in the home's units already. Owners override `forecast(kind)`.

    Attributes:
        condition: `sunny`, `rainy`, `clear-night`, …
        readings: attributes as shown: `temperature`, `temperature_unit`, `humidity`, …
    """

    domain = "weather"
    condition: str | None = None
    readings: dict[str, Any] = {}  # replaced, never changed
    supported_features: int = 0

    def forecast(self, kind: str) -> list[dict[str, Any]]:
        """`daily`, `hourly` or `twice_daily`: entries as HA's clients read them; the owner's part."""
        return []

    def handle_get_forecasts(self, type: str) -> dict[str, Any]:  # noqa: A002 - the service's own word
        if not self.supported_features & _FEATURE_OF[type]:
            raise HomeError(f"Weather entity '{self.entity_id}' does not support '{type}' forecast")
        return {"forecast": self.forecast(type)}

    def state_value(self) -> str | None:
        return self.condition

    def state_attributes(self) -> dict[str, Any]:
        return dict(self.readings)


DOMAIN = Domain(
    "weather",
    services={
        "get_forecasts": service(
            "weather", "get_forecasts", "handle_get_forecasts", "Answers with a forecast.",
            {vol.Required("type"): vol.In(("daily", "hourly", "twice_daily"))},
            (FORECAST_DAILY, FORECAST_HOURLY, FORECAST_TWICE_DAILY), supports_response="only",
        ),
    },
    entity=WeatherEntity,
    virtual=virtual({"get_forecasts": keep("unknown")}),
)  # fmt: skip
