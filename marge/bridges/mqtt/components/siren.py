"""MQTT sirens: commands and states are JSON unless templates say otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import orjson
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._onoff import is_on_by_payload
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping, json_object
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    publish_topic,
    string,
    subscribe_topic,
    template,
    text_list,
)
from marge.domains import siren as domain
from marge.domains._validators import positive_int, small_float
from marge.domains.siren import SirenEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

SCHEMA = entity_schema(
    {
        vol.Required("command_topic"): publish_topic,
        vol.Optional("command_template"): template,
        vol.Optional("command_off_template"): template,
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("state_value_template"): template,
        vol.Optional("available_tones"): text_list,
        vol.Optional("support_duration", default=True): boolean,
        vol.Optional("support_volume_set", default=True): boolean,
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("state_on"): string,
        vol.Optional("state_off"): string,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
    }
)

_SETTINGS = vol.Schema(
    {
        vol.Optional("tone"): vol.Any(int, string),
        vol.Optional("duration"): positive_int,
        vol.Optional("volume_level"): small_float,
    },
    extra=vol.REMOVE_EXTRA,
)
"""What a state may say beside on and off."""


class MqttSiren(MqttEntity, SirenEntity):
    """Publishes the state with tone, duration and volume."""

    tone: Any = None
    duration: int | None = None
    volume_level: float | None = None

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        features = domain.TURN_ON | domain.TURN_OFF
        for key, bit in (
            ("available_tones", domain.TONES),
            ("support_duration", domain.DURATION),
            ("support_volume_set", domain.VOLUME_SET),
        ):
            if config.get(key):
                features |= bit
        return {
            **super().fields(config, home),
            "available_tones": config.get("available_tones"),
            "supported_features": features,
        }

    def state_attributes(self) -> dict[str, Any]:
        shown = super().state_attributes()
        for key, bit in (("tone", domain.TONES), ("duration", domain.DURATION), ("volume_level", domain.VOLUME_SET)):
            if self.supported_features & bit:
                shown[key] = getattr(self, key)
        return shown

    def turn_on(self, **asked: Any) -> None:
        self._send(True, asked)

    def turn_off(self, **_more: Any) -> None:
        self._send(False, {})

    def _send(self, on: bool, asked: dict[str, Any]) -> None:
        config = self.config
        word = config["payload_on" if on else "payload_off"]
        template = "command_template"
        if not on and "command_off_template" in config:
            template = "command_off_template"
        if template in config:
            self.command("command_topic", word, template, **asked)
        else:
            self.command("command_topic", orjson.dumps({"state": word, **asked}).decode(), None)
        if self.assumes:
            self.apply({"is_on": on, **asked})

    def restore(self, state: State) -> None:
        self.is_on = state.state == "on"
        for key in ("tone", "duration", "volume_level"):
            setattr(self, key, state.attributes.get(key))

    def assume_initial(self) -> None:
        self.is_on = False


class SirenMapping(Mapping):
    """Reads `state_topic`: one of the words, or an object with `state` and the settings."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("state_value_template"), message)
        if not payload or payload == "{}":
            return
        values: dict[str, Any] = {}
        on, off = config.get("state_on", config["payload_on"]), config.get("state_off", config["payload_off"])
        known, is_on = is_on_by_payload(payload, on, off, native=self.port.is_native)
        if known:
            self.report(is_on=is_on)
            return
        said = json_object(payload)
        if said is None:
            raise ValueError(f"No valid (JSON) payload detected: {payload[:50]!r}")
        state = said.pop("state", None)
        if state is not None:
            known, is_on = is_on_by_payload(str(state), on, off, native=self.port.is_native)
            if known:
                values["is_on"] = is_on
        try:
            settings = _SETTINGS(said)
        except vol.Invalid as exc:
            if values:
                self.report(**values)
            raise ValueError(f"{exc} in {payload[:100]!r}") from exc
        tone = settings.get("tone")
        if tone is not None and tone not in config.get("available_tones", []):
            raise ValueError(f"Invalid tone specified for entity {self.entity_id}: {str(tone)[:50]}")
        values.update(settings)
        if values:
            self.report(**values)


COMPONENT = Component("siren", SCHEMA, MqttSiren, SirenMapping, "MQTT Siren")
