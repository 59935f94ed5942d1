"""The simulated zigbee2mqtt without sockets: what goes out for what comes in."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.simulate.house import demo_house
from marge.simulate.messages import Effects, Later, Message
from marge.simulate.network import Network
from tests.simulate.devices.test_devices import DEVICE_NAMES
from tests.simulate.devices.test_fields import json_values


def network() -> Network:
    return Network(demo_house(), Random(1))


def settle(effects: Effects) -> list[Message]:
    """The messages, with what was due later."""
    messages: list[Message] = []
    for effect in effects:
        messages += settle(list(effect.run())) if isinstance(effect, Later) else [effect]
    return messages


def by_topic(messages: list[Message]) -> dict[str, Any]:
    return {message.topic: orjson.loads(message.payload) for message in messages}


def test_everything_announced_is_retained_json() -> None:
    """A server that comes later learns the whole house from the broker."""
    messages = network().announce()

    assert all(message.retain for message in messages)
    assert by_topic(messages)["zigbee2mqtt/bridge/state"] == {"state": "online"}
    assert len([message for message in messages if message.topic.endswith("/config")]) == 37


def test_discovery_gives_the_demo_home_its_entity_ids_and_names() -> None:
    """The entity's own name is null, so that it is called like its device; every id is unique."""
    configs = [value for topic, value in by_topic(network().announce()).items() if topic.endswith("/config")]

    assert all(config["name"] is None for config in configs)
    assert len({config["unique_id"] for config in configs}) == 37
    names = {config["object_id"]: config["device"]["name"] for config in configs}
    assert names["home"] == "Home Alarm"
    assert names["garage_door_contact"] == "Garage Door"
    assert names["co_detector"] == "CO Detector"
    rooms = {config["object_id"]: config["device"]["suggested_area"] for config in configs}
    assert (rooms["living_room_lamp"], rooms["coffee_maker"], rooms["pathway"]) == ("Living Room", "Kitchen", "Outside")
    assert len(set(rooms.values())) == 7
    for config in configs:
        assert {"identifiers", "manufacturer", "model", "name", "sw_version", "via_device"} <= set(config["device"])
        assert config["availability_mode"] == "all"
        assert [entry["topic"] for entry in config["availability"]] == [
            "zigbee2mqtt/bridge/state",
            f"zigbee2mqtt/{config['device']['name']}/availability",
        ]


def test_discovery_of_each_kind_has_what_its_component_needs() -> None:
    """Lights are JSON lights; the thermostat speaks °F through topics of its own; detectors name their payloads."""
    values = by_topic(network().announce())
    found = {(topic.split("/")[1], value["object_id"]): value for topic, value in values.items() if "/config" in topic}

    accent = found["light", "living_room_accent"]
    assert (accent["schema"], accent["supported_color_modes"]) == ("json", ["xy", "color_temp"])
    assert found["light", "porch"]["supported_color_modes"] == ["brightness"]
    thermostat = found["climate", "thermostat"]
    assert thermostat["temperature_unit"] == "F"
    assert (thermostat["min_temp"], thermostat["max_temp"]) == (55, 90)
    assert thermostat["modes"] == ["off", "heat", "cool", "heat_cool"]
    assert "state_topic" not in thermostat
    door = found["binary_sensor", "front_door_contact"]
    assert (door["device_class"], door["payload_on"], door["payload_off"]) == ("door", False, True)
    assert found["alarm_control_panel", "home"]["code_arm_required"] is False
    assert found["sensor", "bedroom_temperature"]["unit_of_measurement"] == "°F"


def test_bridge_devices_describe_every_device() -> None:
    """The coordinator comes first; each other entry has a definition with exposes."""
    devices = by_topic(network().announce())["zigbee2mqtt/bridge/devices"]

    assert devices[0]["type"] == "Coordinator"
    assert [device["friendly_name"] for device in devices[1:]] == DEVICE_NAMES
    assert all(device["definition"]["exposes"] for device in devices[1:])
    light = devices[1]["definition"]["exposes"][0]
    assert light["type"] == "light"
    assert {"state", "brightness", "color_temp"} <= {feature["name"] for feature in light["features"]}


@pytest.mark.parametrize(
    "topic, payload, expected",
    [
        ("Porch/set", b'{"state": "ON"}', {"state": "ON"}),
        ("Porch/set", b"ON", {"state": "ON"}),
        ("Porch/set", b'"on"', {"state": "ON"}),
        ("Porch/set/brightness", b"100", {"state": "ON", "brightness": 100}),
        ("0x00158d0001000008/set", b'{"state": "TOGGLE"}', {"state": "ON"}),
        ("Home Alarm/set", b"ARM_AWAY", {"state": "armed_away"}),
        ("Thermostat/set/occupied_heating_setpoint", b"70", {"occupied_heating_setpoint": 70}),
        ("Thermostat/set/system_mode", b"off", {"system_mode": "off", "running_state": "off"}),
    ],
)
def test_a_command_is_echoed_as_the_new_state(topic: str, payload: bytes, expected: dict[str, Any]) -> None:
    """All ways to say it end in one retained report, a little later and not at once."""
    (effect,) = network().receive(f"zigbee2mqtt/{topic}", payload)

    assert isinstance(effect, Later)
    assert 0 < effect.delay_s < 0.2
    (report,) = effect.run()
    assert isinstance(report, Message)
    assert report.retain
    assert expected.items() <= orjson.loads(report.payload).items()


def test_get_reports_the_state() -> None:
    """`…/get` is answered with the report on the device's own topic."""
    (report,) = settle(network().receive("zigbee2mqtt/Porch/get", b'{"state": ""}'))

    assert (report.topic, orjson.loads(report.payload)["state"]) == ("zigbee2mqtt/Porch", "OFF")


@pytest.mark.parametrize(
    "topic, payload",
    [
        ("Porch/set", b"[1, 2]"),
        ("Porch/set", b"5"),
        ("Porch/set", b""),
        ("Porch/set", b"{broken"),
        ("Porch/set", b"\xff\xfe"),
        ("Porch/set", b'{"brightness": 900}'),
        ("Porch/set", b'{"warp": 9}'),
        ("Attic/set", b'{"state": "ON"}'),
        ("Porch/simulate", b"nonsense"),
        ("simulator/power", b'{"state": "maybe"}'),
    ],
)
def test_malformed_commands_are_logged_and_change_nothing(topic: str, payload: bytes) -> None:
    """The complaint is on `bridge/logging`, as the real gateway does it; no device moves."""
    net = network()
    before = [device.report() for device in net.house.devices]
    messages = settle(net.receive(f"zigbee2mqtt/{topic}", payload))

    assert by_topic(messages)["zigbee2mqtt/bridge/logging"]["level"] == "error"
    assert [device.report() for device in net.house.devices] == before


@given(
    st.sampled_from([*DEVICE_NAMES, "bridge", "simulator", "nobody"]) | st.text(max_size=8),
    st.sampled_from(["set", "get", "simulate", "set/brightness", "request/permit_join", "power", "request/#"])
    | st.text(max_size=8),
    st.binary(max_size=40) | json_values.map(lambda value: _encoded(value)),
)
def test_no_message_makes_it_raise(name: str, verb: str, payload: bytes) -> None:
    """Arbitrary topics and payloads give messages that can be published, and leave the house in order."""
    net = network()
    for message in settle(net.receive(f"zigbee2mqtt/{name}/{verb}", payload)):
        orjson.loads(message.payload)
        assert "#" not in message.topic
        assert "+" not in message.topic
    assert len(net.announce()) == 4 + 3 * 37


def _encoded(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except (TypeError, orjson.JSONEncodeError):
        return b"0"


def test_physical_changes_are_reported_at_once() -> None:
    """`…/simulate` is the physical world: it needs no command and no delay."""
    (report,) = network().receive("zigbee2mqtt/Smoke Detector/simulate", b'{"smoke": true}')

    assert isinstance(report, Message)
    assert orjson.loads(report.payload)["smoke"] is True


def test_a_power_cut_and_the_commands_in_it() -> None:
    """Mains devices go offline, refuse commands, and come back with the state they had."""
    net = network()
    settle(net.receive("zigbee2mqtt/Porch/set", b'{"brightness": 100}'))

    gone = by_topic(settle(net.receive("zigbee2mqtt/simulator/power", b'{"state": "off"}')))
    assert gone["zigbee2mqtt/Porch/availability"] == {"state": "offline"}
    assert "zigbee2mqtt/Front Door/availability" not in gone
    refused = settle(net.receive("zigbee2mqtt/Porch/set", b'{"state": "OFF"}'))
    assert [message.topic for message in refused] == ["zigbee2mqtt/bridge/logging"]

    back = by_topic(settle(net.receive("zigbee2mqtt/simulator/power", b'{"state": "on"}')))
    assert back["zigbee2mqtt/Porch/availability"] == {"state": "online"}
    assert back["zigbee2mqtt/Porch"]["brightness"] == 100


def test_a_command_that_was_under_way_when_the_power_failed_is_lost() -> None:
    """The lamp is gone before the command reaches it."""
    net = network()
    (later,) = net.receive("zigbee2mqtt/Porch/set", b'{"state": "ON"}')
    assert isinstance(later, Later)
    net.receive("zigbee2mqtt/simulator/power", b'{"state": "off"}')

    assert [message.topic for message in settle([later])] == ["zigbee2mqtt/bridge/logging"]


def test_bridge_requests_are_answered() -> None:
    """`permit_join` works and shows in bridge/info; what is not simulated says so; transactions are echoed."""
    net = network()
    effects = net.receive("zigbee2mqtt/bridge/request/permit_join", b'{"time": 254, "transaction": 7}')
    messages = by_topic([effect for effect in effects if isinstance(effect, Message)])
    assert messages["zigbee2mqtt/bridge/info"]["permit_join"] is True
    assert messages["zigbee2mqtt/bridge/response/permit_join"] == {
        "data": {"time": 254}, "status": "ok", "transaction": 7,
    }  # fmt: skip

    messages = by_topic(settle(net.receive("zigbee2mqtt/bridge/request/touchlink/scan", b"")))
    assert messages["zigbee2mqtt/bridge/response/touchlink/scan"]["status"] == "error"
