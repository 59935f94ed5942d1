"""Announces entities for zigbee2mqtts that do not do it themselves, to our own discovery only: nothing is published."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import orjson

from marge.bridges.mqtt_devices.zigbee2mqtt.exposes import announcements
from marge.bridges.mqtt_devices.zigbee2mqtt.issues import prefix_of
from marge.bridges.mqtt_devices.zigbee2mqtt.registry import bridge_identifier

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.books import Topics
    from marge.bridges.mqtt_devices.zigbee2mqtt.facts import ZigbeeDevice
    from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network
    from marge.home import Home

_LEVELS = 4
"""Slashes of a discovery topic, beside those of its prefix."""


class Announcer:
    """What was announced of each network. Called by the bridge's actor."""

    def __init__(self, home: Home, topics: Topics) -> None:
        self._home = home
        self._topics = topics
        self._announced: dict[str, dict[str, tuple[ZigbeeDevice, bool]]] = {}

    def sync(self, network: Network) -> Iterator[None]:
        """Announce all that the network's devices expose, and take back what is gone. A step a device.

        Equal announcements cost our discovery next to nothing, so all are made each time.
        """
        if network.info.discovery is not False:
            # It announces its devices itself: under the same topics, so what it announces takes over what we did.
            self._announced.pop(network.base, None)
            return
        before = self._announced.setdefault(network.base, {})
        present = {device.ieee_address: device for device in network.members() if device.is_interviewed}
        for device in present.values():
            yield
            watched = network.is_online(device) is not None
            configs = self._configs(network, device, watched)
            former = before.get(device.ieee_address)
            if former is not None and former[0].definition != device.definition:
                self._withdraw(network, former, keep=configs.keys())
            for topic, config in configs.items():
                self._topics.hear(topic, config)
            before[device.ieee_address] = device, watched
        for gone in before.keys() - present.keys():
            yield
            self._withdraw(network, before.pop(gone))

    def _configs(self, network: Network, device: ZigbeeDevice, watched: bool) -> dict[str, bytes]:
        """The device's announcements by topic."""
        address = network.info.coordinator_address
        via = None if address is None else bridge_identifier(address)[1]
        if any(char in device.friendly_name for char in "+#\0"):
            return {}
        found: dict[str, bytes] = {}
        prefix = prefix_of(self._home)
        for each in announcements(network.base, device, watched, via):
            topic = each.topic(prefix, device.ieee_address)
            if topic.count("/") == _LEVELS + prefix.count("/") and not any(char in topic for char in "+#\0"):
                found[topic] = orjson.dumps(each.config)
        return found

    def _withdraw(self, network: Network, former: tuple[ZigbeeDevice, bool], keep: Collection[str] = ()) -> None:
        for topic, config in self._configs(network, *former).items():
            if topic not in keep:
                self._topics.hear(topic, config)  # discovery may have begun anew, and know nothing of it
                self._topics.hear(topic, b"")
