"""What each loaded part is called and what kind of thing it is, as HA's frontend asks for it ("manifests")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.components import components
from marge.home import Home
from marge.integrations.base import Integration
from marge.integrations.host import host_of

_DOCUMENTATION = "https://www.home-assistant.io/integrations/"
"""What the words of a domain mean is the same as there."""
_HELPERS = frozenset(
    ("counter", "input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text",
     "schedule", "timer", "zone", "group")
)  # fmt: skip
_ENTITY_KINDS = frozenset(
    ("air_quality", "alarm_control_panel", "assist_satellite", "binary_sensor", "button", "calendar", "camera",
     "climate", "conversation", "cover", "date", "datetime", "device_tracker", "event", "fan", "geo_location",
     "humidifier", "image", "image_processing", "lawn_mower", "light", "lock", "media_player", "notify", "number",
     "remote", "scene", "select", "sensor", "siren", "stt", "switch", "text", "time", "todo", "tts", "update",
     "vacuum", "valve", "wake_word", "water_heater", "weather")
)  # fmt: skip
_TITLES = {
    "api": "Home Assistant API", "http": "HTTP", "my": "My Home Assistant", "stt": "Speech-to-text (STT)",
    "tts": "Text-to-speech (TTS)", "websocket_api": "Home Assistant WebSocket API", "todo": "To-do list",
    "homeassistant": "Home Assistant Core Integration", "frontend": "Home Assistant Frontend",
}  # fmt: skip


def manifests(home: Home) -> dict[str, dict[str, Any]]:
    """All manifests by domain: what is loaded, and what can be added."""
    integrations = host_of(home).integrations
    loaded = {name.partition(".")[0] for name in components(home)}
    return {domain: manifest(domain, integrations) for domain in sorted(loaded | integrations.keys())}


def manifest(domain: str, integrations: Mapping[str, Integration]) -> dict[str, Any]:
    """The manifest of one domain."""
    integration = integrations.get(domain)
    shown: dict[str, Any] = {"domain": domain, "name": _title(domain, integration), "codeowners": []}
    if integration is not None and integration.flow is not None:
        shown["config_flow"] = True
    shown["documentation"] = _DOCUMENTATION + domain
    kind = _kind(domain, integration)
    if kind is not None:
        shown["integration_type"] = kind
    if integration is not None and integration.iot_class is not None:
        shown["iot_class"] = integration.iot_class
    shown["quality_scale"] = "internal"
    if integration is not None and integration.single_instance:
        shown["single_config_entry"] = True
    return {**shown, "is_built_in": True, "overwrites_built_in": False}


def descriptions(home: Home) -> dict[str, Any]:
    """What can be added by hand, as the frontend's list of integrations wants it."""
    found: dict[str, dict[str, Any]] = {"integration": {}, "helper": {}}
    integrations = host_of(home).integrations
    for domain in sorted(integrations.keys() | _HELPERS):
        integration = integrations.get(domain)
        is_helper = domain in _HELPERS or (integration is not None and integration.kind == "helper")
        if not is_helper and (integration is None or integration.flow is None):
            continue
        described: dict[str, Any] = {
            "name": _title(domain, integration),
            "integration_type": "helper" if is_helper else (_kind(domain, integration) or "hub"),
            "config_flow": integration is not None and integration.flow is not None,
        }
        if integration is not None and integration.iot_class is not None:
            described["iot_class"] = integration.iot_class
        if integration is not None and integration.single_instance:
            described["single_config_entry"] = True
        found["helper" if is_helper else "integration"][domain] = described
    nothing: dict[str, Any] = {"integration": {}, "helper": {}}
    return {"core": {**found, "translated_name": []}, "custom": nothing}


def _title(domain: str, integration: Integration | None) -> str:
    if integration is not None:
        return integration.title
    return _TITLES.get(domain) or domain.replace("_", " ").capitalize()


def _kind(domain: str, integration: Integration | None) -> str | None:
    if integration is not None:
        return None if integration.kind == "hub" else integration.kind
    if domain in _HELPERS:
        return "helper"
    return "entity" if domain in _ENTITY_KINDS else "system"
