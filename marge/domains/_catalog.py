"""Makes `Service`s whose fields and selectors come from a table, with texts of our own.

Here: `service_fields.json` (fields and selectors as HA's clients know them; data, no prose) and the words beside it.
Not here: schemas, effects. A domain that HA does not have gives its fields itself and needs none of this.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import voluptuous as vol

from marge.domains._color_names import COLORS
from marge.entities import Service
from marge.entities.domain import SupportsResponse
from marge.services.targets import TARGET_FIELDS
from marge.util.schema import LateSchema

_FIELD_TEXTS = {
    "add_entities": "Members to add to those it has.",
    "all": "On only while all members are on.",
    "announce": "Interrupt what is playing and resume it afterwards.",
    "away_mode": "Whether away mode is on.",
    "backup": "Make a backup first, if the device can.",
    "battery": "Charge of the tracker's battery.",
    "brightness": "0 is off, 255 is as bright as it gets.",
    "brightness_pct": "0 is off, 100 is as bright as it gets.",
    "brightness_step": "How much brighter; negative: darker.",
    "brightness_step_pct": "How many percent brighter; negative: darker.",
    "code": "Code that the device may ask for.",
    "color_name": "A CSS colour name.",
    "color_temp": "White in mireds.",
    "color_temp_kelvin": "White in kelvin; low is warm, high is cold.",
    "command": "What to send, in the device's own words.",
    "cycle": "Go on at the other end of the list.",
    "dev_id": "Id of the tracker.",
    "duration": "How long.",
    "effect": "Name of a light effect.",
    "enqueue": "Where in the queue it goes.",
    "entities": "Members.",
    "entry_id": "Id of the configuration entry.",
    "flash": "Blink, briefly or longer.",
    "gps": "Latitude and longitude.",
    "gps_accuracy": "Radius of uncertainty.",
    "group_members": "Players that play along.",
    "hs_color": "Hue 0-360 and saturation 0-100.",
    "humidity": "Wanted relative humidity.",
    "hvac_mode": "What the device shall do.",
    "location_name": "Name of the zone it is in.",
    "mac": "Hardware address of the tracker.",
    "message": "What to say.",
    "notification_id": "Id under which it is kept; the same id again replaces it.",
    "object_id": "The part of the group's id after the dot.",
    "option": "The choice.",
    "options": "All choices.",
    "percentage": "Speed.",
    "percentage_step": "By how much the speed changes.",
    "position": "0 is closed, 100 is open.",
    "profile": "Name of a stored mood.",
    "remove_entities": "Members to remove from those it has.",
    "rgb_color": "Red, green and blue, each 0-255.",
    "rgbw_color": "Red, green, blue and white, each 0-255.",
    "rgbww_color": "Red, green, blue, cold white and warm white, each 0-255.",
    "seek_position": "Where to go on playing, in seconds.",
    "target_temp_high": "Cool above this.",
    "target_temp_low": "Heat below this.",
    "temperature": "Wanted temperature.",
    "tilt_position": "0 is closed, 100 is open.",
    "timestamp": "Seconds since 1970.",
    "title": "Heading.",
    "tone": "Which sound.",
    "transition": "Seconds until it is there.",
    "type": "Which forecast.",
    "value": "The new value.",
    "version": "Which version; the newest if left out.",
    "volume_level": "0 is silent, 1 is loudest.",
    "white": "White alone, this bright.",
    "xy_color": "Chromaticity, two numbers 0-1.",
}


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, Any]]:
    text = resources.files("marge.domains").joinpath("service_fields.json").read_text("utf-8")
    table: dict[str, dict[str, Any]] = json.loads(text)
    return table


def words(key: str) -> str:
    """A key as people would write it: `brightness_pct` is "Brightness pct"."""
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]


def _with_texts(fields: Mapping[str, Any]) -> dict[str, Any]:
    shown = {}
    for key, field in fields.items():
        if "fields" in field:  # a group that the frontend folds away
            shown[key] = {**field, "fields": _with_texts(field["fields"])}
            continue
        shown[key] = {**field, "name": words(key), "description": _FIELD_TEXTS.get(key, f"{words(key)}.")}
        select = field.get("selector", {}).get("select")
        if isinstance(select, dict) and select.get("options") == "@color_names":
            names = ["homeassistant", *sorted(name for name in COLORS if name != "homeassistant")]
            shown[key]["selector"] = {"select": {**select, "options": names}}
    return shown


def fields_of(domain: str, service: str) -> dict[str, Any]:
    """The known fields of a service with their selectors; none for a service that HA does not have."""
    return _with_texts(_table().get(domain, {}).get(service, {}).get("fields", {}))


def service(
    domain: str,
    name: str,
    method: str,
    description: str,
    schema: Mapping[Any, Any] | Callable[[Any], Any] | None = None,
    features: int | tuple[int, ...] = 0,
    supports_response: SupportsResponse = "none",
) -> Service:
    """A `Service` with its fields from the table."""
    return Service(
        method=method,
        schema={} if schema is None else schema,
        features=features,
        description=description,
        fields=fields_of(domain, name),
        supports_response=supports_response,
        name=words(name),
        target=_table().get(domain, {}).get(name, {}).get("target"),
    )


def whole(
    schema: Mapping[Any, Any],
    before: tuple[Callable[[Any], Any], ...] = (),
    after: tuple[Callable[[Any], Any], ...] = (),
) -> Callable[[Any], Any]:
    """A schema for rules over several keys: `before` and `after` see all data, the target's keys included."""
    with_target = LateSchema({**schema, **TARGET_FIELDS})
    checked: Callable[[Any], Any] = vol.All(*before, with_target, *after)
    return checked
