"""Google Cast: televisions, speakers and displays that are told what to play. Spoken directly (CASTV2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.base import BridgeKind

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home


def specs(home: Home) -> list[ChildSpec]:
    """The supervisor of the devices, where there are some."""
    from marge.bridges.cast.device import DOMAIN, CastDevice, probe
    from marge.bridges.lan.family import LanFamily

    return LanFamily(home, DOMAIN, CastDevice, probe).specs()


BRIDGE = BridgeKind("cast", specs, "Google Cast")
