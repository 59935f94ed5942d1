"""Tasmota: which devices there are, what they say of themselves, and (native) what their sensors measure."""

from __future__ import annotations

import re
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

    @property
    def devices(self) -> list[dict[str, Any]]:
        return list(self._devices.values())

    def follow(self, topics: Topics) -> None:
        """Hear the devices' telemetry, their answers and how they announce themselves."""
        topics.follow("tele/+/LWT", self._on_presence)
        topics.follow("tele/+/STATE", self._on_state)
        topics.follow("tele/+/SENSOR", self._on_sensor)
        for number in (1, 2, 3):
            topics.follow(f"tele/+/INFO{number}", self._on_info)
        topics.follow("stat/+/+", self._on_answer)
        topics.follow("tasmota/discovery/+/config", self._on_announced)

    def _device(self, name: str) -> dict[str, Any] | None:
        """The device of that name, made when there is room."""
        found = self._devices.get(name)
        if found is None and name and len(self._devices) < MAX_DEVICES:
            found = self._devices[name] = {
                "topic_name": name, "friendly_name": name, "module": "", "firmware_version": "", "ip_address": "",
                "mac_address": "", "online": False, "power_states": [],
            }  # fmt: skip
        return found

    def _on_presence(self, message: Message) -> None:
        text = (message.text or "").strip()
        if text not in ("Online", "Offline"):
            return  # another kind of device, or a cleared topic
        device = self._device(message.topic.split("/")[1])
        if device is not None:
            device["online"] = text == "Online"

    def _on_state(self, message: Message) -> None:
        self._powers(message.topic.split("/")[1], a_dict(message))

    def _on_answer(self, message: Message) -> None:
        _stat, name, what = message.topic.split("/")
        if _POWER.fullmatch(what):
            self._powers(name, {what: message.text})
        elif what == "RESULT":
            self._powers(name, a_dict(message))
        elif what in ("STATUS2", "STATUS5"):
            self._facts(name, a_dict(message))

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

    def _on_info(self, message: Message) -> None:
        self._facts(message.topic.split("/")[1], a_dict(message))

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

    def _on_sensor(self, message: Message) -> None:
        name = message.topic.split("/")[1]
        sent = a_dict(message)
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
