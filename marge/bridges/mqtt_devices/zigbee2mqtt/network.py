"""One zigbee2mqtt: what it said last. Written by the bridge's actor only, read by anybody; no I/O, no registries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from marge.bridges.mqtt_devices.zigbee2mqtt.facts import (
    MAX_DEVICES,
    MAX_GROUPS,
    Definitions,
    Info,
    NotUnderstood,
    Update,
    ZigbeeDevice,
    ZigbeeGroup,
    device_of,
    group_of,
    info_of,
    is_online,
    update_of,
)

PERMIT_JOIN_S = 120
MAX_PERMIT_JOIN_S = 254
"""The Zigbee protocol counts these seconds in one byte; 255 would mean for ever."""

_INTERVIEW = {"started": "IN_PROGRESS", "successful": "SUCCESSFUL", "failed": "FAILED"}


class PermitJoin(NamedTuple):
    """Whether devices may join.

    Attributes:
        until: UTC epoch seconds; None: nobody said.
        via: the friendly name of the only device that lets others join; None: all do.
    """

    open: bool
    until: float | None = None
    via: str | None = None


class NetworkMap(NamedTuple):
    """The last network map. `at`: UTC epoch seconds."""

    type: str
    routes: bool
    value: Any
    at: float


class Network:
    """What is known of one zigbee2mqtt.

    Attributes:
        base: its base topic.
        state: "online", "offline", or "unknown" until it has said something.
        devices: by IEEE address, with the coordinator; the mapping is replaced, never changed.
        groups: by id; likewise.
        health: its own report on itself (`bridge/health`).
    """

    def __init__(self, base: str, now: Callable[[], float]) -> None:
        self.base = base
        self.state = "unknown"
        self.since: float | None = None
        self.info = Info()
        self.devices: Mapping[str, ZigbeeDevice] = {}
        self.groups: Mapping[int, ZigbeeGroup] = {}
        self.health: Mapping[str, Any] | None = None
        self.map: NetworkMap | None = None
        self.mapping_until = 0.0
        """Until then (UTC epoch seconds) a network map may still come that was asked for."""
        self._now = now
        self._by_name: dict[str, str] = {}
        self._groups_of: dict[str, list[int]] = {}
        self._online: dict[str, bool] = {}
        self._updates: dict[str, Update] = {}
        self._permit = PermitJoin(False)
        self._definitions = Definitions()

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def is_known(self) -> bool:
        """Whether it was ever heard of."""
        return self.state != "unknown" or self.info.version is not None or bool(self.devices)

    @property
    def mapping(self) -> bool:
        """Whether a network map is being made."""
        return self._now() < self.mapping_until

    def begin_map(self, longest_s: float) -> None:
        """A network map is asked for."""
        self.mapping_until = self._now() + longest_s

    @property
    def permit_join(self) -> PermitJoin:
        """Whether devices may join: what the bridge said last, or was asked for since. It ends by itself."""
        permit = self._permit
        if permit.open and permit.until is not None and self._now() >= permit.until:
            permit = self._permit = PermitJoin(False)
        return permit

    def members(self) -> Iterator[ZigbeeDevice]:
        """The devices without the coordinator."""
        return (device for device in self.devices.values() if not device.is_coordinator)

    @property
    def device_count(self) -> int:
        return sum(1 for _ in self.members())

    def find(self, name: str) -> ZigbeeDevice | None:
        """A device by IEEE address or friendly name."""
        return self.devices.get(name) or self.devices.get(self._by_name.get(name, ""))

    def find_group(self, name: str | int) -> ZigbeeGroup | None:
        """A group by number or friendly name."""
        if isinstance(name, int) or name.isdecimal():
            found = self.groups.get(int(name))
            if found is not None:
                return found
        return next((group for group in self.groups.values() if group.friendly_name == name), None)

    def is_online(self, device: ZigbeeDevice) -> bool | None:
        """Whether a device can be reached; None: zigbee2mqtt does not watch it."""
        return self._online.get(device.friendly_name)

    def update_of(self, device: ZigbeeDevice) -> Update | None:
        """The device's firmware, if it has said anything about that."""
        return self._updates.get(device.ieee_address)

    def describe(self) -> dict[str, Any]:
        """For the API."""
        permit = self.permit_join
        return {
            "base_topic": self.base,
            "state": self.state,
            "since": self.since,
            "device_count": self.device_count,
            "group_count": len(self.groups),
            "permit_join": permit.open,
            "permit_join_until": permit.until,
            "permit_join_via": permit.via,
            **self.info.as_dict(),
            "health": None if self.health is None else dict(self.health),
        }

    def describe_device(self, device: ZigbeeDevice) -> dict[str, Any]:
        """All that is known of a device."""
        update = self.update_of(device)
        return {
            "base_topic": self.base,
            **device.as_dict(),
            "available": self.is_online(device),
            "update": None if update is None else update.as_dict(),
            "groups": list(self._groups_of.get(device.ieee_address, ())),
        }

    # -- what it says ------------------------------------------------------------------------------------------------

    def take_state(self, text: str | None, sent: Any) -> bool:
        """`bridge/state`. True: it changed."""
        state = "online" if is_online(text, sent, "bridge/state") else "offline"
        if state == self.state:
            return False
        self.state, self.since = state, self._now()
        if state == "offline":
            self._permit = PermitJoin(False)
            self.mapping_until = 0.0
        return True

    def take_info(self, sent: Any) -> bool:
        """`bridge/info`. True: something in it changed."""
        info = info_of(sent, self._now())
        if info.permit_join is not None:
            via = self._permit.via if self._permit.open and info.permit_join else None
            self._permit = PermitJoin(info.permit_join, info.permit_join_until, via)
        changed, self.info = info != self.info, info
        return changed

    def device_of(self, sent: Any) -> ZigbeeDevice | None:
        """One item of `bridge/devices`; None: it is no device."""
        return device_of(sent, self._definitions)

    def use_devices(self, devices: Iterable[ZigbeeDevice | None]) -> None:
        """These are the devices now."""
        self.devices = {device.ieee_address: device for device in devices if device is not None}
        self._by_name = {device.friendly_name: device.ieee_address for device in self.devices.values()}
        for address in self._updates.keys() - self.devices.keys():
            del self._updates[address]
        for name in self._online.keys() - self._by_name.keys():
            del self._online[name]

    def take_groups(self, sent: Any) -> None:
        """`bridge/groups`.

        Raises:
            NotUnderstood: no list.
        """
        if not isinstance(sent, list):
            raise NotUnderstood("bridge/groups wants a JSON list")
        found = (group_of(each) for each in sent[:MAX_GROUPS])
        self.groups = {group.id: group for group in found if group is not None}
        self._groups_of = {}
        for group in self.groups.values():
            for address in dict.fromkeys(address for address, _endpoint in group.members):
                self._groups_of.setdefault(address, []).append(group.id)

    def take_health(self, sent: Any) -> None:
        """`bridge/health`.

        Raises:
            NotUnderstood: no object.
        """
        if not isinstance(sent, dict):
            raise NotUnderstood("bridge/health wants a JSON object")
        self.health = {name: sent[name] for name in ("os", "process", "mqtt") if isinstance(sent.get(name), dict)}

    def take_availability(self, name: str, text: str | None, sent: Any) -> bool:
        """`<name>/availability`, in both forms. True: it changed.

        Raises:
            NotUnderstood: neither online nor offline.
        """
        online = is_online(text, sent, f"{name}/availability")
        if self._online.get(name) is online or (name not in self._online and len(self._online) >= MAX_DEVICES):
            return False
        self._online[name] = online
        return True

    def take_update(self, device: ZigbeeDevice, sent: Any) -> Update | None:
        """A device's state message. The firmware's state, if it changed."""
        update = update_of(sent)
        if update is None or update == self._updates.get(device.ieee_address):
            return None
        self._updates[device.ieee_address] = update
        return update

    def device_left(self, ieee_address: str) -> ZigbeeDevice | None:
        """A device has left the network: it is gone from the list at once. The device, if it was there."""
        device = self.devices.get(ieee_address)
        if device is not None and not device.is_coordinator:
            self.use_devices(each for each in self.devices.values() if each is not device)
            return device
        return None

    def interview(self, ieee_address: str, status: str) -> None:
        """How far the interview of a device is, as an event tells it."""
        device, state = self.devices.get(ieee_address), _INTERVIEW.get(status)
        if device is not None and state is not None:
            changed = device.with_facts(
                interview_state=state, interviewing=state == "IN_PROGRESS", interview_completed=state == "SUCCESSFUL"
            )
            self.devices = {**self.devices, ieee_address: changed}

    def asked_to_join(self, enable: bool, duration_s: float, via: str | None = None) -> None:
        """The bridge was asked to let devices join for that long, or not any more."""
        self._permit = PermitJoin(True, self._now() + duration_s, via) if enable else PermitJoin(False)

    def answered_permit_join(self, failed: bool, data: Any) -> None:
        """The bridge's answer to somebody's request about joining."""
        if failed or not isinstance(data, dict):
            self._permit = PermitJoin(False)
            return
        value, seconds = data.get("value"), data.get("time")
        via = data["device"][:255] if isinstance(data.get("device"), str) else None
        if type(seconds) is int and value is not False:
            self.asked_to_join(seconds > 0, min(seconds, MAX_PERMIT_JOIN_S), via)
        elif isinstance(value, bool):
            self._permit = PermitJoin(value, self._permit.until if value else None, via)
