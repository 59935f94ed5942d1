"""The MQTT bridge: one connection, topics to mappings, discovery to entities. Not here: what payloads mean."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import voluptuous as vol
from gevent.event import Event as GreenletEvent

from marge.actors import Timer
from marge.bridges.base import Bridge
from marge.bridges.endpoint import Endpoint
from marge.bridges.mqtt.client import Heard
from marge.bridges.mqtt.complaints import Complaints
from marge.bridges.mqtt.connection import Link, discovery_settings
from marge.bridges.mqtt.discovery import Announced, Discovery, DiscoveryError, Withdrawn
from marge.bridges.mqtt.followers import SHARED as FOLLOWERS
from marge.bridges.mqtt.followers import Followers, Listen, Unlisten
from marge.bridges.mqtt.heard import HeardBook
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.manager import EntityManager
from marge.bridges.mqtt.mapping import Handler
from marge.bridges.mqtt.messages import (
    Acknowledge,
    Announce,
    Connected,
    ConnectionLost,
    DebugInfo,
    Drain,
    EntityGone,
    EntityRenamed,
    FlushSubscriptions,
    ForgetDevice,
    Publish,
    Settle,
    Subscribe,
    TakeSection,
    Tick,
    TimerFired,
    Unsubscribe,
)
from marge.bridges.mqtt.mirror import FILTER as MIRRORED
from marge.bridges.mqtt.outlet import BridgeOutlet
from marge.bridges.mqtt.programs import programs_of
from marge.bridges.mqtt.recent import Recent
from marge.bridges.mqtt.reporting import DROPPED_TOPIC, Reporter
from marge.bridges.mqtt.state_bridge import FILTER as STATE_FILTER
from marge.bridges.mqtt.state_bridge import write_state
from marge.bridges.mqtt.topics import TopicTrie, check_filter, check_publish_topic
from marge.errors import MargeError
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.home import Home

QUEUE_HIGH, QUEUE_LOW = 20_000, 5_000
"""Messages that may wait here. Beyond the first the reading greenlet waits until the second: the broker keeps them."""
SLICE_S = 0.005
"""How long messages are handled before other greenlets get the hub."""
READ_SLICE_S = 0.002
"""How long messages are read before other greenlets get the hub."""
SUBSCRIBE_DELAY_S = 0.02
"""A burst of announcements becomes one SUBSCRIBE."""
TIDY_AFTER_S = 60.0
"""Subscriptions of a former life that nobody has asked for until then are taken back."""
TICK_S, SETTLE_S, SETTLED_AFTER_S, SETTLE_AT_MOST_S = 5.0, 0.1, 0.3, 20.0
"""When nothing retained has come for a moment, all of it has been read."""


class MqttBridge(Bridge):
    """The MQTT client of the home.

    Takes `Publish`, `Subscribe`, `Unsubscribe`, `EntityGone` and `EntityRenamed` from others; `Connected`,
    `ConnectionLost`, `Drain`, `FlushSubscriptions` and `TimerFired` from itself. Owns the connection, the index of
    topics, the discovery table and one mapping an entity. A lost connection is mended inside; it fails only on its
    own mistakes.
    """

    kind = "mqtt"

    def __init__(self, home: Home, outlet: BridgeOutlet, endpoint: Endpoint) -> None:
        super().__init__(home)
        self.outlet = outlet
        self.templates = outlet.templates
        self.endpoint = endpoint
        self.discovers, prefix = discovery_settings(home)
        self.discovery = Discovery(prefix)
        self._programs = programs_of(home)
        self.book = HeardBook()
        self.received = 0
        self.complaints = Complaints()
        self.hearing: str | None = None
        """The topic of the message that is being handled: what is reported meanwhile was said there."""
        self._wrong: Incoming | None = None
        self.unpublished = 0
        self._connected = False
        self.link = Link(home, endpoint, self._hand_over, self._enqueue)
        self.reporter = Reporter(home, self.link)
        self._recent = Recent() if endpoint.is_own else None
        self._ups = 0
        self._queue: deque[Incoming] = deque()
        self._draining = False
        self._heard_at = self._connected_at = 0.0
        self._read_since = 0.0
        self._room = GreenletEvent()
        self._room.set()
        self._handlers: TopicTrie[Handler] = TopicTrie()
        self._wanted: dict[str, int] = {}
        self._fresh: dict[str, list[Handler]] = {}
        self._pending: set[str] = set()
        self._dropped: set[str] = set()
        self._flush_timer: Timer | None = None
        self._subscriptions: dict[int, tuple[str, Handler]] = {}
        self._numbers = 0
        self._following: set[tuple[str, Handler]] = set()
        self.manager = EntityManager(self, outlet)

    @property
    def failed_messages(self) -> int:
        """Messages that were not understood."""
        return self.complaints.total

    # -- Port, for the mappings --------------------------------------------------------------------------------------

    @property
    def is_native(self) -> bool:
        return self.outlet.is_native

    @property
    def connected(self) -> bool:
        return self._connected

    def listen(self, topic_filter: str, handler: Handler, qos: int) -> None:
        """Call `handler` for what arrives on the filter, retained messages first."""
        self._handlers.add(topic_filter, handler)
        self._wanted[topic_filter] = max(qos, self._wanted.get(topic_filter, 0))
        self._dropped.discard(topic_filter)
        if "+" not in topic_filter and "#" not in topic_filter:
            self._fresh.setdefault(topic_filter, []).append(handler)
        # Also when we have it already: only a new SUBSCRIBE brings the retained message to this handler.
        self._pending.add(topic_filter)
        self._flush_soon()

    def unlisten(self, topic_filter: str, handler: Handler) -> None:
        fresh = self._fresh.get(topic_filter)
        if fresh is not None and handler in fresh:
            fresh.remove(handler)
            if not fresh:
                del self._fresh[topic_filter]
        if self._handlers.remove(topic_filter, handler):
            self._wanted.pop(topic_filter, None)
            self._pending.discard(topic_filter)
            self._dropped.add(topic_filter)
            self._flush_soon()

    def _follow(self, wanted: Listen) -> None:
        """What was told while the bridge started stands in the list that it began with, too."""
        key = (wanted.topic_filter, wanted.handler)
        if key not in self._following:
            self._following.add(key)
            self.listen(*wanted)

    def timer(self, entity_id: str, name: str, serial: int, delay_s: float) -> Timer:
        return self.home.clock.after(delay_s, self.actor_ref, TimerFired(entity_id, name, serial))

    # -- Bridge ------------------------------------------------------------------------------------------------------

    def entity_ids(self) -> Iterable[str]:
        return self.manager.entity_ids()

    def figures(self) -> dict[str, Any]:
        link = self.link.figures()
        return {
            **link,
            "received": self.received,
            "unpublished": self.unpublished,
            "queued": len(self._queue),
            "filters": len(self._wanted),
            "subscribing": len(self._pending) + link["subscribing"],
            **self.reporter.figures(),
            "failed_messages": self.complaints.total,
            "failed_announcements": self.complaints.kinds["announcement"],
            "discovery": {
                "topics": self.discovery.topics,
                "received": self.discovery.figures.received,
                "repeated": self.discovery.figures.repeated,
                "malformed": self.discovery.figures.malformed,
            },
        }

    def on_start(self) -> None:
        for discovery in (*((self.discovery,) if self.discovers else ()), *self._programs):
            for topic_filter in ("+/+/config", "+/+/+/config"):
                self.listen(f"{discovery.prefix}/{topic_filter}", partial(self._on_discovery, discovery), 1)
        self.manager.take_section(self.outlet.section)
        if self.is_native:
            self.listen(STATE_FILTER, self._on_plain_state, 0)
        followers = self.home.shared.get(FOLLOWERS)
        for each in followers.all() if isinstance(followers, Followers) else ():
            self._follow(each)
        self.listen(DROPPED_TOPIC, self.reporter.heard_dropped, 0)
        if self.reporter.mirror is not None:
            self.listen(MIRRORED, self.reporter.mirror.heard, 0)
        self.link.start()
        self.home.clock.after(TICK_S, self.actor_ref, Tick())

    def release(self) -> None:
        followers = self.home.shared.get(FOLLOWERS)
        if isinstance(followers, Followers):
            followers.connection_changed(False)
        self._connected = False
        self._room.set()
        self.manager.stop()
        self.reporter.stop()
        self.link.close()

    def on_receive(self, message: Any) -> Any:
        match message:
            case Drain():
                self._work_off()
            case Publish():
                return self._publish(message)
            case Announce():
                self.handle(Incoming(message.topic, message.payload, retain=True))
            case TimerFired(entity_id, name, serial):
                self.manager.timer_fired(entity_id, name, serial)
            case EntityGone(entity_id):
                topic = self.manager.drop(entity_id)
                if topic is not None:
                    for discovery in (self.discovery, *self._programs):
                        discovery.forget(topic)
            case EntityRenamed(former_id, entity_id):
                self.manager.renamed(former_id, entity_id)
            case DebugInfo(device_id):
                return self.manager.debug_info(device_id)
            case ForgetDevice(device_id):
                for topic in self.manager.forget_device(device_id):
                    self._publish(Publish(topic, "", retain=True))
            case TakeSection(section):
                return self.manager.take_section(section)
            case FlushSubscriptions():
                self._flush()
            case Acknowledge():
                let_others_in()  # the entities' turn: their states are written then
                self.link.acknowledge()
            case Connected(generation):
                if generation == self.link.generation:
                    self._on_connected()
            case ConnectionLost(generation, reason, bad_credentials):
                if generation == self.link.generation:
                    self._on_lost(reason, bad_credentials)
            case Settle():
                self._settle()
            case Tick():
                self.home.clock.after(TICK_S, self.actor_ref, Tick())
                if self._connected:
                    self._tick()
            case Listen():
                self._follow(message)
            case Unlisten(topic_filter, handler):
                self._following.discard((topic_filter, handler))
                self.unlisten(topic_filter, handler)
            case Subscribe(topic_filter, handler, qos):
                return self._subscribe(topic_filter, handler, qos)
            case Unsubscribe(number):
                return self._unsubscribe(number)
            case _:
                raise TypeError(f"{self.path} does not take {type(message).__name__}")
        return None

    # -- the connection ----------------------------------------------------------------------------------------------

    def _hand_over(self, message: Connected | ConnectionLost) -> None:
        self.system.deliver(self.actor_ref, message)

    def _on_connected(self) -> None:
        self._connected = True
        self._connected_at = time.monotonic()
        self.status = "running"
        self.last_error = None
        self.log.info("connected", broker=self.endpoint.address, session=self.link.figures()["session"])
        self._pending = set(self._wanted)
        self._dropped.clear()
        self._flush()
        self.link.connected()
        self.link.remember(self._wanted, tidy=False)  # at once: a crash may come before the first tick
        self.reporter.connected()
        if self.link.is_scouting:
            self.home.clock.after(SETTLE_S, self.actor_ref, Settle())
        self._connection_changed()
        self._ups += 1
        if self._recent is not None and self._ups > 1:
            self._recent.came_back()

    def _newest(self, message: Incoming, recent: Recent) -> Incoming:
        """The message, or what is known to be newer when our broker was killed and remembers less than we do."""
        if not message.retain:
            recent.note(message)
        elif recent.guards and (payload := recent.newer(message)) is not None:
            self.link.say(message.topic, payload, message.qos, True)  # before its device is back: that is slower
            return Incoming(message.topic, payload, message.qos, True)
        return message

    def _on_lost(self, reason: str, bad_credentials: bool) -> None:
        if self.status == "starting" and not bad_credentials:
            self.log.debug("no broker yet", reason=reason)  # ours may need a second; `last_error` has it for longer
        elif reason != self.last_error:
            self.log.warning("no broker", reason=reason)
        self.note_error(reason)
        self.link.lost(bad_credentials)
        self.status = "degraded" if self.status in ("running", "degraded") else "starting"
        if self._connected:
            self._connected = False
            self._connection_changed()

    def _connection_changed(self) -> None:
        """Tell everybody whose entities hang on the connection."""
        self.manager.connection_changed()
        followers = self.home.shared.get(FOLLOWERS)
        if isinstance(followers, Followers):
            followers.connection_changed(self._connected)

    def _settle(self) -> None:
        """Take up the session once what is retained has been read."""
        if not self.link.is_scouting or not self._connected:
            return
        now = time.monotonic()
        quiet = not self._queue and not self._pending and not self.link.figures()["subscribing"]
        quiet = quiet and now - max(self._heard_at, self._connected_at) > SETTLED_AFTER_S
        if quiet or now - self._connected_at > SETTLE_AT_MOST_S:
            self.link.go_on()
        else:
            self.home.clock.after(SETTLE_S, self.actor_ref, Settle())

    def _tick(self) -> None:
        self.reporter.tick()
        has_settled = time.monotonic() - self._connected_at > TIDY_AFTER_S
        self.link.remember(self._wanted, tidy=has_settled)
        if has_settled and self.reporter.mirror is not None and MIRRORED in self._wanted:
            self.unlisten(MIRRORED, self.reporter.mirror.heard)  # or our own messages would come back for ever

    def _publish(self, message: Publish) -> None:
        try:
            check_publish_topic(message.topic)
            self.link.publish(message.topic, message.payload, message.qos, message.retain)
        except (MargeError, ValueError) as exc:
            if message.must:
                raise
            self.unpublished += 1
            self.log.warning("not published", topic=message.topic, reason=str(exc))

    # -- subscriptions -----------------------------------------------------------------------------------------------

    def _subscribe(self, topic_filter: str, handler: Any, qos: int) -> int:
        check_filter(topic_filter)
        self._numbers += 1
        self._subscriptions[self._numbers] = (topic_filter, handler)
        self.listen(topic_filter, handler, qos)
        return self._numbers

    def _unsubscribe(self, number: int) -> bool:
        found = self._subscriptions.pop(number, None)
        if found is None:
            return False
        self.unlisten(*found)
        return True

    def _flush_soon(self) -> None:
        if self._flush_timer is None and self._connected:
            self._flush_timer = self.home.clock.after(SUBSCRIBE_DELAY_S, self.actor_ref, FlushSubscriptions())

    def _flush(self) -> None:
        self._flush_timer = None
        if not self._connected:
            return
        if self._dropped:
            dropped, self._dropped = self._dropped, set()
            self.link.unsubscribe(sorted(dropped))
        if self._pending:
            pending, self._pending = self._pending, set()  # others get turns meanwhile and may want more
            self.link.subscribe([(topic_filter, self._wanted[topic_filter]) for topic_filter in sorted(pending)])

    # -- messages in -------------------------------------------------------------------------------------------------

    def _enqueue(self, heard: Heard) -> None:
        """In paho's greenlet. Waits while too much is queued, so that the broker keeps the rest."""
        if not self.link.wants(heard):
            return
        self._queue.append(Incoming(heard.topic, heard.payload, heard.qos, heard.retain))
        now = time.perf_counter()
        if now - self._read_since > READ_SLICE_S:
            # Reading a socket that has data never waits: without this a burst of 10,000 messages held the hub 0.4 s.
            let_others_in()
            self._read_since = time.perf_counter()
        if not self._draining:
            self._draining = True
            self.system.deliver(self.actor_ref, Drain())
        if len(self._queue) > QUEUE_HIGH:
            self._room.clear()
            self._room.wait()

    def _work_off(self) -> None:
        """Handle what is queued for a slice; then everybody else gets a turn, our own mailbox included."""
        queue = self._queue
        until = time.perf_counter() + SLICE_S
        while queue:
            message = queue.popleft()
            self.handle(message)
            if message.qos:
                self.link.handled()
            if time.perf_counter() > until:
                break
        self._heard_at = time.monotonic()
        if self.link.owes:
            self.actor_ref.tell(Acknowledge())
        if len(queue) < QUEUE_LOW and not self._room.is_set():
            self._room.set()
        if queue:
            self.actor_ref.tell(Drain())
            let_others_in()
        else:
            self._draining = False

    def handle(self, message: Incoming) -> None:
        """Give one message to everybody who listens to its topic."""
        self.received += 1
        if self._recent is not None:
            message = self._newest(message, self._recent)
        topic = message.topic
        fresh = self._fresh.pop(topic, None)
        if message.retain and self.book.repeats(message):
            # Somebody new listens to a topic that others have listened to for long: 10,000 entities may share one.
            handlers = [*(fresh or ()), *self._handlers.match_wild(topic)]
        else:
            handlers = self._handlers.match(topic)
        self.book.note(message)
        self.hearing = sys.intern(topic)  # one copy, though each state keeps it that came from there
        for handler in handlers:
            try:
                handler(message)
            except Exception as exc:  # noqa: BLE001 - the border of one message and one listener
                self.complain(message, exc)
        self.hearing = None
        if self.complaints and self._wrong is not message:
            self.complaints.understood(message.topic)

    def complain(self, message: Incoming, error: Exception) -> None:
        """The message was not understood, or not in full."""
        self._wrong = message
        self.complaints.note(message, error, time.monotonic())

    # -- discovery ---------------------------------------------------------------------------------------------------

    def _on_discovery(self, discovery: Discovery, message: Incoming) -> None:
        """One component that is wrong keeps none of the others of its device from being there."""
        wrong: DiscoveryError | None = None
        actions = discovery.feed(message.topic, message.payload)
        if not actions:
            self._wrong = message  # nothing new: what was complained about stands
        for action in actions:
            match action:
                case Withdrawn(key, migrate):
                    self.manager.withdraw(key, migrate=migrate)
                case Announced():
                    try:
                        self.manager.announce(action)
                    except (vol.Invalid, DiscoveryError) as exc:
                        if isinstance(exc, vol.Invalid):
                            discovery.figures.malformed += 1
                            exc = DiscoveryError(f"{action.key.component} {action.key.discovery_id}: {exc}")
                        wrong = wrong or exc
        if wrong is not None:
            raise wrong

    def _on_plain_state(self, message: Incoming) -> None:
        if message.retain and self._ups > 1:
            return  # the broker is back: what was said before it went must not undo what has happened since
        write_state(self.home, message)
