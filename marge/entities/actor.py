"""The entity actor: the one writer of one entity's state. Not here: what a domain's services mean."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

from marge.actors import Actor, StopChild
from marge.entities.domain import virtual_default
from marge.entities.messages import (
    AwaitTurn,
    MergeState,
    OwnerChanged,
    ParkEntity,
    ReleaseEntity,
    RemoveEntity,
    RenameEntity,
    Report,
    RunCommand,
    WriteState,
)
from marge.errors import HomeError, InvalidRequest, ServiceValidationError
from marge.model import (
    STATE_CHANGED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Context,
    Event,
    State,
    clean_text,
    cleaned,
    has_too_deep,
)

if TYPE_CHECKING:
    from marge.entities.entities import Entities

log = structlog.get_logger("marge.entities")

STATE_REPORTED = "state_reported"
RESTORED = "restored"
"""Owner of a placeholder: the last state of an owned entity, shown as unavailable until its owner is back."""
CONTEXT_RECENT_S = 5.0
"""A device's echo within this time after a command counts as its consequence, as in HA. Steady time: an echo needs
as long however fast the home's own time runs."""


class EntityActor(Actor):
    """Writes the state of `entity_id`: for a virtual entity what clients say, for an owned one what its `Entity` shows.

    Takes `WriteState`, `MergeState`, `Report`, `RunCommand`, `OwnerChanged`, `RemoveEntity`, `ReleaseEntity`,
    `RenameEntity`, `ParkEntity` (see
    there for replies). A restarted actor finds its state in the table and its `Entity` with `Entities`; nothing is
    lost.
    """

    mailbox_limit = 10_000

    _context: Context | None = None
    _context_until: float = 0.0

    def __init__(self, entities: Entities, entity_id: str) -> None:
        self._entities = entities
        self.entity_id = entity_id

    def on_start(self) -> None:
        entities = self._entities
        new_id = entities.moves_to(self.entity_id)
        if new_id is not None:
            self.actor_ref.tell(RenameEntity(new_id, Context.new()))
        elif self.entity_id in entities.owned:
            if entities.is_enabled(self.entity_id):
                self._take_over()
            else:
                self.actor_ref.tell(ParkEntity(Context.new()))

    def on_receive(self, message: Any) -> Any:
        kind = type(message)
        if kind is WriteState:
            return self._write(message.state, message.attributes, message.context, message.force)
        if kind is Report:
            return self._report(message)
        if kind is RunCommand:
            return self._run_command(message)
        if kind is MergeState:
            return self._merge(message)
        if kind is OwnerChanged:
            return self._take_over()
        if kind is RemoveEntity:
            return self._remove(message.context)
        if kind is ReleaseEntity:
            return self._release()
        if kind is AwaitTurn:
            return None
        if kind is RenameEntity:
            return self._rename(message.new_id, message.context)
        if kind is ParkEntity:
            return self._park(message.context)
        raise TypeError(f"an entity does not take {kind.__name__}")

    def describe(self) -> dict[str, Any]:
        state = self._entities.states.get(self.entity_id)
        return {
            "owner": self._entities.states.owner(self.entity_id),
            "state": None if state is None else state.as_dict(),
        }

    # -- owned -------------------------------------------------------------------------------------------------------

    def write_shown(self, context: Context | None = None, origin: str | None = None) -> State | None:
        """Write what the owned entity shows now, if it differs from the state. `origin`: see `Report`."""
        entity = self._entities.owned.get(self.entity_id)
        if entity is None:
            return None
        state, attributes = entity.shown()
        return self._write(state, attributes, context or self.current_context(origin), entity.force_update)[0]

    def current_context(self, origin: str | None = None) -> Context:
        """The context of the running or a recent command, else a fresh one."""
        if self._context is not None:
            if self.system.clock.monotonic() < self._context_until:
                return self._context
            self._context = None
        return Context(None, None, None, origin)

    def _take_over(self) -> None:
        entity = self._entities.owned.get(self.entity_id)
        if entity is None:
            return
        entity.actor = self
        entity.entity_id = self.entity_id
        entity.on_add()
        self.write_shown()
        self._entities.arrived(self.entity_id)

    def _release(self) -> None:
        entity = self._entities.owned.pop(self.entity_id, None)
        if entity is None:
            return
        entity.on_remove()
        entity.actor = None
        entity.available = False
        state, attributes = entity.shown()
        self._entities.states._set_owner(self.entity_id, RESTORED)
        self._write(state, {"restored": True, **attributes}, Context.new(), False)

    def _report(self, message: Report) -> State | None:
        entity = self._entities.owned.get(self.entity_id)
        if entity is None:
            raise InvalidRequest(f"{self.entity_id} has no owner that could report")
        entity.apply(message.values)
        return self.write_shown(message.context, message.origin)

    # -- commands ----------------------------------------------------------------------------------------------------

    def _run_command(self, command: RunCommand) -> Any:
        entity = self._entities.owned.get(self.entity_id)
        if entity is None:
            return self._run_virtual(command)
        if not entity.available:
            return None  # as HA: the unreachable are passed over
        self._check_features(command, entity.supported_features or 0)
        self._context = command.context
        self._context_until = self.system.clock.monotonic() + CONTEXT_RECENT_S
        method = getattr(entity, command.method, None)
        if method is None:
            raise HomeError(f"{self.entity_id} does not support {command.service}")
        response = method(**command.data)
        self.write_shown()
        return response

    def _check_features(self, command: RunCommand, supported: int) -> None:
        needed = command.features if isinstance(command.features, tuple) else (command.features,)
        if needed == (0,) or any(supported & bits == bits for bits in needed):
            return
        domain = self.entity_id.partition(".")[0]
        raise ServiceValidationError(
            f"Entity {self.entity_id} does not support action {domain}.{command.service}",
            translation_key="service_not_supported",
            translation_domain="homeassistant",
            placeholders={"domain": domain, "service": command.service, "entity_id": self.entity_id},
        )

    def _run_virtual(self, command: RunCommand) -> None:
        state = self._entities.states.get(self.entity_id)
        domain = self._entities.domains.get(self.entity_id.partition(".")[0])
        change = None
        if domain is not None and domain.virtual is not None:
            change = domain.virtual(command.service, state, command.data)
        if change is None:
            change = virtual_default(command.service, state)
        if change is None:
            log.warning("a virtual entity has no such service", entity_id=self.entity_id, service=command.service)
            return
        # HA's reply names every entity that a call touched; an unchanged virtual one is touched too.
        new_state, attributes = change
        self._merge(MergeState(new_state, attributes, command.context))

    # -- writing -----------------------------------------------------------------------------------------------------

    def _merge(self, message: MergeState) -> State:
        old = self._entities.states.get(self.entity_id)
        if old is None:
            state, attributes = message.state or STATE_UNKNOWN, message.attributes
        else:
            state = old.state if message.state is None else message.state
            attributes = {**old.attributes, **message.attributes} if message.attributes else old.attributes
        return self._write(state, attributes, message.context, False)[0]

    def _write(
        self, state: str, attributes: Mapping[str, Any], context: Context, force: bool
    ) -> tuple[State, bool]:
        """Put the new snapshot into the table and tell the bus, if anything differs."""
        entities = self._entities
        began = time.perf_counter()
        table = entities.states
        now = self.system.clock.now()
        if not state.isascii():
            state = clean_text(state)
        old = table.get(self.entity_id)
        before = None if old is None else old.attributes
        if before == attributes and before is not None:
            attributes = before  # shared: one copy in memory, one JSON for the recorder
        elif has_too_deep(attributes, before):
            attributes = cleaned(attributes)
            attributes = before if before is not None and before == attributes else attributes
        if old is None:
            if self.entity_id in table.former:
                entities.id_taken(self.entity_id)
            new = State(self.entity_id, state, attributes, now, now, now, context)
        elif not force and old.state == state and old.attributes is attributes:
            new = State(self.entity_id, state, attributes, old.last_changed, old.last_updated, now, old.context)
            table._put(new, changed=False)
            entities.note_report(new, old)
            entities.note_write(time.perf_counter() - began)
            return new, False
        else:
            changed = now if force or old.state != state else old.last_changed
            new = State(self.entity_id, state, attributes, changed, now, now, context)
        table._put(new, changed=True)
        data = {"entity_id": self.entity_id, "old_state": old, "new_state": new}
        self.system.bus.publish(Event(STATE_CHANGED, data, context, now), self.entity_id)
        entities.note_write(time.perf_counter() - began)
        return new, old is None

    def _remove(self, context: Context) -> bool:
        entities = self._entities
        entity = entities.owned.pop(self.entity_id, None)
        if entity is not None:
            entity.on_remove()
            entity.actor = None
        return self._end_state(context) is not None

    def _park(self, context: Context) -> bool:
        entities = self._entities
        entity = entities.owned.pop(self.entity_id, None)
        owner = entities.states.owner(self.entity_id)
        if entity is not None:
            entity.on_park()
            entity.actor = None
        old = self._end_state(context)
        if entity is not None:
            entities.parked_now(entity, self.entity_id, owner or "")
        return old is not None

    def _rename(self, new_id: str, context: Context) -> bool:
        entities = self._entities
        entity = entities.owned.pop(self.entity_id, None)
        owner = entities.states.owner(self.entity_id)
        if entity is not None:
            entity.actor = None
        old = self._end_state(context, is_moving=True)
        entities.go_on_as(new_id, self.entity_id, entity, owner, old, context)
        return old is not None or entity is not None

    def _end_state(self, context: Context, is_moving: bool = False) -> State | None:
        """Take the state out of the table, tell the bus, and end. Returns the last state."""
        entities = self._entities
        old = entities.states.get(self.entity_id)
        entities.states._remove(self.entity_id)
        entities.states._set_owner(self.entity_id, None)
        if old is not None:
            data = {"entity_id": self.entity_id, "old_state": old, "new_state": None}
            event = Event(STATE_CHANGED, data, context, self.system.clock.now())
            self.system.bus.publish(event, self.entity_id, is_moving)
        self.system.tell(entities.path, StopChild(self.entity_id))
        self.finish_stop()  # in this very turn, so that whoever adds the id again meets a fresh actor
        return old


__all__ = ["STATE_REPORTED", "STATE_UNAVAILABLE", "EntityActor"]
