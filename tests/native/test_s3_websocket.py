"""Section 3: what the WebSocket has for native clients, and what it answers to calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.home import HomeServer, WebSocketClient

STATE_KEYS = {"entity_id", "state", "attributes", "last_changed", "last_updated", "context"}


@pytest.fixture
def client(home: HomeServer) -> Iterator[WebSocketClient]:
    with home.websocket("any") as made:
        yield made


@pytest.fixture
def own(native: HomeServer) -> Iterator[WebSocketClient]:
    with native.websocket("any") as made:
        yield made


def put(home: HomeServer, entity_id: str, state: str, **attributes: Any) -> None:
    home.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": attributes})


def test_notifications_are_told_as_over_rest(home: HomeServer, client: WebSocketClient) -> None:
    """And dismissed; an id that never existed is a failure."""
    body = {"message": "hello", "notification_id": "ws"}
    home.rest("POST", "/api/services/persistent_notification/create", body)
    assert client.command("get_notifications")["result"] == home.rest("GET", "/api/notifications").json()
    assert client.command("persistent_notification/dismiss", notification_id="ws")["success"] is True
    assert client.command("persistent_notification/dismiss", notification_id="no such")["success"] is False
    assert client.command("get_notifications")["result"] == []


def test_a_native_home_has_a_dashboard_from_the_start(own: WebSocketClient) -> None:
    """Not HA's `config_not_found`."""
    result = own.command("lovelace/config")["result"]
    assert (result["views"], result["title"]) == ([], "Marge")


@pytest.mark.parametrize("fields", [{}, {"trigger": None}, {"trigger": "text"}, {"trigger": {"platform": "nonsense"}}])
def test_a_trigger_that_is_none_is_an_error(client: WebSocketClient, fields: dict[str, Any]) -> None:
    """Nobody waits for ever."""
    assert client.command("subscribe_trigger", **fields)["success"] is False


def test_a_trigger_follows_a_state(home: HomeServer, client: WebSocketClient) -> None:
    """HA's form."""
    put(home, "sensor.followed", "1")
    reply = client.command("subscribe_trigger", trigger={"platform": "state", "entity_id": "sensor.followed"})
    assert reply["success"]
    put(home, "sensor.followed", "2")
    assert client.event(reply["id"])["variables"]["trigger"]["to_state"]["state"] == "2"


def test_an_event_needs_no_data(client: WebSocketClient) -> None:
    """It reaches subscribers; without a type it has an answer, too."""
    heard = client.command("subscribe_events", event_type="from_socket")["id"]
    assert client.command("fire_event", event_type="from_socket")["success"] is True
    assert client.event(heard)["data"] == {}
    for fields in ({}, {"event_type": ""}):
        assert isinstance(client.command("fire_event", **fields)["success"], bool)


def test_an_event_reaches_automations(home: HomeServer, client: WebSocketClient) -> None:
    """As one over REST does."""
    home.rest("POST", "/api/notifications/dismiss_all")
    client.command("fire_event", event_type="bell", event_data={"n": 1})
    home.wait()
    assert [each["notification_id"] for each in client.command("get_notifications")["result"]] == ["bell"]


def test_areas_and_labels_take_ids(client: WebSocketClient) -> None:
    """Without one an area has the slug of its name, as in HA; a name is needed."""
    areas = [
        client.command("config/area_registry/create", name="With Id", area_id="own_id")["result"]["area_id"],
        client.command("config/area_registry/create", name="Without Id")["result"]["area_id"],
    ]
    assert areas == ["own_id", "without_id"]
    assert client.command("config/area_registry/create", area_id="x")["success"] is False
    assert client.command("config/area_registry/create", area_id="", name="")["success"] is False
    label = client.command("config/label_registry/create", name="Tagged", label_id="own_label")["result"]
    assert label["label_id"] == "own_label"
    assert client.command("config/label_registry/create", name="")["success"] is False
    for area in areas:
        assert client.command("config/area_registry/update", area_id=area, name=f"New {area}")["success"]
        assert client.command("config/area_registry/delete", area_id=area)["success"]


def test_devices_made_over_rest_are_listed(home: HomeServer, client: WebSocketClient) -> None:
    """With the fields that native clients show."""
    body = {"device_id": "rest_made", "name": "Made", "manufacturer": "A", "model": "B"}
    home.rest("POST", "/api/devices", body)
    found = {each["id"]: each for each in client.command("config/device_registry/list")["result"]}["rest_made"]
    assert (found["name"], found["manufacturer"], found["model"], found["area_id"]) == ("Made", "A", "B", None)


def test_an_unknown_command_says_so(client: WebSocketClient) -> None:
    """HA's code."""
    assert client.command("no/such/command")["error"]["code"] == "unknown_command"


# -- 3.1 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["service_data", "target"])
def test_a_call_of_virtual_entities_answers_with_their_states(
    home: HomeServer, client: WebSocketClient, where: str
) -> None:
    """One each, in the order given, readable over REST at once."""
    for name in ("a", "b"):
        put(home, f"light.{name}", "off", kept=name)
    ids = ["light.b", "light.a"]
    reply = client.command("call_service", domain="light", service="turn_on", **{where: {"entity_id": ids}})
    assert [state["entity_id"] for state in reply["result"]] == ids
    assert all(set(state) >= STATE_KEYS and state["state"] == "on" for state in reply["result"])
    assert reply["result"][0] == home.rest("GET", "/api/states/light.b").json()
    reply = client.command("call_service", domain="homeassistant", service="toggle", **{where: {"entity_id": ids}})
    assert [state["entity_id"] for state in reply["result"]] == ids
    assert {state["state"] for state in reply["result"]} == {"off"}


def test_a_call_of_an_owned_entity_answers_as_ha(client: WebSocketClient) -> None:
    """Its context; also when virtual ones are called with it."""
    target = {"entity_id": ["input_boolean.guest"]}
    result = client.command("call_service", domain="input_boolean", service="toggle", target=target)["result"]
    assert set(result["context"]) == {"id", "parent_id", "user_id"}


def test_a_call_of_nothing_is_a_success_for_native_clients(own: WebSocketClient) -> None:
    """Empty names, no data at all."""
    for domain, service in (("", ""), ("light", ""), ("", "turn_on"), ("light", "turn_on")):
        reply = own.command("call_service", domain=domain, service=service)
        assert reply["success"] is True, reply
    for entity_id in ("", "none at all", [], ["", "light.unknown"]):
        reply = own.command("call_service", domain="light", service="turn_on", target={"entity_id": entity_id})
        assert (reply["success"], reply["result"]) == (True, []), entity_id


def test_scenes_are_done_when_the_answer_arrives(home: HomeServer, client: WebSocketClient) -> None:
    """So are automations."""
    put(home, "light.desk", "off")
    target = {"entity_id": "scene.reading"}
    assert client.command("call_service", domain="scene", service="turn_on", target=target)["success"]
    assert home.rest("GET", "/api/states/light.desk").json()["state"] == "on"


# -- 3.2 ---------------------------------------------------------------------------------------------------------------


def test_each_subscription_gets_its_copy_in_order(home: HomeServer, client: WebSocketClient) -> None:
    """HA's messages; `old_state` is null for a new entity."""
    first = client.command("subscribe_events", event_type="state_changed")["id"]
    second = client.command("subscribe_events", event_type="state_changed")["id"]
    for state in ("1", "2", "2", "3"):
        put(home, "sensor.ordered", state)
    heard: dict[int, list[Any]] = {first: [], second: []}
    while min(map(len, heard.values())) < 3:
        message = client.receive()
        heard[message["id"]].append(message["event"])
    for events in heard.values():
        assert [event["data"]["new_state"]["state"] for event in events] == ["1", "2", "3"]
        assert events[0]["data"]["old_state"] is None
        assert {"event_type", "data", "time_fired", "origin", "context"} <= set(events[0])
    home.rest("DELETE", "/api/states/sensor.ordered")
    assert client.event(first)["data"]["new_state"] is None


def test_ending_what_never_began_is_answered(client: WebSocketClient) -> None:
    """With a failure."""
    assert client.command("unsubscribe_events", subscription=999)["success"] is False
