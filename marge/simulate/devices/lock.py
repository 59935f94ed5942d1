"""Door locks with a motor and a battery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import Binary, Numeric

BOLT = Model("Yale", "YRD226HA2619", "Assure lock", mains=False)


class Lock(Device):
    """A bolt with a motor that cannot throw it while it is `obstructed` (the door stands ajar)."""

    component = "lock"
    composite = "lock"
    echo_s = 0.06

    def __init__(self, label: Label) -> None:
        fields = {
            "state": Binary(on="LOCK", off="UNLOCK", settable=True, description="Locked or unlocked"),
            "battery": Numeric(minimum=0, maximum=100, unit="%", description="Remaining battery"),
            "obstructed": Binary(reported=False, description="The bolt cannot move out"),
        }
        super().__init__(label, BOLT, fields, {"state": "LOCK", "battery": 94, "obstructed": False})

    def apply(self, accepted: Mapping[str, Any]) -> None:
        change = dict(accepted)
        if self.state["obstructed"] and change.get("state") == "LOCK":
            del change["state"]
        super().apply(change)

    def operate(self, accepted: Mapping[str, Any]) -> None:
        self.state.update(accepted)

    def exposes(self) -> list[dict[str, Any]]:
        return [
            {"type": "lock", "features": [self.fields["state"].expose("state")]},
            self.fields["battery"].expose("battery"),
        ]

    def announcement(self, topics: Topics) -> dict[str, Any]:
        return {
            "command_topic": topics.set,
            "payload_lock": "LOCK",
            "payload_unlock": "UNLOCK",
            "state_locked": "LOCK",
            "state_unlocked": "UNLOCK",
            "value_template": "{{ value_json.state }}",
        }
