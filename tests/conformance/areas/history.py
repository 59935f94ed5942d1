"""History, logbook, statistics, energy. The recorded home's past is put into the database, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any
from urllib.parse import unquote

import peewee

from marge.history.when import parse_time
from marge.model import Context, State
from marge.recorder import Flush
from marge.recorder.changes import Batch
from marge.recorder.events import EventWriter, Happening
from marge.recorder.queries import numbers
from marge.recorder.rows import segments_of
from marge.recorder.writer import Writer
from marge.storage.models import EventRow, StateRow
from tests.conformance.area import Area, Stimulus
from tests.conformance.home import rows
from tests.support.home import HomeServer

GUEST = "input_boolean.guest"


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else parse_time(value, UTC) or 0.0


def _replace_past(
    server: HomeServer, states: list[State], happenings: list[Happening], of_all: bool = False
) -> None:
    """These entities (or all that there are) have had these states and no others, and nothing else has happened."""
    entity_ids = {state.entity_id for state in states}
    recorder: Any = server.home.system.actor("/recorder")
    database = server.home.storage.database
    server.home.system.ask("/recorder", Flush(), timeout=30)

    def clear(db: peewee.Database) -> None:
        known = list(numbers(db, entity_ids).values())
        StateRow.delete().where(StateRow.entity.in_(known) | of_all).execute(db)
        EventRow.delete().execute(db)
        EventWriter().write(db, happenings)

    database.run(clear)
    Writer().write(database.run, Batch(segments_of(states), {}))
    recorder._commits.distrust()


# -- graphs ----------------------------------------------------------------------------------------------------------


def _graph(entity_id: str, points: Iterable[Any], start: float | None, now: float | None) -> list[State]:
    """The states behind recorded points: of REST or of WebSocket."""
    points = [each for each in points if isinstance(each, dict)]
    made = []
    attributes: dict[str, Any] = {}
    for point in points:
        attributes = point.get("attributes", point.get("a", attributes))
        state = point.get("state", point.get("s"))
        updated = _seconds(point.get("last_updated", point.get("lu", point.get("last_changed"))))
        changed = _seconds(point.get("last_changed", point.get("lc", updated)))
        shown = {**attributes, "restored": True} if state == "unavailable" else attributes
        made.append((state, shown, changed, updated))
    shift = 0.0
    if start is not None and len(made) == 1 and abs(made[0][3] - start) < 0.001:
        shift = -100.0  # what held at the start began before it
    if now is not None:
        shift = now - 60 - made[-1][3]
    return [
        State(entity_id, state, shown, changed + shift, updated + shift, updated + shift, Context.new())
        for state, shown, changed, updated in made
    ]


def _rest_graphs(row: dict[str, Any]) -> Callable[[HomeServer], None]:
    path = row["request"]["path"]

    def run(server: HomeServer) -> None:
        states: list[State] = []
        relative = path.startswith("/api/history/period?")
        start = None if relative else _seconds(unquote(path.split("/")[4].partition("?")[0]))
        for points in row["response"]["body"]:
            now = server.home.clock.now() if relative else None
            states += _graph(points[0]["entity_id"], points, start, now)
        _replace_past(server, states, [])

    return run


def _ws_graphs(row: dict[str, Any]) -> Callable[[HomeServer], None]:
    def run(server: HomeServer) -> None:
        states: list[State] = []
        last = row["receive"][-1]
        event = row["receive"][min(1, len(row["receive"]) - 1)].get("event", {})
        found = event.get("states") if "event" in last else last["result"]
        for entity_id, points in (found or {}).items():
            states += _graph(entity_id, points, _seconds(row["send"][0]["start_time"]), None)
            if entity_id == "sensor.hist":
                server.rest("POST", "/api/states/sensor.hist", {"state": "7"}).raise_for_status()
        _replace_past(server, states, [])

    return run


# -- logbook ---------------------------------------------------------------------------------------------------------


def _book(entries: Iterable[Any]) -> tuple[list[State], list[Happening]]:
    """What must have happened for these entries to be written."""
    states: list[State] = []
    happenings: list[Happening] = []
    seen: dict[str, str] = {}
    cause: Context | None = None
    for entry in (each for each in entries if isinstance(each, dict)):
        when = _seconds(entry["when"])
        user = entry.get("context_user_id")
        context = Context(entry.get("context_id"), None, user)
        entity_id = entry.get("entity_id", "")
        if "context_service" in entry and entry.get("domain") != "automation":
            called = {"domain": entry["context_domain"], "service": entry["context_service"]}
            happenings.append(Happening(when - 0.0005, "call_service", called, context))
        if "context_state" in entry:
            first = {"entity_id": entry["context_entity_id"], "state": entry["context_state"]}
            happenings.append(Happening(when - 0.01, "state_changed", first, context))
        if "state" in entry:
            attributes = {"icon": entry["icon"]} if "icon" in entry else {}
            if seen.get(entity_id) != "x" and entity_id not in seen:
                states.append(State(entity_id, "x", {}, when - 1, when - 1, when - 1, Context.new()))
            seen[entity_id] = entry["state"]
            states.append(State(entity_id, entry["state"], attributes, when, when, when, context))
            cause = context
        elif entry.get("domain") == "homeassistant":
            happenings.append(Happening(when, "homeassistant_start", {}, context))
        elif entry.get("domain") == "automation":
            parent = cause.id if cause is not None and "context_service" in entry else None
            data = {"name": entry["name"], "entity_id": entity_id, "source": entry["source"]}
            run = Context(entry["context_id"], parent, user)
            happenings.append(Happening(when, "automation_triggered", data, run))
        elif entry.get("domain") == "script":
            happenings.append(
                Happening(when, "script_started", {"name": entry["name"], "entity_id": entity_id}, context)
            )
    return states, happenings


def _rest_book(row: dict[str, Any]) -> Callable[[HomeServer], None]:
    return lambda server: _replace_past(server, *_book(row["response"]["body"]))


def _rest_book_of_today(row: dict[str, Any]) -> Callable[[HomeServer], None]:
    def run(server: HomeServer) -> None:
        entries = row["response"]["body"]
        shift = server.home.clock.now() - 1 - _seconds(entries[-1]["when"])
        moved = [{**entry, "when": _seconds(entry["when"]) + shift} for entry in entries]
        _replace_past(server, *_book(moved), of_all=True)

    return run


def _ws_book(row: dict[str, Any]) -> Callable[[HomeServer], None]:
    def run(server: HomeServer) -> None:
        call(server, "input_boolean/turn_off", GUEST)
        first = row["receive"][min(1, len(row["receive"]) - 1)]
        entries = first["event"]["events"] if "event" in first else first["result"]
        _replace_past(server, *_book(entries))

    return run


def call(server: HomeServer, service: str, entity_id: str) -> None:
    assert server.rest("POST", f"/api/services/{service}", {"entity_id": entity_id}).ok


def _before() -> dict[str, Callable[[HomeServer], None]]:
    found: dict[str, Callable[[HomeServer], None]] = {}
    for row in rows("rest.jsonl.gz"):
        path, response = row["request"]["path"], row["response"]
        if response["status"] != 200 or not response["body"] or not isinstance(response["body"], list):
            continue
        if path.startswith("/api/history/"):
            found[row["name"]] = _rest_graphs(row)
        elif path == "/api/logbook":
            found[row["name"]] = _rest_book_of_today(row)
        elif path.startswith("/api/logbook/"):
            found[row["name"]] = _rest_book(row)
    for row in rows("ws.jsonl.gz"):
        kinds = [each.get("type") for each in row["send"] if isinstance(each, dict)]
        if any(isinstance(each, dict) and each.get("success") is False for each in row["receive"]):
            continue
        if kinds in (["history/history_during_period"], ["history/stream"]):
            found[row["name"]] = _ws_graphs(row)
        elif kinds in (["logbook/get_events"], ["logbook/event_stream"]) and row["name"] not in _ALL:
            found[row["name"]] = _ws_book(row)
    return found


_ALL = ("logbook/get_events all", "logbook/get_events device", "logbook/get_events future")
_BY_NOW = "what was the future then is the past by now"
_STATISTIC = {"change"}

AREA = Area(
    rest_otherwise={
        "history naive datetime (taken as local time of the instance; here that lies in the future, hence [])": (
            200, _BY_NOW,
        ),
        "history in the future": (200, _BY_NOW),
        "logbook period invalid": (400, "HA's defect: a 500"),
        "logbook invalid entity": (400, "HA's defect: a 500"),
    },
    ws_otherwise={
        "history/history_during_period future": ("ok", _BY_NOW),
        "logbook/get_events future": ("ok", _BY_NOW),
    },
    instance={
        "logbook default (today from midnight)": "what happened in the recorded home on that day",
        "logbook/get_events all": "what happened in the recorded home",
        "logbook/event_stream (history, then live)": "two entries of one moment come in the other order",
        "recorder/list_statistic_ids": "the sensors of the recorded home",
        "recorder/list_statistic_ids mean": "the sensors of the recorded home",
        "recorder/validate_statistics": "the sensors of the recorded home",
    },
    facts={
        "recorder/info": {"backlog", "db_in_default_location", "max_backlog"},
        "recorder/statistic_during_period": _STATISTIC,
        "recorder/statistic_during_period calendar": _STATISTIC,
        "energy/fossil_energy_consumption": {"2026-11-20T15:00:00+00:00", "2026-11-20T16:00:00+00:00"},
        "history/stream (then live)": {"end_time", "start_time"},
        "history/stream with end_time in the past": {"end_time", "start_time"},
        "history/stream unknown entity": {"end_time", "start_time"},
        "logbook/event_stream (history, then live)": {"end_time", "start_time"},
        "logbook/get_events": {"when"},
        "logbook/event_stream with end_time": {"end_time", "start_time", "when"},
    },
    before=_before(),
    stimuli={
        "history/stream (then live)": Stimulus(
            lambda server: server.rest("POST", "/api/states/sensor.hist", {"state": "9"}).raise_for_status(), after=2
        ),
        "logbook/event_stream (history, then live)": Stimulus(
            lambda server: call(server, "input_boolean/turn_on", GUEST), after=3
        ),
    },
)
