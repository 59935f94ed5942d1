"""Trying out parts of automations: triggers, conditions, actions. For administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import structlog
import voluptuous as vol
from gevent.queue import Full, Queue

from marge.automations import fields
from marge.automations.api import config_of, run_sequence, subscribe_triggers, try_condition
from marge.automations.references import check_references
from marge.automations.validation import validate_actions, validate_conditions, validate_triggers
from marge.errors import ServiceNotFound
from marge.http.ws.errors import NOT_FOUND, CommandError, InvalidMessage, describe_invalid
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import Context

log = structlog.get_logger("marge.http")

MAX_UNTOLD = 256
"""Trigger events of one subscription that wait for their turn; more are dropped, with a line in the log."""
_PARTS = {"triggers": validate_triggers, "conditions": validate_conditions, "actions": validate_actions}


@command(
    "subscribe_trigger", {vol.Required("trigger"): object, vol.Optional("variables"): dict}, admin=True, waits=True
)
def subscribe_trigger(session: Session, message: dict[str, Any]) -> None:
    """Tell whenever one of the triggers fires."""
    message_id = message["id"]
    turns = _Turns()

    given = message.get("variables") or {}

    def fired(variables: dict[str, Any], context: Context | None) -> None:
        told = {name: value for name, value in variables.items() if name not in given}
        session.event(message_id, {"variables": told, "context": None if context is None else context.as_dict()})

    triggers = message["trigger"] if isinstance(message["trigger"], list) else [message["trigger"]]
    try:
        with fields.checking_templates(session.home.templates.compile_check):
            end = subscribe_triggers(session.home, triggers, fired, message.get("variables"), turns.post)
    except vol.Invalid as exc:
        turns.end()
        whole = {**message, "trigger": triggers}
        raise InvalidMessage(describe_invalid(whole, _moved(exc, drop=1))) from exc
    except BaseException:
        turns.end()
        raise

    def cancel() -> None:
        end()
        turns.end()

    session.subscribe(message_id, cancel)
    session.result(message_id)
    turns.begin()


@command("test_condition", {vol.Required("condition"): object, vol.Optional("variables"): dict}, admin=True, waits=True)
def test_condition(session: Session, message: dict[str, Any]) -> None:
    """Whether a condition holds now. What cannot be told is an error; HA never answers then."""
    try:
        with fields.checking_templates(session.home.templates.compile_check):
            holds = try_condition(session.home, message["condition"], message.get("variables"))
    except vol.Invalid as exc:
        raise InvalidMessage(describe_invalid(message, _moved(exc, "condition"))) from exc
    session.result(message["id"], {"result": holds})


@command("validate_config", {vol.Optional(part): object for part in _PARTS}, waits=True)
def validate_config(session: Session, message: dict[str, Any]) -> None:
    """Which of `triggers`, `conditions` and `actions` are well formed, and what is wrong with the others."""
    found: dict[str, Any] = {}
    for part, validate in _PARTS.items():
        if part not in message:
            continue
        try:
            with fields.checking_templates(session.home.templates.compile_check):
                check_references(session.home, validate(message[part]))
        except vol.Invalid as exc:
            # HA does not say which of several triggers is meant.
            found[part] = {"valid": False, "error": str(_moved(exc, drop=1) if part == "triggers" else exc)}
        else:
            found[part] = {"valid": True, "error": None}
    session.result(message["id"], found)


@command("automation/config", {vol.Required("entity_id"): str})
def automation_config(session: Session, message: dict[str, Any]) -> None:
    """What stands in the files for an automation."""
    _config(session, message, "automation")


@command("script/config", {vol.Required("entity_id"): str})
def script_config(session: Session, message: dict[str, Any]) -> None:
    """What stands in the files for a script."""
    _config(session, message, "script")


def _config(session: Session, message: dict[str, Any], domain: str) -> None:
    entity_id = message["entity_id"]
    config = config_of(session.home, entity_id) if entity_id.startswith(f"{domain}.") else None
    if config is None:
        raise CommandError(NOT_FOUND, "Entity not found")
    session.result(message["id"], {"config": config})


@command("execute_script", {vol.Required("sequence"): object, vol.Optional("variables"): dict}, admin=True, waits=True)
def execute_script(session: Session, message: dict[str, Any]) -> None:
    """Run actions and wait for their end."""
    context = session.context()
    try:
        response = run_sequence(session.home, message["sequence"], context, message.get("variables"))
    except vol.Invalid as exc:
        raise InvalidMessage(describe_invalid(message, _moved(exc, "sequence"))) from exc
    except ServiceNotFound as exc:
        raise CommandError(
            "service_validation_error", f"Action {exc.domain}.{exc.service} not found", exc
        ) from exc
    session.result(message["id"], {"context": context.as_dict(), "response": response})


def _moved(error: vol.Invalid, *before: str, drop: int = 0) -> vol.Invalid:
    """The error with another place: `before` in front of its path, its first `drop` steps left out."""
    if isinstance(error, vol.MultipleInvalid):
        return vol.MultipleInvalid([_moved(each, *before, drop=drop) for each in error.errors])
    path = [*before, *error.path[drop:]]
    kind = error.error_type
    if kind is None and path and isinstance(path[-1], str) and len(path) > len(error.path[drop:]) == 0:
        kind = "dictionary value"
    return vol.Invalid(error.error_message, path=path, error_message=error.error_message, error_type=kind)


class _Turns:
    """Works off what triggers have to do in a greenlet of its own, so that it never costs the publisher."""

    def __init__(self) -> None:
        self._queue: Queue[tuple[Callable[[Any], None], Any]] = Queue(MAX_UNTOLD)
        self._dropped = 0
        self._greenlet: gevent.Greenlet | None = None

    def post(self, handler: Callable[[Any], None], argument: Any) -> None:
        try:
            self._queue.put_nowait((handler, argument))
        except Full:
            self._dropped += 1
            if self._dropped == 1:
                log.warning("a trigger subscription cannot keep up; events are dropped")

    def begin(self) -> None:
        """After the reply, so that no event overtakes it."""
        self._greenlet = gevent.spawn(self._run)

    def end(self) -> None:
        if self._greenlet is not None and self._greenlet is not gevent.getcurrent():
            self._greenlet.kill(block=False)

    def _run(self) -> None:
        while True:
            handler, argument = self._queue.get()
            try:
                handler(argument)
            except Exception as exc:  # noqa: BLE001 - the border: one event of one subscription
                log.error("a trigger subscription failed", exc_info=exc)
