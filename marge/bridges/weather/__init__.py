"""The weather at home, from a public forecast service; only in homes that want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind
from marge.integrations.met import DOMAIN

if TYPE_CHECKING:
    from marge.home import Home


def specs(home: Home) -> list[ChildSpec]:
    """One child while there is a config entry that is loaded, or just being set up."""
    entries = home.registries.config_entries.for_domain(DOMAIN)
    if not any(entry.state in ("loaded", "setup_in_progress") for entry in entries):
        return []
    from marge.bridges.weather.station import WeatherBridge

    return [ChildSpec("weather", WeatherBridge, (home,), backoff=BACKOFF)]


BRIDGE = BridgeKind("weather", specs, "Weather")
