"""zigbee2mqtt's devices in the device registry: the same entries that its discovery makes, and those it has none for.

Not here: entities, which come from discovery.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from marge.errors import NotFound

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.zigbee2mqtt.facts import ZigbeeDevice
    from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network
    from marge.home import Home
    from marge.registries import Device

PLATFORM = "mqtt"
CONNECTION = "zigbee"


def identifier(ieee_address: str) -> tuple[str, str]:
    """What zigbee2mqtt's discovery calls the device."""
    return PLATFORM, f"zigbee2mqtt_{ieee_address}"


def bridge_identifier(coordinator_address: str) -> tuple[str, str]:
    """What its discovery calls the bridge itself."""
    return PLATFORM, f"zigbee2mqtt_bridge_{coordinator_address}"


class Devices:
    """Keeps the device registry in step with the networks. Called by the bridge's actor."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._shown: dict[str, dict[str, ZigbeeDevice]] = {}

    def entry_of(self, ieee_address: str) -> Device | None:
        """The device's entry, if there is one."""
        return self._home.registries.devices.find([identifier(ieee_address)])

    def sync(self, network: Network) -> Iterator[None]:
        """Bring entries up to date: the bridge, then what changed among its devices. A step a device.

        Devices that are still being interviewed wait: discovery says more of them in a moment, such as their area.
        """
        via = self._bridge(network)
        devices = {device.ieee_address: device for device in network.members()}
        if via is not None and network.base not in self._shown:
            yield from self._forget_strangers(via, devices)
        shown = self._shown.setdefault(network.base, {})
        for device in devices.values():
            yield
            if shown.get(device.ieee_address) != device and device.is_interviewed:
                self._show(device, shown.get(device.ieee_address), via)
                shown[device.ieee_address] = device
        for address in shown.keys() - devices.keys():
            yield
            del shown[address]
            self._forget(address)

    def _bridge(self, network: Network) -> tuple[str, str] | None:
        info = network.info
        if info.coordinator_address is None:
            return None
        own = bridge_identifier(info.coordinator_address)
        hardware = " ".join(part for part in (info.coordinator_type, info.coordinator_revision) if part)
        entry = self._home.registries.devices.find([own])
        # Devices that were discovered name it as what they came by, and know no more of it than that.
        facts: dict[str, Any] = {} if entry is not None and entry.name is not None else {
            "name": "Zigbee2MQTT Bridge", "manufacturer": "Zigbee2MQTT", "model": "Bridge",
            "hw_version": hardware or None,
        }  # fmt: skip
        if info.version is not None and (entry is None or entry.sw_version != info.version):
            facts["sw_version"] = info.version
        if facts:
            self._learn(own, None, info.coordinator_address, facts)
        return own

    def _show(self, device: ZigbeeDevice, before: ZigbeeDevice | None, via: tuple[str, str] | None) -> None:
        entry = self.entry_of(device.ieee_address)
        definition: Mapping[str, Any] = device.definition or {}
        told = {
            "name": device.friendly_name,
            "manufacturer": definition.get("vendor") or device.facts.get("manufacturer"),
            "model": definition.get("description") or device.facts.get("model_id"),
            "model_id": definition.get("model"),
            "sw_version": device.facts.get("software_build_id"),
        }
        # Discovery may call things otherwise (its overrides): what it said stays, but a firmware that is new and a name
        # that followed the old one.
        facts = {
            name: value for name, value in told.items()
            if isinstance(value, str) and (entry is None or getattr(entry, name) is None)
        }  # fmt: skip
        if entry is not None and before is not None:
            if before.friendly_name != device.friendly_name and entry.name == before.friendly_name:
                facts["name"] = device.friendly_name
            build = told["sw_version"]
            if isinstance(build, str) and entry.sw_version == before.facts.get("software_build_id"):
                facts["sw_version"] = build
        self._learn(identifier(device.ieee_address), via, device.ieee_address, facts)

    def _learn(self, own: tuple[str, str], via: tuple[str, str] | None, address: str, facts: Mapping[str, Any]) -> None:
        entries = self._home.registries.config_entries.for_domain(PLATFORM)
        self._home.registries.devices.get_or_create(
            identifiers=[own],
            connections=[(CONNECTION, address.lower())],
            via_device=via,
            config_entry_id=entries[0].entry_id if entries else None,
            **facts,
        )

    def _forget_strangers(self, via: tuple[str, str], devices: Mapping[str, ZigbeeDevice]) -> Iterator[None]:
        """What left the network while Marge was away."""
        registry = self._home.registries.devices
        bridge = registry.find([via])
        if bridge is None or not devices:  # a list that is empty may be that of a bridge that has lost its memory
            return
        for entry in [each for each in registry.all() if each.via_device_id == bridge.id]:
            yield
            for platform, name in entry.identifiers:
                address = name.removeprefix("zigbee2mqtt_")
                if platform == PLATFORM and address.startswith("0x") and address not in devices:
                    self._forget(address)

    def _forget(self, ieee_address: str) -> None:
        """A device is gone from the network. With entities it stays until discovery takes those back."""
        registries = self._home.registries
        entry = self.entry_of(ieee_address)
        if entry is not None and not registries.entities.for_device(entry.id):
            with contextlib.suppress(NotFound):
                registries.remove_device(entry.id)
