"""Home Assistant's WebSocket protocol, as far as the player needs it: log in, ask, take the answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from marge.simulate.day.errors import DayError

TIMEOUT_S = 10.0


class WebSocketClient:
    """One authenticated connection. Not for several threads at once."""

    def __init__(self, url: str, token: str | None) -> None:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        scheme = "wss" if parts.scheme == "https" else "ws"
        self.url = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + "/api/websocket", "", ""))
        self._id = 0
        try:
            self._connection: ClientConnection = connect(self.url, open_timeout=TIMEOUT_S)
            self._receive()
            self._send({"type": "auth", "access_token": token or ""})
            answer = self._receive()
        except (OSError, TimeoutError, WebSocketException) as error:
            raise DayError(f"no WebSocket at {self.url}: {error}") from error
        if answer.get("type") != "auth_ok":
            self._connection.close()
            raise DayError(f"{self.url} does not accept the token")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def ask(self, command: str, **fields: Any) -> Any:
        """The result of one command.

        Raises:
            DayError: the connection broke, or the command was refused.
        """
        self._id += 1
        try:
            self._send({"id": self._id, "type": command, **fields})
            while True:
                answer = self._receive()
                if answer.get("id") == self._id and answer.get("type") == "result":
                    break
        except (OSError, TimeoutError, WebSocketException) as error:
            raise DayError(f"{self.url} broke off during {command}: {error}") from error
        if not answer.get("success"):
            raise DayError(f"{self.url} refuses {command}: {answer.get('error')}")
        return answer.get("result")

    def _send(self, message: dict[str, Any]) -> None:
        self._connection.send(orjson.dumps(message).decode())

    def _receive(self) -> dict[str, Any]:
        message = orjson.loads(self._connection.recv(timeout=TIMEOUT_S))
        return message if isinstance(message, dict) else {}
