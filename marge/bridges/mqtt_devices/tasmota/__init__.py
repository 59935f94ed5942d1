"""Tasmota: devices that announce themselves under `tasmota/discovery/`, what they say, and commands to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF
from marge.bridges.mqtt_devices import SHARED as DEVICES
from marge.bridges.mqtt_devices import TOPICS

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.books import Topics
    from marge.home import Home

DOMAIN = "tasmota"
PATH = "/bridges/tasmota"


def specs(home: Home) -> list[ChildSpec]:
    """One child for all devices of the home, with its device triggers."""
    from marge.bridges.mqtt_devices.tasmota.bridge import TasmotaBridge
    from marge.bridges.mqtt_devices.tasmota.hub import SHARED, TasmotaHub
    from marge.bridges.mqtt_devices.tasmota.triggers import SHARED as TRIGGERS
    from marge.bridges.mqtt_devices.tasmota.triggers import TasmotaTriggers

    topics: Topics = home.shared[TOPICS]
    book = home.shared[DEVICES].tasmota
    offered = home.shared.setdefault(TRIGGERS, {})
    triggers = offered.get(DOMAIN)
    if not isinstance(triggers, TasmotaTriggers):
        triggers = offered[DOMAIN] = TasmotaTriggers(home)
    hub = home.shared[SHARED] = TasmotaHub(home, book, topics)
    return [ChildSpec("tasmota", TasmotaBridge, (home, hub, topics, triggers), backoff=BACKOFF)]
