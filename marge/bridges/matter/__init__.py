"""Matter: devices of the network that a Matter server beside Marge has commissioned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.base import BridgeKind

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home


def specs(home: Home) -> list[ChildSpec]:
    """The supervisor of the server's actor, where a server is configured."""
    from marge.bridges.matter.device import DOMAIN, MatterFamily, MatterServer, probe, try_url
    from marge.integrations.matter import PROBE

    home.shared[PROBE] = try_url
    return MatterFamily(home, DOMAIN, MatterServer, probe).specs()


BRIDGE = BridgeKind("matter", specs, "Matter")
