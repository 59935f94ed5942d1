"""Tasmota's devices and entities in the registries, and the living entities. Part of the bridge's actor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import structlog

from marge.bridges.mqtt_devices.tasmota import DOMAIN
from marge.bridges.mqtt_devices.tasmota.announced import Announced
from marge.bridges.mqtt_devices.tasmota.entities import (
    TasmotaCover,
    TasmotaEntity,
    TasmotaFan,
    TasmotaInput,
    TasmotaRelayLight,
    TasmotaSensor,
    TasmotaStatus,
    TasmotaSwitch,
)
from marge.bridges.mqtt_devices.tasmota.lights import TasmotaLight
from marge.bridges.mqtt_devices.tasmota.outlet import DeviceOutlet
from marge.bridges.mqtt_devices.tasmota.plans import Plan, plans_of
from marge.entities import RESTORED
from marge.errors import MargeError
from marge.util.breathe import let_others_in
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry, Device

log = structlog.get_logger("marge.bridges.tasmota")

CLASSES: dict[str, type[TasmotaEntity]] = {
    "switch": TasmotaSwitch, "relay_light": TasmotaRelayLight, "light": TasmotaLight, "fan": TasmotaFan,
    "cover": TasmotaCover, "input": TasmotaInput, "sensor": TasmotaSensor, "status": TasmotaStatus,
}  # fmt: skip
MAC = "mac"
MAX_ENTITIES = 50_000
"""Of all devices; a flood must end somewhere."""
_ENTITIES_A_TURN = 4

Entities = dict[tuple[str, str], TasmotaEntity]


class Registrar:
    """Writes what devices announce."""

    def __init__(self, home: Home, outlet: DeviceOutlet) -> None:
        self._home = home
        self._outlet = outlet
        self._native = home.config.marge.profile == "native"

    # -- devices -----------------------------------------------------------------------------------------------------

    def device(self, device: Announced, entry: ConfigEntry) -> str:
        """The id of the device's entry, with the facts brought up to date."""
        return self._home.registries.devices.get_or_create(
            connections=[(MAC, device.mac)],
            config_entry_id=entry.entry_id,
            name=device.name,
            manufacturer="Tasmota",
            model=device.model or None,
            sw_version=device.version or None,
            configuration_url=f"http://{device.address}/" if device.address else None,
        ).id

    def is_shadowed(self, mac: str) -> bool:
        """Whether the device has entities by Home Assistant discovery (SetOption19)."""
        registries = self._home.registries
        device = registries.devices.find([("mqtt", mac[-6:])], [(MAC, mac)])
        if device is None:
            return False
        start = f"{mac[-6:]}_"
        return any(
            each.platform == "mqtt" and each.unique_id.startswith(start)
            for each in registries.entities.for_device(device.id)
        )

    def forget_device(self, mac: str) -> None:
        """The device is announced no more: its entities' entries go, and its own unless somebody else has it. Also
        while the config entry is not loaded."""
        registries = self._home.registries
        device: Device | None = registries.devices.find((), [(MAC, mac)])
        if device is None:
            return
        for each in registries.entities.for_device(device.id):
            if each.platform == DOMAIN:
                registries.entities.remove(each.entity_id)
                self._home.entities.remove(each.entity_id)  # also one that was enabled again and not made yet
        ours = {each.entry_id for each in registries.config_entries.for_domain(DOMAIN)}
        others = tuple(each for each in device.config_entries if each not in ours)
        if registries.entities.for_device(device.id) or others:
            if others != device.config_entries:
                registries.devices.update(device.id, config_entries=others)
        else:
            registries.remove_device(device.id)

    # -- entities ----------------------------------------------------------------------------------------------------

    def entities(
        self,
        device: Announced,
        device_id: str,
        entry: ConfigEntry,
        before: Entities,
        available: bool,
        sensors_known: bool,
        room: int = MAX_ENTITIES,
    ) -> Entities:
        """The device's entities as it announced them: new ones made, others changed, those that are no more removed.

        Args:
            before: those that it had.
            sensors_known: it has said which sensors it has; until then those of the registry stay.
            room: for so many entities.
        """
        found: Entities = {}
        plans = plans_of(device)
        if len(plans) > room:
            log.warning("entities are left out: there are too many", device=device.name, most=MAX_ENTITIES)
        for number, plan in enumerate(plans[: max(room, 0)], 1):
            key = (plan.domain, plan.unique_id)
            try:
                found[key] = self._entity(device, device_id, entry, plan, before.get(key), available)
            except MargeError as exc:
                log.warning("an entity is left out", unique_id=plan.unique_id, reason=str(exc))
            if number % _ENTITIES_A_TURN == 0:
                let_others_in()
        self.end([entity for key, entity in before.items() if key not in found], keep=False)
        wanted = {(plan.domain, plan.unique_id) for plan in plans}
        registry = self._home.registries.entities
        for each in registry.for_device(device_id):
            is_wanted = (each.entity_id.partition(".")[0], each.unique_id) in wanted
            may_come = not sensors_known and "_sensor_sensor_" in each.unique_id
            if each.platform == DOMAIN and not is_wanted and not may_come:
                registry.remove(each.entity_id)
        return found

    def report(self, entity: TasmotaEntity, fields: dict[str, Any]) -> None:
        """Tell an entity what its device said, unless somebody has removed it."""
        entities = self._home.entities
        if entity.entity_id in entities.owned or entity.entity_id in entities.parked:
            entities.report(entity.entity_id, **fields)

    def end(self, gone: Iterable[TasmotaEntity], *, keep: bool) -> None:
        """Let go of entities: placeholders stay (`keep`), or nothing."""
        for entity in list(gone):
            if self._home.entities.owned.get(entity.entity_id) is not entity:
                parked = self._home.entities.parked.get(entity.entity_id)
                if parked is None or parked.entity is not entity:
                    continue
            if keep:
                self._home.entities.release(entity.entity_id)
            else:
                self._home.entities.remove(entity.entity_id)

    def _entity(
        self, device: Announced, device_id: str, entry: ConfigEntry, plan: Plan, present: TasmotaEntity | None,
        available: bool,
    ) -> TasmotaEntity:  # fmt: skip
        home, kind = self._home, CLASSES[plan.kind]
        entity = kind(self._outlet, device, plan)
        entity_id = self._register(device, device_id, entry, plan, entity)
        parked = home.entities.parked.get(entity_id)
        living = home.entities.owned.get(entity_id) if parked is None else parked.entity
        if type(living) is kind:  # as before, or our predecessor's
            home.entities.report(entity_id, **kind.fields(device, plan, home), outlet=self._outlet, available=available)
            return living
        if living is not None and living is present:
            home.entities.remove(entity_id)
        owner = home.states.owner(entity_id)
        if owner not in (None, DOMAIN, RESTORED):
            raise MargeError(f"{entity_id} belongs to {owner}")
        entity.available = available
        home.entities.add(entity, entity_id, DOMAIN)
        return entity

    def _register(
        self, device: Announced, device_id: str, entry: ConfigEntry, plan: Plan, entity: TasmotaEntity
    ) -> str:
        known = self._home.registries.devices.get(device_id)
        title = device.name if known is None else known.display_name
        suggested = f"{title} {plan.name}" if plan.name else title
        if self._native:
            suggested = f"tasmota {slugify(device.topic)} {plan.name or ''}".strip()
        disabled = None if plan.enabled and not entry.pref_disable_new_entities else "integration"
        entity.name = suggested
        return self._home.registries.entities.get_or_create(
            plan.domain, DOMAIN, plan.unique_id,
            suggested_object_id=suggested,
            config_entry_id=entry.entry_id,
            device_id=device_id,
            original_name=plan.name,
            original_icon=entity.icon,
            original_device_class=entity.device_class,
            entity_category=plan.category,
            has_entity_name=True,
            unit_of_measurement=entity.shown()[1].get("unit_of_measurement"),
            capabilities=entity.capability_attributes() or None,
            supported_features=entity.supported_features or 0,
            disabled_by=disabled,
        ).entity_id  # fmt: skip
