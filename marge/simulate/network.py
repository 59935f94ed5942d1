"""The simulated zigbee2mqtt without its sockets: a message comes in, messages (now or later) go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import orjson
import structlog

from marge.simulate import announce
from marge.simulate.devices.base import Device
from marge.simulate.house import House
from marge.simulate.messages import Effects, Later, Message

log = structlog.get_logger("marge.simulate")

JITTER = 0.2
"""By which share a device is quicker or slower than its kind. Always the same for one device: its echoes keep the order
of its commands."""


class Network:
    """Answers messages as zigbee2mqtt would, and the play topics that only the simulated house has.

    Not thread-safe: one loop feeds it. Nothing that arrives makes it raise.
    """

    def __init__(self, house: House, random: Random, base: str = "zigbee2mqtt", prefix: str = "homeassistant") -> None:
        self.house = house
        self.base = base
        self.prefix = prefix
        self.permit_join = False
        self._random = random
        self._echo_s = {
            device.label.ieee: device.echo_s * random.uniform(1 - JITTER, 1 + JITTER) for device in house.devices
        }
        self._verbs: dict[str, Callable[[Device, str | None, bytes], Effects]] = {
            "set": self._set,
            "get": self._get,
            "simulate": self._simulate,
        }

    @property
    def subscriptions(self) -> list[str]:
        """The topic filters that `receive` wants."""
        filters = [f"{self.base}/+/{verb}" for verb in self._verbs]
        filters += [f"{self.base}/+/{verb}/+" for verb in ("set", "get")]
        return filters + [f"{self.base}/bridge/request/#", f"{self.base}/simulator/power"]

    def announce(self) -> list[Message]:
        """Everything that is retained, in the order in which zigbee2mqtt says it after connecting."""
        messages = [
            announce.bridge_state(self.base, online=True),
            announce.bridge_info(self.base, self.prefix, self.permit_join),
            announce.bridge_devices(self.house, self.base),
            announce.bridge_groups(self.base),
        ]
        for device in self.house.devices:
            messages.append(announce.discovery(device, self.base, self.prefix))
            messages.append(announce.availability(device, self.base))
        # The states come last: by then a listener has read the configs and knows where they belong.
        messages += [announce.report(device, self.base) for device in self.house.devices]
        return messages

    def farewell(self) -> list[Message]:
        """What is said before an orderly end."""
        return [announce.bridge_state(self.base, online=False)]

    def drift(self) -> list[Message]:
        """A moment of the physical world passes: the reports of what changed."""
        return [announce.report(device, self.base) for device in self.house.drift(self._random)]

    def receive(self, topic: str, payload: bytes) -> Effects:
        """React to one message of `subscriptions`."""
        levels = topic.removeprefix(f"{self.base}/").split("/")
        if levels[0] == "bridge":
            return self._request("/".join(levels[2:]), payload)
        if levels == ["simulator", "power"]:
            return self._power(payload)
        verb = self._verbs.get(levels[1]) if len(levels) > 1 else None
        if verb is None:
            return []
        device = self.house.find(levels[0])
        if device is None:
            return self._complain(f"Entity '{levels[0]}' is unknown")
        return verb(device, levels[2] if len(levels) > 2 else None, payload)

    def _set(self, device: Device, attribute: str | None, payload: bytes) -> Effects:
        if not device.online:
            return self._complain(f"Publish 'set' to '{device.label.name}' failed: no network route")
        command = self._command(device, attribute, payload)
        if command is None:
            return self._complain(f"Invalid message for '{device.label.name}', skipping: {payload[:80]!r}")

        def carry_out() -> list[Message]:
            if not device.online:
                return self._complaints(f"Publish 'set' to '{device.label.name}' failed: the device is gone")
            problems = device.set(command)
            return self._complaints(*(f"Publish 'set' to '{device.label.name}': {problem}" for problem in problems)) + [
                announce.report(device, self.base)
            ]

        return [Later(self._echo_s[device.label.ieee], carry_out)]

    def _get(self, device: Device, attribute: str | None, payload: bytes) -> Effects:
        if not device.online:
            return self._complain(f"Publish 'get' to '{device.label.name}' failed: no network route")
        return [Later(self._echo_s[device.label.ieee], lambda: [announce.report(device, self.base)])]

    def _simulate(self, device: Device, attribute: str | None, payload: bytes) -> Effects:
        change = _object(payload)
        if change is None:
            return self._complain(f"simulate '{device.label.name}': expected a JSON object, got {payload[:80]!r}")
        problems = device.simulate(change)
        messages = self._complaints(*(f"simulate '{device.label.name}': {problem}" for problem in problems))
        if device.online:
            messages.append(announce.report(device, self.base))
        return list(messages)

    def _power(self, payload: bytes) -> Effects:
        wanted = (_object(payload) or {}).get("state")
        if wanted not in ("on", "off"):
            return self._complain(f'simulator/power: expected {{"state": "on"}} or "off", got {payload[:80]!r}')
        effects: Effects = []
        for device in self.house.switch_power(wanted == "on"):
            if device.online:
                effects.append(announce.report(device, self.base))
            effects.append(announce.availability(device, self.base))
        return effects

    def _request(self, request: str, payload: bytes) -> Effects:
        body = _object(payload) or {}
        reply: dict[str, Any] = {"data": {}, "status": "ok"}
        effects: Effects = []
        if request == "permit_join" and isinstance(body.get("time"), int):
            self.permit_join = body["time"] > 0
            reply["data"] = {"time": body["time"]}
            effects.append(announce.bridge_info(self.base, self.prefix, self.permit_join))
        elif request == "health_check":
            reply["data"] = {"healthy": True}
        else:
            reply |= {"status": "error", "error": f"not supported by the simulated network: {request[:80]!r}"}
        if "transaction" in body:
            reply["transaction"] = body["transaction"]
        return [*effects, Message.json(f"{self.base}/bridge/response/{_topic_safe(request)}", reply)]

    def _command(self, device: Device, attribute: str | None, payload: bytes) -> Mapping[str, Any] | None:
        """The command as an object; None: nothing that could be one."""
        if not payload:
            return None
        try:
            value = orjson.loads(payload)
        except orjson.JSONDecodeError:
            value = payload.decode("utf-8", "replace")
        if attribute is not None:
            return {attribute: value}
        if isinstance(value, str):
            return {device.plain_key: value}
        return value if isinstance(value, dict) else None

    def _complain(self, text: str) -> Effects:
        return list(self._complaints(text))

    def _complaints(self, *texts: str) -> list[Message]:
        """Log as zigbee2mqtt does: here, and on `bridge/logging`."""
        for text in texts:
            log.warning("refused", reason=text)
        return [
            Message.json(f"{self.base}/bridge/logging", {"level": "error", "message": f"z2m: {text}"}) for text in texts
        ]


def _object(payload: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _topic_safe(request: str) -> str:
    return request.replace("+", "").replace("#", "")
