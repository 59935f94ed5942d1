"""Dates of devices."""

from __future__ import annotations

import datetime as dt
from typing import Any

import voluptuous as vol

from marge.domains import _validators as validate
from marge.domains._catalog import service
from marge.entities import Domain, Entity


class DateEntity(Entity):
    """One that somebody owns. Owners override `set_value(value)`."""

    domain = "date"
    value: dt.date | None = None

    def set_value(self, value: dt.date) -> Any:
        self.value = value

    def handle_set_value(self, date: dt.date) -> Any:
        return self.set_value(date)

    def state_value(self) -> str | None:
        return None if self.value is None else self.value.isoformat()


DOMAIN = Domain(
    "date",
    services={
        "set_value": service(
            "date", "set_value", "handle_set_value", "Sets the date.", {vol.Required("date"): validate.date}
        )
    },
    entity=DateEntity,
)
