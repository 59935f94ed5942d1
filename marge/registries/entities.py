"""The entity registry."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

from marge.errors import InvalidRequest, NotFound
from marge.model import STATE_CHANGED, split_entity_id, valid_entity_id
from marge.registries.base import Parts, Registry, as_tuple, changed_fields
from marge.registries.entity_entry import EntityEntry, restore
from marge.registries.index import Index, one
from marge.util.slug import slugify

FACTS = frozenset(
    {
        "capabilities", "config_entry_id", "device_id", "entity_category", "has_entity_name", "original_device_class",
        "original_icon", "original_name", "supported_features", "translation_key", "unit_of_measurement",
    }
)
"""What a platform tells about its entity each time."""
INITIAL = frozenset(
    {"aliases", "area_id", "categories", "disabled_by", "hidden_by", "icon", "labels", "name", "options"}
)
"""What a platform may suggest for a new entity only: later it is the user's."""
_MAX_OBJECT_ID = 200
VIRTUAL = "virtual"
"""Platform of entries that were made for entities without a unique id, so that they can have an area or a label."""
MAX_VIRTUAL = 50_000
FOLLOWERS_RETURN_S = 1.0
FORMER_IDS_KEPT = 16
"""Of one entity: an automation that was written for the name before the last sixteen is beyond help."""
_SETS = ("aliases", "labels")
_QUIET = frozenset({"former_ids"})
"""Marge's own: not in events."""


class EntityRegistry(Registry[EntityEntry]):
    """Entities by `entity_id`. Fires `entity_registry_updated`, with the old values in `changes`.

    Args:
        is_taken: whether an entity id is in use by an entity without an entry (a virtual one), so that a new entry
            must not get it. Placeholders of restored entities do not count as in use.
    """

    kind, id_name = "entity", "entity_id"

    def __init__(self, parts: Parts, is_taken: Callable[[str], bool] | None = None) -> None:
        super().__init__(parts)
        self.is_taken: Callable[[str], bool] = is_taken or (lambda entity_id: False)
        self.former: dict[str, str] = {}
        """Ids that renamed entities had, to those they have now."""
        self.on_change: Callable[[EntityEntry, EntityEntry], None] = lambda before, after: None
        """Called with both entries after each update, before the event is fired."""
        self.first_options: Callable[[EntityEntry], dict[str, Any]] = lambda entry: {}
        """Options that a new entry has where its platform says nothing else."""
        self.is_device_disabled: Callable[[str | None], bool] = lambda device_id: False
        self._by_identity: dict[tuple[str, str, str], str] = {}
        self._by_id: dict[str, str] = {}
        self._by_device = Index()
        self._by_area = Index()
        self._by_label = Index()
        self._by_config_entry = Index()
        self._by_platform = Index()

    # -- looking up --------------------------------------------------------------------------------------------------

    def by_unique_id(self, domain: str, platform: str, unique_id: str) -> EntityEntry | None:
        """The entry of a platform's entity."""
        key = self._by_identity.get((domain, platform, unique_id))
        return None if key is None else self._entries[key]

    def by_registry_id(self, registry_id: str) -> EntityEntry | None:
        """The entry by its unchanging `id`."""
        key = self._by_id.get(registry_id)
        return None if key is None else self._entries[key]

    def for_device(self, device_id: str) -> list[EntityEntry]:
        return [self._entries[key] for key in self._by_device.get(device_id)]

    def for_config_entry(self, config_entry_id: str) -> list[EntityEntry]:
        """The entries of what one config entry made, disabled ones too."""
        return [self._entries[key] for key in self._by_config_entry.get(config_entry_id)]

    def in_area(self, area_id: str) -> list[EntityEntry]:
        """Entries with this area of their own; those that stand there with their device are not among them."""
        return [self._entries[key] for key in self._by_area.get(area_id)]

    def with_label(self, label_id: str) -> list[EntityEntry]:
        return [self._entries[key] for key in self._by_label.get(label_id)]

    def of_platform(self, platform: str) -> list[EntityEntry]:
        return [self._entries[key] for key in self._by_platform.get(platform)]

    def is_free(self, entity_id: str) -> bool:
        """Whether a new entity may have this id."""
        return entity_id not in self._entries and not self.is_taken(entity_id)

    # -- changing ----------------------------------------------------------------------------------------------------

    def get_or_create(
        self, domain: str, platform: str, unique_id: str, *, suggested_object_id: str | None = None,
        entity_id: str | None = None, **facts: Any,
    ) -> EntityEntry:
        """The entity's entry, with these facts brought up to date; a new one gets an entity id that is free.

        Args:
            suggested_object_id: for a new entry, slugged; `_2`, `_3`, … is added when it is taken.
            entity_id: for a new entry, instead of that: an id that its owner has already.
            facts: any of `FACTS` (one that is left out keeps its value) and, for a new entry, of `INITIAL`.

        Raises:
            TypeError: an unknown fact.
            InvalidRequest: no entity id can be made of this.
        """
        unknown = facts.keys() - FACTS - INITIAL
        if unknown:
            raise TypeError(f"not facts about an entity: {sorted(unknown)}")
        entry = self.by_unique_id(domain, platform, unique_id)
        if entry is not None:
            return self._change(entry, {name: value for name, value in facts.items() if name in FACTS})
        suggested = suggested_object_id or f"{platform}_{unique_id}"
        wanted = entity_id or f"{domain}.{slugify(suggested)[:_MAX_OBJECT_ID].strip('_')}"
        if platform != VIRTUAL and (entity_id is not None or not self.is_taken(wanted)):
            facts = {**self._displace(wanted), **facts}
        if entity_id is None or entity_id in self._entries:
            entity_id = self.free_entity_id(domain, suggested)
        self.forget_former(entity_id)
        if self.is_device_disabled(facts.get("device_id")):
            facts["disabled_by"] = facts.get("disabled_by") or "device"
        now = self._now()
        entry = EntityEntry(
            entity_id=entity_id, unique_id=unique_id, platform=platform, id=uuid.uuid4().hex,
            created_at=now, modified_at=now, **facts,
        )
        first = self.first_options(entry)
        if first:
            # Shared with all entries of the kind, unless the platform has options of its own.
            options = {**first, **entry.options} if entry.options else first
            entry = dataclasses.replace(entry, options=options)
        self._put(entry)
        self._fire("create", entity_id)
        if first:  # HA's clients hear of them as of a change
            self._fire("update", entity_id, changes={"options": facts.get("options") or {}})
        return entry

    def _displace(self, entity_id: str) -> dict[str, Any]:
        """What was assigned to an entity without a unique id passes to the one with one that comes in its place."""
        entry = self._entries.get(entity_id)
        if entry is None or entry.platform != VIRTUAL:
            return {}
        self.remove(entity_id)
        kept = ("aliases", "area_id", "categories", "device_id", "icon", "labels", "name")
        return {name: getattr(entry, name) for name in kept}

    def assignable(self, entity_id: str) -> EntityEntry:
        """The entity's entry; made for one that has none, so that it can be given an area, a device, labels.

        Raises:
            InvalidRequest: it is no entity id, or there are too many such entries.
        """
        entry = self._entries.get(entity_id)
        if entry is not None:
            return entry
        if not valid_entity_id(entity_id):
            raise InvalidRequest(f"Invalid entity ID {entity_id}")
        if self._by_platform.count(VIRTUAL) >= MAX_VIRTUAL:
            raise InvalidRequest(f"{MAX_VIRTUAL} entities without an entry of their own have been assigned already")
        domain = split_entity_id(entity_id)[0]
        return self.get_or_create(domain, VIRTUAL, entity_id, entity_id=entity_id)

    def tidy(self, entity_id: str) -> None:
        """Forget an entry that was made for assignments once it holds none."""
        entry = self._entries.get(entity_id)
        if entry is None or entry.platform != VIRTUAL or entry.former_ids:
            return
        settings = (
            entry.aliases, entry.area_id, entry.categories, entry.device_id, entry.disabled_by, entry.hidden_by,
            entry.icon, entry.labels, entry.name, entry.options != self.first_options(entry),
        )
        if not any(settings):
            self.remove(entity_id)

    def free_entity_id(self, domain: str, suggested_object_id: str) -> str:
        """An entity id that nobody has.

        Raises:
            InvalidRequest: no valid id can be made of it.
        """
        slug = slugify(suggested_object_id)[:_MAX_OBJECT_ID].strip("_") or "unknown"
        entity_id, number = f"{domain}.{slug}", 1
        while not self.is_free(entity_id):
            number += 1
            entity_id = f"{domain}.{slug}_{number}"
        if not valid_entity_id(entity_id):
            raise InvalidRequest(f"Invalid entity ID {entity_id}")
        return entity_id

    def update(self, entity_id: str, *, new_entity_id: str | None = None, **changes: Any) -> EntityEntry:
        """The entry with `changes` made and, with `new_entity_id`, renamed.

        Raises:
            NotFound: no such entry.
            InvalidRequest: the new id is taken, malformed, or of another domain.
        """
        self._need(entity_id)
        for name in _SETS:
            if name in changes:
                changes[name] = as_tuple(changes[name])
        if new_entity_id is not None and new_entity_id != entity_id:
            self._check_new_id(entity_id, new_entity_id)
            if self.former.get(new_entity_id) != entity_id:
                self.forget_former(new_entity_id)
            kept = [each for each in (*self._need(entity_id).former_ids, entity_id) if each != new_entity_id]
            changes["entity_id"], changes["former_ids"] = new_entity_id, tuple(kept[-FORMER_IDS_KEPT:])
        return self._change(self._need(entity_id), changes)

    def forget_former(self, entity_id: str) -> None:
        """Somebody else has got this id: it means the renamed entity no longer."""
        current = self.former.get(entity_id)
        if current is None:
            return
        entry = self._entries[current]
        left = tuple(each for each in entry.former_ids if each != entity_id)
        self._put(dataclasses.replace(entry, former_ids=left))
        self._parts.bus.rekey(STATE_CHANGED, current, entity_id, only=entity_id)

    def update_options(self, entity_id: str, domain: str, options: dict[str, Any] | None) -> EntityEntry:
        """Set the options of one domain; None removes them.

        Raises:
            NotFound: no such entry.
        """
        new = {name: value for name, value in self._need(entity_id).options.items() if name != domain}
        if options is not None:
            new[domain] = dict(options)
        return self.update(entity_id, options=new)

    def remove(self, entity_id: str) -> None:
        """Forget the entity.

        Raises:
            NotFound: no such entry.
        """
        entry = self._need(entity_id)
        self._drop(entry)
        self._fire("remove", entity_id)
        if entry.former_ids:
            # Not before they have heard that it is gone.
            self._parts.clock.after(FOLLOWERS_RETURN_S, self._let_return, entry)

    def _let_return(self, gone: EntityEntry) -> None:
        """Followers of a renamed entity that is no more wait for the ids that they know again."""
        for former_id in gone.former_ids:
            if gone.entity_id not in self._entries and former_id not in self.former:
                self._parts.bus.rekey(STATE_CHANGED, gone.entity_id, former_id, only=former_id)

    # -- parts -------------------------------------------------------------------------------------------------------

    def _need(self, entity_id: str) -> EntityEntry:
        entry = self._entries.get(entity_id)
        if entry is None:
            raise NotFound("Entity not found")
        return entry

    def _check_new_id(self, entity_id: str, new_entity_id: str) -> None:
        if not valid_entity_id(new_entity_id):
            raise InvalidRequest("Invalid entity ID")
        if split_entity_id(new_entity_id)[0] != split_entity_id(entity_id)[0]:
            raise InvalidRequest("New entity ID should be same domain")
        if not self.is_free(new_entity_id):
            raise InvalidRequest("Entity with this ID is already registered")

    def _change(self, entry: EntityEntry, changes: dict[str, Any]) -> EntityEntry:
        new = changed_fields(entry, changes)
        if not new:
            return entry
        old = {name: getattr(entry, name) for name in new if name not in _QUIET}
        changed = dataclasses.replace(entry, **new, modified_at=self._now())
        if "entity_id" in new:
            self._leave(entry)
            self._enter(changed)
            self._save(changed)
            self.on_change(entry, changed)
            self._fire("update", changed.entity_id, changes=old, old_entity_id=entry.entity_id)
        else:
            self._put(changed)
            self.on_change(entry, changed)
            self._fire("update", changed.entity_id, changes=old)
        return changed

    def _restore(self, document: dict[str, Any]) -> EntityEntry:
        return restore(document)

    def _enter(self, entry: EntityEntry) -> None:
        super()._enter(entry)
        key = entry.entity_id
        self._by_identity[entry.identity] = key
        self._by_id[entry.id] = key
        self._by_device.add(one(entry.device_id), key)
        self._by_area.add(one(entry.area_id), key)
        self._by_label.add(entry.labels, key)
        self._by_config_entry.add(one(entry.config_entry_id), key)
        self._by_platform.add(one(entry.platform), key)
        for former_id in entry.former_ids:
            self.former[former_id] = key

    def _leave(self, entry: EntityEntry) -> None:
        super()._leave(entry)
        self._by_identity.pop(entry.identity, None)
        self._by_id.pop(entry.id, None)
        self._leave_groups(entry)

    def _replace(self, before: EntityEntry, entry: EntityEntry) -> None:
        if _groups_of(before) != _groups_of(entry):
            self._leave_groups(before)
        for former_id in before.former_ids:
            self.former.pop(former_id, None)
        self._enter(entry)

    def _leave_groups(self, entry: EntityEntry) -> None:
        key = entry.entity_id
        self._by_device.remove(one(entry.device_id), key)
        self._by_area.remove(one(entry.area_id), key)
        self._by_label.remove(entry.labels, key)
        self._by_config_entry.remove(one(entry.config_entry_id), key)
        self._by_platform.remove(one(entry.platform), key)
        for former_id in entry.former_ids:
            self.former.pop(former_id, None)


def _groups_of(entry: EntityEntry) -> tuple[Any, ...]:
    return (entry.device_id, entry.area_id, entry.labels, entry.config_entry_id)
