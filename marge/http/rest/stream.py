"""`/api/stream`: events as they happen, as server-sent events. For administrators, as in HA."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import gevent
import structlog
from gevent.event import Event as Signal

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.routing import route
from marge.http.shapes import STRING, Answer
from marge.model import MATCH_ALL, Event

log = structlog.get_logger("marge.http")

TYPE = "text/event-stream"
PING_S = 50.0
PING = b"data: ping\n\n"
MAX_WAITING = 4_096
"""Events that wait for a client; one more and it is disconnected."""
STOPPING = "homeassistant_stop"


@route(
    "GET", "/api/stream", access="admin",
    query={"restrict": "Types of events, separated by commas."},
    replies={200: Answer("Events without end, as server-sent events.", STRING, TYPE)},
)  # fmt: skip
def stream_events(home: Home, request: Request) -> Reply:
    """All events, or those of the types in `restrict` (separated by commas)."""
    types = request.query.get("restrict", "")
    wanted = [each for each in types.split(",") if each] or [MATCH_ALL]
    return Reply(200, content_type=TYPE, stream=_Stream(home, wanted, request.remote))


class _Stream:
    """The events for one client: an iterator that waits in the request's greenlet. `close` ends it."""

    def __init__(self, home: Home, wanted: list[str], remote: str) -> None:
        self._waiting: deque[bytes] = deque([PING])
        self._signal = Signal()
        self._is_over = False
        self._remote = remote
        self._subscriptions = [home.bus.subscribe(self._take, each, foreign=True) for each in dict.fromkeys(wanted)]

    def _take(self, event: Event) -> None:
        if self._is_over:
            return
        if len(self._waiting) >= MAX_WAITING:
            self._is_over = True
            log.warning("a client of /api/stream does not read and is disconnected", remote=self._remote)
        elif event.event_type == STOPPING:
            self._is_over = True
        else:
            self._waiting.append(b"data: " + event.json + b"\n\n")
        self._signal.set()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while True:
            if self._is_over and not self._waiting:
                raise StopIteration
            if self._waiting:
                chunk = b"".join(self._waiting)
                self._waiting.clear()
                return chunk
            self._signal.clear()
            with gevent.Timeout(PING_S, False):
                self._signal.wait()
                continue
            return PING

    def close(self) -> None:
        self._is_over = True
        self._signal.set()
        for subscription in self._subscriptions:
            subscription.cancel()
