"""`trigger: device`: something that a device's entity offers, such as `turned_on`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import voluptuous as vol

from marge.automations import kinds
from marge.automations.device_automations import as_trigger, entity_of, schema
from marge.automations.device_table import TRIGGERS, row
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Config, Trigger, TriggerKind
from marge.model import Context

_ENTITIES = schema("trigger", TRIGGERS)
_OFFERING = frozenset(("mqtt", "tasmota"))
"""Domains whose device triggers are no entity's."""
OFFERED = "device_triggers"
"""`home.shared[OFFERED]`: domain to an object with `attach(config, fire) -> end`, for triggers that are no entity's,
such as the buttons of a remote. `fire(data, context)` says that it happened."""


def _schema(value: Any) -> Config:
    if isinstance(value, Mapping) and value.get("domain") in _OFFERING:
        shape = vol.Schema(
            {vol.Required("device_id"): str, vol.Required("domain"): str, vol.Required("type"): str},
            extra=vol.ALLOW_EXTRA,
        )
        offered: Config = shape(value)
        return offered
    return _ENTITIES(value)


class _AsDevice:
    """The host of the trigger that a device trigger stands for: what fires there is a device's."""

    def __init__(self, host: TriggerHost) -> None:
        self._host = host

    def __getattr__(self, name: str) -> Any:
        return getattr(self._host, name)

    def fire(self, trigger: Trigger, data: Mapping[str, Any], context: Context | None = None) -> None:
        self._host.fire(trigger, {**data, "platform": "device"}, context)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    config = trigger.config
    how = row(TRIGGERS, config["domain"], config["type"])
    if how is None:
        offers = host.home.shared.get(OFFERED, {}).get(config["domain"])
        if offers is None:
            raise vol.Invalid(f"nobody offers device triggers of '{config['domain']}'")
        host.at_close(offers.attach(config, lambda data, context: _tell(host, trigger, data, context)))
        return
    name, inner = as_trigger(how, entity_of(host.home, config), config)
    kind = kinds.trigger_kind(name)
    assert kind is not None
    kind.attach(replace(trigger, kind=kind, config=kind.schema(inner)), cast("TriggerHost", _AsDevice(host)))


def _tell(host: TriggerHost, trigger: Trigger, data: Mapping[str, Any], context: Context | None) -> None:
    host.post(lambda _nothing: host.fire(trigger, {"platform": "device", **data}, context), None)


TRIGGER = TriggerKind(_schema, _attach, names_device=True)
