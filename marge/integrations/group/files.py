"""Groups of the files: `light: [{platform: group, entities: […]}]` and its siblings, and groups of notifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.domains._validators import boolean, entity_ids, string
from marge.domains.notify import MESSAGE
from marge.errors import MargeError
from marge.integrations.group import others
from marge.integrations.group.base import MemberGroup
from marge.integrations.group.lights import LightGroup
from marge.integrations.yaml_platforms import YamlPlatform, items_of
from marge.util.schema import LateSchema
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.integrations.group")

_ALL = {vol.Optional("all", default=False): boolean}
_OF_SENSORS = {
    vol.Required("type"): vol.In(others.SENSOR_KINDS),
    vol.Optional("ignore_non_numeric", default=False): boolean,
    vol.Optional("unit_of_measurement"): string,
    vol.Optional("device_class"): string,
    vol.Optional("state_class"): string,
}
_GROUPS: Mapping[str, tuple[type[MemberGroup], str, dict[Any, Any]]] = {
    "binary_sensor": (
        others.BinarySensorGroup, "Binary Sensor Group", {**_ALL, vol.Optional("device_class"): string}
    ),
    "button": (others.ButtonGroup, "Button Group", {}),
    "cover": (others.CoverGroup, "Cover Group", {}),
    "event": (others.EventGroup, "Event Group", {}),
    "fan": (others.FanGroup, "Fan Group", {}),
    "light": (LightGroup, "Light Group", _ALL),
    "lock": (others.LockGroup, "Lock Group", {}),
    "media_player": (others.MediaPlayerGroup, "Media Group", {}),
    "sensor": (others.SensorGroup, "Sensor Group", _OF_SENSORS),
    "switch": (others.SwitchGroup, "Switch Group", _ALL),
}  # fmt: skip
"""Domain to the entity, its name when the files give none, and its own keys."""


def _members(domains: tuple[str, ...]) -> Callable[[Any], list[str]]:
    def members(value: Any) -> list[str]:
        ids = entity_ids(value)
        for each in ids:
            if each.partition(".")[0] not in domains:
                raise vol.Invalid(f"Entity ID '{each}' does not belong to domain '{', '.join(domains)}'")
        return ids

    return members


def _service(value: Any) -> dict[str, Any]:
    """A notifier by its name, in the spelling of today or of old."""
    spelled = dict(value) if isinstance(value, Mapping) else value
    if isinstance(spelled, dict) and "service" in spelled and "action" not in spelled:
        spelled["action"] = spelled.pop("service")
    checked: dict[str, Any] = LateSchema({vol.Required("action"): string, vol.Optional("data", default=dict): dict})(
        spelled
    )
    return checked


_NOTIFIERS = LateSchema({vol.Required("services"): [_service], vol.Optional("name"): string})


def _platform(domain: str) -> YamlPlatform:
    kind, name, own = _GROUPS[domain]
    schema = LateSchema(
        {
            vol.Required("entities"): _members(kind.member_domains),
            vol.Optional("name", default=name): string,
            vol.Optional("unique_id"): string,
            **own,
        }
    )
    return YamlPlatform("group", domain, schema, kind)


PLATFORMS = (*map(_platform, sorted(_GROUPS)), YamlPlatform("group", "notify", _NOTIFIERS))


def start_notifiers(home: Home) -> None:
    """A service `notify.<name>` for each group of notifiers in the files."""
    for item in items_of(home, "group"):
        if item.platform.domain != "notify":
            continue
        name = slugify(item.conf.get("name") or "group")
        if home.services.has("notify", name):
            log.warning("there is a service of this name already", service=f"notify.{name}")
            continue
        home.services.register(
            "notify", name, partial(_send, home, item.conf["services"]), MESSAGE,
            description="Sends a message to several notifiers.",
        )  # fmt: skip


def _send(home: Home, services: list[dict[str, Any]], call: ServiceCall) -> None:
    """Send to each; what one refuses is told to the caller when all have been asked."""
    refused: MargeError | None = None
    for each in services:
        own = dict(each["data"])
        message = {**own, **call.data}
        if isinstance(own.get("data"), Mapping) or isinstance(call.data.get("data"), Mapping):
            message["data"] = {**(own.get("data") or {}), **(call.data.get("data") or {})}
        try:
            home.services.call("notify", each["action"].removeprefix("notify."), message, context=call.context)
        except MargeError as exc:
            log.warning("a notifier of a group failed", service=each["action"], error=str(exc))
            refused = exc
    if refused is not None:
        raise refused
