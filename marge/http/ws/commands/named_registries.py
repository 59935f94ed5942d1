"""Floors, areas and labels: list, create, update, delete. Changing them is for administrators."""

from __future__ import annotations

import re
from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest, NotFound
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError, InvalidMessage, describe_invalid
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.registries.named import NamedRegistry

INVALID_INFO = "invalid_info"
_OR_NONE = vol.Any(str, None)
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_COLOR_NAMES = frozenset(
    {
        "accent", "amber", "black", "blue", "blue-grey", "brown", "cyan", "dark-grey", "deep-orange", "deep-purple",
        "disabled", "green", "grey", "indigo", "inactive", "light-blue", "light-green", "light-grey", "lime", "orange",
        "pink", "primary", "purple", "red", "teal", "white", "yellow",
    }
)


def _level(value: Any) -> int | None:
    if value is None or type(value) is int:
        return value
    raise vol.Invalid("expected int")


def _color(value: Any) -> str | None:
    if value is None or value in _COLOR_NAMES:
        return value
    if isinstance(value, str) and _COLOR.fullmatch(value):
        return value.lower()
    raise vol.Invalid("Color should be in the format #RRGGBB")


_FLOOR = {vol.Optional("aliases"): [str], vol.Optional("icon"): _OR_NONE, vol.Optional("level"): _level}
_AREA = {
    vol.Optional("aliases"): [str],
    vol.Optional("floor_id"): _OR_NONE,
    vol.Optional("humidity_entity_id"): _OR_NONE,
    vol.Optional("icon"): _OR_NONE,
    vol.Optional("labels"): [str],
    vol.Optional("picture"): _OR_NONE,
    vol.Optional("temperature_entity_id"): _OR_NONE,
}
_LABEL = {vol.Optional("color"): _OR_NONE, vol.Optional("description"): _OR_NONE, vol.Optional("icon"): _OR_NONE}
_WITH_COLOR = vol.Schema({vol.Optional("color"): _color}, extra=vol.ALLOW_EXTRA)


def _fields(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in ("id", "type")}


def _create(session: Session, message: dict[str, Any], registry: NamedRegistry[Any]) -> None:
    fields = _fields(message)
    new_id = fields.pop(registry.id_name, None)  # a client of Marge's native API may choose it
    try:
        entry = registry.create(fields.pop("name"), new_id=new_id, **fields)
    except InvalidRequest as exc:
        raise CommandError(INVALID_INFO, str(exc)) from exc
    session.result(message["id"], entry.as_dict())


def _update(session: Session, message: dict[str, Any], registry: NamedRegistry[Any]) -> None:
    fields = _fields(message)
    key = fields.pop(registry.id_name)
    try:
        entry = registry.update(key, **fields)
    except NotFound as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc  # the code is HA's; the text says more than HA's
    except InvalidRequest as exc:
        raise CommandError(INVALID_INFO, str(exc)) from exc
    session.result(message["id"], entry.as_dict())


def _list(session: Session, message: dict[str, Any], registry: NamedRegistry[Any]) -> None:
    session.result(message["id"], [entry.as_dict() for entry in registry.all()])


def _checked_color(session: Session, message: dict[str, Any]) -> dict[str, Any]:
    """HA knows some names and #RRGGBB; to Marge's native clients a colour is any text."""
    if session.home.config.marge.profile == "native":
        return message
    try:
        valid: dict[str, Any] = _WITH_COLOR(message)
    except vol.Invalid as exc:
        raise InvalidMessage(describe_invalid(message, exc)) from exc
    return valid


def _no_such(exc: NotFound) -> CommandError:
    return CommandError(INVALID_INFO, str(exc))


def _check_sensors(session: Session, message: dict[str, Any]) -> None:
    """A room's own thermometer and hygrometer are sensors of that kind."""
    for kind in ("temperature", "humidity"):
        entity_id = message.get(f"{kind}_entity_id")
        if entity_id is None:
            continue
        state = session.home.states.get(entity_id)
        if state is None:
            raise CommandError(INVALID_INFO, f"Entity {entity_id} does not exist")
        if state.domain != "sensor" or state.attributes.get("device_class") != kind:
            raise CommandError(INVALID_INFO, f"Entity {entity_id} is not a {kind} sensor")


@command("config/floor_registry/list")
def floors(session: Session, message: dict[str, Any]) -> None:
    """All floors."""
    _list(session, message, session.home.registries.floors)


@command("config/floor_registry/create", {vol.Required("name"): str, **_FLOOR}, admin=True)
def create_floor(session: Session, message: dict[str, Any]) -> None:
    """A new floor."""
    _create(session, message, session.home.registries.floors)


@command(
    "config/floor_registry/update",
    {vol.Required("floor_id"): str, vol.Optional("name"): str, **_FLOOR},
    admin=True,
)
def update_floor(session: Session, message: dict[str, Any]) -> None:
    """Change a floor."""
    _update(session, message, session.home.registries.floors)


@command("config/floor_registry/delete", {vol.Required("floor_id"): str}, admin=True)
def delete_floor(session: Session, message: dict[str, Any]) -> None:
    """Delete a floor; its areas stay, on no floor."""
    try:
        session.home.registries.delete_floor(message["floor_id"])
    except NotFound as exc:
        raise _no_such(exc) from exc
    session.result(message["id"])


@command("config/area_registry/list")
def areas(session: Session, message: dict[str, Any]) -> None:
    """All areas."""
    _list(session, message, session.home.registries.areas)


@command(
    "config/area_registry/create",
    {vol.Required("name"): str, vol.Optional("area_id"): str, **_AREA},
    admin=True,
)
def create_area(session: Session, message: dict[str, Any]) -> None:
    """A new area."""
    _check_sensors(session, message)
    _create(session, message, session.home.registries.areas)


@command("config/area_registry/update", {vol.Required("area_id"): str, vol.Optional("name"): str, **_AREA}, admin=True)
def update_area(session: Session, message: dict[str, Any]) -> None:
    """Change an area."""
    _check_sensors(session, message)
    _update(session, message, session.home.registries.areas)


@command("config/area_registry/delete", {vol.Required("area_id"): str}, admin=True)
def delete_area(session: Session, message: dict[str, Any]) -> None:
    """Delete an area; what stood there stands nowhere."""
    try:
        session.home.registries.delete_area(message["area_id"])
    except NotFound as exc:
        raise _no_such(exc) from exc
    session.result(message["id"], "success")


@command("config/label_registry/list")
def labels(session: Session, message: dict[str, Any]) -> None:
    """All labels."""
    _list(session, message, session.home.registries.labels)


@command(
    "config/label_registry/create",
    {vol.Required("name"): str, vol.Optional("label_id"): str, **_LABEL},
    admin=True,
)
def create_label(session: Session, message: dict[str, Any]) -> None:
    """A new label."""
    _create(session, _checked_color(session, message), session.home.registries.labels)


@command(
    "config/label_registry/update",
    {vol.Required("label_id"): str, vol.Optional("name"): str, **_LABEL},
    admin=True,
)
def update_label(session: Session, message: dict[str, Any]) -> None:
    """Change a label."""
    _update(session, _checked_color(session, message), session.home.registries.labels)


@command("config/label_registry/delete", {vol.Required("label_id"): str}, admin=True)
def delete_label(session: Session, message: dict[str, Any]) -> None:
    """Delete a label; nothing carries it any longer."""
    try:
        session.home.registries.delete_label(message["label_id"])
    except NotFound as exc:
        raise _no_such(exc) from exc
    session.result(message["id"])
