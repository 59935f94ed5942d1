"""The services of the simulated devices themselves."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from marge.domains.zone import place_name, zone_at

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

SPREAD_DEGREES = 0.005
"""Half a kilometre: near enough that some trackers come home."""
TRACKERS = ("device_tracker.demo_paulus", "device_tracker.demo_anne_therese")


def register(home: Home) -> None:
    """Register `demo.randomize_device_tracker_data`."""

    def randomize(_call: ServiceCall) -> None:
        for entity_id in TRACKERS:
            if entity_id not in home.entities.owned:
                continue
            latitude = home.config.latitude + random.uniform(-SPREAD_DEGREES, SPREAD_DEGREES)
            longitude = home.config.longitude + random.uniform(-SPREAD_DEGREES, SPREAD_DEGREES)
            accuracy = random.randrange(10, 200)
            place = place_name(zone_at(home.states, latitude, longitude, accuracy)) or "not_home"
            home.entities.report(
                entity_id, place=place, latitude=latitude, longitude=longitude, gps_accuracy=accuracy,
                battery=random.randrange(20, 100),
            )  # fmt: skip

    home.services.register(
        "demo", "randomize_device_tracker_data", randomize, {},
        description="Moves the simulated phones to places near the home.",
    )  # fmt: skip
