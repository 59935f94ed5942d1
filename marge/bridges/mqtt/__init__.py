"""The MQTT client bridge: discovery, states in, commands out, and the service `mqtt.publish`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind

if TYPE_CHECKING:
    from marge.home import Home

PATH = "/bridges/mqtt"


def specs(home: Home) -> list[ChildSpec]:
    """One child, and its service; none without MQTT, or when an external broker's address is missing."""
    from marge.bridges.endpoint import endpoint_of
    from marge.bridges.mqtt import device_triggers
    from marge.bridges.mqtt.bridge import MqttBridge
    from marge.bridges.mqtt.followers import SHARED, Followers
    from marge.bridges.mqtt.outlet import BridgeOutlet
    from marge.bridges.mqtt.services import register

    endpoint = endpoint_of(home)
    if endpoint is None:
        return []
    register(home, PATH)
    followers = home.shared.get(SHARED)
    if not isinstance(followers, Followers):  # those who follow stay when the entry is reloaded
        followers = home.shared[SHARED] = Followers(home.system, PATH)
    home.shared.setdefault(device_triggers.SHARED, {})[device_triggers.DOMAIN] = device_triggers.DeviceTriggers(
        home, followers
    )
    return [ChildSpec("mqtt", MqttBridge, (home, BridgeOutlet(home, PATH), endpoint), backoff=BACKOFF)]


BRIDGE = BridgeKind("mqtt", specs, "MQTT")
