"""`Home`: the record of a home's parts, handed to what is built on top of them. No logic here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marge.model import State

if TYPE_CHECKING:
    from marge.actors import ActorSystem, Clock, EventBus
    from marge.config import HomeConfig
    from marge.entities import Entities, StateTable
    from marge.registries import Registries
    from marge.services import ServiceRegistry
    from marge.storage import KeyValue
    from marge.templating import TemplateEngine


@dataclass(frozen=True, slots=True)
class Home:
    """The parts of one home.

    Attributes:
        restored: what the recorder found at start, by entity id; for entities that restore a value.
        shared: objects that a domain or a bridge offers to the rest, by name of the domain or bridge; written while
            the home is set up, read afterwards.
    """

    system: ActorSystem
    states: StateTable
    entities: Entities
    services: ServiceRegistry
    registries: Registries
    templates: TemplateEngine
    config: HomeConfig
    storage: KeyValue
    restored: dict[str, State] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)

    @property
    def bus(self) -> EventBus:
        return self.system.bus

    @property
    def clock(self) -> Clock:
        return self.system.clock
