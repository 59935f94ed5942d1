"""`marge simulate tasmota`: devices with the Tasmota firmware. Not here: what one of them says."""

from __future__ import annotations

from pathlib import Path
from random import Random

import click
import orjson

from marge.simulate.families._fleet import options, run_fleet
from marge.simulate.families._tasmota_device import MODELS, TasmotaDevice
from marge.simulate.messages import Effects, Message

MAX_DEVICES = 10_000
SIMULATE = "tasmota-simulator"
"""First level of the topics that only simulated devices have: what a person does to them."""


class TasmotaFleet:
    """Devices of all models in turn."""

    name = "tasmota"

    def __init__(self, devices: int, seed: int = 1, option19: bool = False) -> None:
        random = Random(seed)
        self.devices = [
            TasmotaDevice(MODELS[number % len(MODELS)], number, Random(random.random()), option19=option19)
            for number in range(devices)
        ]
        self._by_topic = {each.topic: each for each in self.devices}
        self._turn = 0

    @property
    def subscriptions(self) -> list[str]:
        own = [f"cmnd/{each.topic}/+" for each in self.devices] if len(self.devices) <= 100 else ["cmnd/+/+"]
        return [*own, "cmnd/tasmotas/+", f"{SIMULATE}/+"]

    @property
    def will(self) -> Message:
        # One connection has one will: of a fleet that dies at once only its first device is known to be gone.
        return self.devices[0].presence(False)

    def announce(self) -> Effects:
        return [message for each in self.devices for message in each.greeting()]

    def receive(self, topic: str, payload: bytes) -> Effects:
        parts = topic.split("/")
        if parts[0] == SIMULATE:
            return self._physical(parts[1], payload)
        text = payload.decode("utf-8", "replace")
        if parts[1] == "tasmotas":
            return [message for each in self.devices if each.online for message in each.command(parts[2], text)]
        device = self._by_topic.get(parts[1])
        return [] if device is None or not device.online else list(device.command(parts[2], text))

    def _physical(self, name: str, payload: bytes) -> Effects:
        """`{"online": false}`, `{"Button1": "SINGLE"}`, `{"Switch1": "ON"}`, `{"leave": true}`."""
        device = self._by_topic.get(name)
        try:
            wanted = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return []
        if device is None or not isinstance(wanted, dict):
            return []
        effects: Effects = []
        for key, value in wanted.items():
            if key == "online" and isinstance(value, bool):
                device.online = value
                effects += device.greeting() if value else [device.presence(False)]
            elif key == "leave":
                device.online = False
                base = f"tasmota/discovery/{device.mac}"
                effects += [Message(f"{base}/{each}", b"", True, 1) for each in ("config", "sensors")]
            elif key.startswith(("Button", "Switch")) and isinstance(value, str):
                effects.append(Message.json(f"stat/{device.topic}/RESULT", {key: {"Action": value}}))
        return effects

    def report(self) -> Effects:
        self._turn = (self._turn + 1) % len(self.devices)
        return list(self.devices[self._turn].report())

    def farewell(self) -> list[Message]:
        return [each.presence(False) for each in self.devices]


@click.command("tasmota")
@options(8, MAX_DEVICES)
@click.option("--setoption19", is_flag=True, help="Announce by Home Assistant's discovery, as older releases do.")
def command(
    host: str, port: int, username: str | None, password_file: Path | None, devices: int, rate: float, seed: int,
    exit_with_parent: bool, setoption19: bool,
) -> None:  # fmt: skip
    """Tasmota: plugs, lamps, blinds, sensors, with native discovery, energy and Backlog."""
    run_fleet(
        TasmotaFleet(devices, seed, setoption19), host=host, port=port, username=username,
        password_file=password_file, rate=rate, exit_with_parent=exit_with_parent,
    )  # fmt: skip
