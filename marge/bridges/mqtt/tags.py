"""Readers of tags that are announced by MQTT discovery (`tag`): a message is a scan, and makes no entity.

Part of the bridge's actor. What a tag is stands in `marge.domains.tag`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Port
from marge.bridges.mqtt.schema import DEVICE_SCHEMA, qos, string, subscribe_topic, template
from marge.bridges.mqtt.templates import TemplateFailed

if TYPE_CHECKING:
    from marge.bridges.mqtt.discovery import Announced, DiscoveryKey

log = structlog.get_logger("marge.bridges.mqtt")

COMPONENT = "tag"
MAX_READERS = 1_000

SCHEMA = vol.Schema(
    {
        vol.Required("topic"): subscribe_topic,
        vol.Optional("value_template"): template,
        vol.Optional("device"): DEVICE_SCHEMA,
        vol.Optional("qos", default=0): qos,
        vol.Optional("origin"): dict,
        vol.Optional("encoding"): string,
    },
    extra=vol.REMOVE_EXTRA,
)


@dataclass(frozen=True)
class _Reader:
    device_id: str | None
    topic: str
    handler: Handler
    announced_on: str


class TagReaders:
    """The announced readers of one bridge."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._readers: dict[DiscoveryKey, _Reader] = {}

    def announce(self, announced: Announced, device_of: Callable[[Mapping[str, Any]], str]) -> None:
        """A reader was announced, or announced differently.

        Args:
            device_of: the id of the device that a validated configuration describes.

        Raises:
            vol.Invalid: it is malformed.
        """
        config = SCHEMA(announced.config)
        if len(self._readers) >= MAX_READERS and announced.key not in self._readers:
            raise vol.Invalid(f"more than {MAX_READERS} tag readers")
        device_id = device_of(config) if "device" in config else None
        source = config.get("value_template")

        def scanned(message: Incoming) -> None:
            self._scanned(message, source, device_id)

        reader = _Reader(device_id, config["topic"], scanned, announced.topic)
        before = self._readers.get(announced.key)
        self._readers[announced.key] = reader
        self._port.listen(reader.topic, reader.handler, config["qos"])
        if before is not None:
            self._port.unlisten(before.topic, before.handler)

    def withdraw(self, key: DiscoveryKey) -> str | None:
        """A reader is announced no more. Its device's id when no other reader is part of it; None else."""
        reader = self._readers.pop(key, None)
        if reader is None:
            return None
        self._port.unlisten(reader.topic, reader.handler)
        return None if reader.device_id is None or self.has(reader.device_id) else reader.device_id

    def has(self, device_id: str) -> bool:
        """Whether a reader is part of the device."""
        return any(reader.device_id == device_id for reader in self._readers.values())

    def announced_on(self, device_id: str) -> list[str]:
        """The discovery topics of a device's readers."""
        return [reader.announced_on for reader in self._readers.values() if reader.device_id == device_id]

    def stop(self) -> None:
        """Listen no more."""
        for reader in self._readers.values():
            self._port.unlisten(reader.topic, reader.handler)
        self._readers.clear()

    def _scanned(self, message: Incoming, source: str | None, device_id: str | None) -> None:
        if message.retain:
            return  # an old scan
        tag_id = message.decoded().strip()
        if source is not None:
            try:
                tag_id = self._port.templates.render_value(source, message, "").strip()
            except TemplateFailed as exc:
                log.debug("a tag's template failed", topic=message.topic, error=str(exc))
                return
        if tag_id:
            self._port.home.shared[COMPONENT].scan(tag_id, device_id)
