"""Offering to add Tasmota once one of its devices was heard of, as Home Assistant does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.mqtt_devices.tasmota import DOMAIN
from marge.bridges.mqtt_devices.tasmota.announced import DISCOVERY
from marge.integrations.flow import flows_of
from marge.integrations.tasmota import TasmotaFlow

if TYPE_CHECKING:
    from marge.home import Home


def offer(home: Home, mac: str) -> None:
    """Begin the flow that waits for a person, unless there is one, or an entry, or it was declined."""
    flows = flows_of(home).config
    if home.registries.config_entries.for_domain(DOMAIN):
        return
    if any(flow.handler == DOMAIN for flow in flows.in_progress()):
        return
    flow = TasmotaFlow(home, DOMAIN, None, False)
    flow.source = "mqtt"
    flow.unique_id = DOMAIN
    key = {"domain": "mqtt", "key": f"{DISCOVERY}/{mac}/config", "version": 1}
    flow.context = {"discovery_key": key, "unique_id": DOMAIN}
    flows.begin(flow)
