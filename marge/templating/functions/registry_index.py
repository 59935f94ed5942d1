"""Indexes over the registries, good for one version of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from marge.templating.operators import text_of
from marge.templating.sources import RegistryReader


def _plain(name: Any) -> str:
    return text_of(name).casefold().replace(" ", "")


class Indexes:
    """Names to ids, and what belongs to which device and area, at one `version` of the registries."""

    def __init__(self, registries: RegistryReader) -> None:
        self.version = registries.version
        self.area_by_name = {_plain(area.name): area.id for area in registries.areas()}
        self.floor_by_name = {_plain(floor.name): floor.id for floor in registries.floors()}
        self.label_by_name = {_plain(label.name): label.id for label in registries.labels()}
        self.device_by_name: dict[str, str] = {}
        self.devices_by_area: defaultdict[str, list[Any]] = defaultdict(list)
        self.by_device: defaultdict[str, list[Any]] = defaultdict(list)
        self.by_area: defaultdict[str, list[Any]] = defaultdict(list)
        for device in registries.devices():
            name = device.name_by_user or device.name
            if name:
                self.device_by_name.setdefault(name, device.id)
            if device.area_id:
                self.devices_by_area[device.area_id].append(device)
        for entry in registries.entities():
            if entry.device_id:
                self.by_device[entry.device_id].append(entry)
            if entry.area_id:
                self.by_area[entry.area_id].append(entry)
