"""Weather: forecasts that are followed."""

from __future__ import annotations

from typing import Any

import gevent
import voluptuous as vol

from marge.domains._validators import entity_id
from marge.domains.weather import FEATURE_OF, WeatherEntity
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session


@command(
    "weather/subscribe_forecast",
    {vol.Required("entity_id"): entity_id, vol.Required("forecast_type"): vol.In(tuple(FEATURE_OF))},
    waits=True,
)
def subscribe_forecast(session: Session, message: dict[str, Any]) -> None:
    """The forecast now, and whenever its owner has a new one."""
    weather = session.home.entities.owned.get(message["entity_id"])
    kind, message_id = message["forecast_type"], message["id"]
    if not isinstance(weather, WeatherEntity):
        raise CommandError("invalid_entity_id", f"Weather entity not found: {message['entity_id']}")
    if not weather.supports(kind):
        raise CommandError("forecast_not_supported", f"The weather entity does not support forecast type: {kind}")

    def send() -> None:
        session.event(message_id, {"type": kind, "forecast": weather.shown_forecast(kind)})

    # A greenlet: the owner tells it in its actor's turn, and a forecast may wait.
    session.subscribe(message_id, weather.follow(lambda: _spawn(send)))
    session.result(message_id)
    send()


def _spawn(function: Any) -> None:
    gevent.spawn(function)
