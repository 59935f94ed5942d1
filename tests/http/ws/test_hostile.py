"""Frames of any content: an error for that frame, never an unknown one, and the connection's neighbours live on."""

from __future__ import annotations

import json
from typing import Any

import structlog
import websocket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marge.http.ws.registry import find_commands
from tests.support.home import HomeServer, WebSocketClosed

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["event_type", "event_data", "entity_id", "entity_ids", "template", "variables", "trigger", "condition", "sequence",
     "domain", "service", "service_data", "target", "area_id", "floor_id", "label_id", "name", "labels", "include",
     "exclude", "features", "subscription", "timeout", "device_id", "lifespan", "client_name", "triggers", "actions"]
)  # fmt: skip
COMMANDS = sorted(find_commands())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frame=st.binary(max_size=100) | st.text(max_size=100) | JSON.map(json.dumps))
def test_no_first_frame_breaks_the_log_in(server: HomeServer, frame: bytes | str) -> None:
    """Whatever comes instead of a log-in: a refusal or a goodbye, and nothing more is answered."""
    with server.connect() as client:
        client.receive()
        try:
            client.send(frame)
            assert client.receive(5)["type"] == "auth_invalid"
            client.receive(5)
        except (WebSocketClosed, websocket.WebSocketException):
            return
        raise AssertionError("still open")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(COMMANDS), fields=st.dictionaries(KEYS, JSON, max_size=4))
def test_no_fields_break_a_command(server: HomeServer, kind: str, fields: dict[str, Any]) -> None:
    """Every command with any fields: a result, or an error that somebody meant."""
    with structlog.testing.capture_logs() as lines, server.websocket() as client:
        reply = client.command(kind, **fields)
        assert client.command("ping")["type"] == "pong"

    assert reply["type"] == "pong" or reply["success"] in (True, False)
    assert [line for line in lines if line["event"] == "a websocket command failed"] == []


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=st.lists(JSON, min_size=1, max_size=5))
def test_no_json_frame_ends_the_conversation(server: HomeServer, frames: list[Any]) -> None:
    """After any JSON, a list of anything too, a ping is still answered."""
    with server.websocket() as client:
        for frame in frames:
            client.send(json.dumps(frame))
        client.send({"id": 2**40, "type": "ping"})
        assert client.reply_to(2**40)["type"] == "pong"
    assert server.rest("GET", "/api/").status_code == 200


def test_deep_nesting_is_an_error_and_no_end(server: HomeServer) -> None:
    """Hundreds of brackets, as an id, as data or in a template's result: the conversation goes on."""
    deep = "[" * 400 + "]" * 400
    messages = [
        '"id": 1, "type": "fire_event", "event_type": "deep", "event_data": {"a": DEEP}',
        '"id": 2, "type": "render_template", "template": "{{ x }}", "variables": {"x": DEEP}',
        '"id": 3, "type": "execute_script", "sequence": {"event": "e", "event_data": {"a": DEEP}}',
        '"id": 4, "type": "call_service", "domain": "light", "service": "turn_on", "service_data": {"a": DEEP}',
        '"id": 5, "type": "config/area_registry/create", "name": DEEP',
    ]
    with server.websocket() as client:
        client.send('{"id": DEEP, "type": "ping"}'.replace("DEEP", deep))
        assert client.receive()["error"]["code"] == "invalid_format"
        for number, message in enumerate(messages, 1):
            client.send("{" + message.replace("DEEP", deep) + "}")
            client.reply_to(number)
        client.send({"id": 9, "type": "ping"})
        assert client.reply_to(9)["type"] == "pong"


def test_what_is_too_deep_to_be_written_again_is_refused_by_its_id(server: HomeServer) -> None:
    """No command sees it; in a list of messages only that one is refused."""
    deep = json.loads("[" * 230 + "]" * 230)
    config = {"views": deep}
    with server.websocket() as client:
        client.send({"id": 5, "type": "lovelace/config/save", "config": config})
        assert client.reply_to(5)["error"]["code"] == "invalid_format"
        pings = [{"id": number, "type": "ping"} for number in (6, 7, 8)]
        client.send(json.dumps([pings[0], {**pings[1], "x": deep}, pings[2]]))
        assert client.reply_to(6)["type"] == "pong"
        assert client.reply_to(7)["error"]["code"] == "invalid_format"
        assert client.reply_to(8)["type"] == "pong"
    for path in ("/api/config/automation/config/deep", "/api/conversation/process", "/api/template"):
        assert server.rest("POST", path, {"alias": deep, "text": "x", "variables": {"x": deep}}).status_code == 400
