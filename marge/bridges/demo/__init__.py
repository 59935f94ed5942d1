"""Simulated devices of every kind, for trying things out: `demo:` in the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind

if TYPE_CHECKING:
    from marge.home import Home

PATH = "/bridges/demo"


def specs(home: Home) -> list[ChildSpec]:
    """One child where there is a config entry of the demo; the integration of that name makes it."""
    from marge.bridges.demo.bridge import DOMAIN, DemoBridge
    from marge.bridges.demo.services import register
    from marge.bridges.demo.speech import register_voice

    if not home.registries.config_entries.for_domain(DOMAIN):
        return []
    register(home)
    register_voice(home)
    return [ChildSpec("demo", DemoBridge, (home,), backoff=BACKOFF)]


BRIDGE = BridgeKind("demo", specs, "Demo devices")
