"""zigbee2mqtt: its networks, their devices and groups, and everything one can ask of them.

Entities come from its MQTT discovery (`marge.bridges.mqtt`). More in `docs/zigbee2mqtt.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF
from marge.bridges.mqtt_devices import TOPICS

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.books import Topics
    from marge.bridges.mqtt_devices.zigbee2mqtt.hub import Zigbee2Mqtt
    from marge.home import Home

DOMAIN = "zigbee2mqtt"
SHARED = "zigbee2mqtt"
PATH = "/bridges/zigbee2mqtt"


def specs(home: Home) -> list[ChildSpec]:
    """One child for all networks of the home."""
    from marge.bridges.mqtt_devices.zigbee2mqtt.bridge import Zigbee2MqttBridge
    from marge.bridges.mqtt_devices.zigbee2mqtt.hub import Zigbee2Mqtt
    from marge.bridges.mqtt_devices.zigbee2mqtt.issues import register
    from marge.bridges.mqtt_devices.zigbee2mqtt.requests import Requests

    topics: Topics = home.shared[TOPICS]
    requests = Requests(topics.publish_now, home.clock)
    hub = home.shared[SHARED] = Zigbee2Mqtt(home, requests, home.config.marge.zigbee2mqtt)
    register(home, hub)
    return [ChildSpec("zigbee2mqtt", Zigbee2MqttBridge, (home, hub, topics), backoff=BACKOFF)]


def hub_of(home: Home) -> Zigbee2Mqtt | None:
    """The home's zigbee2mqtts; None without MQTT."""
    found: Zigbee2Mqtt | None = home.shared.get(SHARED)
    return found
