"""Who is there behind the topics of well-known gateways: lists of devices for `GET /api/integrations`.

Not here: their entities, which come from MQTT discovery (`marge.bridges.mqtt`), and talking to devices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.base import BridgeKind

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home

SHARED = "mqtt_devices"
TOPICS = "mqtt_topics"


def specs(home: Home) -> list[ChildSpec]:
    """No child: the lists are kept by what the MQTT bridge hands them, in its greenlet. Nothing without MQTT."""
    from marge.bridges.mqtt_devices.books import Books

    topics = home.shared.get(TOPICS)
    if topics is not None:
        books = home.shared[SHARED] = Books(home)
        books.follow(topics)
    return []


BRIDGE = BridgeKind("mqtt_devices", specs, "Devices behind MQTT")
