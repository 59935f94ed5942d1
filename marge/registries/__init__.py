"""Entity, device, area, floor, label, category and config entry registries: identities and settings, persisted."""

from marge.registries.areas import Area, AreaRegistry
from marge.registries.categories import Category, CategoryRegistry
from marge.registries.config_entries import ConfigEntry, ConfigEntryRegistry
from marge.registries.device_entry import Device, normalize_mac
from marge.registries.devices import DeviceRegistry
from marge.registries.entities import EntityRegistry
from marge.registries.entity_entry import EntityEntry
from marge.registries.floors import Floor, FloorRegistry
from marge.registries.issues import Issue, IssueRegistry
from marge.registries.labels import Label, LabelRegistry
from marge.registries.reader import RegistryView
from marge.registries.registries import Registries

__all__ = [
    "Area", "AreaRegistry", "Category", "CategoryRegistry", "ConfigEntry", "ConfigEntryRegistry", "Device",
    "DeviceRegistry", "EntityEntry", "EntityRegistry", "Floor", "FloorRegistry", "Issue", "IssueRegistry", "Label",
    "LabelRegistry", "Registries", "RegistryView", "normalize_mac",
]
