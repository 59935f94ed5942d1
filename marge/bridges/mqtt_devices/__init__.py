"""Who is there behind the topics of well-known gateways: lists of devices for `GET /api/integrations`.

Not here: their entities, which come from MQTT discovery (`marge.bridges.mqtt`), and talking to devices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from marge.bridges.base import BridgeKind
from marge.components import report_to
from marge.util.parts import BrokenPart, find_parts

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt_devices")

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
    report = report_to(home)
    for name, module in find_parts(__name__, report, folders=True):
        try:
            found += module.specs(home)
        except Exception as exc:  # noqa: BLE001 - the border: one gateway
            log.error("a gateway could not be set up", gateway=name, exc_info=exc)
            report(BrokenPart(f"{__name__}.{name}", repr(exc)))
    return found


BRIDGE = BridgeKind("mqtt_devices", specs, "Devices behind MQTT")
