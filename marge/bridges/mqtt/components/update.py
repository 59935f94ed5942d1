"""MQTT updates: the firmware of a device, installed and newest."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping, json_object
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    one_of,
    positive_int,
    publish_topic,
    string,
    subscribe_topic,
    template,
)
from marge.domains import update as domain
from marge.domains._validators import boolean as truth
from marge.domains.update import UpdateEntity
from marge.model import State
from marge.util.schema import LateSchema

if TYPE_CHECKING:
    from marge.home import Home

PICTURE = "https://brands.home-assistant.io/_/mqtt/icon.png"
"""What clients show for a device that sends no picture; they fetch it themselves."""

SCHEMA = entity_schema(
    {
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("value_template"): template,
        vol.Optional("latest_version_topic"): subscribe_topic,
        vol.Optional("latest_version_template"): template,
        vol.Optional("command_topic"): publish_topic,
        vol.Optional("payload_install"): string,
        vol.Optional("retain", default=False): boolean,
        vol.Optional("title"): string,
        vol.Optional("release_summary"): string,
        vol.Optional("release_url"): string,
        vol.Optional("display_precision", default=0): positive_int,
        vol.Optional("device_class"): vol.Any(None, one_of("firmware")),
    }
)

_text = vol.Any(None, vol.All(vol.Any(str, int, float), vol.Coerce(str)))
_REPORT = LateSchema(
    {
        vol.Optional("installed_version"): _text,
        vol.Optional("latest_version"): _text,
        vol.Optional("title"): vol.Any(None, str),
        vol.Optional("release_summary"): vol.Any(None, str),
        vol.Optional("release_url"): vol.Any(None, "", vol.Url()),
        vol.Optional("entity_picture"): vol.Any(None, vol.Url()),
        vol.Optional("in_progress"): truth,
        vol.Optional("update_percentage"): vol.Any(None, vol.All(vol.Coerce(float), vol.Range(min=0, max=100))),
    },
    extra=vol.REMOVE_EXTRA,
)
"""What a state that is a JSON object may say."""


class MqttUpdate(MqttEntity, UpdateEntity):
    """Publishes `payload_install`."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        can_install = "command_topic" in config and "payload_install" in config
        return {
            **super().fields(config, home),
            "entity_picture": config.get("entity_picture", PICTURE),
            "title": config.get("title"),
            "release_summary": config.get("release_summary"),
            "release_url": config.get("release_url"),
            "display_precision": config["display_precision"],
            "supported_features": domain.PROGRESS | (domain.INSTALL if can_install else 0),
        }

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return False

    def on_add(self) -> None:
        super().on_add()
        before = self.outlet.home.restored.get(self.entity_id)
        if before is not None and self.skipped_version is None:
            self.restore(before)

    def restore(self, state: State) -> None:
        skipped = state.attributes.get("skipped_version")
        if isinstance(skipped, str):
            self.skipped_version = skipped

    def install(self, version: str | None = None, backup: bool = False) -> None:
        self.command("command_topic", self.config["payload_install"], None)


class UpdateMapping(Mapping):
    """Reads versions: a plain text is the installed one, an object says more."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state
        if "latest_version_topic" in self.config:
            yield self.config["latest_version_topic"], self.on_latest

    def on_state(self, message: Incoming) -> None:
        payload = self.render(self.config.get("value_template"), message)
        if not payload:
            return
        try:
            said = json_object(payload)
        except ValueError:
            said = None
        if said is None:
            self.report(installed_version=payload)
            return
        try:
            values: dict[str, Any] = _REPORT(said)
        except vol.Invalid as exc:
            raise ValueError(f"{exc} in {payload[:100]!r}") from exc
        if "update_percentage" in values:
            values.setdefault("in_progress", values["update_percentage"] is not None)
        if values:
            self.report(**values)

    def on_latest(self, message: Incoming) -> None:
        payload = self.render(self.config.get("latest_version_template"), message)
        if payload:
            self.report(latest_version=payload)


COMPONENT = Component("update", SCHEMA, MqttUpdate, UpdateMapping, "MQTT Update")
