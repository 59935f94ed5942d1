"""The entities of `platform:` items in the files: made at start; a reload makes those again that changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.config import ConfigProblem, locate
from marge.entities import Entity
from marge.errors import AlreadyExists, InvalidRequest
from marge.integrations.yaml_platforms import Item, items, note, yaml_platforms
from marge.rereading import read_again
from marge.util.breathe import let_others_in
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

SHARED = "yaml_entities"
_A_TURN = 20

Key = tuple[str, str, str]
"""Platform, domain, and unique id or what the item says."""


class YamlEntities:
    """In `home.shared["yaml_entities"]`. Its methods wait: never on the shared dispatcher."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._entities: dict[Key, tuple[Mapping[str, Any], Entity]] = {}

    def start(self) -> None:
        self._home.shared[SHARED] = self
        self._settle(self._home.config.sections)
        services = self._home.services
        for name in sorted({each.name for each in yaml_platforms().values() if each.make is not None}):
            if not services.has(name, "reload"):
                services.register(
                    name, "reload", self._reload_called, {},
                    description=f"Reads the {name} entities from the files again.",
                )  # fmt: skip

    def reload(self, name: str) -> None:
        """Read the files again; entities of this platform that are as they were stay.

        Raises:
            HomeError: the files cannot be read; nothing has changed then.
        """
        self._settle(read_again(self._home).sections, only=name)

    def _reload_called(self, call: ServiceCall) -> None:
        self.reload(call.domain)

    def _settle(self, sections: Mapping[str, Any], only: str | None = None) -> None:
        wanted: dict[Key, Item] = {}
        for item in items(sections, self._note):
            if item.platform.make is not None and only in (None, item.platform.name):
                key = _key(item, wanted)
                if key is None:
                    self._leave_out(item, f"another {item.platform.name} entity has this unique_id")
                else:
                    wanted[key] = item
        for key, (conf, entity) in list(self._entities.items()):
            if only in (None, key[0]) and (key not in wanted or wanted[key].conf != conf):
                del self._entities[key]
                self._home.entities.remove(entity.entity_id)
        for number, (key, item) in enumerate(wanted.items(), 1):
            if number % _A_TURN == 0:
                let_others_in()
            if key not in self._entities:
                self._make(key, item)

    def _make(self, key: Key, item: Item) -> None:
        home, name = self._home, key[0]
        assert item.platform.make is not None
        try:
            entity = item.platform.make(home, item.conf)
            entity_id = entity_id_for(home, entity, name, item.conf)
            home.entities.add(entity, entity_id, name)
        except (AlreadyExists, InvalidRequest) as exc:
            self._leave_out(item, str(exc))
            return
        self._entities[key] = (item.conf, entity)

    def _leave_out(self, item: Item, reason: str) -> None:
        where = locate(item.node, [])
        name, domain, *_ = item.platform
        self._note(
            ConfigProblem(
                "error", where.file if where else None, where.line if where else None, f"{domain}.{name}",
                f"a {name} {domain} is left out: {reason}",
            )
        )  # fmt: skip

    def _note(self, problem: ConfigProblem) -> None:
        note(self._home, problem)


def entity_id_for(home: Home, entity: Entity, platform: str, conf: Mapping[str, Any]) -> str:
    """The id that an entity of the files gets: the registry's with a `unique_id`, else a free one of its name."""
    suggested = slugify(str(conf.get("object_id") or entity.name or "")) or f"{platform}_{entity.domain}"
    unique_id = conf.get("unique_id")
    if unique_id is not None:
        entity.unique_id = str(unique_id)
        return home.registries.entities.get_or_create(
            entity.domain, platform, str(unique_id), suggested_object_id=suggested, original_name=entity.name,
            original_device_class=entity.device_class,
        ).entity_id  # fmt: skip
    entity_id, number = f"{entity.domain}.{suggested}", 1
    while entity_id in home.registries.entities or home.states.owner(entity_id) not in (None, "restored"):
        number += 1
        entity_id = f"{entity.domain}.{suggested}_{number}"
    return entity_id


def _key(item: Item, taken: Mapping[Key, Item]) -> Key | None:
    """What stays the same while the item does, wherever it stands; None when its unique id is taken."""
    name, domain, *_ = item.platform
    unique_id = item.conf.get("unique_id")
    if unique_id is not None:
        key = (name, domain, f"id {unique_id}")
        return None if key in taken else key
    text, number = json.dumps(item.conf, sort_keys=True, default=str), 1
    key = (name, domain, text)
    while key in taken:
        number += 1
        key = (name, domain, f"{text} {number}")
    return key
