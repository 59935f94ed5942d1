"""Sections 2.11 to 2.13: tokens, users, what can be called, webhooks."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.home import HomeServer
from tests.support.waiting import until

LISTED = {
    "alarm_control_panel": "arm_home arm_away arm_night disarm trigger alarm_arm_home alarm_arm_away alarm_arm_night "
    "alarm_arm_vacation alarm_arm_custom_bypass alarm_disarm alarm_trigger",
    "automation": "trigger turn_on turn_off toggle reload",
    "button": "press",
    "camera": "turn_on turn_off enable_motion_detection disable_motion_detection",
    "climate": "set_temperature set_hvac_mode set_fan_mode set_preset_mode set_swing_mode turn_on turn_off",
    "counter": "increment decrement reset",
    "cover": "open_cover close_cover stop_cover set_cover_position toggle",
    "device_tracker": "see",
    "fan": "turn_on turn_off toggle set_percentage set_preset_mode set_direction",
    "group": "set",
    "homeassistant": "turn_on turn_off toggle restart stop reload_core_config",
    "humidifier": "turn_on turn_off toggle set_humidity set_mode",
    "image": "reload",
    "person": "reload",
    "zone": "reload",
    "input_boolean": "turn_on turn_off toggle",
    "input_datetime": "set_datetime",
    "input_number": "set_value",
    "input_text": "set_value",
    "input_select": "select_option",
    "select": "select_option",
    "lawn_mower": "start_mowing pause dock",
    "light": "turn_on turn_off toggle",
    "siren": "turn_on turn_off toggle",
    "switch": "turn_on turn_off toggle",
    "lock": "lock unlock open",
    "media_player": "turn_on turn_off media_play media_pause media_stop media_next_track media_previous_track "
    "play_media select_source select_sound_mode volume_set volume_mute shuffle_set repeat_set",
    "notify": "send_message",
    "number": "set_value",
    "text": "set_value",
    "persistent_notification": "create dismiss dismiss_all",
    "remote": "turn_on turn_off send_command",
    "scene": "turn_on",
    "script": "turn_on turn_off reload",
    "timer": "start pause cancel finish",
    "update": "install skip",
    "vacuum": "start stop pause return_to_base",
    "valve": "open_valve close_valve toggle",
    "water_heater": "turn_on turn_off set_temperature set_operation_mode",
    "weather": "get_forecasts",
}


def test_a_token_is_shown_once(home: HomeServer) -> None:
    """Its form, its place in the list, its end."""
    assert home.rest("POST", "/api/auth/tokens", {}).status_code == 400
    made = home.rest("POST", "/api/auth/tokens", {"name": "meter"}).json()
    again = home.rest("POST", "/api/auth/tokens", {"name": "meter"})
    assert again.status_code == 200
    assert set(made) == {"id", "name", "created_at", "token"}
    assert re.fullmatch(r"tok_[0-9a-f]{32}", made["id"])
    assert re.fullmatch(r"marge_[0-9a-f]{32}", made["token"])
    listed = {each["id"]: each for each in home.rest("GET", "/api/auth/tokens").json()}
    assert listed[made["id"]]["name"] == "meter"
    assert listed[made["id"]].get("token") is None
    answer = home.rest("DELETE", f"/api/auth/tokens/{made['id']}")
    assert (answer.status_code, answer.json()) == (200, {"result": "ok"})
    assert home.rest("DELETE", f"/api/auth/tokens/{made['id']}").status_code == 404


@pytest.mark.parametrize("path", ["/api/auth/users", "/api/users"])
def test_users_are_made_listed_and_removed(home: HomeServer, path: str) -> None:
    """And log in with a password meanwhile."""
    body = {"username": "ann", "password": "a long secret of Ann's", "display_name": "Ann"}
    assert home.rest("POST", path, body).status_code == 200
    (shown,) = [each for each in home.rest("GET", path).json() if each["username"] == "ann"]
    assert (shown["display_name"], set(shown)) == ("Ann", {"username", "display_name", "created_at"})
    answer = home.rest("POST", "/api/auth/login", {k: body[k] for k in ("username", "password")}, token=None)
    assert (answer.status_code, answer.json()["result"]) == (200, "ok")
    names = {each["id"]: each["name"] for each in home.rest("GET", "/api/auth/tokens").json()}
    assert names[answer.json()["token_id"]] == "login:ann"
    assert home.rest("POST", "/api/auth/login", {"username": "ann", "password": "no"}).status_code == 401
    assert home.rest("POST", "/api/auth/login", {"username": "nobody", "password": "no"}).status_code == 401
    assert home.rest("POST", "/api/auth/login", {"username": "ann"}).status_code == 400
    assert home.rest("DELETE", f"{path}/ann").status_code == 200
    assert home.rest("DELETE", f"{path}/ann").status_code == 404


def test_there_is_no_password_from_the_start(home: HomeServer) -> None:
    """Nobody is admin with the password admin."""
    assert home.rest("POST", "/api/auth/login", {"username": "admin", "password": "admin"}).status_code == 401


# -- 2.12 --------------------------------------------------------------------------------------------------------------


def test_services_of_these_domains_are_always_listed(home: HomeServer) -> None:
    """Each with a description, over REST and WebSocket alike."""
    listed = {each["domain"]: each["services"] for each in home.rest("GET", "/api/services").json()}
    missing = {
        domain: sorted(set(names.split()) - set(listed.get(domain, {})))
        for domain, names in LISTED.items()
        if set(names.split()) - set(listed.get(domain, {}))
    }
    assert missing == {}
    assert len(listed) >= 40
    assert sum(len(services) for services in listed.values()) >= 100
    for domain, services in listed.items():
        for name, service in services.items():
            assert service["description"], f"{domain}.{name}"
            assert isinstance(service["fields"], dict)
    with home.websocket("any") as client:
        told = client.command("get_services")["result"]
    assert set(told) == set(listed)


def test_the_websocket_sorts_services_by_domain(native: HomeServer) -> None:
    """As native clients show them."""
    with native.websocket("any") as client:
        domains = list(client.command("get_services")["result"])
    assert domains == sorted(domains)


def test_events_are_listed_without_listeners_too(home: HomeServer) -> None:
    """Some are always there."""
    listed = {each["event"]: each["listener_count"] for each in home.rest("GET", "/api/events").json()}
    assert set(listed) >= {
        "state_changed", "call_service", "automation_triggered", "scene_activated", "homeassistant_start",
        "homeassistant_stop",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["plain", "with.dots", "with-dashes.and_more"])
def test_an_event_is_fired(home: HomeServer, name: str) -> None:
    """With or without data."""
    for body in ({}, None, {"a": 1}):
        answer = home.rest("POST", f"/api/events/{name}", body)
        assert (answer.status_code, answer.json()) == (200, {"message": f"Event {name} fired."})


# -- 2.13 --------------------------------------------------------------------------------------------------------------


def call(home: HomeServer, path: str, body: Any = None) -> Any:
    answer = home.rest("POST", path, body, token=None)
    assert answer.status_code == 200
    return answer.json() if answer.content else None


@pytest.mark.parametrize("path", ["/api/webhook/mine", "/api/webhooks/mine"])
def test_a_webhook_writes_a_state_in_an_open_native_home(native: HomeServer, path: str) -> None:
    """With attributes or without."""
    body = {"entity_id": "sensor.hooked", "state": "5", "attributes": {"unit": "m"}}
    assert call(native, path, body) == {"message": "State updated"}
    assert native.state("sensor.hooked").attributes == {"unit": "m"}
    assert call(native, path, {"entity_id": "sensor.hooked", "state": "6"}) == {"message": "State updated"}
    assert (native.state("sensor.hooked").state, native.state("sensor.hooked").attributes) == ("6", {})


def test_a_webhook_fires_an_event_in_an_open_native_home(native: HomeServer) -> None:
    """The one it names, else its own; automations hear it."""
    native.rest("POST", "/api/notifications/dismiss_all")
    assert call(native, "/api/webhook/x", {"event_type": "bell", "data": {"a": 1}}) == {"message": "Event bell fired"}
    until(lambda: native.rest("GET", "/api/notifications").json())
    assert call(native, "/api/webhook/x") == {"message": "Event webhook.x fired"}
    assert call(native, "/api/webhook/x", {"state": "no id"}) == {"message": "Event webhook.x fired"}


def test_a_webhook_of_any_other_home_writes_nothing(home: HomeServer) -> None:
    """HA's profile: always 200, without effect."""
    if home.home.config.marge.profile == "native":
        return
    call(home, "/api/webhook/mine", {"entity_id": "sensor.not_hooked", "state": "5"})
    assert home.home.states.get("sensor.not_hooked") is None
