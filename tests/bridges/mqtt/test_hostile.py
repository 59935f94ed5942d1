"""Devices that mean harm, or are broken: each is told of once, counted, and takes nothing from anybody else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marge.bridges.mqtt import manager
from marge.bridges.mqtt.component import load_components
from marge.bridges.mqtt.discovery import DiscoveryError
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.messages import Publish
from tests.bridges.conftest import build_home
from tests.bridges.mqtt.wire import Bench, Device
from tests.support.broker import start_broker, stop_broker
from tests.support.holding import HELD_S, holds
from tests.support.waiting import until

GOOD = {"name": "Good", "unique_id": "good", "state_topic": "h/good", "command_topic": "h/good/set"}
GOOD_TOPIC = "homeassistant/switch/good/config"

_COMMON: dict[str, Any] = {
    "state_topic": "x/s", "command_topic": "x/c", "topic": "x/t", "target_humidity_command_topic": "x/h",
    "event_types": ["a"], "options": ["a", "b"], "url_topic": "x/u",
}  # fmt: skip
_DROPPED = {
    "sensor": ("options",), "image": (), "vacuum": (), "camera": (),
}  # fmt: skip


def minimal(component: str) -> dict[str, Any]:
    """A configuration that the component takes, with a state topic where it has one."""
    config = {key: value for key, value in _COMMON.items() if key not in _DROPPED.get(component, ())}
    return {**config, "name": component, "unique_id": f"hostile-{component}"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    host, port, process = start_broker()
    home = build_home(tmp_path_factory.mktemp("home"), mqtt_host=host, mqtt_port=port, profile="ha")
    bench = Bench(home, host, port)
    bench.device.publish(GOOD_TOPIC, GOOD)
    bench.settle()
    yield bench
    bench.close()
    home.system.shutdown()
    stop_broker(process)


@pytest.fixture(autouse=True)
def the_good_one_goes_on(bench: Bench) -> Iterator[None]:
    """Whatever a test sends: the good device's entity is there, listens, and shows what it says."""
    yield
    for payload in ("ON", "OFF"):
        bench.device.publish("h/good", payload)
        bench.settle()
        state = bench.state("switch.good")
        assert state is not None and state[0] == payload.lower()


def _failed(bench: Bench) -> int:
    return int(bench.bridge.figures()["failed_messages"])


def _shows(bench: Bench, entity_id: str, wanted: str) -> bool:
    found = bench.state(entity_id)
    return found is not None and found[0] == wanted


def _remove(bench: Bench, *topics: str) -> None:
    for topic in topics:
        bench.device.publish(topic, b"", retain=True)
    bench.settle()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"name": "x"', "not JSON"),
        (b'{"name": "x", "state_topic": "a", "value_template": "{{ value."}', "invalid template"),
        (b'{"name": "x", "state_topic": "a/+b"}', "wildcard"),
        (b'{"name": "x", "state_topic": "a/#/b"}', "wildcard"),
        (b'{"name": "' + b"x" * 5_000_000 + b'"}', "bytes"),
        (b"[" * 100_000, "not JSON"),
        (json.dumps({"name": "x", "state_topic": "a", "availability": [{"x": 1}]}).encode(), "required key"),
    ],
    ids=["not UTF-8", "cut off", "bad template", "wildcard inside", "wildcard in the middle", "5 MB", "deep", "keys"],
)
def test_a_bad_announcement_is_said_once_and_counted(
    bench: Bench, capsys: pytest.CaptureFixture[str], payload: bytes, reason: str
) -> None:
    """The log names topic and reason; the same again is silent, and counted when it was read again."""
    topic = f"homeassistant/sensor/bad{abs(hash(payload))}/config"
    before = _failed(bench)
    bench.device.publish(topic, payload)
    bench.settle()
    bench.device.publish(topic, payload)
    bench.settle()
    said = [line for line in capsys.readouterr().out.splitlines() if topic in line]
    assert len(said) == 1
    assert reason in said[0].lower() or reason in said[0]
    assert _failed(bench) > before
    assert len(said[0]) < 2_000


@pytest.mark.parametrize(
    ("name", "payload", "reason"),
    [
        ("nosuch", {"name": "x", "state_topic": "a"}, "not supported"),
        ("switch", {**GOOD, "name": "Second"}, "is that of switch.good"),
        ("switch", {**GOOD, "unique_id": "other", "command_topic": "h/+/x"}, "wildcard"),
        ("switch", {"unique_id": "only"}, "command_topic"),
    ],
    ids=["unknown component", "duplicate unique_id", "wildcard", "no command topic"],
)
def test_what_cannot_be_made_is_said_once_and_counted(
    bench: Bench, capsys: pytest.CaptureFixture[str], name: str, payload: dict[str, Any], reason: str
) -> None:
    """Also when it is announced again and again, as it was and with little changes."""
    topic = f"homeassistant/{name}/wrong{abs(hash(reason))}/config"
    before = bench.bridge.figures()["failed_announcements"]
    for number in (1, 1, 2, 2, 1):
        bench.device.publish(topic, {**payload, "icon": f"mdi:numeric-{number}"})
    bench.settle()
    said = [line for line in capsys.readouterr().out.splitlines() if topic in line]
    assert len(said) == 1 and reason in said[0].lower()
    assert bench.bridge.figures()["failed_announcements"] == before + 3
    _remove(bench, topic)


@pytest.mark.parametrize(
    ("config", "payload", "reason", "state"),
    [
        ({}, b"\xff\xfe", "utf-8", "7"),
        ({}, b"x" * 5_000_000, "bytes", "7"),
        ({"device_class": "power", "unit_of_measurement": "W"}, b"much", "much", "7"),
        ({"value_template": "{{ value_json.w }}"}, b"{nonsense", "value_json", "7"),
        ({"value_template": "{{ 1 / (value | int) }}"}, b"0", "zero", "1.0"),
    ],
    ids=["not UTF-8", "5 MB", "no number", "not JSON", "template fails"],
)
def test_a_bad_state_is_said_once_and_counted(
    bench: Bench, capsys: pytest.CaptureFixture[str], config: dict[str, Any], payload: bytes, reason: str, state: str
) -> None:
    """The entity keeps what it had, and takes the next good message."""
    topic, good = "homeassistant/sensor/badstate/config", b'{"w": 7}' if "value_json" in str(config) else b"7"
    if "int" in str(config):
        good = b"1"
    bench.device.publish(topic, {**config, "name": "Bad state", "unique_id": "badstate", "state_topic": "h/bad"})
    bench.settle()
    bench.device.publish("h/bad", good)
    bench.settle()
    before = _failed(bench)
    capsys.readouterr()
    for _ in range(3):
        bench.device.publish("h/bad", payload)
    bench.settle()
    said = [line for line in capsys.readouterr().out.splitlines() if "h/bad" in line]
    assert len(said) == 1 and reason in said[0].lower()
    assert len(said[0]) < 2_000
    assert _failed(bench) == before + 3
    [entity_id] = [each for each in bench.home.states.ids() if "bad_state" in each]
    shown = bench.state(entity_id)
    assert shown is not None and shown[0] == state
    _remove(bench, topic)


def test_a_flood_that_never_stops_leaves_everybody_else_their_turn(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ever new devices: entities up to a bound, the rest refused and counted; good devices and calls get through."""
    monkeypatch.setattr(manager, "MAX_ENTITIES", len(bench.bridge.manager._mappings) + 200)
    over = threading.Event()
    device = Device("127.0.0.1", bench.bridge.endpoint.port)
    sent = [0]

    def flood() -> None:
        while not over.is_set():
            sent[0] += 1
            config = {"name": f"Flood {sent[0]}", "unique_id": f"endless{sent[0]}", "state_topic": "h/endless"}
            device._client.publish(f"homeassistant/sensor/endless{sent[0]}/config", json.dumps(config))
            gevent.sleep(0.0005)

    before = _failed(bench)
    flooding = threading.Thread(target=flood, daemon=True)
    with holds() as found:
        flooding.start()
        until(lambda: _failed(bench) > before + 100, what="the bound")
        for payload in ("ON", "OFF", "ON"):
            bench.device.publish("h/good", payload)
            until(lambda: _shows(bench, "switch.good", payload.lower()), what="the good one")  # noqa: B023
        bench.home.system.ask("/bridges/mqtt", Publish("h/out", "x", 1, must=True))
        until(lambda: any(each[0] == "h/out" for each in bench.device.received), what="our own message")
    over.set()
    flooding.join(30)
    assert max(found) < HELD_S
    assert len([each for each in bench.home.states.ids() if "flood" in each]) == 200
    bench.settle()
    for number in range(1, sent[0] + 1):
        device._client.publish(f"homeassistant/sensor/endless{number}/config", b"")
    until(lambda: not [each for each in bench.home.states.ids() if "flood" in each], what="their end")
    device.close()


def test_commands_never_go_to_wildcards(bench: Bench) -> None:
    """A configuration whose command topic is a filter is refused."""
    bench.device.publish("homeassistant/switch/wild/config", {"name": "Wild", "command_topic": "a/#"})
    bench.settle()
    assert bench.state("switch.wild") is None


def test_a_second_device_cannot_take_a_unique_id(bench: Bench) -> None:
    """The first one keeps its entity, its registry entry and its topics."""
    thief = {**GOOD, "name": "Thief", "command_topic": "h/thief", "state_topic": "h/thief/state"}
    bench.device.publish("homeassistant/switch/thief/config", thief)
    bench.settle()
    entry = bench.home.registries.entities.get("switch.good")
    assert entry is not None and entry.original_name == "Good"
    bench.device.publish("h/thief/state", "ON")
    bench.settle()
    assert bench.state("switch.good") != ("on", {})
    _remove(bench, "homeassistant/switch/thief/config")
    assert bench.state("switch.good") is not None


def test_another_device_cannot_take_over_a_topic(bench: Bench) -> None:
    """What another device announces on the topic of a device's entity is refused until the first one withdraws."""
    topic = "homeassistant/lock/door/config"
    own = {"name": "Door", "unique_id": "door", "command_topic": "h/door", "device": {"identifiers": ["door"]}}
    bench.device.publish(topic, {**own, "device": {"identifiers": ["door"], "name": "Front"}})
    bench.settle()
    [entity_id] = [each for each in bench.home.states.ids() if each.startswith("lock.")]
    thief = {**own, "unique_id": "thief", "command_topic": "h/thief", "device": {"identifiers": ["t"], "name": "T"}}
    bench.device.publish(topic, thief)
    bench.settle()
    entity = bench.home.entities.owned[entity_id]
    assert entity.config["command_topic"] == "h/door"  # type: ignore[attr-defined]
    _remove(bench, topic)
    assert bench.state(entity_id) is None


def test_a_wrong_component_of_a_device_keeps_the_others(bench: Bench) -> None:
    """Of a device with three components the two good ones are there."""
    topic = "homeassistant/device/mixed/config"
    components = {
        "a": {"p": "sensor", "state_topic": "h/a", "unique_id": "mixed-a", "name": "A"},
        "b": {"p": "sensor", "state_topic": "h/#/b", "unique_id": "mixed-b", "name": "B"},
        "c": {"p": "sensor", "state_topic": "h/c", "unique_id": "mixed-c", "name": "C"},
    }
    device = {"identifiers": ["mixed"], "name": "Mixed"}
    bench.device.publish(topic, {"device": device, "origin": {"name": "test"}, "components": components})
    bench.settle()
    assert bench.state("sensor.mixed_a") is not None
    assert bench.state("sensor.mixed_b") is None
    assert bench.state("sensor.mixed_c") is not None
    _remove(bench, topic)


def test_huge_states_are_refused_and_huge_pictures_taken(bench: Bench) -> None:
    """5 MB are no state; a camera may have them."""
    bench.device.publish("homeassistant/sensor/big/config", {"name": "Big", "state_topic": "h/big"})
    bench.device.publish("homeassistant/camera/big/config", {"name": "Eye", "topic": "h/big", "unique_id": "eye"})
    bench.settle()
    before = _failed(bench)
    bench.device.publish("h/big", b"\xff\xd8\xff" + b"x" * 5_000_000)
    bench.settle()
    assert _failed(bench) == before + 1
    eye: Any = bench.home.entities.owned["camera.eye"]
    picture = eye.picture()
    assert (len(picture.data), picture.content_type) == (5_000_003, "image/jpeg")
    _remove(bench, "homeassistant/sensor/big/config", "homeassistant/camera/big/config")


def test_a_flood_of_nonsense_does_not_fill_the_log(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Ever new topics with nonsense: counted all, said some; the rest is one number later."""
    before = _failed(bench)
    for number in range(1_000):
        bench.device._client.publish(f"homeassistant/sensor/flood{number}/config", b"{nonsense")
    bench.settle()
    assert _failed(bench) == before + 1_000
    assert capsys.readouterr().out.count("message not understood") <= 200


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20), st.just("x/y"),
    st.just("{{ value }}"), st.just(""),
)  # fmt: skip
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["name", "unique_id", "state_topic", "stat_t", "command_topic", "cmd_t", "device", "dev", "availability", "avty",
     "origin", "o", "components", "cmps", "~", "qos", "encoding", "value_template", "val_tpl", "json_attributes_topic",
     "supported_color_modes", "schema", "options", "min", "max", "event_types", "topic", "platform", "p", "retain",
     "payload_on", "modes", "device_class", "unit_of_measurement", "expire_after", "entity_category", "icon"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    component=st.sampled_from([*sorted(load_components()), "device", "device_automation", "tag", "nosuch"]),
    config=st.dictionaries(_KEYS, _JSON, max_size=8),
)
def test_no_announcement_is_a_surprise(bench: Bench, component: str, config: dict[str, Any]) -> None:
    """Any configuration is taken or refused with a reason; none makes the bridge stumble."""
    topic = f"homeassistant/{component}/fuzz/config"
    seen: list[Exception] = []
    before = bench.bridge.complaints.note
    try:
        bench.bridge.complaints.note = lambda message, error, now: seen.append(error)  # type: ignore[method-assign]
        bench.bridge.handle(Incoming(topic, json.dumps(config).encode()))
        bench.bridge.handle(Incoming(topic, b""))
    finally:
        bench.bridge.complaints.note = before  # type: ignore[method-assign]
    assert all(isinstance(error, DiscoveryError) for error in seen), seen


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payload=st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b"None", b"null", b"{}", b"[]", b"NaN", b"1e999", b'""', b"-0", b'{"state": {}}', b"\x00"]),
        _JSON.map(lambda value: json.dumps(value).encode()),
        st.dictionaries(
            st.sampled_from(
                ["state", "position", "brightness", "color", "color_mode", "effect", "latitude", "longitude",
                 "gps_accuracy", "battery_level", "fan_speed", "tone", "duration", "volume_level", "installed_version",
                 "latest_version", "in_progress", "update_percentage", "event_type", "x", "y", "r", "g", "b"]
            ),
            _JSON,
            max_size=6,
        ).map(lambda value: json.dumps(value).encode()),
    )
)  # fmt: skip
def test_no_payload_is_a_surprise(bench: Bench, payload: bytes) -> None:
    """Every component reads any payload, or refuses it with a reason; its entity's actor lives on."""
    mappings = _everything(bench)
    for mapping in mappings:
        for topic, handler in list(mapping._listening):
            try:
                handler(Incoming(topic, payload))
            except (ValueError, KeyError, TypeError, OverflowError):
                continue
    bench.home.system.settle()
    for mapping in mappings:
        state = bench.home.states.get(mapping.entity_id)
        assert state is not None, mapping.entity_id
        assert json.loads(state.json)["entity_id"] == mapping.entity_id
        assert bench.home.system.ref(f"{bench.home.entities.path}/{mapping.entity_id}") is not None


def _everything(bench: Bench) -> list[Any]:
    """A mapping of each component, announced once."""
    manager = bench.bridge.manager
    found = [each for each in manager._mappings.values() if "everything" in each.key.discovery_id]
    if not found:
        for component in sorted(load_components()):
            config = {
                **minimal(component), "brightness": True, "supported_color_modes": ["rgb"],
                "json_attributes_topic": "x/a", "availability_topic": "x/av", "expire_after": 5,
                **{f"{part}_state_topic": f"x/{part}" for part in
                   ("mode", "temperature", "percentage", "target_humidity", "activity", "brightness", "rgb", "hs")},
                **{f"{part}_topic": f"x/{part}" for part in
                   ("position", "tilt_status", "current_temperature", "action", "latest_version", "current_humidity")},
            }  # fmt: skip
            config.pop("image_topic", None)
            if component != "light":
                config.pop("supported_color_modes")
            bench.bridge.handle(Incoming(f"homeassistant/{component}/everything/config", json.dumps(config).encode()))
        json_light = {**minimal("light"), "schema": "json", "unique_id": "json", "brightness": True}
        json_light["supported_color_modes"] = ["xy", "color_temp"]
        bench.device.publish("homeassistant/light/everything2/config", json_light)
        bench.settle()
        found = [each for each in manager._mappings.values() if "everything" in each.key.discovery_id]
        assert len(found) == len(load_components()) + 1, {each.key.component for each in found}
    return found
