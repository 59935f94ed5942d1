"""The actor that keeps what is known of the zigbee2mqtts: messages in, networks, registries and events out."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.actors import Timer
from marge.bridges.base import Bridge
from marge.bridges.mqtt_devices.books import Topics, native_entities
from marge.bridges.mqtt_devices.zigbee2mqtt import DOMAIN, issues
from marge.bridges.mqtt_devices.zigbee2mqtt.announcer import Announcer
from marge.bridges.mqtt_devices.zigbee2mqtt.ears import Ears
from marge.bridges.mqtt_devices.zigbee2mqtt.facts import MAX_DEVICES, MAX_TEXT, NotUnderstood, plain
from marge.bridges.mqtt_devices.zigbee2mqtt.hub import DEFAULT_BASE, NetworkEvent, Zigbee2Mqtt
from marge.bridges.mqtt_devices.zigbee2mqtt.intake import Arrived, Intake, items_of, long_json
from marge.bridges.mqtt_devices.zigbee2mqtt.log_lines import LogLines
from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network, NetworkMap
from marge.bridges.mqtt_devices.zigbee2mqtt.registry import Devices
from marge.bridges.mqtt_devices.zigbee2mqtt.services import register
from marge.errors import MargeError
from marge.model import Context, Event
from marge.util.breathe import in_turns, let_others_in
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

SLICE_S = 0.003
"""How long messages are handled before others get the hub."""
SETTLE_S = 1.0
"""After a change of the list of devices: discovery says more of new ones in this time."""
MAX_COMPLAINTS = 1_000
ENTITY = "binary_sensor.zigbee2mqtt_bridge"
"""Of the native profile."""
EVENT = "zigbee2mqtt_event"
"""On the home's bus, for automations; `data` is what `NetworkEvent.as_dict` says, and `device_id`."""


class Wake(NamedTuple):
    """Something arrived."""


class SyncDevices(NamedTuple):
    """The list of devices has settled."""

    base: str


class GoOn(NamedTuple):
    """Go on with what is done in slices."""


class ConnectionChanged(NamedTuple):
    """The MQTT bridge has its connection, for the first time or again, or has lost it; it may be another actor."""

    connected: bool


class PermitJoinOver(NamedTuple):
    """The time for joining may be over."""

    base: str


class Zigbee2MqttBridge(Bridge):
    """Keeps all networks of the home. Takes what it tells itself only: `Wake`, `SyncDevices`, `GoOn`, and so on.

    It has no entities of its own: those of discovery follow `bridge/state` by themselves.
    """

    kind = "zigbee2mqtt"

    def __init__(self, home: Home, hub: Zigbee2Mqtt, topics: Topics) -> None:
        super().__init__(home)
        self.hub = hub
        self._intake = Intake()
        self._ears = Ears(topics, hub.requests, self._put, self._on_connection)
        self._devices = Devices(home)
        self._announcer = Announcer(home, topics)
        self._show = native_entities(home)
        self._lines: dict[str, LogLines] = {}
        self._seen: dict[str, bytes] = {}
        self._timers: dict[tuple[str, str], Timer] = {}
        self._syncing: dict[str, Iterator[None]] = {}
        self._complaints: set[str] = set()
        self._malformed = 0
        self._refused: set[str] = set()
        self._registered = False
        self._connected = True

    # -- Bridge ------------------------------------------------------------------------------------------------------

    def on_start(self) -> None:
        self.status = "running"
        self._ears.look_out()
        for network in list(self.hub.networks.values()):
            self._follow(network)
        if self.hub.configured:
            self._offer_services()

    def release(self) -> None:
        self._ears.end()
        for timer in self._timers.values():
            timer.cancel()
        self._timers = {}

    def figures(self) -> dict[str, Any]:
        figures = self.hub.requests.figures
        return {
            "networks": [
                {
                    "base_topic": network.base, "state": network.state, "version": network.info.version,
                    "devices": network.device_count, "groups": len(network.groups),
                    "permit_join": network.permit_join.open,
                }
                for network in self.hub.known()
            ],
            "queued": len(self._intake),
            "dropped": self._intake.dropped,
            "malformed": self._malformed,
            "log_lines_left_out": sum(each.left_out for each in self._lines.values()),
            "requests": {
                "waiting": len(self.hub.requests), "sent": figures.sent, "answered": figures.answered,
                "refused": figures.refused, "unanswered": figures.unanswered,
            },
        }  # fmt: skip

    def on_receive(self, message: Any) -> Any:
        match message:
            case Wake():
                self._drain()
            case SyncDevices(base):
                self._timers.pop((base, "devices"), None)
                self._begin_sync(base)
            case GoOn():
                self._go_on()
            case ConnectionChanged(connected):
                self._connected = connected
                self._judge()
                for each in self.hub.networks.values():
                    if connected and each.info.discovery is False:
                        self._settle_devices(each)
            case PermitJoinOver(base):
                self._timers.pop((base, "permit_join"), None)
                network = self.hub.networks.get(base)
                if network is not None:
                    self._say_permit_join(network)
            case _:
                raise TypeError(f"{self.path} does not take {type(message).__name__}")
        return None

    def _put(self, arrived: Arrived) -> None:
        """In the MQTT bridge's greenlet."""
        if self._intake.put(arrived):
            self.system.deliver(self.actor_ref, Wake())

    def _on_connection(self, connected: bool) -> None:
        """In the MQTT bridge's greenlet."""
        self.system.deliver(self.actor_ref, ConnectionChanged(connected))

    def _follow(self, network: Network) -> None:
        self._ears.follow(network)
        self._lines[network.base] = LogLines(network.base, self.home.clock.monotonic)

    # -- what arrived ------------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        until = time.perf_counter() + SLICE_S
        while (arrived := self._intake.take()) is not None:
            self._understand(arrived)
            if time.perf_counter() > until:
                let_others_in()
                until = time.perf_counter() + SLICE_S

    def _understand(self, arrived: Arrived) -> None:
        topic = arrived.message.topic
        try:
            network = self.hub.networks.get(arrived.base) or self._new_network(arrived)
            if network is not None:
                getattr(self, f"_take_{arrived.kind}")(network, arrived)
        except NotUnderstood as exc:
            self._complain(topic, str(exc))
        except Exception as exc:  # noqa: BLE001 - the border: one message; a retained one would end each successor, too
            self._complain(topic, f"{type(exc).__name__}: {exc}", exc)
        else:
            self._complaints.discard(topic)

    def _complain(self, topic: str, reason: str, unexpected: Exception | None = None) -> None:
        """Warn once a topic, until a message on it is understood; those in between are counted."""
        self._malformed += 1
        if topic in self._complaints:
            return
        if len(self._complaints) >= MAX_COMPLAINTS:
            self._complaints.clear()
        self._complaints.add(topic)
        self.log.warning("message not understood", topic=topic, reason=reason, exc_info=unexpected)

    def _new_network(self, arrived: Arrived) -> Network | None:
        """Somebody speaks as a zigbee2mqtt on a base topic that nobody named."""
        sent = arrived.message.json
        if not isinstance(sent, dict) or not isinstance(sent.get("version"), str) or "coordinator" not in sent:
            return None
        network = self.hub.add(arrived.base)
        if network is None:
            if arrived.base not in self._refused and len(self._refused) < MAX_COMPLAINTS:
                self._refused.add(arrived.base)
                self.log.warning("too many zigbee2mqtts; this one is left out", base_topic=arrived.base)
            return None
        self.log.info("found", base_topic=network.base, version=network.info.version)
        self._follow(network)
        return network

    def _forget(self, network: Network) -> None:
        """What a zigbee2mqtt has retained is being cleared: it is gone for good. Those that are configured stay."""
        base = network.base
        if base in self.hub.configured or base == DEFAULT_BASE:
            return
        self._ears.unfollow(base)
        for key in [key for key in self._timers if key[0] == base]:
            self._timers.pop(key).cancel()
        self.hub.networks.pop(base, None)
        self._lines.pop(base, None)
        issues.forget(self.home, network)
        self._judge()
        self.log.info("gone", base_topic=base)

    def _is_repeated(self, arrived: Arrived) -> bool:
        """Whether a long list is the same as the last time: it comes with every event."""
        digest = hashlib.blake2b(arrived.message.payload, digest_size=16).digest()
        topic = arrived.message.topic
        repeated = self._seen.get(topic) == digest
        self._seen[topic] = digest
        return repeated

    def _take_state(self, network: Network, arrived: Arrived) -> None:
        message = arrived.message
        if network.take_state(message.text, message.json):
            online = network.state == "online"
            tell = self.log.info if online else self.log.warning
            tell(f"zigbee2mqtt is {network.state}", base_topic=network.base)
            self._tell(network, "bridge_state", {"state": network.state})
            self._judge()
        name = ENTITY if network.base == DEFAULT_BASE else f"binary_sensor.{slugify(network.base)}_bridge"
        self._show(name, "on" if network.state == "online" else "off", {"friendly_name": "Zigbee2MQTT Bridge"})
        self._offer_services()

    def _take_info(self, network: Network, arrived: Arrived) -> None:
        if not arrived.message.payload:
            self._forget(network)
            return
        before = network.permit_join
        if network.take_info(arrived.message.json):
            issues.look(self.home, network)
            self._settle_devices(network)
        self._offer_services()
        if network.permit_join != before:
            self._say_permit_join(network)

    def _take_devices(self, network: Network, arrived: Arrived) -> None:
        if self._is_repeated(arrived) and network.devices:
            return
        try:
            items = in_turns(islice(items_of(arrived.message), MAX_DEVICES))
            devices = [network.device_of(each) for each in items]
        except NotUnderstood:
            self._seen.pop(arrived.message.topic, None)
            raise
        network.use_devices(devices)
        self._ears.watch_updates(network)
        self._settle_devices(network)
        self._offer_services()
        self._tell(network, "devices_changed", {"device_count": network.device_count})

    def _take_groups(self, network: Network, arrived: Arrived) -> None:
        if not self._is_repeated(arrived):
            network.take_groups(long_json(arrived.message))
            self._tell(network, "groups_changed", {"group_count": len(network.groups)})

    def _take_health(self, network: Network, arrived: Arrived) -> None:
        network.take_health(arrived.message.json)

    def _take_logging(self, network: Network, arrived: Arrived) -> None:
        self._lines[network.base].take(arrived.message.json)

    def _take_availability(self, network: Network, arrived: Arrived) -> None:
        message = arrived.message
        device = network.find(arrived.name)
        is_news = device is not None and network.is_online(device) is None
        if not message.payload or not network.take_availability(arrived.name, message.text, message.json):
            return
        if device is not None:
            if is_news and network.info.discovery is False:
                self._settle_devices(network)  # what we announce for it says from now on where that is told
            facts = {"ieee_address": device.ieee_address, "friendly_name": arrived.name}
            online = network.is_online(device)
            self._tell(network, "availability", {**facts, "available": online}, bus=False)

    def _take_device(self, network: Network, arrived: Arrived) -> None:
        device = network.find(arrived.name)
        update = network.take_update(device, arrived.message.json) if device is not None else None
        if device is not None and update is not None:
            facts = {"ieee_address": device.ieee_address, "friendly_name": device.friendly_name}
            self._tell(network, "update", {**facts, **update.as_dict()}, bus=False)

    def _take_response(self, network: Network, arrived: Arrived) -> None:
        answer = arrived.answer
        if not isinstance(answer, dict):
            raise NotUnderstood(f"{arrived.message.topic} wants a JSON object")
        failed = answer.get("status") == "error"
        data = answer.get("data")
        if arrived.name == "permit_join":
            network.answered_permit_join(failed, data)
            self._say_permit_join(network)
        elif arrived.name == "networkmap":
            network.mapping_until = 0.0
            if not failed and isinstance(data, dict) and "value" in data:
                kind = str(plain(data.get("type")) or "raw")
                network.map = NetworkMap(kind, data.get("routes") is True, data["value"], self.home.clock.now())

    def _take_event(self, network: Network, arrived: Arrived) -> None:
        event = arrived.message.json
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise NotUnderstood("bridge/event wants an object with a type")
        data = event.get("data")
        told = data if isinstance(data, dict) else {}
        address = plain(told.get("ieee_address"))
        if not isinstance(address, str):
            raise NotUnderstood("bridge/event names no device")
        kind = event["type"][:MAX_TEXT]
        facts = {"ieee_address": address, "friendly_name": plain(told.get("friendly_name")) or address}
        if kind == "device_leave":
            if network.device_left(address) is not None:
                self._settle_devices(network)
        elif kind == "device_interview":
            status = str(plain(told.get("status")))
            network.interview(address, status)
            facts |= {"status": status, "supported": plain(told.get("supported"))}
            if status == "failed":
                self.log.warning("an interview failed; press the device's button and try again", **facts)
        self._tell(network, kind, facts)

    # -- what follows ------------------------------------------------------------------------------------------------

    def _tell(self, network: Network, kind: str, data: dict[str, Any], bus: bool = True) -> None:
        event = NetworkEvent(network.base, kind, data)
        self.hub.tell(event)
        if bus:
            address = data.get("ieee_address")
            entry = self._devices.entry_of(str(address)) if address else None
            shown = {**event.as_dict(), "device_id": None if entry is None else entry.id}
            self.home.bus.publish(Event(EVENT, shown, Context.new(), self.home.clock.now()))

    def _say_permit_join(self, network: Network) -> None:
        permit = network.permit_join
        timer = self._timers.pop((network.base, "permit_join"), None)
        if timer is not None:
            timer.cancel()
        left = None if permit.until is None else max(0.0, permit.until - self.home.clock.now())
        if permit.open and left is not None:
            message = PermitJoinOver(network.base)
            self._timers[network.base, "permit_join"] = self.home.clock.after(left + 0.01, self.actor_ref, message)
        self._tell(network, "permit_join", {"open": permit.open, "until": permit.until, "via": permit.via})

    def _begin_sync(self, base: str) -> None:
        """Bring registry and announcements of a network up to date, in slices: the mailbox is looked at in between."""
        network = self.hub.networks.get(base)
        if network is None:
            return
        if base in self._syncing:
            self._settle_devices(network)  # once more, when this one is done
            return
        if not self._syncing:
            self.actor_ref.tell(GoOn())
        self._syncing[base] = chain(self._devices.sync(network), self._announcer.sync(network))

    def _go_on(self) -> None:
        until = time.perf_counter() + SLICE_S
        while self._syncing and time.perf_counter() < until:
            base, steps = next(iter(self._syncing.items()))
            try:
                next(steps)
            except StopIteration:
                del self._syncing[base]
            except MargeError as exc:  # it is tried again when the MQTT bridge is back, with the list of devices
                del self._syncing[base]
                self.log.warning("devices could not be announced", base_topic=base, reason=str(exc))
        if self._syncing:
            let_others_in()
            self.actor_ref.tell(GoOn())

    def _settle_devices(self, network: Network) -> None:
        key = (network.base, "devices")
        if key not in self._timers:
            self._timers[key] = self.home.clock.after(SETTLE_S, self.actor_ref, SyncDevices(network.base))

    def _judge(self) -> None:
        """Degraded while one that was heard of is offline, or none can be heard."""
        away = [network.base for network in self.hub.networks.values() if network.state == "offline"]
        if not self._connected and self.hub.known():
            self.status, self.last_error = "degraded", "no connection to the broker"
        else:
            self.status = "degraded" if away else "running"
            self.last_error = f"offline: {', '.join(away)}" if away else None

    def _offer_services(self) -> None:
        """There are services as soon as there is a zigbee2mqtt."""
        if not self._registered and not self.home.services.has(DOMAIN, "permit_join"):
            register(self.home, self.hub)
        self._registered = True
