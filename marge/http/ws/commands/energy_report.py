"""Where the home's energy went: Marge's own command, beside those of the energy dashboard."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.history.energy import EnergyPreferences
from marge.history.energy_report import report
from marge.http.ws.commands.history import wanted_time
from marge.http.ws.registry import command
from marge.http.ws.session import Session


@command("marge/energy/report", {vol.Required("start_time"): str, vol.Optional("end_time"): str}, waits=True)
def energy_report(session: Session, message: dict[str, Any]) -> None:
    """Per area, device and meter, and of the whole home; until now unless an end is given."""
    start, end = wanted_time(session, message, "start_time"), wanted_time(session, message, "end_time")
    assert start is not None
    preferences: EnergyPreferences = session.home.shared["energy"]
    end = session.home.clock.now() if end is None else end
    session.result(message["id"], report(session.home, preferences.get(), start, end))
