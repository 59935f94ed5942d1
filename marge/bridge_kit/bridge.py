"""The connection of a bridge program, and its entities."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from marge.bridge_kit.environment import Environment

Handler = Callable[[str], None]
AnyHandler = TypeVar("AnyHandler", bound=Handler)
_HEARS = frozenset({"alarm_control_panel", "button", "climate", "cover", "fan", "humidifier", "lawn_mower", "light",
                    "lock", "number", "scene", "select", "siren", "switch", "text", "vacuum", "valve"})  # fmt: skip
_SILENT = frozenset({"button", "scene"})
"""Components without a state."""


def _text(payload: object) -> str | bytes:
    """What goes out: text and bytes as they are, all else as JSON."""
    return payload if isinstance(payload, str | bytes) else json.dumps(payload)


class Entity:
    """One entity. Its topics stand below `marge/bridge/<name>/<component>/<object_id>/`.

    Attributes:
        config: what is announced, in the keys of MQTT discovery; it may be changed before `Bridge.run`.
    """

    def __init__(self, bridge: Bridge, component: str, object_id: str, config: Mapping[str, Any]) -> None:
        self._bridge = bridge
        self._base = f"{bridge.environment.prefix}/{component}/{object_id}"
        self._handlers: dict[str, Handler] = {}
        name = bridge.environment.name
        self.config: dict[str, Any] = {
            "~": self._base,
            "unique_id": f"{name}_{component}_{object_id}",
            "object_id": f"{name}_{object_id}",
            "device": {"identifiers": [f"marge_bridge_{name}"], "name": name.replace("_", " ").capitalize()},
        }
        if component not in _SILENT:
            self.config["state_topic"] = "~/state"
        if component in _HEARS:
            self.config["command_topic"] = "~/set"
        self.config.update(config)

    def topic(self, word: str) -> str:
        """A topic of this entity, for the keys of `config` that want one: `entity.topic("brightness")`."""
        return f"{self._base}/{word}"

    def say(self, state: object, word: str = "state") -> None:
        """Tell the state, retained. Objects become JSON. Before the connection it is kept for it."""
        self._bridge.publish(self.topic(word), _text(state), retain=True)

    def on_command(self, handler: AnyHandler, word: str = "set") -> AnyHandler:
        """Call `handler(payload)` for commands, in the client's thread: it should be quick. Also a decorator."""
        self._handlers[self.topic(word)] = handler
        return handler

    def remove(self) -> None:
        """The entity is no more."""
        self._bridge.publish(f"{self._base}/config", "", retain=True)

    def announce(self) -> None:
        """Tell what it is (again)."""
        self._bridge.publish(f"{self._base}/config", json.dumps(self.config), retain=True)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return self._handlers


class Bridge:
    """The connection: announces, says `online`, hands out commands, comes back by itself.

    Args:
        environment: None: the process's, as Marge sets it.

    Raises:
        EnvironmentProblem: Marge has not started this program.
    """

    def __init__(self, environment: Environment | None = None) -> None:
        self.environment = environment or Environment.read()
        self._entities: list[Entity] = []
        self._kept: dict[str, str | bytes] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        env = self.environment
        transport: Any = env.transport
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=f"marge-bridge-{env.name}", transport=transport
        )
        if env.transport == "websockets":
            self.client.ws_set_options(env.ws_path)
        if env.username:
            self.client.username_pw_set(env.username, env.password)
        context = env.tls_context()
        if context is not None:
            self.client.tls_set_context(context)
        self.client.will_set(env.status_topic, "offline", qos=1, retain=True)
        self.client.reconnect_delay_set(1, 30)
        self.client.on_connect = self._connected
        self.client.on_message = self._received

    def entity(self, component: str, object_id: str, **config: Any) -> Entity:
        """A new entity: a `light`, a `sensor`, … with more keys of MQTT discovery. Known at once while it runs."""
        entity = Entity(self, component, object_id, config)
        self._entities.append(entity)
        if self.client.is_connected():
            self._introduce(entity)
        return entity

    def publish(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Send something. What is retained is kept here, too, for a broker that has forgotten it."""
        if retain:
            with self._lock:
                self._kept[topic] = payload
        if self.client.is_connected():
            self.client.publish(topic, payload, qos=1, retain=retain)

    def log(self, *words: object) -> None:
        """A line in the bridge's log file."""
        print(*words, flush=True)  # noqa: T201 - standard output is the log

    def start(self) -> None:
        """Connect in the background, again and again."""
        env = self.environment
        self.client.connect_async(env.host, env.port, keepalive=30)
        self.client.loop_start()

    def wait(self, seconds: float) -> bool:
        """A pause; whether the bridge goes on after it. `while bridge.wait(10): …`"""
        return not self._stop.wait(seconds)

    def run(self) -> None:
        """Connect, and stay until SIGTERM or SIGINT."""
        self.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self._stop.set())
        while self.wait(3600):
            pass
        self.stop()

    def stop(self) -> None:
        """Say `offline` and leave."""
        self._stop.set()
        if self.client.is_connected():
            self.client.publish(self.environment.status_topic, "offline", qos=1, retain=True).wait_for_publish(2)
        self.client.disconnect()
        self.client.loop_stop()

    # -- in the client's thread --------------------------------------------------------------------------------------

    def _connected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self.log(f"the broker refused us: {reason}")
            return
        for entity in list(self._entities):
            self._introduce(entity)
        with self._lock:
            kept = dict(self._kept)
        for topic, payload in kept.items():
            self.client.publish(topic, payload, qos=1, retain=True)
        self.client.publish(self.environment.status_topic, "online", qos=1, retain=True)

    def _introduce(self, entity: Entity) -> None:
        for topic in entity.handlers:
            self.client.subscribe(topic, 1)
        entity.announce()

    def _received(self, _client: Any, _data: Any, message: Any) -> None:
        for entity in list(self._entities):
            handler = entity.handlers.get(message.topic)
            if handler is not None:
                try:
                    handler(message.payload.decode("utf-8", "replace"))
                except Exception as exc:  # noqa: BLE001 - the border: one command of one entity
                    self.log(f"{message.topic}: {type(exc).__name__}: {exc}")
