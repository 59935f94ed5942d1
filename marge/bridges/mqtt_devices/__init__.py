"""Who is there behind the topics of well-known gateways: lists of devices for `GET /api/integrations`.

Not here: their entities, which come from MQTT discovery (`marge.bridges.mqtt`), and talking to devices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.base import BridgeKind
from marge.components import report_to
from marge.util.parts import find_parts

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home

SHARED = "mqtt_devices"
TOPICS = "mqtt_topics"


def specs(home: Home) -> list[ChildSpec]:
    """The children of the gateways that have an actor of their own: packages in here with `specs`, found by name. The
    other lists are kept by what the MQTT bridge hands them, in its greenlet. Nothing without MQTT."""
    from marge.bridges.mqtt_devices.books import Books

    topics = home.shared.get(TOPICS)
    if topics is None:
        return []
    books = home.shared[SHARED] = Books(home)
    books.follow(topics)
    found: list[ChildSpec] = []
    for _name, module in find_parts(__name__, report_to(home), folders=True):
        found += module.specs(home)
    return found


BRIDGE = BridgeKind("mqtt_devices", specs, "Devices behind MQTT")
