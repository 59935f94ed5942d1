"""Helpers that people make while the home runs."""

from __future__ import annotations

import pytest

from tests.support.home import HomeServer, home_server

CREATED = [
    ("input_boolean", {"icon": "mdi:a", "initial": True}, "on", {"editable": True, "icon": "mdi:a"}),
    ("input_button", {}, "unknown", {"editable": True}),
    ("input_number", {"min": 2, "max": 9, "unit_of_measurement": "W"}, "2.0", {"min": 2.0, "max": 9.0, "step": 1.0}),
    ("input_select", {"options": ["a", "b"]}, "a", {"options": ["a", "b"]}),
    ("input_text", {"initial": "hi"}, "hi", {"min": 0, "max": 100}),
    ("input_datetime", {"has_time": True, "initial": "07:30:00"}, "07:30:00", {"has_date": False}),
    ("counter", {"initial": 3, "step": 2}, "3", {"step": 2}),
    ("timer", {"duration": 90}, "idle", {"duration": "0:01:30"}),
]


@pytest.fixture(scope="module")
def server():
    with home_server("input_boolean: {guest: {name: Guest}}") as running:
        yield running


@pytest.mark.parametrize(("domain", "fields", "state", "attributes"), CREATED, ids=[row[0] for row in CREATED])
def test_an_entity_comes_changes_and_goes_with_its_item(server: HomeServer, domain, fields, state, attributes):
    """The reply of a command means that it can be seen."""
    entity_id, key = f"{domain}.my_thing", f"{domain}_id"
    with server.websocket() as client:
        made = client.command(f"{domain}/create", name="My thing", **fields)
        assert made["success"], made
        shown = server.state(entity_id)
        assert shown.state == state
        assert shown.attributes["friendly_name"] == "My thing"
        assert attributes.items() <= dict(shown.attributes).items()
        listed = client.command(f"{domain}/list")["result"]
        assert [each["name"] for each in listed] == ["My thing"]
        changed = client.command(f"{domain}/update", name="Other", **{key: "my_thing"}, **fields)
        assert changed["result"]["name"] == "Other"
        assert server.state(entity_id).attributes["friendly_name"] == "Other"
        assert client.command(f"{domain}/delete", **{key: "my_thing"})["success"]
        server.wait()
        assert server.home.states.get(entity_id) is None
        assert client.command(f"{domain}/list")["result"] == []


def test_a_subscriber_hears_of_changes_before_the_reply(server: HomeServer):
    """First what there is, then each change."""
    with server.websocket() as client:
        client.send({"id": 1, "type": "counter/subscribe"})
        assert [client.receive(), client.receive()] == [
            {"id": 1, "type": "result", "success": True, "result": None},
            {"id": 1, "type": "event", "event": []},
        ]
        client.send({"id": 2, "type": "counter/create", "name": "C x", "maximum": 5})
        item = {"id": "c_x", "name": "C x", "maximum": 5, "minimum": None, "restore": True, "step": 1, "initial": 0}
        assert client.receive()["event"] == [{"change_type": "added", "counter_id": "c_x", "item": item}]
        assert client.receive()["result"] == item
        client.send({"id": 3, "type": "counter/delete", "counter_id": "c_x"})
        assert client.receive()["event"] == [{"change_type": "removed", "counter_id": "c_x", "item": item}]


def test_ids_do_not_meet_those_of_the_files(server: HomeServer):
    """A helper called like one of the files gets another id and another entity."""
    with server.websocket() as client:
        assert client.command("input_boolean/create", name="Guest")["result"]["id"] == "guest_2"
        assert server.state("input_boolean.guest_2").attributes["editable"] is True
        assert server.state("input_boolean.guest").attributes["editable"] is False
        refused = client.command("input_boolean/update", input_boolean_id="guest", name="x")
        assert refused["error"] == {"code": "not_found", "message": "Unable to find input_boolean_id guest"}
        client.command("input_boolean/delete", input_boolean_id="guest_2")


def test_changing_helpers_is_for_administrators(server: HomeServer):
    """Others may look."""
    with server.websocket(server.user_token) as client:
        assert client.command("timer/create", name="x")["error"]["code"] == "unauthorized"
        assert client.command("timer/list")["result"] == []


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("input_boolean", {"name": ""},
         "length of value must be at least 1 for dictionary value @ data['name']. Got ''"),
        ("input_number", {"name": "x", "min": 5, "max": 1},
         "Maximum (5.0) is not greater than minimum (1.0)."
         " Got {'name': 'x', 'min': 5.0, 'max': 1.0, 'mode': 'slider', 'step': 1.0}"),
        ("input_text", {"name": "x", "min": 500},
         "Max len (500) is not greater than min len (100). Got {'name': 'x', 'min': 500, 'max': 100, 'mode': 'text'}"),
        ("input_text", {"name": "x", "max": 500},
         "Max len (500) is greater than 255. Got {'name': 'x', 'max': 500, 'min': 0, 'mode': 'text'}"),
        ("timer", {"name": "x", "duration": "bad"},
         "offset bad should be format 'HH:MM', 'HH:MM:SS' or 'HH:MM:SS.F' for dictionary value @ data['duration']."
         " Got 'bad'"),
        ("timer", {"name": "x", "what": 1}, "extra keys not allowed @ data['what']. Got 1"),
    ],
)  # fmt: skip
def test_what_is_no_helper_is_refused(server: HomeServer, kind, fields, text):
    """The texts are HA's; nothing is made."""
    with server.websocket() as client:
        refused = client.command(f"{kind}/create", **fields)
        assert refused["error"] == {"code": "invalid_format", "message": text}
        assert client.command(f"{kind}/list")["result"] == []


def test_equal_options_are_refused(server: HomeServer):
    """With the code that HA gives it."""
    with server.websocket() as client:
        refused = client.command("input_select/create", name="x", options=["a", "a"])
        assert refused["error"] == {"code": "home_assistant_error", "message": "Duplicate options are not allowed"}


def test_a_subscription_ends_when_it_is_ended(server: HomeServer):
    """Nothing more is told, and nothing is left behind."""
    with server.websocket() as client:
        subscription = client.command("timer/subscribe")["id"]
        assert client.event(subscription) == []
        assert client.command("unsubscribe_events", subscription=subscription)["success"]
        client.command("timer/create", name="Egg")
        client.command("timer/delete", timer_id="egg")
        client.send({"id": 99, "type": "ping"})
        assert client.receive() == {"id": 99, "type": "pong"}
