"""`/api/energy`: where the home's energy went, per area, device and meter. Marge's own."""

from __future__ import annotations

from marge.errors import InvalidRequest
from marge.history import stats_query
from marge.history.energy import EnergyPreferences
from marge.history.energy_report import report
from marge.history.when import parse_time
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.routing import route
from marge.http.shapes import OBJECT, Answer


@route(
    "GET", "/api/energy",
    query={"start": "Beginning, ISO 8601; today's unless given.", "end": "End, ISO 8601; now unless given."},
    replies={200: Answer("`home`, `areas`, `devices`, `meters`.", OBJECT)},
)  # fmt: skip
def energy(home: Home, request: Request) -> Reply:
    """Totals and costs of a time, by the preferences of the energy dashboard."""
    zone, now = home.config.time_zone, home.clock.now()
    times: list[float] = []
    for name, default in (("start", float(stats_query.period_start(now, "day", zone))), ("end", now)):
        text = request.query.get(name)
        found = parse_time(text, zone) if text else default
        if found is None:
            raise InvalidRequest(f"Invalid {name}")
        times.append(found)
    preferences: EnergyPreferences = home.shared["energy"]
    return json_reply(report(home, preferences.get(), *times))
