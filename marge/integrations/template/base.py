"""What all template entities share: rendering in the entity's turn, availability, icon, picture, actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import gevent
import structlog

from marge.actors import Future
from marge.automations.api import run_sequence
from marge.automations.rendering import RUN_BUDGET_S, render_variables
from marge.config.nodes import locate
from marge.entities import Entity, Report
from marge.integrations.template.watch import GREENLET_BUDGET_S, Watch, render_after
from marge.model import Context, State
from marge.templating import RenderInfo
from marge.util.schema import truth

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.integrations.template")

_MAX_OWN_TURNS = 5
"""A template that reads its own entity and never comes to rest is left alone after so many turns."""
_MAX_A_SECOND = 200
"""Renders that changes may cause in a second; what comes beyond that waits for `_PAUSE_S`. Two entities that read each
other and never agree go on at this pace."""
_PAUSE_S = 0.5

UNKNOWN_WORDS = ("unknown", "unavailable", "none", "")


class Failed:
    """A template failed; its text."""

    def __init__(self, text: str) -> None:
        self.text = text


class TemplateEntity(Entity):
    """An entity whose fields come from templates.

    Subclasses name their templates in `templates` (config key to what `take` gets) and understand results in
    `take(name, value)`, where `value` is a native value or `Failed`.

    Attributes:
        conf: its configuration, checked.
        sources: its templates, by what they are for.
        prelude: variables that they see.
        is_triggered: it is rendered when a trigger fires, and follows nothing.
    """

    templates: tuple[str, ...] = ()
    is_triggered = False
    _watch: Watch | None = None
    _own_turns: int = 0
    _second: float = 0.0
    _in_second: int = 0
    _postponed: frozenset[str] = frozenset()
    _cause: Context | None = None
    _has_restored: bool = False
    node: Any = None

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        self.home = home
        self.conf = conf
        self.device_class = conf.get("device_class")
        self._attributes: dict[str, Any] = {}
        self._available = True
        self._state_failed = False
        self.prelude: Mapping[str, Any] = conf.get("variables") or {}
        name = conf.get("name")
        self.sources = {each: conf[each] for each in self.templates if isinstance(conf.get(each), str)}
        for each in ("availability", "icon", "picture"):
            if conf.get(each) is not None:
                self.sources[each] = str(conf[each])
        for key, source in (conf.get("attributes") or {}).items():
            self.sources[f"attributes.{key}"] = str(source)
        if name is not None:
            if "{{" in str(name) or "{%" in str(name):
                info = home.templates.render_info(str(name), parse_result=False)
                self.name = None if info.error else str(info.result)
            else:
                self.name = str(name)

    def place(self, *path: object) -> str | None:
        """Where it stands in the files, or the key at `path` in it, for the log; None: in no file."""
        where = locate(self.node, path)
        return None if where is None else str(where)

    def _place_of_step(self, key: str, path: str) -> str | None:
        """As `place`, for a step of the actions at `key`."""
        return self.place(key, *(int(part) if part.isdigit() else part for part in path.split("/")[1:]))

    # -- rendering, in the entity's turn -----------------------------------------------------------------------------

    def on_add(self) -> None:
        if self.is_triggered:
            if not self._has_restored:
                self._has_restored = True
                self._restore_shown()
        elif self._watch is None:
            self._watch = Watch(self.home, self.sources, self._due, self._slow_done, self.prelude)
            self.restore()
            self.take_all(self._watch.render(None, self.variables()))

    def on_remove(self) -> None:
        if self._watch is not None:
            self._watch.end()
            self._watch = None

    def _restore_shown(self) -> None:
        """Show what it showed before the restart, until a trigger fires."""
        before = self.home.restored.get(self.entity_id)
        if before is None or before.state in ("unknown", "unavailable"):
            return
        self.restore_triggered(before)
        for name in self.sources:
            key = name.removeprefix("attributes.")
            if key != name and key in before.attributes:
                self._attributes[key] = before.attributes[key]
        if "icon" in self.sources:
            self.icon = before.attributes.get("icon")
        self.extra_attributes = dict(self._attributes)

    def restore_triggered(self, before: State) -> None:
        """Take the state from before the restart; it was neither unknown nor unavailable."""
        for name in self.templates[:1]:
            self.take(name, before.state)

    def variables(self) -> dict[str, Any]:
        """What the templates see. One that looks into `this` follows its own entity."""
        return {"this": self.home.templates.state_object(self.entity_id)}

    def restore(self) -> None:
        """Take a value from before the restart, where no template says it."""

    def take(self, name: str, value: Any) -> None:
        """A template has a new result."""
        raise NotImplementedError

    def apply(self, values: Mapping[str, Any]) -> None:
        self._cause = values.get("cause")
        if "due" in values:
            if self._watch is not None:
                self.take_all(self._watch.render(values["due"], self.variables()))
        elif "rendered" in values:
            self.take_all(values["rendered"])
        else:
            super().apply({key: value for key, value in values.items() if key != "cause"})

    def rendered_with(self, variables: Mapping[str, Any]) -> dict[str, RenderInfo]:
        """All templates, with what a trigger says. In a greenlet of the caller's; changes nothing."""
        known = {**variables, **self.variables()}
        return {
            name: render_after(self.home, source, self.prelude, known, GREENLET_BUDGET_S)
            for name, source in self.sources.items()
        }

    def take_all(self, found: Mapping[str, RenderInfo]) -> None:
        for name, info in found.items():
            value = Failed(info.error) if info.error is not None else info.result
            if isinstance(value, Failed):
                log.warning(
                    "a template failed",
                    entity_id=self.entity_id,
                    key=name,
                    error=value.text,
                    where=self.place(*name.split(".", 1)),
                )
            self._take_common(name, value)
        self.available = self._available and not self._state_failed
        self.extra_attributes = dict(self._attributes)

    def _take_common(self, name: str, value: Any) -> None:
        if name == "availability":
            self._available = bool(truth(value)) if not isinstance(value, Failed) else True
        elif name == "icon":
            self.icon = None if isinstance(value, Failed) or not value else str(value)
        elif name == "picture":
            self.entity_picture = None if isinstance(value, Failed) or not value else str(value)
        elif name.startswith("attributes."):
            key = name.partition(".")[2]
            if isinstance(value, Failed):
                self._attributes.pop(key, None)
            else:
                self._attributes[key] = value
        else:
            self.take(name, value)

    # -- from elsewhere on the hub -----------------------------------------------------------------------------------

    def _due(self, names: frozenset[str], context: Context | None, entity_id: str | None) -> None:
        if entity_id == self.entity_id:
            self._own_turns += 1
            if self._own_turns > _MAX_OWN_TURNS + len(self.sources):
                return
        else:
            self._own_turns = 0
        now = self.home.clock.monotonic()
        if now - self._second >= 1.0:
            self._second, self._in_second = now, 0
        self._in_second += 1
        if self._in_second > _MAX_A_SECOND:
            if not self._postponed:
                self.home.clock.after(_PAUSE_S, self._catch_up)
            self._postponed |= names
            return
        self.tell(Report({"due": names, "cause": context}, context))

    def _catch_up(self, _message: object) -> None:
        names, self._postponed = self._postponed, frozenset()
        if self._watch is not None:
            self.tell(Report({"due": names}))

    def _slow_done(self, found: dict[str, RenderInfo]) -> None:
        self.tell(Report({"rendered": found}))

    def tell(self, report: Report) -> None:
        """Have a report handled in this entity's turn; nothing happens while it is disabled."""
        if self.actor is not None:
            self.home.system.tell(f"{self.home.entities.path}/{self.entity_id}", report)

    # -- actions -----------------------------------------------------------------------------------------------------

    def run_action(self, key: str, variables: Mapping[str, Any], /, **then: Any) -> Future | None:
        """Run the actions under `key` in a greenlet; the service's caller waits for them. None: there are none.

        Args:
            then: fields to set when they are done: what is assumed, where no template says what is.
        """
        return self.run_actions([(key, variables)], **then)

    def run_actions(self, steps: Sequence[tuple[str, Mapping[str, Any]]], /, **then: Any) -> Future | None:
        """As `run_action`, several one after the other, each with its variables."""
        steps = [(key, variables) for key, variables in steps if self.conf.get(key)]
        if not steps:
            for name, value in then.items():
                setattr(self, name, value)
            return None
        future, context = Future(), self.context

        def run() -> None:
            key = ""
            try:
                for key, variables in steps:
                    state = self.home.states.get(self.entity_id)
                    this = None if state is None else state.as_dict()
                    known = render_variables(self.home, self.prelude, {"this": this}, RUN_BUDGET_S)
                    run_sequence(
                        self.home, self.conf[key], context, {**known, **variables}, self.entity_id,
                        partial(self._place_of_step, key),
                    )
                if then:
                    self.tell(Report(then, context))
                future.set(None)
            except Exception as exc:  # noqa: BLE001 - the border: one run; the caller gets it
                log.warning(
                    "actions of a template entity failed",
                    entity_id=self.entity_id,
                    key=key,
                    error=str(exc),
                    where=self.place(key),
                )
                future.set_exception((type(exc), exc, exc.__traceback__))

        gevent.spawn(run)
        return future
