"""MQTT lights: which of the three schemas a configuration speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components import _light_default, _light_json, _light_template

_SCHEMAS = {
    "basic": _light_default.COMPONENT,
    "default": _light_default.COMPONENT,
    "json": _light_json.COMPONENT,
    "template": _light_template.COMPONENT,
}


def select(config: Mapping[str, Any]) -> Component:
    """The component of a light's configuration.

    Raises:
        vol.Invalid: it names a schema that does not exist.
    """
    name = str(config.get("schema", "basic")).lower()
    if name not in _SCHEMAS:
        raise vol.Invalid(f"value must be one of {sorted(_SCHEMAS)}", path=["schema"])
    return _SCHEMAS[name]
