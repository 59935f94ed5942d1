"""Commands about webhooks."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.http.message import Headers, Request
from marge.http.rest.webhook import call_webhook
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.webhooks import METHODS, webhooks_of


@command("webhook/list", admin=True)
def list_webhooks(session: Session, message: dict[str, Any]) -> None:
    """All that are registered."""
    session.result(message["id"], [each.as_dict() for each in webhooks_of(session.home).all()])


@command(
    "webhook/handle",
    {
        vol.Required("webhook_id"): str,
        vol.Required("method"): vol.In(METHODS),
        vol.Optional("body", default=""): str,
        vol.Optional("headers", default={}): {str: str},
        vol.Optional("query", default=""): str,
    },
    waits=True,
)
def handle(session: Session, message: dict[str, Any]) -> None:
    """Call one through this connection."""
    headers = Headers()
    for name, value in message["headers"].items():
        headers.add(name.lower(), value)
    request = Request(
        message["method"],
        f"/api/webhook/{message['webhook_id']}",
        query_string=message["query"],
        headers=headers,
        body=message["body"].encode("utf-8", "replace"),
        remote="127.0.0.1",
    )
    reply = call_webhook(session.home, request, message["webhook_id"], True)
    session.result(
        message["id"],
        {
            "body": reply.body.decode("utf-8", "replace") if reply.body else None,
            "status": reply.status,
            "headers": {"Content-Type": reply.content_type or "application/octet-stream"},
        },
    )
