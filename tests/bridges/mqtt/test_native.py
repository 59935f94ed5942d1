"""The native profile: plain states, ids from topics, assumed commands, lenient payloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from marge.home import Home
from marge.model import Context
from tests.bridges.mqtt.wire import Bench
from tests.support.broker import start_broker, stop_broker
from tests.support.mqtt_client import Client
from tests.support.waiting import until


@pytest.fixture
def bench(make_home: Callable[..., Home]) -> Iterator[Bench]:
    host, port, process = start_broker()
    bench = Bench(make_home(mqtt_port=port, profile="native"), host, port)
    yield bench
    bench.close()
    stop_broker(process)


def call(bench: Bench, domain: str, service: str, **data: Any) -> None:
    bench.home.services.call(domain, service, data, None, Context.new())
    bench.settle()


def test_a_plain_state_is_taken_word_by_word(bench: Bench) -> None:
    """Any domain, any text; attributes stay."""
    bench.home.entities.write("sensor.kitchen", "1", {"unit": "x"}, Context.new())
    for payload in ("ON", "", '{"a": 1}', "ünïcode"):
        bench.device.publish("home/sensor/kitchen/state", payload)
        bench.settle()
        assert bench.state("sensor.kitchen") == (payload, {"unit": "x"})
    bench.device.publish("home/light/New_One/state", "ON")
    bench.settle()
    assert bench.state("light.new_one") == ("ON", {})


@pytest.mark.parametrize(
    "topic",
    ["home/light/x/set", "home/light/x/y/state", "home/light/state", "house/light/x/state", "home/Li ght/x/state"],
)
def test_other_topics_mean_nothing(bench: Bench, topic: str) -> None:
    """Exactly four levels, the first and last as they are."""
    bench.device.publish(topic, "on")
    bench.settle()
    assert bench.home.states.ids() == []


def test_a_connection_that_comes_back_brings_no_old_alarm(bench: Bench) -> None:
    """What was retained before must not undo what happened since: it would set off automations."""
    bench.device.publish("home/binary_sensor/smoke/state", "on", retain=True)
    bench.settle()
    bench.home.entities.write("binary_sensor.smoke", "off", {}, Context.new())
    ups = bench.bridge._ups
    thief = Client(bench.bridge.endpoint.port, client_id=bench.bridge.figures()["client_id"])
    thief.close()
    until(lambda: bench.bridge._ups > ups and bench.bridge.connected, what="the connection")
    bench.settle()
    assert bench.state("binary_sensor.smoke") == ("off", {})
    bench.device.publish("home/binary_sensor/smoke/state", "on", retain=True)
    bench.settle()
    assert bench.state("binary_sensor.smoke") == ("on", {})


def test_an_owned_entity_is_not_written_by_plain_states(bench: Bench) -> None:
    """Only the discovery's rules apply to a topic that a discovered entity uses."""
    config = {"name": "L", "state_topic": "home/light/l/state", "command_topic": "home/light/l/set", "object_id": "l"}
    bench.device.publish("homeassistant/light/l/config", config)
    bench.settle()
    bench.device.publish("home/light/l/state", "ON")
    bench.settle()
    assert bench.state("light.l")[0] == "on"  # type: ignore[index]


def test_ids_come_from_the_topic_and_names_without_the_device(bench: Bench) -> None:
    """Rows 12 and 14 of section 9."""
    config = {"name": "Power", "unique_id": "p", "state_topic": "p/s", "device": {"identifiers": ["d"], "name": "Plug"}}
    bench.device.publish("homeassistant/sensor/node/plug_power/config", config)
    bench.settle()
    assert bench.state("sensor.plug_power") == ("unknown", {"friendly_name": "Power"})


@pytest.mark.parametrize(
    ("component", "config", "state"),
    [
        ("light", {"command_topic": "c"}, "off"),
        ("switch", {"command_topic": "c", "state_topic": "s"}, "off"),
        ("lock", {"command_topic": "c", "state_topic": "s"}, "locked"),
        ("alarm_control_panel", {"command_topic": "c", "state_topic": "s"}, "disarmed"),
        ("climate", {"mode_command_topic": "c", "mode_state_topic": "s"}, "off"),
        ("sensor", {"state_topic": "s"}, "unknown"),
        ("binary_sensor", {"state_topic": "s"}, "unknown"),
    ],
)
def test_first_states(bench: Bench, component: str, config: dict[str, Any], state: str) -> None:
    """Row 13: a likely state, marked as assumed until the device speaks."""
    bench.device.publish(f"homeassistant/{component}/x/config", {"name": "X", **config})
    bench.settle()
    found = bench.state(f"{component}.x")
    assert found is not None and found[0] == state
    if state != "unknown":
        assert found[1]["assumed_state"] is True


def test_commands_are_assumed_and_later_reports_win(bench: Bench) -> None:
    """Row 15: the state changes with the call, although there is a state topic."""
    config = {"name": "S", "state_topic": "s/s", "command_topic": "s/c"}
    bench.device.publish("homeassistant/switch/s/config", config)
    bench.settle()
    bench.forget()
    call(bench, "switch", "turn_on", entity_id="switch.s")
    assert bench.state("switch.s")[0] == "on"  # type: ignore[index]
    assert bench.published() == [("s/c", "ON", 0)]
    bench.device.publish("s/s", "OFF")
    bench.settle()
    found = bench.state("switch.s")
    assert found is not None and found[0] == "off"
    assert "assumed_state" not in found[1]


@pytest.mark.parametrize(
    ("component", "payload", "state"),
    [
        ("switch", "true", "on"), ("switch", '{"state": "OFF"}', "off"), ("switch", "1", "on"),
        ("light", '{"state": "ON", "brightness": 100}', "on"), ("lock", "unlock", "unlocked"),
        ("alarm_control_panel", "ARM_HOME", "armed_home"), ("alarm_control_panel", "ARMED_AWAY", "armed_away"),
        ("binary_sensor", "TRUE", "on"), ("sensor", '{"value": 42, "battery": 7}', "42"),
    ],
)  # fmt: skip
def test_lenient_payloads(bench: Bench, component: str, payload: str, state: str) -> None:
    """Usual words and JSON objects are understood without a template."""
    config = {"name": "X", "state_topic": "x/s"}
    if component not in ("sensor", "binary_sensor"):
        config["command_topic"] = "x/c"
    bench.device.publish(f"homeassistant/{component}/x/config", config)
    bench.device.publish("x/s", payload, retain=True)
    bench.settle()
    found = until(lambda: (now := bench.state(f"{component}.x")) is not None and now[0] == state and now, what=state)
    if component == "sensor":
        assert found[1]["battery"] == 7


def test_a_removed_entity_stays_unavailable_and_can_return(bench: Bench) -> None:
    """Row 16; a second removal is harmless."""
    topic, config = "homeassistant/switch/s/config", {"name": "S", "command_topic": "s/c"}
    bench.device.publish(topic, config)
    bench.settle()
    for _ in range(2):
        bench.device.publish(topic, b"")
        bench.settle()
        assert bench.state("switch.s")[0] == "unavailable"  # type: ignore[index]
    bench.device.publish(topic, config)
    bench.settle()
    assert bench.state("switch.s")[0] == "off"  # type: ignore[index]


def test_availability_words(bench: Bench) -> None:
    """`online`, `1`, `true`, `available` are good, anything else is not."""
    config = {"name": "S", "state_topic": "s/s", "availability_topic": "s/a"}
    bench.device.publish("homeassistant/sensor/s/config", config)
    bench.settle()
    for payload, available in (("Available", True), ("gone", False), ("1", True), ("TRUE", True), ("", False)):
        bench.device.publish("s/a", payload)
        bench.settle()
        found = bench.state("sensor.s")
        assert found is not None and (found[0] != "unavailable") is available, payload
