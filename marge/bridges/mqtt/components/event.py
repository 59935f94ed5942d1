"""MQTT events: something happened at a device, such as the press of a button."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, one_of, text_list, with_state_topic
from marge.domains.event import EventEntity
from marge.model import State
from marge.util.dt import parse_iso

if TYPE_CHECKING:
    from marge.home import Home

SCHEMA = entity_schema(
    {
        **with_state_topic(),
        vol.Required("event_types"): text_list,
        vol.Optional("device_class"): vol.Any(None, one_of("button", "doorbell", "motion")),
    }
)


_NOT_DATA = frozenset((
    "event_types", "event_type", "device_class", "entity_picture", "icon", "friendly_name", "restored",
))  # fmt: skip


class MqttEvent(MqttEntity, EventEntity):
    """Takes no commands."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {**super().fields(config, home), "event_types": config["event_types"]}

    def on_add(self) -> None:
        super().on_add()
        before = self.outlet.home.restored.get(self.entity_id)
        if self.happened_at is None and before is not None:
            self.restore(before)

    def restore(self, state: State) -> None:
        moment = parse_iso(state.state)
        if moment is not None:
            self.happened_at = moment.timestamp()
            self.event_type = state.attributes.get("event_type")
            self.event_data = {key: value for key, value in state.attributes.items() if key not in _NOT_DATA}


class EventMapping(Mapping):
    """Reads `state_topic`: a JSON object with `event_type`. Retained messages are old news and ignored, as in HA."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        yield self.config["state_topic"], self.on_event

    def on_event(self, message: Incoming) -> None:
        if message.retain:
            return
        source = self.config.get("value_template")
        payload = self.render(source, message)
        if not payload or payload in ("None", "{}", '""'):
            return
        parsed = message.json if source is None else Incoming(message.topic, payload.encode()).json
        if not isinstance(parsed, dict):
            raise ValueError("No valid JSON event payload detected")
        data = dict(parsed)
        event_type = data.pop("event_type", None)
        if event_type is None:
            raise ValueError("`event_type` missing in JSON event payload")
        if event_type not in self.config["event_types"]:
            raise ValueError(f"Invalid event type {str(event_type)[:50]}")
        self.report(event_type=event_type, event_data=data, happened_at=self.port.home.clock.now())


COMPONENT = Component("event", SCHEMA, MqttEvent, EventMapping, "MQTT Event")
