"""What a validated automation or script refers to and must be there: devices. Not here: what a kind means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations.kinds import Action, Condition, Trigger
from marge.automations.validation import AutomationConfig, ScriptConfig

if TYPE_CHECKING:
    from marge.home import Home


def check_references(home: Home, config: object) -> None:
    """See that devices exist.

    Raises:
        vol.Invalid: a device is unknown.
    """
    for device_id in devices_in(config):
        if home.registries.devices.get(device_id) is None:
            raise vol.Invalid(f"Unknown device '{device_id}'")


def devices_in(value: Any) -> Iterator[str]:
    """The devices that device triggers, conditions and actions name, anywhere inside."""
    if isinstance(value, AutomationConfig):
        yield from devices_in(value.triggers)
        yield from devices_in(value.conditions)
        yield from devices_in(value.script)
    elif isinstance(value, ScriptConfig):
        yield from devices_in(value.sequence)
    elif isinstance(value, (Trigger, Condition, Action)):
        if value.kind.names_device:
            yield value.config["device_id"]
        else:
            yield from devices_in(value.config)
    elif isinstance(value, dict):
        for item in value.values():
            yield from devices_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from devices_in(item)
