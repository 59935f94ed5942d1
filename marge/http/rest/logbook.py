"""`/api/logbook`: what happened. HA's entries of a time; Marge's short items of an entity, and (native) of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from marge.errors import InvalidRequest
from marge.history import graphs, logbook_reading
from marge.history.logbook import Book, Item
from marge.history.reader import flush
from marge.history.when import DAY_S, parse_time
from marge.home import Home
from marge.http.message import Reply, Request, json_bytes_reply, json_reply
from marge.http.rest.history import MAX_NATIVE, native_window
from marge.http.routing import route
from marge.http.shapes import INTEGER, WINDOW, Answer, Queries, Query, list_of, ref
from marge.http.turns import in_slices
from marge.model import dumps_anyhow, valid_entity_id
from marge.util.dt import from_epoch, iso

MAX_NEWEST = 200
MAX_DAYS = 3_660
_QUERY: Queries = {
    "end_time": "End, ISO 8601.",
    "period": Query("So many days, the last of which is the named one.", INTEGER),
    "entity": "Entity ids, separated by commas.",
    "context_id": "What happened under this context.",
    **WINDOW,
}
_HA_QUERY = ("end_time", "period", "entity", "context_id")


@route("GET", "/api/logbook", query=_QUERY, replies={200: Answer("The entries.", list_of(ref("LogbookEntry")))})
def logbook(home: Home, request: Request) -> Reply:
    """Today's entries; with the native profile, and nothing asked for in HA's way, the newest states of all."""
    if home.config.marge.profile == "native" and not any(name in request.query for name in _HA_QUERY):
        start, end = native_window(home, request)
        flush(home)
        found = logbook_reading.newest(home, start, end, MAX_NEWEST)
        return json_reply([{"entity_id": name, "state": state, "when": iso(when)} for name, state, when in found])
    today = from_epoch(home.clock.now()).astimezone(home.config.time_zone)
    return _entries(home, request, today.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


@route(
    "GET", "/api/logbook/<when>",
    query=_QUERY,
    replies={200: Answer("The entries.", list_of(ref("LogbookEntry")))},
)  # fmt: skip
def logbook_from(home: Home, request: Request) -> Reply:
    """A day's entries from that time on; with an entity id in the path that entity's states, oldest first."""
    text = request.args["when"]
    start = parse_time(text, home.config.time_zone)
    if start is not None:
        return _entries(home, request, start)
    if not valid_entity_id(text.lower()):
        raise InvalidRequest("Invalid datetime")
    return _of_entity(home, request, text.lower())


def _of_entity(home: Home, request: Request, entity_id: str) -> Reply:
    start, end = native_window(home, request)
    flush(home)
    found: list[dict[str, Any]] = []
    for points in graphs.slices(home, entity_id, graphs.Wish(start, end, attributes=False, native=True)):
        for point in in_slices(points):
            if not found or found[-1]["state"] != point.state:
                when = iso(point.updated_us / 1e6)
                found.append({"entity_id": entity_id, "state": point.state, "when": when})
        if len(found) >= MAX_NATIVE:
            break
    return json_reply(found[:MAX_NATIVE])


def _entries(home: Home, request: Request, start: float) -> Reply:
    query = request.query
    days = _days(query.get("period", "1"))
    entity_ids = [each.strip() for each in query["entity"].lower().split(",")] if query.get("entity") else None
    end: float | None
    if query.get("end_time"):
        end = parse_time(query["end_time"], home.config.time_zone)
    else:
        end = start + DAY_S
        start -= (days - 1) * DAY_S  # so many days, of which the named one is the last
    if end is None:
        raise InvalidRequest("Invalid end_time")
    context_id = query.get("context_id")
    if entity_ids and context_id:
        raise InvalidRequest("Can't combine entity with context_id")
    if entity_ids and not all(valid_entity_id(each) for each in entity_ids):
        raise InvalidRequest("Invalid entity")
    flush(home)
    told, causes = logbook_reading.items(
        home,
        logbook_reading.Wish(
            start, end, entity_ids=entity_ids, context_id=context_id, keeps=logbook_reading.configured(home)
        ),
    )
    return json_bytes_reply(written(told, causes, Book(lambda each: name_of(home, each), True, iso)))


def _days(text: str) -> int:
    try:
        days = int(text)
    except ValueError:
        days = 0
    if not 1 <= days <= MAX_DAYS:
        raise InvalidRequest("Invalid period")
    return days


def name_of(home: Home, entity_id: str) -> str:
    """An entity's name now; of one that is gone its object id."""
    state = home.states.get(entity_id)
    return entity_id.partition(".")[2].replace("_", " ") if state is None else state.name


def entries_of(told: Iterable[Item], causes: list[Item], book: Book) -> Iterator[dict[str, Any]]:
    """The entries of `told`, oldest first, in turns; `causes` are only learned."""
    learned = iter(causes)
    cause = next(learned, None)
    for item in in_slices(told):
        while cause is not None and cause.when <= item.when:
            book.learn(cause)
            cause = next(learned, None)
        entry = book.entry(item)
        if entry is not None:
            yield entry


def written(told: Iterable[Item], causes: list[Item], book: Book) -> bytes:
    """All entries as a JSON list."""
    return b"[" + b",".join([dumps_anyhow(entry) for entry in entries_of(told, causes, book)]) + b"]"
