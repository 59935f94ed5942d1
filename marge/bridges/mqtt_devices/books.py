"""All lists of devices of a home, and what they share: reading messages, writing plain states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from marge.model import Context, valid_entity_id

if TYPE_CHECKING:
    from marge.home import Home

MAX_DEVICES = 2_000
"""Of one kind. A house has a few hundred; a broken client must not fill the memory."""


class Message(Protocol):
    """A message as the MQTT bridge hands it on."""

    topic: str
    payload: bytes

    @property
    def text(self) -> str | None: ...

    @property
    def json(self) -> Any: ...


class Topics(Protocol):
    """What the MQTT bridge offers."""

    def follow(self, topic_filter: str, handler: Callable[[Any], None], qos: int = 0) -> Callable[[], None]: ...

    @property
    def connected(self) -> bool: ...

    def watch(self, listener: Callable[[bool], None]) -> Callable[[], None]: ...

    def publish(self, topic: str, payload: str | bytes, qos: int = 0, retain: bool = False) -> None: ...

    def hear(self, topic: str, payload: bytes) -> None: ...

    def publish_now(self, topic: str, payload: str | bytes, qos: int = 0, retain: bool = False) -> None: ...


class Books:
    """The lists, offered as `home.shared["mqtt_devices"]`. Written in the MQTT bridge's greenlet, read by anybody."""

    def __init__(self, home: Home) -> None:
        from marge.bridges.mqtt_devices.esphome.book import EspHome
        from marge.bridges.mqtt_devices.tasmota.book import Tasmota
        from marge.bridges.mqtt_devices.zwave.book import ZWave

        show = native_entities(home)
        self.zwave = ZWave()
        self.tasmota = Tasmota(show)
        self.esphome = EspHome(show)

    def follow(self, topics: Topics) -> None:
        """Listen for as long as the home runs."""
        for book in (self.zwave, self.tasmota, self.esphome):
            book.follow(topics)


Show = Callable[[str, str, Mapping[str, Any]], None]
"""`show(entity_id, state, attributes)`."""


def native_entities(home: Home) -> Show:
    """Plain states of virtual entities, which only the native profile makes of devices' topics."""

    def show(entity_id: str, state: str, attributes: Mapping[str, Any]) -> None:
        if home.config.marge.profile != "native" or not valid_entity_id(entity_id):
            return
        if home.states.owner(entity_id) is None:
            home.entities.merge(entity_id, state, dict(attributes), Context.new())

    return show


def a_dict(message: Message) -> dict[str, Any]:
    """The JSON object in a message.

    Raises:
        ValueError: there is none.
    """
    found = message.json
    if not isinstance(found, dict):
        raise ValueError(f"{message.topic} wants a JSON object")
    return found


def a_list(message: Message) -> list[Any]:
    """The JSON list in a message.

    Raises:
        ValueError: there is none.
    """
    found = message.json
    if not isinstance(found, list):
        raise ValueError(f"{message.topic} wants a JSON list")
    return found


def text_of(value: Any) -> str:
    """A text field; "" for anything else."""
    return value if isinstance(value, str) else ""
