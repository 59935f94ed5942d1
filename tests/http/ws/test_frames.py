"""Frames are shared between clients, and a client never gets another event's."""

from __future__ import annotations

from marge.http.ws.frames import SharedFrames
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
