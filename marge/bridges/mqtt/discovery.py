"""Discovery messages as a state machine: bytes in, what to create, change and remove out. No I/O, no actors.

It knows topics, JSON, abbreviations, `~`, and which entity came from which topic. What an entity's keys mean is the
business of `components`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from marge.bridges.mqtt.abbreviations import (
    ABBREVIATIONS,
    DEVICE_ABBREVIATIONS,
    ORIGIN_ABBREVIATIONS,
    expand,
)
from marge.errors import InvalidRequest

MAX_PAYLOAD_BYTES = 1_000_000
"""A zigbee device with 60 entities announces itself with about 40 kB; what is larger than this is a mistake."""
MAX_TOPICS = 100_000
"""Topics whose last announcement is remembered; a home beyond this size is none that one process serves."""
MAX_COMPONENTS = 1_000
"""Of one device-based payload."""

DEVICE = "device"
_NAME = r"[a-zA-Z0-9_-]+"
_SHARED_KEYS = (
    "availability", "availability_mode", "availability_template", "availability_topic", "command_topic", "encoding",
    "payload_available", "payload_not_available", "qos", "state_topic",
)  # fmt: skip
"""What a device-based payload may say once for all its components."""


class DiscoveryError(InvalidRequest):
    """A discovery message cannot be understood."""


class DiscoveryKey(NamedTuple):
    """What a discovered thing is known by as long as it is announced: its component and the ids of its topic."""

    component: str
    discovery_id: str


@dataclass(frozen=True, slots=True)
class Announced:
    """A thing was announced, or announced differently. `config` has long keys and full topics, not yet validated."""

    key: DiscoveryKey
    topic: str
    object_id: str
    config: dict[str, Any]
    is_update: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A thing is gone. `migrate`: only from this topic; its registry entry must stay for the topic to come."""

    key: DiscoveryKey
    migrate: bool = False


Action = Announced | Withdrawn


class TopicParts(NamedTuple):
    """`<prefix>/<component>/[<node_id>/]<object_id>/config`, taken apart."""

    component: str
    node_id: str | None
    object_id: str

    @property
    def discovery_id(self) -> str:
        return f"{self.node_id} {self.object_id}" if self.node_id else self.object_id


def topic_pattern(prefix: str) -> re.Pattern[str]:
    """What discovery topics under `prefix` look like."""
    return re.compile(
        rf"{re.escape(prefix)}/(?P<component>\w+)/(?:(?P<node_id>{_NAME})/)?(?P<object_id>{_NAME})/config", re.ASCII
    )


@dataclass(slots=True)
class _Known:
    """What one discovery topic has announced."""

    digest: bytes
    keys: dict[DiscoveryKey, None] = field(default_factory=dict)


@dataclass(slots=True)
class DiscoveryFigures:
    """Counters for the console."""

    received: int = 0
    repeated: int = 0
    malformed: int = 0


class Discovery:
    """Keeps what each topic announced and turns each message into what changed. One writer: the MQTT bridge."""

    def __init__(self, prefix: str = "homeassistant") -> None:
        self.prefix = prefix
        self.figures = DiscoveryFigures()
        self._pattern = topic_pattern(prefix)
        self._known: dict[str, _Known] = {}

    @property
    def topics(self) -> int:
        """How many topics have announced something that is still there."""
        return len(self._known)

    def feed(self, topic: str, payload: bytes) -> list[Action]:
        """What `payload` on `topic` changes.

        An announcement equal to the last one on its topic changes nothing and is not parsed.

        Raises:
            DiscoveryError: the topic's component is fine and the payload is not; nothing has changed.
        """
        known = self._known.get(topic)
        digest = blake2b(payload, digest_size=16).digest()
        if known is not None and known.digest == digest:
            self.figures.received += 1
            self.figures.repeated += 1
            return []
        if known is None and len(self._known) >= MAX_TOPICS and payload:
            self.figures.received += 1
            self.figures.malformed += 1
            raise DiscoveryError(f"{MAX_TOPICS} topics announce things already")
        match = self._pattern.fullmatch(topic)
        if match is None:
            return []
        self.figures.received += 1
        parts = TopicParts(match["component"], match["node_id"], match["object_id"])
        if not payload.strip():
            return self._withdraw_all(topic)
        try:
            config = _parse_json(payload)
            if _is_migration(config):
                return self._withdraw_all(topic, migrate=True)
            announced = list(_read(parts, topic, config))
        except DiscoveryError:
            self.figures.malformed += 1
            raise
        return self._apply(topic, digest, announced)

    def forget(self, topic: str) -> None:
        """Take the last message of `topic` as not said, so that the same one is parsed again."""
        known = self._known.get(topic)
        if known is not None:
            known.digest = b""

    def _withdraw_all(self, topic: str, *, migrate: bool = False) -> list[Action]:
        known = self._known.pop(topic, None)
        return [] if known is None else [Withdrawn(key, migrate) for key in known.keys]

    def _apply(self, topic: str, digest: bytes, announced: list[Announced | DiscoveryKey]) -> list[Action]:
        known = self._known.setdefault(topic, _Known(digest))
        known.digest = digest
        actions: list[Action] = []
        for item in announced:
            if isinstance(item, DiscoveryKey):  # a component named without a configuration: it is to go
                if item in known.keys:
                    del known.keys[item]
                    actions.append(Withdrawn(item))
                continue
            update = item.key in known.keys
            known.keys[item.key] = None
            actions.append(Announced(item.key, topic, item.object_id, item.config, update))
        if not known.keys:
            del self._known[topic]
        return actions


def _is_migration(config: dict[str, Any]) -> bool:
    return (config.get("migrate_discovery", config.get("migr_discvry")) is True) and len(config) == 1


def _parse_json(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise DiscoveryError(f"the payload has {len(payload)} bytes; at most {MAX_PAYLOAD_BYTES} are read")
    try:
        parsed = orjson.loads(payload)
    except orjson.JSONDecodeError as exc:
        raise DiscoveryError(f"the payload is not JSON: {exc}") from exc
    if not isinstance(parsed, dict):
        raise DiscoveryError(f"the payload is {type(parsed).__name__}, not a JSON object")
    return parsed


def _read(parts: TopicParts, topic: str, raw: dict[str, Any]) -> Iterator[Announced | DiscoveryKey]:
    config = _long_keys(raw)
    if parts.component != DEVICE:
        config.pop("platform", None)
        key = DiscoveryKey(parts.component, parts.discovery_id)
        yield Announced(key, topic, parts.object_id, config, False)
        return
    components = config.get("components")
    for required in ("device", "origin", "components"):
        if required not in config:
            raise DiscoveryError(f"required key not provided @ data['{required}']")
    if not isinstance(components, dict):
        raise DiscoveryError("expected a dictionary for dictionary value @ data['components']")
    if len(components) > MAX_COMPONENTS:
        raise DiscoveryError(f"{len(components)} components; at most {MAX_COMPONENTS} are read")
    shared = {key: config[key] for key in (*_SHARED_KEYS, "device", "origin") if key in config}
    for component_id, part in components.items():
        if not isinstance(part, dict):
            raise DiscoveryError(f"expected a dictionary for dictionary value @ data['components']['{component_id}']")
        if config.get("~") is not None and "~" not in part:
            part = {"~": config["~"], **part}
        own = _long_keys(part)
        platform = own.pop("platform", None)
        if not isinstance(platform, str):
            raise DiscoveryError(f"required key not provided @ data['components']['{component_id}']['platform']")
        key = DiscoveryKey(platform, f"{parts.discovery_id} {component_id}")
        if own.keys() <= {"~"}:
            yield key
        else:
            object_id = f"{parts.object_id}_{component_id}"
            yield Announced(key, topic, object_id, {**shared, **own}, False)


def _long_keys(raw: dict[str, Any]) -> dict[str, Any]:
    config = expand(raw, ABBREVIATIONS)
    if isinstance(device := config.get("device"), dict):
        config["device"] = expand(device, DEVICE_ABBREVIATIONS)
    if isinstance(origin := config.get("origin"), dict):
        config["origin"] = expand(origin, ORIGIN_ABBREVIATIONS)
    availability = config.get("availability")
    if isinstance(availability, list):
        config["availability"] = [
            expand(item, ABBREVIATIONS) if isinstance(item, dict) else item for item in availability
        ]
    base = config.get("~")
    if isinstance(base, str):
        _fill_base(config, base)
        for item in config["availability"] if isinstance(config.get("availability"), list) else ():
            if isinstance(item, dict):
                _fill_base(item, base)
    if "components" not in config:
        config.pop("~", None)
    return config


def _fill_base(values: dict[str, Any], base: str) -> None:
    """Put the base topic where a topic begins or ends with `~`."""
    for key, value in values.items():
        if not key.endswith("topic") or not isinstance(value, str) or not value:
            continue
        if value.endswith("~"):
            value = value[:-1] + base
        if value.startswith("~"):
            value = base + value[1:]
        values[key] = value
