"""The actor that keeps up with the Z-Wave JS UIs: asks for nodes, keeps the device registry, tells the bus.

What arrives is read in the MQTT bridge's greenlet (`book.py`); this is for what waits. Entities are those of discovery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.actors import Timer
from marge.bridges.base import Bridge
from marge.bridges.mqtt_devices.books import Topics
from marge.bridges.mqtt_devices.zwave.actions import PLATFORM, ZWaveHub, identifier
from marge.bridges.mqtt_devices.zwave.book import Gateway
from marge.bridges.mqtt_devices.zwave.nodes import ZWaveNode
from marge.bridges.mqtt_devices.zwave.services import register
from marge.errors import HomeError, MargeError
from marge.model import Context, Event
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.home import Home

EVENT = "zwave_js_ui_event"
SETTLE_S = 1.0
"""Changes of nodes within this time are written once."""
ASK_S = 60.0
ASK_AGAIN_S = 30.0
_NODES_A_TURN = 20
_STATES_OF_LIST = frozenset(("node_added", "node_removed", "node_ready", "interview_completed", "node_found"))


class Ask(NamedTuple):
    """A gateway is there: ask for its facts and nodes."""

    prefix: str


class Sync(NamedTuple):
    """What is known of a gateway's nodes has settled: write the device registry."""

    prefix: str


class ZWaveBridge(Bridge):
    """Keeps all networks of the home. Takes `Ask` and `Sync` from itself."""

    kind = "zwave"

    def __init__(self, home: Home, hub: ZWaveHub, topics: Topics) -> None:
        super().__init__(home)
        self.hub = hub
        self._topics = topics
        self._timers: dict[str, Timer] = {}
        self._shown: dict[str, set[int]] = {}
        self._ends: list[Callable[[], None]] = []

    def on_start(self) -> None:
        self.hub.book.listener = self._happened
        self._ends = [self._topics.watch(lambda connected: None if connected else self.hub.book.out_of_reach())]
        self.status = "running"
        for gateway in self.hub.book.gateways.values():
            if gateway.connected:
                self.actor_ref.tell(Ask(gateway.prefix))

    def release(self) -> None:
        self.hub.book.listener = None
        for end in self._ends:
            end()
        self._ends = []
        for timer in self._timers.values():
            timer.cancel()
        self._timers = {}

    def entity_ids(self) -> Iterable[str]:
        return ()

    def figures(self) -> dict[str, Any]:
        figures = self.hub.requests.figures
        return {
            "gateways": [
                {
                    "prefix": each.prefix, "name": each.name, "version": each.version, "connected": each.connected,
                    "nodes": len(each.nodes), "mode": each.mode,
                }
                for each in self.hub.book.gateways.values()
            ],
            "requests": {
                "waiting": len(self.hub.requests), "sent": figures.sent, "answered": figures.answered,
                "refused": figures.refused, "unanswered": figures.unanswered,
            },
        }  # fmt: skip

    def on_receive(self, message: Any) -> Any:
        match message:
            case Ask(prefix):
                self._ask(prefix)
            case Sync(prefix):
                self._timers.pop(prefix, None)
                gateway = self.hub.book.gateways.get(prefix)
                if gateway is not None:
                    self._sync(gateway)
            case _:
                raise TypeError(f"{self.path} does not take {type(message).__name__}")
        return None

    # -- in the MQTT bridge's greenlet -------------------------------------------------------------------------------

    def _happened(self, what: str, gateway: Gateway, content: Any) -> None:
        match what:
            case "connected":
                self.log.info("connected", gateway=gateway.name, prefix=gateway.prefix, version=gateway.version)
                if not self.hub.offered:  # a home without Z-Wave has no services for it
                    self.hub.offered = True
                    register(self.home, self.hub)
                self.actor_ref.tell(Ask(gateway.prefix))
            case "lost":
                self.log.warning("gone", gateway=gateway.name, prefix=gateway.prefix)
            case "nodes" | "node":
                self._settle_soon(gateway)
            case "answer":
                function, answer = content
                if function in ("getNodes", "getInfo") and answer.get("success") is not False:
                    self._learn(gateway, function, answer.get("result"))  # also what others asked for
                self.hub.requests.answered(gateway, function, answer)
            case "event":
                self._event(gateway, *content)

    def _learn(self, gateway: Gateway, function: str, result: Any) -> None:
        if function == "getInfo":
            self.hub.book.learn_info(gateway, result)
        elif isinstance(result, list):
            gateway.learn_all(result)
        self._settle_soon(gateway)

    def _settle_soon(self, gateway: Gateway) -> None:
        if gateway.prefix not in self._timers:
            self._timers[gateway.prefix] = self.home.clock.after(SETTLE_S, self.actor_ref, Sync(gateway.prefix))

    def _event(self, gateway: Gateway, source: str, name: str, data: list[Any]) -> None:
        self.log.debug("event", gateway=gateway.name, source=source, name=name)
        if name in _STATES_OF_LIST:
            self.actor_ref.tell(Ask(gateway.prefix))
        if source == "driver" or name.startswith("statistics"):
            return  # many a second, and nobody's automation
        node_id = next((each.get("id") for each in data if isinstance(each, dict) and "id" in each), None)
        told = {"gateway": gateway.name, "source": source, "event": name, "node_id": node_id}
        self.home.bus.publish(Event(EVENT, told, Context.new(), self.home.clock.now()))

    # -- what waits --------------------------------------------------------------------------------------------------

    def _ask(self, prefix: str) -> None:
        gateway = self.hub.book.gateways.get(prefix)
        if gateway is None or not gateway.connected or not gateway.name:
            return
        for function in ("getInfo", "getNodes"):
            try:
                with self.waiting_for(f"{function} of {gateway.name}"):
                    self.hub.call(gateway, function, [], ASK_S)
            except (HomeError, MargeError) as exc:
                self.note_error(exc)
                self.log.warning("no answer", gateway=gateway.name, function=function, reason=str(exc))
                self._ask_later(prefix)
                return
        self.last_error = None

    def _ask_later(self, prefix: str) -> None:
        key = f"ask {prefix}"
        if key in self._timers:
            self._timers[key].cancel()
        self._timers[key] = self.home.clock.after(ASK_AGAIN_S, self.actor_ref, Ask(prefix))

    def _sync(self, gateway: Gateway) -> None:
        """Bring the device registry up to date."""
        if not gateway.home_id:
            return
        shown = self._shown.setdefault(gateway.prefix, set())
        controller = next((each for each in gateway.nodes.values() if each.is_controller), None)
        for number, node in enumerate(sorted(gateway.nodes.values(), key=lambda each: not each.is_controller), 1):
            self._show(gateway, node, controller)
            shown.add(node.id)
            if number % _NODES_A_TURN == 0:
                let_others_in()
        for gone in list(shown - gateway.nodes.keys()):
            shown.discard(gone)
            self._forget(gateway, gone)

    def _show(self, gateway: Gateway, node: ZWaveNode, controller: ZWaveNode | None) -> None:
        registry = self.home.registries.devices
        own = (PLATFORM, identifier(gateway, node.id))
        entry = registry.find([own])
        told = {
            "name": node.title, "manufacturer": node.told.get("manufacturer"),
            "model": node.told.get("product_description") or node.told.get("product_label"),
            "sw_version": node.told.get("firmware_version"),
        }  # fmt: skip
        facts = {
            name: value for name, value in told.items()
            if isinstance(value, str) and value and (entry is None or getattr(entry, name) is None)
        }  # fmt: skip
        via = None if controller is None or controller.id == node.id else identifier(gateway, controller.id)
        if entry is not None and not facts and (via is None or entry.via_device_id is not None):
            return
        entries = self.home.registries.config_entries.for_domain(PLATFORM)
        registry.get_or_create(
            identifiers=[own], via_device=None if via is None else (PLATFORM, via),
            config_entry_id=entries[0].entry_id if entries else None, **facts,
        )  # fmt: skip

    def _forget(self, gateway: Gateway, node_id: int) -> None:
        """A node has left: its device goes, unless discovery still has entities of it."""
        registries = self.home.registries
        device = registries.devices.find([(PLATFORM, identifier(gateway, node_id))])
        if device is not None and not registries.entities.for_device(device.id):
            registries.remove_device(device.id)
