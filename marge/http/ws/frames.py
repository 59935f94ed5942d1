"""Frames made once for all clients: several thousand clients that get the same event cost one JSON and one frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marge.http.ws_frames import encode_text_frame
from marge.model import Event


class SharedFrames:
    """Payload and frame of the latest event, by subscription id. Clients use small ids, so most share them.

    `make` turns an event into the JSON of the `event` field, or None when there is nothing to tell.
    """

    def __init__(self, make: Callable[[Event], bytes | None]) -> None:
        self._make = make
        self._event: Event | None = None
        self._json: bytes | None = None
        self._frames: dict[int, tuple[bytes, bytes]] = {}

    def get(self, event: Event, message_id: int) -> tuple[bytes, bytes] | None:
        """`(frame, payload)` of `event` for a subscription, or None."""
        if self._event is not event:
            self._event, self._frames, self._json = event, {}, None
            self._json = self._make(event)
        if self._json is None:
            return None
        made = self._frames.get(message_id)
        if made is None:
            payload = b'{"id":%d,"type":"event","event":%s}' % (message_id, self._json)
            made = self._frames[message_id] = (encode_text_frame(payload), payload)
        return made


def shared_frames(home: Any, name: str, make: Callable[[Event], bytes | None]) -> SharedFrames:
    """The home's one `SharedFrames` of this name."""
    frames: SharedFrames | None = home.shared.get(name)
    if frames is None:
        frames = home.shared[name] = SharedFrames(make)
    return frames
