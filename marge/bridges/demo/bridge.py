"""The bridge of the simulated devices: makes their entities, keeps the registries, follows its config entry.

Not here: what any device does (`devices/`, a file a domain).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.bridges.base import Bridge
from marge.bridges.demo.item import Item
from marge.entities import RESTORED
from marge.errors import MargeError
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import Device, EntityEntry
    from marge.registries.config_entries import ConfigEntry

DOMAIN = "demo"
PLATFORM = "demo"
ITEMS_A_TURN = 20

KINDS = (
    "image_processing", "device_tracker", "air_quality", "alarm_control_panel", "binary_sensor", "button", "camera",
    "calendar", "climate", "cover", "date", "datetime", "event", "fan", "humidifier", "light", "lock", "media_player",
    "notify", "number", "select", "sensor", "siren", "stt", "switch", "text", "time", "update", "vacuum",
    "valve", "water_heater", "weather",
)  # fmt: skip
"""The modules of `devices/`, in the order in which their entities appear."""


class EntryChanged(NamedTuple):
    """The bridge's config entry was changed, disabled or removed."""


def all_items(home: Home) -> Iterator[Item]:
    """Every simulated device of the bridge, made anew."""
    for kind in KINDS:
        module = importlib.import_module(f"marge.bridges.demo.devices.{kind}")
        yield from module.items(home)


class DemoBridge(Bridge):
    """Owns the simulated devices. Takes `EntryChanged`; it has nothing that could break down."""

    kind = "demo"

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._items: list[Item] = []
        self._end_listening: Callable[[], None] = lambda: None

    def on_start(self) -> None:
        self._end_listening = self.home.registries.config_entries.listen(self._entry_changed)
        self._settle()
        self.status = "running"

    def on_receive(self, message: Any) -> Any:
        if isinstance(message, EntryChanged):
            return self._settle()
        raise TypeError(f"the demo bridge does not take {type(message).__name__}")

    def release(self) -> None:
        self._end_listening()

    def entity_ids(self) -> Iterable[str]:
        return tuple(item.entity.entity_id for item in self._items)

    # -- the config entry --------------------------------------------------------------------------------------------

    def _entry(self) -> ConfigEntry | None:
        return next(iter(self.home.registries.config_entries.for_domain(DOMAIN)), None)

    def _entry_changed(self, _change: str, entry: ConfigEntry) -> None:
        """On the hub, in whoever's turn it was: the rest happens in our own."""
        if entry.domain == DOMAIN:
            self.system.tell(self.path, EntryChanged())

    def _settle(self) -> None:
        """Have the devices exactly while the entry is loaded."""
        entry = self._entry()
        if entry is not None and entry.state == "loaded":
            if not self._items:
                self._add_all(entry)
            else:
                self._add_missing(entry)
            return
        for item in self._items:
            if entry is None or item.unique_id is None:
                self.home.entities.remove_later(item.entity.entity_id)
            else:
                self.home.entities.release(item.entity.entity_id)  # a placeholder, as of any entry not loaded
        self._items.clear()

    def _add_all(self, entry: ConfigEntry) -> None:
        for number, item in enumerate(all_items(self.home), 1):
            try:
                self._add(item, entry)
            except MargeError as exc:
                self.log.warning("a simulated device is left out", entity_id=item.entity_id, reason=str(exc))
            if number % ITEMS_A_TURN == 0:
                let_others_in()

    def _add_missing(self, entry: ConfigEntry) -> None:
        """What somebody has removed comes back when the entry is loaded again; the others tell their units anew."""
        entities, registry = self.home.entities, self.home.registries.entities
        for item in list(self._items):
            if item.entity.entity_id not in entities.owned and item.entity.entity_id not in entities.parked:
                self._items.remove(item)
                self._add(item, entry)
            elif item.unique_id is not None:
                unit = item.entity.unit_of_measurement
                registry.get_or_create(item.domain, PLATFORM, item.unique_id, unit_of_measurement=unit)

    # -- one device --------------------------------------------------------------------------------------------------

    def _add(self, item: Item, entry: ConfigEntry) -> None:
        home, entity, entity_id = self.home, item.entity, item.entity_id
        entity.unique_id, entity.name = item.unique_id, item.name
        if item.unique_id is not None:
            entity_id = self._register(item, entry).entity_id
        present = home.entities.owned.get(entity_id)
        if present is not None and type(present) is type(entity) and home.states.owner(entity_id) == PLATFORM:
            # Our predecessor's: it goes on from where it was.
            self._items.append(replace(item, entity=present))
            home.entities.report(entity_id, available=True)
            return
        if home.states.owner(entity_id) in (None, PLATFORM, RESTORED):
            home.entities.add(entity, entity_id, PLATFORM)
            self._items.append(item)
            return
        self.log.warning("a simulated device is left out: its id is taken", entity_id=entity_id)

    def _register(self, item: Item, entry: ConfigEntry) -> EntityEntry:
        registries = self.home.registries
        entity = item.entity
        assert item.unique_id is not None
        device: Device | None = None
        if item.device is not None:
            device = registries.devices.get_or_create(
                identifiers=[item.identifier or (DOMAIN, item.unique_id)], name=item.device,
                config_entry_id=entry.entry_id,
            )  # fmt: skip
        entity.entity_id = item.entity_id  # what it can do may depend on who it is
        return registries.entities.get_or_create(
            item.domain, PLATFORM, item.unique_id,
            suggested_object_id=item.object_id,
            config_entry_id=entry.entry_id,
            device_id=None if device is None else device.id,
            original_name=item.name,
            has_entity_name=item.device is not None if item.has_entity_name is None else item.has_entity_name,
            original_icon=entity.icon,
            original_device_class=entity.device_class,
            unit_of_measurement=entity.shown()[1].get("unit_of_measurement"),
            capabilities=entity.capability_attributes() or None,
            supported_features=entity.supported_features or 0,
            **item.facts,
        )  # fmt: skip


__all__ = ["DOMAIN", "PLATFORM", "DemoBridge", "EntryChanged", "all_items"]
