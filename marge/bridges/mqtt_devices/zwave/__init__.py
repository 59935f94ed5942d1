"""Z-Wave JS UI: its nodes and values, and everything one can ask of its controller.

Entities come from its MQTT discovery (`marge.bridges.mqtt`). More in `docs/zwave-js-ui.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF
from marge.bridges.mqtt_devices import SHARED as DEVICES
from marge.bridges.mqtt_devices import TOPICS

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.books import Topics
    from marge.home import Home

PATH = "/bridges/zwave"


def specs(home: Home) -> list[ChildSpec]:
    """One child for all gateways of the home."""
    from marge.bridges.mqtt_devices.zwave.actions import SHARED, ZWaveHub
    from marge.bridges.mqtt_devices.zwave.bridge import ZWaveBridge
    from marge.bridges.mqtt_devices.zwave.requests import Requests

    topics: Topics = home.shared[TOPICS]
    hub = home.shared[SHARED] = ZWaveHub(home, home.shared[DEVICES].zwave, Requests(topics.publish_now))
    return [ChildSpec("zwave", ZWaveBridge, (home, hub, topics), backoff=BACKOFF)]
