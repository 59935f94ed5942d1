"""What is known of the Tasmota devices, and commands to them, for services and REST: `home.shared["tasmota"]`.

It outlives the bridge's actor. Its methods that wait are called in a request's greenlet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import voluptuous as vol
from gevent.event import AsyncResult

from marge.bridges.mqtt_devices.tasmota.announced import Announced
from marge.errors import HomeError, NotFound, Overloaded

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.books import Topics
    from marge.bridges.mqtt_devices.tasmota.book import Tasmota
    from marge.home import Home

SHARED = "tasmota"
MAX_WAITING = 200
MAX_COMMANDS = 30
"""Tasmota takes no more in one `Backlog`."""
ANSWER_S = 5.0
MAX_PAYLOAD = 4_096

_ONE_NAME = vol.All(str, vol.Match(r"^[A-Za-z][A-Za-z0-9_]{0,63}$"), msg="expected the name of a Tasmota command")
_PAYLOAD = vol.All(
    vol.Any(str, int, float, msg="expected a text or a number"), vol.Coerce(str),
    vol.Length(max=MAX_PAYLOAD, msg=f"expected at most {MAX_PAYLOAD} characters"),
)  # fmt: skip
COMMAND_SCHEMA: dict[Any, Any] = {vol.Required("command"): _ONE_NAME, vol.Optional("payload", default=""): _PAYLOAD}


def _commands(value: Any) -> list[str]:
    """A list of commands with their values; none of them may hold another one."""
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_COMMANDS:
        raise vol.Invalid(f"expected a list of 1 to {MAX_COMMANDS} commands")
    for each in value:
        if not isinstance(each, str) or not each.strip() or ";" in each or "\n" in each or len(each) > 500:
            raise vol.Invalid("expected texts such as 'Power1 ON', without a semicolon")
    return [each.strip() for each in value]


BACKLOG_SCHEMA: dict[Any, Any] = {vol.Required("commands"): _commands}


class Address(NamedTuple):
    """Where a device's commands go, and by which key its messages are known."""

    command: str
    key: str
    name: str


class _Asked(NamedTuple):
    key: str
    command: str
    answer: AsyncResult


class TasmotaHub:
    """Attributes:
    announced: devices that announced themselves, by their address; written by the bridge's actor.
    offered: its services are registered, since a device was heard of.
    """

    def __init__(self, home: Home, book: Tasmota, topics: Topics) -> None:
        self._home = home
        self.book = book
        self._topics = topics
        self.announced: dict[str, Announced] = {}
        self.offered = False
        self._asked: list[_Asked] = []

    def find(self, name: str) -> Address:
        """A device by its topic, its address (with or without colons) or the id of its entry.

        Raises:
            NotFound: no such device.
        """
        mac = name.replace(":", "").replace("-", "").upper()
        device = self.announced.get(mac) or next((each for each in self.announced.values() if each.topic == name), None)
        if device is None:
            entry = self._home.registries.devices.get(name)
            macs = [] if entry is None else [each[1].replace(":", "").upper() for each in entry.connections]
            device = next((self.announced[each] for each in macs if each in self.announced), None)
        if device is not None:
            return Address(device.command, device.key, device.name)
        if self.book.find(name) is not None:
            return Address(f"cmnd/{name}/", name, name)
        raise NotFound(f"No Tasmota device is known as '{name[:100]}'")

    def command(self, address: Address, command: str, payload: str, wait: bool) -> dict[str, Any] | None:
        """Send a command. With `wait` its answer; None else.

        Raises:
            HomeError: there is no connection, or no answer came in time.
            Overloaded: too many wait already.
        """
        if not wait:
            self._topics.publish_now(f"{address.command}{command}", payload)
            return None
        if len(self._asked) >= MAX_WAITING:
            raise Overloaded(f"{MAX_WAITING} commands to Tasmota devices wait for an answer; this one was not sent")
        asked = _Asked(address.key, command.lower().rstrip("0123456789"), AsyncResult())
        self._asked.append(asked)
        try:
            self._topics.publish_now(f"{address.command}{command}", payload)
            asked.answer.wait(timeout=ANSWER_S)
        finally:
            self._asked.remove(asked)
        if not asked.answer.ready():
            raise HomeError(f"{address.name} did not answer {command} within {ANSWER_S:g} s; is it switched on?")
        answer: dict[str, Any] = asked.answer.get()
        return answer

    def backlog(self, address: Address, commands: Sequence[str]) -> None:
        """Send several commands, which the device carries out in this order.

        Raises:
            HomeError: there is no connection.
        """
        self._topics.publish_now(f"{address.command}Backlog", ";".join(commands))

    def answered(self, key: str, what: str, content: Mapping[str, Any]) -> None:
        """A device said something; in the MQTT bridge's greenlet. It answers whoever asked first for such a thing."""
        for asked in self._asked:
            if asked.key != key or asked.answer.ready():
                continue
            names = {name.lower().rstrip("0123456789") for name in content}
            is_status = asked.command in ("status", "state") and what.startswith(("STATUS", "STATE"))
            if asked.command in names or is_status or names == {"command"}:
                asked.answer.set(dict(content))
                return


def hub_of(home: Home) -> TasmotaHub | None:
    """The home's Tasmota devices; None without MQTT."""
    found: TasmotaHub | None = home.shared.get(SHARED)
    return found
