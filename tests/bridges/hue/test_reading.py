"""What Hue bridges say, turned into fields: the arithmetic, odd lamps, and any JSON at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.hue import reading
from marge.bridges.hue.bridge import main_things, things
from marge.bridges.hue.entities import HueButtons, entity_of
from marge.bridges.hue.wire import HueApi, done, table
from marge.bridges.lan.address import Address
from marge.bridges.lan.client import LanClient
from marge.errors import BridgeError, InvalidRequest

CLIENT = LanClient(Address("192.0.2.1"))
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
NAMES = [
    "state", "config", "action", "on", "bri", "hue", "sat", "xy", "ct", "colormode", "effect", "reachable", "name",
    "uniqueid", "presence", "temperature", "lightlevel", "buttonevent", "lastupdated", "battery", "capabilities",
    "control", "min", "max", "lights", "any_on", "modelid",
]  # fmt: skip
KINDS = ["ZLLPresence", "ZLLTemperature", "ZLLLightLevel", "ZLLSwitch", "ZGPSwitch", "Room", "Zone", "Daylight"]
ANYTHING = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
RESOURCE = st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=5) | ANYTHING
TYPED = st.builds(lambda told, kind: {**told, "type": kind} if isinstance(told, dict) else told, RESOURCE,
                  st.sampled_from(KINDS))  # fmt: skip
TABLES = st.dictionaries(st.sampled_from(["1", "2", "x"]), TYPED, max_size=3)


@given(TABLES, TABLES, TABLES)
def test_any_json_gives_things_that_entities_can_show(lights: Any, sensors: Any, groups: Any) -> None:
    """No error, whatever a bridge sends; states are texts or unknown."""
    found = {thing.key: thing for _, _, some in things(lights, sensors, groups, {}) for thing in some}
    main_things(found)
    for thing in found.values():
        entity = entity_of(thing.kind, {})
        entity.entity_id = "light.x"
        entity.apply({**thing.values, "available": thing.reachable})
        entity.apply(thing.values)
        state, _attributes = entity.shown()
        assert isinstance(state, str)


@given(ANYTHING)
def test_any_reply_to_a_command_is_read_or_refused(reply: Any) -> None:
    """One kind of error only."""
    for read in (done, table):
        try:
            assert isinstance(read(reply, CLIENT), dict)
        except BridgeError:
            continue


@pytest.mark.parametrize(
    ("level", "lux"), [(0, 0.0), (1, 1.0), (10_001, 10.0), (20_001, 100.0), (None, None), (99_999, None)]
)
def test_light_levels_are_logarithmic(level: float | None, lux: float | None) -> None:
    """10000·log10(lux)+1 on the wire."""
    assert reading.lux(level) == lux


@pytest.mark.parametrize(
    ("event", "expected"),
    [(1000, (1, "initial_press")), (4002, (4, "short_release")), (2003, (2, "long_release")),
     (34, (1, "initial_press")), (18, (4, "initial_press")), (100, (4, "initial_press"))],
)  # fmt: skip
def test_buttons_have_a_number_and_a_move(event: int, expected: tuple[int, str]) -> None:
    """Switches with a battery, and those without."""
    assert reading.pressed(event) == expected


def test_a_press_counts_once_and_the_first_one_heard_not_at_all() -> None:
    """Nobody knows how long ago that was."""
    buttons = HueButtons()
    buttons.apply({"press": (1002, "2026-01-01T12:00:00")})
    assert (buttons.state_value(), buttons.event_type) == (None, None)
    buttons.apply({"press": (1002, "2026-01-01T12:00:05")})
    assert (buttons.state_value(), buttons.event_type) == ("2026-01-01T12:00:05.000+00:00", "short_release")
    buttons.happened_at = None
    buttons.apply({"press": (1002, "2026-01-01T12:00:05")})
    assert buttons.happened_at is None


def test_brightness_keeps_its_ends() -> None:
    """1-254 there, 1-255 here; there and back again is the same."""
    assert [reading.to_bri(each) for each in (1, 128, 255)] == [1, 127, 254]
    assert [reading.from_bri(each) for each in (0, 1, 254)] == [0, 1, 255]
    assert all(reading.to_bri(reading.from_bri(each)) == each for each in range(1, 255))


def test_a_lamp_that_knows_hue_and_saturation_only() -> None:
    """As some of other makes do."""
    told = {"state": {"on": True, "bri": 254, "hue": 21_845, "sat": 254, "colormode": "hs"}}
    values = reading.light("1", told).values
    assert values["supported_color_modes"] == {"hs"}
    assert (values["color_mode"], values["hs_color"]) == ("hs", (120.0, 100.0))


@pytest.mark.parametrize("ct", [{"min": 153, "max": 65_535}, {"min": 0, "max": 0}, {"min": "x"}, None, 5])
def test_a_lamp_whose_range_makes_no_sense_has_the_usual_one(ct: Any) -> None:
    """Firmware of some lamps tells 65535."""
    values = reading.light("1", {"state": {"on": True, "ct": 300}, "capabilities": {"control": {"ct": ct}}}).values
    assert (values["min_color_temp_kelvin"], values["max_color_temp_kelvin"]) == (2000, 6535)


def test_rooms_and_zones_are_shown_other_groups_are_not() -> None:
    """Nor are those without lamps."""
    told = {"name": "Upstairs", "lights": ["1"], "action": {"on": True, "bri": 254}, "state": {"any_on": False}}
    zone = reading.group("5", {**told, "type": "Zone"})
    assert zone is not None and zone.path == "groups/5/action"
    assert (zone.values["is_on"], zone.values["supported_color_modes"]) == (False, {"brightness"})
    for other in ({"type": "LightGroup"}, {"type": "Entertainment"}, {"type": "Room", "lights": []}, {"type": 5}):
        assert reading.group("5", {**told, **other}) is None


def test_sensors_that_exist_in_the_bridge_only_are_left_out() -> None:
    """Daylight, and what apps store there."""
    for kind in ("Daylight", "CLIPGenericStatus", "Geofence", 5, None):
        assert reading.sensor("1", {"type": kind, "state": {}, "config": {"battery": 5}}) == []


@pytest.mark.parametrize(
    ("params", "body"),
    [
        ({"brightness": 255}, {"on": True, "bri": 254}),
        ({"xy_color": (0.31, 1.2)}, {"on": True, "xy": [0.31, 1.0]}),
        ({"hs_color": (360, 100)}, {"on": True, "hue": 65_535, "sat": 254}),
        ({"color_temp_kelvin": 2700, "transition": 0.4}, {"on": True, "ct": 370, "transitiontime": 4}),
        ({"transition": 6553.9}, {"on": True, "transitiontime": 65_535}),
        ({"flash": "short"}, {"on": True, "alert": "select"}),
        ({"effect": "something"}, {"on": True, "effect": "none"}),
    ],
)
def test_commands_are_in_the_bridges_units(params: dict[str, Any], body: dict[str, Any]) -> None:
    """Tenths of seconds, mireds, 254 steps."""
    assert reading.command(True, params) == body


@pytest.mark.parametrize("key", ["", "a/b", "../x", "a b", "a" * 65, "ä", "a\n"])
def test_a_key_cannot_be_a_path(key: str) -> None:
    """It becomes part of one."""
    with pytest.raises(InvalidRequest):
        HueApi(CLIENT, key)
