"""A mapping: one discovered entity as the bridge sees it. It reads payloads and reports values; it never shows state.

Here: availability, JSON attributes, expiry, value templates. Not here: what a component's payloads mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as ReadOnly
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import orjson
import structlog

from marge.bridges.mqtt.incoming import NOT_JSON, Incoming
from marge.bridges.mqtt.templates import TemplateFailed, Templates

if TYPE_CHECKING:
    from marge.actors import Timer
    from marge.bridges.mqtt.component import Component
    from marge.bridges.mqtt.discovery import DiscoveryKey
    from marge.bridges.mqtt.heard import HeardBook
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

Handler = Callable[[Incoming], None]

PAYLOAD_NONE = "None"
"""What a template renders for JSON's null: the value is unknown."""

ATTRIBUTES_BLOCKED = frozenset((
    "assumed_state", "attribution", "available", "device_class", "entity_category", "entity_picture", "force_update",
    "friendly_name", "icon", "restored", "state", "supported_features", "unique_id", "unit_of_measurement",
))  # fmt: skip
"""Attributes that belong to Marge: a device's JSON cannot set them."""

MAX_JSON_ATTRIBUTES = 500

UTF8 = "utf-8"


def json_object(payload: str) -> dict[str, Any] | None:
    """The object that a payload is the JSON of; None when it is something else."""
    if not payload.lstrip().startswith("{"):
        return None
    try:
        parsed = orjson.loads(payload)
    except orjson.JSONDecodeError as exc:
        raise ValueError(f"the payload is not JSON: {exc}") from exc
    return parsed if isinstance(parsed, dict) else None


class Port(Protocol):
    """What the bridge offers to its mappings. All of it runs in the bridge's greenlet and does not wait."""

    home: Home
    templates: Templates

    @property
    def is_native(self) -> bool: ...

    @property
    def connected(self) -> bool: ...

    @property
    def book(self) -> HeardBook: ...

    @property
    def hearing(self) -> str | None: ...

    def listen(self, topic_filter: str, handler: Handler, qos: int) -> None: ...

    def unlisten(self, topic_filter: str, handler: Handler) -> None: ...

    def complain(self, message: Incoming, error: Exception) -> None: ...

    def timer(self, entity_id: str, name: str, serial: int, delay_s: float) -> Timer: ...


class Mapping:
    """One discovered entity in the bridge.

    Attributes:
        topic, announced: where it was announced (None: in the files), and as what.
        device_id: of its device, if it has one.
        heard: whether the device has said something.

    Subclasses name their topics in `topics()` and report what their handlers read. A handler that raises loses its
    message and nothing else.
    """

    expires: ClassVar[bool] = False

    def __init__(
        self, port: Port, component: Component, key: DiscoveryKey, config: dict[str, Any], entity_id: str
    ) -> None:
        self.port = port
        self.component = component
        self.key = key
        self.config = config
        self.entity_id = entity_id
        self.topic: str | None = None
        self.device_id: str | None = None
        self.announced: ReadOnly[str, Any] = {}
        self._encoding: str = config["encoding"]
        self.heard = False
        self._listening: list[tuple[str, Handler]] = []
        self._timers: dict[str, tuple[Timer, int]] = {}
        self._serial = 0
        self._available_said: bool | None = None
        self._availability: dict[str, bool | None] = {}
        self._latest: bool = False
        self._expired = self.expires and bool(config.get("expire_after"))
        for item in self._availability_items():
            self._availability[item["topic"]] = None

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def topics(self) -> Iterable[tuple[str, Handler]]:
        """Topic filters to listen on. Those of availability and JSON attributes come by themselves."""
        return ()

    def on_timer(self, name: str) -> None:
        """A timer of this name is over. `expire` is the base's."""

    def take_attributes(self, attributes: dict[str, Any]) -> None:
        """The device's JSON attributes, without those that belong to Marge."""
        self._tell(extra_attributes=attributes)

    @property
    def filters(self) -> list[str]:
        """What it listens on."""
        return list(dict.fromkeys(topic for topic, _handler in self._listening))

    # -- life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Listen, and say whether the entity can be reached."""
        pairs = list(self.topics())
        if "json_attributes_topic" in self.config:
            pairs.append((self.config["json_attributes_topic"], self.on_json_attributes))
        pairs += [(topic, self.on_availability) for topic in self._availability]
        qos = self.config["qos"]
        for topic, handler in pairs:
            self.port.listen(topic, handler, qos)
            self.port.book.read(topic)
        self._listening = pairs
        self.say_available()

    def stop(self) -> None:
        """Listen no more and forget the timers."""
        for topic, handler in self._listening:
            self.port.unlisten(topic, handler)
            self.port.book.unread(topic)
        self._listening = []
        for timer, _serial in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def inherit(self, before: Mapping) -> None:
        """Take over what the mapping of the previous configuration knew."""
        for topic in self._availability:
            if topic in before._availability:
                self._availability[topic] = before._availability[topic]
        self._latest = before._latest
        self._expired = self._expired and before._expired
        self.heard = before.heard

    # -- availability ------------------------------------------------------------------------------------------------

    @property
    def is_available(self) -> bool:
        """Whether the broker, the device and the age of its last word let the entity count as reachable."""
        if not self.port.connected or self._expired:
            return False
        if not self._availability:
            return True
        mode = self.config["availability_mode"]
        if mode == "all":
            return all(self._availability.values())
        if mode == "any":
            return any(self._availability.values())
        return self._latest

    def say_available(self) -> None:
        """Report the reachability if it differs from what was said."""
        now = self.is_available
        if now != self._available_said:
            self._available_said = now
            self._tell(available=now)

    def on_availability(self, message: Incoming) -> None:
        for item in self._availability_items():
            if item["topic"] != message.topic:
                continue
            payload = self.render(item.get("value_template"), message)
            said = _availability_of(payload, item, native=self.port.is_native)
            if said is not None:
                self._availability[message.topic] = self._latest = said
        self.say_available()

    def _availability_items(self) -> list[dict[str, Any]]:
        config = self.config
        if "availability_topic" in config:
            item = {
                "topic": config["availability_topic"],
                "payload_available": config["payload_available"],
                "payload_not_available": config["payload_not_available"],
            }
            if "availability_template" in config:
                item["value_template"] = config["availability_template"]
            return [item]
        items: list[dict[str, Any]] = config.get("availability", [])
        return items

    # -- values ------------------------------------------------------------------------------------------------------

    def report(self, **values: Any) -> None:
        """Tell the entity what the device said."""
        if not self.heard:
            self.heard = True
            values.setdefault("assumed_state", bool(self.component.entity.is_optimistic(self.config)))
        if self.expires:
            self._keep_fresh(values)
        self._tell(**values)

    def _tell(self, **values: Any) -> None:
        entities = self.port.home.entities
        if self.entity_id in entities.owned or self.entity_id in entities.parked:  # else somebody has removed it
            entities.report_from(self.port.hearing, self.entity_id, values)

    def _keep_fresh(self, values: dict[str, Any]) -> None:
        expire_after = self.config.get("expire_after")
        if not expire_after:
            return
        self.set_timer("expire", expire_after)
        if self._expired:
            self._expired = False
            self._available_said = self.is_available
            values["available"] = self._available_said

    def render(self, template: str | None, message: Incoming, **variables: Any) -> str:
        """The payload through a value template; the payload itself when there is none, or it cannot be rendered.

        Raises:
            ValueError: the payload is no text of the configured encoding, or too long to be one.
        """
        try:
            return self.render_or_fail(template, message, **variables)
        except TemplateFailed as exc:
            self.port.complain(message, ValueError(f"a value template of {self.entity_id} failed: {exc}"))
            return message.decoded(self._encoding or UTF8)

    def render_or_fail(self, template: str | None, message: Incoming, **variables: Any) -> str:
        """As `render`, but a template that fails raises `TemplateFailed`."""
        if not self._encoding:
            if template is None:
                raise ValueError("payloads that are not decoded (`encoding` is empty) need a value template")
            variables["value"] = message.payload
            return self.port.templates.render_value(template, message, self.entity_id, **variables)
        text = message.decoded(self._encoding)
        if template is None or not text:
            return text
        if self._encoding != UTF8:
            message = Incoming(message.topic, text.encode(), message.qos, message.retain)
        return self.port.templates.render_value(template, message, self.entity_id, **variables)

    def on_json_attributes(self, message: Incoming) -> None:
        template = self.config.get("json_attributes_template")
        if template is None:
            parsed = message.json
        else:
            try:
                parsed = Incoming(message.topic, self.render_or_fail(template, message).encode()).json
            except TemplateFailed as exc:
                raise ValueError(f"the template of the attributes failed: {exc}") from exc
        if parsed is NOT_JSON:
            raise ValueError("Erroneous JSON")
        if not isinstance(parsed, dict):
            raise ValueError("JSON result was not a dictionary")
        if len(parsed) > MAX_JSON_ATTRIBUTES:
            raise ValueError(f"{len(parsed)} attributes; at most {MAX_JSON_ATTRIBUTES} are taken")
        self.take_attributes({key: value for key, value in parsed.items() if key not in ATTRIBUTES_BLOCKED})

    # -- timers ------------------------------------------------------------------------------------------------------

    def set_timer(self, name: str, delay_s: float) -> None:
        """Call `on_timer(name)` in `delay_s`, unless it is set again before."""
        self.cancel_timer(name)
        self._serial += 1
        timer = self.port.timer(self.entity_id, name, self._serial, delay_s)
        self._timers[name] = (timer, self._serial)

    def cancel_timer(self, name: str) -> None:
        before = self._timers.pop(name, None)
        if before is not None:
            before[0].cancel()

    def timer_fired(self, name: str, serial: int) -> None:
        """Called by the bridge. An old timer's message is ignored."""
        current = self._timers.get(name)
        if current is None or current[1] != serial:
            return
        del self._timers[name]
        if name == "expire":
            self._expired = True
            self.say_available()
        else:
            self.on_timer(name)


_WORDS_AVAILABLE = frozenset(("online", "1", "true", "available"))


def _availability_of(payload: str, item: dict[str, Any], *, native: bool) -> bool | None:
    """Whether this payload says that the device can be reached; None when it says nothing."""
    if payload == item["payload_available"]:
        return True
    if payload == item["payload_not_available"]:
        return False
    if native:  # lenient: other bridges' words are understood, and what is not understood is no good news
        return payload.lower() in _WORDS_AVAILABLE
    return None
