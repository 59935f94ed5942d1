"""MQTT cameras: each message is a picture."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._pictures import content_type_of, picture_of
from marge.bridges.mqtt.entity import MqttEntity, Outlet
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, one_of, subscribe_topic
from marge.domains._pictures import Picture
from marge.domains.camera import CameraEntity

SCHEMA = entity_schema(
    {
        vol.Required("topic"): subscribe_topic,
        vol.Optional("image_encoding"): one_of("b64"),
    }
)


class MqttCamera(MqttEntity, CameraEntity):
    """Shows the latest picture. Takes no commands."""

    data: bytes | None = None

    def __init__(self, outlet: Outlet) -> None:
        super().__init__(outlet)
        self.home = outlet.home

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Any) -> dict[str, Any]:
        fields = super().fields(config, home)
        del fields["entity_picture"]  # its own address, with its token
        return fields

    @property
    def assumes(self) -> bool:
        return False

    def picture(self, width: int | None = None, height: int | None = None) -> Picture | None:
        data = self.data
        return Picture(data, content_type_of(data)) if data else None


class CameraMapping(Mapping):
    """Reads `topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        yield self.config["topic"], self.on_picture

    def on_picture(self, message: Incoming) -> None:
        self.report(data=picture_of(message.payload, self.config.get("image_encoding")))


COMPONENT = Component("camera", SCHEMA, MqttCamera, CameraMapping, "MQTT Camera")
