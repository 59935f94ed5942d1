"""The MQTT broker as a supervised child process; nothing when the home uses one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import Backoff, ChildSpec
from marge.bridges.base import BridgeKind

if TYPE_CHECKING:
    from marge.home import Home

BACKOFF = Backoff(
    pauses_s=(0.1, 0.2, 0.3, 0.5, 1.0, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0), max_restarts=25, settle_s=30.0
)
"""The house speaks through it: one that was killed is back within a second, one that cannot start costs nothing."""


def specs(home: Home) -> list[ChildSpec]:
    """One child, unless the broker is external or the home wants none."""
    from marge.bridges.endpoint import uses_own_broker

    if not uses_own_broker(home):
        return []
    from marge.bridges.broker.accounts import SHARED, Accounts
    from marge.bridges.broker.bridge import BrokerBridge
    from marge.bridges.broker.services import register
    from marge.config.marge_block import takes_anonymous

    if not isinstance(home.shared.get(SHARED), Accounts):
        home.shared[SHARED] = Accounts(takes_anonymous(home.config.marge))
    register(home)
    return [ChildSpec("broker", BrokerBridge, (home,), backoff=BACKOFF)]


BRIDGE = BridgeKind("broker", specs, "MQTT broker")
