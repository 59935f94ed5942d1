"""Runs a fleet of simulated devices on one MQTT connection. Not here: what they say."""

from __future__ import annotations

import heapq
import itertools
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import click
import paho.mqtt.client as paho
import structlog

from marge.simulate.messages import Effects, Later, Message

log = structlog.get_logger("marge.simulate")

INBOX_LIMIT = 50_000
"""Messages that wait to be read; what comes when it is full is dropped and counted."""
TIMERS_LIMIT = 50_000
BEAT_S = 0.25
KEEPALIVE_S = 30
GOODBYE_S = 5.0


class Fleet(Protocol):
    """What a family of devices says and answers. One loop feeds it; nothing that arrives may make it raise."""

    name: str

    @property
    def subscriptions(self) -> Sequence[str]: ...

    @property
    def will(self) -> Message: ...

    def announce(self) -> Effects:
        """The connection is there: everything that is said then."""

    def receive(self, topic: str, payload: bytes) -> Effects:
        """A message came."""

    def report(self) -> Effects:
        """The next regular report of one device."""

    def farewell(self) -> list[Message]:
        """The last words."""


def options(default_devices: int, most: int) -> Callable[[Any], Any]:
    """The options that all fleets have."""

    def add(function: Any) -> Any:
        for option in reversed(
            (
                click.option("--host", default="127.0.0.1", show_default=True, help="Host of the MQTT broker."),
                click.option(
                    "--port", default=1884, show_default=True, envvar="MARGE_MQTT_PORT", help="Port of the MQTT broker."
                ),
                click.option("--username", default=None, help="User name for the broker."),
                click.option(
                    "--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                    help="File whose first line is the password for the broker.",
                ),
                click.option(
                    "--devices", default=default_devices, show_default=True, type=click.IntRange(1, most),
                    help="How many devices there are.",
                ),
                click.option(
                    "--rate", default=0.0, show_default=True, type=click.FloatRange(0, 50_000),
                    help="Reports a second, of all devices in turn; 0: only when something changes.",
                ),
                click.option("--seed", default=1, show_default=True, help="The same seed gives the same values."),
                click.option(
                    "--exit-with-parent", is_flag=True, help="End when the process that started this one is gone."
                ),
            )
        ):  # fmt: skip
            function = option(function)
        return function

    return add


class FleetRunner:
    """One loop in the thread that calls `run`; paho's thread only fills its inbox."""

    def __init__(
        self, fleet: Fleet, host: str, port: int, username: str | None, password: str | None, rate: float,
        exit_with_parent: bool,
    ) -> None:  # fmt: skip
        self.fleet = fleet
        self.dropped = 0
        self._broker = (host, port)
        self._where = f"{host}:{port}"
        self._pause = 1 / rate if rate > 0 else None
        self._inbox: queue.Queue[Callable[[], Effects]] = queue.Queue(INBOX_LIMIT)
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
        self._client.connect_async(*self._broker, keepalive=KEEPALIVE_S)
        self._client.loop_start()
        due = time.monotonic()
        try:
            while not self._stopping.is_set() and (self._parent is None or os.getppid() == self._parent):
                self._step(due)
                now = time.monotonic()
                if self._pause is not None:
                    due = max(due, now - 1.0)  # what was missed for longer is not made up for
                    while due <= now:
                        due += self._pause
                        self._perform(self.fleet.report())
        finally:
            self._goodbye()

    def _step(self, due: float) -> None:
        until = time.monotonic() + BEAT_S
        if self._timers:
            until = min(until, self._timers[0][0])
        if self._pause is not None:
            until = min(until, due)
        try:
            work = self._inbox.get(timeout=max(until - time.monotonic(), 0.0005))
        except queue.Empty:
            pass
        else:
            self._perform(work())
        while self._timers and self._timers[0][0] <= time.monotonic():
            self._perform(list(heapq.heappop(self._timers)[2].run()))

    def _perform(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, Message):
                if self._connected:
                    self._client.publish(effect.topic, effect.payload, effect.qos, effect.retain)
            elif len(self._timers) < TIMERS_LIMIT:
                heapq.heappush(self._timers, (time.monotonic() + effect.delay_s, next(self._order), effect))
            else:
                self.dropped += 1

    def _came(self) -> Effects:
        self._connected = True
        log.info("connected", broker=self._where, family=self.fleet.name)
        filters = [(each, 1) for each in self.fleet.subscriptions]
        for start in range(0, len(filters), 500):
            self._client.subscribe(filters[start : start + 500])
        return self.fleet.announce()

    def _went(self) -> Effects:
        if self._connected:
            self._connected = False
            log.warning("connection lost", broker=self._where)
        return []

    def _goodbye(self) -> None:
        if self._connected:
            sent = [self._client.publish(m.topic, m.payload, m.qos, m.retain) for m in self.fleet.farewell()]
            deadline = time.monotonic() + GOODBYE_S
            for each in sent:
                try:
                    each.wait_for_publish(max(deadline - time.monotonic(), 0.0))
                except (RuntimeError, ValueError) as error:
                    log.warning("no farewell", reason=str(error))
                    break
        self._client.disconnect()
        self._client.loop_stop()

    def _make_client(self, username: str | None, password: str | None) -> paho.Client:
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=f"marge_simulator_{self.fleet.name}"[:60])
        will = self.fleet.will
        client.will_set(will.topic, will.payload, will.qos, will.retain)
        if username:
            client.username_pw_set(username, password)
        client.max_queued_messages_set(0)
        client.max_inflight_messages_set(200)
        client.reconnect_delay_set(min_delay=1, max_delay=10)
        client.on_connect = self._on_connect
        client.on_disconnect = lambda *_: self._put(self._went)
        client.on_message = self._on_message
        return client

    # paho's thread

    def _on_connect(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            log.error("the broker refuses the connection", broker=self._where, reason=str(reason))
        else:
            self._put(self._came)

    def _on_message(self, client: Any, userdata: Any, message: paho.MQTTMessage) -> None:
        if not message.retain:  # a retained command is an order of yesterday
            topic, payload = message.topic, bytes(message.payload)
            self._put(lambda: self.fleet.receive(topic, payload))

    def _put(self, work: Callable[[], Effects]) -> None:
        try:
            self._inbox.put_nowait(work)
        except queue.Full:
            self.dropped += 1


def run_fleet(
    fleet: Fleet, *, host: str, port: int, username: str | None, password_file: Path | None, rate: float,
    exit_with_parent: bool,
) -> None:  # fmt: skip
    """Run a fleet until SIGTERM or SIGINT. Call it from the main thread."""
    password = password_file.read_text(encoding="utf-8").partition("\n")[0].strip() if password_file else None
    runner = FleetRunner(fleet, host, port, username, password, rate, exit_with_parent)

    def on_signal(number: int, frame: FrameType | None) -> None:
        runner.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    runner.run()
