"""Covers: blinds, garage doors, awnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._units import finite
from marge.domains._validators import percentage
from marge.domains._virtual import Rule, keep, to, virtual
from marge.entities import Domain, Entity
from marge.model import State

OPEN, CLOSE, SET_POSITION, STOP = 1, 2, 4, 8
OPEN_TILT, CLOSE_TILT, STOP_TILT, SET_TILT_POSITION = 16, 32, 64, 128


class CoverEntity(Entity):
    """A cover that somebody owns. Owners override `open_cover()`, `close_cover()`, `stop_cover()`,
    `set_cover_position(position)` and the same for tilts; the base's assume that it happened.

    Attributes:
        is_closed: None is unknown. is_opening, is_closing: it moves.
        current_position, current_tilt_position: 0 is closed, 100 is open.
        supported_features: the constants of this module.
    """

    domain = "cover"
    is_closed: bool | None = None
    is_opening: bool | None = None
    is_closing: bool | None = None
    current_position: int | None = None
    current_tilt_position: int | None = None
    supported_features: int = 0
    _last_way_was_up = True

    # -- for owners --------------------------------------------------------------------------------------------------

    def open_cover(self) -> Any:
        self._assume(100)

    def close_cover(self) -> Any:
        self._assume(0)

    def stop_cover(self) -> Any:
        self.is_opening = self.is_closing = False

    def set_cover_position(self, position: int) -> Any:
        self._assume(position)

    def open_cover_tilt(self) -> Any:
        self.current_tilt_position = 100

    def close_cover_tilt(self) -> Any:
        self.current_tilt_position = 0

    def stop_cover_tilt(self) -> Any:
        """Nothing to assume."""

    def set_cover_tilt_position(self, tilt_position: int) -> Any:
        self.current_tilt_position = tilt_position

    def _assume(self, position: int) -> None:
        self.is_closed = position == 0
        self.is_opening = self.is_closing = False
        if self.supported_features & SET_POSITION:
            self.current_position = position

    # -- commands ----------------------------------------------------------------------------------------------------

    def toggle(self) -> Any:
        """A moving cover stops; one that stands half open goes the other way than last."""
        if self.supported_features & STOP and (self.is_opening or self.is_closing):
            return self.stop_cover()
        if self.is_closed or self.is_closing:
            return self.open_cover()
        fully_open = self.current_position is not None and self.current_position >= 100
        if fully_open or self.is_opening or self._last_way_was_up:
            return self.close_cover()
        return self.open_cover()

    def toggle_tilt(self) -> Any:
        return self.close_cover_tilt() if self.current_tilt_position else self.open_cover_tilt()

    # -- what it shows -----------------------------------------------------------------------------------------------

    def shown(self) -> tuple[str, dict[str, Any]]:
        if self.is_opening or self.is_closing:
            self._last_way_was_up = bool(self.is_opening)
        return super().shown()

    def state_value(self) -> str | None:
        if self.is_opening:
            return "opening"
        if self.is_closing:
            return "closing"
        if self.is_closed is None:
            return None
        return "closed" if self.is_closed else "open"

    def state_attributes(self) -> dict[str, Any]:
        shown = {
            "current_position": self.current_position,
            "current_tilt_position": self.current_tilt_position,
        }
        return {key: value for key, value in shown.items() if value is not None}


def _virtual_position(_state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    position = data.get("position")
    number = finite(position)
    changes = {} if position is None else {"current_position": position}
    return ("open" if number is not None and number > 0 else "closed"), changes


def _virtual_toggle(state: State | None, _data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if state is not None and state.state == "open":
        return "closed", {"current_position": 0}
    return "open", {"current_position": 100}


def _virtual_stop(state: State | None, _data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    return ("open" if state is None else state.state), {}


DOMAIN = Domain(
    "cover",
    services={
        "open_cover": service("cover", "open_cover", "open_cover", "Opens covers.", features=OPEN),
        "close_cover": service("cover", "close_cover", "close_cover", "Closes covers.", features=CLOSE),
        "toggle": service("cover", "toggle", "toggle", "Opens closed covers, closes open ones.", features=OPEN | CLOSE),
        "set_cover_position": service(
            "cover", "set_cover_position", "set_cover_position", "Moves covers to a position.",
            {vol.Required("position"): percentage}, SET_POSITION,
        ),
        "stop_cover": service("cover", "stop_cover", "stop_cover", "Stops covers where they are.", features=STOP),
        "open_cover_tilt": service(
            "cover", "open_cover_tilt", "open_cover_tilt", "Tilts slats open.", features=OPEN_TILT
        ),
        "close_cover_tilt": service(
            "cover", "close_cover_tilt", "close_cover_tilt", "Tilts slats shut.", features=CLOSE_TILT
        ),
        "stop_cover_tilt": service(
            "cover", "stop_cover_tilt", "stop_cover_tilt", "Stops slats where they are.", features=STOP_TILT
        ),
        "set_cover_tilt_position": service(
            "cover", "set_cover_tilt_position", "set_cover_tilt_position", "Tilts slats to a position.",
            {vol.Required("tilt_position"): percentage}, SET_TILT_POSITION,
        ),
        "toggle_cover_tilt": service(
            "cover", "toggle_cover_tilt", "toggle_tilt", "Tilts slats the other way.", features=OPEN_TILT | CLOSE_TILT
        ),
    },
    entity=CoverEntity,
    virtual=virtual(
        {
            "open_cover": to("open", current_position=100),
            "close_cover": to("closed", current_position=0),
            "stop_cover": Rule(compute=_virtual_stop),
            "toggle": Rule(compute=_virtual_toggle),
            "set_cover_position": Rule(compute=_virtual_position),
            "open_cover_tilt": keep("open", current_tilt_position=100),
            "close_cover_tilt": keep("open", current_tilt_position=0),
            "set_cover_tilt_position": Rule(otherwise="open", copy={"tilt_position": "current_tilt_position"}),
        }
    ),
)  # fmt: skip
