"""zigbee2mqtt: whether its bridge is online, whether devices may join, and which there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marge.bridges.mqtt_devices.books import MAX_DEVICES, Message, Show, Topics, a_dict, a_list

BASE = "zigbee2mqtt/bridge"
ENTITY = "binary_sensor.zigbee2mqtt_bridge"
_FIELDS = (
    "ieee_address", "friendly_name", "type", "model_id", "manufacturer", "power_source", "interviewing",
    "interview_completed", "supported",
)  # fmt: skip
_DEFINITION = ("model", "vendor", "description", "exposes")


class Zigbee2Mqtt:
    """What the bridge said last.

    Attributes:
        state: "online", "offline", or "unknown" until it has said something.
        devices: without the coordinator.
    """

    def __init__(self, show: Show, monotonic: Callable[[], float]) -> None:
        self._show = show
        self._monotonic = monotonic
        self.state = "unknown"
        self.devices: list[dict[str, Any]] = []
        self.groups: list[dict[str, Any]] = []
        self._permit_join = False
        self._permit_until: float | None = None

    def follow(self, topics: Topics) -> None:
        """Hear what the bridge says of itself."""
        topics.follow(f"{BASE}/state", self._on_state)
        topics.follow(f"{BASE}/devices", self._on_devices)
        topics.follow(f"{BASE}/groups", self._on_groups)
        topics.follow(f"{BASE}/event", self._on_event)
        topics.follow(f"{BASE}/info", self._on_info)
        topics.follow(f"{BASE}/response/permit_join", self._on_permit_join)

    @property
    def permit_join(self) -> bool:
        """Whether devices may join: what the bridge said last, or was asked for since."""
        if self._permit_until is not None and self._monotonic() >= self._permit_until:
            self._permit_join, self._permit_until = False, None
        return self._permit_join

    def asked_to_join(self, enable: bool, duration_s: float) -> None:
        """The bridge was asked to let devices join for that long, or not any more."""
        self._permit_join = enable
        self._permit_until = self._monotonic() + duration_s if enable else None

    def _on_state(self, message: Message) -> None:
        found = message.json
        state = found.get("state") if isinstance(found, dict) else (message.text or "").strip().strip('"')
        if state not in ("online", "offline"):
            raise ValueError(f"{message.topic} wants online or offline")
        self.state = state
        self._show(ENTITY, "on" if state == "online" else "off", {"friendly_name": "Zigbee2MQTT Bridge"})

    def _on_devices(self, message: Message) -> None:
        self.devices = [
            _device(each)
            for each in a_list(message)[: MAX_DEVICES + 1]
            if isinstance(each, dict) and each.get("type") != "Coordinator"
        ]

    def _on_groups(self, message: Message) -> None:
        self.groups = [each for each in a_list(message)[:MAX_DEVICES] if isinstance(each, dict)]

    def _on_event(self, message: Message) -> None:
        event = a_dict(message)
        data = event.get("data")
        if event.get("type") == "device_leave" and isinstance(data, dict) and data.get("ieee_address"):
            gone = data["ieee_address"]
            self.devices = [each for each in self.devices if each["ieee_address"] != gone]

    def _on_info(self, message: Message) -> None:
        allowed = a_dict(message).get("permit_join")
        if isinstance(allowed, bool):
            self._permit_join, self._permit_until = allowed, None

    def _on_permit_join(self, message: Message) -> None:
        answer = a_dict(message)
        data = answer.get("data")
        if answer.get("status") == "error" or not isinstance(data, dict):
            self._permit_join, self._permit_until = False, None
        elif isinstance(data.get("value"), bool):
            self._permit_join = data["value"]


def _device(sent: dict[str, Any]) -> dict[str, Any]:
    definition = sent.get("definition")
    shown = None
    if isinstance(definition, dict):
        shown = {name: definition.get(name) for name in _DEFINITION}
    return {**{name: sent.get(name) for name in _FIELDS}, "definition": shown}
