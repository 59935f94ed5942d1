"""The base of everything that is on or off. Not here: any one domain."""

from __future__ import annotations

from typing import Any

from marge.entities import Entity


class OnOffEntity(Entity):
    """Owners override `turn_on` and `turn_off`; the base only assumes that it happened.

    Attributes:
        is_on: None is unknown.
    """

    is_on: bool | None = None

    def state_value(self) -> str | None:
        if self.is_on is None:
            return None
        return "on" if self.is_on else "off"

    def turn_on(self, **params: Any) -> Any:
        self.is_on = True

    def turn_off(self, **params: Any) -> Any:
        self.is_on = False

    def toggle(self, **params: Any) -> Any:
        return self.turn_off() if self.is_on else self.turn_on(**params)
