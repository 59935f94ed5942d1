"""Puts the history's parts into a home: its services, the actor that compiles statistics, the energy preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.history import services
from marge.history.disk_watch import DiskWatch
from marge.history.energy import EnergyPreferences
from marge.history.fill_watch import FillWatch
from marge.history.stats_actor import StatisticsActor

if TYPE_CHECKING:
    from marge.actors import Backoff
    from marge.home import Home


def set_up_history(home: Home, backoff: Backoff) -> None:
    """Called once, before the domains are set up.

    Args:
        backoff: how the actor of the statistics comes back after a failure.
    """
    services.register(home)
    home.shared["energy"] = EnergyPreferences(home.storage)
    home.system.spawn(ChildSpec("disk", DiskWatch, (home,), backoff=backoff))
    home.system.spawn(ChildSpec("migrations", FillWatch, (home,), backoff=backoff))
    home.system.spawn(ChildSpec("statistics", StatisticsActor, (home,), backoff=backoff))
