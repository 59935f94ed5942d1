"""Valves: water, gas."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._validators import percentage
from marge.domains._virtual import Rule, flip, keep, to, virtual
from marge.entities import Domain, Entity

OPEN, CLOSE, SET_POSITION, STOP = 1, 2, 4, 8


class ValveEntity(Entity):
    """A valve that somebody owns. Owners override `open_valve()`, `close_valve()`, `set_valve_position(position)`,
    `stop_valve()`.

    Attributes:
        reports_position: then `current_position` (0-100) says whether it is closed, else `is_closed` does.
    """

    domain = "valve"
    is_closed: bool | None = None
    is_opening: bool | None = None
    is_closing: bool | None = None
    reports_position: bool = False
    current_position: int | None = None
    supported_features: int = 0

    def open_valve(self) -> Any:
        self._assume(100)

    def close_valve(self) -> Any:
        self._assume(0)

    def set_valve_position(self, position: int) -> Any:
        self._assume(position)

    def stop_valve(self) -> Any:
        self.is_opening = self.is_closing = False

    def toggle(self) -> Any:
        return self.open_valve() if self._is_shut else self.close_valve()

    def _assume(self, position: int) -> None:
        self.is_closed, self.is_opening, self.is_closing = position == 0, False, False
        if self.reports_position:
            self.current_position = position

    @property
    def _is_shut(self) -> bool | None:
        if not self.reports_position:
            return self.is_closed
        return None if self.current_position is None else self.current_position == 0

    def state_value(self) -> str | None:
        if self.is_opening:
            return "opening"
        if self.is_closing:
            return "closing"
        shut = self._is_shut
        if shut is None:
            return None
        return "closed" if shut else "open"

    def state_attributes(self) -> dict[str, Any]:
        return {"current_position": self.current_position} if self.reports_position else {}


DOMAIN = Domain(
    "valve",
    services={
        "open_valve": service("valve", "open_valve", "open_valve", "Opens valves.", features=OPEN),
        "close_valve": service("valve", "close_valve", "close_valve", "Closes valves.", features=CLOSE),
        "toggle": service("valve", "toggle", "toggle", "Opens closed valves, closes open ones.", features=OPEN | CLOSE),
        "set_valve_position": service(
            "valve", "set_valve_position", "set_valve_position", "Opens valves partly.",
            {vol.Required("position"): percentage}, SET_POSITION,
        ),
        "stop_valve": service("valve", "stop_valve", "stop_valve", "Stops valves where they are.", features=STOP),
    },
    entity=ValveEntity,
    virtual=virtual(
        {
            "open_valve": to("open"),
            "close_valve": to("closed"),
            "toggle": flip("open", "closed"),
            "set_valve_position": Rule(otherwise="open", copy={"position": "current_position"}),
            "stop_valve": keep("open"),
        }
    ),
)  # fmt: skip
