"""Notifiers: things that bring a message to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._catalog import fields_of, service
from marge.domains._validators import list_of, string
from marge.domains._virtual import keep, virtual
from marge.domains.persistent_notification import SHARED as NOTIFICATIONS
from marge.entities import Domain, Entity
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

TITLE = 1


class NotifyEntity(Entity):
    """A notifier that somebody owns. Owners override `send_message(message, title=None)`.

    Attributes:
        notified_at: UTC epoch seconds of the last message; the state.
        supported_features: 1: it shows titles.
    """

    domain = "notify"
    notified_at: float | None = None
    supported_features: int = 0

    def send_message(self, message: str, title: str | None = None) -> Any:
        """Deliver it; the owner's part."""

    def handle_send_message(self, message: str, title: str | None = None) -> Any:
        if self.actor is not None:
            self.notified_at = self.actor.system.clock.now()
        if title is not None and self.supported_features & TITLE:
            return self.send_message(message, title)
        return self.send_message(message)

    def state_value(self) -> str | None:
        return None if self.notified_at is None else iso(self.notified_at)


MESSAGE = {
    vol.Required("message"): string,
    vol.Optional("title"): string,
    vol.Optional("target"): list_of(string),
    vol.Optional("data"): dict,
}
"""What a service `notify.<somebody>` takes."""


def _setup(home: Home, _section: Any) -> None:
    def show(call: ServiceCall) -> None:
        """A notification of the home's own: what there always is."""
        data: Mapping[str, Any] = call.data.get("data") or {}
        notification_id = data.get("notification_id")
        home.shared[NOTIFICATIONS].create(
            call.data["message"], call.data.get("title"), None if notification_id is None else str(notification_id)
        )

    for name in ("notify", "persistent_notification"):
        home.services.register(
            "notify", name, show, MESSAGE, description="Shows a message as a notification.",
            fields=fields_of("notify", name),
        )  # fmt: skip


DOMAIN = Domain(
    "notify",
    services={
        "send_message": service(
            "notify", "send_message", "handle_send_message", "Sends a message.",
            {vol.Required("message"): string, vol.Optional("title"): string},
        ),
    },
    entity=NotifyEntity,
    virtual=virtual({"send_message": keep("unknown")}),
    setup=_setup,
)  # fmt: skip
