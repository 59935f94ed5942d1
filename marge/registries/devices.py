"""The device registry."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from marge.errors import InvalidRequest, NotFound
from marge.registries.base import Parts, Registry, as_tuple, changed_fields
from marge.registries.device_entry import Device, Pair, normalize_connections, pairs, restore
from marge.registries.index import Index, one

FACTS = frozenset(
    {
        "configuration_url", "entry_type", "hw_version", "manufacturer", "model", "model_id", "name", "serial_number",
        "sw_version",
    }
)
"""What a bridge tells about a device; the rest is the user's."""
AWAITING_LIMIT = 10_000
"""Identifiers of via-devices that are waited for; beyond it a child stays without one."""


class DeviceRegistry(Registry[Device]):
    """Devices by `id`. Fires `device_registry_updated`, with the old values in `changes`."""

    kind, id_name = "device", "device_id"

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.on_change: Callable[[Device, Device], None] = lambda before, after: None
        """Called with both entries after each update, before the event is fired."""
        self._by_identifier: dict[Pair, str] = {}
        self._by_connection: dict[Pair, str] = {}
        self._by_area = Index()
        self._by_label = Index()
        self._awaiting: dict[Pair, set[str]] = {}  # children whose via-device has not been seen yet

    def find(self, identifiers: Iterable[Pair] = (), connections: Iterable[Iterable[str]] = ()) -> Device | None:
        """The device with any of these identifiers or, failing that, connections."""
        for identifier in pairs(identifiers):
            if identifier in self._by_identifier:
                return self._entries[self._by_identifier[identifier]]
        for connection in normalize_connections(connections):
            if connection in self._by_connection:
                return self._entries[self._by_connection[connection]]
        return None

    def in_area(self, area_id: str) -> list[Device]:
        return [self._entries[key] for key in self._by_area.get(area_id)]

    def with_label(self, label_id: str) -> list[Device]:
        return [self._entries[key] for key in self._by_label.get(label_id)]

    def get_or_create(
        self,
        *,
        identifiers: Iterable[Pair] = (),
        connections: Iterable[Iterable[str]] = (),
        via_device: Pair | None = None,
        config_entry_id: str | None = None,
        area_id: str | None = None,
        new_id: str | None = None,
        **facts: Any,
    ) -> Device:
        """The device that has one of the identifiers or connections, with these facts added; else a new one.

        Args:
            via_device: identifier of the device it is reached through; that one may come later.
            config_entry_id: added to its config entries.
            area_id: taken for a new device only; later it is the user's choice.
            new_id: id of a new device instead of a random one.
            facts: any of `FACTS`. A fact that is left out keeps its value.

        Raises:
            InvalidRequest: neither identifiers nor connections.
            TypeError: an unknown fact.
        """
        own, wires = pairs(identifiers), normalize_connections(connections)
        if not own and not wires:
            raise InvalidRequest("a device needs an identifier or a connection")
        unknown = facts.keys() - FACTS
        if unknown:
            raise TypeError(f"not facts about a device: {sorted(unknown)}")
        device = self.find(own, wires)
        if device is None:
            device = self._create(own, wires, config_entry_id, area_id, new_id, facts)
        else:
            device = self._learn(device, own, wires, config_entry_id, facts)
        return self._set_via(device, via_device)

    def update(self, device_id: str, **changes: Any) -> Device:
        """The device with `changes` made (`area_id`, `name_by_user`, `labels`, `disabled_by`, …).

        Raises:
            NotFound: no such device.
        """
        device = self._entries.get(device_id)
        if device is None:
            raise NotFound("Device not found")
        if "labels" in changes:
            changes["labels"] = as_tuple(changes["labels"])
        return self._change(device, changes)

    def remove(self, device_id: str) -> None:
        """Remove the device. Its entities are dealt with by `Registries`, which should be asked instead.

        Raises:
            NotFound: no such device.
        """
        device = self._entries.get(device_id)
        if device is None:
            raise NotFound("Device not found")
        self._drop(device)
        self._fire("remove", device_id)
        for child in [each for each in self._entries.values() if each.via_device_id == device_id]:
            self._change(child, {"via_device_id": None})

    # -- parts of get_or_create --------------------------------------------------------------------------------------

    def _create(
        self, own: tuple[Pair, ...], wires: tuple[Pair, ...], config_entry_id: str | None, area_id: str | None,
        new_id: str | None, facts: dict[str, Any],
    ) -> Device:
        now = self._now()
        device = Device(
            id=new_id or uuid.uuid4().hex, identifiers=own, connections=wires, config_entries=one(config_entry_id),
            primary_config_entry=config_entry_id, area_id=area_id, created_at=now, modified_at=now, **facts,
        )
        if device.id in self._entries:
            raise InvalidRequest(f"The device ID {device.id} is already in use")
        self._put(device)
        self._fire("create", device.id)
        for identifier in own:
            for child_id in self._awaiting.pop(identifier, ()):
                child = self._entries.get(child_id)
                if child is not None and child_id != device.id:
                    self._change(child, {"via_device_id": device.id})
        return device

    def _learn(
        self, device: Device, own: tuple[Pair, ...], wires: tuple[Pair, ...], config_entry_id: str | None,
        facts: dict[str, Any],
    ) -> Device:
        # What another device has already stays there: two devices never share an identifier.
        mine = [each for each in own if self._by_identifier.get(each, device.id) == device.id]
        lines = [each for each in wires if self._by_connection.get(each, device.id) == device.id]
        changes = dict(facts)
        changes["identifiers"] = as_tuple((*device.identifiers, *mine))
        changes["connections"] = as_tuple((*device.connections, *lines))
        if config_entry_id is not None:
            changes["config_entries"] = as_tuple((*device.config_entries, config_entry_id))
            changes["primary_config_entry"] = device.primary_config_entry or config_entry_id
        return self._change(device, changes)

    def _set_via(self, device: Device, via_device: Pair | None) -> Device:
        if via_device is None:
            return device
        identifier = (str(via_device[0]), str(via_device[1]))
        via_id = self._by_identifier.get(identifier)
        if via_id is None:
            if len(self._awaiting) < AWAITING_LIMIT:
                self._awaiting.setdefault(identifier, set()).add(device.id)
            return device
        return device if via_id == device.id else self._change(device, {"via_device_id": via_id})

    def _change(self, device: Device, changes: dict[str, Any]) -> Device:
        new = changed_fields(device, changes)
        if not new:
            return device
        old = {name: getattr(device, name) for name in new}
        changed = dataclasses.replace(device, **new, modified_at=self._now())
        self._put(changed)
        self.on_change(device, changed)
        self._fire("update", changed.id, changes=old)
        return changed

    # -- indexes -----------------------------------------------------------------------------------------------------

    def _restore(self, document: dict[str, Any]) -> Device:
        return restore(document)

    def _enter(self, entry: Device) -> None:
        super()._enter(entry)
        self._by_identifier.update(dict.fromkeys(entry.identifiers, entry.id))
        self._by_connection.update(dict.fromkeys(entry.connections, entry.id))
        self._by_area.add(one(entry.area_id), entry.id)
        self._by_label.add(entry.labels, entry.id)

    def _leave(self, entry: Device) -> None:
        super()._leave(entry)
        self._forget(entry)

    def _replace(self, before: Device, entry: Device) -> None:
        self._forget(before)
        self._enter(entry)

    def _forget(self, entry: Device) -> None:
        for identifier in entry.identifiers:
            self._by_identifier.pop(identifier, None)
        for connection in entry.connections:
            self._by_connection.pop(connection, None)
        self._by_area.remove(one(entry.area_id), entry.id)
        self._by_label.remove(entry.labels, entry.id)
