"""Sends the rows of `ws.jsonl` one after the other and compares what comes back."""

from __future__ import annotations

import ast
from typing import Any

import websocket

from tests.conformance.stimuli import BEFORE, STIMULI
from tests.conformance.volatile import HOST_FACTS, OUR_OWN_TEXTS, differences
from tests.support.home import HomeServer, WebSocketClient, WebSocketClosed

PATIENCE_S = 8.0
LONG_S = 12.0
NEVER = 1 << 62


class WebSocketReplay:
    """One run through the recording. Rows whose ids run on share a connection, as they did when they were recorded."""

    def __init__(self, server: HomeServer) -> None:
        self.server = server
        self._client: WebSocketClient | None = None
        self._last_id = 0
        self._to_end: int | None = None

    def close(self) -> None:
        if self._client is not None:
            self._client.__exit__()
            self._client = None

    def check(self, row: dict[str, Any]) -> list[str]:
        """Send one row; what differs from its recorded replies."""
        before = BEFORE.get(row["name"])
        if before is not None:
            before(self.server)
        send = row["send"]
        expected = [each for each in _flat(row["receive"]) if not _is_foreign(each)]
        client = self._client_for(row, send)
        for message in send:
            client.send(_as_sent(message, self.server.admin_token))
        if not expected:  # HA never answered; any error is better
            answer = client.receive(PATIENCE_S)
            return [] if answer.get("success") is False else [f"no error but {answer}"]
        actual = self._receive(client, row, expected)
        first = send[0] if send and isinstance(send[0], dict) else {}
        if first.get("type") == "get_services":
            expected, actual = _without_texts(expected), _without_texts(actual)
        return _compare(expected, actual, HOST_FACTS.get(first.get("type", ""), set()))

    def _client_for(self, row: dict[str, Any], send: list[Any]) -> WebSocketClient:
        if row["name"].startswith("auth: "):
            self.close()
            self._client = self.server.connect()
            self._last_id = NEVER
            return self._client
        ids = [each["id"] for each in _flat(send) if isinstance(each, dict) and type(each.get("id")) is int]
        if self._client is None or not ids or min(ids) <= self._last_id or row["name"].startswith("non-admin"):
            self.close()
            token = self.server.user_token if row["name"].startswith("non-admin") else self.server.admin_token
            self._client = self.server.websocket(token)
            self._to_end = None
        elif self._to_end is not None and min(ids) > self._last_id + 1:
            # Between two rows the recording program ended the subscription, with the id that is missing.
            self._client.send(
                {"id": self._last_id + 1, "type": "unsubscribe_events", "subscription": self._to_end}
            )
            self._client.reply_to(self._last_id + 1)
            self._client.forget()
        self._last_id = max(ids, default=0)
        kinds = [each.get("type") for each in _flat(send) if isinstance(each, dict)]
        is_subscription = len(kinds) == 1 and str(kinds[0]).rpartition("/")[2].startswith(("subscribe", "render"))
        self._to_end = self._last_id if is_subscription else None
        return self._client

    def _receive(self, client: WebSocketClient, row: dict[str, Any], expected: list[Any]) -> list[Any]:
        actual: list[Any] = []
        stimulus = STIMULI.get(row["name"])
        patience = LONG_S if row["name"] == "auth: client says nothing" else PATIENCE_S
        while len(actual) < len(expected):
            # The result and, of a subscription, the state of the beginning come by themselves.
            if stimulus is not None and len(actual) == stimulus.after:
                stimulus.run(self.server)
                stimulus = None
            try:
                actual.append(client.receive(patience))
            except WebSocketClosed as closed:
                actual.append({"__CLOSE_FRAME__": closed.code, "reason": ""})
                self._client = None
                self._last_id = 0
                break
            except websocket.WebSocketTimeoutException:
                break
        return actual


def _as_sent(message: Any, token: str) -> Any:
    if isinstance(message, str) and message.startswith("__BINARY__"):
        return bytes(ast.literal_eval(message.removeprefix("__BINARY__").strip()))
    if isinstance(message, dict) and message.get("access_token") == "<token>":
        return {**message, "access_token": token}
    return message


def _is_foreign(message: Any) -> bool:
    """The recorder's own note that the socket ended, and events of HA's demo that came by."""
    event = message.get("event") if isinstance(message, dict) else None
    is_demo = isinstance(event, dict) and str(event.get("event_type")).startswith("image_processing.")
    return is_demo or str(message).startswith("__CONNECTION_CLOSED__")


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_texts(each) for name, each in value.items() if name not in OUR_OWN_TEXTS}
    return [_without_texts(each) for each in value] if isinstance(value, list) else value


def _flat(messages: list[Any]) -> list[Any]:
    flat = []
    for message in messages:
        flat += message if isinstance(message, list) else [message]
    return flat


def _compare(expected: list[Any], actual: list[Any], facts: set[str]) -> list[str]:
    if len(expected) != len(actual):
        return [f"{len(expected)} messages became {len(actual)}: {str(actual)[:200]}"]
    found = []
    for number, (one, other) in enumerate(zip(expected, actual, strict=True)):
        if isinstance(one, dict) and isinstance(other, dict):
            if one.get("id") != other.get("id"):
                found.append(f"[{number}].id: {one.get('id')} became {other.get('id')}")
            one, other = _without(one, facts), _without(other, facts)
        found += differences(one, other, f"[{number}]")
    return found


def _without(message: dict[str, Any], facts: set[str]) -> dict[str, Any]:
    result = message.get("result")
    if not facts or not isinstance(result, dict):
        return message
    return {**message, "result": {name: value for name, value in result.items() if name not in facts}}
