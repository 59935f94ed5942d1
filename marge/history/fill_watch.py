"""Tells of a migration that goes on in the background for long: a repair notice with how far it is, while it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from marge.actors import PinnedActor

if TYPE_CHECKING:
    from marge.actors import Timer
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


class _Look(NamedTuple):
    """The timer."""


class FillWatch(PinnedActor):
    """Looks every half a minute, so that what takes less is no notice. Owns its timer and the notice."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._timer: Timer | None = None
        self._told: tuple[Any, ...] | None = None

    def on_start(self) -> None:
        self._timer = self.system.clock.after(EVERY_S, self.actor_ref, _Look())

    def on_stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        self.on_stop()

    def on_receive(self, message: Any) -> None:
        if not isinstance(message, _Look):
            raise TypeError(f"the watch over migrations does not take {message!r}")
        self._judge(filling(self._home))
        self._timer = self.system.clock.after(EVERY_S, self.actor_ref, _Look())

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
