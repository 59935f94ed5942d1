"""The MQTT bridge over a real broker: it connects, survives, heals, and says what it cannot understand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from marge.actors import RestartChild
from marge.bridges.mqtt.connection import STATUS_TOPIC
from marge.bridges.mqtt.messages import Publish
from marge.errors import HomeError
from marge.home import Home
from marge.model import Context
from tests.bridges.mqtt.wire import Bench, Device
from tests.support.broker import free_port, start_broker, stop_broker
from tests.support.holding import HELD_S, holds
from tests.support.waiting import until

MakeHome = Callable[..., Home]
CONFIG = "homeassistant/sensor/s1/config"
SENSOR = {"name": "S", "unique_id": "u1", "state_topic": "dev/s", "object_id": "s1"}
FLOOD = """
import json, sys
import paho.mqtt.client as paho
client = paho.Client(paho.CallbackAPIVersion.VERSION2)
client.connect(sys.argv[1], int(sys.argv[2]))
client.loop_start()
for number in range(1500):
    config = {"name": f"F{number}", "unique_id": f"f{number}", "stat_t": f"f/{number}"}
    last = client.publish(f"homeassistant/sensor/flood{number}/config", json.dumps(config), qos=1)
last.wait_for_publish(60)
client.disconnect()
"""


def test_it_tells_the_world_that_it_is_there(bench: Bench) -> None:
    """Birth on Home Assistant's topic, and a retained status of our own."""
    found = {message[0]: message[1] for message in bench.device.received}
    assert found["homeassistant/status"] == "online"
    late = Device(bench.bridge.endpoint.host, bench.bridge.endpoint.port)
    until(lambda: (STATUS_TOPIC, "online", 1, True) in late.received)
    late.close()


def test_its_end_is_told_too(bench: Bench) -> None:
    """An orderly stop publishes `offline` on both."""
    bench.forget()
    bench.home.system.stop("/bridges")
    wanted = {(STATUS_TOPIC, "offline"), ("homeassistant/status", "offline")}
    until(lambda: {message[:2] for message in bench.device.received} >= wanted)


def test_a_state_names_the_topic_that_it_was_said_on(bench: Bench) -> None:
    """In memory, for those who ask why; not in what clients get."""
    bench.device.publish(CONFIG, SENSOR, retain=True)
    bench.device.publish("dev/s", "7", retain=True)
    until(lambda: bench.state("sensor.s1") == ("7", {"friendly_name": "S"}))
    state = bench.home.states.get("sensor.s1")
    assert state is not None
    assert state.context.origin == "dev/s"
    assert "origin" not in state.as_dict()["context"]
    assert bench.bridge.hearing is None


def test_a_killed_bridge_comes_back_with_its_entities(bench: Bench) -> None:
    """While it is away they are unavailable; then retained topics bring their states back."""
    bench.device.publish(CONFIG, SENSOR, retain=True)
    bench.device.publish("dev/s", "7", retain=True)
    bench.settle()
    assert bench.state("sensor.s1") == ("7", {"friendly_name": "S"})
    first = bench.bridge
    bench.home.system.kill("/bridges/mqtt")
    until(lambda: bench.home.system.actor("/bridges/mqtt") is None)
    until(lambda: bench.state("sensor.s1")[0] == "unavailable")  # type: ignore[index]
    assert bench.home.system.ask("/bridges", RestartChild("mqtt"))
    until(lambda: (bridge := bench.home.system.actor("/bridges/mqtt")) is not None and bridge is not first)
    until(lambda: bench.bridge.connected)
    bench.settle()
    assert bench.state("sensor.s1") == ("7", {"friendly_name": "S"})
    assert bench.bridge.describe()["entities"] == 1


def test_a_broker_that_goes_away_and_comes_back(make_home: MakeHome) -> None:
    """Entities are unavailable meanwhile, commands say so, and everything is subscribed again afterwards."""
    port = free_port()
    _host, port, process = start_broker(port=port)
    bench = Bench(make_home(mqtt_port=port), "127.0.0.1", port)
    bench.device.publish(CONFIG, SENSOR)
    bench.settle()
    bench.device.publish("dev/s", "7")
    bench.settle()
    assert bench.state("sensor.s1")[0] == "7"  # type: ignore[index]
    process.kill()
    stop_broker(process)
    until(lambda: bench.state("sensor.s1")[0] == "unavailable")  # type: ignore[index]
    assert bench.bridge.describe()["status"] == "degraded"
    with pytest.raises(HomeError, match="not currently connected"):
        bench.home.services.call("mqtt", "publish", {"topic": "a", "payload": "b"}, None, Context.new())
    bench.home.system.tell("/bridges/mqtt", Publish("a", "told"))  # lost, and nothing dies of it
    _host, port, process = start_broker(port=port)
    try:
        until(lambda: bench.bridge.connected)
        until(lambda: bench.state("sensor.s1")[0] == "7")  # type: ignore[index]
        other = Device("127.0.0.1", port)
        until(lambda: bench.bridge.figures()["subscribing"] == 0)
        other.publish("dev/s", "8")
        until(lambda: bench.state("sensor.s1")[0] == "8")  # type: ignore[index]
        other.close()
        assert bench.home.system.actor("/bridges/mqtt") is not None
    finally:
        bench.close()
        stop_broker(process)


def test_no_broker_at_all_stops_nobody(make_home: MakeHome) -> None:
    """It waits and says for what; a stop does not wait with it."""
    from marge.bridges.mqtt import specs

    home = make_home(mqtt_port=free_port())
    for spec in specs(home):
        home.system.spawn(spec, "/bridges")
    until(lambda: home.system.actor("/bridges/mqtt").describe()["last_error"])  # type: ignore[union-attr]
    assert home.system.actor("/bridges/mqtt").describe()["status"] == "starting"  # type: ignore[union-attr]
    assert home.system.stop("/bridges", timeout=5)


@pytest.mark.parametrize(
    "payload",
    [b"{", b"[]", b"\xff\xff", b'{"name": "x"}', b'{"state_topic": 5, "qos": 9}', b'{"state_topic": "a/#/b"}'],
)
def test_malformed_announcements_change_nothing(bench: Bench, payload: bytes) -> None:
    """The entity of before stays, nothing new appears, and the bridge lives on."""
    bench.device.publish(CONFIG, SENSOR)
    bench.settle()
    bench.device.publish("dev/s", "7")
    bench.settle()
    bench.device.publish(CONFIG, payload)
    bench.device.publish(CONFIG.replace("s1", "s2"), payload)
    bench.device.publish("dev/s", "8")
    bench.settle()
    assert bench.state("sensor.s1") == ("8", {"friendly_name": "S"})
    assert bench.home.states.ids() == ["sensor.s1"]
    assert bench.bridge.figures()["failed_messages"] == 2


def test_the_same_complaint_is_made_once(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """A device that repeats its nonsense, or has several kinds of it, does not fill the log; the counter knows."""
    for number in range(20):
        bench.device.publish(CONFIG, b"{" + b" " * number + b"nonsense")
        bench.device.publish(CONFIG, b"[1]")
    bench.settle()
    assert bench.bridge.figures()["failed_messages"] == 40
    assert capsys.readouterr().out.count("message not understood") == 1
    before = bench.bridge.figures()["failed_messages"]
    for _ in range(20):
        bench.device.publish("homeassistant/nosuch/x/config", b'{"name": "x"}')
        bench.device.publish("homeassistant/nosuch/x/config", b'{"name": "y"}')
    bench.settle()
    assert bench.bridge.figures()["failed_messages"] > before
    assert capsys.readouterr().out.count("nosuch") <= 2


def test_two_claims_to_one_unique_id(bench: Bench) -> None:
    """The first keeps its entity; the second is refused and cannot report into it."""
    bench.device.publish(CONFIG, SENSOR)
    bench.device.publish(CONFIG.replace("s1", "thief"), {**SENSOR, "state_topic": "thief/s"})
    bench.settle()
    bench.device.publish("thief/s", "stolen")
    bench.device.publish("dev/s", "7")
    bench.settle()
    assert bench.home.states.ids() == ["sensor.s1"]
    assert bench.state("sensor.s1")[0] == "7"  # type: ignore[index]


def test_an_entity_that_somebody_removed_comes_back_with_its_announcement(bench: Bench) -> None:
    """Its device's messages mean nothing meanwhile, and an equal announcement is not taken for known."""
    bench.device.publish(CONFIG, SENSOR)
    bench.settle()
    bench.home.entities.remove("sensor.s1")
    bench.home.registries.entities.remove("sensor.s1")
    bench.settle()
    bench.device.publish("dev/s", "7")
    bench.settle()
    assert bench.home.states.ids() == []
    bench.device.publish(CONFIG, SENSOR)
    bench.settle()
    bench.device.publish("dev/s", "8")
    bench.settle()
    assert bench.state("sensor.s1") == ("8", {"friendly_name": "S"})
    assert bench.home.registries.entities.get("sensor.s1") is not None
    assert bench.bridge.describe()["entities"] == 1


def test_a_flood_of_announcements_leaves_others_their_turn(bench: Bench, broker: tuple[str, int]) -> None:
    """While thousands of configurations come in, the hub is never held for long."""
    bench.device.listen_no_more()  # neither its work nor that of the sender shall count
    with holds() as found, subprocess.Popen([sys.executable, "-c", FLOOD, broker[0], str(broker[1])]) as sender:
        until(lambda: len(bench.home.states) >= 1500, 60)
        assert sender.wait() == 0
    assert max(found) < HELD_S


def test_publishing_as_recorded(bench: Bench) -> None:
    """`mqtt.publish`: scalars become text, collections are refused, templates are the caller's business."""
    call = bench.home.services.call
    bench.forget()
    for number, payload in enumerate(["x", 5, True, 1.5, None, "{{ 1 + 1 }}"]):
        call("mqtt", "publish", {"topic": f"pv/{number}", "payload": payload}, None, Context.new())
    call("mqtt", "publish", {"topic": "pv/6"}, None, Context.new())
    data = {"topic": "pv/7", "payload": "b'\\xde\\xad'", "evaluate_payload": True}
    call("mqtt", "publish", data, None, Context.new())
    call("mqtt", "publish", {"topic": "pv/8", "payload": "r", "qos": 1, "retain": True}, None, Context.new())
    assert bench.published() == [
        ("pv/0", "x", 0), ("pv/1", "5", 0), ("pv/2", "True", 0), ("pv/3", "1.5", 0), ("pv/4", "", 0),
        ("pv/5", "{{ 1 + 1 }}", 0), ("pv/6", "", 0), ("pv/7", "\u07ad", 0), ("pv/8", "r", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [{}, {"topic": "a/#"}, {"topic": "a", "payload": {"a": 1}}, {"topic": "a", "qos": 3}])
def test_wrong_calls_are_refused(bench: Bench, data: dict[str, Any]) -> None:
    """With the validator's words, before anything is sent."""
    import voluptuous as vol

    with pytest.raises(vol.Invalid):
        bench.home.services.call("mqtt", "publish", data, None, Context.new())


def test_a_shared_retained_topic_is_read_by_who_is_new(bench: Bench) -> None:
    """Of entities with one availability topic each reads it once when it comes, not again for every later one."""
    bench.device.publish("dev/status", "online", retain=True)
    for number in range(3):
        config = {**SENSOR, "unique_id": f"u{number}", "object_id": f"s{number}", "availability_topic": "dev/status"}
        bench.device.publish(f"homeassistant/sensor/s{number}/config", config)
        bench.settle()
    mappings = list(bench.bridge.manager._mappings.values())
    assert [each.is_available for each in mappings] == [True, True, True]
    heard: list[int] = []
    bench.bridge.listen("dev/status", lambda _message: heard.append(1), 0)
    mappings[0]._latest = False  # as if it had not been told; nobody tells it again what all know
    until(lambda: heard)
    assert heard == [1]
    assert mappings[0].is_available is False
    bench.device.publish("dev/status", "offline", retain=True)
    bench.device.publish("dev/status", "online", retain=True)
    bench.settle()
    assert [each.is_available for each in mappings] == [True, True, True]
    for number in range(3):
        bench.device.publish(f"homeassistant/sensor/s{number}/config", b"", retain=True)
    bench.device.publish("dev/status", b"", retain=True)
