"""Covers that travel: a tenth of the way a second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.bridges.demo.later import SlowEntity
from marge.domains.cover import CoverEntity

if TYPE_CHECKING:
    from marge.home import Home

STEP, STEP_S = 10, 1.0
COAST_S = 0.5
"""From the stop until it stands: motors do not stand at once."""


class DemoCover(SlowEntity, CoverEntity):
    """Without a position it is at its end at once, as a device that does not tell would be assumed to be."""

    target: int | None = None
    tilt_target: int | None = None

    def interrupted(self) -> None:
        self._stand()
        self.tilt_target = None

    # -- the way up and down -----------------------------------------------------------------------------------------

    def open_cover(self) -> None:
        if self.current_position is None:
            super().open_cover()
        else:
            self.is_opening, self.is_closing = True, False
            self._go(100)

    def close_cover(self) -> None:
        if self.current_position is None:
            super().close_cover()
        else:
            self.is_opening, self.is_closing = False, True
            self._go(0)

    def set_cover_position(self, position: int) -> None:
        self._go(round(position, -1))

    def stop_cover(self) -> None:
        self.target = None
        self.later(COAST_S, self._step)

    def _stand(self) -> None:
        self.is_opening = self.is_closing = False
        self.target = None

    def _go(self, target: int) -> None:
        self.target = target
        self.later(STEP_S, self._step)

    # -- slats -------------------------------------------------------------------------------------------------------

    def open_cover_tilt(self) -> None:
        self._tilt(100)

    def close_cover_tilt(self) -> None:
        self._tilt(0)

    def set_cover_tilt_position(self, tilt_position: int) -> None:
        self._tilt(round(tilt_position, -1))

    def stop_cover_tilt(self) -> None:
        self.tilt_target = None

    def _tilt(self, target: int) -> None:
        self.tilt_target = target
        self.later(STEP_S, self._step)

    # -- both --------------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        if self.target is not None and self.current_position is not None:
            self.current_position = _nearer(self.current_position, self.target)
            self.is_closed = self.current_position <= 0
            if self.current_position == self.target:
                self._stand()
        elif self.target is None:
            self._stand()
        if self.tilt_target is not None and self.current_tilt_position is not None:
            self.current_tilt_position = _nearer(self.current_tilt_position, self.tilt_target)
            if self.current_tilt_position == self.tilt_target:
                self.tilt_target = None
        if self.target is not None or self.tilt_target is not None:
            self.later(STEP_S, self._step)


def _nearer(present: int, target: int) -> int:
    """One step on the way."""
    return min(present + STEP, target) if target > present else max(present - STEP, target)


# name, unique id, what it shows; features are those of `marge.domains.cover`
_COVERS = (
    ("Kitchen Window", "cover_1", {"is_closed": True, "supported_features": 11}),
    ("Hall Window", "cover_2", {"is_closed": False, "current_position": 10, "supported_features": 15}),
    ("Living Room Window", "cover_3",
     {"is_closed": False, "current_position": 70, "current_tilt_position": 50, "supported_features": 255}),
    ("Garage Door", "cover_4", {"is_closed": True, "device_class": "garage", "supported_features": 3}),
    ("Pergola Roof", "cover_5", {"is_closed": True, "current_tilt_position": 60, "supported_features": 240}),
)  # fmt: skip


def items(home: Home) -> Iterator[Item]:
    for name, unique_id, shown in _COVERS:
        cover = with_fields(DemoCover(), **shown)
        cover.home = home
        yield of_device(f"cover.{name.lower().replace(' ', '_')}", cover, name, unique_id)
