"""ESPHome over MQTT: which devices there are, whether they are there, and what they log.

Entities come from their MQTT discovery (`marge.bridges.mqtt`). More in `docs/esphome.md`.
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

PATH = "/bridges/esphome"


def specs(home: Home) -> list[ChildSpec]:
    """One child for all devices of the home."""
    from marge.bridges.mqtt_devices.esphome.bridge import EspHomeBridge
    from marge.bridges.mqtt_devices.esphome.hub import SHARED, EspHomeHub

    topics: Topics = home.shared[TOPICS]
    hub = home.shared[SHARED] = EspHomeHub(home, home.shared[DEVICES].esphome, topics)
    return [ChildSpec("esphome", EspHomeBridge, (home, hub, topics), backoff=BACKOFF)]
