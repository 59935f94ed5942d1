"""`call_service`."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import ServiceNotFound, Unauthorized
from marge.http.rest.services import ADMIN_ONLY
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import dumps, valid_entity_id


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
    vol.Optional("entity_id"): _entity_ids,
    vol.Optional("device_id"): _ids,
    vol.Optional("area_id"): _ids,
    vol.Optional("floor_id"): _ids,
    vol.Optional("label_id"): _ids,
}


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
    """Call a service and wait until it is done."""
    home, message_id = session.home, message["id"]
    domain, service = message["domain"].lower(), message["service"].lower()
    if (domain, service) in ADMIN_ONLY and not session.user.is_admin:
        raise Unauthorized("Unauthorized")
    context = session.context()
    wants_response = message["return_response"]
    try:
        result = home.services.call(
            domain, service, message.get("service_data"), message.get("target"), context, wants_response
        )
    except ServiceNotFound as exc:
        if (exc.domain, exc.service) != (domain, service):
            raise
        _not_found(session, message_id, exc)
        return
    body: dict[str, Any] = {"context": context.as_dict()}
    if wants_response:
        body["response"] = result.response
    session.result(message_id, body)


def _not_found(session: Session, message_id: int, exc: ServiceNotFound) -> None:
    error = {
        "code": "not_found",
        "message": str(exc),
        "translation_key": exc.translation_key,
        "translation_placeholders": exc.placeholders,
        "translation_domain": exc.translation_domain,
    }
    session.send(dumps({"id": message_id, "type": "result", "success": False, "error": error}))
