"""Sonos speakers: what plays in which rooms, and which rooms play together. Spoken directly (UPnP)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.base import BridgeKind

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home


def specs(home: Home) -> list[ChildSpec]:
    """The supervisor of the speakers, where there are some."""
    from marge.bridges.lan.family import LanFamily
    from marge.bridges.sonos.device import DOMAIN, SonosDevice, probe

    return LanFamily(home, DOMAIN, SonosDevice, probe).specs()


BRIDGE = BridgeKind("sonos", specs, "Sonos")
