"""Philips Hue: lamps, rooms, sensors and switches behind a Hue bridge, asked over its HTTP API every five seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.base import BridgeKind

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home

DOMAIN, TITLE = "hue", "Philips Hue"


def specs(home: Home) -> list[ChildSpec]:
    """A supervisor where a bridge is known."""
    from marge.bridges.hue.bridge import HueBridge, probe
    from marge.bridges.lan.family import LanFamily, known

    return (known(home, DOMAIN) or LanFamily(home, DOMAIN, HueBridge, probe)).specs()


BRIDGE = BridgeKind(DOMAIN, specs, TITLE)
