"""`call_service`."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import ServiceNotFound
from marge.http.rest.permissions import check_may_call
from marge.http.ws.errors import NOT_FOUND, CommandError, InvalidMessage, describe_invalid
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import valid_entity_id


def _ids(value: Any) -> Any:
    """A text or a list of texts, as HA's target selector takes them."""
    if isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        return value
    raise vol.Invalid("expected str")


def _entity_ids(value: Any) -> Any:
    texts = _ids(value)
    parts = [part.strip().lower() for part in texts.split(",")] if isinstance(texts, str) else texts
    if isinstance(texts, str) and parts in (["all"], ["none"]):
        return texts
    if not all(valid_entity_id(part.strip().lower()) for part in parts):
        raise vol.Invalid("not a valid value")
    return texts


_TARGET = {
    vol.Optional("entity_id"): _ids,
    vol.Optional("device_id"): _ids,
    vol.Optional("area_id"): _ids,
    vol.Optional("floor_id"): _ids,
    vol.Optional("label_id"): _ids,
}
_STRICT = vol.Schema(
    {
        vol.Optional("target"): vol.Any(
            vol.Schema({vol.Optional("entity_id"): _entity_ids}, extra=vol.ALLOW_EXTRA), None
        )
    },
    extra=vol.ALLOW_EXTRA,
)
"""What HA wants besides; to the native profile an id that is none is one that nobody has."""


@command(
    "call_service",
    {
        vol.Required("domain"): str,
        vol.Required("service"): str,
        vol.Optional("target"): vol.Any(_TARGET, None),
        vol.Optional("service_data"): vol.Any(dict, None),
        vol.Optional("return_response", default=False): bool,
    },
    waits=True,
)
def call_service(session: Session, message: dict[str, Any]) -> None:
    """Call a service and wait until it is done.

    The result is HA's, unless the call named virtual entities only and no response is asked for: then it is the list of
    their states, in the order given.
    """
    home, message_id = session.home, message["id"]
    if home.config.marge.profile != "native":
        try:
            _STRICT(message)
        except vol.Invalid as exc:
            raise InvalidMessage(describe_invalid(message, exc)) from exc
    domain, service = message["domain"].lower(), message["service"].lower()
    check_may_call(session.user, domain, service)
    context = session.context()
    wants_response = message["return_response"]
    try:
        result = home.services.call(
            domain, service, message.get("service_data"), message.get("target"), context, wants_response
        )
    except ServiceNotFound as exc:
        if (exc.domain, exc.service) != (domain, service):
            raise
        raise CommandError(NOT_FOUND, str(exc), exc) from exc
    if result.only_virtual and not wants_response:
        session.result_json(message_id, b"[" + b",".join([state.json for state in result.states]) + b"]")
        return
    body: dict[str, Any] = {"context": context.as_dict()}
    if wants_response:
        body["response"] = result.response
    session.result(message_id, body)
