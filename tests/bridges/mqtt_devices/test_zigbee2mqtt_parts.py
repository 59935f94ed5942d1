"""The parts that need no broker: reading messages, the intake, requests and their answers, the log's limit."""

from __future__ import annotations

from typing import Any

import gevent
import orjson
import pytest
import voluptuous as vol
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt_devices.zigbee2mqtt.exposes import announcements
from marge.bridges.mqtt_devices.zigbee2mqtt.facts import (
    NotUnderstood,
    group_of,
    info_of,
    is_online,
    update_of,
)
from marge.bridges.mqtt_devices.zigbee2mqtt.intake import MAX_STREAM, QUICK_BYTES, Arrived, Intake, items_of
from marge.bridges.mqtt_devices.zigbee2mqtt.log_lines import LogLines
from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network, PermitJoin
from marge.bridges.mqtt_devices.zigbee2mqtt.requests import NoAnswer, RequestRefused, Requests
from marge.bridges.mqtt_devices.zigbee2mqtt.table import ACTIONS
from marge.config.values import base_topics
from marge.errors import Overloaded, Unavailable

KEYS = [
    "ieee_address", "friendly_name", "definition", "endpoints", "type", "id", "members", "endpoint", "update", "state",
    "coordinator", "config", "homeassistant", "enabled", "permit_join", "permit_join_end", "permit_join_timeout",
    "value", "time", "device", "network", "meta",
]  # fmt: skip
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(max_size=8)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=8) | st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at

    monotonic = __call__


def message(payload: bytes | Any, topic: str = "zigbee2mqtt/bridge/devices") -> Incoming:
    return Incoming(topic, payload if isinstance(payload, bytes) else orjson.dumps(payload))


@given(json_values)
def test_no_message_breaks_the_reading(sent: Any) -> None:
    """Arbitrary JSON is understood or refused; what is understood can be told again."""
    network = Network("z", Clock())
    for take in (network.take_info, network.take_groups, network.take_health):
        try:
            take(sent)
        except NotUnderstood:
            continue
    items = sent if isinstance(sent, list) else [sent]
    network.use_devices(network.device_of(each) for each in items)
    network.answered_permit_join(False, sent)
    group_of(sent)
    update_of(sent)
    orjson.dumps(network.describe())
    for device in network.devices.values():
        orjson.dumps([network.describe_device(device), device.listed()])


@given(st.binary(max_size=60) | st.lists(json_values, max_size=5).map(lambda items: _dumped(items)))
def test_long_lists_are_read_item_by_item(payload: bytes) -> None:
    """The slow way reads what the quick way reads, and refuses what that refuses."""
    padded = payload + b" " * (QUICK_BYTES + 1)
    assert _read(message(padded)) == _read(message(payload))


def _dumped(items: list[Any]) -> bytes:
    return orjson.dumps(items, option=orjson.OPT_NON_STR_KEYS)


def _read(sent: Incoming) -> Any:
    try:
        return list(items_of(sent))
    except NotUnderstood:
        return None


def test_nested_too_deep_is_not_understood() -> None:
    """Neither way of reading falls over it."""
    deep = b"[" * 200_000
    assert _read(message(deep)) is None
    assert _read(message(deep + b" " * QUICK_BYTES)) is None


@pytest.mark.parametrize(
    ("text", "sent", "online"),
    [
        ("online", None, True), ('"online"', "online", True), ("", {"state": "offline"}, False),
        (" offline\n", None, False),
    ],
)  # fmt: skip
def test_both_forms_of_availability(text: str, sent: Any, online: bool) -> None:
    """The word of old releases, the object of new ones."""
    assert is_online(text, sent, "x") is online


@pytest.mark.parametrize("sent", [None, 5, {"state": True}, {"state": "Online"}, {}, []])
def test_other_words_are_not_understood(sent: Any) -> None:
    """They change nothing."""
    with pytest.raises(NotUnderstood):
        is_online("on", sent, "x")


def test_joining_ends_by_itself_in_old_and_new_words() -> None:
    """Milliseconds of the clock since 2.0, seconds that are left before; without either it stays open."""
    clock = Clock()
    network = Network("z", clock)
    network.take_info({"permit_join": True, "permit_join_end": 1_010_000})
    assert network.permit_join == PermitJoin(True, 1_010.0, None)
    network.take_info({"permit_join": True, "permit_join_timeout": 20})
    assert network.permit_join.until == 1_020.0
    clock.at = 1_020.0
    assert network.permit_join.open is False
    network.take_info({"permit_join": True})
    clock.at = 99_999.0
    assert network.permit_join == PermitJoin(True, None, None)
    network.answered_permit_join(False, {"time": 0})
    assert network.permit_join.open is False
    network.answered_permit_join(False, {"time": 30, "device": "Porch"})
    assert network.permit_join == PermitJoin(True, 100_029.0, "Porch")


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        (True, (True, None)), (False, (False, None)), ({"discovery_topic": "ha"}, (True, "ha")),
        ({"enabled": False}, (False, None)), (None, (None, None)), ("x", (None, None)),
    ],
)  # fmt: skip
def test_whether_it_announces_its_devices(setting: Any, found: Any) -> None:
    """In the words of 1.x and 2.x."""
    info = info_of({"config": {"homeassistant": setting}}, 0.0)
    assert (info.discovery, info.discovery_prefix) == found


def test_the_intake_keeps_the_last_of_what_is_retained_and_bounds_the_rest() -> None:
    """A state that came twice is handled once, in its later place; of events the oldest are left out."""
    intake = Intake()
    assert intake.put(Arrived("z", "state", message(b"offline"))) is True
    for number in range(MAX_STREAM + 5):
        assert intake.put(Arrived("z", "event", message(b"%d" % number))) is False
    intake.put(Arrived("z", "state", message(b"online")))
    taken = []
    while (each := intake.take()) is not None:
        taken.append(each)

    assert len(taken) == MAX_STREAM + 1
    assert (taken[0].message.payload, taken[-1].message.payload) == (b"5", b"online")
    assert intake.dropped == 5


def test_the_log_takes_so_many_lines_and_no_more() -> None:
    """Fifty at once, then one a second."""
    clock = Clock()
    lines = LogLines("z", clock)
    for _ in range(100):
        lines.take({"level": "error", "message": "x"})
    assert lines.left_out == 50
    clock.at += 2
    for _ in range(3):
        lines.take({"level": "info", "message": "x"})
    assert lines.left_out == 51
    with pytest.raises(NotUnderstood):
        lines.take({"level": "info"})


class Wire:
    """Takes what is sent, and can answer it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.requests = Requests(self.send, Clock())
        self.network = Network("z", Clock())

    def send(self, topic: str, payload: bytes) -> None:
        self.sent.append((topic, orjson.loads(payload)))

    def answer(self, what: str, **answer: Any) -> None:
        transaction = self.sent[-1][1]["transaction"]
        self.requests.answered("z", what, {"transaction": transaction, **answer})


def test_an_answer_belongs_to_its_request() -> None:
    """By its transaction; others' answers, and answers from elsewhere, wake nobody."""
    wire = Wire()
    asking = gevent.spawn(wire.requests.ask, wire.network, "device/rename", {"to": "x"}, 5.0)
    gevent.sleep(0)
    topic, wish = wire.sent[-1]
    assert (topic, wish["to"]) == ("z/bridge/request/device/rename", "x")
    for base, what, answer in (
        ("z", "device/rename", {"transaction": "other"}), ("y", "device/rename", wish), ("z", "group/add", wish),
        ("z", "device/rename", None), ("z", "device/rename", {"transaction": [1]}),
    ):  # fmt: skip
        wire.requests.answered(base, what, answer)
    assert not asking.ready() or asking.value is None
    wire.answer("device/rename", status="ok", data={"to": "x"})
    assert asking.get(timeout=60) == {"to": "x"}
    assert len(wire.requests) == 0


def test_errors_time_outs_and_an_offline_bridge() -> None:
    """Each is told in its own way, and nothing waits afterwards."""
    wire = Wire()
    asking = gevent.spawn(wire.requests.ask, wire.network, "restart", {}, 5.0)
    gevent.sleep(0)
    wire.answer("restart", status="error", error="no radio")
    with pytest.raises(RequestRefused, match="no radio"):
        asking.get(timeout=60)
    with pytest.raises(NoAnswer, match="did not answer restart within 0.01 s"):
        wire.requests.ask(wire.network, "restart", {}, 0.01)
    late: list[Any] = []
    assert wire.requests.ask(wire.network, "device/ota_update/update", {}, 0.01, late.append) is None
    wire.answer("device/ota_update/update", status="ok")
    assert late[0]["status"] == "ok"
    wire.network.take_state("offline", None)
    with pytest.raises(Unavailable, match="offline"):
        wire.requests.ask(wire.network, "restart", {}, 5.0)
    assert len(wire.requests) == 0


def test_requests_that_nobody_answers_do_not_pile_up() -> None:
    """The next one is refused, and old ones are forgotten after hours."""
    wire = Wire()
    for _ in range(500):
        wire.requests.ask(wire.network, "x", {}, 0.0, lambda answer: None)
    with pytest.raises(Overloaded):
        wire.requests.ask(wire.network, "x", {}, 0.0)
    wire.requests._clock.at += 3 * 3600  # type: ignore[attr-defined]
    with pytest.raises(NoAnswer):
        wire.requests.ask(wire.network, "x", {}, 0.0)


@given(st.sampled_from(ACTIONS), json_values)
def test_wrong_fields_are_refused(action: Any, data: Any) -> None:
    """Whatever they are, the schema takes them or says what is wrong."""
    try:
        vol.Schema(dict(action.schema))(data)
    except vol.Invalid as exc:
        assert str(exc)


@pytest.mark.parametrize("value", ["zigbee2mqtt", ["a", "b/c"], [{"base_topic": "x"}], {"base_topic": "y"}])
def test_base_topics_in_the_configuration(value: Any) -> None:
    """One, several, or mappings."""
    assert all(isinstance(each, str) for each in base_topics(value))


@pytest.mark.parametrize("value", ["/a", "a/", "a/+", "#", "$SYS", "", 5, [5], [{"base": "x"}], [{}]])
def test_what_is_no_base_topic(value: Any) -> None:
    """It says what is wanted."""
    with pytest.raises(ValueError, match="base topics"):
        base_topics(value)


def test_newer_releases_say_less_of_the_interview_and_firmware_more_than_it_means() -> None:
    """The two truth values follow from the state; zeros at the end of texts are no part of them."""
    sent = {"ieee_address": "0x1", "interview_state": "IN_PROGRESS", "software_build_id": "2019\u0000www."}
    device = Network("z", Clock()).device_of(sent)
    assert device is not None
    listed = device.listed()
    assert (listed["interviewing"], listed["interview_completed"]) == (True, False)
    assert device.as_dict()["software_build_id"] == "2019www."
    assert (device.friendly_name, device.is_interviewed) == ("0x1", False)


@given(st.lists(json_values, max_size=4))
def test_no_expose_breaks_the_announcements(exposes: Any) -> None:
    """Whatever a device says that it can do gives announcements that can be sent."""
    device = Network("z", Clock()).device_of(
        {"ieee_address": "0x1", "friendly_name": "X", "definition": {"exposes": exposes, "supports_ota": True}}
    )
    assert device is not None
    for each in announcements("z", device, True, None):
        orjson.dumps(each.config)


def test_each_kind_of_expose_becomes_an_entity() -> None:
    """The component and the particulars of each."""
    settable, shown = {"access": 7}, {"access": 1}
    exposes = [
        {"type": "light", "features": [{"name": "state", **settable}, {"name": "brightness", "value_max": 254},
                                       {"name": "color_temp", "value_min": 150, "value_max": 500}]},
        {"type": "switch", "endpoint": "l1", "features": [{"name": "state", "property": "state_l1", **settable}]},
        {"type": "light", "endpoint": "back", "features": [{"name": "state", "property": "state_back"},
                                                           {"name": "brightness", "property": "brightness_back"}]},
        {"type": "lock", "features": [{"name": "state", "value_on": "LOCK", "value_off": "UNLOCK"}]},
        {"type": "cover", "features": [{"name": "state"}, {"name": "position"}]},
        {"type": "climate", "features": [
            {"name": "occupied_heating_setpoint", "value_min": 5, "value_max": 30, "unit": "°C"},
            {"name": "local_temperature"}, {"name": "system_mode", "values": ["off", "heat", "boost"]},
        ]},
        {"type": "binary", "name": "contact", "property": "contact", "value_on": False, "value_off": True, **shown},
        {"type": "binary", "name": "led", "property": "led", "value_on": True, "value_off": False, **settable},
        {"type": "numeric", "name": "battery", "property": "battery", "unit": "%", **shown},
        {"type": "numeric", "name": "delay", "property": "delay", "value_max": 60, **settable},
        {"type": "enum", "name": "action", "property": "action", "values": ["single", "double"], **shown},
        {"type": "enum", "name": "mode", "property": "mode", "values": ["a", "b"], **settable},
        {"type": "numeric", "name": "identify", "property": "identify", "access": 2},
        {"type": "unheard_of"},
    ]  # fmt: skip
    device = Network("z", Clock()).device_of(
        {"ieee_address": "0x1", "friendly_name": "A/B", "definition": {"exposes": exposes, "vendor": "V"}}
    )
    assert device is not None
    found = {each.component + "/" + each.object_id: each.config for each in announcements("z", device, True, "bridge")}

    assert list(found) == [
        "light/light", "switch/switch_l1", "light/light_back", "lock/lock", "cover/cover", "climate/climate",
        "binary_sensor/contact", "switch/switch_led", "sensor/battery", "number/delay", "event/action", "select/mode",
    ]  # fmt: skip
    assert (found["light/light"]["supported_color_modes"], found["light/light"]["max_mireds"]) == (["color_temp"], 500)
    assert found["switch/switch_l1"]["command_topic"] == "z/A/B/set/state_l1"
    assert found["light/light_back"]["brightness_command_topic"] == "z/A/B/set/brightness_back"
    assert found["climate/climate"]["modes"] == ["off", "heat"]
    assert (found["binary_sensor/contact"]["payload_on"], found["switch/switch_led"]["payload_on"]) == (False, "true")
    assert found["sensor/battery"]["device_class"] == "battery"
    assert found["number/delay"]["max"] == 60
    assert [each["topic"] for each in found["lock/lock"]["availability"]] == ["z/bridge/state", "z/A/B/availability"]
