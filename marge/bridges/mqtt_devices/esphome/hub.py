"""What is known of the ESPHome devices on MQTT, and what one can ask of them: `home.shared["esphome_mqtt"]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.mqtt_devices.esphome.book import EspDevice, EspHome
from marge.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.books import Topics
    from marge.home import Home

SHARED = "esphome_mqtt"
DISCOVER, PING = "esphome/discover", "esphome/ping"


class EspHomeHub:
    """It outlives the actor. Its methods wait until the connection has the message."""

    def __init__(self, home: Home, book: EspHome, topics: Topics) -> None:
        self._home = home
        self.book = book
        self._topics = topics
        self.offered = False
        """Whether its services are registered: since a device was heard of."""

    def find(self, name: str) -> EspDevice:
        """A device by its prefix, name, address or the id of its entry.

        Raises:
            NotFound: no such device.
        """
        found = self.book.find(name)
        entry = self._home.registries.devices.get(name) if found is None else None
        for _kind, address in () if entry is None else entry.connections:
            found = found or self.book.find(address)
        if found is None:
            raise NotFound(f"No ESPHome device is known on MQTT as '{name[:100]}'")
        return found

    def discover(self) -> None:
        """Have all devices describe themselves.

        Raises:
            HomeError: there is no connection.
        """
        self._topics.publish_now(DISCOVER, "")

    def ping(self, device: EspDevice) -> None:
        """Have one device describe itself.

        Raises:
            InvalidRequest: it has not said what it is called.
            HomeError: there is no connection.
        """
        name = device.about.get("name")
        if not isinstance(name, str) or not name or set(name) & set("/+#"):
            raise InvalidRequest(f"{device.prefix} has not told its name; it needs `discover_ip: true`, the default")
        self._topics.publish_now(f"{PING}/{name}", "")

    def forget(self, device: EspDevice) -> int:
        """Clear what a device that is gone for good has left on the broker; its entities go with that.

        Returns:
            How many retained messages were cleared.

        Raises:
            InvalidRequest: it is there.
            HomeError: there is no connection.
        """
        if device.listed["online"]:
            raise InvalidRequest(f"{device.prefix} is online and would announce itself again; switch it off first")
        topics = sorted(device.topics)
        for topic in [*topics, f"{device.prefix}/status"]:
            self._topics.publish_now(topic, b"", 1, True)
        self.book.forget(device)
        return len(topics)


def hub_of(home: Home) -> EspHomeHub | None:
    """The home's ESPHome devices on MQTT; None without MQTT."""
    found: EspHomeHub | None = home.shared.get(SHARED)
    return found
