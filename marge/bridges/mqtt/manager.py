"""From announcements to entities: validates, finds identities, makes, changes and removes. Part of the bridge's actor.

Not here: the connection, topics, what payloads mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
import voluptuous as vol

from marge.bridges.mqtt.component import Component, load_components
from marge.bridges.mqtt.discovery import Announced, DiscoveryError, DiscoveryKey
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.identity import PLATFORM, Identities, Identity
from marge.bridges.mqtt.mapping import Mapping, Port

if TYPE_CHECKING:
    from marge.bridges.mqtt.outlet import BridgeOutlet

log = structlog.get_logger("marge.bridges.mqtt")

MAX_ENTITIES = 50_000
"""A flood of announcements must end somewhere; a home of this size is beyond what one process serves."""


class EntityManager:
    """The discovered entities of one bridge."""

    def __init__(self, port: Port, outlet: BridgeOutlet) -> None:
        self._port = port
        self._outlet = outlet
        self._home = outlet.home
        self._components = load_components()
        self._identities = Identities(outlet.home, outlet.is_native)
        self._mappings: dict[DiscoveryKey, Mapping] = {}
        self._by_entity: dict[str, Mapping] = {}

    def entity_ids(self) -> Iterable[str]:
        return tuple(self._by_entity)

    def mapping(self, entity_id: str) -> Mapping | None:
        return self._by_entity.get(entity_id)

    # -- what the bridge calls ---------------------------------------------------------------------------------------

    def announce(self, announced: Announced) -> None:
        """Make the entity, or change the one that is there.

        Raises:
            vol.Invalid: the configuration is wrong; nothing has changed.
            DiscoveryError: the component is not supported, or the entity belongs to somebody else.
        """
        select = self._components.get(announced.key.component)
        if select is None:
            raise DiscoveryError(f"the component {announced.key.component} is not supported")
        component = select(announced.config)
        config = component.schema(announced.config)
        before = self._mappings.get(announced.key)
        identity = self._identities.of(component, announced, config, before.entity_id if before else None)
        if not identity.enabled:
            return
        owner = self._home.states.owner(identity.entity_id)
        if before is None and (other := self._by_entity.get(identity.entity_id)) is not None:
            raise DiscoveryError(f"{identity.entity_id} is announced by {other.key} already; this one is ignored")
        if before is None and len(self._mappings) >= MAX_ENTITIES:
            raise DiscoveryError(f"{MAX_ENTITIES} entities are discovered already")
        self._put(component, announced.key, config, identity, before, owner)

    def withdraw(self, key: DiscoveryKey, *, migrate: bool = False) -> None:
        """The entity is announced no more."""
        mapping = self._mappings.pop(key, None)
        if mapping is None:
            return
        mapping.stop()
        del self._by_entity[mapping.entity_id]
        if self._outlet.is_native and not migrate:
            self._home.entities.report(mapping.entity_id, available=False)
            return
        self._home.entities.remove_later(mapping.entity_id)
        if not migrate:
            self._identities.forget(mapping.config, mapping.entity_id)

    def connection_changed(self) -> None:
        """All entities' availability depends on the connection."""
        for mapping in list(self._mappings.values()):
            mapping.say_available()

    def timer_fired(self, entity_id: str, name: str, serial: int) -> None:
        mapping = self._by_entity.get(entity_id)
        if mapping is not None:
            mapping.timer_fired(name, serial)

    def stop(self) -> None:
        """Forget timers and topics; the entities stay, for the next actor to take over."""
        for mapping in self._mappings.values():
            mapping.stop()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _put(
        self,
        component: Component,
        key: DiscoveryKey,
        config: dict[str, object],
        identity: Identity,
        before: Mapping | None,
        owner: str | None,
    ) -> None:
        entity_id = identity.entity_id
        mapping = component.mapping(self._port, component, key, config, entity_id)
        fields = component.entity.fields(config, self._home)
        fields["name"] = identity.names.friendly
        existing = self._home.entities.owned.get(entity_id)
        if type(existing) is component.entity:
            # Known already: a changed configuration, or our predecessor's entity.
            self._home.entities.report(entity_id, **fields)
        else:
            if existing is not None and owner == PLATFORM:  # another schema of the component
                self._home.entities.remove(entity_id)
            entity = component.entity(self._outlet)
            entity.apply(fields)
            entity.available = False
            if "availability" not in config and self._port.connected:
                entity.available = mapping.is_available
            self._home.entities.add(entity, entity_id, PLATFORM)
        if before is not None:
            mapping.inherit(before)
        self._mappings[key] = self._by_entity[entity_id] = mapping
        mapping.start()
        if before is not None:
            if before.entity_id != entity_id:
                self._by_entity.pop(before.entity_id, None)
            before.stop()
        log.debug("discovered", entity_id=entity_id, component=component.name)


__all__ = ["MAX_ENTITIES", "EntityManager", "MqttEntity", "vol"]
