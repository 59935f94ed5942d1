"""The connection to the broker: paho-mqtt behind a small face. Not here: what messages mean.

Its callbacks run in paho's loop, a greenlet of its own: they only hand over.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any, NamedTuple

import gevent
import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import MQTTErrorCode

from marge.bridges.endpoint import Endpoint
from marge.bridges.mqtt.paho_client import PahoClient, reason_of
from marge.errors import HomeError, Overloaded
from marge.util.breathe import let_others_in

__all__ = ["MAX_UNSENT", "NOT_CONNECTED", "Endpoint", "Heard", "MqttClient", "Will"]

log = structlog.get_logger("marge.bridges.mqtt")

CONNECT_TIMEOUT_S = 5.0
MAX_UNSENT = 10_000
"""Messages that the broker has not taken yet. More means that it does not read: senders get an error."""
MAX_INFLIGHT = 200
SUBSCRIBE_AT_ONCE = 200
"""Filters in one SUBSCRIBE packet; mosquitto's limit is the packet's size, amqtt answers larger ones slowly."""
_BAD_CREDENTIALS = frozenset({"Bad user name or password", "Not authorized", "Banned"})
"""paho's names for what a broker answers to a wrong name or password, in MQTT 3 and 5."""

NOT_CONNECTED = "Error talking to MQTT: The client is not currently connected."


class Will(NamedTuple):
    """What the broker says for us when we vanish."""

    topic: str
    payload: str
    retain: bool = True
    qos: int = 1


class Heard(NamedTuple):
    """A message as it came. `number`: for `ack`, 0 when none is wanted; `again`: the broker repeats it."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    number: int = 0
    again: bool = False


def _send_at_once(_client: Any, _data: Any, sock: Any) -> None:
    """Small packets must not wait for the acknowledgement of earlier ones (40 ms, Nagle against delayed ACK)."""
    with contextlib.suppress(OSError, AttributeError):  # a closed socket, or a WebSocket without the method
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class MqttClient:
    """One connection that comes back by itself.

    Args:
        keeps_session: the broker keeps what comes for us while we are away; each message is acknowledged by `ack`.
        on_up(session_present), on_down(reason, bad_credentials), on_message: called in paho's greenlet; `on_message`
            may wait to slow the broker down, the others must not.
    """

    def __init__(
        self,
        client_id: str,
        endpoint: Endpoint,
        will: Will | None,
        on_up: Callable[[bool], None],
        on_down: Callable[[str, bool], None],
        on_message: Callable[[Heard], None],
        *,
        keeps_session: bool = False,
    ) -> None:
        self.client_id = client_id
        self.endpoint = endpoint
        self.published = 0
        self.is_muted = False
        self.is_started = False
        self._on_up, self._on_down, self._on_message = on_up, on_down, on_message
        self._unsent = 0
        self._closed = False
        self._keeps_session = keeps_session
        self._unacknowledged: set[int] = set()
        self._asking = 0
        client = self._client = PahoClient(client_id, endpoint, keeps_session=keeps_session)
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.suppress_exceptions = True  # an exception in a callback would end paho's loop for good
        client.max_queued_messages_set(MAX_UNSENT)
        client.max_inflight_messages_set(MAX_INFLIGHT)
        if will is not None:
            client.will_set(will.topic, will.payload, qos=will.qos, retain=will.retain)
        client.on_connect = self._connected
        client.on_connect_fail = self._connect_failed
        client.on_disconnect = self._disconnected
        client.on_message = self._received
        client.on_publish = self._sent
        client.on_subscribe = self._subscribed
        client.on_socket_open = _send_at_once

    # -- for the bridge ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Connect in the background, again and again."""
        self.is_started = True
        self._client.begin()

    def hurry(self) -> None:
        """Try again now, if it waits for its next attempt."""
        self._client.hurry()

    def close(self) -> None:
        """Say good-bye and stop, in the background: paho's loop may take a moment to notice."""
        self._closed = True
        gevent.spawn(self._client.end)

    @property
    def connected(self) -> bool:
        return bool(self._client.is_connected())

    @property
    def unsent(self) -> int:
        """Messages that the broker has not taken yet."""
        return self._unsent

    @property
    def unacknowledged(self) -> int:
        """Subscriptions that are not sent yet, and SUBSCRIBE packets that the broker has not answered."""
        return len(self._unacknowledged) + self._asking

    def publish(self, topic: str, payload: str | bytes, qos: int, retain: bool) -> None:
        """Hand one message over.

        Raises:
            HomeError: there is no connection.
            Overloaded: the broker does not take messages fast enough.
        """
        if not self._client.is_connected():
            raise HomeError(NOT_CONNECTED)
        if self._unsent >= MAX_UNSENT:
            raise Overloaded(f"{self._unsent} messages wait for the broker")
        self._unsent += 1
        info = self._client.publish(topic, payload, qos, retain)
        if info.rc not in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN):
            self._unsent -= 1
            raise HomeError(f"Error talking to MQTT: {paho.error_string(info.rc)}")
        if info.rc == MQTTErrorCode.MQTT_ERR_NO_CONN:
            self._unsent -= 1
            raise HomeError(NOT_CONNECTED)
        self.published += 1

    def subscribe(self, filters: list[tuple[str, int]]) -> None:
        """Ask for these filters; the broker sends their retained messages (again). Others get turns in between."""
        self._asking += len(filters)
        for start in range(0, len(filters), SUBSCRIBE_AT_ONCE):
            if start % 2_000 == 0 and start:
                let_others_in()  # 50,000 filters would hold the hub for 100 ms
            some = filters[start : start + SUBSCRIBE_AT_ONCE]
            _result, number = self._client.subscribe(some)
            self._asking -= len(some)
            if number is not None:
                self._unacknowledged.add(number)

    def unsubscribe(self, filters: list[str]) -> None:
        for start in range(0, len(filters), SUBSCRIBE_AT_ONCE):
            self._client.unsubscribe(filters[start : start + SUBSCRIBE_AT_ONCE])

    def ack(self, number: int, qos: int) -> None:
        """The message is dealt with; without this the broker sends it again after the next connection."""
        if self._client.is_connected():
            self._client.ack(number, qos)

    # -- paho's callbacks --------------------------------------------------------------------------------------------

    def _connected(self, _client: Any, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        if self._closed:
            return
        self._client.answered(refused=bool(reason.is_failure))
        if reason.is_failure:
            bad = str(reason) in _BAD_CREDENTIALS
            self._on_down(f"the broker at {self.endpoint.address} refused us: {reason}", bad)
        else:
            self._unsent = 0
            self._unacknowledged.clear()
            self._on_up(bool(flags.session_present))

    def _connect_failed(self, _client: Any, _data: Any) -> None:
        if not self._closed:
            self._on_down(reason_of(self._client.failure, self.endpoint), False)

    def _disconnected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if not self._closed and not self._client.is_refused:
            self._on_down(f"connection lost: {reason}", False)

    def _received(self, _client: Any, _data: Any, message: Any) -> None:
        if self._closed or self.is_muted:
            return
        try:
            topic = message.topic
        except UnicodeDecodeError:  # a topic that is not UTF-8 cannot be any of ours
            if self._keeps_session and message.qos:
                self.ack(message.mid, message.qos)
            return
        number = message.mid if self._keeps_session and message.qos else 0
        self._on_message(Heard(topic, message.payload, message.qos, message.retain, number, bool(message.dup)))

    def _sent(self, _client: Any, _data: Any, _mid: Any, _reason: Any, _properties: Any) -> None:
        if self._unsent:
            self._unsent -= 1

    def _subscribed(self, _client: Any, _data: Any, mid: int, reasons: Any, _properties: Any) -> None:
        self._unacknowledged.discard(mid)
        refused = sum(1 for reason in reasons if reason.is_failure)
        if refused:
            log.warning("the broker refused subscriptions", refused=refused)
