"""How the rest of Marge makes, addresses and removes entities. Callable from anywhere on the hub."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast

import pykka

from marge.actors import ActorRef, ActorSystem, Backoff, ChildSpec, Subscription, Supervisor
from marge.entities.actor import RESTORED, STATE_REPORTED, EntityActor
from marge.entities.domain import Domain
from marge.entities.entity import Entity
from marge.entities.messages import (
    AwaitTurn,
    MergeState,
    OwnerChanged,
    ParkEntity,
    ReleaseEntity,
    RemoveEntity,
    RenameEntity,
    Report,
    WriteState,
)
from marge.entities.table import StateTable
from marge.errors import AlreadyExists, InvalidRequest, NotFound
from marge.model import STATE_CHANGED, STATE_UNAVAILABLE, Context, Event, State, split_entity_id

PATH = "/entities"
ENTITY_BACKOFF = Backoff(pauses_s=(0.0, 0.0, 1.0, 5.0, 30.0), max_restarts=10, settle_s=60.0)
"""An entity that fails comes back at once; one that fails again and again must not take turns from the others."""
WRITE_TIMEOUT_S = 5.0
_TRIES = 3


class Parked(NamedTuple):
    """A disabled entity: no actor, no state, but its owner goes on reporting, for the day it is enabled again."""

    entity: Entity
    owner: str


class Entities:
    """Makes entity actors under `/entities` and sends to them.

    Attributes:
        states: the snapshot table.
        owned: entity id to its `Entity`; it outlives a crash of the actor.
        parked: the same of disabled ones.
        domains: by name.
        place: `(entity, wanted id, owner) -> (entity id, whether it is enabled)`, asked for each entity that is added.
        is_enabled: whether the entity of this id may have a state.
        id_taken: told when a new entity has got an id that is among `states.former`.
    """

    path = PATH

    def __init__(
        self, system: ActorSystem, domains: Mapping[str, Domain], states: StateTable | None = None
    ) -> None:
        self.system = system
        self.states = StateTable() if states is None else states
        self.domains = dict(domains)
        self.owned: dict[str, Entity] = {}
        self.parked: dict[str, Parked] = {}
        self.place: Callable[[Entity, str, str], tuple[str, bool]] | None = None
        self.is_enabled: Callable[[str], bool] = lambda entity_id: True
        self.id_taken: Callable[[str], None] = lambda entity_id: None
        self._arriving: dict[str, str] = {}
        self._moving: dict[str, str] = {}
        self.writes = 0
        self.write_total_s = 0.0
        self.write_max_s = 0.0
        system.spawn(ChildSpec("entities", Supervisor, kwargs={"stop_together": True}, shutdown_s=10.0))

    # -- making and removing -----------------------------------------------------------------------------------------

    def add(self, entity: Entity, entity_id: str, owner: str) -> ActorRef | None:
        """Give `entity_id` to an owner: a new entity, or one that was virtual or restored.

        The entity registry may know it by another id, which it gets then: `entity.entity_id`, from now on. None: the
        user has disabled it, so it has no actor; reports reach it all the same.

        Raises:
            AlreadyExists: another owner has it.
            InvalidRequest: the id is malformed or of another domain than the entity.
        """
        _check_id(entity_id)
        if entity.domain and entity_id.partition(".")[0] != entity.domain:
            raise InvalidRequest(f"{entity_id} cannot be a {entity.domain}")
        is_enabled = True
        if self.place is not None:
            entity_id, is_enabled = self.place(entity, entity_id, owner)
        entity.entity_id = entity_id
        if not is_enabled:
            if self.system.ref(self._path(entity_id)) is not None:
                self.remove_later(entity_id)  # what the recorder remembered of it
            self.parked[entity_id] = Parked(entity, owner)
            entity.on_park()
            return None
        before = self.owned.get(entity_id)
        if before is not None and before is not entity:
            raise AlreadyExists(f"{entity_id} belongs to {self.states.owner(entity_id)}")
        return self._give(entity, entity_id, owner)

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

    def is_owned(self, entity_id: str) -> bool:
        """Whether an owner keeps it, enabled or not."""
        return entity_id in self.owned or entity_id in self.parked

    def remove(self, entity_id: str, context: Context | None = None, timeout: float = WRITE_TIMEOUT_S) -> bool:
        """Remove the entity and its state; waits. False when there was none."""
        if self._forget_parked(entity_id):
            return False
        try:
            return bool(self.system.ask(self._path(entity_id), RemoveEntity(context or Context.new()), timeout))
        except (NotFound, pykka.ActorDeadError):
            return False

    def remove_later(self, entity_id: str, context: Context | None = None) -> None:
        """As `remove`, without waiting."""
        if self._forget_parked(entity_id):
            return
        self.system.tell(self._path(entity_id), RemoveEntity(context or Context.new()))

    def release(self, entity_id: str, timeout: float = WRITE_TIMEOUT_S) -> None:
        """The owner ends for now: the entity is shown unavailable, with `restored: true`, until it is added again.
        Waits until it is so."""
        if self._forget_parked(entity_id):
            return
        with suppress(NotFound, pykka.ActorDeadError):
            self.system.ask(self._path(entity_id), ReleaseEntity(), timeout)

    def rename(self, entity_id: str, new_id: str, context: Context | None = None) -> None:
        """Let the entity go on as `new_id`, which nobody has. Does not wait.

        Followers of its changes come along; its history and its registry entry are the business of others.
        """
        parked = self.parked.pop(entity_id, None)
        if parked is not None:
            self.parked[new_id] = parked
            parked.entity.entity_id = new_id
            parked.entity.on_rename(entity_id)
        if entity_id not in self.owned and entity_id not in self.states:
            self.system.bus.rekey(STATE_CHANGED, entity_id, new_id)
            return
        self._moving[entity_id] = new_id  # for an actor that is being restarted: it asks `moves_to`
        if self.system.ref(self._path(entity_id)) is not None:
            self.system.tell(self._path(entity_id), RenameEntity(new_id, context or Context.new()))

    def moves_to(self, entity_id: str) -> str | None:
        """The id that the entity of this one is to have, when it has not moved yet."""
        return self._moving.get(entity_id) if self._moving else None

    def park(self, entity_id: str, context: Context | None = None) -> None:
        """Take a disabled entity's state and actor away; `unpark` brings them back. Does not wait."""
        if self.system.ref(self._path(entity_id)) is not None:
            self.system.tell(self._path(entity_id), ParkEntity(context or Context.new()))

    def unpark(self, entity_id: str) -> None:
        """The entity is enabled again: as it is now, it gets its state and actor back, if its owner is there."""
        parked = self.parked.pop(entity_id, None)
        if parked is not None:
            self._give(parked.entity, entity_id, parked.owner)

    def settle(self, *entity_ids: str) -> None:
        """Wait until what these entities were told before is done, so that readers see it."""
        for entity_id in entity_ids:
            ref = self.system.ref(self._path(entity_id))
            if ref is not None:
                with contextlib.suppress(pykka.ActorDeadError, pykka.Timeout):
                    ref.ask(AwaitTurn(), timeout=WRITE_TIMEOUT_S)

    def follow(self, listener: Callable[[Event], None], entity_id: str) -> Subscription:
        """Hear of the state changes of the entity that is called, or once was called, `entity_id`; it may be renamed
        meanwhile. The bus calls `listener`: it must not wait."""
        current = self.states.current_id(entity_id)
        return self.system.bus.subscribe(listener, STATE_CHANGED, current, follows=entity_id)

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
        return self.report_from(None, entity_id, values)

    def report_from(self, origin: str | None, entity_id: str, values: Mapping[str, Any]) -> bool:
        """As `report`, naming what the device said it on."""
        if entity_id not in self.owned:
            entity_id = self.states.current_id(entity_id)
            parked = self.parked.get(entity_id)
            if parked is not None:
                parked.entity.apply(values)
                return True
        return self.system.tell(self._path(entity_id), Report(values, None, origin))

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

    def arrived(self, entity_id: str) -> None:
        """A renamed entity has written its state: from now on its followers hear of it."""
        former = self._arriving.pop(entity_id, None) if self._arriving else None
        if former is not None:
            self.system.bus.rekey(STATE_CHANGED, former, entity_id)

    def parked_now(self, entity: Entity, entity_id: str, owner: str) -> None:
        """An entity has left its state and actor."""
        self.parked[entity_id] = Parked(entity, owner)
        if self.is_enabled(entity_id):
            self.unpark(entity_id)  # the user was quicker

    def go_on_as(
        self, new_id: str, former_id: str, entity: Entity | None, owner: str | None, state: State | None,
        context: Context,
    ) -> None:
        """A renamed entity has left its former id: it goes on as `new_id`."""
        self._moving.pop(former_id, None)
        if entity is not None:
            entity.entity_id = new_id
            entity.on_rename(former_id)
            self._arriving[new_id] = former_id
            self._give(entity, new_id, owner or "")
            return
        if state is not None:  # a placeholder: its owner will ask for it under the new id
            now = self.system.clock.now()
            moved = State(new_id, state.state, state.attributes, now, now, now, context)
            if self.system.ref(self._path(new_id)) is None:
                self._spawn(new_id)
            self.states._set_owner(new_id, owner)
            self.states._put(moved, changed=True)
            data = {"entity_id": new_id, "old_state": None, "new_state": moved}
            self.system.bus.publish(Event(STATE_CHANGED, data, context, now), new_id)
        self.system.bus.rekey(STATE_CHANGED, former_id, new_id)

    def _give(self, entity: Entity, entity_id: str, owner: str) -> ActorRef:
        """The entity gets its actor: a new one, or that of a virtual entity or placeholder."""
        self.owned[entity_id] = entity
        entity.entity_id = entity_id
        self.states._set_owner(entity_id, owner)
        ref = self.system.ref(self._path(entity_id))
        if ref is not None:
            self.system.deliver(ref, OwnerChanged())
            return ref
        return self._spawn(entity_id)

    def _forget_parked(self, entity_id: str) -> bool:
        parked = self.parked.pop(entity_id, None)
        if parked is None:
            return False
        parked.entity.on_remove()
        return True

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
