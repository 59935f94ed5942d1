"""`marge simulate esphome`: devices with the ESPHome firmware on MQTT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import click
import orjson

from marge.simulate.families._fleet import options, run_fleet
from marge.simulate.messages import Effects, Message

MAX_DEVICES = 10_000
VERSION = "2025.4.0"
COMPILED = "Apr 20 2025, 12:00:00"
SIMULATE = "esphome-simulator"
"""First level of the topics that only simulated devices have: what a person does to them."""
# component, id, name, more for its announcement, first state
_ENTITIES: tuple[tuple[str, str, str, dict[str, Any], Any], ...] = (
    ("sensor", "temperature", "Temperature",
     {"unit_of_meas": "°C", "dev_cla": "temperature", "stat_cla": "measurement"}, 21.5),
    ("binary_sensor", "motion", "Motion", {"dev_cla": "motion"}, "OFF"),
    ("switch", "relay", "Relay", {}, "OFF"),
    ("light", "strip", "Strip", {"schema": "json", "supported_color_modes": ["rgb"], "brightness": True},
     {"state": "OFF", "color_mode": "rgb", "brightness": 255, "color": {"r": 255, "g": 255, "b": 255}}),
    ("number", "threshold", "Threshold", {"min": 0, "max": 100, "step": 1}, 30),
    ("button", "restart", "Restart", {"ent_cat": "config", "dev_cla": "restart"}, None),
    ("sensor", "mode", "Mode", {}, "idle"),
)  # fmt: skip
_TAKES = frozenset(("switch", "light", "number", "button"))


@dataclass
class EspHomeDevice:
    """A device and its state."""

    number: int
    random: Random
    online: bool = True
    states: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = f"node-{self.number}"
        self.mac = f"{0x240AC4000000 + self.number:012x}"
        self.states = {(kind, key): orjson.loads(orjson.dumps(state)) for kind, key, _n, _m, state in _ENTITIES}

    def status(self, online: bool) -> Message:
        return Message(f"{self.name}/status", b"online" if online else b"offline", retain=True, qos=1)

    def described(self) -> Message:
        """`esphome/discover/<name>`."""
        about = {
            "ip": f"192.0.2.{self.number % 254 + 1}", "name": self.name, "friendly_name": f"Node {self.number}",
            "port": 6053, "version": VERSION, "mac": self.mac, "platform": "ESP32", "board": "esp32dev",
            "network": "wifi",
        }  # fmt: skip
        return Message.json(f"esphome/discover/{self.name}", about, retain=True, qos=1)

    def announcements(self) -> Iterator[Message]:
        """Home Assistant discovery."""
        mac = ":".join(re.findall("..", self.mac)).upper()
        device = {
            "ids": self.mac, "name": f"Node {self.number}", "sw": f"{VERSION} ({COMPILED})", "mdl": "esp32dev",
            "mf": "Espressif", "cns": [["mac", mac]],
        }  # fmt: skip
        for kind, key, title, more, state in _ENTITIES:
            base = f"{self.name}/{kind}/{key}"
            payload: dict[str, Any] = {**more, "name": title}
            if state is not None:
                payload["stat_t"] = f"{base}/state"
            if kind in _TAKES:
                payload["cmd_t"] = f"{base}/command"
            payload |= {"avty_t": f"{self.name}/status", "uniq_id": f"ESP{kind}{key}{self.number}", "dev": device}
            yield Message.json(f"homeassistant/{kind}/{self.name}/{key}/config", payload, retain=True, qos=1)

    def state(self, kind: str, key: str) -> Message:
        value = self.states[kind, key]
        payload = orjson.dumps(value) if isinstance(value, dict) else str(value).encode()
        return Message(f"{self.name}/{kind}/{key}/state", payload, retain=True)

    def line(self, level: str, component: str, text: str) -> Message:
        """A line of its log, with the colours of a terminal."""
        colour = {"E": "1;31", "W": "0;33", "I": "0;32"}.get(level, "0;36")
        return Message(f"{self.name}/debug", f"\x1b[{colour}m[{level}][{component}]: {text}\x1b[0m".encode())

    def greeting(self) -> Effects:
        told = [self.state(kind, key) for (kind, key), value in self.states.items() if value is not None]
        return [*self.announcements(), self.described(), self.status(True), *told,
                self.line("I", "app:029", f"Running through setup() of {self.name}")]  # fmt: skip

    def command(self, kind: str, key: str, payload: bytes) -> Effects:
        """Carry out `<name>/<component>/<id>/command`."""
        text = payload.decode("utf-8", "replace")
        present = self.states.get((kind, key))
        if kind == "switch" and text in ("ON", "OFF"):
            self.states[kind, key] = text
        elif kind == "light" and isinstance(present, dict):
            try:
                wanted = orjson.loads(payload)
            except orjson.JSONDecodeError:
                return [self.line("W", "mqtt.component:061", "Invalid JSON")]
            if not isinstance(wanted, dict):
                return []
            present.update({name: wanted[name] for name in ("state", "brightness", "color") if name in wanted})
        elif kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
            self.states[kind, key] = min(max(float(text), 0.0), 100.0)
        elif kind == "button" and text == "PRESS":
            return [self.line("I", "safe_mode:041", "Restarting device"), self.status(False), *self.greeting()]
        else:
            return [self.line("W", "mqtt.component:061", f"'{key}': cannot take '{text[:50]}'")]
        return [self.state(kind, key), self.line("D", f"{kind}:021", f"'{key}' >> {text[:50]}")]

    def report(self) -> Effects:
        if not self.online:
            return []
        value = round(self.states["sensor", "temperature"] + self.random.uniform(-0.2, 0.2), 2)
        self.states["sensor", "temperature"] = value
        return [self.state("sensor", "temperature"),
                self.line("D", "sensor:094", f"'Temperature': Sending state {value} °C")]  # fmt: skip


class EspHomeFleet:
    """Devices that are all alike."""

    name = "esphome"

    def __init__(self, devices: int, seed: int = 1) -> None:
        random = Random(seed)
        self.devices = [EspHomeDevice(number, Random(random.random())) for number in range(devices)]
        self._by_name = {each.name: each for each in self.devices}
        self._turn = 0

    @property
    def subscriptions(self) -> list[str]:
        return ["+/+/+/command", "esphome/discover", "esphome/ping/+", f"{SIMULATE}/+", "homeassistant/status"]

    @property
    def will(self) -> Message:
        # One connection has one will: of a fleet that dies at once only its first device is known to be gone.
        return self.devices[0].status(False)

    def announce(self) -> Effects:
        return [effect for each in self.devices for effect in each.greeting()]

    def receive(self, topic: str, payload: bytes) -> Effects:
        parts = topic.split("/")
        there = [each for each in self.devices if each.online]
        if topic == "homeassistant/status":
            return [m for each in there for m in each.announcements()] if payload == b"online" else []
        if topic == "esphome/discover":
            return [each.described() for each in there]
        place = {"esphome": 2, SIMULATE: 1}.get(parts[0], 0)
        device = self._by_name.get(parts[place])
        if device is None:
            return []
        if parts[0] == SIMULATE:
            return self._physical(device, payload)
        if not device.online:
            return []
        if parts[0] == "esphome":
            return [device.described()]
        return device.command(parts[1], parts[2], payload)

    def _physical(self, device: EspHomeDevice, payload: bytes) -> Effects:
        """`{"online": false}`, `{"motion": true}` or `{"log": "text"}`."""
        try:
            wanted = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return []
        effects: Effects = []
        if isinstance(wanted, dict) and isinstance(wanted.get("online"), bool):
            device.online = wanted["online"]
            effects += device.greeting() if device.online else [device.status(False)]
        if isinstance(wanted, dict) and isinstance(wanted.get("motion"), bool):
            device.states["binary_sensor", "motion"] = "ON" if wanted["motion"] else "OFF"
            effects.append(device.state("binary_sensor", "motion"))
        if isinstance(wanted, dict) and isinstance(wanted.get("log"), str):
            effects.append(device.line("W", "test:001", wanted["log"][:200]))
        return effects

    def report(self) -> Effects:
        self._turn = (self._turn + 1) % len(self.devices)
        return self.devices[self._turn].report()

    def farewell(self) -> list[Message]:
        return [each.status(False) for each in self.devices]


@click.command("esphome")
@options(4, MAX_DEVICES)
def command(
    host: str, port: int, username: str | None, password_file: Path | None, devices: int, rate: float, seed: int,
    exit_with_parent: bool,
) -> None:  # fmt: skip
    """ESPHome on MQTT: sensors, switches, lights, numbers, buttons, logs."""
    run_fleet(
        EspHomeFleet(devices, seed), host=host, port=port, username=username, password_file=password_file, rate=rate,
        exit_with_parent=exit_with_parent,
    )  # fmt: skip
