"""`/api/history`: what entities were over time. A time in the path gives HA's lists, an entity id Marge's flat one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from marge.errors import InvalidRequest
from marge.history import graphs
from marge.history.reader import flush
from marge.history.thinning import LEAST, MOST, thinned
from marge.history.when import DAY_S, parse_time
from marge.home import Home
from marge.http.message import JSON, Reply, Request, json_bytes_reply
from marge.http.routing import route
from marge.http.shapes import STRING, WINDOW, Answer, Queries, Query, list_of, ref
from marge.http.turns import in_slices
from marge.model import valid_entity_id
from marge.util.dt import parse_iso

MAX_NATIVE = 10_000
STREAM_AFTER = 1_000_000
"""Bytes of JSON; a longer answer is sent as it is made."""
_HISTORY: Queries = {
    "filter_entity_id": Query("Entity ids, separated by commas.", STRING, required=True),
    "end_time": "End, ISO 8601; a day after the beginning unless given.",
    "minimal_response": Query("Of all but the first and the last point the state and its time alone.", flag=True),
    "no_attributes": Query("Without attributes.", flag=True),
    "significant_changes_only": "`0`: all changes, not only significant ones.",
    "skip_initial_state": Query("Without the state at the beginning.", flag=True),
    "points": "Marge only: about so many points of each entity at most (4 to 10,000); peaks stay.",
}


@route(
    "GET", "/api/history/period",
    query=_HISTORY,
    replies={200: Answer("A list for each entity.", list_of(list_of(ref("Point"))))},
)  # fmt: skip
def history(home: Home, request: Request) -> Reply:
    """The last day of the entities in `filter_entity_id`."""
    return _history(home, request, None)


@route(
    "GET", "/api/history/period/<when>",
    query=_HISTORY,
    replies={200: Answer("A list for each entity, or one flat list.", list_of({}))},
)  # fmt: skip
def history_from(home: Home, request: Request) -> Reply:
    """A day from that time on, or until `end_time`; with an entity id in the path that entity's flat list."""
    text = request.args["when"]
    start = parse_time(text, home.config.time_zone)
    if start is None:
        if valid_entity_id(text.lower()):
            return _flat(home, request, text.lower())
        raise InvalidRequest("Invalid datetime")
    return _history(home, request, start)


@route(
    "GET", "/api/history/<entity_id>",
    query={**WINDOW, "points": _HISTORY["points"]},
    replies={200: Answer("Its points.", list_of(ref("Point")))},
)  # fmt: skip
def history_of(home: Home, request: Request) -> Reply:
    """One entity's flat list: oldest first, all changes between `start` and `end` (else the last 24 h)."""
    entity_id = request.args["entity_id"].lower()
    if not valid_entity_id(entity_id):
        return json_bytes_reply(b"[]")
    return _flat(home, request, entity_id)


def native_window(home: Home, request: Request) -> tuple[float, float]:
    """`start` and `end` of Marge's own paths; what does not parse counts as absent. No offset means UTC."""
    end = parse_iso(request.query.get("end", ""))
    start = parse_iso(request.query.get("start", ""))
    now = home.clock.now()
    # A state that was written a moment ago belongs to "now".
    end_s = now + 1.0 if end is None else end.timestamp()
    return (now - DAY_S if start is None else start.timestamp()), end_s


def _flat(home: Home, request: Request, entity_id: str) -> Reply:
    start, end = native_window(home, request)
    flush(home)
    wish, most = graphs.Wish(start, end, native=True), _points(request)
    found = graphs.slices(home, entity_id, wish, MAX_NATIVE if most is None else None)
    points = [point for some in (found if most is None else thinned(found, wish, most)) for point in some]
    return json_bytes_reply(b"[" + b",".join(in_slices(graphs.rest_json(entity_id, points))) + b"]")


def _points(request: Request) -> int | None:
    """How many points are wanted at most; None: all.

    Raises:
        InvalidRequest: it is no such number.
    """
    text = request.query.get("points")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not LEAST <= int(text[:9]) <= MOST:
        raise InvalidRequest(f"points must be a number from {LEAST} to {MOST}")
    return int(text)


def _history(home: Home, request: Request, start: float | None) -> Reply:
    query = request.query
    names = query.get("filter_entity_id", "").strip().lower()
    if not names:
        raise InvalidRequest("filter_entity_id is missing")
    entity_ids = list(dict.fromkeys(names.split(",")))
    if not all(valid_entity_id(each) for each in entity_ids):
        raise InvalidRequest("Invalid filter_entity_id")
    now = home.clock.now()
    if start is None:
        start = now - DAY_S
    elif start > now:
        return json_bytes_reply(b"[]")
    end: float | None = start + DAY_S
    if query.get("end_time"):
        end = parse_time(query["end_time"], home.config.time_zone)
    if end is None:
        raise InvalidRequest("Invalid end_time")
    wish = graphs.Wish(
        start,
        end,
        first="skip_initial_state" not in query,
        significant=query.get("significant_changes_only", "1") != "0",
        minimal="minimal_response" in query,
        attributes="no_attributes" not in query,
    )
    most = _points(request)
    flush(home)
    return _streamed(_pieces(home, entity_ids, wish, most))


def _pieces(home: Home, entity_ids: list[str], wish: graphs.Wish, most: int | None) -> Iterator[bytes]:
    yield b"["
    any_entity = False
    for entity_id in entity_ids:
        opened = False
        found = graphs.slices(home, entity_id, wish)
        for points in found if most is None else thinned(found, wish, most):
            if opened:
                yield b","
            else:
                yield b",[" if any_entity else b"["
                opened = any_entity = True
            yield b",".join(in_slices(graphs.rest_json(entity_id, points)))
        if opened:
            yield b"]"
    yield b"]"


def _streamed(pieces: Iterator[bytes]) -> Reply:
    """The pieces as one body while they are few, so that errors can still be said; then as a stream."""
    begun: list[bytes] = []
    size = 0
    for piece in pieces:
        begun.append(piece)
        size += len(piece)
        if size > STREAM_AFTER:
            return Reply(200, b"", JSON, stream=chain(begun, pieces))
    return json_bytes_reply(b"".join(begun))
