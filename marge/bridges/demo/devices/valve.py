"""Valves that need two seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.actors import Future
from marge.bridges.demo.item import Item, with_fields
from marge.bridges.demo.later import SlowEntity
from marge.domains.valve import CLOSE, OPEN, ValveEntity

if TYPE_CHECKING:
    from marge.home import Home

TURN_S = 2.0


class DemoValve(SlowEntity, ValveEntity):
    supported_features: int = OPEN | CLOSE

    def interrupted(self) -> None:
        self.stop_valve()

    def open_valve(self) -> Future:
        self.is_opening, self.is_closing = True, False
        return self.slowly(TURN_S, lambda: self._assume(100))

    def close_valve(self) -> Future:
        self.is_opening, self.is_closing = False, True
        return self.slowly(TURN_S, lambda: self._assume(0))


def items(home: Home) -> Iterator[Item]:
    for name, is_closed in (("Front Garden", False), ("Orchard", True)):
        valve = with_fields(DemoValve(), is_closed=is_closed)
        valve.home = home
        yield Item(f"valve.{name.lower().replace(' ', '_')}", valve, name)
