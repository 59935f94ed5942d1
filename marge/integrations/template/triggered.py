"""Template entities with triggers: rendered when a trigger fires, with what it says, and at no other time."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gevent
import structlog
import voluptuous as vol
from gevent.event import Event as GreenletEvent

from marge.automations import evaluate
from marge.automations.api import subscribe_triggers
from marge.automations.environment import Environment
from marge.automations.kinds import Action, Condition
from marge.automations.places import place_in
from marge.automations.rendering import RUN_BUDGET_S, render_variables
from marge.automations.runner import ABORTED, ScriptRun
from marge.automations.validation import validate_actions, validate_condition, validate_triggers
from marge.entities import Report
from marge.errors import MargeError
from marge.integrations.template.base import TemplateEntity
from marge.model import Context
from marge.util.schema import ensure_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from marge.home import Home

log = structlog.get_logger("marge.integrations.template")

NOT_TRIGGERED = frozenset(("button",))
"""They show nothing that a trigger could change."""
MAX_WAITING = 100
"""Firings that wait while the actions of one before them run; beyond it the oldest is dropped."""
_LABEL = "template entity"


def checked_block(block: Mapping[str, Any]) -> tuple[list[Condition], list[Action], Mapping[str, Any]]:
    """Conditions, actions and variables of a block; its triggers are looked at, too.

    Raises:
        vol.Invalid: one of them is malformed.
    """
    validate_triggers(block.get("triggers", block.get("trigger")))
    conditions = [validate_condition(each) for each in ensure_list(block.get("conditions", block.get("condition")))]
    variables = block.get("variables") or {}
    if not isinstance(variables, Mapping):
        raise vol.Invalid("expected a mapping of variables", ["variables"])
    return conditions, validate_actions(block.get("actions", block.get("action")) or []), variables


class TriggeredBlock:
    """One block of the section: triggers, conditions and actions, and the entities that they render.

    Raises:
        vol.Invalid: one of them is malformed.
    """

    def __init__(self, home: Home, block: Mapping[str, Any], node: Any) -> None:
        self._home = home
        self._node = node
        self._triggers = block.get("triggers", block.get("trigger"))
        self._conditions, self._actions, self._variables = checked_block(block)
        self.entities: Sequence[TemplateEntity] = ()
        self._waiting: deque[tuple[dict[str, Any], Context]] = deque(maxlen=MAX_WAITING)
        self._fired = GreenletEvent()
        self._greenlet: gevent.Greenlet | None = None
        self._detach: Callable[[], None] | None = None

    def start(self) -> None:
        """Attach the triggers. Once the home has started, so that its start is no news."""
        try:
            self._detach = subscribe_triggers(self._home, self._triggers, self._on_fired, place=self._place)
        except (vol.Invalid, MargeError) as exc:
            text = "the triggers of template entities cannot be attached"
            log.error(text, error=str(exc), where=self._place("trigger"))
            return
        self._greenlet = gevent.spawn(self._run)

    def _place(self, path: str) -> str | None:
        return place_in(self._node, path)

    def end(self) -> None:
        if self._detach is not None:
            self._detach()
            self._detach = None
        if self._greenlet is not None:
            self._greenlet.kill(block=False)
            self._greenlet = None

    def _on_fired(self, variables: dict[str, Any], context: Context | None) -> None:
        self._waiting.append((variables, context or Context.new()))
        self._fired.set()

    def _run(self) -> None:
        while True:
            self._fired.wait()
            self._fired.clear()
            while self._waiting:
                variables, context = self._waiting.popleft()
                try:
                    self._handle(variables, context)
                except Exception as exc:  # noqa: BLE001 - the border: one firing
                    log.warning(
                        "a trigger of template entities came to nothing", error=str(exc), where=self._place("trigger")
                    )

    def _handle(self, variables: dict[str, Any], context: Context) -> None:
        home = self._home
        seen = render_variables(home, self._variables, variables, RUN_BUDGET_S)
        if self._conditions and not evaluate.check_all(
            self._conditions, Environment(home, seen, _LABEL, place=self._place), "condition", _LABEL
        ):
            return
        if self._actions:
            run = ScriptRun(home, _LABEL, self._actions, seen, context.child(), "action", place=self._place)
            run.execute()
            if run.error is not None or run.execution == ABORTED:
                return
            seen = run.scope.flat()
        for entity in self.entities:
            entity.tell(Report({"rendered": entity.rendered_with(seen), "cause": context}, context))
