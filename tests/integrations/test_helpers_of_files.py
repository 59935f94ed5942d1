"""Groups and other helpers that the files make with `platform:`, and meters of `utility_meter:`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

FILES = """light:
  - platform: group
    name: All lights
    unique_id: all_lights
    entities: light.a, light.b
  - platform: group
    entities: [light.b]
switch:
  - {platform: group, name: Both, all: true, entities: [switch.a, switch.b]}
binary_sensor:
  - {platform: group, name: Any door, device_class: door, entities: [binary_sensor.a, binary_sensor.b]}
  - {platform: threshold, name: Hot, entity_id: sensor.a, upper: 25, hysteresis: 1, device_class: heat}
  - {platform: tod, name: Always, after: "00:00", before: "00:00"}
  - {platform: tod, name: Shifted, after: "06:00", before: "07:00", after_offset: "-00:30:00"}
  - {platform: tod, name: Dusk, after: sunset, before: "23:00"}
sensor:
  - {platform: group, name: Mean, type: mean, unit_of_measurement: kW, entities: [sensor.a, sensor.b]}
  - {platform: derivative, source: sensor.a, name: Rate, unit_time: min, unit: W/min, time_window: "00:10:00"}
  - {platform: integration, source: sensor.a, name: Energy, unit_prefix: k, round: 2, method: left}
  - {platform: group, name: Wrong, type: mean, entities: [light.a]}
cover: [{platform: group, name: Covers, entities: [cover.a]}]
fan: [{platform: group, name: Fans, entities: [fan.a]}]
lock: [{platform: group, name: Locks, entities: [lock.a]}]
media_player: [{platform: group, name: Players, entities: [media_player.a]}]
event: [{platform: group, name: Events, entities: [event.a]}]
button: [{platform: group, name: Buttons, entities: [button.a]}]
climate:
  - platform: generic_thermostat
    name: Room
    heater: switch.a
    target_sensor: sensor.a
    target_temp: 21
    initial_hvac_mode: heat
    min_cycle_duration: {seconds: 5}
    away_temp: 16
notify:
  - platform: group
    name: Everybody
    services:
      - service: persistent_notification
        data: {title: From the group}
      - action: notify.notify
utility_meter:
  water: {source: sensor.a, cycle: monthly, offset: {days: 2}}
  power: {source: sensor.a, unique_id: power, tariffs: [peak, low]}
  broken: {source: sensor.a, cycles: daily}
"""
STATES = {
    "light.a": "on", "light.b": "off", "switch.a": "on", "switch.b": "off", "binary_sensor.a": "on",
    "binary_sensor.b": "off", "sensor.a": "20", "sensor.b": "10", "cover.a": "open", "fan.a": "on", "lock.a": "locked",
    "media_player.a": "playing",
}  # fmt: skip
SHOWN = {
    "light.all_lights": "on", "light.light_group": "off", "switch.both": "off", "binary_sensor.any_door": "on",
    "binary_sensor.hot": "off", "binary_sensor.always": "on", "sensor.mean": "15.0", "cover.covers": "open",
    "fan.fans": "on", "lock.locks": "locked", "media_player.players": "playing", "climate.room": "heat",
    "select.power": "peak",
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(FILES) as running:
        running.wait()
        for entity_id, state in STATES.items():
            running.rest("POST", f"/api/states/{entity_id}", {"state": state})
        yield running


@pytest.mark.parametrize(("entity_id", "state"), SHOWN.items(), ids=SHOWN)
def test_each_shows_what_its_sources_say(server, entity_id, state):
    """Groups of every domain, thresholds, times of the day, meters, thermostats."""
    until(lambda: server.state(entity_id).state == state, what=f"{entity_id} {state}")


def test_their_own_words_count(server):
    """Names, device classes, units, unique ids."""
    assert server.home.registries.entities.get("light.all_lights").unique_id == "all_lights"
    assert server.state("light.all_lights").attributes["entity_id"] == ["light.a", "light.b"]
    assert server.state("binary_sensor.any_door").attributes["device_class"] == "door"
    assert server.state("binary_sensor.hot").attributes["device_class"] == "heat"
    assert server.state("sensor.mean").attributes["unit_of_measurement"] == "kW"
    assert server.state("sensor.rate").attributes["unit_of_measurement"] == "W/min"
    assert server.state("climate.room").attributes["temperature"] == 21.0
    assert "T05:30:00" in server.state("binary_sensor.shifted").attributes["after"]
    assert server.home.registries.entities.get("sensor.power_low").unique_id == "power_low"
    assert server.state("sensor.energy").attributes["source"] == "sensor.a"


def test_a_group_of_notifiers_sends_to_each(server):
    """Each with its own words, where the caller gives none."""
    server.rest("POST", "/api/services/notify/everybody", {"message": "hello"})

    shown = [each for each in server.home.shared["persistent_notification"].all() if each.message == "hello"]
    assert {each.title for each in shown} == {"From the group", None}


def test_a_reload_makes_again_what_changed(server, tmp_path):
    """A group that is as it was keeps its entity; others follow their lines."""
    before = server.home.entities.owned["light.light_group"]
    path = server.home.config.config_dir / "configuration.yaml"
    text = path.read_text()
    path.write_text(text.replace("name: All lights", "name: Every light").replace("light.a, light.b", "light.a"))

    server.rest("POST", "/api/services/group/reload", {})

    until(lambda: server.state("light.all_lights").attributes["entity_id"] == ["light.a"])
    assert server.home.entities.owned["light.light_group"] is before


def test_what_is_wrong_is_left_out_with_its_place(server):
    """Members of another domain, unknown keys, what is not built."""
    texts = [str(each) for each in server.home.shared["config_problems"]]

    for words in ("'light.a' does not belong to domain", "cycles", "sunset is not supported here"):
        assert any(words in text and "configuration.yaml:" in text for text in texts), texts
    assert server.home.states.get("sensor.wrong") is None


