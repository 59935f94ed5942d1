"""Template entities in HA's old spelling: `light: [{platform: template, lights: {…}}]`, `value_template` and the like.

They become what the same would be in the `template:` section. Not here: checking it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from marge.integrations.template.schema import OBJECT_ID
from marge.util.schema import ensure_list

PLATFORM = "template"
COLLECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "alarm_control_panel": "panels", "binary_sensor": "sensors", "cover": "covers", "fan": "fans",
        "light": "lights", "sensor": "sensors", "switch": "switches", "vacuum": "vacuums",
    }
)  # fmt: skip
"""Domains whose platform holds a mapping of object ids to entities, and its key."""
SINGLE = frozenset(("lock", "weather"))
"""Domains whose platform is one entity."""
SECTIONS = (*COLLECTIONS, *sorted(SINGLE))
IN_TEMPLATE: Mapping[str, str] = MappingProxyType({"sensors": "sensor", "binary_sensors": "binary_sensor"})
"""Keys of the `template:` section in the old spelling."""

_COMMON: Mapping[str, str] = MappingProxyType(
    {
        "friendly_name": "name", "friendly_name_template": "name", "icon_template": "icon",
        "entity_picture_template": "picture", "availability_template": "availability",
        "attribute_templates": "attributes", "value_template": "state",
    }
)  # fmt: skip
_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "cover": {"position_template": "position", "tilt_template": "tilt"},
        "fan": {
            "percentage_template": "percentage", "preset_mode_template": "preset_mode",
            "oscillating_template": "oscillating", "direction_template": "direction",
        },
        "light": {
            "level_template": "level", "temperature_template": "temperature", "color_template": "hs",
            "hs_template": "hs", "rgb_template": "rgb", "rgbw_template": "rgbw", "rgbww_template": "rgbww",
            "effect_template": "effect", "effect_list_template": "effect_list",
            "min_mireds_template": "min_mireds", "max_mireds_template": "max_mireds",
            "supports_transition_template": "supports_transition", "set_color": "set_hs",
        },
        "lock": {"code_format_template": "code_format"},
        "vacuum": {"battery_level_template": "battery_level", "fan_speed_template": "fan_speed"},
        "weather": {},
    }
)  # fmt: skip


def modern(domain: str, entity: Mapping[str, Any]) -> dict[str, Any]:
    """The same in today's words; keys that are unknown stay, for the check to name."""
    words = {**_COMMON, **_WORDS.get(domain, {})}
    found: dict[str, Any] = {}
    for key, value in entity.items():
        name = words.get(key, key)
        if domain == "weather" and isinstance(key, str) and key.endswith("_template"):
            name = key.removesuffix("_template") if key not in _COMMON else name
        if name not in found or key == "friendly_name_template":
            found[name] = value
    return found


def words_of(domain: str) -> tuple[str, ...]:
    """The old words for keys of this domain's entities."""
    return (*_COMMON, *_WORDS.get(domain, {}))


def platform_entities(domain: str, section: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Node and entity of each `platform: template` in a domain's section, the entity in today's words."""
    for item in ensure_list(section):
        if not isinstance(item, Mapping) or item.get("platform") != PLATFORM:
            continue
        if domain in SINGLE:
            yield item, modern(domain, {key: value for key, value in item.items() if key != "platform"})
            continue
        yield from collection(domain, item.get(COLLECTIONS[domain]))


def collection(domain: str, entities: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """As `platform_entities`, for a mapping of object ids to entities."""
    for object_id, entity in entities.items() if isinstance(entities, Mapping) else ():
        if isinstance(entity, Mapping):
            yield entity, {**modern(domain, entity), OBJECT_ID: str(object_id)}
