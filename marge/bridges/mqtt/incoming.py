"""One message from the broker as the mappings see it: text and JSON made once. Pure."""

from __future__ import annotations

from typing import Any

import orjson

_UNREAD = object()

MAX_TEXT_BYTES = 1_000_000
"""What is longer is no state: it would hold the hub. Pictures are read as bytes and may be larger."""


class NotJson:
    """Stands for the JSON of a payload that is none."""

    def __bool__(self) -> bool:
        return False


NOT_JSON = NotJson()


class Incoming:
    """A message. Many mappings may look at one (a sensor's topic often feeds five entities)."""

    __slots__ = ("_json", "_text", "payload", "qos", "retain", "topic")

    def __init__(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False) -> None:
        self.topic = topic
        self.payload = payload
        self.qos = qos
        self.retain = retain
        self._text: Any = _UNREAD
        self._json: Any = _UNREAD

    @property
    def text(self) -> str | None:
        """The payload as UTF-8; None when it is none, or too long to be a text."""
        if self._text is _UNREAD:
            try:
                self._text = self.payload.decode("utf-8") if len(self.payload) <= MAX_TEXT_BYTES else None
            except UnicodeDecodeError:
                self._text = None
        text: str | None = self._text
        return text

    def decoded(self, encoding: str = "utf-8") -> str:
        """The payload as text of this encoding.

        Raises:
            ValueError: it is none, or too long.
        """
        if encoding == "utf-8":
            text = self.text
            if text is not None:
                return text
        if len(self.payload) > MAX_TEXT_BYTES:
            raise ValueError(f"the payload has {len(self.payload)} bytes; at most {MAX_TEXT_BYTES} are read as text")
        try:
            return self.payload.decode(encoding)
        except UnicodeDecodeError as exc:
            raise ValueError(f"the payload is not valid {encoding.upper()}: {exc.reason}") from exc

    @property
    def json(self) -> Any:
        """The payload parsed; `NOT_JSON` when it cannot be."""
        if self._json is _UNREAD:
            try:
                self._json = orjson.loads(self.payload) if len(self.payload) <= MAX_TEXT_BYTES else NOT_JSON
            except orjson.JSONDecodeError:
                self._json = NOT_JSON
        return self._json

    def __repr__(self) -> str:
        return f"Incoming({self.topic!r}, {self.payload[:100]!r})"
