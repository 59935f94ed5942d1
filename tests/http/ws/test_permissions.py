"""Who may what over WebSocket: a reader, a user, an administrator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.home import HomeServer

READING: list[dict[str, Any]] = [
    {"type": "get_states"}, {"type": "get_config"}, {"type": "get_services"}, {"type": "subscribe_entities"},
    {"type": "render_template", "template": "{{ 1 }}"}, {"type": "subscribe_events", "event_type": "state_changed"},
    {"type": "auth/current_user"}, {"type": "config/area_registry/list"}, {"type": "config/entity_registry/list"},
    {"type": "validate_config"}, {"type": "persistent_notification/get"},
]  # fmt: skip
RULING: list[dict[str, Any]] = [
    {"type": "fire_event", "event_type": "x"}, {"type": "subscribe_events"},
    {"type": "subscribe_events", "event_type": "call_service"}, {"type": "execute_script", "sequence": []},
    {"type": "subscribe_trigger", "trigger": []}, {"type": "test_condition", "condition": "{{ true }}"},
    {"type": "config/area_registry/create", "name": "x"}, {"type": "config/area_registry/delete", "area_id": "x"},
    {"type": "config/floor_registry/create", "name": "x"}, {"type": "config/label_registry/create", "name": "x"},
    {"type": "config/entity_registry/update", "entity_id": "sun.sun"},
    {"type": "config/entity_registry/remove", "entity_id": "sun.sun"},
    {"type": "config/device_registry/update", "device_id": "x"},
    {"type": "call_service", "domain": "homeassistant", "service": "stop"},
]  # fmt: skip


@pytest.mark.parametrize("command", READING, ids=lambda command: command["type"])
def test_everybody_may_read(server: HomeServer, command: dict[str, Any]) -> None:
    """A reader sees what a user sees."""
    for token in (server.reader_token, server.user_token):
        with server.websocket(token) as client:
            fields = {name: value for name, value in command.items() if name != "type"}
            assert client.command(command["type"], **fields)["success"]


@pytest.mark.parametrize("command", RULING, ids=lambda command: command["type"])
def test_ruling_is_for_administrators(server: HomeServer, command: dict[str, Any]) -> None:
    """Others are told `unauthorized`, whatever else might be wrong with the message."""
    for token in (server.reader_token, server.user_token):
        with server.websocket(token) as client:
            fields = {name: value for name, value in command.items() if name != "type"}
            reply = client.command(command["type"], **fields)
            assert reply["error"] == {"code": "unauthorized", "message": "Unauthorized"}


def test_readers_call_no_services(server: HomeServer) -> None:
    """A reader's call is refused and changes nothing; a user's is carried out."""
    call = {"domain": "input_boolean", "service": "toggle", "target": {"entity_id": "input_boolean.guest"}}
    before = server.rest("GET", "/api/states/input_boolean.guest").json()["state"]
    with server.websocket(server.reader_token) as client:
        assert client.command("call_service", **call)["error"]["code"] == "unauthorized"
        dismiss = client.command("persistent_notification/dismiss", notification_id="x")
        assert dismiss["error"]["code"] == "unauthorized"
    assert server.rest("GET", "/api/states/input_boolean.guest").json()["state"] == before
    with server.websocket(server.user_token) as client:
        assert client.command("call_service", **call)["success"]
    assert server.rest("GET", "/api/states/input_boolean.guest").json()["state"] != before
