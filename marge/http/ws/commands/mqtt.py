"""MQTT over WebSocket: messages on a topic as they come, and what is known of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pykka
import voluptuous as vol

from marge.bridges.mqtt import PATH
from marge.bridges.mqtt.followers import SHARED, Followers
from marge.bridges.mqtt.messages import DebugInfo
from marge.bridges.mqtt.schema import subscribe_topic
from marge.errors import HomeError, NotFound
from marge.http.ws.registry import command

if TYPE_CHECKING:
    from marge.bridges.mqtt.incoming import Incoming
    from marge.http.ws.session import Session

_NOT_SET_UP = "MQTT is not set up in this home"


@command(
    "mqtt/subscribe",
    {vol.Required("topic"): subscribe_topic, vol.Optional("qos", default=0): vol.All(int, vol.In([0, 1, 2]))},
    admin=True,
)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """Messages on a topic or filter; payloads that are no UTF-8 as Python writes bytes."""
    followers = session.home.shared.get(SHARED)
    if not isinstance(followers, Followers):
        raise HomeError(_NOT_SET_UP)
    message_id, qos = message["id"], message["qos"]

    def arrived(incoming: Incoming) -> None:
        text = incoming.text
        event = {
            "topic": incoming.topic,
            "payload": str(incoming.payload) if text is None else text,
            "qos": min(incoming.qos, qos),  # others on the same filter may have asked for more
            "retain": incoming.retain,
        }
        session.event(message_id, event)

    session.subscribe(message_id, followers.follow(message["topic"], arrived, qos))
    session.result(message_id)


@command("mqtt/device/debug_info", {vol.Required("device_id"): str}, admin=True, waits=True)
def debug_info(session: Session, message: dict[str, Any]) -> None:
    """A device's entities and triggers: their topics, latest messages, and how they were announced."""
    try:
        found = session.home.system.ask(PATH, DebugInfo(message["device_id"]))
    except (NotFound, pykka.ActorDeadError, pykka.Timeout) as exc:
        raise HomeError("The MQTT bridge is not running") from exc
    session.result(message["id"], found)
