"""Section 7: automations and scenes as the shipped demo home has them, without its simulated house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.native.conftest import DEMO
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

LIGHTS = (
    "bedroom", "bathroom", "kitchen", "living_room_main", "living_room_accent", "living_room_lamp",
    "living_room_floor", "porch", "pathway",
)  # fmt: skip
VIRTUAL = {
    **{f"light.{name}": "off" for name in LIGHTS},
    "switch.coffee_maker": "off",
    "climate.thermostat": "heat",
    "lock.front_door": "locked",
    "lock.back_door": "locked",
    "alarm_control_panel.home": "armed_home",
    **{f"binary_sensor.{name}": "off" for name in ("entryway_motion", "smoke_detector", "co_detector")},
}
COUNTS = {
    "morning_wake_up": (1, 0, 3),
    "security_alert_motion_while_armed_away": (1, 1, 1),
    "sunset_exterior_and_evening_scene": (1, 0, 2),
    "goodnight_routine": (1, 0, None),
    "lock_verification_after_goodnight": (1, 1, 1),
    "smoke_co_emergency_response": (2, 0, None),
}


@pytest.fixture(scope="module", params=["ha", "native"])
def demo(request: pytest.FixtureRequest) -> Iterator[HomeServer]:
    text = {path.name: path.read_text("utf-8") for path in DEMO.glob("*.yaml")}
    settings: dict[str, Any] = {"auth_mode": "open", "broker": "none", "simulator": False, "profile": request.param}
    with home_server(text["configuration.yaml"], files=text, with_users=False, **settings) as server:
        for entity_id, state in VIRTUAL.items():
            write(server, entity_id, state, friendly_name=entity_id)
        yield server


@pytest.fixture
def quiet(demo: HomeServer) -> HomeServer:
    for entity_id, state in VIRTUAL.items():
        write(demo, entity_id, state)
    demo.wait()
    demo.rest("POST", "/api/notifications/dismiss_all")
    return demo


def write(home: HomeServer, entity_id: str, state: str, **attributes: Any) -> None:
    home.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": attributes})


def call(home: HomeServer, domain: str, service: str, **data: Any) -> Any:
    answer = home.rest("POST", f"/api/services/{domain}/{service}", data)
    assert answer.status_code == 200, answer.text
    return answer.json()


def notified(home: HomeServer) -> set[str]:
    return {each["notification_id"] for each in home.rest("GET", "/api/notifications").json()}


def test_the_home_says_where_it_is(demo: HomeServer) -> None:
    """REST and WebSocket alike."""
    config = demo.rest("GET", "/api/config").json()
    expected = {
        "location_name": "Marge Demo Home", "latitude": 40.3916, "longitude": -111.8508, "elevation": 1387,
        "time_zone": "America/Denver", "state": "RUNNING",
    }  # fmt: skip
    assert expected.items() <= config.items()
    units = {"length": "mi", "mass": "lb", "temperature": "°F", "volume": "gal"}
    assert units.items() <= config["unit_system"].items()
    assert isinstance(config["version"], str)
    with demo.websocket("any") as client:
        told = client.command("get_config")["result"]
    assert expected.items() <= told.items()


@pytest.mark.parametrize(("key", "counts"), COUNTS.items())
def test_an_automation_has_so_many_parts(demo: HomeServer, key: str, counts: tuple[int, int, int | None]) -> None:
    """Triggers, conditions and actions of the top level; all are enabled, of mode single."""
    found = {each["id"]: each for each in demo.rest("GET", "/api/config/automation/config").json()}
    assert set(COUNTS) == set(found)
    each = found[key]
    assert (each["trigger_count"], each["condition_count"]) == counts[:2]
    assert counts[2] is None or each["action_count"] == counts[2]
    assert (each["mode"], each["enabled"]) == ("single", True)
    state = demo.rest("GET", f"/api/states/automation.{key}").json()
    assert (state["state"], state["attributes"]["friendly_name"]) == ("on", each["alias"])
    assert {"last_triggered", "mode", "current", "id"} <= set(state["attributes"])


def test_scenes_list_their_entities(demo: HomeServer) -> None:
    """The state's attribute `friendly_name` is the scene's name."""
    found = {each["name"]: each for each in demo.rest("GET", "/api/config/scene/config").json()}
    assert (found["Evening"]["entity_count"], found["Goodnight"]["entity_count"]) == (5, 9)
    assert demo.state("scene.evening").attributes["friendly_name"] == "Evening"


def test_a_scene_merges_its_attributes(quiet: HomeServer) -> None:
    """What was there stays; entities that the scene does not name are left alone; it is done when the call returns."""
    write(quiet, "light.living_room_main", "off", friendly_name="Main", icon="mdi:lamp")
    call(quiet, "scene", "turn_on", entity_id="scene.evening")
    main = quiet.state("light.living_room_main")
    assert main.state == "on"
    assert (main.attributes["brightness"], main.attributes["icon"]) == (180, "mdi:lamp")
    assert quiet.state("light.living_room_accent").attributes["rgb_color"] == [255, 147, 41]
    assert quiet.state("media_player.living_room").attributes["source"] == "Music"
    assert quiet.state("light.porch").state == "off"
    assert call(quiet, "scene", "turn_on", entity_id="scene.unknown") == []


def test_motion_alarms_only_while_nobody_is_home(quiet: HomeServer) -> None:
    """A condition blocks the run; a state trigger fires for its value only."""
    runs = quiet.state("automation.security_alert_motion_while_armed_away").attributes["current"]
    write(quiet, "binary_sensor.entryway_motion", "on")
    quiet.wait()
    assert notified(quiet) == set()
    assert quiet.state("automation.security_alert_motion_while_armed_away").attributes["current"] == runs
    write(quiet, "binary_sensor.entryway_motion", "off")
    write(quiet, "alarm_control_panel.home", "armed_away")
    write(quiet, "binary_sensor.entryway_motion", "on")
    until(lambda: notified(quiet) == {"security_motion_alert"})


def test_the_bedside_button_sends_the_house_to_sleep(quiet: HomeServer) -> None:
    """Its press fires an event; the routine arms the alarm, which checks the doors."""
    for light in LIGHTS:
        write(quiet, f"light.{light}", "on")
    write(quiet, "lock.back_door", "jammed")
    before = quiet.state("button.bedside").state
    call(quiet, "button", "press", entity_id="button.bedside")
    until(lambda: quiet.state("alarm_control_panel.home").state == "armed_night")
    until(lambda: all(quiet.state(f"light.{light}").state == "off" for light in LIGHTS))
    assert quiet.state("lock.back_door").state == "locked"
    if quiet.home.config.marge.profile == "native":
        assert quiet.state("button.bedside").state == before
    write(quiet, "alarm_control_panel.home", "disarmed")
    write(quiet, "lock.front_door", "unlocked")
    write(quiet, "alarm_control_panel.home", "armed_night")
    until(lambda: "lock_verification_alert" in notified(quiet))


def test_smoke_opens_the_house(quiet: HomeServer) -> None:
    """Light everywhere, doors open, alarm off."""
    write(quiet, "binary_sensor.smoke_detector", "on")
    until(lambda: quiet.state("alarm_control_panel.home").state == "disarmed")
    assert quiet.state("lock.front_door").state == "unlocked"
    until(lambda: all(quiet.state(f"light.{light}").attributes.get("brightness") == 255 for light in LIGHTS))


def test_the_morning_sets_the_house_up(quiet: HomeServer) -> None:
    """Triggered by hand, also while it is disabled and without the first part of its id."""
    call(quiet, "automation", "turn_off", entity_id="automation.morning_wake_up")
    call(quiet, "automation", "trigger", entity_id="automation.morning_wake_up")
    bedroom = quiet.state("light.bedroom")
    assert (bedroom.state, bedroom.attributes["brightness"]) == ("on", 51)
    assert quiet.state("climate.thermostat").attributes["temperature"] == 70
    assert "T" in quiet.rest("GET", "/api/states/automation.morning_wake_up").json()["attributes"]["last_triggered"]
    call(quiet, "automation", "turn_on", entity_id="automation.morning_wake_up")


def test_native_clients_name_automations_as_they_like(quiet: HomeServer) -> None:
    """Without the domain, an empty id, an unknown one: 200."""
    if quiet.home.config.marge.profile != "native":
        return
    before = quiet.state("automation.morning_wake_up").attributes["current"]
    call(quiet, "automation", "trigger", entity_id="morning_wake_up")
    assert quiet.state("automation.morning_wake_up").attributes["current"] == before + 1
    for entity_id in ("", "automation.unknown"):
        call(quiet, "automation", "trigger", entity_id=entity_id)
    call(quiet, "automation", "trigger")


def test_a_disabled_automation_does_not_react(quiet: HomeServer) -> None:
    """Until it is enabled again; the state shows it in the next read."""
    name = "automation.smoke_co_emergency_response"
    for service, state in (("turn_off", "off"), ("toggle", "on"), ("toggle", "off")):
        call(quiet, "automation", service, entity_id=name)
        assert quiet.state(name).state == state
    write(quiet, "binary_sensor.co_detector", "on")
    quiet.wait()
    assert quiet.state("lock.front_door").state == "locked"
    call(quiet, "automation", "turn_on", entity_id=name)
