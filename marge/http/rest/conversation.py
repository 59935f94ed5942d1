"""`/api/conversation/process` and `/api/intent/handle`."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.conversation import agent_id
from marge.conversation.handling import handle
from marge.conversation.intents import Intent, IntentError, response_dict
from marge.conversation.targets import plain
from marge.domains._validators import string
from marge.home import Home
from marge.http.assist import agent_of
from marge.http.errors import trouble_reply
from marge.http.forms import checked
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.permissions import check_may_control
from marge.http.routing import route
from marge.http.shapes import OBJECT, STRING, TEXT, Answer, maybe, obj
from marge.model import Context

log = structlog.get_logger("marge.http")

_PROCESS = vol.Schema(
    {
        vol.Required("text"): string,
        vol.Optional("conversation_id"): string,
        vol.Optional("language"): string,
        vol.Optional("agent_id"): agent_id,
    }
)
_INTENT = vol.Schema({vol.Required("name"): string, vol.Optional("data"): {string: object}})


@route(
    "POST", "/api/conversation/process",
    body=_PROCESS,
    replies={200: Answer("The answer.", obj(response=OBJECT, conversation_id=maybe(STRING)))},
)  # fmt: skip
def process(home: Home, request: Request) -> Reply:
    """Do what a sentence asks for; the answer."""
    data = checked(request, _PROCESS)
    check_may_control(request.user)
    answer = agent_of(home).process(
        data["text"], _context(request), language=data.get("language"), conversation_id=data.get("conversation_id")
    )
    return json_reply(answer.as_dict())


@route(
    "POST", "/api/intent/handle",
    body=_INTENT,
    replies={200: Answer("What was done.", OBJECT), 500: Answer("It could not be done.", STRING, TEXT)},
)  # fmt: skip
def handle_intent(home: Home, request: Request) -> Reply:
    """Carry an intent out: `{"name", "data"?: {slot: value}}`. One that cannot be is a 500, as clients expect."""
    data = checked(request, _INTENT)
    check_may_control(request.user)
    slots: dict[str, Any] = data.get("data") or {}
    language = home.config.language
    intent = Intent(data["name"], slots, _context(request), lambda _entity_id: True, plain, language)
    try:
        outcome = handle(home, intent)
    except IntentError as exc:
        log.warning("an intent could not be carried out", intent=data["name"][:50], reason=str(exc))
        return trouble_reply()
    return json_reply(response_dict(language, outcome.kind, outcome.speech, outcome))


def _context(request: Request) -> Context:
    return Context(user_id=None if request.user is None else request.user.id)
