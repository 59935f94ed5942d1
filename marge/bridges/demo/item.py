"""What a simulated device is besides its entity: what the registries know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from marge.entities import Entity


@dataclass(frozen=True, slots=True)
class Item:
    """One simulated entity.

    Attributes:
        entity_id: suggested; an entity with a unique id keeps the one that the registry knows it by.
        name: for people. Of an entity with a device: None where it is the device's main thing.
        unique_id: None: no registry knows it, as with the oldest kinds of devices.
        device: the device's name; None: none.
        identifier: of the device; `("demo", unique_id)` unless said otherwise.
        facts: further fields of the registry's entry (`translation_key`, `entity_category`, `options`).
    """

    entity_id: str
    entity: Entity
    name: str | None = None
    unique_id: str | None = None
    device: str | None = None
    identifier: tuple[str, str] | None = None
    has_entity_name: bool | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return self.entity_id.partition(".")[0]

    @property
    def object_id(self) -> str:
        return self.entity_id.partition(".")[2]


def of_device(
    entity_id: str, entity: Entity, device: str, unique_id: str, **facts: Any
) -> Item:
    """The main entity of a device, called as the device."""
    return Item(entity_id, entity, None, unique_id, device, has_entity_name=True, facts=facts)


E = TypeVar("E", bound=Entity)


def with_fields(entity: E, **fields: Any) -> E:
    """The entity with these fields set.

    Raises:
        AttributeError: it has no such field.
    """
    for name, value in fields.items():
        if not hasattr(type(entity), name):
            raise AttributeError(f"{type(entity).__name__} has no field {name}")
        setattr(entity, name, value)
    return entity
