"""The entity registry: look up, list, update, remove."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest, NotFound
from marge.home import Home
from marge.http.ws.commands.entities import entity_ids
from marge.http.ws.errors import NOT_FOUND, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import Context, split_entity_id, valid_entity_id
from marge.registries import EntityEntry

INVALID_INFO = "invalid_info"
NOT_SUPPORTED = "not_supported"
_CATEGORIES = {"config": 0, "diagnostic": 1}
_OR_NONE = vol.Any(str, None)


def _entity_id(value: Any) -> str:
    if isinstance(value, str) and valid_entity_id(value.strip().lower()):
        return value.strip().lower()
    raise vol.Invalid(f"Entity ID {value} is an invalid entity ID")


def _by_user(value: Any) -> str | None:
    if value is None or value == "user":
        return value
    raise vol.Invalid("not a valid value")


@command("config/entity_registry/list")
def entries(session: Session, message: dict[str, Any]) -> None:
    """All entries."""
    session.result(message["id"], [entry.as_dict() for entry in session.home.registries.entities.all()])


@command("config/entity_registry/list_for_display")
def entries_for_display(session: Session, message: dict[str, Any]) -> None:
    """All enabled entries in the short form that frontends start with."""
    shown = [_short(entry) for entry in session.home.registries.entities.all() if not entry.disabled]
    categories = {str(number): name for name, number in _CATEGORIES.items()}
    session.result(message["id"], {"entity_categories": categories, "entities": shown})


@command("config/entity_registry/get", {vol.Required("entity_id"): _entity_id})
def entry_of(session: Session, message: dict[str, Any]) -> None:
    """One entry, with all fields."""
    session.result(message["id"], _need(session.home, message["entity_id"]).as_extended_dict())


@command("config/entity_registry/get_entries", {vol.Required("entity_ids"): entity_ids})
def entries_of(session: Session, message: dict[str, Any]) -> None:
    """Several entries by entity id; null where there is none."""
    found = session.home.registries.entities
    shown = {}
    for entity_id in message["entity_ids"]:
        entry = found.get(entity_id)
        shown[entity_id] = None if entry is None else entry.as_extended_dict()
    session.result(message["id"], shown)


@command(
    "config/entity_registry/update",
    {
        vol.Required("entity_id"): _entity_id,
        vol.Optional("aliases"): [str],
        vol.Optional("area_id"): _OR_NONE,
        vol.Optional("categories"): {str: _OR_NONE},
        vol.Optional("device_class"): _OR_NONE,
        vol.Optional("disabled_by"): _by_user,
        vol.Optional("hidden_by"): _by_user,
        vol.Optional("icon"): _OR_NONE,
        vol.Optional("labels"): [str],
        vol.Optional("name"): _OR_NONE,
        vol.Optional("new_entity_id"): str,
        vol.Inclusive("options_domain", "entity_option"): str,
        vol.Inclusive("options", "entity_option"): vol.Any(dict, None),
    },
    admin=True,
)
def update_entry(session: Session, message: dict[str, Any]) -> None:
    """Change the user's settings of an entity. Renaming an id and disabling come later and are refused."""
    home, entity_id = session.home, message["entity_id"]
    entry = _need(home, entity_id)
    changes = {
        name: value
        for name, value in message.items()
        if name in ("aliases", "area_id", "device_class", "hidden_by", "icon", "labels", "name")
    }
    if "categories" in message:
        merged = {**entry.categories, **message["categories"]}
        changes["categories"] = {scope: value for scope, value in merged.items() if value is not None}
    _check_new_id(home, entry, message.get("new_entity_id"))
    if "disabled_by" in message and message["disabled_by"] != entry.disabled_by:
        raise CommandError(NOT_SUPPORTED, "Disabling entities is not supported yet.")
    try:
        updated = home.registries.entities.update(entity_id, **changes)
        if "options_domain" in message:
            updated = home.registries.entities.update_options(
                entity_id, message["options_domain"], message["options"]
            )
    except InvalidRequest as exc:
        raise CommandError(INVALID_INFO, str(exc)) from exc
    except NotFound as exc:
        raise CommandError(NOT_FOUND, str(exc)) from exc
    if changes.keys() & {"name", "icon", "device_class"}:
        _show(home, updated)
    session.result(message["id"], {"entity_entry": updated.as_extended_dict()})


@command("config/entity_registry/remove", {vol.Required("entity_id"): _entity_id}, admin=True, waits=True)
def remove_entry(session: Session, message: dict[str, Any]) -> None:
    """Forget an entity and its state. What its device announces again comes back as new."""
    home = session.home
    _need(home, message["entity_id"])
    home.registries.entities.remove(message["entity_id"])
    home.entities.remove(message["entity_id"], Context.new(user_id=session.user.id))
    session.result(message["id"])


def _need(home: Home, entity_id: str) -> EntityEntry:
    entry = home.registries.entities.get(entity_id)
    if entry is None:
        raise CommandError(NOT_FOUND, "Entity not found")
    return entry


def _check_new_id(home: Home, entry: EntityEntry, new_id: str | None) -> None:
    if new_id is None or new_id == entry.entity_id:
        return
    if not valid_entity_id(new_id):
        raise CommandError(INVALID_INFO, "Invalid entity ID")
    if split_entity_id(new_id)[0] != entry.domain:
        raise CommandError(INVALID_INFO, "New entity ID should be same domain")
    if new_id in home.registries.entities or new_id in home.states:
        raise CommandError(INVALID_INFO, "Entity with this ID is already registered")
    raise CommandError(NOT_SUPPORTED, "Changing an entity's id is not supported yet.")


def _show(home: Home, entry: EntityEntry) -> None:
    """Let the living entity show what the user chose; where nothing is chosen, what its platform says."""
    name = entry.name or entry.original_name
    if entry.name is None and entry.has_entity_name and entry.device_id is not None:
        device = home.registries.devices.get(entry.device_id)
        own = None if device is None else device.display_name
        name = " ".join(part for part in (own, entry.original_name) if part) or None
    home.entities.report(
        entry.entity_id,
        name=name,
        icon=entry.icon or entry.original_icon,
        device_class=entry.device_class or entry.original_device_class,
    )


def _short(entry: EntityEntry) -> dict[str, Any]:
    short: dict[str, Any] = {"ei": entry.entity_id, "pl": entry.platform, "lb": entry.labels}
    if entry.area_id is not None:
        short["ai"] = entry.area_id
    if entry.device_id is not None:
        short["di"] = entry.device_id
    if entry.icon is not None:
        short["ic"] = entry.icon
    if entry.translation_key is not None:
        short["tk"] = entry.translation_key
    if entry.entity_category in _CATEGORIES:
        short["ec"] = _CATEGORIES[entry.entity_category]
    if entry.hidden:
        short["hb"] = True
    if entry.has_entity_name:
        short["hn"] = True
    name = entry.name or entry.original_name
    if name is not None:
        short["en"] = name
    precision = entry.options.get("sensor", {}).get("display_precision") if entry.domain == "sensor" else None
    if precision is not None:
        short["dp"] = precision
    return short
