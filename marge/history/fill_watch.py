"""Tells of a migration that goes on in the background for long: a repair notice with how far it is, while it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.history.periodic import PeriodicWatch

if TYPE_CHECKING:
    from marge.home import Home

STORAGE = "/storage"
ISSUE = "database_migration"
EVERY_S = 30.0
STEPS = 20
"""The notice is renewed when another twentieth is done: each renewal is written down and told to all clients."""


def filling(home: Home) -> dict[str, Any] | None:
    """The backfill that is under way, as `StorageKeeper.filling` tells it; None: there is none."""
    actor = home.system.actor(STORAGE)
    found: dict[str, Any] | None = None if actor is None else actor.describe().get("backfill")
    return found


class FillWatch(PeriodicWatch):
    """Looks every half a minute, so that what takes less is no notice. Owns the notice."""

    every_s = first_after_s = EVERY_S

    def __init__(self, home: Home) -> None:
        self._home = home
        self._told: tuple[Any, ...] | None = None

    def look(self) -> None:
        self._judge(filling(self._home))

    def _judge(self, found: dict[str, Any] | None) -> None:
        issues = self._home.registries.issues
        if found is None:
            if self._told is not None:
                self._told = None
                issues.delete("homeassistant", ISSUE)
            return
        share, problem = found["share"], found["problem"]
        told = (found["migration"], None if share is None else int(share * STEPS), problem)
        if told == self._told:
            return
        self._told = told
        progress = f"{found['rows']:,} rows" if share is None else f"{share:.0%} ({found['rows']:,} rows)"
        if problem:
            progress += f"; it does not get on now and is tried again every minute: {problem}"
        issues.raise_issue(
            "homeassistant", ISSUE, severity="warning",
            translation_placeholders={"migration": found["migration"], "progress": progress},
        )  # fmt: skip
