"""The config entry of Tasmota: while it is loaded, devices that announce themselves over MQTT have entities.

The devices are a bridge's, which follows this entry (`marge.bridges.mqtt_devices.tasmota`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.integrations.base import Integration
from marge.integrations.flow import CreateEntry, Flow, ShowForm, Step

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN, TITLE = "tasmota", "Tasmota"
PREFIX = "tasmota/discovery"
PATH = "/bridges/tasmota"


class TasmotaFlow(Flow):
    """Asks whether the devices are wanted. It begins by itself when one announces itself."""

    def begin(self) -> Step:
        return self.step("user" if self.source == "user" else "confirm", None)

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        return self.step_confirm(user_input)

    def step_confirm(self, user_input: dict[str, Any] | None) -> Step:
        self.take_unique_id(DOMAIN)
        if user_input is None:
            return ShowForm("confirm", None)
        return CreateEntry(TITLE, {"discovery_prefix": PREFIX})


def _diagnostics(home: Home, entry: ConfigEntry) -> Mapping[str, Any]:
    bridge = home.system.inspect(PATH) if home.system.ref(PATH) is not None else None
    return {"bridge": bridge, "entities": len(home.registries.entities.for_config_entry(entry.entry_id))}


INTEGRATION = Integration(
    DOMAIN, TITLE, flow=TasmotaFlow, single_instance=True, kind="hub", iot_class="local_push",
    diagnostics=_diagnostics,
)  # fmt: skip
