"""Virtual entities: the table of what services do to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.entities import load_domains
from marge.model import Context, State
from tests.domains.home import running_home

DOMAINS = load_domains()

TABLE = [
    # domain, service, data, state before, state after, attributes that changed
    ("light", "turn_on", {"brightness": 51.5, "color_temp": 400, "nope": 1}, "off", "on",
     {"brightness": 51.5, "color_temp": 400}),
    ("light", "turn_on", {"brightness_pct": 50}, "off", "on", {"brightness": 128}),
    ("light", "turn_on", {"rgb_color": [255, 147, 41]}, "on", "on", {"rgb_color": [255, 147, 41]}),
    ("light", "turn_off", {}, "on", "off", {}),
    ("light", "toggle", {}, "on", "off", {}),
    ("switch", "toggle", {}, "off", "on", {}),
    ("siren", "turn_on", {}, "off", "on", {}),
    ("remote", "send_command", {"command": "up"}, "off", "off", {"last_command": "up"}),
    ("lock", "open", {}, "locked", "open", {}),
    ("lock", "unlock", {"code": "1"}, "locked", "unlocked", {}),
    ("climate", "set_temperature", {"temperature": 70}, "cool", "cool", {"temperature": 70}),
    ("climate", "set_temperature", {"temperature": 70}, None, "heat", {"temperature": 70}),
    ("climate", "set_hvac_mode", {"hvac_mode": "dry"}, "cool", "dry", {}),
    ("climate", "set_hvac_mode", {}, "cool", "off", {}),
    ("climate", "turn_on", {}, "off", "on", {}),
    ("alarm_control_panel", "arm_night", {}, "disarmed", "armed_night", {}),
    ("alarm_control_panel", "alarm_arm_vacation", {"code": "1"}, "disarmed", "armed_vacation", {}),
    ("alarm_control_panel", "alarm_disarm", {}, "armed_home", "disarmed", {}),
    ("alarm_control_panel", "trigger", {}, "armed_home", "triggered", {}),
    ("cover", "open_cover", {}, "closed", "open", {"current_position": 100}),
    ("cover", "toggle", {}, "open", "closed", {"current_position": 0}),
    ("cover", "set_cover_position", {"position": 40}, "closed", "open", {"current_position": 40}),
    ("cover", "set_cover_position", {"position": 0}, "open", "closed", {"current_position": 0}),
    ("cover", "stop_cover", {}, "opening", "opening", {}),
    ("fan", "turn_on", {"percentage": 30}, "off", "on", {"percentage": 30}),
    ("fan", "set_percentage", {"percentage": 0}, "on", "off", {"percentage": 0}),
    ("fan", "set_direction", {"direction": "reverse"}, "off", "off", {"direction": "reverse"}),
    ("media_player", "turn_on", {"source": "Music"}, "off", "on", {"source": "Music"}),
    ("media_player", "media_pause", {}, "playing", "paused", {}),
    ("media_player", "media_next_track", {}, None, "playing", {}),
    ("media_player", "volume_set", {"volume_level": 0.3}, "playing", "playing", {"volume_level": 0.3}),
    ("media_player", "play_media", {"media_content_id": "x", "media_content_type": "y"}, "off", "playing",
     {"media_content_id": "x", "media_content_type": "y"}),
    ("number", "set_value", {"value": 75}, "1", "75", {}),
    ("number", "set_value", {"value": 42.5}, "1", "42.5", {}),
    ("input_number", "set_value", {"value": -10}, "1", "-10", {}),
    ("input_text", "set_value", {"value": ""}, "x", "", {}),
    ("text", "set_value", {"value": "y"}, "x", "y", {}),
    ("select", "select_option", {"option": "zzz"}, "x", "zzz", {}),
    ("input_select", "select_option", {"option": ""}, "x", "", {}),
    ("input_datetime", "set_datetime", {"date": "2026-01-01", "time": "10:00"}, "x", "2026-01-01", {}),
    ("button", "press", {}, "unknown", "unknown", {}),
    ("vacuum", "return_to_base", {}, "cleaning", "returning", {}),
    ("valve", "toggle", {}, "open", "closed", {}),
    ("lawn_mower", "dock", {}, "mowing", "docked", {}),
    ("humidifier", "set_humidity", {"humidity": 44}, "on", "on", {"humidity": 44}),
    ("water_heater", "turn_on", {}, "off", "eco", {}),
    ("water_heater", "set_operation_mode", {"operation_mode": "gas"}, "eco", "gas", {}),
    ("camera", "enable_motion_detection", {}, "idle", "idle", {"motion_detection": True}),
    ("timer", "start", {}, "idle", "active", {}),
    ("timer", "finish", {}, "active", "idle", {}),
    ("counter", "increment", {}, "4", "5", {}),
    ("counter", "decrement", {}, "what", "-1", {}),
    ("update", "install", {}, "on", "installing", {}),
    ("notify", "send_message", {"message": "x"}, "unknown", "unknown", {}),
]  # fmt: skip


def behaviour(domain):
    virtual = DOMAINS[domain].virtual
    assert virtual is not None
    return virtual


def state_of(domain, state, **attributes):
    return None if state is None else State(f"{domain}.x", state, attributes, 0.0, 0.0, 0.0, Context.new())


@pytest.mark.parametrize(("domain", "service", "data", "before", "after", "changes"), TABLE)
def test_the_table(domain, service, data, before, after, changes):
    """Each row of the native table does what it says."""
    assert behaviour(domain)(service, state_of(domain, before), data) == (after, changes)


def test_unknown_services_are_left_to_the_default():
    """A service that the table does not have is not answered here. Scripts stay as they are whatever is called."""
    for name, domain in DOMAINS.items():
        if domain.virtual is not None and name != "script":
            assert domain.virtual("no_such_service", None, {}) is None


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
FIELDS = ("value", "option", "position", "percentage", "brightness_pct", "hvac_mode", "date", "cycle", "command",
          "operation_mode", "option")  # fmt: skip


@given(
    st.sampled_from([(d.name, s) for d in DOMAINS.values() if d.virtual is not None for s in d.services]),
    st.dictionaries(st.sampled_from(FIELDS), ANY_JSON),
    st.none() | st.text(max_size=6),
    st.dictionaries(st.sampled_from(("min", "max", "step", "minimum", "maximum", "options", "initial")), ANY_JSON),
)
def test_nothing_that_is_sent_makes_a_virtual_entity_fail(which, data, before, attributes):
    """Any values, any state: a text comes out, or nothing."""
    domain, service = which
    change = behaviour(domain)(service, state_of(domain, before, **attributes), data)
    assert change is None or isinstance(change[0], str)


def test_limits_that_the_entity_states_are_kept():
    """A counter and a number with limits stay within them, and no call is refused."""
    counter = behaviour("counter")
    assert counter("increment", state_of("counter", "9", step=3, maximum=10), {}) == ("10", {})
    assert counter("reset", state_of("counter", "9", initial=4), {}) == ("4", {})
    number = behaviour("number")
    assert number("set_value", state_of("number", "1", min=0, max=10), {"value": 99}) == ("10", {})


@given(st.integers(0, 20))
def test_toggles_in_a_row_end_where_they_began(times):
    """An even number of toggles changes nothing."""
    state = "off"
    for _ in range(times * 2):
        change = behaviour("light")("toggle", state_of("light", state), {})
        assert change is not None
        state = change[0]
    assert state == "off"


def test_a_call_keeps_the_other_attributes():
    """A virtual light's name and colours stay when it is turned off, through the whole stack."""
    with running_home() as home:
        home.write("light.porch", "on", friendly_name="Porch", brightness=51)
        assert home.call("light.turn_off", entity_id="light.porch") == ["light.porch"]
        state = home.state("light.porch")
        assert (state.state, dict(state.attributes)) == ("off", {"friendly_name": "Porch", "brightness": 51})
