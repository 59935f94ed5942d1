"""`trigger: tag`: a tag was scanned."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import Event


def _texts(value: Any) -> list[str]:
    return [fields.string(item) for item in fields.as_list(value)]


_SCHEMA = vol.Schema({vol.Required("tag_id"): _texts, vol.Optional("device_id"): _texts})


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    tags, devices = trigger.config["tag_id"], trigger.config.get("device_id")

    def scanned(event: Event) -> None:
        if event.data.get("tag_id") not in tags or (devices and event.data.get("device_id") not in devices):
            return
        host.fire(trigger, {"platform": "tag", "event": event, "description": "Tag scanned"}, event.context)

    host.subscribe("tag_scanned", scanned)


TRIGGER = TriggerKind(_SCHEMA, _attach)
