"""What is loaded, by the names that HA's clients know. Not here: loading anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marge.home import Home

_SUBSYSTEMS = (
    "analytics", "api", "application_credentials", "assist_pipeline", "auth", "backup", "blueprint", "config",
    "device_automation", "diagnostics", "energy", "file_upload", "frontend", "hardware", "history", "homeassistant",
    "http", "image_upload", "intent", "lovelace", "media_source", "my", "network", "onboarding", "recorder", "repairs",
    "search", "system_health", "tag", "trace", "webhook", "websocket_api",
)  # fmt: skip
"""What is always there. A client that finds a name here uses its commands."""


def components(home: Home) -> set[str]:
    """Subsystems, domains that are in use, bridges, integrations with an entry, and their platforms (`demo.light`)."""
    owners = {(home.states.owner(state.entity_id), state.domain) for state in home.states.all()}
    used = {domain for _, domain in owners}
    platforms = {f"{owner}.{domain}" for owner, domain in owners if owner is not None and owner != domain}
    bridges = {path.split("/")[2] for path in home.system.paths() if path.startswith("/bridges/")}
    entries = {entry.domain for entry in home.registries.config_entries.all() if entry.state == "loaded"}
    in_use = {*used, *platforms, *bridges, *entries, *home.services.domains(), *home.config.sections}
    return {*_SUBSYSTEMS, *in_use} - {"marge"}
