"""What a light is asked for and what it gets, for any kind of light."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marge.domains.light import DOMAIN, LightEntity

BYTE = st.integers(0, 255)
COLOR_MODES = ("onoff", "brightness", "color_temp", "hs", "xy", "rgb", "rgbw", "rgbww", "white")
KEY_OF_MODE = {
    "color_temp": "color_temp_kelvin", "hs": "hs_color", "xy": "xy_color", "rgb": "rgb_color",
    "rgbw": "rgbw_color", "rgbww": "rgbww_color", "white": "white",
}  # fmt: skip
ASKED: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"hs_color": st.tuples(st.floats(0, 360), st.floats(0, 100))}),
    st.fixed_dictionaries({"xy_color": st.tuples(st.floats(0, 1), st.floats(0, 1))}),
    st.fixed_dictionaries({"rgb_color": st.tuples(BYTE, BYTE, BYTE)}),
    st.fixed_dictionaries({"rgbw_color": st.tuples(BYTE, BYTE, BYTE, BYTE)}),
    st.fixed_dictionaries({"rgbww_color": st.tuples(BYTE, BYTE, BYTE, BYTE, BYTE)}),
    st.fixed_dictionaries({"color_temp_kelvin": st.integers(0, 100_000)}),
    st.fixed_dictionaries({"color_temp": st.integers(1, 10_000)}),
    st.fixed_dictionaries({"color_name": st.text(max_size=10)}),
    st.fixed_dictionaries({"white": st.one_of(st.just(True), BYTE)}),
    st.just({}),
)
BRIGHTNESS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"brightness": BYTE}),
    st.fixed_dictionaries({"brightness_pct": st.floats(0, 100)}),
    st.fixed_dictionaries({"brightness_step": st.integers(-255, 255)}),
    st.fixed_dictionaries({"brightness_step_pct": st.floats(-100, 100)}),
)


class Lamp(LightEntity):
    """Remembers what it was told."""

    def __init__(self, *modes: str, **fields: Any) -> None:
        self.supported_color_modes = frozenset(modes)
        self.told: list[tuple[str, dict[str, Any]]] = []
        for field, value in fields.items():
            setattr(self, field, value)

    def turn_on(self, **params: Any) -> None:
        self.told.append(("on", params))
        super().turn_on(**params)

    def turn_off(self, **params: Any) -> None:
        self.told.append(("off", params))
        super().turn_off(**params)


@given(st.sets(st.sampled_from(COLOR_MODES), min_size=1), ASKED, BRIGHTNESS, st.booleans())
def test_a_light_gets_only_what_it_supports(modes, asked, brightness, is_on):
    """Whatever is asked, the owner sees its own colour space, brightness 1-255 where it has one, and can be shown."""
    lamp = Lamp(*modes, is_on=is_on, brightness=100)
    lamp.handle_turn_on(**asked, **brightness)
    word, params = lamp.told[-1]
    allowed = {KEY_OF_MODE[mode] for mode in modes if mode in KEY_OF_MODE}
    if modes - {"onoff"}:
        allowed.add("brightness")

    assert set(params) <= allowed
    assert word == "off" or params.get("brightness", 1) > 0
    state, attributes = lamp.shown()
    assert state in ("on", "off")
    if state == "off":
        changing = ("color_mode", "brightness", "hs_color", "rgb_color", "color_temp")
        assert all(attributes.get(key) is None for key in changing)


def test_colours_reach_a_white_only_lamp_as_a_temperature():
    """A lamp with nothing but whites takes the white nearest to the colour."""
    lamp = Lamp("color_temp", is_on=False)
    lamp.handle_turn_on(rgb_color=(255, 180, 107))
    assert 2000 <= lamp.told[-1][1]["color_temp_kelvin"] <= 3500


def test_steps_count_from_dark_when_it_is_off():
    """The brightness that a lamp had before it was turned off is no base for steps."""
    lamp = Lamp("brightness", is_on=False, brightness=200)
    lamp.handle_turn_on(brightness_step=20)
    assert lamp.told == [("on", {"brightness": 20})]


def test_dimming_to_nothing_turns_off():
    """Brightness 0, however it comes about, is off."""
    lamp = Lamp("brightness", is_on=True, brightness=20, supported_features=32)
    lamp.handle_turn_on(brightness_step=-50, transition=2)
    assert lamp.told == [("off", {"transition": 2})]


def test_white_takes_the_brightness():
    """`white: true` keeps the brightness, `white` with a brightness is that bright."""
    lamp = Lamp("rgb", "white", is_on=True, brightness=77)
    lamp.handle_turn_on(white=True)
    lamp.handle_turn_on(white=True, brightness=5)
    assert [params for _, params in lamp.told] == [{"white": 77}, {"white": 5}]
    assert lamp.shown()[1]["color_mode"] == "white"


def test_what_is_shown_follows_what_the_light_can_do():
    """Also when that changes while it lives, in the owner's own set; the list is the same one until then."""
    lamp = Lamp()
    lamp.supported_color_modes = modes = {"hs"}
    lamp.is_on, lamp.color_mode, lamp.hs_color, lamp.brightness = True, "hs", (120.0, 50.0), 7
    _, first = lamp.shown()
    _, second = lamp.shown()
    modes.add("rgbw")
    _, third = lamp.shown()
    lamp.is_on = False
    _, dark = lamp.shown()

    assert first["supported_color_modes"] is second["supported_color_modes"]
    assert (first["supported_color_modes"], third["supported_color_modes"]) == (["hs"], ["hs", "rgbw"])
    assert first["hs_color"] == third["hs_color"] == (120.0, 50.0)
    assert "rgbw_color" not in first and third["rgbw_color"] is None
    assert [dark[key] for key in ("brightness", "hs_color", "rgb_color", "xy_color", "rgbw_color")] == [None] * 5


def test_every_service_has_words_and_fields():
    """What the frontend shows of a light's services."""
    turn_on = DOMAIN.services["turn_on"]
    assert turn_on.description
    names = turn_on.fields["advanced_fields"]["fields"]["color_name"]["selector"]["select"]["options"]
    assert names[0] == "homeassistant"
    assert turn_on.fields["brightness_pct"]["selector"]["number"]["max"] == 100
