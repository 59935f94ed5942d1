"""Frames are shared between clients, and a client never gets another event's."""

from __future__ import annotations

from marge.actors.bus import EventBus
from marge.http.ws.frames import Fanouts, SharedFrames
from marge.model import Context, Event


def test_one_json_and_one_frame_for_all_with_the_same_id():
    """The event is made into JSON once, whoever asks."""
    made: list[Event] = []
    frames = SharedFrames(lambda event: made.append(event) or b"{}")  # type: ignore[func-returns-value]
    event = Event("x", {}, Context(), 0.0)

    assert frames.get(event, 1) is frames.get(event, 1)
    assert frames.get(event, 2) != frames.get(event, 1)
    assert made == [event]


def test_an_event_that_cannot_be_told_is_nobodys_event_not_the_one_before():
    """When making the JSON fails for one client, the next client must not get the event before."""

    def make(event: Event) -> bytes:
        if event.event_type == "bad":
            raise ValueError("cannot be told")
        return b"{}"

    frames = SharedFrames(make)
    frames.get(Event("good", {}, Context(), 0.0), 1)
    bad = Event("bad", {}, Context(), 0.0)
    try:
        frames.get(bad, 1)
    except ValueError:
        assert frames.get(bad, 2) is None
    else:
        raise AssertionError("make's error must come through")


class Client:
    """A session that remembers, and can fail."""

    def __init__(self, fails: bool = False) -> None:
        self.got: list[bytes] = []
        self.fails = fails

    def send_frame(self, frame: bytes, payload: bytes) -> None:
        if self.fails:
            raise RuntimeError("broken")
        self.got.append(payload)


def test_clients_that_ask_alike_are_one_listener_that_counts_as_many():
    """Each gets its events, one that fails costs the others nothing, and the last that leaves ends it."""
    bus = EventBus()
    frames, together = SharedFrames(lambda event: b"{}"), Fanouts(bus)
    first, broken, other = Client(), Client(fails=True), Client()
    leaves = [together.join(each, frames, 1, "x") for each in (first, broken)] + [together.join(other, frames, 2, "x")]
    bus.publish(Event("x", {}, Context(), 0.0))

    assert first.got == [b'{"id":1,"type":"event","event":{}}']
    assert other.got == [b'{"id":2,"type":"event","event":{}}']
    assert bus.listener_counts() == {"x": 3}
    assert bus.describe()["delivered"] == 2

    for leave in leaves:
        leave()
        leave()
    bus.publish(Event("x", {}, Context(), 0.0))
    assert (len(first.got), len(other.got), bus.listener_counts()) == (1, 1, {})
    again = Client()
    together.join(again, frames, 1, "x")
    bus.publish(Event("x", {}, Context(), 0.0))
    assert len(again.got) == 1
