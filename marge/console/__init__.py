"""The actor console, and why a state is as it is: what is computed for them. How clients ask: `marge.http`.

See docs/console.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.actors import Backoff, ChildSpec
from marge.actors.waits import deadlocks, waits
from marge.console.actions import ACTIONS, Actions, Who
from marge.console.audit import Audit
from marge.console.detail import detail
from marge.console.ledger import ledger_of
from marge.console.letters import letter, letters
from marge.console.listing import MAX_ROWS, SORTS, listing, pinned_actors
from marge.console.watcher import PATH, ConsoleActor, Viewers
from marge.console.why import why, why_context

if TYPE_CHECKING:
    from marge.home import Home

KEY = "console"
MAX_WAITS = 200
_BACKOFF = Backoff(pauses_s=(0.0, 1.0, 5.0, 30.0), max_restarts=1_000_000, settle_s=60.0)
"""It must not count against the root."""


class Console:
    """What one home's console needs, at `home.shared["console"]`."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.audit = Audit(home)
        self.actions = Actions(home, self.audit)
        self.viewers = Viewers(home)

    def children(self, **wish: Any) -> dict[str, Any]:
        """See `listing`."""
        return listing(self.home.system, self.viewers, **wish)

    def actor(self, path: str) -> dict[str, Any]:
        """See `detail`."""
        return detail(self.home.system, self.viewers, self.actions, path)

    def waits(self) -> dict[str, Any]:
        """Who asks whom, those that have waited for longest first, and who waits for each other in a circle."""
        system = self.home.system
        overview = self.viewers.overview
        pinned = pinned_actors(system) if overview is None else overview.census.latest.pinned
        found = sorted(waits(system, pinned), key=lambda wait: -(wait.since_s or 0.0))
        circles = deadlocks(system, [actor for actor in pinned if len(actor.actor_inbox)])
        return {
            "total": len(found),
            "waits": [wait.as_dict() for wait in found[:MAX_WAITS]],
            "deadlocks": [[wait.as_dict() for wait in circle] for circle in circles],
        }


def console_of(home: Home) -> Console:
    """The home's console."""
    found: Console = home.shared[KEY]
    return found


def set_up_console(home: Home) -> None:
    """Before the home does anything that somebody could ask about."""
    console = home.shared[KEY] = Console(home)
    ledger_of(home)
    home.system.spawn(ChildSpec(PATH.lstrip("/"), ConsoleActor, (console.viewers,), backoff=_BACKOFF))


__all__ = [
    "ACTIONS", "MAX_ROWS", "SORTS", "Console", "Who", "console_of", "letter", "letters", "set_up_console", "why",
    "why_context",
]  # fmt: skip
