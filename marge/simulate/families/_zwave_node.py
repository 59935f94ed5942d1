"""One simulated Z-Wave node as zwave-js-ui shows it. No sockets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

_CLASSES = {
    37: "Binary Switch", 38: "Multilevel Switch", 48: "Binary Sensor", 49: "Multilevel Sensor", 50: "Meter",
    98: "Door Lock", 112: "Configuration", 113: "Notification", 128: "Battery",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of node: its values as (class, property, key, first value, unit, writeable)."""

    name: str
    maker: str
    label: str
    description: str
    values: tuple[tuple[int, str, str | None, Any, str | None, bool], ...]
    sleeps: bool = False


KINDS = (
    Kind("Socket", "AEON Labs", "ZW096", "Smart Switch 6", (
        (37, "currentValue", None, False, None, False), (37, "targetValue", None, False, None, True),
        (50, "value", "66049", 0.0, "W", False), (112, "3", None, 1, None, True),
    )),
    Kind("Dimmer", "Fibargroup", "FGD212", "Dimmer 2", (
        (38, "currentValue", None, 0, None, False), (38, "targetValue", None, 0, None, True),
        (112, "1", None, 5, None, True),
    )),
    Kind("Multisensor", "AEON Labs", "ZW100", "MultiSensor 6", (
        (49, "Air temperature", None, 21.5, "°C", False), (49, "Humidity", None, 45, "%", False),
        (48, "Any", None, False, None, False), (128, "level", None, 90, "%", False),
    ), sleeps=True),
    Kind("Lock", "Yale", "YRD226", "Door Lock", (
        (98, "currentMode", None, 255, None, False), (98, "targetMode", None, 255, None, True),
        (128, "level", None, 70, "%", False),
    )),
)  # fmt: skip


@dataclass
class SimulatedNode:
    """A node and its values."""

    id: int
    kind: Kind | None
    random: Random
    home_hex: str
    status: str = "Alive"
    name: str = ""
    location: str = ""
    last_active: int = 1_767_225_600_000
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind is None:
            return
        if self.kind.sleeps:
            self.status = "Asleep"
        for command_class, name, key, value, unit, writeable in self.kind.values:
            told = {
                "id": f"{self.id}-{command_class}-0-{name}{f'-{key}' if key else ''}", "nodeId": self.id,
                "commandClass": command_class, "commandClassName": _CLASSES[command_class], "endpoint": 0,
                "property": int(name) if name.isdigit() else name, "propertyName": name, "type": _type(value),
                "readable": True, "writeable": writeable, "label": name, "stateless": False, "value": value,
            }  # fmt: skip
            if key is not None:
                told["propertyKey"] = int(key)
            if unit is not None:
                told["unit"] = unit
            self.values[f"{command_class}-0-{name}{f'-{key}' if key else ''}"] = told

    @property
    def title(self) -> str:
        return self.name or f"nodeID_{self.id}"

    @property
    def path(self) -> str:
        """How its topics go on behind the prefix."""
        title = self.title.replace(" ", "_")
        return f"{self.location.replace(' ', '_')}/{title}" if self.location else title

    def info(self) -> dict[str, Any]:
        """As `nodeinfo` says it."""
        kind = self.kind
        return {
            "id": self.id, "deviceId": f"134-{self.id}-2", "manufacturer": kind.maker if kind else "AEON Labs",
            "manufacturerId": 134, "productLabel": kind.label if kind else "ZW090",
            "productDescription": kind.description if kind else "Z-Stick Gen5", "name": self.name,
            "loc": self.location, "neighbors": [1] if self.id != 1 else [], "ready": True,
            "available": self.status != "Dead", "failed": self.status == "Dead", "lastActive": self.last_active,
            "firmwareVersion": "1.13", "isSecure": False, "isControllerNode": self.id == 1, "status": self.status,
            "interviewStage": "Complete", "hexId": f"0x0086-0x0002-0x{self.id:04x}", "inited": True,
        }  # fmt: skip

    def as_listed(self) -> dict[str, Any]:
        """As `getNodes` lists it."""
        return {**self.info(), "values": {key: dict(value) for key, value in self.values.items()}}

    def status_told(self) -> dict[str, Any]:
        return {
            "time": self.last_active, "value": self.status not in ("Dead", "Unknown"), "status": self.status,
            "nodeId": self.id,
        }  # fmt: skip

    def write(self, command_class: int, name: str, value: Any) -> list[str]:
        """Set a value, and what follows it; the ids of those that changed. None: it cannot be written."""
        place = f"{command_class}-0-{name.replace('current', 'target')}"
        told = self.values.get(place)
        if told is None or not told["writeable"]:
            return []
        if command_class == 38 and isinstance(value, (int, float)):
            value = min(int(value), 99)
        told["value"] = value
        changed = [place]
        current = f"{command_class}-0-{name.replace('target', 'current')}"
        if current != place and current in self.values:
            self.values[current]["value"] = value
            changed.append(current)
        return changed

    def drift(self) -> list[str]:
        """A sensor measures something else; the ids of what changed."""
        for place, told in self.values.items():
            if told["commandClass"] in (49, 50):
                told["value"] = round(told["value"] + self.random.uniform(-0.3, 0.3), 1)
                self.last_active += 1_000
                return [place]
        return []

    def discoveries(
        self, prefix: str, gateway: str, topic_of: Mapping[str, str]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Home Assistant discovery as zwave-js-ui sends it: topic and payload."""
        kind = self.kind
        if kind is None:
            return
        device = {
            "identifiers": [f"zwavejs2mqtt_{self.home_hex}_node{self.id}"], "manufacturer": kind.maker,
            "model": f"{kind.description} ({kind.label})", "name": self.title, "sw_version": "1.13",
        }  # fmt: skip
        ready = "{{'true' if value_json.value else 'false'}}"
        availability = [
            {"payload_available": "true", "payload_not_available": "false", "topic": topic, "value_template": ready}
            for topic in (f"{prefix}/{self.path}/status", f"{prefix}/_CLIENTS/ZWAVE_GATEWAY-{gateway}/status")
        ]
        for place, told in self.values.items():
            found = _component(told)
            if found is None:
                continue
            component, object_id, payload = found
            if component in ("switch", "light", "lock"):
                payload["command_topic"] = f"{topic_of[place.replace('current', 'target')]}/set"
            yield (
                f"homeassistant/{component}/{self.title.replace(' ', '_')}/{object_id}/config",
                {
                    **payload, "state_topic": topic_of[place], "device": device, "name": object_id,
                    "unique_id": f"zwavejs2mqtt_{self.home_hex}_{self.id}-{place}", "availability": availability,
                    "availability_mode": "all",
                },
            )  # fmt: skip


def _component(told: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    value = "{{ value_json.value }}"
    match told["commandClass"], told["property"]:
        case 37, "currentValue":
            return "switch", "switch", {"payload_on": "true", "payload_off": "false", "state_on": "True",
                                        "state_off": "False", "value_template": value}  # fmt: skip
        case 38, "currentValue":
            return "light", "dimmer", {
                "supported_color_modes": ["brightness"], "brightness_scale": 99, "on_command_type": "brightness",
                "brightness_state_topic": "", "brightness_value_template": value,
                "state_value_template": "{{ 'OFF' if value_json.value == 0 else 'ON' }}", "payload_off": "0",
                "payload_on": "255",
            }  # fmt: skip
        case 98, "currentMode":
            return "lock", "lock", {"payload_lock": "255", "payload_unlock": "0", "state_locked": "255",
                                    "state_unlocked": "0", "value_template": value}  # fmt: skip
        case 48, name:
            return "binary_sensor", str(name).lower(), {"payload_on": "True", "payload_off": "False",
                                                        "value_template": value}  # fmt: skip
        case ((49 | 50 | 128), name):
            found = {"value_template": value}
            if told.get("unit"):
                found["unit_of_measurement"] = told["unit"]
            return "sensor", str(name).replace(" ", "_").lower(), found
    return None


def _type(value: Any) -> str:
    return "boolean" if isinstance(value, bool) else "number" if isinstance(value, (int, float)) else "string"
