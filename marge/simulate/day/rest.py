"""The REST client of the player: one keep-alive connection with the standard library, nothing of the server's code."""

from __future__ import annotations

import http.client
import time
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from marge.simulate.day.errors import DayError
from marge.simulate.day.websocket import WebSocketClient

TIMEOUT_S = 15.0
IDLE_S = 5.0
"""A connection that lay idle for longer is opened anew: the server may have closed it, and a POST is not sent twice."""


class Refused(Exception):
    """The server answered with an error. The text names the request and the answer."""


class RestClient:
    """Speaks to one server with one token. Not for several threads at once."""

    def __init__(self, url: str, token: str | None) -> None:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DayError(f"{url} is not the address of a server")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.url = url
        self.websocket_url = url
        self._token = token
        self._websocket: WebSocketClient | None = None
        self._connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self._base = parts.path.rstrip("/")
        self._last_used = time.monotonic()
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Close the connections; the next request opens them again."""
        self._connection.close()
        if self._websocket is not None:
            self._websocket.close()
            self._websocket = None

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded JSON of a good answer.

        Raises:
            Refused: a status of 400 and above.
            DayError: no answer at all, or the token is not accepted.
        """
        status, raw = self._exchange(method, self._base + path, None if body is None else orjson.dumps(body))
        if status in (401, 403):
            said = "no token was given" if not self._token else raw[:200].decode("utf-8", "replace")
            raise DayError(f"{self.url} refuses {method} {path} ({said}); a token comes from `marge token create`")
        if status >= 400:
            raise Refused(f"{method} {path}: {status} {raw[:200].decode('utf-8', 'replace')}")
        try:
            return orjson.loads(raw) if raw else None
        except orjson.JSONDecodeError:
            raise Refused(f"{method} {path}: no JSON but {raw[:80]!r}") from None

    def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        if time.monotonic() - self._last_used > IDLE_S:
            self._connection.close()
        try:
            self._connection.request(method, path, body, self._headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise DayError(f"no answer from {self.url}: {error}") from error
        finally:
            self._last_used = time.monotonic()

    def state(self, entity_id: str) -> Mapping[str, Any] | None:
        """A state object, or None when there is no such entity."""
        try:
            found: Mapping[str, Any] = self.request("GET", f"/api/states/{quote(entity_id)}")
        except Refused:
            return None
        return found

    def notifications(self) -> Collection[str]:
        """Ids of the persistent notifications shown now: over REST, or over WebSocket where REST lacks them."""
        if self._websocket is None:
            try:
                return _ids(self.request("GET", "/api/notifications"))
            except Refused:
                self._websocket = WebSocketClient(self.websocket_url, self._token)
        return _ids(self._websocket.ask("persistent_notification/get"))

    def call(self, domain: str, service: str, data: Mapping[str, Any]) -> None:
        """Call a service."""
        self.request("POST", f"/api/services/{domain}/{service}", dict(data))

    def fire(self, event_type: str) -> None:
        """Fire an event without data."""
        self.request("POST", f"/api/events/{quote(event_type)}", {})

    def write(self, entity_id: str, state: str) -> None:
        """Write a state and keep its attributes."""
        before = self.state(entity_id)
        attributes = dict(before["attributes"]) if before is not None else {}
        self.request("POST", f"/api/states/{quote(entity_id)}", {"state": state, "attributes": attributes})

    def set_time(self, time: str, chapter: str, speed: int) -> None:
        """Set the home's clock; an empty time gives it back to the wall clock."""
        self.request("POST", "/api/sim/time", {"time": time, "chapter": chapter, "speed": speed})


def _ids(notifications: Any) -> set[str]:
    return {str(item.get("notification_id")) for item in notifications if isinstance(item, dict)}
