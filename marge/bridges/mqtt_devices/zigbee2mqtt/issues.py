"""What a zigbee2mqtt wants somebody to look after, as repair notices; and mending it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.mqtt_devices.zigbee2mqtt import DOMAIN
from marge.errors import InvalidRequest
from marge.integrations._repairs import repairs_of

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.zigbee2mqtt.hub import Zigbee2Mqtt
    from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network
    from marge.home import Home
    from marge.registries import Issue

DISCOVERY_OFF, OTHER_PREFIX, RESTART = "discovery_off", "other_prefix", "restart_required"
USUAL_PREFIX = "homeassistant"
MEND_S = 15.0


def prefix_of(home: Home) -> str:
    """The first levels of the announcements that this home reads, as MQTT's config entry has them."""
    for entry in home.registries.config_entries.for_domain("mqtt"):
        return str(entry.options.get("discovery_prefix") or USUAL_PREFIX)
    return USUAL_PREFIX


def look(home: Home, network: Network) -> None:
    """Raise and take back the notices of one network, as its `bridge/info` is now."""
    info = network.info
    _keep(home, network, DISCOVERY_OFF, info.discovery is False)
    other = info.discovery is True and info.discovery_prefix not in (None, prefix_of(home))
    _keep(home, network, OTHER_PREFIX, other)
    _keep(home, network, RESTART, info.restart_required)


def forget(home: Home, network: Network) -> None:
    """The network is no more."""
    for kind in (DISCOVERY_OFF, OTHER_PREFIX, RESTART):
        _keep(home, network, kind, False)


def register(home: Home, hub: Zigbee2Mqtt) -> None:
    """Let people mend the notices with one click."""

    def mend(home: Home, issue: Issue) -> None:
        data = issue.data or {}
        network = hub.network(str(data.get("base_topic")))
        kind = data.get("kind")
        if kind == RESTART:
            hub.requests.ask(network, "restart", {}, MEND_S)
            return
        wish = {DISCOVERY_OFF: {"enabled": True}, OTHER_PREFIX: {"discovery_topic": prefix_of(home)}}.get(str(kind))
        if wish is None:
            raise InvalidRequest("Nothing can mend this")
        version = network.info.version or "2"
        if kind == DISCOVERY_OFF and version.startswith("1."):
            hub.requests.ask(network, "options", {"options": {"homeassistant": True}}, MEND_S)
        else:
            hub.requests.ask(network, "options", {"options": {"homeassistant": wish}}, MEND_S)

    repairs_of(home).register(DOMAIN, mend)


def _keep(home: Home, network: Network, kind: str, is_wrong: bool) -> None:
    issues = home.registries.issues
    issue_id = f"{kind}_{network.base}"
    if not is_wrong:
        issues.delete(DOMAIN, issue_id)
        return
    issues.raise_issue(
        DOMAIN, issue_id, translation_key=kind, is_fixable=True,
        translation_placeholders={"base_topic": network.base, "prefix": network.info.discovery_prefix or USUAL_PREFIX},
        data={"base_topic": network.base, "kind": kind},
    )  # fmt: skip
