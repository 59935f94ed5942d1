"""Plugs in the wall."""

from __future__ import annotations

from typing import Any

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import Binary

PLUG = Model("Innr", "SP 224", "Smart plug", mains=True)


class Switch(Device):
    """Something that is on or off."""

    component = "switch"
    composite = "switch"

    def __init__(self, label: Label, model: Model = PLUG) -> None:
        state = Binary(on="ON", off="OFF", toggle="TOGGLE", settable=True, description="On or off")
        super().__init__(label, model, {"state": state}, {"state": "OFF"})

    def announcement(self, topics: Topics) -> dict[str, Any]:
        return {
            "command_topic": topics.set,
            "payload_on": "ON",
            "payload_off": "OFF",
            "value_template": "{{ value_json.state }}",
        }
