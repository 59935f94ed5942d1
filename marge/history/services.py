"""The recorder's services: purge, purge of entities, stop and go on recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.history.reader import RECORDER
from marge.recorder import PurgeEntities, PurgeHistory, SetRecording, entity_filter
from marge.recorder.filtering import Names
from marge.util.schema import boolean, ensure_list, string

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

DOMAIN = "recorder"
_DAYS = vol.All(vol.Coerce(int), vol.Range(min=0, max=36_500))
_TEXTS = vol.All(ensure_list, [string])
PURGE = vol.Schema(
    {
        vol.Optional("keep_days"): _DAYS,
        vol.Optional("repack", default=False): boolean,
        vol.Optional("apply_filter", default=False): boolean,
    }
)
_WHOSE = ("domains", "entity_globs", "entity_id", "device_id", "area_id", "floor_id", "label_id")


def _names_somebody(data: Any) -> Any:
    if isinstance(data, Mapping) and not any(name in data for name in _WHOSE):
        raise vol.Invalid(f"must contain at least one of {', '.join(_WHOSE)}.")
    return data


PURGE_ENTITIES = vol.All(
    _names_somebody,
    vol.Schema(
        {
            vol.Optional("entity_id", default=[]): _TEXTS,
            vol.Optional("domains", default=[]): _TEXTS,
            vol.Optional("entity_globs", default=[]): _TEXTS,
            vol.Optional("keep_days", default=0): _DAYS,
            vol.Optional("device_id"): object,
            vol.Optional("area_id"): object,
            vol.Optional("floor_id"): object,
            vol.Optional("label_id"): object,
        }
    ),
)
_DAYS_SELECTOR = {"number": {"min": 0, "max": 365, "unit_of_measurement": "days"}}
_PURGE_FIELDS: Mapping[str, Any] = {
    "keep_days": {
        "name": "Days to keep", "description": "What is older goes.", "selector": _DAYS_SELECTOR,
    },
    "repack": {
        "name": "Repack", "description": "Give the freed space back to the disk. Without it, it is used again.",
        "default": False, "selector": {"boolean": None},
    },
    "apply_filter": {
        "name": "Apply filter", "description": "Also remove what the configuration excludes by now.",
        "default": False, "selector": {"boolean": None},
    },
}  # fmt: skip
_PURGE_ENTITIES_FIELDS: Mapping[str, Any] = {
    "entity_id": {
        "name": "Entities", "description": "Whose history goes.", "required": False,
        "selector": {"entity": {"multiple": True}},
    },
    "domains": {
        "name": "Domains", "description": "All entities of these domains.", "required": False,
        "example": "sun", "selector": {"object": None},
    },
    "entity_globs": {
        "example": "domain*.object_id*", "name": "Patterns",
        "description": "All entities whose id fits one of these, with * and ?.",
        "required": False, "selector": {"object": None},
    },
    "keep_days": {
        "name": "Days to keep", "description": "What is younger stays.", "default": 0, "selector": _DAYS_SELECTOR,
    },
}  # fmt: skip


def register(home: Home) -> None:
    """Register the services of the domain `recorder`."""

    def purge(call: ServiceCall) -> None:
        home.system.tell(RECORDER, PurgeHistory(call.data.get("keep_days"), call.data["repack"]))
        keeps = entity_filter(home.config.sections.get("recorder"))
        if call.data["apply_filter"] and keeps is not None:
            home.system.tell(RECORDER, PurgeEntities(lambda entity_id: not keeps(entity_id)))

    def purge_entities(call: ServiceCall) -> None:
        data = call.data
        named = Names(
            {"entities": _entities(home, data), "domains": data["domains"], "entity_globs": data["entity_globs"]}
        )
        if not named:
            return
        home.system.tell(RECORDER, PurgeEntities(named.matches, data["keep_days"]))

    def enable(_call: ServiceCall) -> None:
        home.system.ask(RECORDER, SetRecording(True))

    def disable(_call: ServiceCall) -> None:
        home.system.ask(RECORDER, SetRecording(False))

    add = home.services.register
    add(DOMAIN, "purge", purge, PURGE, description="Remove old history.", fields=_PURGE_FIELDS, name="Purge")
    add(
        DOMAIN, "purge_entities", purge_entities, PURGE_ENTITIES, description="Remove the history of some entities.",
        fields=_PURGE_ENTITIES_FIELDS, name="Purge entities",
    )
    add(DOMAIN, "enable", enable, vol.Schema({}), description="Record history again.", name="Enable")
    add(DOMAIN, "disable", disable, vol.Schema({}), description="Record no history until enabled again or restarted.",
        name="Disable")


def _entities(home: Home, data: Mapping[str, Any]) -> list[str]:
    """The entities that are named, also by device, area, floor or label."""
    keys = ("device_id", "area_id", "floor_id", "label_id")
    return [
        *(each.lower() for each in data["entity_id"]),
        *home.registries.expand(*([str(each) for each in ensure_list(data.get(key))] for key in keys)),
    ]
