"""Section 4: what services do to virtual entities, in both profiles unless said otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.home import HomeServer

KEPT = {"friendly_name": "Kept", "list": [1]}


def put(home: HomeServer, entity_id: str, state: str, **attributes: Any) -> None:
    home.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": attributes})


def call(home: HomeServer, service: str, body: Any) -> Any:
    answer = home.rest("POST", f"/api/services/{service.replace('.', '/', 1)}", body)
    assert answer.status_code == 200, (service, answer.text)
    return answer.json()


ROWS: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    # service, state before, data, state after, attributes that come
    ("light.turn_on", "off", {"brightness": 120, "rgb_color": [1, 2, 3], "effect": "e", "transition": 2}, "on",
     {"brightness": 120, "rgb_color": [1, 2, 3], "effect": "e", "transition": 2}),
    ("light.turn_on", "off", {"brightness": 12.5, "color_temp": 300, "xy_color": [0.1, 0.2], "hs_color": [1, 2]}, "on",
     {"color_temp": 300, "xy_color": [0.1, 0.2], "hs_color": [1, 2]}),
    ("light.turn_off", "on", {"brightness": 5}, "off", {}),
    ("light.toggle", "on", {}, "off", {}),
    ("light.toggle", "off", {}, "on", {}),
    *((f"{domain}.{service}", before, {}, after, {})
      for domain in ("switch", "input_boolean", "siren", "humidifier", "fan")
      for service, before, after in (("turn_on", "off", "on"), ("turn_off", "on", "off"), ("toggle", "on", "off"))),
    ("remote.turn_on", "off", {}, "on", {}),
    ("remote.send_command", "off", {"command": "power"}, "off", {"last_command": "power"}),
    ("lock.lock", "unlocked", {}, "locked", {}),
    ("lock.unlock", "locked", {"code": "1"}, "unlocked", {}),
    ("lock.open", "locked", {}, "open", {}),
    ("climate.set_temperature", "cool", {"temperature": 21, "target_temp_high": 25, "target_temp_low": 19}, "cool",
     {"temperature": 21, "target_temp_high": 25, "target_temp_low": 19}),
    ("climate.set_hvac_mode", "off", {"hvac_mode": "heat"}, "heat", {}),
    ("climate.set_fan_mode", "cool", {"fan_mode": "low"}, "cool", {"fan_mode": "low"}),
    ("climate.set_preset_mode", "cool", {"preset_mode": "eco"}, "cool", {"preset_mode": "eco"}),
    ("climate.set_swing_mode", "cool", {"swing_mode": "both"}, "cool", {"swing_mode": "both"}),
    ("climate.turn_on", "off", {}, "on", {}),
    ("climate.turn_off", "heat", {}, "off", {}),
    *((f"alarm_control_panel.{prefix}{service}", "unknown", {"code": "1234"}, after, {})
      for prefix in ("", "alarm_")
      for service, after in (("arm_home", "armed_home"), ("arm_away", "armed_away"), ("arm_night", "armed_night"),
                             ("arm_vacation", "armed_vacation"), ("arm_custom_bypass", "armed_custom_bypass"),
                             ("disarm", "disarmed"), ("trigger", "triggered"))),
    ("cover.open_cover", "closed", {}, "open", {"current_position": 100}),
    ("cover.close_cover", "open", {}, "closed", {"current_position": 0}),
    ("cover.stop_cover", "opening", {}, "opening", {}),
    ("cover.toggle", "open", {}, "closed", {"current_position": 0}),
    ("cover.toggle", "closed", {}, "open", {"current_position": 100}),
    ("cover.set_cover_position", "closed", {"position": 40}, "open", {"current_position": 40}),
    ("cover.set_cover_position", "open", {"position": 0}, "closed", {"current_position": 0}),
    ("fan.turn_on", "off", {"percentage": 50, "preset_mode": "auto"}, "on", {"percentage": 50, "preset_mode": "auto"}),
    ("fan.set_percentage", "off", {"percentage": 33}, "on", {"percentage": 33}),
    ("fan.set_percentage", "on", {"percentage": 0}, "off", {"percentage": 0}),
    ("fan.set_preset_mode", "on", {"preset_mode": "sleep"}, "on", {"preset_mode": "sleep"}),
    ("fan.set_direction", "on", {"direction": "reverse"}, "on", {"direction": "reverse"}),
    ("media_player.turn_on", "off", {"source": "TV"}, "on", {"source": "TV"}),
    ("media_player.turn_off", "playing", {}, "off", {}),
    ("media_player.media_play", "paused", {}, "playing", {}),
    ("media_player.media_pause", "playing", {}, "paused", {}),
    ("media_player.media_stop", "playing", {}, "idle", {}),
    ("media_player.media_next_track", "playing", {}, "playing", {}),
    ("media_player.media_previous_track", "playing", {}, "playing", {}),
    ("media_player.play_media", "idle", {"media_content_id": "x", "media_content_type": "music"}, "playing",
     {"media_content_id": "x", "media_content_type": "music"}),
    ("media_player.select_source", "on", {"source": "A"}, "on", {"source": "A"}),
    ("media_player.select_sound_mode", "on", {"sound_mode": "B"}, "on", {"sound_mode": "B"}),
    ("media_player.volume_set", "on", {"volume_level": 0.35}, "on", {"volume_level": 0.35}),
    ("media_player.volume_mute", "on", {"is_volume_muted": True}, "on", {"is_volume_muted": True}),
    ("media_player.shuffle_set", "on", {"shuffle": True}, "on", {"shuffle": True}),
    ("media_player.repeat_set", "on", {"repeat": "all"}, "on", {"repeat": "all"}),
    *((f"{domain}.set_value", "1", {"value": value}, text, {})
      for domain in ("number", "input_number") for value, text in ((75, "75"), (42.5, "42.5"), (-10, "-10"))),
    *((f"{domain}.set_value", "a", {"value": value}, value, {})
      for domain in ("text", "input_text") for value in ("hello", "")),
    *((f"{domain}.select_option", "a", {"option": option}, option, {})
      for domain in ("select", "input_select") for option in ("not among them", "")),
    ("input_datetime.set_datetime", "x", {"datetime": "2026-01-01 10:00:00"}, "2026-01-01 10:00:00", {}),
    ("input_datetime.set_datetime", "x", {"date": "2026-01-01"}, "2026-01-01", {}),
    ("input_datetime.set_datetime", "x", {"time": "10:00:00"}, "10:00:00", {}),
    ("button.press", "unknown", {}, "unknown", {}),
    ("vacuum.start", "docked", {}, "cleaning", {}),
    ("vacuum.pause", "cleaning", {}, "paused", {}),
    ("vacuum.stop", "cleaning", {}, "idle", {}),
    ("vacuum.return_to_base", "cleaning", {}, "returning", {}),
    ("valve.open_valve", "closed", {}, "open", {}),
    ("valve.close_valve", "open", {}, "closed", {}),
    ("valve.toggle", "open", {}, "closed", {}),
    ("valve.toggle", "closed", {}, "open", {}),
    ("lawn_mower.start_mowing", "docked", {}, "mowing", {}),
    ("lawn_mower.pause", "mowing", {}, "paused", {}),
    ("lawn_mower.dock", "mowing", {}, "docked", {}),
    ("humidifier.set_humidity", "on", {"humidity": 45}, "on", {"humidity": 45}),
    ("humidifier.set_mode", "on", {"mode": "eco"}, "on", {"mode": "eco"}),
    ("water_heater.turn_on", "off", {}, "eco", {}),
    ("water_heater.turn_off", "eco", {}, "off", {}),
    ("water_heater.set_temperature", "eco", {"temperature": 50}, "eco", {"temperature": 50}),
    ("water_heater.set_operation_mode", "eco", {"operation_mode": "boost"}, "boost", {}),
    ("camera.turn_on", "idle", {}, "streaming", {}),
    ("camera.turn_off", "streaming", {}, "idle", {}),
    ("camera.enable_motion_detection", "idle", {}, "idle", {"motion_detection": True}),
    ("camera.disable_motion_detection", "idle", {}, "idle", {"motion_detection": False}),
    ("timer.start", "idle", {"duration": "00:01:00"}, "active", {}),
    ("timer.pause", "active", {}, "paused", {}),
    ("timer.cancel", "active", {}, "idle", {}),
    ("timer.finish", "active", {}, "idle", {}),
    ("counter.increment", "4", {}, "5", {}),
    ("counter.increment", "no number", {}, "1", {}),
    ("counter.decrement", "0", {}, "-1", {}),
    ("counter.reset", "7", {}, "0", {}),
    ("group.set", "off", {}, "on", {}),
    ("group.set", "off", {"state": "home"}, "home", {}),
    ("update.install", "on", {}, "installing", {}),
    ("update.skip", "on", {}, "skipped", {}),
    ("device_tracker.see", "not_home", {"location_name": "Work", "gps": [1.5, 2.5]}, "Work",
     {"location_name": "Work", "gps": [1.5, 2.5]}),
    ("device_tracker.see", "not_home", {}, "home", {}),
    ("binary_sensor.turn_on", "off", {}, "on", {}),
    ("custom_domain.toggle", "on", {}, "off", {}),
    ("custom_domain.turn_off", "on", {}, "off", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "before", "data", "after", "changes"), ROWS, ids=[f"{row[0]} {row[1]} {row[4]}" for row in ROWS]
)
def test_a_service_writes_the_wished_for_state(
    native: HomeServer, service: str, before: str, data: dict[str, Any], after: str, changes: dict[str, Any]
) -> None:
    """At once; the listed keys are added, all others stay; the reply is the state as it reads afterwards."""
    entity_id = f"{service.partition('.')[0]}.virtual"
    native.rest("DELETE", f"/api/states/{entity_id}")
    put(native, entity_id, before, **KEPT)
    (reply,) = call(native, service, {"entity_id": entity_id, **data, "unheard_of": 1})
    assert reply == native.rest("GET", f"/api/states/{entity_id}").json()
    rounded = {key: value for key, value in reply["attributes"].items() if key != "brightness" or value == 120}
    assert (reply["state"], rounded) == (after, {**KEPT, **changes})


@pytest.mark.parametrize("service", ["light.turn_on", "lock.lock", "climate.set_temperature", "input_number.set_value"])
def test_the_profile_of_ha_does_so_too(home: HomeServer, service: str) -> None:
    """An entity without an owner is virtual in both profiles."""
    entity_id = f"{service.partition('.')[0]}.both"
    put(home, entity_id, "x", **KEPT)
    (reply,) = call(home, service, {"entity_id": entity_id, "value": 5, "temperature": 20})
    assert reply["entity_id"] == entity_id
    assert KEPT.items() <= reply["attributes"].items()


def test_a_counter_goes_back_to_where_it_began(home: HomeServer) -> None:
    """Its attribute `initial`."""
    put(home, "counter.own", "9", initial=3)
    assert call(home, "counter.reset", {"entity_id": "counter.own"})[0]["state"] == "3"


# -- 4.1 ---------------------------------------------------------------------------------------------------------------


def test_targets_may_be_a_text_or_a_list(home: HomeServer) -> None:
    """Each is handled on its own: a toggle over mixed states flips each."""
    put(home, "switch.one", "on")
    put(home, "switch.two", "off")
    assert [s["state"] for s in call(home, "switch.toggle", {"entity_id": "switch.one"})] == ["off"]
    both = call(home, "switch.toggle", {"entity_id": ["switch.one", "switch.two"]})
    assert [(s["entity_id"], s["state"]) for s in both] == [("switch.one", "on"), ("switch.two", "on")]


def test_native_clients_may_nest_the_target(native: HomeServer) -> None:
    """Entities, areas and labels."""
    put(native, "switch.nested", "off")
    native.rest("POST", "/api/areas", {"area_id": "nest", "name": "Nest"})
    native.rest("POST", "/api/areas/nest/entities/switch.nested")
    native.rest("POST", "/api/labels", {"label_id": "nested", "name": "Nested"})
    native.rest("POST", "/api/labels/nested/entities/switch.nested")
    for target in ({"entity_id": "switch.nested"}, {"area_id": "nest"}, {"label_id": "nested"}):
        call(native, "switch.turn_off", {"target": {"entity_id": ["switch.nested"]}})
        assert [s["entity_id"] for s in call(native, "switch.turn_on", {"target": target})] == ["switch.nested"], target
        assert native.state("switch.nested").state == "on"


@pytest.mark.parametrize(
    "body",
    [{}, {"entity_id": ""}, {"entity_id": []}, {"entity_id": "light.unknown"}, {"entity_id": ["x", "light.unknown"]}],
)
def test_a_native_call_of_nothing_is_an_empty_list(native: HomeServer, body: Any) -> None:
    """200, and nothing is created."""
    assert call(native, "light.turn_on", body) == []
    assert native.home.states.get("light.unknown") is None


@pytest.mark.parametrize("service", ["light.explode", "no_such_domain.no_such_service", "lock.explode"])
def test_an_unknown_service_changes_nothing(native: HomeServer, service: str) -> None:
    """200 and an empty list."""
    entity_id = f"{service.partition('.')[0]}.calm"
    put(native, entity_id, "as it was")
    assert call(native, service, {"entity_id": entity_id}) == []
    assert native.state(entity_id).state == "as it was"


def test_twenty_toggles_end_where_they_began(home: HomeServer) -> None:
    """Calls of one entity are serial."""
    put(home, "light.patient", "off")
    for _ in range(20):
        call(home, "light.toggle", {"entity_id": "light.patient"})
    assert home.state("light.patient").state == "off"


@pytest.mark.parametrize("entity_id", ["light.any", "sensor.any", "custom.any", "lock.any"])
def test_homeassistant_turns_anything_on_and_off(home: HomeServer, entity_id: str) -> None:
    """By the entity's domain where it knows the word."""
    put(home, entity_id, "unknown")
    for service, state in (("turn_on", "on"), ("turn_off", "off"), ("toggle", "on")):
        call(home, f"homeassistant.{service}", {"entity_id": entity_id})
        assert home.state(entity_id).state == state


@pytest.mark.parametrize("service", ["restart", "stop", "reload_core_config"])
def test_the_server_is_not_stopped_from_afar(home: HomeServer, service: str) -> None:
    """Answered, and nothing is done."""
    assert call(home, f"homeassistant.{service}", {}) == []
    assert home.rest("GET", "/api/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    "service",
    ["script.turn_on", "script.turn_off", "script.reload", "notify.send_message", "weather.get_forecasts",
     "image.reload", "person.reload", "zone.reload"],
)  # fmt: skip
def test_these_ask_for_no_arguments(native: HomeServer, service: str) -> None:
    """200, and a virtual entity stays as it is."""
    entity_id = f"{service.partition('.')[0]}.still"
    put(native, entity_id, "as it was")
    for body in ({}, {"entity_id": entity_id}):
        call(native, service, body)
    assert native.rest("GET", f"/api/states/{entity_id}").json()["state"] == "as it was"


def test_a_native_scene_makes_what_is_not_there(native: HomeServer) -> None:
    """And merges its attributes into what is."""
    put(native, "light.desk", "off", icon="mdi:lamp")
    call(native, "scene.turn_on", {"entity_id": "scene.reading"})
    assert native.state("light.made_by_scene").state == "off"
    assert native.state("light.desk").attributes == {"icon": "mdi:lamp", "brightness": 80}


# -- 4.3 ---------------------------------------------------------------------------------------------------------------


def test_owned_entities_refuse_as_in_ha(home: HomeServer) -> None:
    """Also when a virtual one is called with them."""
    put(home, "input_boolean.virtual_one", "off")
    for ids in (["input_boolean.guest"], ["input_boolean.virtual_one", "input_boolean.guest"]):
        body = {"entity_id": ids, "unheard_of": 1}
        assert home.rest("POST", "/api/services/input_boolean/turn_on", body).status_code == 400
    assert call(home, "input_boolean.turn_on", {"entity_id": ["input_boolean.virtual_one", "input_boolean.guest"]})
    assert home.state("input_boolean.virtual_one").state == home.state("input_boolean.guest").state == "on"
