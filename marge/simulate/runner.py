"""Runs the simulated network: the broker connection, the timers, the signals. What is said stands in `network`."""

from __future__ import annotations

import heapq
import itertools
import os
import queue
import signal
import threading
import time
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, NamedTuple

import paho.mqtt.client as paho
import structlog

from marge.simulate.announce import bridge_state
from marge.simulate.house import demo_house
from marge.simulate.memory import Memory
from marge.simulate.messages import Effects, Later, Message
from marge.simulate.network import Network

log = structlog.get_logger("marge.simulate")

INBOX_LIMIT = 10_000
"""Messages that wait to be read. What comes when it is full is dropped and counted, as a real radio would."""
TIMERS_LIMIT = 10_000
"""Commands whose echo is still to come."""
BEAT_S = 0.25
"""How soon a signal or the end of the parent is noticed."""
FLOW_S = 0.02
"""At a high rate, reports go out in bundles this far apart."""
SAVE_S = 0.25
"""The states are written at most this often, and only when they changed."""
KEEPALIVE_S = 30
GOODBYE_S = 2.0
"""How long the last message may take to leave."""


class _Received(NamedTuple):
    topic: str
    payload: bytes


class _Connected(NamedTuple):
    """The broker took the connection (again)."""


class _Lost(NamedTuple):
    reason: str


class Runner:
    """One loop in the thread that calls `run`; paho's thread only fills its inbox."""

    def __init__(
        self,
        network: Network,
        host: str,
        port: int,
        username: str | None = None,
        password: str | None = None,
        drift_s: float = 60.0,
        exit_with_parent: bool = False,
        memory: Memory | None = None,
        rate: float = 0.0,
    ) -> None:
        self.network = network
        self.host = host
        self.port = port
        self.drift_s = drift_s
        self.rate = rate
        self.dropped = 0
        self._memory = memory
        self._next_save = 0.0
        self._inbox: queue.Queue[_Received | _Connected | _Lost] = queue.Queue(INBOX_LIMIT)
        self._flowed = time.monotonic()
        self._timers: list[tuple[float, int, Later]] = []
        self._order = itertools.count()
        self._stopping = threading.Event()
        self._connected = False
        self._parent = os.getppid() if exit_with_parent else None
        self._client = self._make_client(username, password)

    def stop(self) -> None:
        """End `run` soon. From any thread or signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Speak and listen until `stop`. The broker may come later, go and come back."""
        self._client.connect_async(self.host, self.port, keepalive=KEEPALIVE_S)
        self._client.loop_start()
        next_drift = time.monotonic() + self.drift_s
        try:
            while not self._stopping.is_set() and not self._orphaned():
                self._step()
                self._flow()
                if self.drift_s > 0 and time.monotonic() >= next_drift:
                    next_drift = time.monotonic() + self.drift_s
                    self._perform(list(self.network.drift()))
                self._remember()
        finally:
            self._next_save = 0.0
            self._remember()
            self._goodbye()

    def _flow(self) -> None:
        """Send the reports that are due at `rate`; none are made up for while there was no broker."""
        if not self.rate:
            return
        now = time.monotonic()
        due = int((now - self._flowed) * self.rate)
        if due > 0:
            self._flowed = now if due > self.rate else self._flowed + due / self.rate
            if self._connected:
                self._perform(list(self.network.traffic(min(due, int(self.rate) + 1))))

    def _step(self) -> None:
        wait = min(BEAT_S, self.drift_s or BEAT_S)
        if self.rate:
            wait = min(wait, max(FLOW_S, 1.0 / self.rate))
        if self._timers:
            wait = max(0.0, min(wait, self._timers[0][0] - time.monotonic()))
        try:
            item = self._inbox.get(timeout=wait) if wait > 0 else self._inbox.get_nowait()
        except queue.Empty:
            pass
        else:
            self._handle(item)
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            self._perform(list(heapq.heappop(self._timers)[2].run()))

    def _handle(self, item: _Received | _Connected | _Lost) -> None:
        if isinstance(item, _Received):
            self._perform(self.network.receive(item.topic, item.payload))
        elif isinstance(item, _Connected):
            self._connected = True
            log.info("connected", broker=f"{self.host}:{self.port}", devices=len(self.network.house.devices))
            for topic_filter in self.network.subscriptions:
                self._client.subscribe(topic_filter, qos=1)
            self._perform(list(self.network.announce()))
        elif self._connected:
            self._connected = False
            log.warning("connection lost", broker=f"{self.host}:{self.port}", reason=item.reason)

    def _perform(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, Message):
                self._publish(effect)
            elif len(self._timers) < TIMERS_LIMIT:
                heapq.heappush(self._timers, (time.monotonic() + effect.delay_s, next(self._order), effect))
            else:
                self.dropped += 1

    def _publish(self, message: Message) -> None:
        # Without a broker nothing is kept for later: connecting again announces the whole house.
        if self._connected:
            self._client.publish(message.topic, message.payload, message.qos, message.retain)

    def _remember(self) -> None:
        if self._memory is not None and time.monotonic() >= self._next_save:
            self._next_save = time.monotonic() + SAVE_S
            self._memory.save(self.network.house)

    def _goodbye(self) -> None:
        if self._connected:
            for message in self.network.farewell():
                sent = self._client.publish(message.topic, message.payload, message.qos, message.retain)
                try:
                    sent.wait_for_publish(GOODBYE_S)
                except (RuntimeError, ValueError) as error:
                    log.warning("no farewell", reason=str(error))
        self._client.disconnect()
        self._client.loop_stop()

    def _orphaned(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent

    def _make_client(self, username: str | None, password: str | None) -> paho.Client:
        # A second simulated house on one broker takes the first one's place instead of speaking at the same time.
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=f"marge_simulator_{self.network.base}"[:60])
        will = bridge_state(self.network.base, online=False)
        client.will_set(will.topic, will.payload, will.qos, will.retain)
        if username:
            client.username_pw_set(username, password)
        # What is announced at QoS 1 waits for its turn all at once.
        client.max_queued_messages_set(INBOX_LIMIT + 4 * len(self.network.house.devices))
        client.max_inflight_messages_set(100)
        client.reconnect_delay_set(min_delay=1, max_delay=10)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    # paho's thread

    def _on_connect(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            log.error("the broker refuses the connection", broker=f"{self.host}:{self.port}", reason=str(reason))
        else:
            self._put(_Connected())

    def _on_disconnect(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._put(_Lost(str(reason)))

    def _on_message(self, client: Any, userdata: Any, message: paho.MQTTMessage) -> None:
        if not message.retain:  # a retained command is an order of yesterday
            self._put(_Received(message.topic, bytes(message.payload)))

    def _put(self, item: _Received | _Connected | _Lost) -> None:
        try:
            self._inbox.put_nowait(item)
        except queue.Full:
            self.dropped += 1


def run_simulator(
    host: str = "127.0.0.1",
    port: int = 1883,
    username: str | None = None,
    password: str | None = None,
    seed: int = 1,
    drift_s: float = 60.0,
    base_topic: str = "zigbee2mqtt",
    discovery_prefix: str = "homeassistant",
    exit_with_parent: bool = False,
    state_file: Path | None = None,
) -> None:
    """Run the simulated house against a broker until SIGTERM or SIGINT. Call it from the main thread.

    Args:
        seed: the same seed gives the same drift and the same delays.
        drift_s: seconds between two ticks of the sensors' drift; 0: they never drift.
        exit_with_parent: end when the process that started this one is gone.
        state_file: where lamps, locks and the like remember their states; None: every start is a house at rest.
    """
    network = Network(demo_house(), Random(seed), base_topic, discovery_prefix)
    memory = Memory(state_file) if state_file is not None else None
    if memory is not None:
        memory.restore(network.house)
    runner = Runner(network, host, port, username, password, drift_s, exit_with_parent, memory)

    def on_signal(number: int, frame: FrameType | None) -> None:
        runner.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    runner.run()
