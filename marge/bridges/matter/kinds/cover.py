"""Blinds, curtains, awnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.bridges.matter.entity import Call, Fields, Kind, MatterEntity
from marge.bridges.matter.node import WINDOW_COVERING, Endpoint
from marge.domains import cover
from marge.domains.cover import CoverEntity

if TYPE_CHECKING:
    from marge.home import Home

_TYPE, _MOVES, _LIFT, _TILT = 0, 10, 14, 15
_HAS_LIFT, _HAS_TILT, _KNOWS_LIFT, _KNOWS_TILT = 1, 2, 4, 16
_CLASSES = {4: "curtain", 5: "awning", 6: "shutter", 7: "blind", 8: "blind"}
_CLOSED = 10_000
"""Matter counts hundredths of percents of being closed."""


class MatterCover(MatterEntity, CoverEntity):
    """Positions are percents of being open."""

    def open_cover(self) -> Any:
        return self.ask(Call(WINDOW_COVERING, "UpOrOpen"))

    def close_cover(self) -> Any:
        return self.ask(Call(WINDOW_COVERING, "DownOrClose"))

    def stop_cover(self) -> Any:
        return self.ask(Call(WINDOW_COVERING, "StopMotion"))

    def set_cover_position(self, position: int) -> Any:
        payload = {"liftPercent100thsValue": (100 - position) * 100}
        return self.ask(Call(WINDOW_COVERING, "GoToLiftPercentage", payload))

    def open_cover_tilt(self) -> Any:
        return self.set_cover_tilt_position(100)

    def close_cover_tilt(self) -> Any:
        return self.set_cover_tilt_position(0)

    def set_cover_tilt_position(self, tilt_position: int) -> Any:
        payload = {"tiltPercent100thsValue": (100 - tilt_position) * 100}
        return self.ask(Call(WINDOW_COVERING, "GoToTiltPercentage", payload))


def _make(_home: Home, endpoint: Endpoint) -> MatterCover:
    found = MatterCover()
    bits = endpoint.features(WINDOW_COVERING)
    found.supported_features = cover.OPEN | cover.CLOSE | cover.STOP
    if bits & _KNOWS_LIFT:
        found.supported_features |= cover.SET_POSITION
    if bits & _HAS_TILT and bits & _KNOWS_TILT:
        found.supported_features |= cover.OPEN_TILT | cover.CLOSE_TILT | cover.SET_TILT_POSITION
    found.device_class = _CLASSES.get(endpoint.integer(WINDOW_COVERING, _TYPE) or 0, "shade")
    return found


def _fields(endpoint: Endpoint) -> Fields:
    position, tilt = _percent(endpoint, _LIFT), _percent(endpoint, _TILT)
    moves = (endpoint.integer(WINDOW_COVERING, _MOVES) or 0) & 0b11
    known = position if position is not None else tilt
    return {
        "current_position": position, "current_tilt_position": tilt,
        "is_closed": None if known is None else known == 0,
        "is_opening": moves == 1, "is_closing": moves == 2,
    }  # fmt: skip


def _percent(endpoint: Endpoint, attribute: int) -> int | None:
    value = endpoint.integer(WINDOW_COVERING, attribute)
    return None if value is None or not 0 <= value <= _CLOSED else 100 - value // 100


KINDS = (Kind(frozenset({514}), _make, _fields),)
