"""Moments of devices."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains import _validators as validate
from marge.domains._catalog import service
from marge.entities import Domain, Entity
from marge.errors import ServiceValidationError

if TYPE_CHECKING:
    from marge.home import Home


class DateTimeEntity(Entity):
    """One that somebody owns. Owners override `set_value(value)`.

    Attributes:
        value: an aware time; None is unknown. home: a time without a zone is one of its time zone.
    """

    domain = "datetime"
    value: dt.datetime | None = None

    def __init__(self, home: Home) -> None:
        self.home = home

    def set_value(self, value: dt.datetime) -> Any:
        self.value = value

    def handle_set_value(self, datetime: dt.datetime) -> Any:
        if datetime.tzinfo is None:
            datetime = datetime.replace(tzinfo=self.home.config.time_zone)
        try:
            return self.set_value(datetime.astimezone(dt.UTC))
        except OverflowError as exc:  # the first or the last day there is, and an offset that leads beyond it
            raise ServiceValidationError(f"{datetime} is out of range") from exc

    def state_value(self) -> str | None:
        return None if self.value is None else self.value.astimezone(dt.UTC).isoformat(timespec="seconds")


DOMAIN = Domain(
    "datetime",
    services={
        "set_value": service(
            "datetime", "set_value", "handle_set_value", "Sets the moment.",
            {vol.Required("datetime"): validate.datetime},
        )
    },
    entity=DateTimeEntity,
)  # fmt: skip
