"""One device's entry: what it is, and how the user has set it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from marge.model import dumps_anyhow
from marge.registries.base import Entry, known_fields

Pair = tuple[str, str]

_MAC_SEPARATED = re.compile(r"^[0-9a-f]{2}([:-][0-9a-f]{2})+$|^[0-9a-f]{4}(\.[0-9a-f]{4}){2,3}$|^[0-9a-f]{12}$")
MAC = "mac"


@dataclass(frozen=True, slots=True)
class Device(Entry):
    """A physical unit (or a service).

    Attributes:
        id: 32 hex digits.
        identifiers, connections: `(platform, text)`, `(kind, address)`. Either tells that two reports mean one device.
        entry_type: `service`, or None for a thing.
        disabled_by: `user`, `integration`, `config_entry` or None.
        created_at, modified_at: UTC epoch seconds.
    """

    id: str
    identifiers: tuple[Pair, ...] = ()
    connections: tuple[Pair, ...] = ()
    area_id: str | None = None
    config_entries: tuple[str, ...] = ()
    configuration_url: str | None = None
    disabled_by: str | None = None
    entry_type: str | None = None
    hw_version: str | None = None
    labels: tuple[str, ...] = ()
    manufacturer: str | None = None
    model: str | None = None
    model_id: str | None = None
    name: str | None = None
    name_by_user: str | None = None
    primary_config_entry: str | None = None
    serial_number: str | None = None
    sw_version: str | None = None
    via_device_id: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0
    _json: bytes | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def json(self) -> bytes:
        """`as_dict` as JSON; made once."""
        if self._json is None:
            object.__setattr__(self, "_json", dumps_anyhow(self.as_dict()))
        return self._json or b""

    @property
    def key(self) -> str:
        return self.id

    @property
    def display_name(self) -> str | None:
        """The user's name for it, else its own."""
        return self.name_by_user or self.name

    def as_dict(self) -> dict[str, Any]:
        """As HA's `config/device_registry/list` shows it."""
        return {
            "area_id": self.area_id,
            "configuration_url": self.configuration_url,
            "config_entries": self.config_entries,
            "config_entries_subentries": {entry: [None] for entry in self.config_entries},
            "connections": self.connections,
            "created_at": self.created_at,
            "disabled_by": self.disabled_by,
            "entry_type": self.entry_type,
            "hw_version": self.hw_version,
            "id": self.id,
            "identifiers": self.identifiers,
            "labels": self.labels,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "model_id": self.model_id,
            "modified_at": self.modified_at,
            "name_by_user": self.name_by_user,
            "name": self.name,
            "primary_config_entry": self.primary_config_entry,
            "serial_number": self.serial_number,
            "sw_version": self.sw_version,
            "via_device_id": self.via_device_id,
        }


def restore(document: dict[str, Any]) -> Device:
    """A device as it was saved."""
    fields = known_fields(Device, document)
    for name in ("identifiers", "connections"):
        fields[name] = pairs(fields.get(name, ()))
    return Device(**fields)


def pairs(values: Iterable[Iterable[Any]]) -> tuple[Pair, ...]:
    """Distinct `(text, text)` in the order given.

    Raises:
        ValueError: something in it is not a pair.
    """
    found: dict[Pair, None] = {}
    for value in values:
        first, second = value
        found[(str(first), str(second))] = None
    return tuple(found)


def normalize_connections(values: Iterable[Iterable[Any]]) -> tuple[Pair, ...]:
    """Connections with hardware addresses as `aa:bb:cc:dd:ee:ff`."""
    return pairs((kind, normalize_mac(address) if kind == MAC else address) for kind, address in pairs(values))


def normalize_mac(text: str) -> str:
    """`AA-BB-CC-DD-EE-FF`, `aabb.ccdd.eeff` and `AABBCCDDEEFF` as `aa:bb:cc:dd:ee:ff`; other texts in lower case."""
    lower = text.strip().lower()
    if _MAC_SEPARATED.match(lower) is None:
        return lower
    digits = re.sub(r"[^0-9a-f]", "", lower)
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
