"""Fans with three speeds, presets, or both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item, with_fields
from marge.domains.fan import DIRECTION, OSCILLATE, PRESET_MODE, SET_SPEED, TURN_OFF, TURN_ON, FanEntity

if TYPE_CHECKING:
    from marge.home import Home

USUAL_PERCENTAGE = 67
_FULL = SET_SPEED | OSCILLATE | DIRECTION | TURN_OFF | TURN_ON
_LIMITED = SET_SPEED | TURN_OFF | TURN_ON
_PRESETS = ["auto", "smart", "sleep", "on"]


class DemoFan(FanEntity):
    """`stands_still`: turned off, it does not swing either."""

    is_on: bool | None = False
    speed_count: int = 3
    stands_still: bool = False

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> None:
        if not self.supported_features & SET_SPEED:
            percentage = None
        elif preset_mode is None and percentage is None:
            percentage = USUAL_PERCENTAGE
        super().turn_on(percentage, preset_mode)

    def turn_off(self, **_more: Any) -> None:
        if self.stands_still and self.supported_features & OSCILLATE:
            self.oscillating = False
            self.write()  # it tells that first
        super().turn_off()


# name, unique id, features, presets, stands still
_FANS = (
    ("Living Room Fan", "fan1", _FULL, _PRESETS, False),
    ("Ceiling Fan", "fan2", _LIMITED, None, False),
    ("Percentage Full Fan", "fan3", _FULL, _PRESETS, True),
    ("Percentage Limited Fan", "fan4", _LIMITED, _PRESETS, True),
    ("Preset Only Limited Fan", "fan5", PRESET_MODE | TURN_OFF | TURN_ON, _PRESETS, True),
)


def items(home: Home) -> Iterator[Item]:
    for name, unique_id, features, presets, stands_still in _FANS:
        full = features == _FULL
        fan = with_fields(
            DemoFan(), supported_features=features, preset_modes=presets, stands_still=stands_still,
            oscillating=False if full else None, current_direction="forward" if full else None,
        )  # fmt: skip
        entity_id = f"fan.{name.lower().replace(' ', '_')}"
        facts = {"translation_key": "demo"}
        yield Item(entity_id, fan, name, unique_id, facts=facts)
