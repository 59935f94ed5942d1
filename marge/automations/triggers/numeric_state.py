"""`trigger: numeric_state`: a number crosses into a range. It must have been outside before it fires again."""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog
import voluptuous as vol

from marge.automations import fields
from marge.automations.conditions.numeric_state import check_number
from marge.automations.entity_lookup import resolve_ids
from marge.automations.environment import FORGETFUL
from marge.automations.errors import ConditionError
from marge.automations.holds import Record
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Config, Trigger, TriggerKind
from marge.automations.triggers._same_state import Hold, begun, period_of
from marge.errors import MargeError
from marge.model import STATE_CHANGED, Event, State

log = structlog.get_logger("marge.automations")

_NOWHERE = FORGETFUL.step("")


def _ordered(config: Config) -> Config:
    above, below = config.get("above"), config.get("below")
    if isinstance(above, float) and isinstance(below, float) and above > below:
        raise vol.Invalid(
            f"A value can never be above {above} and below {below} at the same time."
            " You probably want two different triggers."
        )
    return config


_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Required("entity_id"): fields.entity_ids,
            vol.Optional("below"): fields.number_or_entity,
            vol.Optional("above"): fields.number_or_entity,
            vol.Optional("value_template"): fields.template,
            vol.Optional("for"): fields.period_or_template,
            vol.Optional("attribute"): fields.string,
        },
        fields.at_least_one_of("below", "above"),
        _ordered,
    )
)


class _NumericTrigger:
    """One attached numeric trigger, for all its entities."""

    def __init__(self, trigger: Trigger, host: TriggerHost) -> None:
        self._trigger = trigger
        self._host = host
        self._config = trigger.config
        self._armed: set[str] = set()
        self._holds: dict[str, Hold] = {}
        for entity_id in resolve_ids(host.home, self._config["entity_id"]):
            state = host.home.states.find(entity_id)
            if state is not None and self._inside(entity_id, state) is False:
                self._armed.add(entity_id)
            # By the name of now: the entity may be renamed, which leaves it armed or not, as it was.
            host.subscribe(STATE_CHANGED, partial(self._changed, entity_id), entity_id)
        for entity_id, record in host.holds(trigger).items():
            self._hold(entity_id, entity_id, record, resumes=True)

    def _inside(self, entity_id: str, state: State | None, data: dict[str, Any] | None = None) -> bool | None:
        """Whether the number is in the range; None, and a logged warning, when there is no number."""
        environment = self._host.environment({"trigger": data} if data else None)
        try:
            return check_number(entity_id, state, self._config, environment, _NOWHERE)
        except ConditionError as exc:
            self._complain(f"Error in '{self._host.label}' trigger: {exc}")
        except MargeError as exc:
            self._complain(f"error in a trigger's template: {exc}")
        return None

    def _complain(self, text: str) -> None:
        path = f"trigger/{self._trigger.index}"
        log.warning(text, automation=self._host.label, step=path, where=self._host.place(path))

    def _changed(self, key: str, event: Event) -> None:
        new: State | None = event.data["new_state"]
        if new is None:
            return
        entity_id = event.data["entity_id"]
        data = {
            "platform": "numeric_state",
            "entity_id": entity_id,
            "below": self._config.get("below"),
            "above": self._config.get("above"),
            "from_state": event.data["old_state"],
            "to_state": new,
            "for": None,
            "description": f"numeric state of {entity_id}",
        }
        inside = self._inside(entity_id, new, data)
        if inside is False:
            self._armed.add(key)
        if not inside or key not in self._armed:
            return
        self._armed.discard(key)
        wanted = self._config.get("for")
        if wanted is None:
            self._host.fire(self._trigger, data, event.context)
            return
        period = period_of(self._host, self._trigger, data)
        if period is None:
            return
        running = self._holds.pop(key, None)
        if running is not None:
            running.cancel()
        self._hold(entity_id, key, begun(self._host, period, data, event))

    def _hold(self, entity_id: str, key: str, record: Record, resumes: bool = False) -> None:
        def still(state: State | None) -> bool:
            return self._inside(entity_id, state) is True

        self._holds[key] = Hold(self._host, self._trigger, entity_id, record, still, resumes)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    _NumericTrigger(trigger, host)


TRIGGER = TriggerKind(_SCHEMA, _attach)
