"""`trigger: template`: a template becomes true. It must have been false before."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.actors import Timer
from marge.automations import fields, rendering
from marge.automations.holds import Record
from marge.automations.hosts import TriggerHost, context_of
from marge.automations.kinds import Trigger, TriggerKind
from marge.automations.triggers._same_state import begun, data_of, period_of
from marge.automations.watch import TemplateWatch
from marge.model import Event

_HELD = "*"
"""The key of what it waits for: it has no entity."""
GRACE_S = 120.0
"""A template that becomes true so soon after a restart, and waited before it, goes on with what is left."""

log = structlog.get_logger("marge.automations")

_SCHEMA = vol.Schema(
    {vol.Required("value_template"): fields.template, vol.Optional("for"): fields.period_or_template}
)


class _TemplateTrigger:
    """One attached template trigger."""

    def __init__(self, trigger: Trigger, host: TriggerHost) -> None:
        self._trigger = trigger
        self._host = host
        self._timer: Timer | None = None
        self._watch = TemplateWatch(host, trigger.config["value_template"], self._rendered)
        first = self._watch.start()
        if first.error is not None:
            self._complain(first.error)
        self._armed = first.error is None and not rendering.truth(first.result)
        self._attached_at = host.home.clock.monotonic()
        # What it waited for before a restart; entities that it reads may not have been heard of yet.
        self._before = host.holds(trigger).get(_HELD)
        if self._before is not None and first.error is None and rendering.truth(first.result):
            self._hold(self._before)
            self._before = None

    def _complain(self, error: str) -> None:
        text = f"Error evaluating 'template' trigger for '{self._host.label}': {error}"
        path = f"trigger/{self._trigger.index}"
        log.warning(text, automation=self._host.label, step=path, where=self._host.place(path))

    def _rendered(self, info: Any, event: Event | None) -> None:
        if info.error is not None:
            self._complain(info.error)
            return
        if not rendering.truth(info.result):
            self._armed = True
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
                self._host.drop_hold(self._trigger, _HELD)
            return
        if not self._armed:
            return
        self._armed = False
        entity_id = None if event is None else event.data["entity_id"]
        cause = "time change or manual update" if entity_id is None else entity_id
        data: dict[str, Any] = {
            "platform": "template",
            "entity_id": entity_id,
            "from_state": None if event is None else event.data["old_state"],
            "to_state": None if event is None else event.data["new_state"],
            "for": None,
            "description": f"{cause} via template",
        }
        wanted = self._trigger.config.get("for")
        if wanted is None:
            self._host.fire(self._trigger, data, context_of(event))
            return
        before, self._before = self._before, None
        if before is not None and self._host.home.clock.monotonic() - self._attached_at < GRACE_S:
            self._hold(before)
            return
        period = period_of(self._host, self._trigger, data)
        if period is not None:
            record = begun(self._host, period, data, event)
            self._host.note_hold(self._trigger, _HELD, record)
            self._hold(record)

    def _hold(self, record: Record) -> None:
        left = record.due - self._host.home.clock.home_now()
        self._timer = self._host.after(max(0.0, left), lambda _: self._elapsed(record))

    def _elapsed(self, record: Record) -> None:
        self._timer = None
        self._host.drop_hold(self._trigger, _HELD)
        self._host.fire(self._trigger, data_of(record), record.context)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    _TemplateTrigger(trigger, host)


TRIGGER = TriggerKind(_SCHEMA, _attach)
