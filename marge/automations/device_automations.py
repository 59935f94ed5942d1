"""Device triggers, conditions and actions: what a device offers, and each as the state trigger, condition or service
call that it stands for. The table is in `device_table`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.device_table import ACTIONS, CONDITIONS, PLAIN, REQUIRED, TRIGGERS, How, row
from marge.automations.entity_lookup import resolve_id
from marge.errors import HomeError
from marge.util.schema import LateSchema

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries.entity_entry import EntityEntry

Table = Mapping[str, tuple[How, ...]]
TABLES: Mapping[str, Table] = {"trigger": TRIGGERS, "condition": CONDITIONS, "action": ACTIONS}
_PLURAL = {"trigger": "triggers", "condition": "conditions", "action": "actions"}


# -- what a device offers ----------------------------------------------------------------------------------------------


def list_for(home: Home, what: str, device_id: str) -> list[dict[str, Any]]:
    """The triggers, conditions or actions (`what`) of a device's entities, as clients get them."""
    found = []
    for entry in home.registries.entities.for_device(device_id):
        if entry.disabled:
            continue
        for how in TABLES[what].get(entry.domain, ()):
            if _offers(home, entry, how):
                found.append(_shown(what, device_id, entry, how))
    return found


def _shown(what: str, device_id: str, entry: EntityEntry, how: How) -> dict[str, Any]:
    head = {"trigger": {"platform": "device"}, "condition": {"condition": "device"}, "action": {}}[what]
    return {
        **head,
        "type": how.type,
        "device_id": device_id,
        "entity_id": entry.id,
        "domain": entry.domain,
        "metadata": {"secondary": bool(entry.entity_category) or entry.hidden},
    }


def _offers(home: Home, entry: EntityEntry, how: How) -> bool:
    state = home.states.get(entry.entity_id)
    attributes: Mapping[str, Any] = {} if state is None else state.attributes
    features = attributes.get("supported_features", entry.supported_features) or 0
    if how.features and not (isinstance(features, int) and features & how.features):
        return False
    if how.classes is not None:
        device_class = entry.device_class or entry.original_device_class
        known = {name for each in _classes_of(entry.domain) for name in each}
        if how.classes == PLAIN:
            if device_class in known:
                return False
        elif device_class not in how.classes:
            return False
    if how.needs == "unit_of_measurement":
        return (attributes.get("unit_of_measurement") or entry.unit_of_measurement) is not None
    if how.needs == "brightness":
        modes = (entry.capabilities or attributes).get("supported_color_modes")
        return isinstance(modes, (list, tuple, set)) and any(each not in ("onoff", "unknown") for each in modes)
    return how.needs is None or how.needs in attributes


def _classes_of(domain: str) -> list[tuple[str, ...]]:
    return [
        tuple(str(name) for name in how.classes)
        for how in TRIGGERS.get(domain, ())
        if how.classes is not None and how.classes != PLAIN
    ]


def capabilities(home: Home, what: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Which fields beside the usual ones a trigger, condition or action takes; empty when nothing is known of it."""
    how = row(TABLES[what], str(config.get("domain")), str(config.get("type")))
    if how is None:
        return {}
    entity_id = resolve_id(home, str(config.get("entity_id") or ""))
    state = None if entity_id is None else home.states.get(entity_id)
    attributes: Mapping[str, Any] = {} if state is None else state.attributes
    return {"extra_fields": [_field(name, attributes) for name in how.fields]}


_CHOICES = {
    "hvac_mode": "hvac_modes", "preset_mode": "preset_modes", "mode": "available_modes", "option": "options",
    "to": "options", "from": "options",
}


def _field(name: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    optional = {"required": True} if name in REQUIRED else {"optional": True}
    if name == "for":
        return {"type": "positive_time_period_dict", "name": name, **optional}
    if name in ("above", "below", "value", "humidity", "position"):
        shown: dict[str, Any] = {"type": "float", "name": name, **optional}
        unit = attributes.get("unit_of_measurement")
        return shown if unit is None else {**shown, "description": {"suffix": unit}}
    if name == "cycle":
        return {"type": "boolean", "name": name, **optional}
    choices = attributes.get(_CHOICES.get(name, "")) or (["short", "long"] if name == "flash" else None)
    if isinstance(choices, (list, tuple)):
        return {"type": "select", "options": [[each, each] for each in choices], "name": name, **optional}
    return {"type": "string", "name": name, **optional}


# -- validation --------------------------------------------------------------------------------------------------------


def schema(what: str, table: Table) -> Callable[[Any], dict[str, Any]]:
    """The validator of device triggers, conditions or actions."""
    shape = LateSchema(
        {
            vol.Required("device_id"): fields.string,
            vol.Required("domain"): fields.string,
            vol.Required("type"): fields.string,
            vol.Optional("entity_id"): fields.entity_id,
            vol.Optional("for"): fields.period_or_template,
            vol.Optional("above"): vol.Coerce(float),
            vol.Optional("below"): vol.Coerce(float),
        },
        extra=vol.ALLOW_EXTRA,
    )

    def check(value: Any) -> dict[str, Any]:
        config: dict[str, Any] = shape(value)
        domain, kind = config["domain"], config["type"]
        if domain not in table:
            raise vol.Invalid(f"Integration '{domain}' does not support device automation {_PLURAL[what]}")
        how = row(table, domain, kind)
        if how is None:
            known = sorted(each.type for each in table[domain])
            raise vol.Invalid(f"value must be one of {known}", path=["type"], error_type="dictionary value")
        for name in ("entity_id", *(each for each in how.fields if each in REQUIRED)):
            if name not in config:
                raise vol.Invalid("required key not provided", path=[name])
        if how.value is not None and "above" not in config and "below" not in config:
            raise vol.Invalid("must contain at least one of below, above.")
        return config

    return check


# -- what they stand for -----------------------------------------------------------------------------------------------


def entity_of(home: Home, config: Mapping[str, Any]) -> str:
    """The entity id now of the entity that a device trigger, condition or action names.

    Raises:
        HomeError: the entity is gone.
    """
    entity_id = resolve_id(home, config["entity_id"])
    if entity_id is None:
        raise HomeError(f"Unknown entity {config['entity_id']}")
    return entity_id


def as_trigger(how: How, entity_id: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind of trigger that a device trigger stands for, and that trigger's configuration."""
    length = {"for": config["for"]} if "for" in config else {}
    if how.type in ("enters", "leaves"):
        event = "enter" if how.type == "enters" else "leave"
        return "zone", {"entity_id": [entity_id], "zone": config["zone"], "event": event}
    if how.value is not None:
        limits = {name: config[name] for name in ("above", "below") if name in config}
        attribute = {} if how.value == "state" else {"attribute": how.value}
        return "numeric_state", {"entity_id": [entity_id], **attribute, **limits, **length}
    wanted: dict[str, Any] = {name: config[name] for name in ("from", "to") if name in config and name in how.fields}
    if how.states:
        wanted = {"to": list(how.states)}
    if how.type == "pressed" or not wanted:
        wanted = {"to": None}
    return "state", {"entity_id": [entity_id], **wanted, **length}


def as_condition(how: How, entity_id: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The condition that a device condition stands for, as a user writes it."""
    if how.value is not None:
        limits = {name: config[name] for name in ("above", "below") if name in config}
        attribute = {} if how.value == "state" else {"attribute": how.value}
        return {"condition": "numeric_state", "entity_id": entity_id, **attribute, **limits}
    if how.type == "is_not_home":
        return {"condition": "not", "conditions": [{"condition": "state", "entity_id": entity_id, "state": "home"}]}
    wanted: Any = list(how.states) if len(how.states) > 1 else (how.states[0] if how.states else None)
    if how.chosen is not None:
        wanted = config[how.chosen]
    attribute = {} if how.attribute is None else {"attribute": how.attribute}
    length = {"for": config["for"]} if "for" in config else {}
    return {"condition": "state", "entity_id": entity_id, "state": wanted, **attribute, **length}


def as_call(how: How, entity_id: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The service that a device action calls, and its data."""
    given = {name: config[name] for name in how.fields if name in config}
    if "position" in given and how.type == "set_tilt_position":
        given["tilt_position"] = given.pop("position")
    return how.service, {"entity_id": entity_id, **how.data, **given}
