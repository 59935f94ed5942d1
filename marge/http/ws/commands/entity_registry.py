"""The entity registry: look up, list, update, remove."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.errors import InvalidRequest, Unavailable
from marge.home import Home
from marge.http.turns import in_slices
from marge.http.ws.commands.entities import entity_ids
from marge.http.ws.errors import NOT_FOUND, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import Context, State, dumps_anyhow, valid_entity_id
from marge.registries import EntityEntry
from marge.registries.entities import VIRTUAL

log = structlog.get_logger("marge.http")

INVALID_INFO = "invalid_info"
RELOAD_DELAY_S = 30
"""After this time an enabled entity is there for sure, as HA's clients have it."""
_SETTINGS = ("aliases", "area_id", "device_class", "disabled_by", "hidden_by", "icon", "labels", "name")
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
    home = session.home
    registry = home.registries.entities
    if home.config.marge.profile == "native":
        parts = [entry.json for entry in in_slices(registry.all()) if not _is_virtual(home, entry.entity_id)]
        virtual = [state for state in in_slices(home.states.all()) if _is_virtual(home, state.entity_id)]
        parts += [dumps_anyhow(_virtual_entry(home, state)) for state in in_slices(virtual)]
    else:
        parts = [entry.json for entry in in_slices(registry.all())]
    session.result_list(message["id"], parts)


@command("config/entity_registry/list_for_display")
def entries_for_display(session: Session, message: dict[str, Any]) -> None:
    """All enabled entries in the short form that frontends start with."""
    shown = [
        entry.display_json for entry in in_slices(session.home.registries.entities.all()) if not entry.disabled
    ]
    session.result_json(
        message["id"],
        b'{"entity_categories":{"0":"config","1":"diagnostic"},"entities":[%s]}' % b",".join(shown),
    )


@command("config/entity_registry/get", {vol.Required("entity_id"): _entity_id})
def entry_of(session: Session, message: dict[str, Any]) -> None:
    """One entry, with all fields."""
    home, entity_id = session.home, message["entity_id"]
    state = home.states.get(entity_id)
    if state is not None and _is_virtual(home, entity_id):
        session.result(message["id"], _virtual_entry(home, state))
        return
    session.result(message["id"], _need(home, entity_id).as_extended_dict())


@command("config/entity_registry/get_entries", {vol.Required("entity_ids"): entity_ids})
def entries_of(session: Session, message: dict[str, Any]) -> None:
    """Several entries by entity id; null where there is none."""
    found = session.home.registries.entities
    parts = []
    for entity_id in in_slices(dict.fromkeys(message["entity_ids"])):
        entry = found.get(entity_id)
        shown = None if entry is None else entry.as_extended_dict()
        parts.append(dumps_anyhow(entity_id) + b":" + dumps_anyhow(shown))
    session.result_json(message["id"], b"{" + b",".join(parts) + b"}")


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
        vol.Inclusive("options", "entity_option"): vol.Any(None, dict),
    },
    admin=True,
)
def update_entry(session: Session, message: dict[str, Any]) -> None:
    """Change the user's settings of an entity. They show at once: names, its id, whether it is enabled."""
    home, entity_id = session.home, message["entity_id"]
    if _is_virtual(home, entity_id):
        _update_virtual(session, message)
        return
    entry = _need(home, entity_id)
    changes = {name: message[name] for name in _SETTINGS if name in message}
    if "categories" in message:
        merged = {**entry.categories, **message["categories"]}
        changes["categories"] = {scope: value for scope, value in merged.items() if value is not None}
    if "disabled_by" in changes and changes["disabled_by"] is None:
        _check_device(home, entry)
    entities = home.registries.entities
    try:
        updated = entities.update(entity_id, new_entity_id=message.get("new_entity_id"), **changes)
        if "options_domain" in message:
            updated = entities.update_options(updated.entity_id, message["options_domain"], message["options"])
    except InvalidRequest as exc:
        raise CommandError(INVALID_INFO, str(exc)) from exc
    if updated.entity_id != entity_id:
        _save_now(home)
    home.entities.settle(entity_id, updated.entity_id)
    result: dict[str, Any] = {"entity_entry": updated.as_extended_dict()}
    if "disabled_by" in changes and updated.disabled_by is None:
        result.update(_when_enabled(home, updated))
    session.result(message["id"], result)


@command("config/entity_registry/remove", {vol.Required("entity_id"): _entity_id}, admin=True)
def remove_entry(session: Session, message: dict[str, Any]) -> None:
    """Forget an entity and its state. What its device announces again comes back as new."""
    home, entity_id = session.home, message["entity_id"]
    if not _is_virtual(home, entity_id):
        _need(home, entity_id)
    if entity_id in home.registries.entities:
        home.registries.entities.remove(entity_id)
    home.entities.remove(entity_id, Context.new(user_id=session.user.id))
    session.result(message["id"])


@command("entity/source")
def sources(session: Session, message: dict[str, Any]) -> None:
    """Which integration each entity comes from."""
    home = session.home
    registry = home.registries.entities
    found = {}
    for entity_id, entity in in_slices(list(home.entities.owned.items())):
        entry = registry.get(entity_id)
        platform = entity.platform or home.states.owner(entity_id) if entry is None else entry.platform
        found[entity_id] = {"domain": platform}
    session.result(message["id"], found)


def _need(home: Home, entity_id: str) -> EntityEntry:
    entry = home.registries.entities.get(entity_id)
    if entry is None:
        raise CommandError(NOT_FOUND, "Entity not found")
    return entry


def _check_device(home: Home, entry: EntityEntry) -> None:
    device = None if entry.device_id is None else home.registries.devices.get(entry.device_id)
    if device is not None and device.disabled_by is not None:
        raise CommandError(INVALID_INFO, "Device is disabled")


def _save_now(home: Home) -> None:
    """The recorder renames its part at once: a kill within the next second must not leave the two at odds."""
    try:
        home.registries.flush()
    except Unavailable as exc:
        log.warning("a renamed entity will be saved later", problem=str(exc))


def _when_enabled(home: Home, entry: EntityEntry) -> dict[str, Any]:
    """What a client tells its user: it is there at once, but clients of a config entry's entities look again then."""
    if entry.config_entry_id is not None and entry.config_entry_id in home.registries.config_entries:
        return {"reload_delay": RELOAD_DELAY_S}
    return {"require_restart": False}


# -- virtual entities, which the native profile lists too --------------------------------------------------------------


def _is_virtual(home: Home, entity_id: str) -> bool:
    """Whether the native profile shows this as an entry although its state is all there is of it."""
    entry = home.registries.entities.get(entity_id)
    return (
        home.config.marge.profile == "native"
        and entity_id in home.states
        and home.states.owner(entity_id) is None
        and (entry is None or entry.platform == VIRTUAL)
    )


def _virtual_entry(home: Home, state: State) -> dict[str, Any]:
    entry = home.registries.entities.get(state.entity_id)
    return {
        **({} if entry is None else entry.as_dict()),
        "entity_id": state.entity_id,
        "name": state.attributes.get("friendly_name", ""),
        "icon": state.attributes.get("icon"),
        "platform": "mqtt",
        "disabled_by": None,
    }


def _update_virtual(session: Session, message: dict[str, Any]) -> None:
    """The name and the icon of a virtual entity are attributes of its state."""
    home, entity_id = session.home, message["entity_id"]
    names = {"name": "friendly_name", "icon": "icon"}
    wanted = {names[name]: message[name] for name in names if message.get(name) is not None}
    home.entities.merge(entity_id, None, wanted, session.context())
    if "area_id" in message:
        entities = home.registries.entities
        entities.assignable(entity_id)
        entities.update(entity_id, area_id=message["area_id"] or None)
        entities.tidy(entity_id)
    home.entities.settle(entity_id)
    state = home.states.get(entity_id)
    session.result(message["id"], {"entity_entry": None if state is None else _virtual_entry(home, state)})
