"""Commands with which an app gets its messages while it is connected."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.http.ws import errors
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.integrations.mobile_app.apps import App, apps_of
from marge.integrations.mobile_app.push import PushChannel

_WEBHOOK = {vol.Required("webhook_id"): str}


def _own(session: Session, webhook_id: str) -> App:
    app = apps_of(session.home).get(webhook_id)
    if app is None:
        raise errors.CommandError(errors.NOT_FOUND, "Webhook ID not found")
    if app.data.get("user_id") != session.user.id:
        raise errors.CommandError(errors.UNAUTHORIZED, "User not linked to this webhook ID")
    return app


@command("mobile_app/push_notification_channel", {**_WEBHOOK, vol.Optional("support_confirm", default=False): bool})
def open_channel(session: Session, message: dict[str, Any]) -> None:
    """Messages to the app come here from now on, instead of to where they went before."""
    app, message_id = _own(session, message["webhook_id"]), message["id"]
    channel = PushChannel(lambda pushed: session.event(message_id, pushed), message["support_confirm"])

    def close() -> None:
        channel.close()
        if app.channel is channel:
            app.channel = None

    session.subscribe(message_id, close)
    if app.channel is not None:
        app.channel.close()
    app.channel = channel
    session.result(message_id)


@command("mobile_app/push_notification_confirm", {**_WEBHOOK, vol.Required("confirm_id"): str})
def confirm(session: Session, message: dict[str, Any]) -> None:
    """A message has come."""
    app = _own(session, message["webhook_id"])
    if app.channel is None or not app.channel.confirm(message["confirm_id"]):
        raise errors.CommandError(errors.NOT_FOUND, "Push notification channel not found")
    session.result(message["id"])
