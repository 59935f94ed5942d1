"""What is loaded, by the names that HA's clients know, and what could not be. Not here: loading anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import Supervisor
from marge.util.parts import BrokenPart, Report

if TYPE_CHECKING:
    from marge.home import Home

_BRIDGES = "/bridges"
BROKEN = "broken_parts"
"""Key in `home.shared`, and id of the repair issue."""
_MAX_SHOWN = 20

_SUBSYSTEMS = (
    "analytics", "api", "application_credentials", "assist_pipeline", "auth", "backup", "blueprint", "config",
    "device_automation", "diagnostics", "energy", "file_upload", "frontend", "hardware", "history", "homeassistant",
    "http", "image_upload", "intent", "lovelace", "media_source", "my", "network", "onboarding", "recorder", "repairs",
    "search", "system_health", "tag", "trace", "webhook", "websocket_api",
)  # fmt: skip
"""What is always there. A client that finds a name here uses its commands."""


def components(home: Home) -> set[str]:
    """Subsystems, domains that are in use, bridges, integrations with an entry, and their platforms (`demo.light`)."""
    owners = home.states.kinds()
    used = {domain for _, domain in owners}
    platforms = {f"{owner}.{domain}" for owner, domain in owners if owner is not None and owner != domain}
    supervisor = home.system.actor(_BRIDGES)
    names = supervisor.child_names() if isinstance(supervisor, Supervisor) else ()
    bridges = {name for name in names if home.system.ref(f"{_BRIDGES}/{name}") is not None}
    entries = {entry.domain for entry in home.registries.config_entries.all() if entry.state == "loaded"}
    in_use = {*used, *platforms, *bridges, *entries, *home.services.domains(), *home.config.sections}
    return {*_SUBSYSTEMS, *in_use} - {"marge"}


def broken_parts(home: Home) -> list[BrokenPart]:
    """The modules that could not be loaded or started: the home lives without them."""
    found: list[BrokenPart] = home.shared.setdefault(BROKEN, [])
    return found


def report_to(home: Home) -> Report:
    """What a search for parts reports to: the part is in health and in a repair issue from now on."""

    def report(part: BrokenPart) -> None:
        if part not in broken_parts(home):
            broken_parts(home).append(part)
            show_broken_parts(home)

    return report


def show_broken_parts(home: Home) -> None:
    """Keep the repair issue in step."""
    issues, parts = home.registries.issues, broken_parts(home)
    if not parts:
        issues.delete("homeassistant", BROKEN)
        return
    lines = [f"{part.module}: {part.reason}" for part in parts[:_MAX_SHOWN]]
    issues.raise_issue(
        "homeassistant", BROKEN, severity="error",
        translation_placeholders={"parts": "\n".join([*lines, "…"] if len(parts) > _MAX_SHOWN else lines)},
    )  # fmt: skip
