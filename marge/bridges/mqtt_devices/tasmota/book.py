"""Which Tasmota devices there are, what they say of themselves, and (native) what their sensors measure.

The list is there without a config entry, and for devices that never announced themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from marge.bridges.mqtt_devices.books import MAX_DEVICES, Message, Show, Topics, a_dict, text_of
from marge.util.slug import slugify

MAX_RELAYS = 32
MAX_METRICS = 200
_POWER = re.compile(r"POWER([1-9]\d?)?")


class Tasmota:
    """The devices by the name in their topics."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._devices: dict[str, dict[str, Any]] = {}
        self.listener: Callable[[str, str, str, Message], None] | None = None
        """Called with prefix (`tele` or `stat`), name, last level and message of everything that is heard."""

    @property
    def devices(self) -> list[dict[str, Any]]:
        return list(self._devices.values())

    def find(self, name: str) -> dict[str, Any] | None:
        """The device of that name."""
        return self._devices.get(name)

    def follow(self, topics: Topics) -> None:
        """Hear the devices' telemetry, their answers and how they announce themselves."""
        for what in ("LWT", "STATE", "SENSOR", "INFO1", "INFO2", "INFO3"):
            topics.follow(f"tele/+/{what}", self._on_usual)
        topics.follow("stat/+/+", self._on_usual)
        topics.follow("tasmota/discovery/+/config", self._on_announced)

    def heard(self, prefix: str, name: str, what: str, message: Message) -> None:
        """A device's message, whatever its topic looks like: `what` is the last level."""
        if self.listener is not None:
            self.listener(prefix, name, what, message)
        match prefix, what:
            case "tele", "LWT":
                self._presence(name, message)
            case "tele", "STATE":
                self._powers(name, a_dict(message))
            case "tele", "SENSOR":
                self._sensors(name, a_dict(message))
            case "tele", "INFO1" | "INFO2" | "INFO3":
                self._facts(name, a_dict(message))
            case "stat", "RESULT":
                self._powers(name, a_dict(message))
            case "stat", "STATUS2" | "STATUS5":
                self._facts(name, a_dict(message))
            case "stat", _ if _POWER.fullmatch(what):
                self._powers(name, {what: message.text})

    def _on_usual(self, message: Message) -> None:
        prefix, name, what = message.topic.split("/")
        self.heard(prefix, name, what, message)

    def _device(self, name: str) -> dict[str, Any] | None:
        """The device of that name, made when there is room."""
        found = self._devices.get(name)
        if found is None and name and len(self._devices) < MAX_DEVICES:
            found = self._devices[name] = {
                "topic_name": name, "friendly_name": name, "module": "", "firmware_version": "", "ip_address": "",
                "mac_address": "", "online": False, "power_states": [],
            }  # fmt: skip
        return found

    def present(self, name: str, online: bool) -> None:
        """A device came or went, in whatever words."""
        device = self._device(name)
        if device is not None:
            device["online"] = online

    def _presence(self, name: str, message: Message) -> None:
        text = (message.text or "").strip()
        if text in ("Online", "Offline"):  # else another kind of device, or a cleared topic
            self.present(name, text == "Online")

    def _powers(self, name: str, sent: dict[str, Any]) -> None:
        for key, value in sent.items():
            match = _POWER.fullmatch(key)
            if match is None or value not in ("ON", "OFF"):
                continue
            index = int(match[1] or 1) - 1
            device = self._device(name) if index < MAX_RELAYS else None
            if device is not None:
                states = device["power_states"]
                states.extend([False] * (index + 1 - len(states)))
                states[index] = value == "ON"

    def _facts(self, name: str, sent: dict[str, Any]) -> None:
        """What is told flat, or one level below (`{"Info1": {…}}`)."""
        device = self._device(name)
        if device is None:
            return
        inner = next((each for each in sent.values() if isinstance(each, dict)), sent)
        for field, keys in (
            ("module", ("Module",)), ("firmware_version", ("Version",)), ("ip_address", ("IPAddress",)),
            ("mac_address", ("Mac",)),
        ):  # fmt: skip
            for key in keys:
                device[field] = text_of(inner.get(key)) or device[field]

    def _on_announced(self, message: Message) -> None:
        if not message.payload:
            return
        sent = a_dict(message)
        device = self._device(text_of(sent.get("t")))
        if device is not None:
            names = sent.get("fn")
            first = names[0] if isinstance(names, list) and names else None
            device["friendly_name"] = text_of(sent.get("dn")) or text_of(first) or device["friendly_name"]
            for field, key in (
                ("module", "md"), ("firmware_version", "sw"), ("ip_address", "ip"), ("mac_address", "mac"),
            ):  # fmt: skip
                device[field] = text_of(sent.get(key)) or device[field]

    def _sensors(self, name: str, sent: dict[str, Any]) -> None:
        self._device(name)
        metrics = [
            (sensor, metric, value)
            for sensor, block in sent.items()
            if isinstance(block, dict)
            for metric, value in block.items()
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        ]
        for sensor, metric, value in metrics[:MAX_METRICS]:
            entity_id = f"sensor.tasmota_{slugify(f'{name} {sensor} {metric}')}"
            self._show(entity_id, str(value), {"friendly_name": f"{name} {sensor} {metric}", "integration": "tasmota"})
