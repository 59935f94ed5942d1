"""`config/core/…`: the home's place, units and names, changed by an administrator."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import voluptuous as vol

from marge.domains._core_config import ELEVATIONS_M, SHARED, CoreConfig
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_UNIT_SYSTEMS = {"metric": "metric", "us_customary": "us_customary", "imperial": "us_customary"}


def _degrees(name: str, limit: float) -> Any:
    return vol.All(vol.Coerce(float), vol.Range(min=-limit, max=limit), msg=f"invalid {name}")


def _currency(value: Any) -> str:
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha() and value.isupper():
        return value
    raise vol.Invalid("invalid ISO 4217 formatted currency")


def _country(value: Any) -> str:
    if isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper():
        return value
    raise vol.Invalid("invalid ISO 3166 formatted country")


def _language(value: Any) -> str:
    if isinstance(value, str) and _LANGUAGE.match(value):
        return value
    raise vol.Invalid("invalid RFC 5646 formatted language")


def _time_zone(value: Any) -> str:
    if isinstance(value, str) and value in available_timezones():
        return value
    raise vol.Invalid(
        "Invalid time zone passed in. Valid options can be found here: "
        "http://en.wikipedia.org/wiki/List_of_tz_database_time_zones"
    )


def _unit_system(value: Any) -> str:
    if isinstance(value, str) and value.lower() in _UNIT_SYSTEMS:
        return _UNIT_SYSTEMS[value.lower()]
    raise vol.Invalid("invalid unit system")


def _url(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            parts = urlsplit(value)
            if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
                return value
        except ValueError:
            pass
    raise vol.Invalid("invalid url")


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise vol.Invalid("expected str")
    if len(value) > 255:
        raise vol.Invalid("length of value must be at most 255")
    return value


@command(
    "config/core/update",
    {
        vol.Optional("country"): _country,
        vol.Optional("currency"): _currency,
        vol.Optional("elevation"): vol.All(int, vol.Range(*ELEVATIONS_M)),
        vol.Optional("external_url"): _url,
        vol.Optional("internal_url"): _url,
        vol.Optional("language"): _language,
        vol.Optional("latitude"): _degrees("latitude", 90),
        vol.Optional("location_name"): _name,
        vol.Optional("longitude"): _degrees("longitude", 180),
        vol.Optional("radius"): vol.All(vol.Coerce(int), vol.Range(min=0)),
        vol.Optional("time_zone"): _time_zone,
        vol.Optional("update_units"): bool,
        vol.Optional("unit_system"): _unit_system,
    },
    admin=True,
    waits=True,
)
def update(session: Session, message: dict[str, Any]) -> None:
    """Change what is named. States keep their units until their devices report again."""
    changes = {name: value for name, value in message.items() if name not in ("id", "type", "update_units")}
    core: CoreConfig = session.home.shared[SHARED]
    core.update(changes)
    session.result(message["id"])


@command("config/core/detect", admin=True)
def detect(session: Session, message: dict[str, Any]) -> None:
    """Where the home is cannot be found out: this server asks nobody outside the house."""
    raise CommandError(UNKNOWN_ERROR, "Unknown error")
