"""HA's companion apps: registration, sensors, location, templates, messages, encryption, restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from marge.integrations.mobile_app import sealing
from marge.integrations.mobile_app.apps import MAX_SENSORS, apps_of
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: Europe/Berlin}
input_boolean: {guest: {name: Guest}}
"""
BATTERY = {
    "type": "sensor", "name": "Battery", "unique_id": "battery", "state": 80, "attributes": {"a": 1},
    "device_class": "battery", "unit_of_measurement": "%",
}  # fmt: skip


def register(server: HomeServer, name: str, **more: Any) -> dict[str, Any]:
    told = {
        "app_id": "app", "app_name": "App", "app_version": "1", "device_id": name, "device_name": name,
        "manufacturer": "M", "model": "X", "os_name": "iOS", "os_version": "18", "supports_encryption": False, **more,
    }  # fmt: skip
    reply = server.rest("POST", "/api/mobile_app/registrations", told)
    assert reply.status_code == 201, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def ask(server: HomeServer, app: dict[str, Any], kind: str, data: Any = None) -> requests.Response:
    body = {"type": kind} if data is None else {"type": kind, "data": data}
    return server.rest("POST", f"/api/webhook/{app['webhook_id']}", body, token=None)


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running


def test_a_sensor_shows_what_the_app_reports(server: HomeServer) -> None:
    """Registered once, reported at will; what is not registered or malformed is told so one by one."""
    app = register(server, "Ann")
    assert ask(server, app, "register_sensor", BATTERY).status_code == 201
    state = server.rest("GET", "/api/states/sensor.ann_battery").json()
    assert (state["state"], state["attributes"]["a"], state["attributes"]["friendly_name"]) == ("80", 1, "Ann Battery")
    answer = ask(
        server, app, "update_sensor_states",
        [{"type": "sensor", "unique_id": "battery", "state": 81}, {"type": "sensor", "unique_id": "nope", "state": 1},
         {"type": "sensor", "unique_id": "battery", "icon": "x"}],
    ).json()  # fmt: skip
    assert answer["nope"]["error"] == {"code": "not_registered", "message": "sensor nope is not registered"}
    assert answer["battery"]["error"]["code"] == "invalid_format"
    assert server.rest("GET", "/api/states/sensor.ann_battery").json()["state"] == "81"
    ask(server, app, "register_sensor", {**BATTERY, "state": 5})
    assert server.rest("GET", "/api/states/sensor.ann_battery").json()["state"] == "5"


def test_a_sensor_that_the_user_disabled_is_told_to_the_app(server: HomeServer) -> None:
    """So that the app saves itself the trouble."""
    app = register(server, "Eve")
    answer = ask(server, app, "register_sensor", {**BATTERY, "disabled": True})
    assert answer.json() == {"success": True, "is_disabled": True}
    states = ask(server, app, "update_sensor_states", [{"type": "sensor", "unique_id": "battery", "state": 1}]).json()
    assert states["battery"] == {"success": True, "is_disabled": True}
    assert ask(server, app, "get_config").json()["entities"]["battery"] == {"disabled": True}


def test_the_telephone_is_where_it_says_it_is(server: HomeServer) -> None:
    """In a zone by its position, or where it names."""
    app = register(server, "Bob")
    ask(server, app, "update_location", {"gps": [50, 8], "gps_accuracy": 10, "battery": 80, "speed": 3})
    state = server.rest("GET", "/api/states/device_tracker.bob").json()
    assert (state["state"], state["attributes"]["battery_level"], state["attributes"]["speed"]) == ("home", 80, 3)
    ask(server, app, "update_location", {"gps": [10, 8], "gps_accuracy": 10})
    assert server.rest("GET", "/api/states/device_tracker.bob").json()["state"] == "not_home"
    ask(server, app, "update_location", {"location_name": "Work"})
    assert server.rest("GET", "/api/states/device_tracker.bob").json()["state"] == "Work"
    assert ask(server, app, "update_location", {"gps": [10, 8]}).json() == {}
    assert server.rest("GET", "/api/states/device_tracker.bob").json()["state"] == "Work"


def test_a_telephone_tells_where_its_person_is(server: HomeServer) -> None:
    """The person of the user who registered it; once."""
    with server.websocket() as client:
        person = client.command("person/create", name="Jo", user_id=server.users["admin"].id)["result"]
        for _again in range(2):
            app = register(server, "Joes")
        ask(server, app, "update_location", {"location_name": "Work"})
        listed = client.command("person/list")["result"]["storage"]
        assert next(each for each in listed if each["id"] == person["id"])["device_trackers"] == ["device_tracker.joes"]
    until(lambda: (state := server.home.states.get("person.jo")) is not None and state.state == "Work")


def test_the_app_calls_services_fires_events_and_renders_templates(server: HomeServer) -> None:
    """In the name of its user; what fails does not end the conversation."""
    app = register(server, "Cat")
    data = {"domain": "input_boolean", "service": "turn_on", "service_data": {"entity_id": "input_boolean.guest"}}
    assert ask(server, app, "call_service", data).json() == {}
    state = server.rest("GET", "/api/states/input_boolean.guest").json()
    assert (state["state"], state["context"]["user_id"]) == ("on", server.users["admin"].id)
    assert ask(server, app, "call_service", {"domain": "no", "service": "no"}).text == ""
    wanted = {"one": {"template": "{{ 1 + x }}", "variables": {"x": 1}}, "bad": {"template": "{{ 1 +"}}
    rendered = ask(server, app, "render_template", wanted).json()
    assert (rendered["one"], "TemplateSyntaxError" in rendered["bad"]["error"]) == (2, True)
    with server.websocket() as client:
        subscription = client.command("subscribe_events", event_type="app_event")["id"]
        ask(server, app, "fire_event", {"event_type": "app_event", "event_data": {"a": 1}})
        event = client.event(subscription)
        assert (event["data"], event["origin"]) == ({"a": 1}, "REMOTE")


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"7", b'{"type": 7}', b'{"type": "get_zones", "data": 7}', b"null"])
def test_an_app_that_talks_nonsense_is_answered(server: HomeServer, body: bytes) -> None:
    """With an object, whatever it sends."""
    app = register(server, "Odd")
    reply = server.rest("POST", f"/api/webhook/{app['webhook_id']}", body, token=None)

    assert reply.status_code in (200, 400)
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"


def test_an_app_that_can_encrypt_has_to(server: HomeServer) -> None:
    """Its answers are encrypted too; what cannot be read gets an empty object."""
    app = register(server, "Dan", supports_encryption=True)
    refused = ask(server, app, "get_zones")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "encryption_required")
    key = bytes.fromhex(app["secret"])
    body = {"type": "get_zones", "encrypted": True, **sealing.sealed(key, {})}
    answer = server.rest("POST", f"/api/webhook/{app['webhook_id']}", body, token=None).json()
    opened = sealing.opened(app["secret"], answer["encrypted_data"])
    assert opened is not None and opened[0][0]["entity_id"] == "zone.home"
    body["encrypted_data"] = "x" + body["encrypted_data"]
    unread = server.rest("POST", f"/api/webhook/{app['webhook_id']}", body, token=None)
    assert unread.json() == {}


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_is_sent_breaks_the_seal_reader(secret: str, text: str) -> None:
    """Neither odd keys nor odd ciphertexts raise."""
    assert sealing.opened(secret, text) is None


def test_messages_go_to_the_connected_app(server: HomeServer) -> None:
    """With a confirmation; another user's app is nobody else's."""
    app = register(server, "Fay", app_data={"push_websocket_channel": True})
    channel = {"webhook_id": app["webhook_id"], "support_confirm": True}
    with server.websocket(server.user_token) as stranger:
        refused = stranger.command("mobile_app/push_notification_channel", **channel)
        assert refused["error"]["code"] == "unauthorized"
    with server.websocket() as client:
        subscription = client.command("mobile_app/push_notification_channel", **channel)["id"]
        sent = server.rest("POST", "/api/services/notify/mobile_app_fay", {"message": "hi", "data": {"tag": "t"}})
        assert sent.status_code == 200
        event = client.event(subscription)
        assert (event["message"], event["data"]) == ("hi", {"tag": "t"})
        confirm = {"webhook_id": app["webhook_id"], "confirm_id": event["hass_confirm_id"]}
        assert client.command("mobile_app/push_notification_confirm", **confirm)["success"]
        again = client.command("mobile_app/push_notification_confirm", **confirm)
        assert again["error"]["code"] == "not_found"
    found = apps_of(server.home).get(app["webhook_id"])
    assert found is not None
    until(lambda: found.channel is None)
    assert server.rest("POST", "/api/services/notify/mobile_app_fay", {"message": "hi"}).status_code == 500


def test_an_app_that_begins_to_take_messages_gets_its_service(server: HomeServer) -> None:
    """And loses it with its registration; its address is gone then."""
    app = register(server, "Gus")
    update = {"app_version": "2", "device_name": "Gus", "manufacturer": "M", "model": "X"}
    assert not server.home.services.has("notify", "mobile_app_gus")
    ask(server, app, "update_registration", {**update, "app_data": {"push_websocket_channel": True}})
    assert server.home.services.has("notify", "mobile_app_gus")
    again = register(server, "Gus")
    assert not server.home.services.has("notify", "mobile_app_gus")
    assert ask(server, app, "get_zones").status_code == 410
    assert ask(server, again, "get_zones").status_code == 200


def test_an_app_has_so_many_sensors_and_no_more(server: HomeServer) -> None:
    """A broken app does not fill the home."""
    app = register(server, "Hog")
    found = apps_of(server.home).get(app["webhook_id"])
    assert found is not None
    found._configs.update({("sensor", f"x{number}"): {} for number in range(MAX_SENSORS)})
    answer = ask(server, app, "register_sensor", BATTERY)
    assert (answer.status_code, answer.json()["success"]) == (400, False)


def test_apps_outlive_a_restart(tmp_path: Path) -> None:
    """With their addresses, sensors, last values and place."""
    database = tmp_path / "marge.db"
    with home_server(CONFIGURATION, db_path=database) as server:
        app = register(server, "Ida")
        ask(server, app, "register_sensor", BATTERY)
        ask(server, app, "update_location", {"gps": [50, 8], "gps_accuracy": 10, "battery": 7})
    with home_server(CONFIGURATION, db_path=database, with_users=False) as server:
        until(lambda: server.home.entities.owned.get("sensor.ida_battery"))
        server.wait()
        sensor, tracker = (server.home.states.get(each) for each in ("sensor.ida_battery", "device_tracker.ida"))
        assert sensor is not None and tracker is not None
        assert (sensor.state, tracker.state, tracker.attributes["battery_level"]) == ("80", "home", 7)
        answer = ask(server, app, "update_sensor_states", [{"type": "sensor", "unique_id": "battery", "state": 3}])
        assert answer.json() == {"battery": {"success": True}}
        changed = server.home.states.get("sensor.ida_battery")
        assert changed is not None and changed.state == "3"


def test_an_app_is_not_added_by_hand(server: HomeServer) -> None:
    """It adds itself; the flow says so."""
    flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": "mobile_app"}).json()
    assert (flow["type"], flow["reason"]) == ("abort", "install_app")


def test_a_second_app_of_one_telephone_works_beside_the_first(server: HomeServer) -> None:
    """Its place is known already; sensors of its own it has."""
    register(server, "One phone", device_id="the-same", app_id="first.app")
    second = register(server, "One phone", device_id="the-same", app_id="second.app")
    assert ask(server, second, "get_config").status_code == 200
