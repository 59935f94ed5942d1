"""Messages to an app: over its WebSocket while it is connected, else by the address it gave for that."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import gevent
import structlog

from marge.domains._catalog import fields_of
from marge.domains.notify import MESSAGE
from marge.errors import HomeError
from marge.model import dumps_anyhow
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.integrations.mobile_app.apps import App
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.integrations")

CONFIRM_S = 10.0
"""An app that does not confirm within this time is not there any more."""
MAX_UNCONFIRMED = 100
_PUSH_TIMEOUT_S = 10.0
_OK = (200, 201, 202)


class PushChannel:
    """A connected app.

    Args:
        send: hands one message over; it must not wait.
        confirms: the app says of each message that it came.
    """

    def __init__(self, send: Callable[[Mapping[str, Any]], None], confirms: bool) -> None:
        self._send = send
        self._confirms = confirms
        self._pending: dict[str, gevent.Greenlet] = {}

    def push(self, message: Mapping[str, Any], lost: Callable[[Mapping[str, Any]], None]) -> None:
        """Send a message; `lost(message)` is called when it is not confirmed in time."""
        if not self._confirms:
            self._send(message)
            return
        if len(self._pending) >= MAX_UNCONFIRMED:
            lost(message)
            return
        confirm_id = uuid.uuid4().hex

        def not_confirmed() -> None:
            self._pending.pop(confirm_id, None)
            lost(message)

        self._pending[confirm_id] = gevent.spawn_later(CONFIRM_S, not_confirmed)
        self._send({**message, "hass_confirm_id": confirm_id})

    def confirm(self, confirm_id: str) -> bool:
        """A message came. False: none of that id is waited for."""
        waiting = self._pending.pop(confirm_id, None)
        if waiting is None:
            return False
        waiting.kill(block=False)
        return True

    def close(self) -> None:
        """The app has gone; what is not confirmed is lost."""
        pending, self._pending = self._pending, {}
        for waiting in pending.values():
            waiting.kill(block=False)


def can_push(app: App) -> bool:
    """Whether the app said where messages may go."""
    data = app.data.get("app_data") or {}
    return bool(data.get("push_websocket_channel")) or bool(data.get("push_token") and data.get("push_url"))


def register_notify(app: App) -> Callable[[], None]:
    """The service `notify.mobile_app_<device>`, if the app takes messages. Returns how to end it."""
    if not can_push(app):
        return lambda: None
    services = app.home.services
    base = name = f"mobile_app_{slugify(app.data['device_name'])}"
    number = 1
    while services.has("notify", name):
        number += 1
        name = f"{base}_{number}"

    def notify(call: ServiceCall) -> None:
        message = {"message": call.data["message"]}
        for key in ("title", "target", "data"):
            if call.data.get(key) is not None:
                message[key] = call.data[key]
        push(app, message)

    services.register(
        "notify", name, notify, MESSAGE, description=f"Sends a message to {app.data['device_name']}.",
        fields=fields_of("notify", "notify"),
    )  # fmt: skip
    return lambda: services.remove("notify", name)


def push(app: App, message: Mapping[str, Any]) -> None:
    """Bring a message to the app. May wait for the address it gave.

    Raises:
        HomeError: there is no way to it now.
    """
    if app.channel is not None:
        app.channel.push(message, lambda lost: _push_late(app, lost))
        return
    _push_remote(app, message)


def _push_late(app: App, message: Mapping[str, Any]) -> None:
    def run() -> None:
        try:
            _push_remote(app, message)
        except HomeError as exc:
            log.warning("a message did not reach an app", device=app.data["device_name"], reason=str(exc))

    gevent.spawn(run)


def _push_remote(app: App, message: Mapping[str, Any]) -> None:
    data = app.data.get("app_data") or {}
    url, token = data.get("push_url"), data.get("push_token")
    if not url or not token:
        raise HomeError("Device not connected to local push notifications")
    if not str(url).startswith(("http://", "https://")):
        raise HomeError("The app's address for messages is not a web address")
    facts = {
        "app_id": app.data["app_id"], "app_version": app.data["app_version"], "webhook_id": app.webhook_id,
        "os_version": app.data.get("os_version"),
    }  # fmt: skip
    body = dumps_anyhow({**message, "push_token": token, "registration_info": facts})
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        url, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=_PUSH_TIMEOUT_S) as reply:  # noqa: S310
            if reply.status not in _OK:
                raise HomeError(f"Sending the message failed: {reply.status}")
    except (OSError, ValueError, http.client.HTTPException, urllib.error.URLError) as exc:
        raise HomeError(f"Sending the message failed: {exc}") from exc
