"""`POST /api/sim/time`: the simulated clock of demos and tests. Off unless `marge: simulated_time: true`."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route

MAX_SPEED = 86_400.0


@route("POST", "/api/sim/time", access="admin")
def set_time(home: Home, request: Request) -> Reply:
    """Set the home's time of day (`time`, `HH:MM:SS`), a `chapter` to show, and the `speed`. All are optional.

    A field that is absent or of another type leaves the old value. Triggers, delays and the sun follow; time stamps
    and history do not.
    """
    if not home.config.marge.simulated_time:
        return message_reply("Simulated time is off. Set `simulated_time: true` under `marge:` to allow it.", 403)
    body = request.json() if request.body else {}
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    known: dict[str, Any] = home.shared.setdefault("simulation", {})
    chapter, time_text, speed = body.get("chapter"), body.get("time"), body.get("speed")
    # Before anything is stored: a request is carried out whole or not at all.
    moment = _today_at(home, time_text) if isinstance(time_text, str) and time_text else None
    if isinstance(chapter, str):
        known["chapter"] = chapter
    if isinstance(speed, (int, float)) and not isinstance(speed, bool) and math.isfinite(speed):
        known["speed"] = int(min(max(speed, 0), MAX_SPEED))
    if isinstance(time_text, str):
        if time_text == "":
            known["time"] = ""
            home.clock.clear_home()
            return json_reply({"status": "ok"})
        assert moment is not None
        known["time"] = time_text
        home.clock.set_home(moment, max(1, known.get("speed", 1)))
    elif "speed" in body and known.get("time"):
        home.clock.set_home(home.clock.home_now(), max(1, known.get("speed", 1)))
    return json_reply({"status": "ok"})


def _today_at(home: Home, text: str) -> float:
    """Epoch seconds of `HH:MM:SS` today in the home's time zone."""
    try:
        time_of_day = datetime.strptime(text, "%H:%M:%S").time()
    except ValueError as exc:
        raise InvalidRequest("time must look like HH:MM:SS.") from exc
    zone = home.config.time_zone
    today = datetime.fromtimestamp(home.clock.now(), zone).date()
    moment = datetime.combine(today, time_of_day, zone)
    if moment.astimezone(zone).time() != time_of_day:  # skipped by daylight saving
        moment += timedelta(hours=1)
    return moment.timestamp()
