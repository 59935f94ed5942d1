"""What simulated Shellys of both generations have inside: relays, lamps, a blind that takes its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

FULL_WAY_S = 10.0
"""A blind's way from shut to open."""
AGE_S = 100_000.0
"""How long the devices have been running when they are switched on here."""


@dataclass
class Relay:
    """A contact with a meter. `load_w`: what it takes while it is on; `wh`: what it has taken so far."""

    is_on: bool = False
    load_w: float = 0.0
    wh: float = 0.0
    source: str = "init"

    @property
    def power(self) -> float:
        return self.load_w if self.is_on else 0.0


@dataclass
class Lamp(Relay):
    """Brightness, white: 0-100, rgb: 0-255, ct: kelvin; which of them it has is its model's business."""

    brightness: int = 100
    white: int = 0
    rgb: tuple[int, int, int] = (255, 255, 255)
    ct: int = 3000
    is_white: bool = False
    transition_s: float = 0.0


@dataclass
class Blind:
    """Runs for ten seconds from end to end. `position`: 0 is shut."""

    clock: Callable[[], float] = time.monotonic
    load_w: float = 90.0
    wh: float = 0.0
    last_way: str = "stop"
    source: str = "init"
    _from: float = 0.0
    _to: float = 0.0
    _since: float = field(default=0.0)

    @property
    def position(self) -> int:
        way = self._to - self._from
        gone = (self.clock() - self._since) * 100 / FULL_WAY_S
        if gone >= abs(way):
            return round(self._to)
        return round(self._from + (gone if way > 0 else -gone))

    @property
    def moves(self) -> str | None:
        """`open` or `close`; None: it stands."""
        if self.position == round(self._to):
            return None
        return "open" if self._to > self._from else "close"

    @property
    def power(self) -> float:
        return self.load_w if self.moves else 0.0

    def go(self, position: float) -> None:
        """Run there."""
        start = self.position
        self._from, self._to, self._since = start, min(max(position, 0.0), 100.0), self.clock()
        if self._to != start:
            self.last_way = "open" if self._to > start else "close"

    def stop(self) -> None:
        """Stand still."""
        here = self.position
        self._from = self._to = here


def mac_of(generation: int, number: int) -> str:
    """Twelve hex digits, upper case, as the devices write it."""
    return f"A8032A{generation:02X}{number:04X}"
