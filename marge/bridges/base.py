"""What all bridges are: an actor with a health, owning entities that are `unavailable` while it is down.

Also: how kinds of bridges are found. Not here: any protocol, child processes (`process.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import structlog

from marge.actors import Backoff, ChildSpec, PinnedActor
from marge.util.parts import Report, find_parts

if TYPE_CHECKING:
    from types import TracebackType

    from marge.home import Home

Status = Literal["starting", "running", "degraded", "stopped", "failed"]

BACKOFF = Backoff(pauses_s=(5.0, 10.0, 30.0, 60.0, 300.0), max_restarts=10)
"""A device family that is away for a minute should be back soon after; one that is gone must not cost anything."""

MAX_ERROR_LENGTH = 300


class BridgeKind(NamedTuple):
    """What a bridge's folder exposes as `BRIDGE`.

    Attributes:
        name: the folder's name, and the first part of its actors' names.
        specs: the children that `/bridges` starts for this home; empty when the home does not want the bridge.
        title: for people.
    """

    name: str
    specs: Callable[[Home], list[ChildSpec]]
    title: str = ""


def find_kinds(report: Report | None = None) -> list[BridgeKind]:
    """Every kind of bridge in this package, in alphabetical order of their folders. `report` hears of those that cannot
    be imported. Lets others in: not on the shared dispatcher."""
    found = find_parts("marge.bridges", report, folders=True, breathe=True)
    return [kind for _name, module in found if isinstance(kind := getattr(module, "BRIDGE", None), BridgeKind)]


class Bridge(PinnedActor):
    """An actor that owns a connection. Subclasses set `status` and say which entities are theirs.

    It fails when the connection cannot be kept up by itself; its supervisor starts it again with a back-off. Its
    entities turn `unavailable` then, and their new owner brings them back.
    """

    kind = "bridge"

    def __init__(self, home: Home) -> None:
        self.home = home
        self.status: Status = "starting"
        self.last_error: str | None = None
        self.log = structlog.get_logger(f"marge.bridges.{self.kind}").bind(actor=self.path)
        self._started = self.system.clock.monotonic()

    def entity_ids(self) -> Iterable[str]:
        """The entities that live and die with this bridge's connection."""
        return ()

    def figures(self) -> dict[str, Any]:
        """More for `describe`: quick, never waits."""
        return {}

    def describe(self) -> dict[str, Any]:
        """Health, for `GET /api/health` and the console: status, entities, uptime, last error, and `figures()`."""
        return {
            "status": self.status,
            "entities": sum(1 for _ in self.entity_ids()),
            "uptime_s": round(self.system.clock.monotonic() - self._started, 1),
            "last_error": self.last_error,
            **self.figures(),
        }

    def note_error(self, error: object) -> None:
        """Remember what went wrong last, for people."""
        self.last_error = str(error)[:MAX_ERROR_LENGTH]

    def mark_unavailable(self) -> None:
        """Tell all entities that nobody can reach their devices."""
        for entity_id in self.entity_ids():
            if entity_id in self.home.entities.owned:
                self.home.entities.report(entity_id, available=False)

    def release(self) -> None:
        """Let go of sockets, processes and subscriptions. Runs at every end of the actor; must not raise."""

    def on_stop(self) -> None:
        # Not marked unavailable: an orderly stop is the server's own, and what is stored then is what is restored.
        self.status = "stopped"
        self.release()

    def on_failure(
        self,
        exception_type: type[BaseException] | None,
        exception_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.status = "failed"
        self.note_error(exception_value)
        self.release()
        self.mark_unavailable()
