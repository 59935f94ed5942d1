"""The way out for commands: what entities hold of the bridge. It outlives the bridge's actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.mqtt_devices.tasmota.announced import Announced

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.books import Topics
    from marge.home import Home


class DeviceOutlet:
    """Sends commands in the order in which they are given. Callable from any actor's turn."""

    def __init__(self, home: Home, topics: Topics) -> None:
        self.home = home
        self._topics = topics

    def command(self, device: Announced, command: str, payload: str) -> None:
        """Tell a device; lost and counted while there is no connection."""
        self._topics.publish(f"{device.command}{command}", payload)
