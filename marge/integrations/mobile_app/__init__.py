"""HA's companion apps: a telephone registers, reports sensors and where it is, and gets messages.

`registration.py` makes the entry, `commands.py` answers what the app sends to its webhook, `sealing.py` encrypts,
`entities.py` are its sensors and tracker, `push.py` brings messages to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.integrations.base import Integration
from marge.integrations.flow import Abort, Flow, Step
from marge.integrations.host import on_unload
from marge.integrations.mobile_app.apps import App, apps_of
from marge.integrations.mobile_app.commands import answer
from marge.webhooks import Webhook, WebhookCall, WebhookReply, webhooks_of

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN = "mobile_app"
_DELETED = "mobile_app/deleted"
_MAX_DELETED = 1_000
_GONE = 410


class AppFlow(Flow):
    """There is nothing to fill in: the app adds itself."""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        return Abort("install_app")


def _start(home: Home) -> None:
    for webhook_id in home.storage.load(_DELETED) or []:
        _say_gone(home, webhook_id)


def _setup(home: Home, entry: ConfigEntry) -> None:
    app = App(home, entry)
    app.make_entities()

    def called(call: WebhookCall) -> WebhookReply:
        return answer(app, call)

    webhook = Webhook(app.webhook_id, DOMAIN, f"Mobile App: {entry.title}", called)
    on_unload(home, entry, webhooks_of(home).register(webhook))
    apps_of(home).add(app)
    on_unload(home, entry, lambda: apps_of(home).remove(app))
    app.offer_notify()
    on_unload(home, entry, app.end_notify)


def _removed(home: Home, entry: ConfigEntry) -> None:
    """An app that was removed is told so when it calls again, and then asks its owner to register anew."""
    webhook_id = entry.data["webhook_id"]
    deleted = [*(home.storage.load(_DELETED) or []), webhook_id][-_MAX_DELETED:]
    home.storage.save_many({_DELETED: deleted, f"mobile_app/{entry.entry_id}": None})
    _say_gone(home, webhook_id)


def _say_gone(home: Home, webhook_id: str) -> None:
    webhooks_of(home).register(Webhook(webhook_id, DOMAIN, "Deleted Webhook", lambda _call: WebhookReply(_GONE)))


INTEGRATION = Integration(
    DOMAIN, "Mobile App", setup=_setup, removed=_removed, start=_start, flow=AppFlow, kind="device",
    iot_class="local_push",
)  # fmt: skip
