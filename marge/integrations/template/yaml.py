"""Template entities of the files: the `template:` section, and `platform: template` in the sections of domains."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import native
from marge.automations.validation import explain_extra_key
from marge.config import load_home
from marge.config.problems import nearest
from marge.domains._helpers import report_problem
from marge.errors import AlreadyExists, InvalidRequest
from marge.integrations.template import legacy
from marge.integrations.template.base import TemplateEntity
from marge.integrations.template.entities import KINDS
from marge.integrations.template.legacy import PLATFORM
from marge.integrations.template.schema import OBJECT_ID, SCHEMAS, words_of
from marge.integrations.template.triggered import NOT_TRIGGERED, TriggeredBlock
from marge.templating.errors import TemplateError
from marge.util.breathe import let_others_in
from marge.util.schema import ensure_list
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

_BLOCK = "triggered_by"
"""In the checked configuration of an entity: which block's triggers render it."""
_LOADED_BETWEEN_YIELDS = 25
_TRIGGERED = ("trigger", "triggers")
_COMMON = ("unique_id", "trigger", "triggers", "condition", "conditions", "action", "actions", "variables")
_ACTION_KEYS = frozenset(("action", "actions", "condition", "conditions", "trigger", "triggers", "variables"))

Key = tuple[str, str]


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
        self._load(native.run(load_home, self._home.config.config_dir).sections)

    def _load(self, sections: Mapping[str, Any]) -> None:
        self._wanted_blocks = {}
        wanted: dict[Key, tuple[Mapping[str, Any], Any]] = {}
        for key, conf, node in self._read(sections):
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
            if number % _LOADED_BETWEEN_YIELDS == 0:
                let_others_in()
            if key not in self._entities:
                self._make(key, conf, node)
        before, self._blocks = self._blocks, self._wanted_blocks
        for name, block in self._blocks.items():
            block.entities = [entity for conf, entity in self._entities.values() if conf.get(_BLOCK) == name]
            if self._has_started and name not in before:
                block.start()

    def _make(self, key: Key, conf: Mapping[str, Any], node: Any) -> None:
        home, domain = self._home, key[0]
        entity = KINDS[domain](home, conf)
        entity.is_triggered = _BLOCK in conf
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

    # -- reading the files -------------------------------------------------------------------------------------------

    def _read(self, sections: Mapping[str, Any]) -> Iterator[tuple[Key, Mapping[str, Any], Any]]:
        """Key, checked configuration and node of each entity; what is wrong is reported and left out."""
        seen: dict[str, int] = {}
        for number, (domain, entry, node, extra) in enumerate(self._entries(sections), 1):
            if number % _LOADED_BETWEEN_YIELDS == 0:
                let_others_in()
            conf = self._checked(domain, entry, node)
            if conf is None:
                continue
            conf = _with(conf, extra)
            name = str(conf.get("unique_id") or "")
            if not name:  # by what it is: another place in the file makes it no other entity
                name = digest = _digest(conf)
                seen[digest] = seen.get(digest, 0) + 1
                if seen[digest] > 1:
                    name = f"{digest} {seen[digest]}"
            yield (domain, name), conf, node

    def _entries(self, sections: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any, dict[str, Any]]]:
        """Domain, configuration, node, and what its block adds, of each entity."""
        for number, block in enumerate(ensure_list(sections.get(PLATFORM))):
            if not isinstance(block, Mapping):
                self._report(str(number), vol.Invalid("expected a mapping"), sections.get(PLATFORM), [number])
                continue
            yield from self._entries_of(number, block)
        for domain in legacy.SECTIONS:
            for node, entry in legacy.platform_entities(domain, sections.get(domain)):
                yield domain, entry, node, {}

    def _entries_of(self, number: int, block: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any, dict[str, Any]]]:
        is_triggered = any(key in block for key in _TRIGGERED)
        extra = {key: block[key] for key in ("unique_id", "variables") if key in block}
        if is_triggered:
            name = _digest({key: block[key] for key in block if key in _ACTION_KEYS})
            while name in self._wanted_blocks:
                name += "+"
            known = self._blocks.get(name)
            try:
                self._wanted_blocks[name] = known or TriggeredBlock(self._home, copy.deepcopy(dict(block)))
            except vol.Invalid as exc:
                self._report(str(number), exc, block, exc.path)
                return
            extra = {**extra, _BLOCK: name}
            extra.pop("variables", None)  # they are the block's own
        for domain, entries in block.items():
            if domain in _COMMON:
                continue
            old = legacy.IN_TEMPLATE.get(str(domain))
            if old is not None:
                for node, entry in legacy.collection(old, entries):
                    yield old, entry, node, extra
            elif domain not in KINDS or (is_triggered and domain in NOT_TRIGGERED):
                self._report(str(domain), vol.Invalid(_no_domain(str(domain))), block, [domain])
            else:
                for entry in ensure_list(entries):
                    yield str(domain), entry, entry, extra

    def _checked(self, domain: str, entry: Any, node: Any) -> dict[str, Any] | None:
        try:
            conf: dict[str, Any] = SCHEMAS[domain](entry)
            self._compile(conf)
        except vol.Invalid as exc:
            error = exc.errors[0] if isinstance(exc, vol.MultipleInvalid) else exc
            near = explain_extra_key(error, words_of(domain) + (() if node is entry else legacy.words_of(domain)))
            shown = vol.Invalid(f"{error} (did you mean '{near}'?)") if near else error
            self._report(domain, shown, node, error.path)
            return None
        return conf

    def _compile(self, conf: Mapping[str, Any]) -> None:
        for key, text in [*conf.items(), *(conf.get("attributes") or {}).items()]:
            if isinstance(text, str):
                try:
                    self._home.templates.compile_check(text)
                except TemplateError as exc:
                    raise vol.Invalid(f"invalid template ({exc})", [key]) from exc

    def _report(self, name: str, error: Exception, node: Any, path: Any = ()) -> None:
        report_problem(self._home, PLATFORM, name, error, node, path)


def _with(conf: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The entity with what its block says for all of its entities."""
    if "unique_id" in conf and "unique_id" in extra:
        conf["unique_id"] = f"{extra['unique_id']}-{conf['unique_id']}"
    if isinstance(extra.get("variables"), Mapping):
        conf["variables"] = {**extra["variables"], **conf.get("variables", {})}
    if _BLOCK in extra:
        conf[_BLOCK] = extra[_BLOCK]
    return conf


def _digest(conf: Mapping[str, Any]) -> str:
    return blake2b(repr(sorted(conf.items(), key=lambda item: str(item[0]))).encode(), digest_size=12).hexdigest()


def _no_domain(domain: str) -> str:
    near = nearest(domain, sorted((*KINDS, *_COMMON)))
    return "there are no template entities of this domain" + (f" (did you mean '{near}'?)" if near else "")
