"""Which entities a device, an area, a floor or a label means, by HA's rules. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marge.registries.entity_entry import EntityEntry
    from marge.registries.registries import Registries


def expand(
    registries: Registries,
    device_ids: Iterable[str],
    area_ids: Iterable[str],
    floor_ids: Iterable[str],
    label_ids: Iterable[str],
) -> set[str]:
    """Entity ids that are meant without being named. Unknown ids mean nothing.

    - A floor means its areas.
    - A label means the areas, devices and entities that carry it.
    - An area means the entities with this area, and those of its devices that have no area of their own.
    - A device means all its entities.
    - Hidden entities and those for configuration or diagnosis are meant only when they are named.
    """
    entities, devices, areas = registries.entities, registries.devices, registries.areas
    meant_areas = dict.fromkeys(area_ids)
    meant_devices = dict.fromkeys(device_ids)
    found: set[str] = set()
    for floor_id in floor_ids:
        meant_areas.update((area.area_id, None) for area in areas.on_floor(floor_id))
    for label_id in label_ids:
        meant_areas.update((area.area_id, None) for area in areas.with_label(label_id))
        meant_devices.update((device.id, None) for device in devices.with_label(label_id))
        found.update(entry.entity_id for entry in entities.with_label(label_id) if _is_meant(entry))
    for area_id in meant_areas:
        found.update(entry.entity_id for entry in entities.in_area(area_id) if _is_meant(entry))
        for device in devices.in_area(area_id):
            found.update(
                entry.entity_id for entry in entities.for_device(device.id) if not entry.area_id and _is_meant(entry)
            )
    for device_id in meant_devices:
        found.update(entry.entity_id for entry in entities.for_device(device_id) if _is_meant(entry))
    return found


def _is_meant(entry: EntityEntry) -> bool:
    return entry.entity_category is None and entry.hidden_by is None
