"""What Shellys say, turned into readings: cases that the simulated devices do not have, and any JSON at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.lan.address import Address
from marge.bridges.shelly import gen1, gen2
from marge.bridges.shelly.device import read_identity
from marge.bridges.shelly.entities import entity_of
from marge.bridges.shelly.reading import Reading, byte_to_percent, percent_to_byte
from marge.errors import HomeError, Unreachable

MAC = "98CDAC2D0D41"
HERE = Address("192.0.2.1")
SOMETHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(
            ["0", "power", "ison", "tC", "state", "output", "brightness", "rgb", "ct", "current_pos", "total", "mode",
             "red", "green", "blue", "gain", "white", "temp", "aenergy", "name", "type", "ct_range", "value"]
        ),
        inner, max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
PLACES = [
    "relays", "lights", "rollers", "meters", "emeters", "inputs", "tmp", "ext_temperature", "sensor", "flood", "mode",
    "switch:0", "switch:x", "light:0", "rgbw:0", "rgb:1", "cct:0", "cover:0", "em:0", "emdata:0", "em1:0", "input:0",
    "temperature:0", "devicepower:0", "smoke:0", "sys", "pm1:0",
]  # fmt: skip


def by_suffix(readings: Any) -> dict[str, Reading]:
    return {f"{each.kind}.{each.suffix}": each for each in readings}


@given(st.dictionaries(st.sampled_from(PLACES), SOMETHING, max_size=5), SOMETHING)
def test_any_json_gives_readings_that_entities_can_show(status: dict[str, Any], config: Any) -> None:
    """No error, whatever a device sends; states are texts or unknown."""
    for read, model in ((gen1.read, "SHCB-1"), (gen1.read, "SHRGBW2"), (gen2.read, "SNSW-001P16EU")):
        for reading in read(status, config, model):
            entity = entity_of(reading, {})
            entity.entity_id = f"{reading.kind}.shelly_x_{reading.suffix}"
            entity.apply(reading.values)
            state, _attributes = entity.shown()
            assert isinstance(state, str) and len(reading.key) < 60


@given(SOMETHING)
def test_any_identity_is_read_or_refused(told: Any) -> None:
    """What answers may be anything."""
    with pytest.raises(Unreachable):
        read_identity(told, HERE)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"type": "SHSW-1", "mac": MAC, "auth": True, "fw": "1"}, (MAC, "SHSW-1", 1, True)),
        ({"model": "S3SW-001", "mac": MAC, "gen": 3, "auth_en": False}, (MAC, "S3SW-001", 3, False)),
    ],
)  # fmt: skip
def test_each_generation_says_who_it_is_in_its_own_way(told: Any, expected: Any) -> None:
    """Later ones speak as the second."""
    found = read_identity(told, HERE)
    assert (found.mac, found.model, found.generation, found.wants_password) == expected


def test_a_relay_mode_and_a_roller_mode_of_the_same_device() -> None:
    """The settings say which it is; the status has relays in both."""
    status = {"relays": [{"ison": False}] * 2, "rollers": [{"state": "stop", "current_pos": 40, "positioning": True}]}
    assert set(by_suffix(gen1.read(status, {"mode": "relay"}, "SHSW-25"))) == {"switch.0", "switch.1"}
    assert set(by_suffix(gen1.read(status, {"mode": "roller"}, "SHSW-25"))) == {"cover.0"}


def test_a_blind_that_is_not_calibrated_knows_its_last_way_only() -> None:
    """No position, and none can be set."""
    for roller in ({"current_pos": 101, "last_direction": "close"}, {"positioning": False, "last_direction": "close"}):
        found = by_suffix(gen1.read({"rollers": [{"state": "stop", **roller}]}, {}, "SHSW-25"))["cover.0"]
        entity = entity_of(found, {})
        entity.apply(found.values)
        assert (entity.state_value(), entity.supported_features) == ("closed", 11)
        assert "current_position" not in entity.state_attributes()


def test_a_colour_bulb_in_both_of_its_modes() -> None:
    """Colours and tones of white exclude each other; what it can do stays the same."""
    light = {"ison": True, "red": 1, "green": 2, "blue": 3, "gain": 50, "brightness": 20, "temp": 3500}
    found = {
        mode: by_suffix(gen1.read({"lights": [{**light, "mode": mode}]}, {}, "SHCB-1"))["light.0"].values
        for mode in ("color", "white")
    }
    colour = {"rgb_color": (1, 2, 3), "color_mode": "rgb", "brightness": 128}
    assert {**found["color"], **colour} == found["color"]
    white = {"color_temp_kelvin": 3500, "color_mode": "color_temp", "brightness": 51}
    assert {**found["white"], **white} == found["white"]
    assert found["color"]["supported_color_modes"] == found["white"]["supported_color_modes"] == {"rgb", "color_temp"}


def test_an_energy_meter_of_the_first_generation_has_phases() -> None:
    """In watt hours, unlike the meters of relays; what is returned is counted, too."""
    meter = {"power": 100.5, "voltage": 230.0, "total": 1500.0, "total_returned": 250.0, "is_valid": True}
    found = by_suffix(gen1.read({"emeters": [meter, meter], "relays": [{"ison": True}]}, {}, "SHEM"))
    assert found["sensor.power"].values == {"native_value": 201.0}
    assert found["sensor.energy"].values == {"native_value": 3.0}
    assert found["sensor.1_energy_returned"].values == {"native_value": 0.25}


def test_an_add_on_measures_outside() -> None:
    """Up to three thermometers on a wire."""
    status = {"ext_temperature": {"0": {"tC": 20.5}, "1": {"tC": -3.0}}, "ext_humidity": {"0": {"hum": 55.0}}}
    found = by_suffix(gen1.read(status, {}, "SHSW-1"))
    assert {name: each.values["native_value"] for name, each in found.items()} == {
        "sensor.external_0_temperature": 20.5, "sensor.external_1_temperature": -3.0,
        "sensor.external_0_humidity": 55.0,
    }  # fmt: skip


def test_a_door_detector_and_a_motion_detector() -> None:
    """Their main value lies one level down."""
    found = by_suffix(gen1.read({"sensor": {"state": "open", "is_valid": True}, "lux": {"value": 12}}, {}, "SHDW-2"))
    assert found["binary_sensor.door"].values == {"is_on": True}
    assert found["sensor.illuminance"].values == {"native_value": 12}
    found = by_suffix(gen1.read({"sensor": {"motion": True, "vibration": False}}, {}, "SHMOS-01"))
    assert found["binary_sensor.motion"].values == {"is_on": True}


def test_buttons_are_left_out() -> None:
    """A push is over before anybody asks."""
    config: Any = {"relays": [{"btn_type": "momentary"}, {"btn_type": "toggle"}]}
    status: Any = {"inputs": [{"input": 1}, {"input": 1}]}
    assert set(by_suffix(gen1.read(status, config, "SHSW-25"))) == {"binary_sensor.input_1"}
    status = {"input:0": {"state": None}, "input:1": {"state": True}, "input:2": {"state": None}}
    config = {"input:2": {"type": "switch", "name": "Door bell"}}
    found = by_suffix(gen2.read(status, config, "SNSN-0024X"))
    assert {name: each.name for name, each in found.items()} == {
        "binary_sensor.input_1": "Input 1", "binary_sensor.input_2": "Door bell",
    }  # fmt: skip


def test_lamps_with_tones_of_white_in_the_second_generation() -> None:
    """With the range that they are set to."""
    status = {"cct:0": {"output": True, "brightness": 100, "ct": 3200}}
    for limits, expected in (([2200, 5000], (2200, 5000)), ("x", (2700, 6500)), ([9, 5], (2700, 6500))):
        values = by_suffix(gen2.read(status, {"cct:0": {"ct_range": limits}}, "S3BL"))["light.0"].values
        assert (values["min_color_temp_kelvin"], values["max_color_temp_kelvin"]) == expected
        assert (values["color_temp_kelvin"], values["brightness"]) == (3200, 255)


@pytest.mark.parametrize(
    ("key", "verb", "params", "model", "mode", "expected"),
    [
        ("relay_1", "turn", {"on": False}, "SHSW-25", None, ("/relay/1", {"turn": "off"})),
        ("light_0", "turn", {"on": True, "brightness": 255, "color_mode": "rgbw"}, "SHRGBW2", "color",
         ("/color/0", {"turn": "on", "gain": 100})),
        ("light_2", "turn", {"on": True, "brightness": 51}, "SHRGBW2", "white",
         ("/white/2", {"turn": "on", "brightness": 20})),
        ("light_0", "turn", {"on": True, "rgb_color": (1, 2, 3)}, "SHCB-1", None,
         ("/light/0", {"turn": "on", "red": 1, "green": 2, "blue": 3, "mode": "color"})),
        ("light_0", "turn", {"on": True, "color_temp_kelvin": 3000, "transition": 60}, "SHCB-1", None,
         ("/light/0", {"turn": "on", "temp": 3000, "mode": "white", "transition": 5000})),
        ("roller_0", "position", {"position": 40}, "SHSW-25", None, ("/roller/0", {"go": "to_pos", "roller_pos": 40})),
        ("roller_0", "stop", {}, "SHSW-25", None, ("/roller/0", {"go": "stop"})),
    ],
)  # fmt: skip
def test_commands_of_the_first_generation(
    key: str, verb: str, params: dict[str, Any], model: str, mode: str | None, expected: Any
) -> None:
    """As its documentation has them."""
    assert gen1.command(key, verb, params, model, mode) == expected


@pytest.mark.parametrize(
    ("key", "verb", "params", "expected"),
    [
        ("switch:1", "turn", {"on": True}, ("Switch.Set", {"id": 1, "on": True})),
        ("cover:0", "open", {}, ("Cover.Open", {"id": 0})),
        ("cover:0", "position", {"position": 7}, ("Cover.GoToPosition", {"id": 0, "pos": 7})),
        ("light:0", "turn", {"on": True, "brightness": 1, "transition": 0.1},
         ("Light.Set", {"id": 0, "on": True, "brightness": 1, "transition_duration": 0.5})),
        ("rgbw:0", "turn", {"on": True, "rgbw_color": (1, 2, 3, 4)},
         ("RGBW.Set", {"id": 0, "on": True, "rgb": [1, 2, 3], "white": 4})),
        ("cct:0", "turn", {"on": True, "color_temp_kelvin": 3000}, ("CCT.Set", {"id": 0, "on": True, "ct": 3000})),
    ],
)  # fmt: skip
def test_commands_of_the_second_generation(key: str, verb: str, params: dict[str, Any], expected: Any) -> None:
    """As its documentation has them."""
    assert gen2.command(key, verb, params) == expected


def test_what_there_is_not_cannot_be_commanded() -> None:
    """An error for whoever asked."""
    with pytest.raises(HomeError):
        gen1.command("flood", "turn", {"on": True}, "SHWT-1", None)
    with pytest.raises(HomeError):
        gen2.command("smoke:0", "turn", {"on": True})


@pytest.mark.parametrize(
    ("whole", "short"),
    [("20230913-112003/v1.14.0-gcb84623", "1.14.0"), ("20210710-130145/1.11.0-rc1-g123abc", "1.11.0-rc1"),
     ("odd", "odd"), (None, None)],
)  # fmt: skip
def test_versions_are_what_people_call_them(whole: str | None, short: str | None) -> None:
    """Without date and commit."""
    assert gen1.version(whole) == short


def test_percents_and_bytes_meet_at_the_ends() -> None:
    """What is on is never shown as 0, nor sent as 0."""
    assert [percent_to_byte(each) for each in (0, 0.1, 1, 50, 100, 140, None)] == [0, 1, 3, 128, 255, 255, None]
    assert [byte_to_percent(each) for each in (1, 3, 128, 255)] == [1, 1, 50, 100]
