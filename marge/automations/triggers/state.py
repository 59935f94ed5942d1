"""`trigger: state`: an entity's state, or one of its attributes, changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.entity_lookup import resolve_ids
from marge.automations.holds import Record
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Config, Trigger, TriggerKind
from marge.automations.triggers._same_state import Hold, begun, period_of
from marge.model import STATE_CHANGED, Event, State


def _texts(value: Any) -> Any:
    """One state or several; None stands for any change of the state."""
    if value is None:
        return None
    for item in fields.as_list(value):
        if not isinstance(item, str):
            raise vol.Invalid("expected str")
    return value


_COMMON = {
    vol.Required("entity_id"): fields.entity_ids,
    vol.Optional("for"): fields.period_or_template,
    vol.Optional("attribute"): fields.string,
}
_STATE = vol.Schema(
    {
        **_COMMON,
        vol.Exclusive("from", "from"): _texts,
        vol.Exclusive("not_from", "from"): _texts,
        vol.Exclusive("to", "to"): _texts,
        vol.Exclusive("not_to", "to"): _texts,
    }
)
_ATTRIBUTE = vol.Schema(
    {
        **_COMMON,
        vol.Exclusive("from", "from"): object,
        vol.Exclusive("not_from", "from"): object,
        vol.Exclusive("to", "to"): object,
        vol.Exclusive("not_to", "to"): object,
    }
)


def _schema(value: Any) -> Config:
    config: Config = _ATTRIBUTE(value) if "attribute" in value else _STATE(value)
    return config


def _matcher(config: Config, wanted: str, unwanted: str) -> Callable[[Any], bool]:
    if config.get(wanted) is not None:
        accepted = fields.as_list(config[wanted])
        return lambda value: any(value == item for item in accepted)
    if config.get(unwanted) is not None:
        refused = fields.as_list(config[unwanted])
        return lambda value: not any(value == item for item in refused)
    return lambda value: True


class _StateTrigger:
    """One attached state trigger, for all its entities."""

    def __init__(self, trigger: Trigger, host: TriggerHost) -> None:
        config = trigger.config
        self._trigger = trigger
        self._host = host
        self._attribute: str | None = config.get("attribute")
        self._from = _matcher(config, "from", "not_from")
        self._to = _matcher(config, "to", "not_to")
        # With none of them a change of any attribute counts too, unless one attribute is named.
        self._any_change = not any(key in config for key in ("from", "not_from", "to", "not_to"))
        self._only_from = "from" in config and "to" not in config
        self._holds: dict[str, Hold] = {}
        for entity_id in resolve_ids(host.home, config["entity_id"]):
            host.subscribe(STATE_CHANGED, self._changed, entity_id)
        for entity_id, record in host.holds(trigger).items():
            self._hold(entity_id, record, resumes=True)

    def _value(self, state: State | None) -> Any:
        if state is None:
            return None
        return state.state if self._attribute is None else state.attributes.get(self._attribute)

    def _changed(self, event: Event) -> None:
        old: State | None = event.data["old_state"]
        new: State | None = event.data["new_state"]
        old_value, new_value = self._value(old), self._value(new)
        if old_value == new_value and (not self._any_change or self._attribute is not None):
            return
        if not self._from(old_value) or not self._to(new_value):
            return
        entity_id = event.data["entity_id"]
        data = {
            "platform": "state",
            "entity_id": entity_id,
            "from_state": old,
            "to_state": new,
            "for": None,
            "attribute": self._attribute,
            "description": f"state of {entity_id}",
        }
        wanted = self._trigger.config.get("for")
        if wanted is None:
            self._host.fire(self._trigger, data, event.context)
            return
        running = self._holds.get(entity_id)
        if running is not None and running.goes_on_with(event):
            return
        period = period_of(self._host, self._trigger, data)
        if period is None:
            return
        if running is not None:
            running.cancel()
        self._hold(entity_id, begun(self._host, period, data, event, (old_value, new_value)))

    def _hold(self, entity_id: str, record: Record, resumes: bool = False) -> None:
        old_value, new_value = record.values

        def still(state: State | None) -> bool:
            if state is None:
                return False
            value = self._value(state)
            return bool(value != old_value) if self._only_from else bool(value == new_value)

        self._holds[entity_id] = Hold(self._host, self._trigger, entity_id, record, still, resumes)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    _StateTrigger(trigger, host)


TRIGGER = TriggerKind(_schema, _attach)
