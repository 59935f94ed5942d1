"""`/api/webhook/<id>`: anybody may call it, so what it may do depends on the profile (native API, section 2.13)."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.home import Home
from marge.http.message import Reply, Request, message_reply
from marge.http.routing import route
from marge.model import Context, Event, loads, valid_entity_id


@route("POST", "/api/webhook/<webhook_id>", access="open")
@route("PUT", "/api/webhook/<webhook_id>", access="open")
@route("POST", "/api/webhooks/<webhook_id>", access="open")
def webhook(home: Home, request: Request) -> Reply:
    """Fire `webhook.<id>`, which triggers listen for, with `webhook_id`, `method`, `json`, `query` and `remote`.

    In the native profile with open log-in the body may also write a virtual state or name another event. Always 200, so
    that nobody can find out which ids exist.
    """
    webhook_id = request.args["webhook_id"]
    body = _json(request.body)
    context = Context.new()
    data = {
        "webhook_id": webhook_id,
        "method": request.method,
        "json": body,
        "query": request.query,
        "remote": request.remote,
    }
    home.bus.publish(Event(f"webhook.{webhook_id}", data, context, home.clock.now()))
    settings = home.config.marge
    if settings.profile != "native" or settings.auth_mode != "open":
        return Reply(200)
    return _native(home, webhook_id, body if isinstance(body, dict) else {}, context)


def _native(home: Home, webhook_id: str, body: dict[str, Any], context: Context) -> Reply:
    entity_id, state, event_type = body.get("entity_id"), body.get("state"), body.get("event_type")
    if isinstance(entity_id, str) and isinstance(state, str) and valid_entity_id(entity_id.lower()):
        attributes = body.get("attributes")
        if home.states.owner(entity_id.lower()) is not None:
            return message_reply("State not updated: the entity belongs to a bridge")
        shown = attributes if isinstance(attributes, dict) else {}
        home.entities.write(entity_id.lower(), state, shown, context)
        return message_reply("State updated")
    if not isinstance(event_type, str) or not event_type:
        return message_reply(f"Event webhook.{webhook_id} fired")
    event_data = body.get("data")
    home.bus.publish(
        Event(event_type, event_data if isinstance(event_data, dict) else {}, context, home.clock.now())
    )
    return message_reply(f"Event {event_type} fired")


def _json(body: bytes) -> Any:
    try:
        return loads(body) if body else None
    except (ValueError, vol.Invalid):
        return None
