"""The simulated zigbee2mqtt's requests without sockets: what each brings about, and that none breaks it."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.simulate.messages import Effects, Later, Message
from marge.simulate.network import Network
from marge.simulate.zigbee.behaviour import Behaviour
from marge.simulate.zigbee.estate import furnish, house_of
from tests.simulate.devices.test_fields import json_values

REQUESTS = [
    "permit_join", "health_check", "coordinator_check", "restart", "options", "networkmap", "device/rename",
    "device/remove", "device/interview", "device/configure", "device/options", "device/bind", "device/ota_update/check",
    "device/ota_update/update", "device/ota_update/schedule/downgrade", "group/add", "group/remove", "group/rename",
    "group/options", "group/members/add", "group/members/remove", "group/members/remove_all",
]  # fmt: skip


def network(devices: int | None = None, **more: Any) -> Network:
    net = Network(house_of(devices), Random(1), behaviour=Behaviour(full=True, birth_delay_s=1.0, **more))
    furnish(net.house, net.groups)
    return net


def settle(effects: Any, depth: int = 40) -> list[Message]:
    """The messages, with what is due later, in the order of time."""
    messages: list[Message] = []
    waiting: list[tuple[float, int, Later]] = []
    number = 0

    def take(found: Any, now: float) -> None:
        nonlocal number
        for effect in found:
            if isinstance(effect, Later):
                number += 1
                waiting.append((now + effect.delay_s, number, effect))
            else:
                messages.append(effect)

    take(effects, 0.0)
    while waiting and depth:
        depth -= 1
        waiting.sort(key=lambda each: each[:2])
        at, _number, later = waiting.pop(0)
        take(later.run(), at)
    return messages


def ask(net: Network, what: str, body: Any) -> Effects:
    return net.receive(f"zigbee2mqtt/bridge/request/{what}", orjson.dumps(body))


def answer(messages: list[Message], what: str) -> Any:
    (found,) = [orjson.loads(each.payload) for each in messages if each.topic == f"zigbee2mqtt/bridge/response/{what}"]
    return found


def last(messages: list[Message], topic: str) -> Any:
    return orjson.loads(next(each.payload for each in reversed(messages) if each.topic == topic))


names = st.sampled_from(["Porch", "Smoke Detector", "Pathway", "Hall", "a/b", "Plugs", 1]) | json_values
kinds = st.sampled_from(["raw", "graphviz", "plantuml"])
OPTIONAL = {
    "id": names, "from": names, "to": names, "device": names, "group": names, "friendly_name": names,
    "time": json_values, "options": json_values, "type": kinds, "force": st.booleans(), "last": st.booleans(),
    "transaction": json_values,
}  # fmt: skip
bodies = st.fixed_dictionaries({}, optional=OPTIONAL)


@given(st.sampled_from(REQUESTS) | st.text(max_size=10), bodies | json_values)
def test_no_request_breaks_it(what: str, body: Any) -> None:
    """Whatever is asked, there is an answer or none, and the network can announce itself afterwards."""
    net = network()
    try:
        payload = orjson.dumps(body)
    except (TypeError, orjson.JSONEncodeError):
        payload = b"x"
    settle(net.receive(f"zigbee2mqtt/bridge/request/{what}", payload), depth=15)
    for message in net.announce():
        assert message.payload == b"" or orjson.loads(message.payload) is not None


def test_a_newcomer_joins_and_joining_closes() -> None:
    """Joined, interviewed, announced; `bridge/info` says when it ends, and then that it has ended."""
    net = network()
    messages = settle(ask(net, "permit_join", {"time": 30, "transaction": "t"}))
    kinds = [orjson.loads(each.payload)["type"] for each in messages if each.topic.endswith("bridge/event")]

    assert answer(messages, "permit_join") == {"data": {"time": 30}, "status": "ok", "transaction": "t"}
    assert kinds == ["device_joined", "device_interview", "device_interview"]
    assert len(net.house.devices) == 38
    assert any(each.topic == "homeassistant/switch/0x00158d0002a90001/switch/config" for each in messages)
    infos = [orjson.loads(each.payload) for each in messages if each.topic == "zigbee2mqtt/bridge/info"]
    assert (infos[0]["permit_join"], "permit_join_end" in infos[0]) == (True, True)
    assert (infos[-1]["permit_join"], "permit_join_end" in infos[-1]) == (False, False)


def test_an_interview_may_fail() -> None:
    """The device is listed as FAILED, without a definition and without entities."""
    net = network(interview_failures=1.0)
    messages = settle(ask(net, "permit_join", {"time": 30}))
    (entry,) = [each for each in last(messages, "zigbee2mqtt/bridge/devices") if each["interview_state"] == "FAILED"]

    assert (entry["definition"], entry["supported"]) == (None, False)
    assert not any(each.topic.startswith("homeassistant/") for each in messages)
    messages = settle(ask(net, "device/interview", {"id": entry["ieee_address"]}))
    assert answer(messages, "device/interview")["status"] == "error"


@pytest.mark.parametrize("rename_entities", [False, True])
def test_renaming_moves_what_is_retained(rename_entities: bool) -> None:
    """The old topics are cleared; with `homeassistant_rename` the announcements are taken back first."""
    net = network()
    wish = {"from": "Porch", "to": "Deck", "homeassistant_rename": rename_entities}
    messages = settle(ask(net, "device/rename", wish))
    empty = [each.topic for each in messages if each.payload == b""]
    configs = [each.payload for each in messages if each.topic.endswith("light/config") and each.payload]
    config = orjson.loads(configs[0])

    assert empty[:2] == ["zigbee2mqtt/Porch", "zigbee2mqtt/Porch/availability"]
    assert any(topic.endswith("/config") for topic in empty) is rename_entities
    assert (config["state_topic"], config["unique_id"]) == ("zigbee2mqtt/Deck", "0x00158d0001000008_light_zigbee2mqtt")
    assert answer(messages, "device/rename")["data"]["from"] == "Porch"
    taken = settle(ask(net, "device/rename", {"from": "Deck", "to": "Pathway"}))
    assert answer(taken, "device/rename")["error"] == "friendly_name 'Pathway' is already in use"


def test_firmware_goes_step_by_step() -> None:
    """Ten steps with progress, then the new release; meanwhile another update is refused."""
    net = network(ota_s=10.0)
    effects = ask(net, "device/ota_update/update", {"id": "Porch"})
    refused = settle(ask(net, "device/ota_update/update", {"id": "Porch"}))
    messages = settle(effects)
    told = [orjson.loads(each.payload)["update"] for each in messages if each.topic == "zigbee2mqtt/Porch"]

    assert "already in progress" in answer(refused, "device/ota_update/update")["error"]
    assert [each.get("progress") for each in told] == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, None]
    assert told[-1]["installed_version"] == told[-1]["latest_version"]
    assert answer(messages, "device/ota_update/update")["data"]["to"]["software_build_id"] == "1.1.0"
    again = settle(ask(net, "device/ota_update/update", {"id": "Porch"}))
    assert answer(again, "device/ota_update/update")["status"] == "error"


def test_groups_follow_their_members() -> None:
    """A command reaches all members; a member that changes shows in its group."""
    net = network()
    messages = settle(net.receive("zigbee2mqtt/Living Room Lights/set", b'{"state": "ON", "brightness": 100}'))
    assert last(messages, "zigbee2mqtt/Living Room Lamp")["brightness"] == 100
    assert last(messages, "zigbee2mqtt/Living Room Lights")["state"] == "ON"
    messages = settle(net.receive("zigbee2mqtt/Living Room Lamp/set", b'{"state": "OFF"}'))
    assert last(messages, "zigbee2mqtt/Living Room Lights")["state"] == "ON"
    settle(ask(net, "device/remove", {"id": "Living Room Lamp"}))
    assert len(net.groups.all()[0].members) == 3


def test_a_birth_message_makes_it_announce_everything_again() -> None:
    """After a while, and only `online` does."""
    net = network()
    (later,) = net.receive("homeassistant/status", b"online")
    assert isinstance(later, Later) and later.delay_s == 1.0
    assert len(later.run()) == len(net.announce())
    assert net.receive("homeassistant/status", b"offline") == []


@pytest.mark.parametrize("devices", [1, 8, 3000])
def test_a_house_of_any_size(devices: int) -> None:
    """So many devices, each with addresses and names of its own, also beside a second network."""
    first, second = house_of(devices), house_of(devices, network=2)
    labels = [device.label for house in (first, second) for device in house.devices]

    assert len({label.ieee for label in labels}) == len({label.name for label in labels}) == 2 * devices
    assert all(len(label.ieee) == 18 for label in labels)


def test_traffic_comes_from_all_devices_in_turn() -> None:
    """So many reports as are asked for, no two alike of one device."""
    net = network(8)
    messages = net.traffic(16)

    assert len(messages) == 16
    assert len({each.topic for each in messages}) == 8
    assert len({each.payload for each in messages if each.topic == "zigbee2mqtt/Light 1"}) == 2
