"""`/api/webhook/<id>`: anybody may call it. What it may do beyond calling who registered the id depends on the profile
(native API, section 2.13)."""

from __future__ import annotations

from typing import Any

import structlog

from marge.auth.networks import is_local
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import form
from marge.http.message import NO_HEADERS, Reply, Request, message_reply
from marge.http.routing import route
from marge.http.shapes import STRING, Answer
from marge.model import Context, Event, loads, valid_entity_id
from marge.webhooks import Webhook, WebhookCall, webhooks_of

log = structlog.get_logger("marge.http")
_ANYTHING = {200: Answer("Whatever it calls answers, mostly nothing.", STRING, "*/*")}


@route("GET", "/api/webhook/<webhook_id>", access="open", replies=_ANYTHING)
@route("HEAD", "/api/webhook/<webhook_id>", access="open", replies=_ANYTHING)
@route("POST", "/api/webhook/<webhook_id>", access="open", replies=_ANYTHING)
@route("PUT", "/api/webhook/<webhook_id>", access="open", replies=_ANYTHING)
@route("POST", "/api/webhooks/<webhook_id>", access="open", replies=_ANYTHING)
def webhook(home: Home, request: Request) -> Reply:
    """Call who registered the id, and fire `webhook.<id>`, which triggers listen for.

    An unknown id, or a stranger's call of a local one, gets the same 200 as a call that did something: nobody can find
    out which ids exist.
    """
    return call_webhook(home, request, request.args["webhook_id"], is_local(request.remote))


def call_webhook(home: Home, request: Request, webhook_id: str, local: bool) -> Reply:
    """As `webhook`, also for calls that came another way."""
    registered = webhooks_of(home).get(webhook_id)
    admitted = [each for each in registered if local or not each.local_only]
    if registered and not admitted:
        log.warning("a call from afar of a webhook that is for the home's network only", remote=request.remote)
        return Reply(200)
    allowed = [each for each in admitted if request.method in each.allowed_methods]
    if admitted and not allowed:
        return Reply(200 if request.method == "HEAD" else 405)
    for each in allowed:
        if each.handler is not None:
            return _answer(each, request)
    if not allowed and request.method in ("GET", "HEAD"):
        return Reply(200)
    body = _parts(request)
    if body is None:
        log.warning("a webhook was called with JSON that cannot be read", webhook=webhook_id[:8])
        return Reply(200)
    context = Context.new()
    data = {
        "webhook_id": webhook_id,
        "method": request.method,
        **body,
        "query": request.query,
        "remote": request.remote,
    }
    home.bus.publish(Event(f"webhook.{webhook_id}", data, context, home.clock.now()))
    settings = home.config.marge
    if settings.profile != "native" or settings.auth_mode != "open":
        return Reply(200)
    sent = body.get("json")
    return _native(home, webhook_id, sent if isinstance(sent, dict) else {}, context)


def _answer(registered: Webhook, request: Request) -> Reply:
    assert registered.handler is not None
    call = WebhookCall(
        registered.webhook_id, request.method, request.body, dict(request.headers), request.query, request.remote
    )
    try:
        answer = registered.handler(call)
    except Exception as exc:  # noqa: BLE001 - the border: one webhook; its caller is told nothing
        log.error("a webhook failed", domain=registered.domain, name=registered.name, exc_info=exc)
        return Reply(200)
    if answer is None:
        return Reply(200)
    return Reply(answer.status, answer.body, answer.content_type, NO_HEADERS)


def _parts(request: Request) -> dict[str, Any] | None:
    """The body for triggers: `json`, or `data` of a form; None: it says it is JSON, and is not."""
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        try:
            return {"json": loads(request.body)}
        except ValueError:
            return None
    if "form" in kind:
        try:
            return {"data": form(request)}
        except HttpError:
            return {"data": {}}
    try:
        return {"json": loads(request.body) if request.body else None, "data": {}}
    except ValueError:
        return {"json": None, "data": {}}


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
