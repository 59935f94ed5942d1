"""What zigbee2mqtt's messages say, checked and as values: devices, groups, the bridge about itself. Pure, no I/O."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

MAX_DEVICES = 10_000
"""In one network. A house has a few hundred; a broken client must not fill the memory."""
MAX_GROUPS, MAX_MEMBERS = 2_000, 2_000
MAX_TEXT = 255
MAX_DEFINITIONS = 5_000
MAX_DEFINITION_BYTES = 512 * 1024

COORDINATOR = "Coordinator"
LISTED = (
    "ieee_address", "friendly_name", "type", "model_id", "manufacturer", "power_source", "interviewing",
    "interview_completed", "supported",
)  # fmt: skip
"""What `GET /api/integrations/zigbee2mqtt` tells of a device, beside its definition."""
_MORE = (
    "network_address", "software_build_id", "date_code", "description", "disabled", "interview_state",
)  # fmt: skip
_ENDPOINT = re.compile(r"[0-9]{1,3}\Z")
_DEFINITION = ("model", "vendor", "description", "exposes")


class NotUnderstood(ValueError):
    """A message is not what its topic promises."""


def plain(value: Any) -> Any:
    """A text (shortened), a number or a truth value as it is; None for all else, and for numbers that JSON has no
    room for."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, bool | int) and abs(value) < 1 << 63 else None


def text_of(value: Any) -> str | None:
    """A text that is not empty; None for all else."""
    return (_clean(value) or None) if isinstance(value, str) else None


def _clean(text: str) -> str:
    """Shortened, and without control characters: firmware fills its texts up with zeros."""
    short = text[:MAX_TEXT]
    return short if short.isprintable() else "".join(char for char in short if char.isprintable())


@dataclass(frozen=True, slots=True)
class ZigbeeDevice:
    """One device as `bridge/devices` describes it.

    Attributes:
        facts: the scalars among `LISTED` and the rest that Marge knows of; None where nothing was said.
        definition: what kind of device it is; None: not supported, or not interviewed yet.
        endpoints: their numbers.
    """

    ieee_address: str
    friendly_name: str
    facts: Mapping[str, Any]
    definition: Mapping[str, Any] | None = None
    endpoints: tuple[int, ...] = ()

    @property
    def is_coordinator(self) -> bool:
        return self.facts.get("type") == COORDINATOR

    @property
    def interview_state(self) -> str:
        """PENDING, IN_PROGRESS, SUCCESSFUL or FAILED; older releases say it in two truth values."""
        told = self.facts.get("interview_state")
        if isinstance(told, str):
            return told
        if self.facts.get("interviewing"):
            return "IN_PROGRESS"
        return "PENDING" if self.facts.get("interview_completed") is False else "SUCCESSFUL"

    @property
    def is_interviewed(self) -> bool:
        """Whether nothing more is to be learned about it for now."""
        return self.interview_state in ("SUCCESSFUL", "FAILED")

    @property
    def supports_ota(self) -> bool:
        return self.definition is not None and self.definition.get("supports_ota") is True

    def listed(self) -> dict[str, Any]:
        """As the short list shows it."""
        shown = None if self.definition is None else {name: self.definition.get(name) for name in _DEFINITION}
        return {**{name: self.facts.get(name) for name in LISTED}, **self._interview(), "definition": shown}

    def _interview(self) -> dict[str, bool]:
        """The two truth values that newer releases leave out."""
        state = self.facts.get("interview_state")
        if not isinstance(state, str) or self.facts.get("interview_completed") is not None:
            return {}
        return {"interviewing": state == "IN_PROGRESS", "interview_completed": state == "SUCCESSFUL"}

    def as_dict(self) -> dict[str, Any]:
        """All that is known of it."""
        definition = None if self.definition is None else dict(self.definition)
        return {
            **self.facts,
            **self._interview(),
            "interview_state": self.interview_state,
            "supports_ota": self.supports_ota,
            "endpoints": list(self.endpoints),
            "definition": definition,
        }

    def with_facts(self, **facts: Any) -> ZigbeeDevice:
        """The same device with other facts."""
        return replace(self, facts={**self.facts, **facts})


class Definitions:
    """One copy of each kind's definition: two hundred lamps of one model share it."""

    def __init__(self) -> None:
        self._known: dict[bytes, Mapping[str, Any]] = {}

    def shared(self, definition: dict[str, Any]) -> Mapping[str, Any]:
        """An equal definition that is kept already, or this one."""
        try:
            blob = orjson.dumps(definition)
        except orjson.JSONEncodeError:  # nested deeper than anything that could be shown again
            blob = b""
        if not blob or len(blob) > MAX_DEFINITION_BYTES:
            return {name: plain(definition.get(name)) for name in ("model", "vendor", "description", "supports_ota")}
        if len(self._known) >= MAX_DEFINITIONS:
            self._known.clear()  # models come and go; those in use are learned again
        return self._known.setdefault(blob, definition)


def device_of(sent: Any, definitions: Definitions) -> ZigbeeDevice | None:
    """One item of `bridge/devices`; None: nothing that could be a device."""
    address = text_of(sent.get("ieee_address")) if isinstance(sent, dict) else None
    if address is None:
        return None
    definition = sent.get("definition")
    endpoints = sent.get("endpoints")
    facts = {name: plain(sent.get(name)) for name in (*LISTED, *_MORE)}
    name = text_of(sent.get("friendly_name"))
    return ZigbeeDevice(
        address,
        name or address,
        facts,
        definitions.shared(definition) if isinstance(definition, dict) else None,
        tuple(int(each) for each in endpoints if _ENDPOINT.match(each)) if isinstance(endpoints, dict) else (),
    )


@dataclass(frozen=True, slots=True)
class ZigbeeGroup:
    """One group. `members`: `(ieee address, endpoint)`; `scenes`: `(id, name)`."""

    id: int
    friendly_name: str
    description: str | None = None
    members: tuple[tuple[str, int], ...] = ()
    scenes: tuple[tuple[int, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "friendly_name": self.friendly_name,
            "description": self.description,
            "members": [{"ieee_address": address, "endpoint": endpoint} for address, endpoint in self.members],
            "scenes": [{"id": number, "name": name} for number, name in self.scenes],
        }


def group_of(sent: Any) -> ZigbeeGroup | None:
    """One item of `bridge/groups`; None: nothing that could be a group."""
    if not isinstance(sent, dict) or type(sent.get("id")) is not int:
        return None
    members = tuple(
        (each["ieee_address"][:MAX_TEXT], each["endpoint"])
        for each in _dicts(sent.get("members"))
        if isinstance(each.get("ieee_address"), str) and type(each.get("endpoint")) is int
    )
    scenes = tuple(
        (each["id"], str(plain(each.get("name")) or "")) for each in _dicts(sent.get("scenes"))
        if type(each.get("id")) is int
    )  # fmt: skip
    name = text_of(sent.get("friendly_name")) or str(sent["id"])
    return ZigbeeGroup(sent["id"], name, text_of(sent.get("description")), members, scenes)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value[:MAX_MEMBERS] if isinstance(each, dict)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Info:
    """What `bridge/info` says of the bridge.

    Attributes:
        coordinator_address: its IEEE address; None before a bridge has said it.
        permit_join_until: UTC epoch seconds; None: not open, or nobody knows how long.
        discovery: whether it announces its devices by Home Assistant discovery; None: not said.
        discovery_prefix: first level of the announcements' topics.
    """

    version: str | None = None
    commit: str | None = None
    coordinator_address: str | None = None
    coordinator_type: str | None = None
    coordinator_revision: str | None = None
    channel: int | None = None
    pan_id: int | None = None
    log_level: str | None = None
    restart_required: bool = False
    permit_join: bool | None = None
    permit_join_until: float | None = None
    discovery: bool | None = None
    discovery_prefix: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "commit": self.commit,
            "coordinator": {
                "ieee_address": self.coordinator_address,
                "type": self.coordinator_type,
                "revision": self.coordinator_revision,
            },
            "channel": self.channel,
            "pan_id": self.pan_id,
            "log_level": self.log_level,
            "restart_required": self.restart_required,
            "discovery": self.discovery,
            "discovery_prefix": self.discovery_prefix,
        }


def info_of(sent: Any, now: float) -> Info:
    """The bridge about itself.

    Args:
        now: UTC epoch seconds; releases before 2.0 say how many seconds are left.

    Raises:
        NotUnderstood: no JSON object.
    """
    if not isinstance(sent, dict):
        raise NotUnderstood("bridge/info wants a JSON object")
    coordinator, network, config = (_object(sent.get(name)) for name in ("coordinator", "network", "config"))
    discovery, prefix = _discovery(config.get("homeassistant"))
    permit_join = sent.get("permit_join")
    return Info(
        version=text_of(sent.get("version")),
        commit=text_of(sent.get("commit")),
        coordinator_address=text_of(coordinator.get("ieee_address")),
        coordinator_type=text_of(coordinator.get("type")),
        coordinator_revision=_revision(_object(coordinator.get("meta"))),
        channel=_integer(network.get("channel")),
        pan_id=_integer(network.get("pan_id")),
        log_level=text_of(sent.get("log_level")),
        restart_required=sent.get("restart_required") is True,
        permit_join=permit_join if isinstance(permit_join, bool) else None,
        permit_join_until=_until(sent, now) if permit_join is True else None,
        discovery=discovery,
        discovery_prefix=prefix,
    )


def _discovery(value: Any) -> tuple[bool | None, str | None]:
    """`homeassistant:` of its configuration: an object with `enabled` since 2.0, a truth value or an object before."""
    if isinstance(value, bool):
        return value, None
    if not isinstance(value, dict):
        return None, None
    enabled = value.get("enabled", True)
    return enabled if isinstance(enabled, bool) else None, text_of(value.get("discovery_topic"))


def _until(sent: Mapping[str, Any], now: float) -> float | None:
    end: Any = sent.get("permit_join_end")
    left: Any = sent.get("permit_join_timeout")
    if _is_number(end):
        return float(end) / 1000.0
    return now + float(left) if _is_number(left) and left > 0 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _integer(value: Any) -> int | None:
    return value if type(value) is int else None


def _revision(meta: Mapping[str, Any]) -> str | None:
    found = plain(meta.get("revision"))
    return None if found is None or found == "" else str(found)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Update:
    """A device's firmware as its state message tells it.

    Attributes:
        state: idle, available, scheduled or updating.
        progress: percent, while it is updating. remaining_s: seconds, likewise.
    """

    state: str
    installed_version: int | None = None
    latest_version: int | None = None
    progress: float | None = None
    remaining_s: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "installed_version": self.installed_version,
            "latest_version": self.latest_version,
            "progress": self.progress,
            "remaining": self.remaining_s,
        }


def update_of(sent: Any) -> Update | None:
    """The `update` part of a device's state message; None: there is none."""
    told = sent.get("update") if isinstance(sent, dict) else None
    if not isinstance(told, dict) or not isinstance(told.get("state"), str):
        return None
    number: Callable[[str], float | None] = lambda name: told[name] if _is_number(told.get(name)) else None  # noqa: E731
    return Update(
        told["state"][:MAX_TEXT], _integer(told.get("installed_version")), _integer(told.get("latest_version")),
        number("progress"), number("remaining"),
    )  # fmt: skip


def is_online(text: str | None, sent: Any, what: str) -> bool:
    """Both forms of `bridge/state` and availability: the word, or a JSON object with `state`.

    Raises:
        NotUnderstood: neither.
    """
    word = sent.get("state") if isinstance(sent, dict) else (text or "").strip().strip('"')
    if word not in ("online", "offline"):
        raise NotUnderstood(f"{what} wants online or offline")
    return bool(word == "online")
