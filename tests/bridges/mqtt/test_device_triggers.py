"""Buttons of remotes, and topics that automations follow, over a real broker."""

from __future__ import annotations

from typing import Any

from marge.actors import RestartChild
from marge.automations.api import subscribe_triggers
from marge.bridges.mqtt.device_triggers import device_triggers
from tests.bridges.mqtt.wire import Bench
from tests.support.waiting import until

TOPIC = "homeassistant/device_automation/remote/press/config"
PRESS = {
    "automation_type": "trigger", "type": "button_short_press", "subtype": "button_1", "topic": "remote/action",
    "payload": "short", "value_template": "{{ value_json.action }}",
    "device": {"identifiers": ["r1"], "name": "Remote"},
}  # fmt: skip


def device_id(bench: Bench) -> str:
    found = bench.home.registries.devices.find([("mqtt", "r1")], [])
    assert found is not None
    return str(found.id)


def test_a_button_is_listed_with_its_device_and_goes_with_it(bench: Bench) -> None:
    """The device is in the registry as long as it has a button or an entity."""
    bench.device.publish(TOPIC, PRESS, retain=True)
    bench.settle()
    triggers = device_triggers(bench.home)
    assert triggers is not None
    remote = device_id(bench)

    assert triggers.list(remote) == [
        {
            "platform": "device", "domain": "mqtt", "device_id": remote, "type": "button_short_press",
            "subtype": "button_1", "metadata": {},
        }
    ]  # fmt: skip
    bench.device.publish(TOPIC, b"", retain=True)
    bench.settle()
    assert triggers.list(remote) == []
    assert bench.home.registries.devices.get(remote) is None


def test_a_press_triggers_and_the_bridge_may_be_killed_meanwhile(bench: Bench) -> None:
    """The payload decides; after a restart of the bridge it works again; after the end nothing is told."""
    bench.device.publish(TOPIC, PRESS, retain=True)
    bench.settle()
    told: list[dict[str, Any]] = []
    wanted = {"trigger": "device", "domain": "mqtt", "type": "button_short_press", "subtype": "button_1",
              "device_id": device_id(bench)}
    end = subscribe_triggers(bench.home, [wanted], lambda variables, _context: told.append(variables["trigger"]))
    bench.settle()

    for payload in ('{"action": "long"}', "garbage", '{"action": "short"}'):
        bench.device.publish("remote/action", payload)
    bench.settle()

    assert [(each["platform"], each["payload_json"], each["description"]) for each in told] == [
        ("device", {"action": "short"}, "mqtt topic remote/action")
    ]
    first = bench.bridge
    bench.home.system.kill("/bridges/mqtt")
    until(lambda: bench.home.system.actor("/bridges/mqtt") is None)
    assert bench.home.system.ask("/bridges", RestartChild("mqtt"))
    until(lambda: (bridge := bench.home.system.actor("/bridges/mqtt")) is not None and bridge is not first)
    until(lambda: bench.bridge.connected)
    bench.settle()
    bench.device.publish("remote/action", '{"action": "short"}')
    bench.settle()
    assert len(told) == 2
    end()
    bench.settle()
    bench.device.publish("remote/action", '{"action": "short"}')
    bench.settle()
    assert len(told) == 2


def test_an_automation_follows_a_topic_with_wildcards(bench: Bench) -> None:
    """`trigger: mqtt` with a payload and a template."""
    told: list[dict[str, Any]] = []
    trigger = {"trigger": "mqtt", "topic": "door/+/state", "payload": "open", "value_template": "{{ value_json.s }}"}
    end = subscribe_triggers(bench.home, [trigger], lambda variables, _context: told.append(variables["trigger"]))
    bench.settle()

    bench.device.publish("door/front/state", '{"s": "open"}')
    bench.device.publish("door/back/state", '{"s": "closed"}')
    bench.device.publish("door/side/state", "nothing")
    bench.settle()
    end()

    assert [each["topic"] for each in told] == ["door/front/state"]


def test_a_button_without_a_device_is_no_button(bench: Bench) -> None:
    """It is counted as malformed, and nothing is listed."""
    bench.device.publish(TOPIC, {key: value for key, value in PRESS.items() if key != "device"}, retain=True)
    bench.settle()

    assert bench.bridge.discovery.figures.malformed == 1
