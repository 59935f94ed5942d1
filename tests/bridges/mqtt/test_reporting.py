"""What Marge says of itself over MQTT: status, health, bridges, states; what is made of the broker's own figures."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from marge.actors import Backoff, ChildSpec
from marge.bridges import broker as broker_kind
from marge.bridges import mqtt as mqtt_kind
from marge.bridges.broker.accounts import SHARED
from marge.bridges.broker.bridge import find_mosquitto
from marge.bridges.mqtt.bridge import MqttBridge
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mirror import Mirror
from marge.bridges.mqtt.recent import MAX_BYTES, MAX_PAYLOAD, Recent
from marge.bridges.mqtt.reporting import DROPPED_ISSUE, DROPPED_TOPIC
from marge.home import Home
from marge.model import Context
from tests.bridges.conftest import build_home
from tests.support.broker import free_port
from tests.support.mqtt_client import Client
from tests.support.waiting import until

QUICK = Backoff(pauses_s=(0.05,), max_restarts=50)
CONTEXT = Context.new()


@pytest.fixture(scope="module")
def home(tmp_path_factory: Any) -> Iterator[Home]:
    home = build_home(
        tmp_path_factory.mktemp("reporting"), broker="auto", mqtt_port=free_port(),
        mqtt_mirror=("light", "sensor.one"),
    )  # fmt: skip
    home.entities.write("light.early", "on", {"brightness": 5}, CONTEXT)
    for kind in (broker_kind, mqtt_kind):
        for spec in kind.specs(home):
            home.system.spawn(ChildSpec(spec.name, spec.actor_class, spec.args, backoff=QUICK), "/bridges")
    until(lambda: bridge(home) is not None and bridge(home).connected)
    yield home
    home.system.shutdown()


def bridge(home: Home) -> Any:
    return home.system.actor("/bridges/mqtt")


@pytest.fixture
def listen(home: Home) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def subscribe(*filters: str) -> Client:
        made.append(Client(home.config.marge.mqtt_port, *home.shared[SHARED].marge).subscribe(*filters))
        return made[-1]

    yield subscribe
    for each in made:
        each.close()


def test_status_health_and_bridges_are_told(home: Home, listen: Callable[..., Client]) -> None:
    """Retained words for the home and each of its bridges; a small JSON each minute."""
    late = listen("marge/system/status", "marge/integration/+/status")
    until(lambda: late.got("marge/system/status") == ["online"])
    until(lambda: "online" in late.got("marge/integration/broker/status"))
    health = listen("marge/system/health")
    bridge(home).reporter.connected()
    until(lambda: health.got("marge/system/health"))
    told = json.loads(health.got("marge/system/health")[0])
    assert told["status"] == "ok"
    assert told["entities"] >= 1
    assert told["bridges"] == {"broker": "running", "mqtt": "running"}
    assert len(health.got("marge/system/health")[0]) < 1_000


def test_states_are_mirrored_and_cleared(home: Home, listen: Callable[..., Client]) -> None:
    """Those that were chosen, as REST shows them; what was there before, what changes, and the end of it."""
    late = listen("marge/state/#")
    until(lambda: late.got("marge/state/light/early"))
    assert json.loads(late.got("marge/state/light/early")[0])["attributes"] == {"brightness": 5}
    home.entities.write("light.new", "on", {}, CONTEXT)
    home.entities.write("sensor.one", "1", {}, CONTEXT)
    home.entities.write("sensor.two", "2", {}, CONTEXT)
    home.entities.write("light.new", "off", {}, CONTEXT)
    until(lambda: late.got("marge/state/sensor/one") and late.got("marge/state/light/new"))
    until(lambda: json.loads(late.got("marge/state/light/new")[-1])["state"] == "off")
    home.entities.remove("light.new")
    until(lambda: late.got("marge/state/light/new")[-1] == "")
    assert late.got("marge/state/sensor/two") == []
    again = listen("marge/state/#")
    until(lambda: again.got("marge/state/sensor/one"))
    assert again.got("marge/state/light/new") == []


def test_states_of_a_former_life_are_cleared(home: Home, listen: Callable[..., Client]) -> None:
    """An entity that is no more, and one that is not mirrored any more."""
    device = listen("marge/state/light/gone")
    device.publish("marge/state/light/gone", "{}", retain=True)
    device.publish("marge/state/sensor/two", "{}", retain=True)
    mirror: Mirror = bridge(home).reporter.mirror
    mirror.heard(Incoming("marge/state/light/gone", b"{}", retain=True))
    mirror.heard(Incoming("marge/state/sensor/two", b"{}", retain=True))
    mirror.heard(Incoming("marge/state/no entity/at all", b"{}", retain=True))
    until(lambda: device.got("marge/state/light/gone")[-1] == "")
    assert mirror.figures()["waiting"] <= 1


def test_a_burst_of_changes_is_one_message_an_entity_and_holds_nobody(
    home: Home, listen: Callable[..., Client]
) -> None:
    """Only ids wait, however often they change; the last state is the one that is told."""
    late = listen("marge/state/light/burst")
    before = bridge(home).reporter.mirror.published
    for number in range(2_000):
        home.entities.write("light.burst", "on", {"brightness": number % 255}, CONTEXT)
    until(lambda: late.got("marge/state/light/burst"))
    until(lambda: json.loads(late.got("marge/state/light/burst")[-1])["attributes"]["brightness"] == 1_999 % 255)
    assert bridge(home).reporter.mirror.published - before < 200


def test_messages_that_the_broker_throws_away_are_counted_and_told_once(home: Home) -> None:
    """Its count goes up, and begins anew after its restart."""
    reporter = bridge(home).reporter
    reporter._last_dropped = None
    for count in (b"0", b"3", b"3", b"no number", b"1", b"4"):
        reporter.heard_dropped(Incoming(DROPPED_TOPIC, count))
    assert reporter.dropped == 6
    assert bridge(home).describe()["dropped_by_broker"] == 6
    issue = home.registries.issues.find("mqtt", DROPPED_ISSUE)
    assert issue is not None and issue.translation_placeholders == {"broker": bridge(home).endpoint.address}
    home.registries.issues.delete("mqtt", DROPPED_ISSUE)


def test_what_is_known_is_newer_than_what_a_killed_broker_remembers() -> None:
    """Once a topic, for some seconds; what a device says after that counts as always."""
    recent = Recent()
    recent.note(Incoming("a", b"on"))
    recent.note(Incoming("b", b"1"))
    assert not recent.guards
    recent.came_back()
    assert recent.newer(Incoming("a", b"off", retain=True)) == b"on"
    assert recent.newer(Incoming("a", b"off", retain=True)) is None
    assert recent.newer(Incoming("b", b"1", retain=True)) is None
    assert recent.newer(Incoming("c", b"1", retain=True)) is None
    recent.came_back()
    recent.note(Incoming("b", b"2"))
    assert recent.newer(Incoming("b", b"1", retain=True)) is None


def test_a_flood_makes_what_is_known_shorter_and_not_larger() -> None:
    """Ever new topics with long payloads: the newest stay known, up to some bytes."""
    recent = Recent()
    for number in range(5_000):
        recent.note(Incoming(f"flood/{number}", b"x" * MAX_PAYLOAD))
    recent.came_back()
    known = [number for number in range(5_000) if recent.newer(Incoming(f"flood/{number}", b"", retain=True))]
    assert known[-1] == 4_999
    assert len(known) * MAX_PAYLOAD <= 2 * (MAX_BYTES + MAX_PAYLOAD)


def test_a_killed_broker_brings_nothing_old_back(home: Home, listen: Callable[..., Client]) -> None:
    """A state that it had not saved yet is the entity's all the same, and the broker gets it again."""
    device = listen("nothing")
    config = {"name": "Lamp", "unique_id": "lamp1", "state_topic": "lamp/state", "command_topic": "lamp/set",
              "default_entity_id": "switch.lamp1"}  # fmt: skip
    device.publish("homeassistant/switch/lamp1/config", json.dumps(config), retain=True)
    device.publish("lamp/state", "OFF", retain=True)
    until(lambda: home.states.get("switch.lamp1") is not None and bridge(home).figures()["subscribing"] == 0)
    until(lambda: home.states.get("switch.lamp1").state == "off")  # type: ignore[union-attr]
    broker = home.system.actor("/bridges/broker")
    keeper = broker._keeper  # type: ignore[union-attr]
    files = keeper.state_dir
    until(lambda: any(each.read_bytes().count(b"lamp/state") > 1 for each in files.glob("*[bl]")), what="a save")
    seen: list[str] = []
    ending = home.entities.follow(lambda event: seen.append(event.data["new_state"].state), "switch.lamp1")
    device.publish("lamp/state", "ON", retain=True)
    until(lambda: home.states.get("switch.lamp1").state == "on")  # type: ignore[union-attr]
    device.close()
    os.kill(broker.pid, signal.SIGKILL)  # type: ignore[union-attr]
    until(lambda: home.states.get("switch.lamp1").state == "unavailable")  # type: ignore[union-attr]
    until(lambda: isinstance(bridge(home), MqttBridge) and bridge(home).connected)
    until(lambda: home.states.get("switch.lamp1").state == "on")  # type: ignore[union-attr]
    late = listen("lamp/state")
    until(lambda: late.got("lamp/state") and late.got("lamp/state")[-1] == "ON")
    assert seen[:3] == ["on", "unavailable", "on"] and "off" not in seen
    ending.cancel()


def test_a_slow_client_makes_the_broker_drop_and_the_alarm_comes(home: Home) -> None:
    """With a real broker: a subscriber that does not read, and more than its queue holds. The sender goes on."""
    if not find_mosquitto():
        pytest.skip("amqtt does not count what it drops")
    credential = home.shared[SHARED].marge
    slow = Client(home.config.marge.mqtt_port, *credential).subscribe("heavy", qos=1)
    slow.paho.loop_stop()  # it is connected, and reads no more
    sender = Client(home.config.marge.mqtt_port, *credential)
    payload = b"x" * 1_000_000
    reporter = bridge(home).reporter
    before = reporter.dropped

    def is_told() -> bool:
        for _ in range(10):
            sender.publish("heavy", payload, qos=1)
        return bool(reporter.dropped > before)

    try:
        until(is_told, what="the broker's count")
        assert home.registries.issues.find("mqtt", DROPPED_ISSUE) is not None
    finally:
        slow.paho._sock_close()
        sender.close()
