"""Reads template entities out of the files' sections, checks them, and says what is wrong. Makes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Protocol

import voluptuous as vol

from marge.automations.blueprints import KEY, used_path
from marge.automations.expand import Found, expanded
from marge.automations.validation import explain_extra_key
from marge.config.problems import nearest
from marge.integrations.template import legacy
from marge.integrations.template.entities import KINDS
from marge.integrations.template.legacy import PLATFORM
from marge.integrations.template.schema import SCHEMAS, words_of
from marge.integrations.template.triggered import NOT_TRIGGERED
from marge.templating.errors import TemplateError
from marge.util.breathe import let_others_in
from marge.util.schema import ensure_list

BLOCK = "triggered_by"
"""In the checked configuration of an entity: which block's triggers render it."""
BETWEEN_YIELDS = 25
_TRIGGERED = ("trigger", "triggers")
_COMMON = ("unique_id", "trigger", "triggers", "condition", "conditions", "action", "actions", "variables")
_BLUEPRINT = "use_blueprint"
_ACTION_KEYS = frozenset(("action", "actions", "condition", "conditions", "trigger", "triggers", "variables"))

Key = tuple[str, str]
_Entry = tuple[str, Any, Any, dict[str, Any]]
"""Domain, configuration, node, and what its block adds."""


class Compiler(Protocol):
    """What is needed of the template engine."""

    def compile_check(self, source: str) -> None: ...


class Reader:
    """One reading of the files.

    Args:
        take_block: gets the name and the configuration of each block with triggers; raises `vol.Invalid`.
        report: gets what is wrong: name, error, node, and the path in it.
        blueprints: those that blocks use, by path.

    Attributes:
        used: the blueprint's path of each entity that comes of one, by the entity's key.
    """

    def __init__(
        self,
        templates: Compiler,
        take_block: Callable[[str, Mapping[str, Any]], None],
        report: Callable[[str, Exception, Any, Any], None],
        blueprints: Found | None = None,
    ) -> None:
        self._templates = templates
        self._take_block = take_block
        self._report = report
        self._blocks: set[str] = set()
        self._blueprints = blueprints or {}
        self.used: dict[Key, str] = {}

    def entities(self, sections: Mapping[str, Any]) -> Iterator[tuple[Key, Mapping[str, Any], Any]]:
        """Key, checked configuration and node of each entity; what is wrong is reported and left out."""
        seen: dict[str, int] = {}
        for number, (domain, entry, node, extra) in enumerate(self._entries(sections), 1):
            if number % BETWEEN_YIELDS == 0:
                let_others_in()
            conf = self._checked(domain, entry, node)
            if conf is None:
                continue
            path = extra.get(_BLUEPRINT)
            conf = _with(conf, extra)
            name = str(conf.get("unique_id") or "")
            if not name:  # by what it is: another place in the file makes it no other entity
                name = digest = _digest(conf)
                seen[digest] = seen.get(digest, 0) + 1
                if seen[digest] > 1:
                    name = f"{digest} {seen[digest]}"
            if path is not None:
                self.used[domain, name] = path
            yield (domain, name), conf, node

    def _entries(self, sections: Mapping[str, Any]) -> Iterator[_Entry]:
        """Domain, configuration, node, and what its block adds, of each entity."""
        for number, block in enumerate(ensure_list(sections.get(PLATFORM))):
            if not isinstance(block, Mapping):
                self._report(str(number), vol.Invalid("expected a mapping"), sections.get(PLATFORM), [number])
                continue
            if KEY not in block:
                yield from self._entries_of(number, block)
                continue
            try:
                whole = from_blueprint(block, self._blueprints)
            except vol.Invalid as exc:
                self._report(str(number), exc, block, exc.path)
                continue
            used = {_BLUEPRINT: used_path(block)}
            for domain, entry, _node, extra in self._entries_of(number, whole):
                yield domain, entry, block, {**extra, **used}
        for domain in legacy.SECTIONS:
            for node, entry in legacy.platform_entities(domain, sections.get(domain)):
                yield domain, entry, node, {}

    def _entries_of(self, number: int, block: Mapping[str, Any]) -> Iterator[_Entry]:
        is_triggered = any(key in block for key in _TRIGGERED)
        extra = {key: block[key] for key in ("unique_id", "variables") if key in block}
        if is_triggered:
            name = _digest({key: block[key] for key in block if key in _ACTION_KEYS})
            while name in self._blocks:
                name += "+"
            self._blocks.add(name)
            try:
                self._take_block(name, block)
            except vol.Invalid as exc:
                self._report(str(number), exc, block, exc.path)
                return
            extra = {**extra, BLOCK: name}
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
                    self._templates.compile_check(text)
                except TemplateError as exc:
                    raise vol.Invalid(f"invalid template ({exc})", [key]) from exc


def from_blueprint(block: Mapping[str, Any], found: Found) -> dict[str, Any]:
    """The block that comes of a blueprint; the name and the unique id of the instance are its entity's.

    Raises:
        vol.Invalid: the blueprint cannot be had, or does not make one entity.
    """
    whole = expanded(dict(block), found)
    kinds = [key for key in whole if key in KINDS]
    if len(kinds) > 1:
        raise vol.Invalid("more than one platform defined per blueprint")
    if not kinds:
        return dict(whole)
    entity = whole[kinds[0]]
    if isinstance(entity, list) and len(entity) == 1:
        entity = entity[0]
    if not isinstance(entity, Mapping):
        raise vol.Invalid("expected a mapping", [kinds[0]])
    moved = ["name", "unique_id"] + ([] if any(key in whole for key in _TRIGGERED) else ["variables"])
    own = {key: whole[key] for key in moved if key in whole}
    rest = {key: value for key, value in whole.items() if key not in own}
    return {**rest, kinds[0]: {**entity, **own}}


def _with(conf: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The entity with what its block says for all of its entities."""
    if "unique_id" in conf and "unique_id" in extra:
        conf["unique_id"] = f"{extra['unique_id']}-{conf['unique_id']}"
    if isinstance(extra.get("variables"), Mapping):
        conf["variables"] = {**extra["variables"], **conf.get("variables", {})}
    if BLOCK in extra:
        conf[BLOCK] = extra[BLOCK]
    return conf


def _digest(conf: Mapping[str, Any]) -> str:
    return blake2b(repr(sorted(conf.items(), key=lambda item: str(item[0]))).encode(), digest_size=12).hexdigest()


def _no_domain(domain: str) -> str:
    near = nearest(domain, sorted((*KINDS, *_COMMON)))
    return "there are no template entities of this domain" + (f" (did you mean '{near}'?)" if near else "")
