"""`/api/statistics/<entity_id>`: an entity's numbers by the hour, straight from its history. Marge's own."""

from __future__ import annotations

import math
from typing import Any

from marge.history import graphs
from marge.history.reader import flush
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.history import native_window
from marge.http.routing import route
from marge.http.shapes import WINDOW, Answer, list_of, ref
from marge.http.turns import in_slices
from marge.model import valid_entity_id
from marge.util.dt import iso

MAX_HOURS = 10_000


class _Hour:
    """What was written within one hour."""

    def __init__(self, hour: str) -> None:
        self.hour = hour
        self.count = 0
        self.mean, self.min, self.max = 0.0, math.inf, -math.inf

    def add(self, value: float) -> None:
        self.count += 1
        self.mean += (value - self.mean) / self.count
        self.min, self.max = min(self.min, value), max(self.max, value)

    def as_dict(self) -> dict[str, Any]:
        return {"hour": self.hour, "min": self.min, "max": self.max, "mean": self.mean, "count": self.count}


@route("GET", "/api/statistics/<entity_id>", query=WINDOW, replies={200: Answer("Hours.", list_of(ref("Hour")))})
def statistics(home: Home, request: Request) -> Reply:
    """Buckets of an hour (UTC), oldest first, over the states that are finite numbers; others are ignored."""
    entity_id = request.args["entity_id"].lower()
    if not valid_entity_id(entity_id):
        return json_reply([])
    start, end = native_window(home, request)
    flush(home)
    hours: list[dict[str, Any]] = []
    current: _Hour | None = None
    for points in graphs.slices(home, entity_id, graphs.Wish(start, end, attributes=False, native=True)):
        for point in in_slices(points):
            value = _number(point.state)
            if value is None:
                continue
            hour = iso(point.updated_us / 1e6)[:13]
            if current is None or current.hour != hour:
                if current is not None:
                    hours.append(current.as_dict())
                current = _Hour(hour)
            current.add(value)
        if len(hours) >= MAX_HOURS:
            break
    if current is not None:
        hours.append(current.as_dict())
    return json_reply(hours[:MAX_HOURS])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
