"""The `template:` section of the files: entities whose fields are templates over the states of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import native
from marge.config import load_home
from marge.domains._helpers import report_problem
from marge.errors import AlreadyExists, InvalidRequest
from marge.integrations.template.base import TemplateEntity
from marge.integrations.template.entities import KINDS
from marge.integrations.template.triggered import DOMAINS as TRIGGERED_DOMAINS
from marge.integrations.template.triggered import TriggeredBlock
from marge.templating.errors import TemplateError
from marge.util.schema import boolean, ensure_list, string
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

PLATFORM = "template"
_BLOCK = "triggered_by"
"""In the checked configuration of an entity: which block's triggers render it."""
_TRIGGERED = ("trigger", "triggers")
_COMMON = ("unique_id", "trigger", "triggers", "condition", "conditions", "action", "actions", "variables")


class TemplateSection:
    """The entities of the section; `reload` makes them again from the files."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._entities: dict[tuple[str, str], tuple[Mapping[str, Any], TemplateEntity]] = {}
        self._blocks: dict[int, TriggeredBlock] = {}
        self._wanted_blocks: dict[int, TriggeredBlock] = {}
        self._has_started = False

    def start(self) -> None:
        self._load(self._home.config.sections.get(PLATFORM))
        self._home.bus.subscribe(lambda _event: self._home_started(), "homeassistant_start")
        self._home.services.register(
            PLATFORM, "reload", self._reload, {}, description="Reads the template entities from the files again."
        )

    def _home_started(self) -> None:
        self._has_started = True
        for block in self._blocks.values():
            block.start()

    def _reload(self, _call: ServiceCall) -> None:
        config = native.run(load_home, self._home.config.config_dir)
        self._load(config.sections.get(PLATFORM))

    def _load(self, section: Any) -> None:
        self._wanted_blocks = {}
        wanted = dict(self._read(section))
        for block in self._blocks.values():
            block.end()
        for key, (conf, entity) in list(self._entities.items()):
            if wanted.get(key) != conf:
                del self._entities[key]
                self._home.entities.remove(entity.entity_id)
        for key, conf in wanted.items():
            if key not in self._entities:
                self._make(key, conf, section)
        self._blocks = self._wanted_blocks
        for number, block in self._blocks.items():
            block.entities = [entity for conf, entity in self._entities.values() if conf.get(_BLOCK) == number]
            if self._has_started:
                block.start()

    def _make(self, key: tuple[str, str], conf: Mapping[str, Any], section: Any) -> None:
        home, domain = self._home, key[0]
        entity = KINDS[domain](home, conf)
        entity.is_triggered = _BLOCK in conf
        unique_id = conf.get("unique_id")
        suggested = slugify(entity.name or "") or f"template_{domain}"
        try:
            if unique_id is not None:
                entity.unique_id = str(unique_id)
                entry = home.registries.entities.get_or_create(
                    domain, PLATFORM, str(unique_id), suggested_object_id=suggested, original_name=entity.name,
                    original_device_class=entity.device_class,
                )  # fmt: skip
                entity_id = entry.entity_id
                if entry.disabled:
                    return
            else:
                entity_id = self._free_id(domain, suggested)
            home.entities.add(entity, entity_id, PLATFORM)
        except (AlreadyExists, InvalidRequest) as exc:
            report_problem(home, PLATFORM, key[1], exc, section)
            return
        self._entities[key] = (conf, entity)

    def _free_id(self, domain: str, suggested: str) -> str:
        states = self._home.states
        entity_id, number = f"{domain}.{suggested}", 1
        while entity_id in self._home.registries.entities or states.owner(entity_id) not in (None, "restored"):
            number += 1
            entity_id = f"{domain}.{suggested}_{number}"
        return entity_id

    def _read(self, section: Any) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
        """Key and checked configuration of each entity; what is wrong is reported and left out."""
        for number, block in enumerate(ensure_list(section)):
            if not isinstance(block, Mapping):
                self._report(str(number), vol.Invalid("expected a mapping"), section)
                continue
            is_triggered = any(key in block for key in _TRIGGERED)
            if is_triggered:
                try:
                    self._wanted_blocks[number] = TriggeredBlock(self._home, block)
                except vol.Invalid as exc:
                    self._report(str(number), exc, block)
                    continue
            for domain, entries in block.items():
                if domain in _COMMON:
                    continue
                if domain not in KINDS or (is_triggered and domain not in TRIGGERED_DOMAINS):
                    self._report(str(domain), vol.Invalid("there are no template entities of this domain"), block)
                    continue
                for place, entry in enumerate(ensure_list(entries)):
                    try:
                        conf = _SCHEMAS[domain](entry)
                        self._compile(conf)
                    except vol.Invalid as exc:
                        self._report(str(domain), exc, entry)
                        continue
                    if "unique_id" in conf and "unique_id" in block:
                        conf["unique_id"] = f"{block['unique_id']}-{conf['unique_id']}"
                    if is_triggered:
                        conf[_BLOCK] = number
                    name = conf.get("unique_id") or f"{number}.{place}"
                    yield (str(domain), str(name)), conf

    def _compile(self, conf: Mapping[str, Any]) -> None:
        texts = [*conf.values(), *(conf.get("attributes") or {}).values()]
        for text in texts:
            if isinstance(text, str):
                try:
                    self._home.templates.compile_check(text)
                except TemplateError as exc:
                    raise vol.Invalid(f"invalid template ({exc})") from exc

    def _report(self, name: str, error: Exception, node: Any) -> None:
        report_problem(self._home, PLATFORM, name, error, node)


_DELAY = vol.Any(dict, string)
_ANY: dict[Any, Any] = {
    vol.Optional("name"): string,
    vol.Optional("unique_id"): string,
    vol.Optional("icon"): string,
    vol.Optional("picture"): string,
    vol.Optional("availability"): string,
    vol.Optional("attributes"): {string: string},
}
_ACTION = vol.Any(list, dict)
_BY_DOMAIN: dict[str, dict[Any, Any]] = {
    "alarm_control_panel": {
        vol.Optional("state"): string,
        vol.Optional("code_arm_required"): boolean,
        vol.Optional("code_format"): vol.In(("no_code", "number", "text")),
        **{
            vol.Optional(key): _ACTION
            for key in (
                "disarm", "arm_away", "arm_custom_bypass", "arm_home", "arm_night", "arm_vacation", "trigger",
            )
        },
    },
    "binary_sensor": {
        vol.Required("state"): string,
        vol.Optional("device_class"): string,
        vol.Optional("delay_on"): _DELAY,
        vol.Optional("delay_off"): _DELAY,
        vol.Optional("auto_off"): _DELAY,
    },
    "button": {vol.Required("press"): _ACTION, vol.Optional("device_class"): string},
    "image": {vol.Required("url"): string, vol.Optional("verify_ssl"): boolean},
    "number": {
        vol.Optional("state"): string,
        vol.Optional("min"): string,
        vol.Optional("max"): string,
        vol.Required("step"): string,
        vol.Required("set_value"): _ACTION,
        vol.Optional("unit_of_measurement"): string,
    },
    "select": {
        vol.Optional("state"): string,
        vol.Required("options"): string,
        vol.Required("select_option"): _ACTION,
    },
    "sensor": {
        vol.Required("state"): string,
        vol.Optional("last_reset"): string,
        vol.Optional("unit_of_measurement"): vol.Any(None, string),
        vol.Optional("device_class"): vol.Any(None, string),
        vol.Optional("state_class"): vol.Any(None, string),
    },
    "switch": {
        vol.Optional("state"): string,
        vol.Required("turn_on"): _ACTION,
        vol.Required("turn_off"): _ACTION,
    },
}
_SCHEMAS = {domain: vol.Schema({**_ANY, **fields}) for domain, fields in _BY_DOMAIN.items()}
