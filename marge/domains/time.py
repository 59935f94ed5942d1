"""Times of day of devices."""

from __future__ import annotations

import datetime as dt
from typing import Any

import voluptuous as vol

from marge.domains import _validators as validate
from marge.domains._catalog import service
from marge.entities import Domain, Entity


class TimeEntity(Entity):
    """One that somebody owns. Owners override `set_value(value)`."""

    domain = "time"
    value: dt.time | None = None

    def set_value(self, value: dt.time) -> Any:
        self.value = value

    def handle_set_value(self, time: dt.time) -> Any:
        return self.set_value(time)

    def state_value(self) -> str | None:
        return None if self.value is None else self.value.isoformat()


DOMAIN = Domain(
    "time",
    services={
        "set_value": service(
            "time", "set_value", "handle_set_value", "Sets the time of day.", {vol.Required("time"): validate.time}
        )
    },
    entity=TimeEntity,
)
