"""The actor that keeps the registry of ESPHome devices on MQTT, and their log lines in a channel of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from marge.bridges.base import Bridge
from marge.bridges.mqtt_devices.books import Topics
from marge.bridges.mqtt_devices.esphome.book import EspDevice
from marge.bridges.mqtt_devices.esphome.hub import DISCOVER, EspHomeHub
from marge.bridges.mqtt_devices.esphome.services import register
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.home import Home

PLATFORM, MAC = "mqtt", "mac"
LINES_A_SECOND = 20
"""Of one device that are logged; a device at level VERBOSE sends hundreds."""
_METHODS = {"E": "error", "W": "warning", "I": "info", "C": "info"}
_DEVICES_A_TURN = 20

lines_log = structlog.get_logger("marge.bridges.esphome.devices")


class Sync(NamedTuple):
    """Something is known of devices that the registry does not show yet."""


class EspHomeBridge(Bridge):
    """Takes `Sync` from itself. It has no entities of its own: those of discovery follow `status` by themselves."""

    kind = "esphome"

    def __init__(self, home: Home, hub: EspHomeHub, topics: Topics) -> None:
        super().__init__(home)
        self.hub = hub
        self._topics = topics
        self._waiting: dict[str, EspDevice] = {}
        self._shown: dict[str, tuple[Any, ...]] = {}
        self._budget: dict[str, tuple[int, int]] = {}
        self._left_out = 0
        self._ends: list[Callable[[], None]] = []

    def on_start(self) -> None:
        self.hub.book.listener = self._happened
        self._ends = [self._topics.watch(self._connection_changed)]
        for device in self.hub.book.all():
            self._happened("device", device)
        if self._topics.connected:
            self._connection_changed(True)
        self.status = "running"

    def release(self) -> None:
        self.hub.book.listener = None
        for end in self._ends:
            end()
        self._ends = []

    def figures(self) -> dict[str, Any]:
        devices = self.hub.book.devices
        return {
            "devices": len(devices),
            "online": sum(1 for each in devices if each["online"]),
            "waiting": len(self._waiting),
            "log_lines_left_out": self._left_out,
        }

    def on_receive(self, message: Any) -> Any:
        if not isinstance(message, Sync):
            raise TypeError(f"{self.path} does not take {type(message).__name__}")
        number = 0
        while self._waiting:
            prefix = next(iter(self._waiting))
            self._show(self._waiting.pop(prefix))
            number += 1
            if number % _DEVICES_A_TURN == 0:
                let_others_in()
        return None

    # -- in the MQTT bridge's greenlet -------------------------------------------------------------------------------

    def _connection_changed(self, connected: bool) -> None:
        if connected:
            self._topics.publish(DISCOVER, "")  # not all keep their description on the broker
        else:  # their wills are told anew
            for device in self.hub.book.all():
                device.listed["online"] = False

    def _happened(self, what: str, device: EspDevice) -> None:
        if not self.hub.offered:  # a home without such devices has no services for them
            self.hub.offered = True
            register(self.home, self.hub)
        if what == "line":
            self._line(device)
        elif what == "gone":
            self._waiting.pop(device.prefix, None)
            self._shown.pop(device.prefix, None)
            self._budget.pop(device.prefix, None)
        elif device.mac:
            if not self._waiting:
                self.actor_ref.tell(Sync())
            self._waiting[device.prefix] = device

    def _line(self, device: EspDevice) -> None:
        second = int(self.home.clock.monotonic())
        since, count = self._budget.get(device.prefix, (second, 0))
        count = count + 1 if since == second else 1
        self._budget[device.prefix] = (second, count)
        if count > LINES_A_SECOND:
            self._left_out += 1
            return
        level, component, text = device.lines[-1]
        method = getattr(lines_log, _METHODS.get(level, "debug"))
        method(text, device=device.prefix, component=component)

    # -- the registry ------------------------------------------------------------------------------------------------

    def _show(self, device: EspDevice) -> None:
        """The device, which discovery identifies by its address too: they meet."""
        listed, about = device.listed, device.about
        project = about.get("project_name")
        facts = {
            "name": listed["name"], "sw_version": listed["version"], "model": about.get("board"),
            "manufacturer": project.partition(".")[0] if isinstance(project, str) and project else "Espressif",
            "configuration_url": f"http://{listed['ip_address']}/" if about.get("port") == 80 else None,
        }  # fmt: skip
        seen = tuple(facts.values())
        if self._shown.get(device.prefix) == seen:
            return
        self._shown[device.prefix] = seen
        registry = self.home.registries.devices
        entry = registry.find([(PLATFORM, device.mac)], [(MAC, device.mac)])
        told: dict[str, Any] = {
            name: value for name, value in facts.items()
            if isinstance(value, str) and value and (entry is None or getattr(entry, name) is None)
        }  # fmt: skip
        entries = self.home.registries.config_entries.for_domain(PLATFORM)
        registry.get_or_create(
            identifiers=[(PLATFORM, device.mac)], connections=[(MAC, device.mac)],
            config_entry_id=entries[0].entry_id if entries else None, **told,
        )  # fmt: skip
