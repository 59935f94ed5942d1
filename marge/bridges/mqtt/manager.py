"""From announcements to entities: validates, finds identities, makes, changes and removes. Part of the bridge's actor.

Not here: the connection, topics, what payloads mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import gevent
import structlog
import voluptuous as vol

from marge.bridges.mqtt.component import Component, load_components
from marge.bridges.mqtt.device_triggers import COMPONENT as DEVICE_TRIGGER
from marge.bridges.mqtt.device_triggers import device_triggers
from marge.bridges.mqtt.discovery import Announced, DiscoveryError, DiscoveryKey
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.from_files import is_from_files, read
from marge.bridges.mqtt.identity import PLATFORM, Identities
from marge.bridges.mqtt.mapping import Mapping, Port
from marge.bridges.mqtt.tags import COMPONENT as TAG
from marge.bridges.mqtt.tags import TagReaders
from marge.components import report_to
from marge.config import ConfigProblem
from marge.entities import RESTORED
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.bridges.mqtt.outlet import BridgeOutlet

log = structlog.get_logger("marge.bridges.mqtt")

REMOVE_TRIES, REMOVE_PAUSE_S = 200, 0.005

MAX_ENTITIES = 50_000
"""A flood of announcements must end somewhere; a home of this size is beyond what one process serves."""


class EntityManager:
    """The discovered entities of one bridge."""

    def __init__(self, port: Port, outlet: BridgeOutlet) -> None:
        self._port = port
        self._outlet = outlet
        self._home = outlet.home
        self._components = load_components(report_to(outlet.home))
        self._tags = TagReaders(port)
        self._identities = Identities(outlet.home, outlet.is_native, outlet.remembered, self._tags.has)
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
        triggers = device_triggers(self._home)
        if announced.key.component == DEVICE_TRIGGER and triggers is not None:
            triggers.announce(announced, self._identities.device_id)
            return
        if announced.key.component == TAG:
            self._tags.announce(announced, self._identities.device_id)
            return
        select = self._components.get(announced.key.component)
        if select is None:
            raise DiscoveryError(f"the component {announced.key.component} is not supported")
        component = select(announced.config)
        config = component.schema(announced.config)
        before = self._mappings.get(announced.key)
        self._check_claim(component, announced, config, before)
        if before is None and len(self._mappings) >= MAX_ENTITIES:  # before anything is written down
            raise DiscoveryError(f"{MAX_ENTITIES} entities are discovered already")
        entity = component.entity(self._outlet)
        fields = component.entity.fields(config, self._home)
        entity.apply(fields)
        identity = self._identities.of(component, announced, entity, before.entity_id if before else None)
        if not identity.enabled:
            return
        if before is None:
            self._check_place(identity.entity_id)
        fields["name"] = identity.friendly
        mapping = component.mapping(self._port, component, announced.key, config, identity.entity_id)
        mapping.topic, mapping.announced = announced.topic or None, announced.config
        mapping.device_id = identity.device_id
        if before is not None:
            mapping.inherit(before)
        self._show(entity, fields, mapping)
        self._mappings[announced.key] = self._by_entity[identity.entity_id] = mapping
        mapping.start()
        if before is not None:
            before.stop()

    def withdraw(self, key: DiscoveryKey, *, migrate: bool = False) -> None:
        """The entity is announced no more."""
        triggers = device_triggers(self._home)
        if key.component == TAG or (key.component == DEVICE_TRIGGER and triggers is not None):
            device_id = self._tags.withdraw(key) if key.component == TAG or triggers is None else triggers.withdraw(key)
            if device_id is not None and not migrate:
                self._identities.forget_device(device_id)
            return
        mapping = self._mappings.pop(key, None)
        if mapping is None:
            return
        mapping.stop()
        del self._by_entity[mapping.entity_id]
        self._outlet.sent.forget(mapping.entity_id)
        if self._outlet.is_native and not migrate:
            if mapping.entity_id in self._home.entities.owned:
                self._home.entities.report(mapping.entity_id, available=False)
            return
        self._remove(mapping.entity_id)
        if not migrate:
            self._identities.forget(mapping.config, mapping.entity_id)

    def drop(self, entity_id: str) -> str | None:
        """Somebody removed the entity: forget it too. The topic that announced it; None when it was none of ours."""
        mapping = self._by_entity.get(entity_id)
        entities = self._home.entities
        if mapping is None or entity_id in entities.owned or entity_id in entities.parked:
            return None
        mapping.stop()
        self._outlet.sent.forget(entity_id)
        del self._by_entity[entity_id], self._mappings[mapping.key]
        return mapping.topic

    def renamed(self, former_id: str, entity_id: str) -> None:
        """An entity goes by another id now."""
        mapping = self._by_entity.pop(former_id, None)
        if mapping is not None and self._mappings.get(mapping.key) is mapping:
            mapping.entity_id = entity_id
            self._by_entity[entity_id] = mapping

    def connection_changed(self) -> None:
        """All entities' availability depends on the connection."""
        for mapping in list(self._mappings.values()):
            mapping.say_available()

    def timer_fired(self, entity_id: str, name: str, serial: int) -> None:
        mapping = self._by_entity.get(self._home.states.current_id(entity_id))
        if mapping is not None:
            mapping.timer_fired(name, serial)

    def stop(self) -> None:
        """Forget timers and topics; the entities stay, for the next actor to take over."""
        for mapping in self._mappings.values():
            mapping.stop()
        self._tags.stop()

    def forget_device(self, device_id: str) -> set[str]:
        """The topics that announced something of a device."""
        triggers = device_triggers(self._home)
        topics = {each.topic for each in self._mappings.values() if each.device_id == device_id and each.topic}
        topics.update(self._tags.announced_on(device_id))
        topics.update(each.topic for each in (triggers.announced(device_id) if triggers is not None else ()))
        return topics

    def take_section(self, section: Any) -> list[str]:
        """The section `mqtt:` of the files: its entities are made or changed, those that it has no longer go.

        Returns what is wrong in it, which is left out. Lets others in.
        """
        wrong: list[ConfigProblem] = []
        wanted: dict[DiscoveryKey, Announced] = {}
        for announced in in_turns(read(section, self._components, wrong.append)):
            if announced is not None:
                wanted[announced.key] = announced
        for key in [key for key in self._mappings if is_from_files(key) and key not in wanted]:
            self.withdraw(key, migrate=True)
        for announced in in_turns(wanted.values()):
            before = self._mappings.get(announced.key)
            if before is not None and before.announced == announced.config:
                continue
            try:
                self.announce(announced)
            except (DiscoveryError, vol.Invalid) as exc:
                wrong.append(ConfigProblem("error", None, None, f"mqtt.{announced.key.component}", str(exc)))
        for problem in wrong:
            log.error("an entity of the files is left out", where=problem.where, path=problem.path, reason=str(problem))
        return [str(problem) for problem in wrong]

    def debug_info(self, device_id: str) -> dict[str, Any]:
        """See `DebugInfo`."""
        triggers = device_triggers(self._home)
        book = self._port.book
        return {
            "entities": [
                {
                    "entity_id": each.entity_id,
                    "subscriptions": [{"topic": topic, "messages": book.of(topic)} for topic in each.filters],
                    "discovery_data": {"topic": each.topic or "", "payload": dict(each.announced)},
                    "transmitted": self._outlet.sent.of(each.entity_id),
                }
                for each in self._mappings.values()
                if each.device_id == device_id
            ],
            "triggers": [
                {"discovery_data": {"topic": each.topic, "payload": each.config}, "trigger_key": list(each.key)}
                for each in (triggers.announced(device_id) if triggers is not None else ())
            ],
        }

    # -- inside ------------------------------------------------------------------------------------------------------

    def _check_claim(
        self, component: Component, announced: Announced, config: ReadMapping[str, Any], before: Mapping | None
    ) -> None:
        """Whether this announcement may speak for the entity that it names.

        Raises:
            DiscoveryError: the entity is announced elsewhere, or another device was announced here.
        """
        unique_id = config.get("unique_id")
        if unique_id is not None:
            entry = self._home.registries.entities.by_unique_id(component.name, PLATFORM, unique_id)
            other = None if entry is None else self._by_entity.get(entry.entity_id)
            if other is not None and other.key != announced.key:
                raise DiscoveryError(
                    f"the unique id {unique_id[:100]} is that of {other.entity_id}, announced as "
                    f"{other.key.discovery_id} already; this one is ignored"
                )
        if before is None:
            return
        known, told = before.config.get("device"), config.get("device")
        if known and told and unique_id != before.config.get("unique_id") and not _is_same_device(known, told):
            raise DiscoveryError(
                f"another device claims the topic of {before.entity_id}; that one stays until an empty payload "
                "removes it"
            )

    def _check_place(self, entity_id: str) -> None:
        """Whether a new entity may have this id.

        Raises:
            DiscoveryError: another announcement or another owner has it, or there are too many.
        """
        other = self._by_entity.get(entity_id)
        if other is not None:
            raise DiscoveryError(f"{entity_id} is announced as {other.key.discovery_id} already; this one is ignored")
        owner = self._home.states.owner(entity_id)
        if owner not in (None, PLATFORM, RESTORED):
            raise DiscoveryError(f"{entity_id} belongs to {owner}; this one is ignored")
        if len(self._mappings) >= MAX_ENTITIES:
            raise DiscoveryError(f"{MAX_ENTITIES} entities are discovered already")

    def _show(self, entity: MqttEntity, fields: dict[str, Any], mapping: Mapping) -> None:
        """Give the entity its actor, or its actor the changed fields."""
        entity_id = mapping.entity_id
        entities = self._home.entities
        parked = entities.parked.get(entity_id)
        existing = entities.owned.get(entity_id) if parked is None else parked.entity
        if type(existing) is type(entity):  # a changed configuration, or the entity of our predecessor
            entities.report(entity_id, **fields)
            return
        if existing is not None:  # another schema of the component
            self._remove(entity_id)
        entity.apply(fields)
        entity.available = mapping.is_available
        entities.add(entity, entity_id, PLATFORM)

    def _remove(self, entity_id: str) -> None:
        """Remove the entity and wait until its actor is gone, so that the id can be used again at once."""
        home = self._home
        home.entities.remove(entity_id)
        path = f"{home.entities.path}/{entity_id}"
        for _ in range(REMOVE_TRIES):
            if home.system.ref(path) is None:
                return
            gevent.sleep(REMOVE_PAUSE_S)
        log.warning("an entity's actor does not end", entity_id=entity_id)


def _is_same_device(one: ReadMapping[str, Any], other: ReadMapping[str, Any]) -> bool:
    """Whether two descriptions share something that names a device."""
    if set(one["identifiers"]) & set(other["identifiers"]):
        return True
    return bool({tuple(each) for each in one["connections"]} & {tuple(each) for each in other["connections"]})
