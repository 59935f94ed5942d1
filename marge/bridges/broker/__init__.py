"""The MQTT broker as a supervised child process; nothing when the home uses one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind

if TYPE_CHECKING:
    from marge.home import Home


def specs(home: Home) -> list[ChildSpec]:
    """One child, unless the broker is external or the home wants none."""
    if home.config.marge.broker in ("external", "none"):
        return []
    from marge.bridges.broker.bridge import BrokerBridge

    return [ChildSpec("broker", BrokerBridge, (home,), backoff=BACKOFF)]


BRIDGE = BridgeKind("broker", specs, "MQTT broker")
