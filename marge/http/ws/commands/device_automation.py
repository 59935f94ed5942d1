"""What devices offer to automations: their triggers, conditions and actions, and the fields of each."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations.device_automations import capabilities, list_for
from marge.automations.triggers.device import OFFERED
from marge.http.ws.errors import NOT_FOUND, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.util.schema import LateSchema

_DEVICE = {vol.Required("device_id"): str}


def _list(session: Session, message: dict[str, Any], what: str) -> None:
    device_id = message["device_id"]
    if session.home.registries.devices.get(device_id) is None:
        raise CommandError(NOT_FOUND, "Device not found")
    found = list_for(session.home, what, device_id)
    if what == "trigger":
        for offers in session.home.shared.get(OFFERED, {}).values():
            found.extend(offers.list(device_id))
    session.result(message["id"], found)


@command("device_automation/trigger/list", _DEVICE)
def list_triggers(session: Session, message: dict[str, Any]) -> None:
    """What can happen on a device."""
    _list(session, message, "trigger")


@command("device_automation/condition/list", _DEVICE)
def list_conditions(session: Session, message: dict[str, Any]) -> None:
    """What can be asked of a device."""
    _list(session, message, "condition")


@command("device_automation/action/list", _DEVICE)
def list_actions(session: Session, message: dict[str, Any]) -> None:
    """What a device can do."""
    _list(session, message, "action")


def _base(*required: str) -> vol.Schema:
    keys = {vol.Required(name): str for name in ("domain", "device_id", *required)}
    return LateSchema(keys, extra=vol.ALLOW_EXTRA)


_TRIGGER = vol.All(_base(), LateSchema({"platform": "device", "trigger": "device"}, extra=vol.ALLOW_EXTRA))
_CONDITION = vol.All(_base(), LateSchema({vol.Required("condition"): "device"}, extra=vol.ALLOW_EXTRA))


@command("device_automation/trigger/capabilities", {vol.Required("trigger"): _TRIGGER})
def trigger_capabilities(session: Session, message: dict[str, Any]) -> None:
    """The fields of a device trigger."""
    session.result(message["id"], capabilities(session.home, "trigger", message["trigger"]))


@command("device_automation/condition/capabilities", {vol.Required("condition"): _CONDITION})
def condition_capabilities(session: Session, message: dict[str, Any]) -> None:
    """The fields of a device condition."""
    session.result(message["id"], capabilities(session.home, "condition", message["condition"]))


@command("device_automation/action/capabilities", {vol.Required("action"): _base()})
def action_capabilities(session: Session, message: dict[str, Any]) -> None:
    """The fields of a device action."""
    session.result(message["id"], capabilities(session.home, "action", message["action"]))
