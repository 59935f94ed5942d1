"""Commands of the energy dashboard: its preferences, what is wrong with them, how much energy was fossil."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.history import energy
from marge.http.ws.commands.history import wanted_time
from marge.http.ws.errors import NOT_FOUND, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.recorder import entity_filter


def _preferences(session: Session) -> energy.EnergyPreferences:
    found: energy.EnergyPreferences = session.home.shared["energy"]
    return found


@command("energy/get_prefs")
def get_prefs(session: Session, message: dict[str, Any]) -> None:
    """The preferences, if there are any."""
    kept = _preferences(session).get()
    if kept is None:
        raise CommandError(NOT_FOUND, "No prefs")
    session.result(message["id"], kept)


@command(
    "energy/save_prefs",
    {vol.Optional("energy_sources"): energy.SOURCES, vol.Optional("device_consumption"): energy.DEVICES},
    admin=True,
    waits=True,
)
def save_prefs(session: Session, message: dict[str, Any]) -> None:
    """Replace the given parts of the preferences; the reply has all of them."""
    parts = ("energy_sources", "device_consumption")
    changes: dict[str, Any] = {name: message[name] for name in parts if name in message}
    session.result(message["id"], _preferences(session).update(changes))


@command("energy/info")
def info(session: Session, message: dict[str, Any]) -> None:
    """The sensors of what meters cost, by meter. Nobody forecasts the sun's yield."""
    by_meter = session.home.shared.get(energy.COST_SENSORS)
    sensors = {} if by_meter is None else by_meter()
    session.result(message["id"], {"cost_sensors": sensors, "solar_forecast_domains": []})


@command("energy/validate", waits=True)
def validate(session: Session, message: dict[str, Any]) -> None:
    """Issues by source and by device."""
    keeps = entity_filter(session.home.config.sections.get("recorder"))
    session.result(message["id"], energy.validate(session.home, _preferences(session).get(), keeps))


@command("energy/solar_forecast")
def solar_forecast(session: Session, message: dict[str, Any]) -> None:
    """Forecasts by config entry: none, for no integration makes any."""
    session.result(message["id"], {})


@command(
    "energy/fossil_energy_consumption",
    {
        vol.Required("start_time"): str,
        vol.Required("end_time"): str,
        vol.Required("energy_statistic_ids"): [str],
        vol.Required("co2_statistic_id"): str,
        vol.Required("period"): vol.Any("5minute", "hour", "day", "month"),
    },
    waits=True,
)
def fossil_energy_consumption(session: Session, message: dict[str, Any]) -> None:
    """kWh of fossil origin by the start of each period."""
    start, end = wanted_time(session, message, "start_time"), wanted_time(session, message, "end_time")
    assert start is not None and end is not None
    session.result(
        message["id"],
        energy.fossil_consumption(
            session.home, message["energy_statistic_ids"], message["co2_statistic_id"], start, end, message["period"]
        ),
    )
