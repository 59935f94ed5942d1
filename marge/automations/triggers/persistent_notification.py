"""`trigger: persistent_notification`: a notification was added or removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.util.dt import from_epoch

SHARED = "persistent_notification"
_TYPES = ("added", "current", "removed", "updated")


def _types(value: Any) -> list[str]:
    types = fields.as_list(value)
    for each in types:
        if each not in _TYPES:
            raise vol.Invalid(f"value must be one of {list(_TYPES)}")
    return types


_SCHEMA = vol.Schema(
    {
        vol.Optional("notification_id"): fields.string,
        vol.Optional("update_type", default=list(_TYPES)): _types,
    }
)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    wanted_id, types = trigger.config.get("notification_id"), trigger.config["update_type"]
    notifications = host.home.shared.get(SHARED)
    if notifications is None:
        return

    def changed(kind: str, items: Mapping[str, Any]) -> None:
        # A notification that replaces one is an added one to HA's listeners, too.
        kind = "added" if kind == "updated" else kind
        if kind not in types:
            return
        for notification_id, item in items.items():
            if wanted_id is None or notification_id == wanted_id:
                host.post(happened, (kind, item))

    def happened(news: tuple[str, Any]) -> None:
        kind, item = news
        notification = {**item.as_dict(), "created_at": from_epoch(item.created_at)}
        host.fire(
            trigger, {"platform": "persistent_notification", "update_type": kind, "notification": notification}
        )

    host.at_close(notifications.listen(changed))


TRIGGER = TriggerKind(_SCHEMA, _attach)
