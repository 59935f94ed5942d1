"""What a condition, a trigger or an action may look at: snapshots, templates, the clock, its run's variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from marge.automations import rendering
from marge.automations.tracing import Tracer
from marge.util.dt import from_epoch

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import State

FORGETFUL = Tracer()


def nowhere(_path: str) -> str | None:
    """It stands in no file that is known."""
    return None


class Environment:
    """One evaluation's surroundings. Reading it never waits.

    Attributes:
        label: the automation's or script's name, for logs.
        place: says where a part of it stands in the files (by trace path), for logs.
        budget_s: seconds a template may take: short in an actor's turn, longer in a run's own greenlet.
    """

    __slots__ = ("budget_s", "home", "label", "place", "tracer", "variables")

    def __init__(
        self,
        home: Home,
        variables: Mapping[str, Any],
        label: str,
        tracer: Tracer = FORGETFUL,
        budget_s: float = rendering.RUN_BUDGET_S,
        place: Callable[[str], str | None] = nowhere,
    ) -> None:
        self.home = home
        self.variables = variables
        self.label = label
        self.tracer = tracer
        self.budget_s = budget_s
        self.place = place

    def state(self, entity_id: str) -> State | None:
        return self.home.states.find(entity_id)

    def now(self) -> float:
        """The home's time, UTC epoch seconds."""
        return self.home.clock.home_now()

    def local_now(self) -> datetime:
        """The home's time in its time zone."""
        return from_epoch(self.now()).astimezone(self.home.config.time_zone)

    def render(self, value: Any, extra: Mapping[str, Any] | None = None) -> Any:
        """A value with its templates rendered.

        Raises:
            TemplateError: a template failed.
        """
        return rendering.render(self.home, value, self._variables(extra), self.budget_s)

    def render_info(self, text: str) -> Any:
        """The render of a template, with what it read. Its `error` is set when it failed."""
        return rendering.render_info(self.home, text, self._variables(None), self.budget_s)

    def _variables(self, extra: Mapping[str, Any] | None) -> dict[str, Any]:
        flat = getattr(self.variables, "flat", None)
        known: dict[str, Any] = flat() if flat is not None else dict(self.variables)
        if extra:
            known.update(extra)
        return known
