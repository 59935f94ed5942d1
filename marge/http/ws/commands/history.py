"""Commands about graphs: a time's changes at once, or as a stream that goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gevent
import voluptuous as vol

from marge.history import graphs
from marge.history.reader import flush
from marge.history.unrecorded import unrecorded, without
from marge.history.when import parse_time
from marge.http.turns import in_slices
from marge.http.ws.errors import CommandError
from marge.http.ws.live_window import LiveWindow
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import STATE_CHANGED, Event, State, dumps, dumps_anyhow, valid_entity_id

MAX_POINTS = 500_000
"""Points of one reply; about 60 MB of JSON."""
POINTS_A_MESSAGE = 20_000

_FIELDS = {
    vol.Required("start_time"): str,
    vol.Optional("end_time"): str,
    vol.Required("entity_ids"): [str],
    vol.Optional("include_start_time_state", default=True): bool,
    vol.Optional("significant_changes_only", default=True): bool,
    vol.Optional("minimal_response", default=False): bool,
    vol.Optional("no_attributes", default=False): bool,
}


def wanted_time(session: Session, message: dict[str, Any], field: str) -> float | None:
    """The time in a field, as UTC epoch seconds; None when it is absent.

    Raises:
        CommandError: it is no time.
    """
    text = message.get(field)
    if text is None:
        return None
    found = parse_time(text, session.home.config.time_zone)
    if found is None:
        raise CommandError(f"invalid_{field}", f"Invalid {field}")
    return found


def _wish(session: Session, message: dict[str, Any]) -> tuple[graphs.Wish, float | None]:
    """What is asked for, and when it ends (None: never)."""
    start = wanted_time(session, message, "start_time")
    assert start is not None
    end = wanted_time(session, message, "end_time")
    now = session.home.clock.now()
    wish = graphs.Wish(
        start,
        now + 1.0 if end is None else end,
        first=message["include_start_time_state"],
        significant=message["significant_changes_only"],
        minimal=message["minimal_response"],
        attributes=not message["no_attributes"],
    )
    return wish, end


def _entity_ids(message: dict[str, Any]) -> list[str]:
    entity_ids = list(dict.fromkeys(message["entity_ids"]))
    if not entity_ids or not all(valid_entity_id(each) for each in entity_ids):
        raise CommandError("invalid_entity_ids", "Invalid entity_ids")
    return entity_ids


@command("history/history_during_period", _FIELDS, waits=True)
def history_during_period(session: Session, message: dict[str, Any]) -> None:
    """The points of all entities, by entity id."""
    wish, end = _wish(session, message)
    if wish.start > session.home.clock.now():
        session.result(message["id"], {})
        return
    entity_ids = _entity_ids(message)
    flush(session.home)
    count = 0
    found: list[bytes] = []
    for entity_id in entity_ids:
        parts: list[bytes] = []
        for points in graphs.slices(session.home, entity_id, wish):
            count += len(points)
            if count > MAX_POINTS:
                raise CommandError("home_assistant_error", f"More than {MAX_POINTS} changes: ask for less time at once")
            parts += in_slices(graphs.short_json(points, wish.attributes))
        if parts:
            found.append(dumps(entity_id) + b":[" + b",".join(parts) + b"]")
    session.result_json(message["id"], b"{" + b",".join(found) + b"}")


@command("history/stream", _FIELDS, waits=True)
def stream(session: Session, message: dict[str, Any]) -> None:
    """The points so far, then what comes."""
    wish, end = _wish(session, message)
    entity_ids = _entity_ids(message)
    now = session.home.clock.now()
    if wish.start >= (now if end is None else end):
        session.subscribe(message["id"], lambda: None)
        session.result(message["id"])
        session.event(message["id"], {"states": {}, "start_time": wish.start, "end_time": now if end is None else end})
        return
    _Stream(session, message["id"], entity_ids, wish, end).begin()


class _Stream(LiveWindow[State]):
    """One client's stream. What changes while the past is read waits; the newest recorded time tells what is new."""

    def __init__(
        self, session: Session, message_id: int, entity_ids: Sequence[str], wish: graphs.Wish, end: float | None
    ) -> None:
        super().__init__(session, message_id, end)
        self._entity_ids = entity_ids
        self._wish = wish
        self._newest_us: dict[str, int] = {}

    def begin(self) -> None:
        home = self._session.home
        goes_on = self._end is None or self._end > home.clock.now()
        if goes_on:
            self._subscriptions = [
                home.bus.subscribe(self._take, STATE_CHANGED, entity_id) for entity_id in self._entity_ids
            ]
            self._end_in_time()
        self._session.subscribe(self._id, self.cancel)
        self._session.result(self._id)
        flush(home)
        self._send_past(goes_on)
        self._go_live()

    def _send_past(self, goes_on: bool) -> None:
        wish = self._wish
        newest = 0
        batch: dict[str, list[bytes]] = {}
        count = 0
        for entity_id in self._entity_ids:
            for points in graphs.slices(self._session.home, entity_id, wish):
                batch.setdefault(entity_id, []).extend(in_slices(graphs.short_json(points, wish.attributes)))
                self._newest_us[entity_id] = points[-1].updated_us
                newest = max(newest, points[-1].updated_us)
                count += len(points)
                if count >= POINTS_A_MESSAGE:
                    self._send_batch(batch, wish.start, newest / 1e6)
                    batch, count = {}, 0
                    gevent.sleep(0)
        until = self._session.home.clock.now() if self._end is None or goes_on else self._end
        self._send_batch(batch, wish.start, newest / 1e6 if newest else until)
        if not newest:  # that there was nothing is said again once it is certain, which clients wait for
            self._send_batch({}, wish.start + 1e-6, until)

    def _send_batch(self, batch: dict[str, list[bytes]], start: float, end: float) -> None:
        times = b',"start_time":%s,"end_time":%s' % (repr(start).encode(), repr(end).encode())
        self._send(batch, times)

    def _send(self, batch: dict[str, list[bytes]], times: bytes = b"") -> None:
        states = b",".join(dumps(name) + b":[" + b",".join(points) + b"]" for name, points in batch.items())
        self._session.send(b'{"id":%d,"type":"event","event":{"states":{%s}%s}}' % (self._id, states, times))

    # -- live --------------------------------------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        """In the turn of the entity that changed: quick."""
        new, old = event.data["new_state"], event.data["old_state"]
        if new is None or old is None:
            return
        compact = self._wish.significant or self._wish.minimal
        if compact and new.state == old.state and new.domain not in graphs.ATTRIBUTES_COUNT:
            return
        self._wait(new)

    def _tell(self, waiting: list[State]) -> None:
        batch: dict[str, list[bytes]] = {}
        for state in waiting:
            if round(state.last_updated * 1e6) > self._newest_us.get(state.entity_id, 0):
                batch.setdefault(state.entity_id, []).extend(self._points(state))
        if batch:
            self._send(batch)

    def _points(self, state: State) -> Iterator[bytes]:
        attributes: bytes | None = None
        if self._wish.attributes and not (self._wish.minimal and state.domain not in graphs.ATTRIBUTES_NEEDED):
            owned = self._session.home.states.owner(state.entity_id) is not None
            shown = without(state.attributes, unrecorded(state.domain)) if owned else state.attributes
            attributes = dumps_anyhow(shown)
        changed, updated = round(state.last_changed * 1e6), round(state.last_updated * 1e6)
        return graphs.short_json([graphs.Point(state.state, attributes, changed, updated)], self._wish.attributes)
