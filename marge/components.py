"""What is loaded, by the names that HA's clients know. Not here: loading anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marge.home import Home

_SUBSYSTEMS = (
    "api", "auth", "config", "frontend", "homeassistant", "http", "onboarding", "recorder", "webhook", "websocket_api"
)  # fmt: skip


def components(home: Home) -> set[str]:
    """Subsystems, domains that are in use, bridges, integrations with an entry."""
    used = {state.domain for state in home.states.all()}
    bridges = {path.split("/")[2] for path in home.system.paths() if path.startswith("/bridges/")}
    entries = {entry.domain for entry in home.registries.config_entries.all() if entry.state == "loaded"}
    return {*_SUBSYSTEMS, *used, *home.services.domains(), *bridges, *entries, *home.config.sections} - {"marge"}
