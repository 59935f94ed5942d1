"""Template entities of the files: the `template:` section, and `platform: template` in the sections of domains."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations.api import TEMPLATE_BLUEPRINTS
from marge.automations.expand import blueprints_of
from marge.domains._helpers import report_problem
from marge.errors import AlreadyExists, InvalidRequest
from marge.integrations.template.base import TemplateEntity
from marge.integrations.template.entities import KINDS
from marge.integrations.template.legacy import PLATFORM
from marge.integrations.template.reading import BETWEEN_YIELDS, BLOCK, Key, Reader
from marge.integrations.template.schema import OBJECT_ID
from marge.integrations.template.triggered import TriggeredBlock
from marge.rereading import read_again
from marge.util.breathe import let_others_in
from marge.util.schema import ensure_list
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall


class TemplateSection:
    """The entities of the files; `reload` makes those again that changed, and leaves the others alone."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._entities: dict[Key, tuple[Mapping[str, Any], TemplateEntity]] = {}
        self._blocks: dict[str, TriggeredBlock] = {}
        self._wanted_blocks: dict[str, TriggeredBlock] = {}
        self._has_started = False

    def start(self) -> None:
        self._load(self._home.config.sections)
        self._home.bus.subscribe(lambda _event: self._home_started(), "homeassistant_start")
        self._home.services.register(
            PLATFORM, "reload", self._reload, {}, description="Reads the template entities from the files again."
        )

    def _home_started(self) -> None:
        self._has_started = True
        for block in self._blocks.values():
            block.start()

    def _reload(self, _call: ServiceCall) -> None:
        self._load(read_again(self._home).sections)

    def _load(self, sections: Mapping[str, Any]) -> None:
        self._wanted_blocks = {}
        wanted: dict[Key, tuple[Mapping[str, Any], Any]] = {}
        found = blueprints_of(self._home, PLATFORM, ensure_list(sections.get(PLATFORM)))
        reader = Reader(self._home.templates, self._take_block, self._report, found)
        for key, conf, node in reader.entities(sections):
            if key in wanted:
                self._report(key[1], vol.Invalid("another template entity has this unique_id"), node)
            else:
                wanted[key] = (conf, node)
        for name, block in self._blocks.items():
            if name not in self._wanted_blocks:
                block.end()
        for key, (known, entity) in list(self._entities.items()):
            if key not in wanted or wanted[key][0] != known:
                del self._entities[key]
                self._home.entities.remove(entity.entity_id)
        for number, (key, (conf, node)) in enumerate(wanted.items(), 1):
            if number % BETWEEN_YIELDS == 0:
                let_others_in()
            if key not in self._entities:
                self._make(key, conf, node)
            else:
                self._entities[key][1].node = node  # it may stand in another line
        users: dict[str, list[str]] = {}
        for key, path in reader.used.items():
            if key in self._entities:
                users.setdefault(path, []).append(self._entities[key][1].entity_id)
        self._home.shared[TEMPLATE_BLUEPRINTS] = users
        before, self._blocks = self._blocks, self._wanted_blocks
        for name, block in self._blocks.items():
            block.entities = [entity for conf, entity in self._entities.values() if conf.get(BLOCK) == name]
            if self._has_started and name not in before:
                block.start()

    def _make(self, key: Key, conf: Mapping[str, Any], node: Any) -> None:
        home, domain = self._home, key[0]
        entity = KINDS[domain](home, conf)
        entity.is_triggered = BLOCK in conf
        entity.node = node
        unique_id = conf.get("unique_id")
        suggested = slugify(str(conf.get(OBJECT_ID) or entity.name or "")) or f"template_{domain}"
        try:
            if unique_id is not None:
                entity.unique_id = str(unique_id)
                entity_id = home.registries.entities.get_or_create(
                    domain, PLATFORM, str(unique_id), suggested_object_id=suggested, original_name=entity.name,
                    original_device_class=entity.device_class,
                ).entity_id  # fmt: skip
            else:
                entity_id = self._free_id(domain, suggested)
            home.entities.add(entity, entity_id, PLATFORM)
        except (AlreadyExists, InvalidRequest) as exc:
            self._report(key[1], exc, node)
            return
        self._entities[key] = (conf, entity)

    def _free_id(self, domain: str, suggested: str) -> str:
        states = self._home.states
        entity_id, number = f"{domain}.{suggested}", 1
        while entity_id in self._home.registries.entities or states.owner(entity_id) not in (None, "restored"):
            number += 1
            entity_id = f"{domain}.{suggested}_{number}"
        return entity_id

    def _take_block(self, name: str, block: Mapping[str, Any]) -> None:
        """A block that is running already goes on."""
        known = self._blocks.get(name)
        self._wanted_blocks[name] = known or TriggeredBlock(self._home, copy.deepcopy(dict(block)), block)

    def _report(self, name: str, error: Exception, node: Any, path: Any = ()) -> None:
        report_problem(self._home, PLATFORM, name, error, node, path)
