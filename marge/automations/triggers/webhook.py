"""`trigger: webhook`: the front door fired `webhook.<id>` because somebody called it."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import Event
from marge.webhooks import DEFAULT_METHODS, METHODS, Webhook, webhooks_of


def _methods(value: Any) -> list[str]:
    methods = [str(item).upper() for item in fields.as_list(value)]
    for method in methods:
        if method not in METHODS:
            raise vol.Invalid(f"value must be one of {list(METHODS)}")
    return methods


_SCHEMA = vol.Schema(
    {
        vol.Required("webhook_id"): fields.string,
        vol.Optional("allowed_methods"): _methods,
        vol.Optional("local_only"): fields.boolean,
    }
)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    webhook_id = host.limited(trigger.config["webhook_id"])

    def called(event: Event) -> None:
        data: dict[str, Any] = {"platform": "webhook", "webhook_id": webhook_id, "description": "webhook"}
        known: dict[str, Any] = {key: event.data[key] for key in ("json", "data", "query") if key in event.data}
        # The front door gives the body's parts; an event fired by hand is taken as the JSON body.
        data.update(known or {"json": dict(event.data)})
        host.fire(trigger, data)

    host.subscribe(f"webhook.{webhook_id}", called)
    # Without a handler: the front door fires the event itself, once for all triggers of the id.
    registered = Webhook(
        webhook_id,
        "automation",
        host.label,
        local_only=trigger.config.get("local_only", True),
        allowed_methods=tuple(trigger.config.get("allowed_methods", DEFAULT_METHODS)),
    )
    host.at_close(webhooks_of(host.home).register(registered))


TRIGGER = TriggerKind(_SCHEMA, _attach)
