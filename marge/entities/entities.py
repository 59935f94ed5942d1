"""How the rest of Marge makes, addresses and removes entities. Callable from anywhere on the hub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pykka

from marge.actors import ActorRef, ActorSystem, Backoff, ChildSpec, Supervisor
from marge.entities.actor import STATE_REPORTED, EntityActor
from marge.entities.domain import Domain
from marge.entities.entity import Entity
from marge.entities.messages import MergeState, OwnerChanged, RemoveEntity, Report, WriteState
from marge.entities.table import StateTable
from marge.errors import AlreadyExists, InvalidRequest, NotFound
from marge.model import STATE_UNAVAILABLE, Context, Event, State, split_entity_id

PATH = "/entities"
ENTITY_BACKOFF = Backoff(pauses_s=(0.0, 0.0, 1.0, 5.0, 30.0), max_restarts=10, settle_s=60.0)
"""An entity that fails comes back at once; one that fails again and again must not take turns from the others."""
RESTORED = "restored"
"""Owner of a placeholder: the last state of an owned entity, shown as unavailable until its owner is back."""
WRITE_TIMEOUT_S = 5.0
_TRIES = 3


class Entities:
    """Makes entity actors under `/entities` and sends to them.

    Attributes:
        states: the snapshot table.
        owned: entity id to its `Entity`; it outlives a crash of the actor.
        domains: by name.
    """

    path = PATH

    def __init__(
        self, system: ActorSystem, domains: Mapping[str, Domain], states: StateTable | None = None
    ) -> None:
        self.system = system
        self.states = StateTable() if states is None else states
        self.domains = dict(domains)
        self.owned: dict[str, Entity] = {}
        self.writes = 0
        self.write_total_s = 0.0
        self.write_max_s = 0.0
        system.spawn(ChildSpec("entities", Supervisor, kwargs={"stop_together": True}, shutdown_s=10.0))

    # -- making and removing -----------------------------------------------------------------------------------------

    def add(self, entity: Entity, entity_id: str, owner: str) -> ActorRef:
        """Give `entity_id` to an owner: a new entity, or one that was virtual or restored.

        Raises:
            AlreadyExists: another owner has it.
            InvalidRequest: the id is malformed or of another domain than the entity.
        """
        _check_id(entity_id)
        if entity.domain and entity_id.partition(".")[0] != entity.domain:
            raise InvalidRequest(f"{entity_id} cannot be a {entity.domain}")
        before = self.owned.get(entity_id)
        if before is not None and before is not entity:
            raise AlreadyExists(f"{entity_id} belongs to {self.states.owner(entity_id)}")
        self.owned[entity_id] = entity
        self.states._set_owner(entity_id, owner)
        ref = self.system.ref(self._path(entity_id))
        if ref is not None:
            self.system.deliver(ref, OwnerChanged())
            return ref
        return self._spawn(entity_id)

    def ensure_virtual(self, entity_id: str) -> ActorRef:
        """The entity's actor; made if there is none.

        Raises:
            InvalidRequest: the id is malformed.
        """
        ref = self.system.ref(self._path(entity_id))
        if ref is not None:
            return ref
        _check_id(entity_id)
        return self._spawn(entity_id)

    def restore(self, state: State, owner: str | None) -> None:
        """Put back what the recorder found. Before anything else runs.

        A virtual entity is as it was. An owned one is shown unavailable, with `restored: true`, until its owner adds
        it again: nobody should take last night's `locked` for a fact.
        """
        if owner is None:
            shown = state
        else:
            self.states._set_owner(state.entity_id, RESTORED)
            attributes = {**state.attributes, "restored": True}
            times = (state.last_changed, state.last_updated, state.last_reported)
            shown = State(state.entity_id, STATE_UNAVAILABLE, attributes, *times, state.context)
        self.states._put(shown, changed=False)
        self._spawn(state.entity_id)

    def remove(self, entity_id: str, context: Context | None = None, timeout: float = WRITE_TIMEOUT_S) -> bool:
        """Remove the entity and its state; waits. False when there was none."""
        try:
            return bool(self.system.ask(self._path(entity_id), RemoveEntity(context or Context.new()), timeout))
        except (NotFound, pykka.ActorDeadError):
            return False

    def remove_later(self, entity_id: str, context: Context | None = None) -> None:
        """As `remove`, without waiting."""
        self.system.tell(self._path(entity_id), RemoveEntity(context or Context.new()))

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(
        self,
        entity_id: str,
        state: str,
        attributes: Mapping[str, Any],
        context: Context,
        force: bool = False,
        timeout: float = WRITE_TIMEOUT_S,
    ) -> tuple[State, bool]:
        """Make this the state and wait until it is. Returns the state, and whether the entity is new.

        Raises:
            InvalidRequest: the id is malformed.
            Overloaded, pykka.Timeout: the actor does not keep up.
        """
        message = WriteState(state, attributes, context, force)
        for _ in range(_TRIES):
            try:
                reply = cast("tuple[State, bool]", self.ensure_virtual(entity_id).ask(message, timeout=timeout))
            except pykka.ActorDeadError:
                continue  # removed or restarted just now: its successor takes the write
            return reply
        raise NotFound(f"{entity_id} could not be written")

    def merge(
        self, entity_id: str, state: str | None, attributes: Mapping[str, Any] | None = None,
        context: Context | None = None,
    ) -> None:
        """Change the state and the named attributes, keep the others. Does not wait."""
        self.system.deliver(
            self.ensure_virtual(entity_id), MergeState(state, attributes or {}, context or Context.new())
        )

    def report(self, entity_id: str, **values: Any) -> bool:
        """The owner's news: sets fields of the owned entity, which then shows them. Does not wait."""
        return self.system.tell(self._path(entity_id), Report(values))

    def seed(self, entity_id: str, state: str, attributes: Mapping[str, Any]) -> bool:
        """Make a virtual entity unless it exists already. False when it does."""
        if entity_id in self.states:
            return False
        self.system.deliver(self.ensure_virtual(entity_id), WriteState(state, attributes, Context.new()))
        return True

    # -- for entity actors -------------------------------------------------------------------------------------------

    def note_write(self, took_s: float) -> None:
        """Figures of `GET /api/health`: time inside one write."""
        self.writes += 1
        self.write_total_s += took_s
        if took_s > self.write_max_s:
            self.write_max_s = took_s

    def note_report(self, new: State, old: State) -> None:
        """An equal value was reported: tell those who listen for that, if any."""
        bus = self.system.bus
        if not bus.is_heard(STATE_REPORTED):
            return
        data = {
            "entity_id": new.entity_id,
            "last_reported": new.last_reported,
            "old_last_reported": old.last_reported,
            "new_state": new,
        }
        bus.publish(Event(STATE_REPORTED, data, new.context, new.last_reported), new.entity_id)

    def _spawn(self, entity_id: str) -> ActorRef:
        spec = ChildSpec(entity_id, EntityActor, (self, entity_id), _NO_KWARGS, backoff=ENTITY_BACKOFF)
        return self.system.spawn(spec, PATH)

    @staticmethod
    def _path(entity_id: str) -> str:
        return f"{PATH}/{entity_id}"


_NO_KWARGS: dict[str, Any] = {}


def _check_id(entity_id: str) -> None:
    try:
        split_entity_id(entity_id)
    except ValueError as exc:
        raise InvalidRequest(str(exc)) from exc
    if "/" in entity_id:
        raise InvalidRequest(f"Invalid entity ID {entity_id}")
