"""Commands about the logbook: a time's entries at once, or as a stream that goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import voluptuous as vol

from marge.history import logbook_reading
from marge.history.logbook import MAX_CAUSES, Book, Item, is_continuous, item_of_live_event, item_of_live_state
from marge.history.reader import flush
from marge.http.rest.logbook import entries_of, name_of, written
from marge.http.ws.commands.history import wanted_time
from marge.http.ws.errors import CommandError
from marge.http.ws.live_window import LiveWindow
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import STATE_CHANGED, Event, valid_entity_id
from marge.recorder.events import FIELDS

ENTRIES_A_MESSAGE = 1_000

_FIELDS = {
    vol.Required("start_time"): str,
    vol.Optional("end_time"): str,
    vol.Optional("entity_ids"): [str],
    vol.Optional("device_ids"): [str],
}


def _wish(session: Session, message: dict[str, Any]) -> tuple[logbook_reading.Wish, float | None]:
    """What is asked for, and when it ends (None: never)."""
    start = wanted_time(session, message, "start_time")
    assert start is not None
    end = wanted_time(session, message, "end_time")
    until = session.home.clock.now() + 1.0 if end is None else end
    entity_ids = message.get("entity_ids") or None
    if entity_ids is not None and not all(valid_entity_id(each) for each in entity_ids):
        raise CommandError("invalid_entity_ids", "Invalid entity_ids")
    wish = logbook_reading.Wish(
        start,
        until,
        entity_ids,
        message.get("device_ids") or None,
        message.get("context_id") or None,
        logbook_reading.configured(session.home),
    )
    return wish, end


def _book(session: Session, most_causes: int | None = None) -> Book:
    return Book(lambda entity_id: name_of(session.home, entity_id), False, most_causes=most_causes)


@command("logbook/get_events", {**_FIELDS, vol.Optional("context_id"): str}, waits=True)
def get_events(session: Session, message: dict[str, Any]) -> None:
    """The entries of a time."""
    wish, _end = _wish(session, message)
    if wish.start > session.home.clock.now():
        session.result(message["id"], [])
        return
    flush(session.home)
    told, causes = logbook_reading.items(session.home, wish)
    session.result_json(message["id"], written(told, causes, _book(session)))


@command("logbook/event_stream", _FIELDS, waits=True)
def event_stream(session: Session, message: dict[str, Any]) -> None:
    """The entries so far, then what comes."""
    wish, end = _wish(session, message)
    now = session.home.clock.now()
    if wish.start > now or (end is not None and wish.start >= end):
        session.subscribe(message["id"], lambda: None)
        session.result(message["id"])
        session.event(message["id"], {"events": [], "start_time": wish.start, "end_time": end or now})
        return
    _Stream(session, message["id"], wish, end).begin()


def _in_pieces(entries: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """At least one, which may be empty; only one at a time is in memory."""
    rest = iter(entries)
    piece = list(islice(rest, ENTRIES_A_MESSAGE))
    yield piece
    while piece := list(islice(rest, ENTRIES_A_MESSAGE)):
        yield piece


class _Stream(LiveWindow[Item]):
    """One client's stream. What happens while the past is read waits, and is told when it is newer."""

    def __init__(self, session: Session, message_id: int, wish: logbook_reading.Wish, end: float | None) -> None:
        super().__init__(session, message_id, end)
        self._wish = wish
        self._book = _book(session, MAX_CAUSES)
        self._told_until = 0.0

    def begin(self) -> None:
        home = self._session.home
        now = home.clock.now()
        goes_on = self._end is None or self._end > now
        if goes_on:
            self._listen()
        self._session.subscribe(self._id, self.cancel)
        self._session.result(self._id)
        flush(home)
        told, causes = logbook_reading.items(home, self._wish)
        until = now if self._end is None or goes_on else self._end
        # More of the past may follow: clients show that they still wait for it.
        about = {"start_time": self._wish.start, "end_time": until} | ({"partial": True} if goes_on else {})
        for entries in _in_pieces(entries_of(told, causes, self._book)):
            self._session.event(self._id, {"events": entries, **about})
        if not goes_on:
            return
        last_when = told.last_when
        self._told_until = self._wish.start if last_when is None else last_when
        last = {"events": [], "start_time": self._told_until + 1e-6, "end_time": until}
        self._session.event(self._id, last)
        self._go_live()

    def _listen(self) -> None:
        home = self._session.home
        keys = self._wish.entity_ids if self._wish.is_filtered else [None]
        self._subscriptions = [home.bus.subscribe(self._take_state, STATE_CHANGED, key) for key in keys or ()]
        self._subscriptions += [home.bus.subscribe(self._take_event, kind) for kind in FIELDS]
        self._end_in_time()

    # -- live --------------------------------------------------------------------------------------------------------

    def _take_state(self, event: Event) -> None:
        """In the turn of the entity that changed: quick."""
        new, old = event.data["new_state"], event.data["old_state"]
        if new is None or old is None or new.state == old.state or is_continuous(new.entity_id, new.attributes):
            return
        if self._wish.wants_entity(new.entity_id):
            self._wait(item_of_live_state(new))

    def _take_event(self, event: Event) -> None:
        item = item_of_live_event(event)
        if item is None:
            return
        if self._wish.wants_event(item):
            self._wait(item)
        else:
            self._book.learn(item)

    def _tell(self, waiting: list[Item]) -> None:
        fresh = [item for item in waiting if item.when > self._told_until]
        entries = [entry for item in fresh if (entry := self._book.entry(item)) is not None]
        if entries:
            self._session.event(self._id, {"events": entries})
