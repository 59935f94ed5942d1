"""Dimmable lamps: plain, with white tones, with colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import Binary, Choice, Colour, Field, Numeric

BRIGHTNESS_MAX = 254
"""The Zigbee level cluster ends at 254, not at 255."""
MIREDS_MIN, MIREDS_MAX = 153, 500

DIMMABLE = Model("IKEA", "LED1836G9", "TRADFRI bulb E26/E27, warm white, globe, opal, 806 lm", mains=True)
WHITE_TONES = Model("IKEA", "LED1732G11", "TRADFRI bulb E27, white spectrum, opal, 1000 lm", mains=True)
COLOURED = Model("Philips", "9290012573A", "Hue white and color ambiance E26/E27/E14", mains=True)

EFFECTS = ("blink", "breathe", "okay", "channel_change", "finish_effect", "stop_effect")


class Light(Device):
    """A lamp. `model` decides whether it knows white tones and colours. It remembers its level while it is off."""

    component = "light"
    composite = "light"

    def __init__(self, label: Label, model: Model, color_temp: int = 370) -> None:
        self.white_tones = model in (WHITE_TONES, COLOURED)
        self.coloured = model is COLOURED
        fields: dict[str, Field] = {
            "state": Binary(on="ON", off="OFF", toggle="TOGGLE", settable=True, description="On or off"),
            "brightness": Numeric(
                minimum=0, maximum=BRIGHTNESS_MAX, settable=True, description="Brightness of this light"
            ),
            "transition": Numeric(
                minimum=0,
                maximum=300,
                digits=1,
                settable=True,
                reported=False,
                description="Accepted; the simulated lamp changes at once",
            ),
            "effect": Choice(
                values=EFFECTS, settable=True, reported=False, description="A show without lasting effect"
            ),
        }
        initial: dict[str, Any] = {"state": "OFF", "brightness": BRIGHTNESS_MAX}
        if self.white_tones:
            fields["color_temp"] = Numeric(
                minimum=MIREDS_MIN,
                maximum=MIREDS_MAX,
                unit="mired",
                settable=True,
                description="Colour temperature of this light",
            )
            fields["color_mode"] = Choice(values=("color_temp", "xy"), description="Which of both is shown")
            initial |= {"color_temp": color_temp, "color_mode": "color_temp"}
        if self.coloured:
            fields["color"] = Colour(settable=True, description="Colour of this light in CIE 1931 xy")
            initial["color"] = {"x": 0.4578, "y": 0.4101}
        super().__init__(label, model, fields, initial)

    def apply(self, accepted: Mapping[str, Any]) -> None:
        change = dict(accepted)
        for passing in ("transition", "effect"):
            change.pop(passing, None)
        if change.get("brightness") == 0:
            # Level 0 means off; the level to come back to stays what it was.
            del change["brightness"]
            change.setdefault("state", "OFF")
        elif "brightness" in change:
            change.setdefault("state", "ON")
        if "color_temp" in change:
            change.setdefault("color_mode", "color_temp")
        elif "color" in change:
            change.setdefault("color_mode", "xy")
        self.state.update(change)

    def announcement(self, topics: Topics) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "schema": "json",
            "brightness": True,
            "brightness_scale": BRIGHTNESS_MAX,
            "command_topic": topics.set,
            "effect": True,
            "effect_list": list(EFFECTS),
            "supported_color_modes": ["brightness"],
        }
        if self.white_tones:
            modes = ["xy", "color_temp"] if self.coloured else ["color_temp"]
            payload |= {"supported_color_modes": modes, "min_mireds": MIREDS_MIN, "max_mireds": MIREDS_MAX}
        return payload
