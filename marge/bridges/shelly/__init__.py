"""Shelly: relays, plugs, lamps, blinds, meters and detectors of all generations, asked over HTTP every ten seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.base import BridgeKind

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.bridges.lan.family import LanFamily
    from marge.home import Home

DOMAIN, TITLE = "shelly", "Shelly"


def family(home: Home) -> LanFamily:
    """The home's Shellys."""
    from marge.bridges.lan.family import LanFamily, known
    from marge.bridges.shelly.device import ShellyDevice, probe

    return known(home, DOMAIN) or LanFamily(home, DOMAIN, ShellyDevice, probe)


def specs(home: Home) -> list[ChildSpec]:
    """A supervisor where a device is known."""
    return family(home).specs()


BRIDGE = BridgeKind(DOMAIN, specs, TITLE)
