"""`Home`: the record of a home's parts, handed to what is built on top of them. No logic here but what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marge.errors import Unavailable
from marge.model import State

if TYPE_CHECKING:
    from marge.actors import ActorSystem, Clock, EventBus
    from marge.config import HomeConfig
    from marge.entities import Entities, StateTable
    from marge.registries import Registries
    from marge.services import ServiceRegistry
    from marge.storage import KeyValue
    from marge.templating import TemplateEngine


class NotThere(Unavailable, KeyError):
    """A part of the home that somebody asks for: not set up yet, for clients come early, or it could not be."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:  # a KeyError's would be the name alone
        return f"This part of the home is not there: {self.name}. Marge is starting, or the log says why it failed"


class Shared(dict[str, Any]):
    """What parts offer to each other, by name."""

    def __missing__(self, name: str) -> Any:
        raise NotThere(name)


@dataclass(frozen=True, slots=True)
class Home:
    """The parts of one home.

    Attributes:
        restored: what the recorder found at start, by entity id; for entities that restore a value.
        shared: objects that a domain or a bridge offers to the rest, by name of the domain or bridge; written while
            the home is set up, read afterwards. One that is missing raises `NotThere`.
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
    shared: dict[str, Any] = field(default_factory=Shared)

    @property
    def bus(self) -> EventBus:
        return self.system.bus

    @property
    def clock(self) -> Clock:
        return self.system.clock
