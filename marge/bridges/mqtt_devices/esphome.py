"""ESPHome over MQTT: which devices there are, as their announcements name them, and (native) their plain states."""

from __future__ import annotations

from typing import Any

from marge.bridges.mqtt_devices.books import MAX_DEVICES, Message, Show, Topics, a_dict, text_of
from marge.util.slug import slugify

DISCOVERY = "homeassistant"
MAX_COMPONENTS = 500
_DOMAINS = {"text_sensor": "sensor"}
_ON_OFF = {"binary_sensor", "light", "switch", "fan"}


class EspHome:
    """The devices by the prefix of their topics."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._topics: Topics | None = None
        self._devices: dict[str, dict[str, Any]] = {}

    @property
    def devices(self) -> list[dict[str, Any]]:
        return list(self._devices.values())

    def follow(self, topics: Topics) -> None:
        """Hear announcements; the devices' own topics follow once they are known."""
        self._topics = topics
        topics.follow(f"{DISCOVERY}/+/+/+/config", self._on_announced)
        topics.follow(f"{DISCOVERY}/+/+/config", self._on_announced)
        topics.follow("esphome/discover/+", self._on_described)

    def _device(self, prefix: str) -> dict[str, Any] | None:
        found = self._devices.get(prefix)
        if found is None and prefix and self._topics is not None and len(self._devices) < MAX_DEVICES:
            found = self._devices[prefix] = {
                "prefix": prefix, "name": prefix, "version": "", "mac_address": "", "ip_address": "", "online": False,
                "components": [],
            }  # fmt: skip
            self._topics.follow(f"{prefix}/status", self._on_status)
            self._topics.follow(f"{prefix}/+/+/state", self._on_state)
        return found

    def _on_announced(self, message: Message) -> None:
        config = message.json
        if not isinstance(config, dict):
            return  # a withdrawal, or the discovery's business
        about = config.get("device", config.get("dev"))
        if not isinstance(about, dict):
            return
        version = text_of(about.get("sw_version", about.get("sw")))
        if not version.lower().startswith("esphome"):
            return
        component = message.topic.split("/")[1]
        topic = _own_topic(config, component)
        device = None if topic is None else self._device(topic[0])
        if device is None or topic is None:
            return
        device["name"] = text_of(about.get("name")) or device["name"]
        device["version"] = version.split(" ")[1].lstrip("v") if " " in version else version
        device["mac_address"] = _mac(about) or device["mac_address"]
        named = f"{component}/{topic[1]}"
        if named not in device["components"] and len(device["components"]) < MAX_COMPONENTS:
            device["components"].append(named)

    def _on_described(self, message: Message) -> None:
        if not message.payload:
            return
        sent = a_dict(message)
        device = self._device(text_of(sent.get("name")))
        if device is not None:
            for field, key in (
                ("name", "friendly_name"), ("version", "version"), ("mac_address", "mac"), ("ip_address", "ip"),
            ):  # fmt: skip
                device[field] = text_of(sent.get(key)) or device[field]

    def _on_status(self, message: Message) -> None:
        device = self._devices.get(message.topic.rpartition("/")[0])
        if device is not None:
            device["online"] = (message.text or "").strip().lower() == "online"

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
