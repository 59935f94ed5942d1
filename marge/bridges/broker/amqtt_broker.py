"""amqtt's broker with its own way of passing messages on, which looks at those who want a message and at nobody else.

amqtt compares each message with every filter and starts several tasks for it; with a thousand devices that was a
millisecond a message, while messages that were acknowledged already waited. Here a message is passed on where it
arrives, and acknowledged then: what a publisher believes to be delivered was given to its readers' sockets, and is
retained.

Not here: accounts and the file of retained messages (`amqtt_plugins.py`).
"""

from __future__ import annotations

import asyncio
import logging
import struct
from typing import Any

from amqtt.adapters import StreamWriterAdapter
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.contexts import Action
from amqtt.mqtt.constants import QOS_0, QOS_1, QOS_2
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.puback import PubackPacket

from marge.bridges.broker.amqtt_plugins import Rights, matches

log = logging.getLogger("marge.amqtt")

MAX_UNSENT_BYTES = 64 * 2**20
"""Of a client that does not read, as in Marge's configuration of mosquitto; it misses what is beyond."""
MAX_UNSENT_MESSAGES = 20_000
"""At QoS 1 and 2 that a client has not acknowledged; it misses what is beyond."""
MAX_KEPT = 10_000
"""Messages kept for a client that is away."""
DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped"
"""Where mosquitto says how many messages it threw away."""
TELL_AFTER_S = 1.0
MAX_AT_ONCE = 200
"""Messages of a client before others get a turn."""
MAX_REMEMBERED = 50_000
"""Topics for which it is known which filters with wildcards they match."""


class Subscriptions(dict[str, list[tuple[Any, int]]]):
    """By filter, who wants it at which QoS; amqtt writes it. Knows which filters a topic matches."""

    def __init__(self) -> None:
        super().__init__()
        self._wild: dict[str, None] = {}
        self._found: dict[str, tuple[str, ...]] = {}

    def __setitem__(self, topic_filter: str, value: list[tuple[Any, int]]) -> None:
        if _is_wild(topic_filter):
            self._wild[topic_filter] = None
            self._found.clear()
        super().__setitem__(topic_filter, value)

    def __delitem__(self, topic_filter: str) -> None:
        super().__delitem__(topic_filter)
        if self._wild.pop(topic_filter, self) is None:
            self._found.clear()

    def __iter__(self) -> Any:
        """Over a copy: amqtt waits while it goes through them, and others subscribe meanwhile."""
        return iter(tuple(super().__iter__()))

    def clear(self) -> None:
        super().clear()
        self._wild.clear()
        self._found.clear()

    def of(self, topic: str) -> dict[str, tuple[Any, int]]:
        """Who wants a message on the topic, by client, at the best QoS that it asked for."""
        wild = self._found.get(topic)
        if wild is None:
            if len(self._found) >= MAX_REMEMBERED:
                self._found.clear()
            wild = self._found[topic] = tuple(each for each in self._wild if matches(each, topic))
        wanted: dict[str, tuple[Any, int]] = {}
        for topic_filter in (topic, *wild):
            for session, qos in self.get(topic_filter, ()):
                before = wanted.get(session.client_id)
                if before is None or before[1] < qos:
                    wanted[session.client_id] = (session, qos)
        return wanted


class Handler(BrokerProtocolHandler):
    """One client's connection. What it publishes is passed on at once."""

    broker: MargeBroker
    subscribing = 0
    """Its subscriptions that do not count yet."""
    queued = 0
    """Its messages that wait for them, in amqtt's queue."""

    async def handle_publish(self, publish_packet: Any) -> None:
        header, session = publish_packet.variable_header, self.session
        if session is None or header is None:
            return
        if publish_packet.qos == QOS_2:
            await super().handle_publish(publish_packet)
            return
        if self.subscribing or self.queued:  # who subscribes and then publishes hears it
            self.queued += 1
            await super().handle_publish(publish_packet)
            return
        data, retain = publish_packet.data or b"", publish_packet.retain_flag
        if not self.broker.pass_on(session, header.topic_name, data, publish_packet.qos, retain):
            await self.handle_connection_closed()
        elif publish_packet.qos == QOS_1:
            await asyncio.sleep(0)  # those who read at QoS 1 have tasks of their own, which come first
            await self._send_packet(PubackPacket.build(header.packet_id))

    async def handle_subscribe(self, subscribe: Any) -> None:
        self.subscribing += 1
        await super().handle_subscribe(subscribe)

    async def mqtt_acknowledge_subscription(self, packet_id: int, return_codes: list[int]) -> None:
        self.subscribing -= 1
        await super().mqtt_acknowledge_subscription(packet_id, return_codes)


class MargeBroker(Broker):
    """Passes messages on.

    Attributes:
        rights: who may read and write what.
        dropped: messages that somebody missed because he did not read, or was away for too long.
    """

    rights: Rights

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._subscriptions = Subscriptions()
        self._sending: set[asyncio.Task[Any]] = set()
        self.dropped = 0
        self._telling: asyncio.TimerHandle | None = None

    def pass_on(self, session: Any, topic: str | None, data: bytes, qos: int, retain: bool) -> bool:
        """Give a client's message to everybody who wants it. False: it breaks the protocol, and is to be hung up on."""
        if not topic or "#" in topic or "+" in topic or topic.startswith("$"):
            log.warning("%s publishes on a topic that cannot be: %.100r", session.client_id, topic)
            return False
        if not self.rights.may(session.username or None, topic, "write"):
            return True
        if retain:
            if data:
                self._retained_messages[topic] = RetainedApplicationMessage(None, topic, data, qos)
            else:
                self._retained_messages.pop(topic, None)
        self._send(topic, data, qos)
        return True

    def _send(self, topic: str, data: bytes, qos: int) -> None:
        packet = b""
        for session, wanted in self._subscriptions.of(topic).values():
            if not self.rights.may(session.username or None, topic, "read"):
                continue
            level = min(qos, wanted)
            handler = self._get_handler(session)
            if session.transitions.state != "connected" or handler is None:
                self._keep(session, topic, data, level)
            elif level == QOS_0 and isinstance(handler.writer, StreamWriterAdapter):
                packet = packet or publish_packet(topic, data)
                if _unsent_bytes(handler.writer) > MAX_UNSENT_BYTES:
                    self._drop(session)
                else:
                    handler.writer.write(packet)
            elif len(session.inflight_out) >= MAX_UNSENT_MESSAGES:
                self._drop(session)
            else:
                task = asyncio.ensure_future(handler.mqtt_publish(topic, data, level, retain=False))
                self._sending.add(task)
                task.add_done_callback(self._sent)

    def _keep(self, session: Any, topic: str, data: bytes, qos: int) -> None:
        """For a client that is away and wants to find what came meanwhile."""
        if session.clean_session or session.is_anonymous or qos == QOS_0:
            return
        if session.retained_messages.qsize() >= MAX_KEPT:
            self._drop(session)
            return
        session.retained_messages.put_nowait(RetainedApplicationMessage(None, topic, data, qos))

    def _drop(self, session: Any) -> None:
        self.dropped += 1
        if self._telling is None:  # a flood of it must not become one of lines
            self._telling = asyncio.get_running_loop().call_later(TELL_AFTER_S, self._tell_dropped, session.client_id)

    def _tell_dropped(self, client_id: str) -> None:
        self._telling = None
        log.warning("%.100r does not read what is for it: %d messages dropped so far", client_id, self.dropped)
        count = str(self.dropped).encode()
        self._retained_messages[DROPPED_TOPIC] = RetainedApplicationMessage(None, DROPPED_TOPIC, count, QOS_0)
        self._send(DROPPED_TOPIC, count, QOS_0)

    def _sent(self, task: asyncio.Task[Any]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("not delivered: %s", error)

    # -- what of amqtt is replaced -----------------------------------------------------------------------------------

    async def _initialize_client_session(self, *arguments: Any, **options: Any) -> Any:
        handler, session = await super()._initialize_client_session(*arguments, **options)
        handler.__class__ = Handler  # amqtt makes its own kind, and takes no other
        handler.broker = self
        return handler, session

    async def _handle_message_delivery(self, client_session: Any, handler: Any, wait_deliver: Any) -> bool:
        """As amqtt's, for what waited for a subscription and what came at QoS 2."""
        waiting = client_session.delivered_message_queue
        messages = [wait_deliver.result()]
        while not waiting.empty() and len(messages) < MAX_AT_ONCE:
            messages.append(waiting.get_nowait())
        for each in messages:
            if each is None:
                continue
            if each.qos != QOS_2:
                handler.queued = max(handler.queued - 1, 0)  # its predecessor may have left some
            if not self.pass_on(client_session, each.topic, bytes(each.data), each.qos, each.retain):
                return False
        return True

    async def _broadcast_message(self, session: Any, topic: Any, data: Any, force_qos: int | None = None) -> None:
        """Last wills."""
        if topic and (session is None or self.rights.may(session.username or None, topic, "write")):
            self._send(topic, bytes(data or b""), force_qos or QOS_0)

    async def _topic_filtering(self, session: Any, topic: str, action: Action) -> bool:
        if action == Action.SUBSCRIBE:
            return True  # as mosquitto: what may not be read is not delivered
        return self.rights.may(session.username or None, topic, "write" if action == Action.PUBLISH else "read")

    async def _handle_unsubscription(self, client_session: Any, handler: Any, unsubscribe_waiter: Any) -> None:
        topics = unsubscribe_waiter.result().topics
        await super()._handle_unsubscription(client_session, handler, unsubscribe_waiter)
        for each in topics:
            if each in self._subscriptions and not self._subscriptions[each]:
                del self._subscriptions[each]  # amqtt keeps them

    async def _publish_retained_messages_for_subscription(self, subscription: tuple[str, int], session: Any) -> None:
        """amqtt hands them out without asking, and to who only connects those that others wanted."""
        topic_filter, qos = subscription
        if not any(each.client_id == session.client_id for each, _qos in self._subscriptions.get(topic_filter, ())):
            return
        sending = []
        topics = list(self._retained_messages) if _is_wild(topic_filter) else [topic_filter]
        for topic in topics:
            kept = self._retained_messages.get(topic)
            if kept is None:
                continue
            if matches(topic_filter, topic) and self.rights.may(session.username or None, topic, "read"):
                handler = self._get_handler(session)
                if handler is not None:
                    most = min(qos, kept.qos if kept.qos is not None else qos)
                    sending.append(handler.mqtt_publish(kept.topic, kept.data, most, retain=True))
        await asyncio.gather(*sending, return_exceptions=True)


def _is_wild(topic_filter: str) -> bool:
    return "+" in topic_filter or "#" in topic_filter


def _unsent_bytes(writer: Any) -> int:
    return int(writer._writer.transport.get_write_buffer_size())


def publish_packet(topic: str, data: bytes) -> bytes:
    """A PUBLISH at QoS 0, not retained (MQTT 3.1.1, section 3.3)."""
    name = topic.encode()
    size = 2 + len(name) + len(data)
    head = bytearray((0x30,))
    while True:
        size, digit = divmod(size, 128)
        head.append(digit | (0x80 if size else 0))
        if not size:
            return bytes(head) + struct.pack("!H", len(name)) + name + data
