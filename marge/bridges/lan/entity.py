"""Entities of devices that are reached by address: what they are commanded goes to the device's actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from marge.actors import ActorSystem, Future
from marge.entities import Entity
from marge.errors import HomeError, NotFound, Overloaded


class Command(NamedTuple):
    """Do this with the part `key` of the device. The reply comes when it is done and its state is known.

    Attributes:
        verb, params: the family's own words.
    """

    key: str
    verb: str
    params: Mapping[str, Any]


class Waiting:
    """How many commands have been sent to an actor and not been begun. It ends with that actor."""

    commands = 0


class Link(NamedTuple):
    """The way to the device's actor. It survives that actor: the path stays."""

    system: ActorSystem
    path: str
    waiting: Waiting

    def send(self, command: Command) -> Future:
        """Hand the command over; whoever called the service waits for the reply.

        Raises:
            HomeError: nobody takes it.
        """
        try:
            future = self.system.ask_later(self.path, command)
        except NotFound as exc:
            raise HomeError("The device is not connected at the moment; try again in a few seconds") from exc
        except Overloaded as exc:
            raise HomeError("The device has too much to do; try again in a few seconds") from exc
        self.waiting.commands += 1
        return future


class LanEntity(Entity):
    """Mixed into a domain's entity, first in the list of bases.

    Attributes:
        key: which part of the device it is. link: set by the device's actor when it adds the entity.
    """

    key: str = ""
    link: Link | None = None

    def send(self, verb: str, **params: Any) -> Future:
        """Tell the device. What a service's method returns.

        Raises:
            HomeError: nobody takes it.
        """
        if self.link is None:
            raise HomeError(f"{self.entity_id} has no device")
        return self.link.send(Command(self.key, verb, params))


class Part(NamedTuple):
    """An entity that a device has, before it is added.

    Attributes:
        object_id: what its id is made of, when it is new.
        name: beside the device's; None: it is the device's main thing.
        device_id: of the registry; None: the actor's own.
        facts: more for the entity registry (`entity_category`, …).
    """

    entity: Entity
    object_id: str
    name: str | None = None
    device_id: str | None = None
    facts: Mapping[str, Any] = {}
