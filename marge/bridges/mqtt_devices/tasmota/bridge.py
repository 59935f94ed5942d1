"""The actor that makes entities of Tasmota devices, as they announce themselves, while the config entry is loaded.

Announcements wait here, the last one of each device; states are read in the MQTT bridge's greenlet. Not here: what the
entities do (`entities.py`), which there are (`plans.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from marge.bridges.base import Bridge
from marge.bridges.mqtt_devices.books import MAX_DEVICES, Message, Topics
from marge.bridges.mqtt_devices.tasmota import DOMAIN
from marge.bridges.mqtt_devices.tasmota.announced import (
    DISCOVERY,
    Announced,
    NotTasmota,
    mac_of,
    read_config,
    read_sensors,
)
from marge.bridges.mqtt_devices.tasmota.entities import RESULT, TasmotaEntity
from marge.bridges.mqtt_devices.tasmota.flow import offer
from marge.bridges.mqtt_devices.tasmota.hub import TasmotaHub
from marge.bridges.mqtt_devices.tasmota.outlet import DeviceOutlet
from marge.bridges.mqtt_devices.tasmota.reading import content_of
from marge.bridges.mqtt_devices.tasmota.registry import MAX_ENTITIES, Registrar
from marge.bridges.mqtt_devices.tasmota.services import register
from marge.bridges.mqtt_devices.tasmota.triggers import TasmotaTriggers
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

MAX_ANNOUNCEMENT = 64 * 1024
"""Bytes; a device with 100 sensors announces itself with 8 kB."""


class Work(NamedTuple):
    """Announcements wait."""


class EntryChanged(NamedTuple):
    """The config entry was added, loaded, disabled or removed."""


class LookAgain(NamedTuple):
    """Home Assistant discovery has brought, or taken, entities of devices that may be ours."""


@dataclass
class Heard:
    """What a device's announcements said last, parsed or not yet."""

    config: bytes = b""
    sensors: bytes | None = None
    digest: bytes = b""


@dataclass
class Known:
    """A device with its entities.

    Attributes:
        hears: its entities by the kinds of messages that they read.
    """

    device: Announced
    device_id: str
    online: bool = False
    entities: dict[tuple[str, str], TasmotaEntity] = field(default_factory=dict)
    hears: dict[str, list[TasmotaEntity]] = field(default_factory=dict)
    ends: list[Callable[[], None]] = field(default_factory=list)


class TasmotaBridge(Bridge):
    """Owns the entities of all Tasmota devices. Takes `Work`, `EntryChanged` and `LookAgain` from itself."""

    kind = "tasmota"

    def __init__(self, home: Home, hub: TasmotaHub, topics: Topics, triggers: TasmotaTriggers) -> None:
        super().__init__(home)
        self._hub = hub
        self._book = hub.book
        self._topics = topics
        self._triggers = triggers
        self._registrar = Registrar(home, DeviceOutlet(home, topics))
        self._heard: dict[str, Heard] = {}
        self._pending: dict[str, None] = {}
        self._working = False
        self._known: dict[str, Known] = {}
        self._by_key: dict[str, Known] = {}
        self._ends: list[Callable[[], None]] = []
        self._entry: ConfigEntry | None = None
        self._looking = False
        self._refused: dict[str, str] = {}
        self._issues: dict[str, str] = {}
        self._malformed = 0

    # -- Bridge ------------------------------------------------------------------------------------------------------

    def on_start(self) -> None:
        self._entry = self._loaded_entry()
        registry = self.home.registries.config_entries
        bus = self.home.bus
        self._ends = [
            registry.listen(lambda _change, entry: self._tell(EntryChanged()) if entry.domain == DOMAIN else None),
            bus.subscribe(self._registry_changed, "entity_registry_updated").cancel,
            self._topics.watch(self._connection_changed),
            self._topics.follow(f"{DISCOVERY}/+/config", self._on_announced),
            self._topics.follow(f"{DISCOVERY}/+/sensors", self._on_announced),
        ]
        self._book.listener = self._on_message
        self.status = "running"

    def release(self) -> None:
        ends, self._ends = self._ends, []
        self._book.listener = None
        for known in self._known.values():
            ends += known.ends
            known.ends = []
        for end in ends:
            end()

    def entity_ids(self) -> Iterable[str]:
        return tuple(each.entity_id for known in self._known.values() for each in known.entities.values())

    def figures(self) -> dict[str, Any]:
        return {
            "devices": len(self._known),
            "online": sum(1 for known in self._known.values() if known.online),
            "announced": len(self._heard),
            "waiting": len(self._pending),
            "malformed": self._malformed,
            "left_out": dict(list(self._refused.items())[:50]),
        }

    def on_receive(self, message: Any) -> Any:
        match message:
            case Work():
                self._work()
            case EntryChanged():
                self._entry_changed()
            case LookAgain():
                self._looking = False
                for mac in self._heard:
                    if mac in self._refused or self._registrar.is_shadowed(mac):
                        self._again(mac)
            case _:
                raise TypeError(f"{self.path} does not take {type(message).__name__}")
        return None

    def _tell(self, message: Work | EntryChanged | LookAgain) -> None:
        if self.actor_ref.is_alive():
            self.actor_ref.tell(message)

    # -- announcements, in the MQTT bridge's greenlet ----------------------------------------------------------------

    def _on_announced(self, message: Message) -> None:
        mac = mac_of(message.topic)
        if len(message.payload) > MAX_ANNOUNCEMENT:
            raise NotTasmota(f"the announcement has {len(message.payload)} bytes; at most {MAX_ANNOUNCEMENT} are read")
        heard = self._heard.get(mac)
        if heard is None:
            if not message.payload:
                return
            if len(self._heard) >= MAX_DEVICES:
                raise NotTasmota(f"{MAX_DEVICES} devices are announced already; {mac} is ignored")
            heard = self._heard[mac] = Heard()
        if message.topic.endswith("/sensors"):
            heard.sensors = message.payload or None
        else:
            heard.config = message.payload
        digest = blake2b(heard.config + b"\0" + (heard.sensors or b""), digest_size=16).digest()
        if digest != heard.digest:
            heard.digest = digest
            self._again(mac)

    def _offer_services(self) -> None:
        """A home without such devices has no services for them."""
        if not self._hub.offered:
            self._hub.offered = True
            register(self.home, self._hub)

    def _again(self, mac: str) -> None:
        self._offer_services()
        self._pending[mac] = None
        if not self._working:
            self._working = True
            self._tell(Work())

    # -- the config entry --------------------------------------------------------------------------------------------

    def _loaded_entry(self) -> ConfigEntry | None:
        entries = self.home.registries.config_entries.for_domain(DOMAIN)
        return next((each for each in entries if each.state == "loaded"), None)

    def _entry_changed(self) -> None:
        entry, before = self._loaded_entry(), self._entry
        self._entry = entry
        if (entry is None) == (before is None):
            return
        if entry is None:
            is_there = bool(self.home.registries.config_entries.for_domain(DOMAIN))
            for mac in list(self._known):
                self._forget(mac, registry=False, keep=is_there)
            return
        for mac in self._heard:
            self._again(mac)

    def _registry_changed(self, event: Any) -> None:
        """Somebody else's entities came or went; those of MQTT discovery may be the same device's."""
        if self._looking or not self._heard or event.data.get("action") not in ("create", "remove"):
            return
        entry = self.home.registries.entities.get(event.data.get("entity_id", ""))
        if event.data["action"] == "remove" or (entry is not None and entry.platform == "mqtt"):
            self._looking = True
            self._tell(LookAgain())

    # -- devices -----------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        self._working = False
        while self._pending:
            mac = next(iter(self._pending))
            del self._pending[mac]
            try:
                self._settle(mac)
                self._accept(mac)
            except NotTasmota as exc:
                self._leave_out(mac, exc)
            except Exception as exc:  # noqa: BLE001 - the border: one device
                self.log.error("a device is left out", mac=mac, exc_info=exc)
                self._refused[mac] = repr(exc)
            let_others_in()

    def _leave_out(self, mac: str, error: NotTasmota) -> None:
        """The device cannot be had: say so, once."""
        self._malformed += 1
        if self._refused.get(mac) == str(error):
            return
        self._accept(mac)
        self._refused[mac] = str(error)
        self.log.warning("a device is left out", mac=mac, reason=str(error))
        if error.issue is not None and self._entry is not None:
            self._issues[mac] = f"{error.issue}_{mac.lower()}"
            self.home.registries.issues.raise_issue(
                DOMAIN, self._issues[mac], severity="error", translation_key=error.issue,
                translation_placeholders=error.named,
            )  # fmt: skip

    def _accept(self, mac: str) -> None:
        """What was wrong is so no more."""
        self._refused.pop(mac, None)
        issue = self._issues.pop(mac, None)
        if issue is not None:
            self.home.registries.issues.delete(DOMAIN, issue)

    def _settle(self, mac: str) -> None:
        """Make the device as it announced itself, or forget it."""
        heard = self._heard.get(mac)
        if heard is None or not heard.config:
            self._heard.pop(mac, None)
            self._hub.announced.pop(mac, None)
            self._forget(mac, registry=True)
            return
        device = read_config(mac, _parsed(heard.config))
        if heard.sensors is not None:
            device = replace(device, sensors=read_sensors(_parsed(heard.sensors)))
        self._hub.announced[mac] = device
        if self._entry is None:
            offer(self.home, mac)
            return
        if self._registrar.is_shadowed(mac):
            self._forget(mac, registry=True)
            raise NotTasmota(
                "its entities come by Home Assistant discovery already; give it `SetOption19 0` to have these instead"
            )
        other = self._by_key.get(device.key)
        if other is not None and other.device.mac != mac:
            raise NotTasmota(
                f"its topic '{device.topic}' is that of {other.device.name} ({other.device.mac}) already",
                "topic_duplicated", topic=device.topic, first=other.device.name, second=f"{device.name} ({mac})",
            )  # fmt: skip
        self._bring(device, heard.sensors is not None)

    def _bring(self, device: Announced, sensors_known: bool) -> None:
        assert self._entry is not None
        known = self._known.get(device.mac)
        device_id = self._registrar.device(device, self._entry)
        if known is None:
            told = self._book.find(device.key)
            known = self._known[device.mac] = Known(device, device_id, online=bool(told and told["online"]))
        if known.device.key != device.key:
            self._by_key.pop(known.device.key, None)
            known.online = False
        if known.device.tele != device.tele or not known.ends:
            self._listen(known, device)
        known.device, known.device_id = device, device_id
        self._by_key[device.key] = known
        room = MAX_ENTITIES - sum(len(each.entities) for each in self._known.values() if each is not known)
        available = self._available(known)
        known.entities = self._registrar.entities(
            device, device_id, self._entry, known.entities, available, sensors_known, room
        )
        hears: dict[str, list[TasmotaEntity]] = {}
        for entity in known.entities.values():
            for kind in entity.hears:
                hears.setdefault(kind, []).append(entity)
        known.hears = hears
        if self._available(known) != available:  # making them lets others in: who came or went then did not see them
            self._say_available(known)
        self._triggers.announce(device, device_id)
        if known.online:
            self._ask(known)

    def _listen(self, known: Known, device: Announced) -> None:
        """Hear a device whose topics are not the usual ones."""
        for end in known.ends:
            end()
        known.ends = []
        if device.usual:
            known.ends = [lambda: None]
            return
        for prefix, base in (("tele", device.tele), ("stat", device.stat)):
            hear = partial(self._on_unusual, prefix, device.key)
            known.ends.append(self._topics.follow(f"{base}+", hear))

    def _forget(self, mac: str, *, registry: bool, keep: bool = True) -> None:
        """The device is announced no more (`registry`), or the entry is not loaded: then placeholders stay (`keep`)."""
        known = self._known.pop(mac, None)
        if known is not None:
            for end in known.ends:
                end()
            if self._by_key.get(known.device.key) is known:
                del self._by_key[known.device.key]
            self._triggers.withdraw(known.device_id)
            self._registrar.end(known.entities.values(), keep=keep and not registry)
        if registry:
            self._registrar.forget_device(mac)

    # -- states, in the MQTT bridge's greenlet -----------------------------------------------------------------------

    def _on_unusual(self, prefix: str, key: str, message: Message) -> None:
        self._book.heard(prefix, key, message.topic.rpartition("/")[2], message)

    def _on_message(self, prefix: str, name: str, what: str, message: Message) -> None:
        if prefix == "tele" and what == "LWT" and message.payload in (b"Online", b"Offline"):
            self._offer_services()
        if prefix == "stat" and isinstance(message.json, dict):
            self._hub.answered(name, what, message.json)
        known = self._by_key.get(name)
        if known is None:
            return
        if prefix == "tele" and what == "LWT":
            self._presence(known, message)
            return
        found = content_of(known.device, prefix, what, message)
        if found is None:
            return
        kind, content = found
        now = self.home.clock.now()
        for entity in known.hears.get(kind, ()):
            fields = entity.read(kind, content, now)
            if fields:
                self._registrar.report(entity, fields)
        if kind == RESULT:
            self._triggers.pressed(known.device, known.device_id, content)

    def _presence(self, known: Known, message: Message) -> None:
        word = (message.text or "").strip()
        if word not in (known.device.online, known.device.offline):
            return  # a cleared topic, or words of somebody else
        was = known.online
        known.online = word == known.device.online
        self._book.present(known.device.key, known.online)
        if known.online != was:
            self._say_available(known)
        if known.online:
            self._ask(known)

    def _connection_changed(self, connected: bool) -> None:
        """Who is there is told anew after a connection was made: by wills that are retained, or by the devices."""
        for known in list(self._known.values()):
            if not connected:
                known.online = False
                self._book.present(known.device.key, False)
            self._say_available(known)

    def _available(self, known: Known) -> bool:
        return self._topics.connected and (known.online or known.device.sleeps)

    def _say_available(self, known: Known) -> None:
        available = self._available(known)
        for entity in known.entities.values():
            self._registrar.report(entity, {"available": available})

    def _ask(self, known: Known) -> None:
        """Have a device that has just come tell how it is: nothing of it is retained."""
        command = known.device.command
        for topic, payload in (("STATE", ""), ("STATUS", "1"), ("STATUS", "10"), ("STATUS", "11")):
            self._topics.publish(f"{command}{topic}", payload)


def _parsed(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as exc:
        raise NotTasmota(f"the announcement is not JSON: {exc}") from exc
