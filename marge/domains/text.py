"""Texts of devices."""

from __future__ import annotations

import re
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._text import virtual_text
from marge.domains._validators import string
from marge.entities import Domain, Entity
from marge.errors import InvalidValue
from marge.model import MAX_STATE_LENGTH


class TextEntity(Entity):
    """One that somebody owns. Owners override `set_value(value)`.

    Attributes:
        minimum, maximum: lengths. pattern: regular expression that values match from their start. mode: `text` or
            `password`.
    """

    domain = "text"
    value: str | None = None
    minimum: int = 0
    maximum: int = MAX_STATE_LENGTH
    pattern: str | None = None
    mode: str = "text"

    def set_value(self, value: str) -> Any:
        self.value = value

    def handle_set_value(self, value: str) -> Any:
        # HA's clients see `unknown_error` with these texts.
        if len(value) < self.minimum:
            raise InvalidValue(f"Value {value} for {self.entity_id} is too short (minimum length {self.minimum})")
        if len(value) > self.maximum:
            raise InvalidValue(f"Value {value} for {self.entity_id} is too long (maximum length {self.maximum})")
        if self.pattern is not None and re.match(self.pattern, value) is None:
            raise InvalidValue(f"Value {value} for {self.entity_id} doesn't match pattern {self.pattern}")
        return self.set_value(value)

    def state_value(self) -> str | None:
        return self.value

    def capability_attributes(self) -> dict[str, Any]:
        return {
            "mode": self.mode,
            "min": self.minimum,
            "max": min(self.maximum, MAX_STATE_LENGTH),
            "pattern": self.pattern,
        }


DOMAIN = Domain(
    "text",
    services={
        "set_value": service(
            "text", "set_value", "handle_set_value", "Sets the text.", {vol.Required("value"): string}
        ),
    },
    entity=TextEntity,
    virtual=virtual_text(),
)
