"""Entity ids that follow a device's new name. The registry keeps history, settings and automations with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from marge.bridges.mqtt_devices.zigbee2mqtt.log_lines import CHANNEL
from marge.bridges.mqtt_devices.zigbee2mqtt.registry import identifier
from marge.errors import InvalidRequest, NotFound
from marge.model import split_entity_id
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger(CHANNEL)


def rename_entities(home: Home, ieee_address: str, former: str, name: str) -> dict[str, str]:
    """Give the device's entities ids that begin with its new name where they began with the former one.

    Returns:
        New ids by the old ones. What cannot have its new id (it is taken) keeps the old one, and the log says so.
    """
    registries = home.registries
    device = registries.devices.find([identifier(ieee_address)])
    if device is None:
        return {}
    old, new = slugify(former), slugify(name)
    renamed: dict[str, str] = {}
    for entry in registries.entities.for_device(device.id):
        domain, object_id = split_entity_id(entry.entity_id)
        if object_id != old and not object_id.startswith(f"{old}_"):
            continue
        wanted = f"{domain}.{new}{object_id[len(old) :]}"
        try:
            registries.entities.update(entry.entity_id, new_entity_id=wanted)
        except (InvalidRequest, NotFound) as exc:
            log.warning("an entity keeps its id", entity_id=entry.entity_id, wanted=wanted, reason=str(exc))
        else:
            renamed[entry.entity_id] = wanted
    return renamed
