"""Entities that the files describe: `mqtt:` in both forms, its mistakes, and `mqtt.reload`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marge.bridges.mqtt.component import load_components
from marge.bridges.mqtt.from_files import read
from marge.config import ConfigProblem, load_home
from tests.bridges.mqtt.wire import Bench
from tests.support.broker import start_broker, stop_broker
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

LIST_FORM = """
mqtt:
  - sensor:
      name: Cellar
      unique_id: cellar
      state_topic: files/cellar
      unit_of_measurement: "°C"
      device_class: temperature
  - switch:
      - {name: Pump, command_topic: files/pump/set, unique_id: pump}
      - {name: Fan, command_topic: files/fan/set}
"""
MAPPING_FORM = """
mqtt:
  sensor:
    - {name: Cellar, unique_id: cellar, state_topic: files/cellar}
  binary_sensor:
    name: Door
    state_topic: files/door
"""
WRONG = """
mqtt:
  - sensor:
      name: No topic
  - sensro:
      name: Typing error
      state_topic: a
  - switch:
      name: Wild
      command_topic: a/#
      colour: red
  - switch: {name: Odd, command_topic: a/b, colour: red}
  - sensor: {name: One, unique_id: one, state_topic: a}
  - sensor: {name: Two, unique_id: one, state_topic: b}
  - nonsense
"""


def _read(text: str, folder: Path) -> tuple[list[str], list[ConfigProblem]]:
    (folder / "configuration.yaml").write_text(text, "utf-8")
    wrong: list[ConfigProblem] = []
    found = read(load_home(folder, {}).sections.get("mqtt"), load_components(), wrong.append)
    return [each.key.component for each in found if each is not None], wrong


@pytest.mark.parametrize(
    ("text", "components"),
    [(LIST_FORM, ["sensor", "switch", "switch"]), (MAPPING_FORM, ["sensor", "binary_sensor"]), ("mqtt:", []), ("", [])],
    ids=["a list", "a mapping", "empty", "none"],
)
def test_both_forms_are_read(text: str, components: list[str], tmp_path: Path) -> None:
    """The same entities come out of a list of components and of a mapping."""
    assert _read(text, tmp_path) == (components, [])


def test_mistakes_are_told_with_their_line(tmp_path: Path) -> None:
    """Each wrong piece is left out and named with file and line; the good ones are taken."""
    components, wrong = _read(WRONG, tmp_path)
    assert components == ["sensor"]
    assert [(each.file, each.line) for each in wrong] == [
        ("configuration.yaml", line) for line in (3, 5, 10, 12, 14, 15)
    ]  # fmt: skip
    texts = [str(each) for each in wrong]
    assert "required key not provided @ data['state_topic']" in texts[0]
    assert "did you mean `sensor`?" in texts[1]
    assert "Wildcards cannot be used in topic names" in texts[2]
    assert "'colour' is an invalid option" in texts[3]
    assert "one is taken" in texts[4]


@pytest.fixture(scope="module")
def bench() -> Iterator[tuple[HomeServer, Bench]]:
    host, port, process = start_broker()
    configuration = f"""
marge:
  mqtt: {{broker: external}}
  broker: {{host: {host}, port: {port}}}
{LIST_FORM}
"""
    with home_server(configuration, bridges=("mqtt",)) as server:
        bench = Bench(server.home, host, port, spawn=False)
        yield server, bench
        bench.close()
    stop_broker(process)


def _write(server: HomeServer, section: str) -> None:
    path = server.home.config.config_dir / "configuration.yaml"
    path.write_text(path.read_text("utf-8").partition("\nmqtt:")[0] + "\n" + section, "utf-8")


def _reload(server: HomeServer) -> int:
    return server.rest("POST", "/api/services/mqtt/reload", {}).status_code


def test_they_live_like_discovered_ones_and_follow_the_files(bench: tuple[HomeServer, Bench]) -> None:
    """States come in, commands go out, a reload changes what changed, and a wrong file changes nothing."""
    server, wire = bench
    wire.device.publish("files/cellar", "12.5")
    wire.settle()
    assert server.state("sensor.cellar").state == "12.5"
    wire.forget()
    server.rest("POST", "/api/services/switch/turn_on", {"entity_id": "switch.pump"})
    assert ("files/pump/set", "ON", 0) in wire.published()
    pump = server.home.entities.owned["switch.pump"]

    _write(server, LIST_FORM.replace("name: Fan", "name: Vent").replace("files/cellar", "files/cellar2"))
    assert _reload(server) == 200
    assert server.home.entities.owned["switch.pump"] is pump
    assert server.state("switch.pump").state == "on"
    assert server.home.states.get("switch.fan") is None
    assert server.state("switch.vent").state == "off"
    wire.settle()
    wire.device.publish("files/cellar2", "13")
    wire.settle()
    assert server.state("sensor.cellar").state == "13"

    _write(server, WRONG)
    assert _reload(server) >= 400
    assert server.state("switch.vent").state == "off"

    _write(server, MAPPING_FORM)
    assert _reload(server) == 200
    until(lambda: server.home.states.get("switch.vent") is None)
    assert server.state("binary_sensor.door").state == "unknown"


def test_the_check_names_them(bench: tuple[HomeServer, Bench]) -> None:
    """`POST /api/config/core/check_config` tells what would be left out."""
    server, _wire = bench
    _write(server, WRONG)
    found = server.rest("POST", "/api/config/core/check_config").json()
    assert "configuration.yaml" in str(found)
    assert "is no component of MQTT" in str(found)
