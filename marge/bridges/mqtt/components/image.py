"""MQTT images: pictures in messages, or addresses where pictures are."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import Any

import structlog
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._pictures import MAX_PICTURE_BYTES, content_type_of, picture_of
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, one_of, string, subscribe_topic, template
from marge.domains._pictures import Picture
from marge.domains.image import ImageEntity

log = structlog.get_logger("marge.bridges.mqtt")

FETCH_TIMEOUT_S = 10.0
DEFAULT_TYPE = "image/jpeg"


def _one_source(config: dict[str, Any]) -> dict[str, Any]:
    if "image_topic" not in config and "url_topic" not in config:
        raise vol.Invalid("Expected one of [`image_topic`, `url_topic`], got none")
    if "image_topic" in config and "url_topic" in config:
        raise vol.Invalid("two or more values in the same group of exclusion 'image_topic' @ data[<image_topic>]")
    if "content_type" in config and "url_topic" in config:
        raise vol.Invalid("Option `content_type` can not be used together with `url_topic`")
    return config


SCHEMA = entity_schema(
    {
        vol.Optional("image_topic"): subscribe_topic,
        vol.Optional("url_topic"): subscribe_topic,
        vol.Optional("url_template"): template,
        vol.Optional("image_encoding"): one_of("b64"),
        vol.Optional("content_type"): string,
    },
    _one_source,
)


class MqttImage(MqttEntity, ImageEntity):
    """Keeps the picture, or fetches it from its address when somebody looks at it first."""

    data: bytes | None = None
    url: str | None = None
    fetched: tuple[str, float | None, Picture] | None = None

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Any) -> dict[str, Any]:
        fields = super().fields(config, home)
        del fields["entity_picture"]  # its own address, with its token
        return fields

    @property
    def assumes(self) -> bool:
        return False

    def picture(self) -> Picture | None:
        if self.url is not None:
            return self._fetch(self.url, self.updated_at)
        data = self.data
        return Picture(data, self.config.get("content_type") or content_type_of(data, DEFAULT_TYPE)) if data else None

    def _fetch(self, url: str, told_at: float | None) -> Picture | None:
        known = self.fetched
        if known is not None and known[:2] == (url, told_at):
            return known[2]
        try:
            with urllib.request.urlopen(url, timeout=FETCH_TIMEOUT_S) as reply:  # noqa: S310 - the scheme was checked
                data = reply.read(MAX_PICTURE_BYTES + 1)
                kind = reply.headers.get_content_type()
        except (OSError, ValueError, http.client.HTTPException) as exc:
            log.warning("a picture could not be fetched", entity_id=self.entity_id, error=str(exc))
            return None
        if len(data) > MAX_PICTURE_BYTES or not kind.startswith("image/"):
            log.warning("what was fetched is no picture", entity_id=self.entity_id, size=len(data), content_type=kind)
            return None
        picture = Picture(data, kind)
        self.fetched = (url, told_at, picture)
        return picture


class ImageMapping(Mapping):
    """Reads `image_topic` or `url_topic`. The state is the moment of the message."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "image_topic" in self.config:
            yield self.config["image_topic"], self.on_picture
        else:
            yield self.config["url_topic"], self.on_url

    def on_picture(self, message: Incoming) -> None:
        data: bytes | None = None
        try:
            data = picture_of(message.payload, self.config.get("image_encoding"))
        finally:
            self.report(data=data, updated_at=self.port.home.clock.now())

    def on_url(self, message: Incoming) -> None:
        url = self.render(self.config.get("url_template"), message)
        is_address = url.startswith(("http://", "https://")) and len(url) > len("https://")
        self.report(url=url if is_address else None, updated_at=self.port.home.clock.now())
        if not is_address:
            raise ValueError(f"Invalid image URL {url[:100]!r}: it begins with http:// or https://")


COMPONENT = Component("image", SCHEMA, MqttImage, ImageMapping, "MQTT Image")
