"""Statistics, trends, filters, hygrostats that the files make."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

FILES = """sensor:
  - {platform: statistics, name: Typical, entity_id: sensor.a, state_characteristic: mean, sampling_size: 5}
  - {platform: statistics, entity_id: sensor.a, state_characteristic: count_on, sampling_size: 5}
  - {platform: statistics, entity_id: sensor.a, state_characteristic: mean}
  - platform: history_stats
    name: Lamp
    unique_id: lamp_on
    entity_id: light.a
    state: on
    type: count
    start: "{{ now() - timedelta(hours=2) }}"
    duration: "02:00:00"
  - {platform: history_stats, name: Wrong, entity_id: light.a, state: on, start: "{{ now() }}"}
  - platform: filter
    name: Smooth
    entity_id: sensor.a
    filters:
      - {filter: range, upper_bound: 25}
      - {filter: lowpass, time_constant: 2, precision: 1}
  - {platform: filter, entity_id: sensor.a, filters: [{filter: nosuch}]}
binary_sensor:
  - platform: trend
    sensors:
      warmer: {entity_id: sensor.a, friendly_name: It gets warmer}
      colder: {entity_id: sensor.a, invert: true, unique_id: cold}
generic_hygrostat:
  - {name: Bath, humidifier: switch.a, target_sensor: sensor.h, target_humidity: 60, initial_state: true,
     device_class: dehumidifier, away_humidity: 80}
  - {name: Broken, humidifier: switch.a}
humidifier:
  - {platform: generic_hygrostat, name: Bed, humidifier: switch.b, target_sensor: sensor.h}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(FILES) as running:
        running.wait()
        for entity_id, *states in (
            ("switch.a", "off"), ("sensor.h", "70"), ("light.a", "on"), ("sensor.a", "20", "40"),
        ):  # fmt: skip
            for state in states:
                running.rest("POST", f"/api/states/{entity_id}", {"state": state})
                running.wait()
        yield running


@pytest.mark.parametrize(
    ("entity_id", "state"),
    [
        ("sensor.typical", "30.0"), ("sensor.lamp", "1"), ("sensor.smooth", "22.5"), ("binary_sensor.warmer", "on"),
        ("binary_sensor.colder", "off"), ("humidifier.bath", "on"), ("switch.a", "on"), ("humidifier.bed", "off"),
    ],
)  # fmt: skip
def test_each_shows_what_its_source_says(server, entity_id, state):
    """Also those that one item lists, and those of a section of their own."""
    until(lambda: server.state(entity_id).state == state, what=f"{entity_id} {state}")


def test_their_own_words_count(server):
    """Names and unique ids."""
    assert server.state("binary_sensor.warmer").attributes["friendly_name"] == "It gets warmer"
    assert server.home.registries.entities.get("binary_sensor.colder").unique_id == "cold"
    assert server.home.registries.entities.get("sensor.lamp").unique_id == "lamp_on"


def test_away_has_its_own_humidity(server):
    """And gives the usual one back."""
    for mode, humidity in (("away", 80), ("normal", 60)):
        server.rest("POST", "/api/services/humidifier/set_mode", {"entity_id": "humidifier.bath", "mode": mode})
        server.wait()
        shown = server.state("humidifier.bath").attributes
        assert (shown["mode"], shown["humidity"]) == (mode, humidity)


def test_what_is_wrong_is_left_out_with_its_place(server):
    """Each with a hint what to do."""
    texts = [str(each) for each in server.home.shared["config_problems"]]
    for words in (
        "a source like sensor.a has", "give a sampling_size", "two of start, end and duration", "`filter` is one of",
        "target_sensor",
    ):  # fmt: skip
        assert any(words in text and "configuration.yaml:" in text for text in texts), (words, texts)


def test_a_reload_keeps_what_is_as_it_was(server):
    """Each of the entities that one item lists stands for itself."""
    before = server.home.entities.owned["binary_sensor.warmer"]
    path = server.home.config.config_dir / "configuration.yaml"
    path.write_text(path.read_text().replace("invert: true", "invert: false"))
    server.rest("POST", "/api/services/trend/reload", {})
    until(lambda: server.state("binary_sensor.colder").attributes["invert"] is False)
    assert server.home.entities.owned["binary_sensor.warmer"] is before


REMEMBERING = """sensor:
  - {platform: statistics, name: Typical, entity_id: sensor.a, state_characteristic: sum, sampling_size: 9}
  - {platform: filter, name: Mild, entity_id: sensor.a, filters: [{filter: outlier, window_size: 3, radius: 5}]}
  - {platform: history_stats, name: Often, unique_id: h, entity_id: light.a, state: on, type: count,
     start: "{{ now() - timedelta(hours=2) }}", end: "{{ now() }}"}
binary_sensor:
  - {platform: trend, sensors: {rises: {entity_id: sensor.a, unique_id: t}}}
humidifier:
  - {platform: generic_hygrostat, name: Bed, unique_id: g, humidifier: switch.b, target_sensor: sensor.h}
"""


def test_a_restart_loses_nothing(tmp_path):
    """Samples come from the history; a trend and a hygrostat show what they showed."""
    database = tmp_path / "home.db"
    with home_server(REMEMBERING, db_path=database) as server:
        token = server.admin_token
        for entity_id, *states in (("sensor.a", "1", "2", "3"), ("light.a", "on", "off", "on"), ("switch.b", "off")):
            for state in states:
                server.rest("POST", f"/api/states/{entity_id}", {"state": state})
                server.wait()
        called = {"entity_id": "humidifier.bed", "humidity": 55}
        assert server.rest("POST", "/api/services/humidifier/set_humidity", called).status_code == 200
        until(lambda: server.state("sensor.typical").state == "6.0")
        until(lambda: server.state("sensor.often").state == "2")
        until(lambda: server.state("binary_sensor.rises").state == "on")

    with home_server(REMEMBERING, with_users=False, db_path=database) as server:
        until(lambda: server.state("sensor.typical").state == "6.0")
        until(lambda: server.state("sensor.often").state == "2")
        assert server.state("binary_sensor.rises").state == "on"
        assert server.state("humidifier.bed").attributes["humidity"] == 55
        until(lambda: server.state("sensor.mild").state == "3.0")
        server.rest("POST", "/api/states/sensor.a", {"state": "40"}, token=token)
        until(lambda: server.state("sensor.typical").state == "46.0")
        until(lambda: server.state("sensor.mild").state == "2.0", what=str(server.state("sensor.mild")))
