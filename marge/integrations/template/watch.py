"""Follows what the templates of one entity read, and says which of them to render again.

Rendering happens in the entity's turn under a short budget; a template that needs longer is rendered in a greenlet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import gevent

from marge.actors import Subscription, Timer
from marge.model import STATE_CHANGED, Context, Event
from marge.templating import RenderInfo, TemplateError

if TYPE_CHECKING:
    from marge.home import Home

TURN_BUDGET_S = 0.03
GREENLET_BUDGET_S = 2.0
TOO_SLOW_PAUSE_S = 60.0
"""A template that was cut off is not tried again before."""
_OVER_BUDGET = "maximum execution time"
MANY_STATES = 2_000
"""In a home of this size what walks through all states is not for a turn: a filter in C minds no budget."""
_WALKS = re.compile(
    r"\bstates\b(?!\s*[(\[])(?!\.\w+\.\w+)"
    r"|\b(?:expand|(?:area|floor|label|device|integration)_(?:entities|devices|areas))\b"
)

Due = Callable[[frozenset[str], Context | None, str | None], None]
"""Which templates are due, the cause's context, and the entity that changed; None: it is the time."""


def render_after(
    home: Home,
    source: str,
    prelude: Mapping[str, Any],
    variables: Mapping[str, Any],
    budget_s: float,
    may_yield: bool = True,
) -> RenderInfo:
    """Render a template that sees the variables of its entity (`prelude`): templates, too, each sees those before it.
    What they read, it reads."""
    engine = home.templates
    if not prelude:
        return engine.render_info(source, variables, budget_s=budget_s, may_yield=may_yield)
    known = dict(variables)
    before: list[RenderInfo] = []
    for name, value in prelude.items():
        if isinstance(value, str):
            info = engine.render_info(value, known, budget_s=budget_s, may_yield=may_yield)
        else:
            info = RenderInfo()
            try:
                info.result = engine.render_complex(value, known, budget_s=budget_s, may_yield=may_yield)
            except TemplateError as exc:
                info.error = str(exc)
        before.append(info)
        if info.error is not None:
            break
        known[name] = info.result
    else:
        info = engine.render_info(source, known, budget_s=budget_s, may_yield=may_yield)
    for each in before:
        info.depends_on(each)
    return info


class Watch:
    """The templates of one entity, by name.

    Args:
        prelude: variables that all of them see.
        due: called on the hub when some are to be rendered again, with what caused it; it must not wait.
        slow: called in a greenlet with the outcome of templates that are too slow for a turn.
    """

    def __init__(
        self,
        home: Home,
        sources: Mapping[str, str],
        due: Due,
        slow: Callable[[dict[str, RenderInfo]], None],
        prelude: Mapping[str, Any] | None = None,
    ) -> None:
        self._home = home
        self.sources = dict(sources)
        self._prelude = prelude or {}
        self._due = due
        self._slow = slow
        self._slow_names: set[str] = set()
        self._waiting_slow: set[str] = set()
        self._slow_greenlet: gevent.Greenlet | None = None
        self._infos: dict[str, RenderInfo] = {}
        self._followed: dict[str, Subscription] = {}
        self._all: Subscription | None = None
        self._minute: Timer | None = None
        self._later: dict[str, Timer] = {}
        self._rendered_at: dict[str, float] = {}
        self._ended = False

    def render(self, names: frozenset[str] | None, variables: Mapping[str, Any]) -> dict[str, RenderInfo]:
        """Render these templates (None: all) and follow what they read. Slow ones come later, through `slow`."""
        wanted = self.sources if names is None else [name for name in self.sources if name in names]
        found: dict[str, RenderInfo] = {}
        late: list[str] = []
        is_big = len(self._home.states) > MANY_STATES
        for name in wanted:
            if name in self._slow_names or (is_big and _WALKS.search(self.sources[name])):
                late.append(name)
                continue
            info = render_after(
                self._home, self.sources[name], self._prelude, variables, TURN_BUDGET_S, may_yield=False
            )
            if info.error is not None and _OVER_BUDGET in info.error:
                self._slow_names.add(name)
                late.append(name)
                continue
            found[name] = info
        self._took(found)
        if late:
            self._waiting_slow.update(late)
            if self._slow_greenlet is None:  # one at a time: a burst of changes costs one more render
                self._slow_greenlet = gevent.spawn(self._render_slow, dict(variables))
        return found

    def end(self) -> None:
        self._ended = True
        for subscription in self._followed.values():
            subscription.cancel()
        self._followed = {}
        if self._all is not None:
            self._all.cancel()
            self._all = None
        for timer in (self._minute, *self._later.values()):
            if timer is not None:
                timer.cancel()
        self._minute = None
        self._later = {}

    def listeners(self) -> dict[str, Any]:
        """What is followed, as a preview shows it."""
        merged = RenderInfo()
        for info in self._infos.values():
            merged.all_states |= info.all_states or info.all_states_lifecycle
            merged.domains |= info.domains | info.domains_lifecycle
            merged.entities |= info.entities
            merged.has_time |= info.has_time
        return merged.listeners()

    # -- parts -------------------------------------------------------------------------------------------------------

    def _render_slow(self, variables: dict[str, Any]) -> None:
        try:
            while self._waiting_slow and not self._ended:
                names, self._waiting_slow = self._waiting_slow, set()
                found = {
                    name: render_after(self._home, self.sources[name], self._prelude, variables, GREENLET_BUDGET_S)
                    for name in names
                }
                if not self._ended:
                    self._took(found)
                    self._slow(found)
        finally:
            self._slow_greenlet = None

    def _took(self, found: Mapping[str, RenderInfo]) -> None:
        if self._ended or not found:
            return
        self._infos.update(found)
        now = self._home.clock.monotonic()
        for name in found:
            self._rendered_at[name] = now
        infos = self._infos.values()
        broad = any(
            info.all_states or info.all_states_lifecycle or info.domains or info.domains_lifecycle for info in infos
        )
        bus = self._home.bus
        wanted = set() if broad else {entity_id for info in infos for entity_id in info.entities}
        for entity_id in self._followed.keys() - wanted:
            self._followed.pop(entity_id).cancel()
        for entity_id in wanted - self._followed.keys():
            self._followed[entity_id] = self._home.entities.follow(self._changed, entity_id)
        if broad and self._all is None:
            self._all = bus.subscribe(self._changed, STATE_CHANGED)
        elif not broad and self._all is not None:
            self._all.cancel()
            self._all = None
        if any(info.has_time for info in infos):
            if self._minute is None:
                clock = self._home.clock
                self._minute = clock.at(clock.home_now() // 60 * 60 + 60, self._next_minute, None, home=True)
        elif self._minute is not None:
            self._minute.cancel()
            self._minute = None

    def _next_minute(self, _message: None) -> None:
        self._minute = None
        names = frozenset(name for name, info in self._infos.items() if info.has_time)
        if names and not self._ended:
            self._due(names, None, None)

    def _changed(self, event: Event) -> None:
        entity_id = event.data["entity_id"]
        lifecycle = event.data["old_state"] is None or event.data["new_state"] is None
        due = [name for name, info in self._infos.items() if info.concerns(entity_id, lifecycle)]
        now = self._home.clock.monotonic()
        ready = []
        for name in due:
            info = self._infos[name]
            is_too_slow = _OVER_BUDGET in (info.error or "")
            limit = TOO_SLOW_PAUSE_S if is_too_slow else info.rate_limit
            pause = 0.0 if limit is None else self._rendered_at.get(name, 0.0) + limit - now
            if limit is None or pause <= 0 or (entity_id in info.entities and not is_too_slow):
                ready.append(name)
            elif name not in self._later:
                self._later[name] = self._home.clock.after(pause, partial(self._pause_over, name))
        if ready:
            self._due(frozenset(ready), event.context, entity_id)

    def _pause_over(self, name: str, _message: object) -> None:
        self._later.pop(name, None)
        if not self._ended:
            self._due(frozenset((name,)), None, None)
