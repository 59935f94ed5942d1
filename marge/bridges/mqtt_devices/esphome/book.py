"""ESPHome over MQTT: which devices there are, as they announce themselves, and (native) their plain states.

The list and what is told of a device are written in the MQTT bridge's greenlet, and read by anybody.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from marge.bridges.mqtt_devices.books import MAX_DEVICES, Message, Show, Topics, a_dict, text_of
from marge.util.slug import slugify

DISCOVERY = "homeassistant"
MAX_COMPONENTS = 500
MAX_LINES = 200
"""Of a device's log that are kept."""
MAX_LINE = 500
_DOMAINS = {"text_sensor": "sensor"}
_ON_OFF = {"binary_sensor", "light", "switch", "fan"}
_VERSION = re.compile(r"(?:esphome\s+v?|^)(\d{4}\.\d{1,2}\.\d+\S*|\d+\.\d+\.\d+\S*)", re.IGNORECASE)
_PLAIN_VERSION = re.compile(r"\d{4}\.\d{1,2}\.\d+\S* \(")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"\[(VV|[EWICDV])\]\[([^\]]*)\]: ?")
_MAC = re.compile(r"[0-9a-f]{12}")


@dataclass
class EspDevice:
    """One device.

    Attributes:
        listed: as `GET /api/integrations/esphome` lists it.
        about: what it said on its discovery topic.
        topics: its retained announcements: to be cleared when it is forgotten.
        lines: the last lines of its log: level, component, text.
    """

    listed: dict[str, Any]
    about: dict[str, Any] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)
    lines: deque[tuple[str, str, str]] = field(default_factory=lambda: deque(maxlen=MAX_LINES))
    ends: list[Callable[[], None]] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return str(self.listed["prefix"])

    @property
    def mac(self) -> str:
        """12 hex digits; "" while it has not told its address."""
        plain = str(self.listed["mac_address"]).lower().replace(":", "").replace("-", "")
        return plain if _MAC.fullmatch(plain) else ""


class EspHome:
    """The devices by the prefix of their topics.

    Attributes:
        listener: called with `device`, `gone` or `line`, and the device, when something happens.
    """

    def __init__(self, show: Show) -> None:
        self._show = show
        self._topics: Topics | None = None
        self._devices: dict[str, EspDevice] = {}
        self.listener: Callable[[str, EspDevice], None] | None = None

    @property
    def devices(self) -> list[dict[str, Any]]:
        return [each.listed for each in self._devices.values()]

    def all(self) -> list[EspDevice]:
        return list(self._devices.values())

    def find(self, name: str) -> EspDevice | None:
        """A device by its prefix, its name in discovery, or its address."""
        if name in self._devices:
            return self._devices[name]
        mac = name.lower().replace(":", "")
        return next(
            (each for each in self._devices.values() if mac and mac == each.mac or each.about.get("name") == name), None
        )

    def follow(self, topics: Topics) -> None:
        """Hear announcements; the devices' own topics follow once they are known."""
        self._topics = topics
        topics.follow(f"{DISCOVERY}/+/+/+/config", self._on_announced)
        topics.follow(f"{DISCOVERY}/+/+/config", self._on_announced)
        topics.follow("esphome/discover/+", self._on_described)

    def forget(self, device: EspDevice) -> None:
        """The device is not wanted any more."""
        if self._devices.get(device.prefix) is device:
            del self._devices[device.prefix]
            for end in device.ends:
                end()
            self._tell("gone", device)

    def _tell(self, what: str, device: EspDevice) -> None:
        if self.listener is not None:
            self.listener(what, device)

    def _device(self, prefix: str) -> EspDevice | None:
        found = self._devices.get(prefix)
        if found is None and prefix and self._topics is not None and len(self._devices) < MAX_DEVICES:
            found = self._devices[prefix] = EspDevice(
                {
                    "prefix": prefix, "name": prefix, "version": "", "mac_address": "", "ip_address": "",
                    "online": False, "components": [],
                }
            )  # fmt: skip
            found.ends = [
                self._topics.follow(f"{prefix}/status", self._on_status),
                self._topics.follow(f"{prefix}/debug", self._on_line),
                self._topics.follow(f"{prefix}/+/+/state", self._on_state),
            ]
        return found

    def _on_announced(self, message: Message) -> None:
        config = message.json
        if not isinstance(config, dict):
            if not message.payload:
                for each in self._devices.values():
                    each.topics.discard(message.topic)
            return  # a withdrawal, or the discovery's business
        about = config.get("device", config.get("dev"))
        if not isinstance(about, dict):
            return
        version = _version(about)
        if version is None:
            return
        component = message.topic.split("/")[1]
        topic = _own_topic(config, component)
        device = None if topic is None else self._device(topic[0])
        if device is None or topic is None:
            return
        listed = device.listed
        listed["name"] = text_of(about.get("name")) or listed["name"]
        listed["version"] = version
        listed["mac_address"] = _mac(about) or listed["mac_address"]
        named = f"{component}/{topic[1]}"
        if named not in listed["components"] and len(listed["components"]) < MAX_COMPONENTS:
            listed["components"].append(named)
        if len(device.topics) < MAX_COMPONENTS:
            device.topics.add(message.topic)
        self._join(device)
        self._tell("device", device)

    def _join(self, device: EspDevice) -> None:
        """A device whose topics do not begin with its name was described before by that name: they are one."""
        for other in self.all():
            if other is not device and device.mac and other.mac == device.mac and not other.listed["components"]:
                device.about = device.about or other.about
                device.topics |= other.topics
                listed = device.listed
                listed["ip_address"] = listed["ip_address"] or other.listed["ip_address"]
                self.forget(other)

    def _on_described(self, message: Message) -> None:
        if not message.payload:
            return
        sent = a_dict(message)
        mac = text_of(sent.get("mac")).lower()
        device = next((each for each in self._devices.values() if mac and each.mac == mac), None)
        device = device or self._device(text_of(sent.get("name")))
        if device is not None:
            for name, key in (
                ("name", "friendly_name"), ("version", "version"), ("mac_address", "mac"), ("ip_address", "ip"),
            ):  # fmt: skip
                device.listed[name] = text_of(sent.get(key)) or device.listed[name]
            device.about = {key: sent[key] for key in list(sent)[:50]}
            device.topics.add(message.topic)
            self._tell("device", device)

    def _on_status(self, message: Message) -> None:
        device = self._devices.get(message.topic.rpartition("/")[0])
        if device is not None:
            online = (message.text or "").strip().lower() == "online"
            if online != device.listed["online"]:
                device.listed["online"] = online
                self._tell("device", device)

    def _on_line(self, message: Message) -> None:
        device = self._devices.get(message.topic.rpartition("/")[0])
        if device is not None and message.payload:
            device.lines.append(read_line(message.text))
            self._tell("line", device)

    def _on_state(self, message: Message) -> None:
        prefix, component, name, _state = message.topic.rsplit("/", 3)
        text = message.text
        if text is None:
            raise ValueError("the payload is not valid UTF-8")
        if component in _ON_OFF and text in ("ON", "OFF"):
            text = text.lower()
        entity_id = f"{_DOMAINS.get(component, component)}.esphome_{slugify(prefix)}_{slugify(name)}"
        shown = name.replace("_", " ").replace("-", " ").title()
        self._show(entity_id, text, {"friendly_name": shown, "integration": "esphome"})


def read_line(text: str | None) -> tuple[str, str, str]:
    """Level (`E`, `W`, `I`, `C`, `D`, `V`, `VV`; "" when it has none), component and text of a line of a log."""
    plain = _COLOURS.sub("", text or "")[:MAX_LINE].strip()
    match = _LINE.search(plain)
    return ("", "", plain) if match is None else (match[1], match[2], plain[match.end() :])


def _version(about: dict[str, Any]) -> str | None:
    """The release of ESPHome that a device runs; None: it is no ESPHome device."""
    told = text_of(about.get("sw_version", about.get("sw")))
    maker = text_of(about.get("manufacturer", about.get("mf")))
    if "esphome" not in told.lower() and not (maker.lower() == "espressif" and _PLAIN_VERSION.match(told)):
        return None
    match = re.search(r"esphome\s+v?(\d\S*)", told, re.IGNORECASE) or _VERSION.search(told)
    return match[1].rstrip(")") if match else told


def _own_topic(config: dict[str, Any], component: str) -> tuple[str, str] | None:
    """Prefix and name in the state's or the command's topic, `<prefix>/<component>/<name>/…`."""
    base = text_of(config.get("~"))
    for key in ("state_topic", "stat_t", "command_topic", "cmd_t"):
        topic = text_of(config.get(key))
        topic = base + topic[1:] if topic.startswith("~") else topic
        parts = topic.rsplit("/", 3)
        if len(parts) == 4 and parts[0] and parts[2] and not set(parts[0]) & set("+#"):
            return parts[0], parts[2]
    return None


def _mac(about: dict[str, Any]) -> str:
    """The address among connections, or the first identifier."""
    connections = about.get("connections", about.get("cns"))
    for each in connections if isinstance(connections, list) else ():
        if isinstance(each, list) and len(each) == 2 and each[0] == "mac":
            return text_of(each[1])
    ids = about.get("identifiers", about.get("ids"))
    return text_of(ids[0] if isinstance(ids, list) and ids else ids)
