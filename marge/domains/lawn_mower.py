"""Lawn mowers."""

from __future__ import annotations

from typing import Any

from marge.domains._catalog import service
from marge.domains._virtual import to, virtual
from marge.entities import Domain, Entity

START_MOWING, PAUSE, DOCK = 1, 2, 4


class LawnMowerEntity(Entity):
    """One that somebody owns. Owners override `start_mowing()`, `pause()`, `dock()`.

    Attributes:
        activity: `mowing`, `paused`, `docked`, `returning` or `error`.
    """

    domain = "lawn_mower"
    activity: str | None = None
    supported_features: int = 0

    def start_mowing(self) -> Any:
        self.activity = "mowing"

    def pause(self) -> Any:
        self.activity = "paused"

    def dock(self) -> Any:
        self.activity = "docked"

    def state_value(self) -> str | None:
        return self.activity


DOMAIN = Domain(
    "lawn_mower",
    services={
        "start_mowing": service(
            "lawn_mower", "start_mowing", "start_mowing", "Starts mowing, or goes on.", features=START_MOWING
        ),
        "pause": service("lawn_mower", "pause", "pause", "Pauses.", features=PAUSE),
        "dock": service("lawn_mower", "dock", "dock", "Drives to the dock.", features=DOCK),
    },
    entity=LawnMowerEntity,
    virtual=virtual({"start_mowing": to("mowing"), "pause": to("paused"), "dock": to("docked")}),
)
