"""Who looks at the overview: it is made once a second for all of them, and not at all when nobody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from marge.actors import PinnedActor
from marge.console.overview import Overview
from marge.model import dumps_anyhow

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.console")

PATH = "/console"
EVERY_S = 1.0

Viewer = Callable[[dict[str, Any], bytes], None]
"""Gets the overview, and its JSON, which is made once for all."""


class Look(NamedTuple):
    """Time for the next overview. Told by the clock, and by the first who looks."""


class Viewers:
    """Those who look. Used from the hub only.

    Attributes:
        overview: what is measured now; None while nobody looks.
        latest: the last overview.
    """

    def __init__(self, home: Home) -> None:
        self.overview: Overview | None = None
        self.latest: dict[str, Any] | None = None
        self._home = home
        self._viewers: list[Viewer] = []

    def __len__(self) -> int:
        return len(self._viewers)

    def join(self, viewer: Viewer) -> Callable[[], None]:
        """Hand `viewer` each overview from now on; it must not wait. Returns what ends that."""
        self._viewers = [*self._viewers, viewer]
        if self.overview is None:
            self.overview = Overview(self._home)
            self._home.system.tell(PATH, Look())

        def leave() -> None:
            self._viewers = [each for each in self._viewers if each is not viewer]
            if not self._viewers and self.overview is not None:
                self.overview.close()
                self.overview = self.latest = None

        return leave

    def hub(self) -> dict[str, Any]:
        """The hub's last minutes, for somebody who begins to look."""
        return {} if self.overview is None else self.overview.hub(whole=True)

    def tell(self, told: dict[str, Any]) -> None:
        """A new overview."""
        self.latest = told
        made = dumps_anyhow(told)
        for viewer in self._viewers:
            try:
                viewer(told, made)
            except Exception:  # one client's trouble is not the next one's
                log.exception("an overview did not reach a client")


class ConsoleActor(PinnedActor):
    """Makes the overview while somebody looks. Takes `Look`. A crash costs those who look a second or two."""

    def __init__(self, viewers: Viewers) -> None:
        self._watched = viewers
        self._is_due = False

    def on_start(self) -> None:
        if len(self._watched):
            self.actor_ref.tell(Look())

    def on_receive(self, message: Any) -> None:
        if not isinstance(message, Look):
            raise TypeError(f"{self.path} does not take {type(message).__name__}")
        overview = self._watched.overview
        if overview is None or self._is_due:
            return
        told = overview.make()
        if self._watched.overview is overview:
            self._watched.tell(told)
            self._is_due = True
            self.system.clock.after(EVERY_S, self._due)

    def _due(self, _message: object) -> None:
        self._is_due = False
        if len(self._watched) and not self.actor_inbox.stopped:
            self.system.deliver(self.actor_ref, Look())

    def describe(self) -> dict[str, Any]:
        return {"viewers": len(self._watched)}
