"""Sends the rows of `ws.jsonl` one after the other and compares what comes back."""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import Any

import websocket

from tests.conformance.area import Area
from tests.conformance.identity import Identities
from tests.conformance.volatile import HOST_FACTS, OUR_OWN_TEXTS, differences, shape_differences
from tests.support.home import HomeServer, WebSocketClient, WebSocketClosed

PATIENCE_S = 30.0
SHORT_S = 0.75
"""For what is likely not to come: it was sent before the reply to a ping, if at all."""
NEVER = 1 << 62


class WebSocketReplay:
    """One run through the recording. Rows whose ids run on share a connection, as they did when they were recorded."""

    def __init__(self, server: HomeServer, areas: Area, recorded: list[dict[str, Any]]) -> None:
        """Args: recorded: all rows, to know what their ids stand for."""
        self.server = server
        self.areas = areas
        self.identities = Identities(server, [row["receive"] for row in recorded])
        self._observer: WebSocketClient | None = None
        self._client: WebSocketClient | None = None
        self._last_id = 0
        self._to_end: int | None = None

    def close(self) -> None:
        self._close_client()
        if self._observer is not None:
            self._observer.__exit__()
            self._observer = None

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.__exit__()
            self._client = None

    def check(self, row: dict[str, Any]) -> list[str]:
        """Send one row; what differs from its recorded replies."""
        before = self.areas.before.get(row["name"])
        if before is not None:
            before(self.server)
        send = [self.identities.ours(each) for each in row["send"]]
        expected = [each for each in _flat(row["receive"]) if not _is_foreign(each, send)]
        if not send and row["name"].startswith("bus events after"):
            return self._seen_by_the_observer(expected)
        self._observe()
        if all(isinstance(each, str) and each.partition(" ")[0] in ("GET", "POST") for each in send) and (
            send or (expected and not row["name"].startswith("auth: "))
        ):
            return self._over_rest(send, row["receive"] if len(row["receive"]) == len(send) else expected)
        client = self._client_for(row, send)
        for message in send:
            client.send(_as_sent(message, self.server.admin_token))
        if not expected:  # HA never answered; any error is better
            answer = client.receive(PATIENCE_S)
            return [] if answer.get("success") is False else [f"no error but {answer}"]
        actual = self._receive(client, row, expected)
        self.identities.learn(expected, actual)
        agreed = self.areas.ws_otherwise.get(row["name"])
        if agreed is not None:
            last = actual[-1] if actual else {}
            code = "ok" if last.get("success", True) else last["error"]["code"]
            return [] if actual and code == agreed[0] else [f"{actual} is not the agreed {agreed[0]}"]
        first = send[0] if send and isinstance(send[0], dict) else {}
        if first.get("type") == "get_services":
            expected, actual = _without_texts(expected), _without_texts(actual)
        if row["name"] in self.areas.instance:
            return shape_differences(expected, actual)
        facts = HOST_FACTS.get(first.get("type", ""), set())
        return _compare(expected, actual, facts, self.areas.facts.get(row["name"], frozenset()))

    def _observe(self) -> None:
        """A second connection that hears every event, for the rows that say what the bus carried since the last one."""
        if self._observer is None:
            self._observer = self.server.websocket()
            assert self._observer.command("subscribe_events")["success"]
        assert self._observer.command("ping")["type"] == "pong"  # what came before it is in the inbox now

    def _seen_by_the_observer(self, expected: list[Any]) -> list[str]:
        """The recorded events, each found among those seen since the last such row; others may stand between them."""
        self._observe()
        assert self._observer is not None
        found: list[str] = []
        for event in expected:
            kind = event["event_type"]
            passed_by: list[list[str]] = []
            while True:
                try:
                    other = self._observer.receive(SHORT_S).get("event", {})
                except websocket.WebSocketTimeoutException:
                    return [*found, f"no such {kind} but {str(passed_by)[:600]}"]
                if other.get("event_type") != kind:
                    continue
                self.identities.learn(event, other)
                differing = differences(event, other, kind)
                if not differing:
                    break
                passed_by.append(differing)
        self._observer.forget()
        return found

    def _over_rest(self, requests: list[str], expected: list[Any]) -> list[str]:
        """Rows of the recording that look at REST in between: "GET /path", or none and a state."""
        found: list[str] = []
        requests = requests or [f"GET /api/states/{each['entity_id']}" for each in expected]
        for text, one in zip(requests, expected, strict=True):
            method, _, path = text.partition(" ")
            path, token = self._signed(path)
            reply = self.server.rest(method, path, token=token)
            if isinstance(one, dict) and "status" in one and one.keys() <= {"status", "body", "content_type"}:
                same = reply.status_code == one["status"] and one.get("body", "(ok)") in ("(ok)", reply.text)
                kind = reply.headers.get("Content-Type")
                same = same and kind == one.get("content_type", kind)
                found += [] if same else [f"{text}: {reply.status_code} {reply.headers} {reply.text[:200]}"]
            else:
                self.identities.learn(one, reply.json())
                found += differences(one, reply.json(), "body")
        return found

    def _signed(self, path: str) -> tuple[str, str | None]:
        """A recorded path with a signature of ours in it, and the token to send along: none, if there is one."""
        if "<" not in path:
            return path, ""
        subject = "/api/config" if "<token>" in path else "/api/camera_proxy/camera.demo_camera"
        with self.server.websocket() as client:
            signed = client.command("auth/sign_path", path=subject)["result"]["path"]
        signature = signed.partition("?")[2]
        path = path.replace("authSig=<token>", signature).replace("<signed path>", signed)
        return path.replace("<other path with that authSig>", f"/api/camera_proxy/camera.nope?{signature}"), None

    def _client_for(self, row: dict[str, Any], send: list[Any]) -> WebSocketClient:
        if row["name"].startswith("auth: "):
            self._close_client()
            self._client = self.server.connect()
            self._last_id = NEVER
            return self._client
        ids = [each["id"] for each in _flat(send) if isinstance(each, dict) and type(each.get("id")) is int]
        if self._client is None or not ids or min(ids) <= self._last_id or row["name"].startswith("non-admin"):
            self._close_client()
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
        is_subscription = len(kinds) == 1 and str(kinds[0]).rpartition("/")[2].startswith(
            ("subscribe", "render", "stream", "event_stream")
        )
        self._to_end = self._last_id if is_subscription else None
        return self._client

    def _receive(self, client: WebSocketClient, row: dict[str, Any], expected: list[Any]) -> list[Any]:
        actual: list[Any] = []
        stimulus = self.areas.stimuli.get(row["name"])
        patience = SHORT_S if row["name"] in self.areas.misses else PATIENCE_S
        while len(actual) < len(expected):
            # The result and, of a subscription, the state of the beginning come by themselves.
            if stimulus is not None and len(actual) == stimulus.after:
                stimulus.run(self.server)
                stimulus = None
            try:
                actual.append(client.receive(patience))
                if _is_refusal(actual[-1]) and not any(_is_refusal(each) for each in expected):
                    break  # nothing more will come
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


def _is_refusal(message: Any) -> bool:
    return isinstance(message, dict) and message.get("success") is False


def _is_foreign(message: Any, send: list[Any]) -> bool:
    """The recorder's own note that the socket ended; events of HA's demo, and figures of the machine, that came by."""
    event = message.get("event") if isinstance(message, dict) else None
    if isinstance(event, dict) and "cpu_percent" in event and "hardware/" not in str(send):
        return True
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


def _compare(expected: list[Any], actual: list[Any], left_out: set[str], facts: Set[str]) -> list[str]:
    if len(expected) != len(actual):
        return [f"{len(expected)} messages became {len(actual)}: {str(actual)[:200]}"]
    found = []
    for number, (one, other) in enumerate(zip(expected, actual, strict=True)):
        if isinstance(one, dict) and isinstance(other, dict):
            if one.get("id") != other.get("id"):
                found.append(f"[{number}].id: {one.get('id')} became {other.get('id')}")
            one, other = _without(one, left_out), _without(other, left_out)
            if one.get("type") == "result" and not one.keys() & {"result", "error"}:  # recorded for its place only
                other = {name: each for name, each in other.items() if name in one}
        found += differences(one, other, f"[{number}]", facts)
    return found


def _without(message: dict[str, Any], facts: set[str]) -> dict[str, Any]:
    result = message.get("result")
    if not facts or not isinstance(result, dict):
        return message
    return {**message, "result": {name: value for name, value in result.items() if name not in facts}}
