"""Template entities that are devices: lights, covers, fans, locks, robots, alarms, weather; both spellings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integrations.conftest import Flows
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: Europe/Berlin}
input_boolean: {lamp: {name: Lamp}, up: {name: Up}}
input_number:
  level: {min: 0, max: 255}
  percent: {min: 0, max: 100}
input_text: {word: {name: Word, initial: docked}}
template:
  - variables: {factor: "{{ states('input_number.percent') | int }}"}
    unique_id: block
    sensor:
      - name: Of variables
        unique_id: vars
        variables: {twice: "{{ factor * 2 }}"}
        state: "{{ factor }}/{{ twice }}"
    light:
      - name: Modern
        unique_id: light1
        state: "{{ is_state('input_boolean.lamp', 'on') }}"
        level: "{{ states('input_number.level') | int }}"
        turn_on: [{action: input_boolean.turn_on, target: {entity_id: input_boolean.lamp}}]
        turn_off: [{action: input_boolean.turn_off, target: {entity_id: input_boolean.lamp}}]
        set_level:
          - {action: input_number.set_value, target: {entity_id: input_number.level}, data: {value: "{{ brightness }}"}}
          - {action: input_boolean.turn_on, target: {entity_id: input_boolean.lamp}}
      - name: Coloured
        turn_on: []
        turn_off: []
        set_hs: [{event: hs, event_data: {h: "{{ h }}", s: "{{ s }}", hs: "{{ hs }}"}}]
        set_temperature: [{event: mireds, event_data: {m: "{{ color_temp }}", k: "{{ color_temp_kelvin }}"}}]
        effect_list: "{{ ['Rain', 'Sun'] }}"
        set_effect: [{event: effect, event_data: {e: "{{ effect }}"}}]
    cover:
      - name: Blind
        position: "{{ states('input_number.percent') }}"
        set_cover_position:
          - {action: input_number.set_value, target: {entity_id: input_number.percent}, data: {value: "{{ position }}"}}
        stop_cover: [{event: stopped}]
        set_cover_tilt_position: [{event: tilted, event_data: {t: "{{ tilt }}"}}]
    lock:
      - name: Door
        state: "{{ 'jammed' if is_state('input_text.word', 'jam') else is_state('input_boolean.lamp', 'on') }}"
        code_format: "{{ '^[0-9]{4}$' }}"
        lock: [{event: locked, event_data: {c: "{{ code }}"}}]
        unlock: [{event: unlocked}]
        open: [{event: opened}]
  - trigger: [{trigger: event, event_type: tick}]
    weather:
      - {name: Triggered weather, condition: "{{ trigger.event.data.c }}", temperature: 20, humidity: 50}
  - sensors:
      old: {friendly_name: Very old, value_template: "{{ 7 }}", unit_of_measurement: W}
light:
  - platform: template
    lights:
      ancient:
        friendly_name: Ancient
        value_template: "{{ is_state('input_boolean.lamp', 'on') }}"
        icon_template: "mdi:lamp"
        turn_on: {action: input_boolean.turn_on, target: {entity_id: input_boolean.lamp}}
        turn_off: {action: input_boolean.turn_off, target: {entity_id: input_boolean.lamp}}
fan:
  - platform: template
    fans:
      box:
        value_template: "{{ states('input_boolean.up') }}"
        percentage_template: "{{ states('input_number.percent') | int }}"
        preset_modes: [auto, night]
        preset_mode_template: "{{ 'auto' }}"
        turn_on: {action: input_boolean.turn_on, target: {entity_id: input_boolean.up}}
        turn_off: {action: input_boolean.turn_off, target: {entity_id: input_boolean.up}}
        set_percentage:
          - {action: input_number.set_value, target: {entity_id: input_number.percent},
             data: {value: "{{ percentage }}"}}
        set_preset_mode: [{event: preset, event_data: {p: "{{ preset_mode }}"}}]
vacuum:
  - platform: template
    vacuums:
      robot:
        value_template: "{{ states('input_text.word') }}"
        battery_level_template: "{{ states('input_number.percent') | int }}"
        fan_speeds: [low, high]
        start: [{event: started}]
        set_fan_speed: [{event: speed, event_data: {s: "{{ fan_speed }}"}}]
alarm_control_panel:
  - platform: template
    panels:
      safe:
        value_template: "{{ states('input_text.word') }}"
        arm_away: [{event: armed, event_data: {c: "{{ code }}"}}]
        code_arm_required: false
weather:
  - platform: template
    name: Yard
    unique_id: yard
    condition_template: "{{ 'rainy' if is_state('input_boolean.lamp', 'on') else 'sunny' }}"
    temperature_template: "{{ states('input_number.percent') | float }}"
    temperature_unit: "°F"
    humidity_template: 60
    wind_bearing_template: "NNE"
    attribution_template: "a window"
    forecast_daily_template: >
      {{ [{'datetime': '2026-01-01T00:00:00+00:00', 'condition': 'sunny', 'temperature': 50}] }}
cover:
  - platform: template
    covers:
      wrong: {value_template: "open", positon_template: "{{ 1 }}"}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running


@pytest.fixture
def flows(server: HomeServer) -> Flows:
    found = Flows(server)
    found.call("input_boolean.turn_off", entity_id=["input_boolean.lamp", "input_boolean.up"])
    found.call("input_text.set_value", entity_id="input_text.word", value="docked")
    found.call("input_number.set_value", entity_id="input_number.percent", value=0)
    return found


@pytest.fixture
def fired(server: HomeServer) -> Iterator[list[tuple[str, Any]]]:
    """Events of actions, with their data."""
    seen: list[tuple[str, Any]] = []
    kinds = ("hs", "mireds", "effect", "stopped", "tilted", "locked", "unlocked", "opened", "preset", "started",
             "speed", "armed")
    subscriptions = [
        server.home.bus.subscribe(lambda event: seen.append((event.event_type, event.data)), kind) for kind in kinds
    ]
    yield seen
    for subscription in subscriptions:
        subscription.cancel()


def test_a_light_follows_its_templates_and_passes_commands_on(flows):
    """Its id is the block's and its own; brightness has its own actions."""
    flows.call("light.turn_on", entity_id="light.modern", brightness=100)

    shown = until(lambda: (found := flows.state("light.modern"))["state"] == "on" and found)
    assert shown["attributes"]["brightness"] == 100
    assert shown["attributes"]["supported_color_modes"] == ["brightness"]
    flows.call("light.turn_off", entity_id="light.modern")
    flows.until_state("light.modern", "off")


def test_a_light_of_the_old_spelling_has_the_id_of_its_key(flows):
    """`lights:` under `platform: template`; templates for icons are templates."""
    flows.call("light.toggle", entity_id="light.ancient")

    flows.until_state("light.ancient", "on")
    assert flows.state("light.ancient")["attributes"]["icon"] == "mdi:lamp"
    assert flows.state("sensor.old")["state"] == "7"


def test_a_light_without_templates_assumes_what_was_asked_for(flows, fired):
    """Colours and effects go to their actions, with the words of HA."""
    flows.call("light.turn_on", entity_id="light.coloured", hs_color=[120, 50])
    flows.call("light.turn_on", entity_id="light.coloured", color_temp_kelvin=4000)
    flows.call("light.turn_on", entity_id="light.coloured", effect="Rain")

    assert fired == [
        ("hs", {"h": 120, "s": 50, "hs": (120, 50)}), ("mireds", {"m": 250, "k": 4000}), ("effect", {"e": "Rain"}),
    ]  # fmt: skip
    shown = flows.state("light.coloured")["attributes"]
    assert (shown["color_mode"], shown["color_temp_kelvin"], shown["effect"]) == ("color_temp", 4000, "Rain")
    assert shown["assumed_state"] is True


def test_a_cover_moves_to_positions(flows, fired):
    """Opening and closing are positions when it has no actions of their own."""
    flows.call("cover.open_cover", entity_id="cover.blind")
    flows.until_state("cover.blind", "open")
    flows.call("cover.set_cover_position", entity_id="cover.blind", position=0)
    flows.until_state("cover.blind", "closed")
    flows.call("cover.set_cover_tilt_position", entity_id="cover.blind", tilt_position=30)
    flows.call("cover.stop_cover", entity_id="cover.blind")

    assert fired == [("tilted", {"t": 30}), ("stopped", {})]
    assert flows.state("cover.blind")["attributes"]["current_tilt_position"] == 30


def test_a_fan_has_speeds_and_presets(flows, fired):
    """Turning it on with a speed turns it on, then sets the speed."""
    flows.call("fan.turn_on", entity_id="fan.box", percentage=40)
    shown = until(lambda: (found := flows.state("fan.box"))["attributes"]["percentage"] == 40 and found)
    assert shown["state"] == "on"
    flows.call("fan.set_preset_mode", entity_id="fan.box", preset_mode="night")

    assert fired == [("preset", {"p": "night"})]


def test_a_lock_checks_codes_and_shows_when_it_is_jammed(flows, server, fired):
    """The code's format is a template, too."""
    wrong = server.rest("POST", "/api/services/lock/lock", {"entity_id": "lock.door", "code": "abc"})
    flows.call("lock.lock", entity_id="lock.door", code="1234")
    flows.call("input_text.set_value", entity_id="input_text.word", value="jam")

    assert wrong.status_code in (400, 500)
    assert fired == [("locked", {"c": 1234})]
    flows.until_state("lock.door", "jammed")


def test_a_robot_and_an_alarm_show_the_words_they_know(flows, fired):
    """Other words are unknown."""
    flows.call("input_number.set_value", entity_id="input_number.percent", value=55)
    flows.until_state("vacuum.robot", "docked")
    flows.call("vacuum.start", entity_id="vacuum.robot")
    flows.call("vacuum.set_fan_speed", entity_id="vacuum.robot", fan_speed="high")
    flows.call("alarm_control_panel.alarm_arm_away", entity_id="alarm_control_panel.safe")

    assert [kind for kind, _data in fired] == ["started", "speed", "armed"]
    assert flows.state("vacuum.robot")["attributes"]["battery_level"] == 55
    assert flows.state("alarm_control_panel.safe")["state"] == "unknown"
    flows.call("input_text.set_value", entity_id="input_text.word", value="disarmed")
    flows.until_state("alarm_control_panel.safe", "disarmed")
    flows.until_state("vacuum.robot", "unknown")


def test_weather_shows_readings_in_the_homes_units_and_forecasts(flows, server):
    """50 °F are 10 °C; the forecast comes as the service answers."""
    flows.call("input_number.set_value", entity_id="input_number.percent", value=50)
    shown = until(lambda: (found := flows.state("weather.yard"))["attributes"].get("temperature") == 10 and found)
    reply = server.rest(
        "POST", "/api/services/weather/get_forecasts?return_response", {"entity_id": "weather.yard", "type": "daily"}
    )

    assert shown["state"] == "sunny"
    assert shown["attributes"]["humidity"] == 60
    assert shown["attributes"]["wind_bearing"] == "NNE"
    assert shown["attributes"]["attribution"] == "a window"
    forecast = reply.json()["service_response"]["weather.yard"]["forecast"]
    assert forecast == [{"datetime": "2026-01-01T00:00:00+00:00", "condition": "sunny", "temperature": 10.0}]


def test_weather_can_be_rendered_by_a_trigger(flows, server):
    """It is unknown until the trigger fires."""
    server.rest("POST", "/api/events/tick", {"c": "fog"})

    flows.until_state("weather.triggered_weather", "fog")
    assert flows.state("weather.triggered_weather")["attributes"]["temperature"] == 20


def test_variables_of_a_block_and_of_an_entity_are_followed(flows):
    """What a variable reads, the templates that see it follow."""
    flows.call("input_number.set_value", entity_id="input_number.percent", value=21)

    flows.until_state("sensor.of_variables", "21/42")


def test_a_wrong_word_is_named_with_the_nearest_known_one(server):
    """File, line, path and a guess; the other entities are there."""
    [problem] = [each for each in server.home.shared["config_problems"] if "positon" in str(each)]

    assert "extra keys not allowed @ data['positon_template']" in problem.message
    assert "did you mean 'position_template'" in problem.message
    assert (problem.file, CONFIGURATION.splitlines()[problem.line - 1].strip()[:6]) == ("configuration.yaml", "wrong:")


def test_a_reload_leaves_alone_what_did_not_change(flows, server):
    """Also entities that have no id and only moved; new ones come, missing ones go."""
    file = server.home.config.config_dir / "configuration.yaml"
    before = file.read_text("utf-8")
    kept = {entity_id: server.home.entities.owned[entity_id] for entity_id in ("cover.blind", "fan.box", "lock.door")}
    flows.until_state("weather.triggered_weather", "fog")
    try:
        changed = before.replace(
            "    cover:\n      - name: Blind", "    cover:\n      - {name: New, state: open}\n      - name: Blind"
        )
        file.write_text(changed.replace("name: Modern", "name: Modified"), "utf-8")
        flows.call("template.reload")

        assert flows.state("cover.new")["state"] == "open"
        assert {each: server.home.entities.owned[each] for each in kept} == kept
        assert flows.state("light.modern")["attributes"]["friendly_name"] == "Modified"
        assert flows.state("weather.triggered_weather")["state"] == "fog"
        server.rest("POST", "/api/events/tick", {"c": "hail"})
        flows.until_state("weather.triggered_weather", "hail")
    finally:
        file.write_text(before, "utf-8")
        flows.call("template.reload")
    assert flows.state("cover.new") == {"message": "Entity not found."}
