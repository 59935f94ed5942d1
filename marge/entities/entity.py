"""Owned entities: something a bridge or a helper set up, keeps reporting, and takes commands for.

Not here: protocols, and what a light or a lock is (`marge.domains`).
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from marge.model import STATE_UNAVAILABLE, STATE_UNKNOWN, Context

if TYPE_CHECKING:
    from marge.entities.actor import EntityActor


_USUAL = ("unit_of_measurement", "attribution", "device_class", "entity_picture", "icon")
_usual_values = attrgetter(*_USUAL)
_NONE_OF_THEM = (None,) * len(_USUAL)


class Entity:
    """Fields, and the command methods that the domain's services name. Lives inside its actor: nobody else touches it.

    A command method runs in the actor's turn on the shared dispatcher, so it must not wait. It may return a `Future`,
    which the service's caller waits for. After each command and each report the actor writes the state if it differs.

    Attributes:
        unique_id: stable identity within its owner, for the entity registry.
        available: False shows as `unavailable`.
        supported_features: bits, or None for domains without.
        force_update: write and tell the bus even when nothing differs.
        extra_attributes: shown beside what the domain shows.
        chosen: `name`, `icon` or `device_class` as the user has set them in the entity registry: shown instead. `unit`:
            of a sensor, converted to where that is possible.
        platform: who made it, for the entity registry; "" is its owner.
    """

    domain: ClassVar[str] = ""

    entity_id: str = ""
    unique_id: str | None = None
    name: str | None = None
    icon: str | None = None
    device_class: str | None = None
    unit_of_measurement: str | None = None
    entity_picture: str | None = None
    attribution: str | None = None
    available: bool = True
    assumed_state: bool = False
    supported_features: int | None = None
    force_update: bool = False
    extra_attributes: Mapping[str, Any] = {}
    chosen: Mapping[str, Any] = {}
    platform: ClassVar[str] = ""
    actor: EntityActor | None = None

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        """The main value; None shows as `unknown`."""
        return None

    def capability_attributes(self) -> dict[str, Any]:
        """What the entity can do; shown also while it is unavailable."""
        return {}

    def state_attributes(self) -> dict[str, Any]:
        """What the domain shows beside the main value."""
        return {}

    def shown(self) -> tuple[str, dict[str, Any]]:
        """State and attributes as clients see them, in HA's order."""
        attributes, chosen = self.capability_attributes(), self.chosen
        if self.available:
            value = self.state_value()
            state = STATE_UNKNOWN if value is None else value
            attributes.update(self.state_attributes())
            attributes.update(self.extra_attributes)
        else:
            state = STATE_UNAVAILABLE
        values = _usual_values(self)
        if chosen or values != _NONE_OF_THEM:
            for key, value in zip(_USUAL, values, strict=True):
                shown = chosen.get(key, value)
                if shown is not None:
                    attributes[key] = shown
        if self.assumed_state:
            attributes["assumed_state"] = True
        name = chosen.get("name", self.name)
        if name is not None:
            attributes["friendly_name"] = name
        if self.supported_features is not None:
            attributes["supported_features"] = self.supported_features
        return state, attributes

    # -- hooks, in the actor's turn ----------------------------------------------------------------------------------

    def on_add(self) -> None:
        """The entity has its actor; its first state is written after this."""

    def on_remove(self) -> None:
        """The entity is about to go: cancel timers and subscriptions."""

    def on_park(self) -> None:
        """The entity was disabled, or is added while it is: as `on_remove`, but its fields stay. `on_add` follows when
        it is enabled; reports that come meanwhile are applied without an actor."""
        self.on_remove()

    def on_rename(self, former_id: str) -> None:
        """Its id has changed: `entity_id` is the new one. `on_add` follows, in the turn of another actor."""

    def apply(self, values: Mapping[str, Any]) -> None:
        """Take a report: set the fields it names. Unknown fields are the reporter's mistake and raise."""
        for field, value in values.items():
            if not hasattr(self, field):
                raise AttributeError(f"{type(self).__name__} has no field {field}")
            setattr(self, field, value)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def write(self, context: Context | None = None) -> None:
        """Show the present fields as the state now. In the actor's turn only."""
        if self.actor is not None:
            self.actor.write_shown(context)

    @property
    def context(self) -> Context:
        """The context of the running command, or of one within the last 5 s; else a fresh one."""
        return Context.new() if self.actor is None else self.actor.current_context()
