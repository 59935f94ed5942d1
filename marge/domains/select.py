"""Choices of devices."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._choices import CYCLE, virtual_choices
from marge.domains._validators import string
from marge.entities import Domain, Entity
from marge.errors import ServiceValidationError


class SelectEntity(Entity):
    """One that somebody owns. Owners override `select_option(option)`."""

    domain = "select"
    current_option: str | None = None
    options: list[str] = []  # replaced, never changed

    def select_option(self, option: str) -> Any:
        self.current_option = option

    def handle_select_option(self, option: str) -> Any:
        if option not in self.options:
            listed = ", ".join(self.options)
            raise ServiceValidationError(
                f"Option {option} is not valid for entity {self.entity_id}, valid options are: {listed}",
                translation_key="not_valid_option",
                translation_domain="select",
                placeholders={"entity_id": self.entity_id, "option": option, "options": listed},
            )
        return self.select_option(option)

    def handle_select_first(self) -> Any:
        return self._choose(0)

    def handle_select_last(self) -> Any:
        return self._choose(len(self.options) - 1)

    def handle_select_next(self, cycle: bool = True) -> Any:
        return self._move(1, cycle)

    def handle_select_previous(self, cycle: bool = True) -> Any:
        return self._move(-1, cycle)

    def _move(self, by: int, cycle: bool) -> Any:
        if not self.options:
            return None
        present = self.options.index(self.current_option) if self.current_option in self.options else None
        if present is None:
            return self._choose(0 if by > 0 else len(self.options) - 1)
        place = present + by
        return self._choose(place % len(self.options) if cycle else min(max(place, 0), len(self.options) - 1))

    def _choose(self, place: int) -> Any:
        return self.select_option(self.options[place]) if self.options else None

    def state_value(self) -> str | None:
        return self.current_option if self.current_option in self.options else None

    def capability_attributes(self) -> dict[str, Any]:
        return {"options": self.options}


DOMAIN = Domain(
    "select",
    services={
        "select_option": service(
            "select", "select_option", "handle_select_option", "Makes a choice.", {vol.Required("option"): string}
        ),
        "select_first": service("select", "select_first", "handle_select_first", "Chooses the first option."),
        "select_last": service("select", "select_last", "handle_select_last", "Chooses the last option."),
        "select_next": service("select", "select_next", "handle_select_next", "Chooses the next option.", CYCLE),
        "select_previous": service(
            "select", "select_previous", "handle_select_previous", "Chooses the option before.", CYCLE
        ),
    },
    entity=SelectEntity,
    virtual=virtual_choices(),
)
