"""`POST /api/sim/time`: the simulated clock of demos and tests. Off unless `marge: simulated_time: true`, or with the
native profile, whose clients expect it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.forms import told
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.http.shapes import Answer, Body, obj, ref
from marge.util.schema import shaped

MAX_SPEED = 86_400.0


@shaped({"type": "string"})
def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


@shaped({"type": "number", "minimum": 0, "maximum": MAX_SPEED})
def _speed(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None


_TIME = vol.Schema(
    {vol.Optional("time"): _text, vol.Optional("chapter"): _text, vol.Optional("speed"): _speed},
    extra=vol.REMOVE_EXTRA,
)


@route(
    "POST", "/api/sim/time", access="admin",
    body=Body(_TIME, required=False),
    replies={
        200: Answer("Done.", obj(status={"const": "ok"})),
        403: Answer("Simulated time is off.", ref("Message")),
    },
)  # fmt: skip
def set_time(home: Home, request: Request) -> Reply:
    """Set the home's time of day (`time`, `HH:MM:SS`), a `chapter` to show, and the `speed`. All are optional.

    A field that is absent or of another type leaves the old value. Triggers, delays and the sun follow; time stamps
    and history do not.
    """
    settings = home.config.marge
    if not settings.simulated_time and settings.profile != "native":
        return message_reply("Simulated time is off. Set `simulated_time: true` under `marge:` to allow it.", 403)
    body = request.json() if request.body else {}
    sent = told(body, _TIME)
    known: dict[str, Any] = home.shared.setdefault("simulation", {})
    chapter, time_text, speed = sent.get("chapter"), sent.get("time"), sent.get("speed")
    # Before anything is stored: a request is carried out whole or not at all.
    moment = _today_at(home, time_text) if time_text else None
    if chapter is not None:
        known["chapter"] = chapter
    if speed is not None:
        known["speed"] = int(min(max(speed, 0), MAX_SPEED))
    if time_text is not None:
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
        time_of_day = datetime.strptime(text if text.count(":") == 2 else f"{text}:00", "%H:%M:%S").time()
    except ValueError as exc:
        raise InvalidRequest("time must look like HH:MM:SS.") from exc
    zone = home.config.time_zone
    today = datetime.fromtimestamp(home.clock.now(), zone).date()
    moment = datetime.combine(today, time_of_day, zone)
    if moment.astimezone(zone).time() != time_of_day:  # skipped by daylight saving
        moment += timedelta(hours=1)
    return moment.timestamp()
