"""Tasmota's announcements as values: what is read, which entities follow, what they say. No broker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.mqtt_devices.tasmota.announced import NotTasmota, mac_of, read_config, read_sensors
from marge.bridges.mqtt_devices.tasmota.entities import RESULT, SENSOR, STATE, TasmotaStatus
from marge.bridges.mqtt_devices.tasmota.plans import plans_of
from marge.bridges.mqtt_devices.tasmota.quantities import is_told, sensors_in, value_at
from marge.bridges.mqtt_devices.tasmota.registry import CLASSES
from marge.bridges.mqtt_devices.tasmota.triggers import buttons_of

MAC = "5CCF7F00ABCD"
BASE: dict[str, Any] = {"mac": MAC, "t": "x", "dn": "Thing", "fn": ["Thing"], "tp": ["cmnd", "stat", "tele"]}
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_KEYS = st.sampled_from((
    "rl", "swc", "swn", "btn", "so", "fn", "sho", "sht", "state", "lk", "lt_st", "if", "ft", "dn", "onln", "dslp",
))  # fmt: skip


class _Outlet:
    """Where commands go in these tests."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.home = SimpleNamespace(config=SimpleNamespace(units={}))

    def command(self, device: Any, command: str, payload: str) -> None:
        self.sent.append((command, payload))


def made(plan_number: int = 0, **told: Any) -> Any:
    """The entity of one plan."""
    device = read_config(MAC, {**BASE, **told})
    plan = plans_of(device)[plan_number]
    return CLASSES[plan.kind](_Outlet(), device, plan)


@given(st.dictionaries(_KEYS, _JSON))
def test_whatever_is_announced_is_read_or_refused(told: dict[str, Any]) -> None:
    """Never another error, and unique ids are unique."""
    try:
        device = read_config(MAC, {**BASE, **told})
    except NotTasmota:
        return
    plans = plans_of(device)
    assert len({(plan.domain, plan.unique_id) for plan in plans}) == len(plans)
    for plan in plans:
        entity = CLASSES[plan.kind](_Outlet(), device, plan)
        entity.shown()
    list(buttons_of(device))


@given(st.dictionaries(st.text(max_size=10), _JSON, max_size=5))
def test_whatever_is_measured_has_a_place(example: dict[str, Any]) -> None:
    """Each sensor is found again in the message it was learnt from."""
    for sensor in sensors_in(example):
        assert is_told(example, sensor.path)
        value_at(example, sensor.path)
        assert sensor.id and sensor.name


@given(st.sampled_from((STATE, RESULT, SENSOR)), st.dictionaries(st.text(max_size=10), _JSON, max_size=6))
def test_whatever_a_device_says_is_read(kind: str, message: dict[str, Any]) -> None:
    """No message is an error to an entity."""
    device = read_config(MAC, {**BASE, "rl": [1, 2, 3, 3], "lt_st": 5, "lk": 1, "if": 1, "swc": [1], "bat": 1})
    known = {"POWER1": [], "Dimmer": "x", "HSBColor": "1,2", "CT": None, "Wifi": 5, "UptimeSec": "x", "Shutter1": [1]}
    for plan in plans_of(device):
        entity = CLASSES[plan.kind](_Outlet(), device, plan)
        for each in (message, known, {**known, **message}):
            entity.apply(entity.read(kind, each, 1_000.0))
            entity.shown()


def test_what_is_needed_is_asked_for() -> None:
    """The reason says which key."""
    for wrong, word in (
        ({"mac": "000000000000"}, "address"), ({"t": ""}, "'t'"), ({"t": "a/#"}, "'t'"), ({"tp": ["a"]}, "'tp'"),
        ({"ft": "%topic%/"}, "%prefix%"), ({"ft": "+/%prefix%/"}, "wildcards"),
    ):  # fmt: skip
        with pytest.raises(NotTasmota, match=word):
            read_config(MAC, {**BASE, **wrong})
    with pytest.raises(NotTasmota):
        read_config(MAC, [])
    with pytest.raises(NotTasmota):
        mac_of("tasmota/discovery/x/config")
    with pytest.raises(NotTasmota):
        read_sensors({"sn": 5})


def test_topics_follow_from_the_full_topic() -> None:
    """Its parts are filled in; it ends with a slash."""
    device = read_config(MAC, {**BASE, "ft": "home/%hostname%/%id%/%prefix%/%topic%", "hn": "h"})
    assert device.command == "home/h/00ABCD/cmnd/x/"
    assert (device.usual, device.key) == (False, "home/h/00ABCD/tele/x/")
    assert read_config(MAC, BASE).usual


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"rl": [1, 1], "fn": ["Thing", None]}, {"switch_relay_0": None, "switch_relay_1": "switch 2"}),
        ({"rl": [1], "fn": ["Desk"]}, {"switch_relay_0": "Desk"}),
        ({"rl": [1], "so": {"30": 1}}, {"light_relay_0": None}),
        ({"rl": [2, 2], "lt_st": 5, "fn": ["Thing", None]}, {"light_light_0": None, "light_light_1": "light 2"}),
        ({"rl": [2, 2], "lt_st": 5, "lk": 1}, {"light_light_0": None}),
        ({"rl": [3, 3, 3, 3]}, {"cover_shutter_0": "cover 1", "cover_shutter_1": "cover 2"}),
        ({"swc": [0, 1, 7, 15], "swn": [None, "Door"]}, {
            "binary_sensor_switch_1": "Door", "binary_sensor_switch_3": "binary_sensor 4",
        }),
        ({"if": 1}, {"fan_fan_ifan": None}),
    ],
)  # fmt: skip
def test_entities_follow_from_relays_and_inputs(told: dict[str, Any], expected: dict[str, str | None]) -> None:
    """Unique ids and names."""
    plans = [plan for plan in plans_of(read_config(MAC, {**BASE, **told})) if plan.kind != "status"]
    assert {plan.unique_id.removeprefix(f"{MAC}_"): plan.name for plan in plans} == expected


def test_units_are_the_devices() -> None:
    """Temperature, pressure and speed name theirs in the message."""
    told = {"TempUnit": "F", "PressureUnit": "mmHg"}
    example = {"A": {"Temperature": 1, "Pressure": 2}, "B": {"Speed": {"Act": 3}}, **told}
    units = {sensor.id: sensor.quantity.unit for sensor in sensors_in(example)}
    assert units == {"A_Temperature": "°F", "A_Pressure": "mmHg", "B_Speed_Act": "km/h"}


def test_fading_counts_half_seconds_of_the_whole_range() -> None:
    """By how far the light has to go; at a fixed duration (SetOption117) it does not matter."""
    light = made(rl=[2], lt_st=1)
    light.apply({"is_on": True, "brightness": 153})
    light.turn_on(brightness=255, transition=6)
    light.turn_off(transition=4)
    assert [payload for _command, payload in light.outlet.sent] == [
        "NoDelay;Fade2 1;NoDelay;Speed2 30;NoDelay;Dimmer 100",
        "NoDelay;Fade2 1;NoDelay;Speed2 13;NoDelay;Power1 OFF",
    ]
    fixed = made(rl=[2], lt_st=1, so={"117": 1})
    fixed.turn_on(brightness=100, transition=3)
    assert fixed.outlet.sent == [("Backlog", "NoDelay;Fade2 1;NoDelay;Speed2 6;NoDelay;Dimmer 39")]


def test_some_devices_want_other_commands() -> None:
    """Tuya dims with Dimmer3; with SetOption20 a level does not switch on; channels are lights of their own."""
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"rl": [2], "lt_st": 1, "ty": 1}, "NoDelay;Dimmer3 39"),
        ({"rl": [2], "lt_st": 1, "so": {"20": 1}}, "NoDelay;Dimmer 39;NoDelay;Power1 ON"),
        ({"rl": [2, 2], "lt_st": 2, "so": {"68": 1}}, "NoDelay;Channel1 39"),
        ({"rl": [2, 2], "lt_st": 4}, "NoDelay;Dimmer1 39"),
    )
    for told, wanted in cases:
        light = made(**told)
        light.turn_on(brightness=100)
        assert light.outlet.sent == [("Backlog", wanted)]


def test_an_inverted_shutter_is_the_other_way_round() -> None:
    """Positions and directions."""
    cover = made(rl=[3, 3], sho=[1], sht=[[-90, 90, 24]])
    cover.apply(cover.read(RESULT, {"Shutter1": {"Position": 30, "Direction": 1, "Tilt": 45}}, 0.0))
    assert (cover.current_position, cover.is_closing, cover.current_tilt_position) == (70, True, 75)
    cover.set_cover_position(30)
    cover.set_cover_tilt_position(25)
    assert cover.outlet.sent == [("ShutterPosition1", "70"), ("ShutterTilt1", "-45")]


def test_a_restart_is_told_once() -> None:
    """The uptime drifts; that is no restart."""
    status = made(rl=[], fn=[])
    assert isinstance(status, TasmotaStatus)
    first = status.read(STATE, {"UptimeSec": 100}, 1_000.0)
    status.apply(first)
    assert first["native_value"] == "1970-01-01T00:15:00+00:00"
    assert status.read(STATE, {"UptimeSec": 110}, 1_012.0) == {}
    assert status.read(STATE, {"UptimeSec": 5}, 2_000.0)["native_value"] == "1970-01-01T00:33:15+00:00"
