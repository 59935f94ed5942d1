"""How Marge's amqtt passes messages on: to whom, in which order, and what a publisher's acknowledgement means."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from amqtt.mqtt.publish import PublishPacket
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.broker.accounts import Accounts
from marge.bridges.broker.amqtt_broker import Subscriptions, publish_packet
from marge.bridges.broker.amqtt_plugins import matches
from tests.bridges.mqtt.wire import Device
from tests.support.broker import free_port
from tests.support.mqtt_client import Client
from tests.support.waiting import until

LEVEL = st.sampled_from(["a", "b", "+", "c"])
FILTERS = st.lists(st.lists(LEVEL, min_size=1, max_size=3).map("/".join) | st.sampled_from(["#", "a/#"]), max_size=8)
TOPICS = st.lists(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map("/".join), max_size=6)


@given(FILTERS, FILTERS, TOPICS)
def test_who_wants_a_message_is_who_subscribed_to_it(added: list[str], removed: list[str], topics: list[str]) -> None:
    """As comparing with each filter would say; once a client, at its best QoS; also after filters went."""
    wanted = Subscriptions()
    for number, topic_filter in enumerate(added):
        wanted.setdefault(topic_filter, [])
        wanted[topic_filter] = [*wanted[topic_filter], (SimpleNamespace(client_id=str(number % 3)), number % 2)]
    for _ in range(2):
        for topic in topics:
            expected: dict[str, int] = {}
            for topic_filter, sessions in wanted.items():
                for session, qos in sessions if matches(topic_filter, topic) else ():
                    expected[session.client_id] = max(qos, expected.get(session.client_id, 0))
            assert {client: qos for client, (_session, qos) in wanted.of(topic).items()} == expected
        for topic_filter in set(removed) & wanted.keys():
            del wanted[topic_filter]


@given(st.text(min_size=1, max_size=40).filter(lambda text: not {"+", "#"} & set(text)), st.binary(max_size=300))
def test_a_message_is_written_as_the_standard_says(topic: str, data: bytes) -> None:
    """The same bytes as amqtt's own packets, which are slower to make."""
    assert publish_packet(topic, data) == PublishPacket.build(topic, data, None, False, 0, False).to_bytes()


class Running:
    """The program, with an account for Marge and everybody let in."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        accounts = Accounts(anonymous=True)
        (folder / "passwords").write_text(accounts.password_file())
        (folder / "acl").write_text(accounts.acl_file())
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "marge.bridges.broker.amqtt_child", "--port", str(self.port),
             "--passwords", str(self._folder / "passwords"), "--acl", str(self._folder / "acl"),
             "--state-dir", str(self._folder)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None and "listens" in process.stdout.readline()
        return process

    def save(self) -> None:
        os.kill(self.process.pid, signal.SIGUSR1)

    def end(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.communicate(timeout=30)

    def again(self) -> None:
        self.process = self._start()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    found = Running(tmp_path_factory.mktemp("amqtt"))
    yield found
    found.end(signal.SIGKILL)


@contextmanager
def raw(running: Running, name: str) -> Iterator[socket.socket]:
    """A connection whose bytes are the test's own."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as sock:
        sock.sendall(b"\x10" + bytes((12 + len(name),)) + b"\x00\x04MQTT\x04\x02\x00\x00" + _text(name))
        assert sock.recv(4) == b"\x20\x02\x00\x00"
        yield sock


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text)) + text.encode()


def _subscribe(topic: str, qos: int) -> bytes:
    body = b"\x00\x01" + _text(topic) + bytes((qos,))
    return b"\x82" + bytes((len(body),)) + body


def _read(sock: socket.socket, wanted: int) -> bytes:
    data = b""
    while len(data) < wanted:
        piece = sock.recv(wanted - len(data))
        assert piece, f"closed after {data!r}"
        data += piece
    return data


def test_who_subscribes_and_publishes_at_once_hears_it(running: Running) -> None:
    """Both in one packet of TCP: the subscription counts for what stands behind it."""
    message = publish_packet("own/x", b"1")
    with raw(running, "own") as sock:
        sock.sendall(_subscribe("own/#", 0) + message + publish_packet("own/x", b"2"))
        data = _read(sock, 5 + 2 * len(message))
    assert data == b"\x90\x03\x00\x01\x00" + message + publish_packet("own/x", b"2")


def test_overlapping_filters_bring_a_message_once(running: Running) -> None:
    """At the best QoS of those that match, and never at a better one than it was sent with."""
    device = Client(running.port)
    with raw(running, "overlap") as sock:
        for topic, qos in (("over/#", 0), ("over/+", 1), ("over/x", 0)):
            sock.sendall(_subscribe(topic, qos))
            assert _read(sock, 5)[:1] == b"\x90"
        device.publish("over/x", "low", qos=0)
        device.publish("over/y/z", "end", qos=0)
        wanted = publish_packet("over/x", b"low") + publish_packet("over/y/z", b"end")
        assert _read(sock, len(wanted)) == wanted
    device.close()


def test_messages_of_a_client_arrive_in_order(running: Running) -> None:
    """A thousand, through the index and past subscriptions that are being made."""
    reader = Device("127.0.0.1", running.port)
    with raw(running, "order") as sock:
        for number in range(1_000):
            if number % 100 == 50:
                sock.sendall(_subscribe(f"order/{number}", 0))
            sock.sendall(publish_packet("order/x", b"%d" % number))
        until(lambda: len([each for each in reader.received if each[0] == "order/x"]) == 1_000)
    assert [int(each[1]) for each in reader.received if each[0] == "order/x"] == list(range(1_000))
    reader.close()


@pytest.mark.parametrize("topic", ["a/+/b", "a/#", "$SYS/broker/clients", ""])
def test_a_topic_that_cannot_be_reaches_nobody(running: Running, topic: str) -> None:
    """Wildcards, the broker's own topics, none at all: the others go on."""
    reader = Client(running.port).subscribe("#", "$SYS/#")
    with raw(running, "wild") as sock:
        sock.sendall(publish_packet(topic, b"nonsense"))
        device = Client(running.port)
        device.publish("still/here", "yes")
        until(lambda: any(each[:2] == ("still/here", "yes") for each in reader.received))
    assert not any(each[1] == "nonsense" for each in reader.received)
    device.close()
    reader.close()


def test_who_does_not_read_misses_what_is_beyond_the_bound(running: Running) -> None:
    """The others get everything, and the broker says how many messages it threw away, where mosquitto says it."""
    counter = Client(running.port).subscribe("$SYS/broker/publish/messages/dropped")
    other = Client(running.port).subscribe("big/#", qos=0)
    with raw(running, "lazy") as lazy, raw(running, "sender") as sender:
        lazy.sendall(_subscribe("big/#", 0))
        assert _read(lazy, 5)[:1] == b"\x90"
        for _ in range(100):
            sender.sendall(publish_packet("big/x", b"x" * 1_000_000))
        until(lambda: len(other.received) == 100, what="all of them")
        until(lambda: counter.received, what="the count")
        assert 0 < int(counter.received[-1][1]) < 100
    counter.close()
    other.close()


@pytest.mark.parametrize("qos", [0, 1])
def test_what_is_acknowledged_was_passed_on_when_the_broker_is_killed(tmp_path: Path, qos: int) -> None:
    """Of a flood at QoS 1 that a `kill -9` ends, readers have all that the publisher believes to be delivered."""
    running = Running(tmp_path)
    with raw(running, "reader") as reader, raw(running, "flood") as sock:
        reader.sendall(_subscribe("flood", qos))
        assert _read(reader, 5)[:1] == b"\x90"
        for number in range(1, 3_001):
            body = _text("flood") + struct.pack("!H", number) + b"%d" % number
            sock.sendall(b"\x32" + bytes((len(body),)) + body)
        acknowledged = len(_read(sock, 4 * 500)) // 4
        running.end(signal.SIGKILL)
        acknowledged += len(_rest(sock)) // 4
        assert _rest(reader).count(b"flood") >= acknowledged >= 500


def _rest(sock: socket.socket) -> bytes:
    """What there is until the connection's end."""
    data = b""
    try:
        while piece := sock.recv(65_536):
            data += piece
    except ConnectionResetError:
        pass  # the end of a process that had something unread
    return data


def test_what_is_saved_beside_the_messages_is_there_after_a_kill(tmp_path: Path) -> None:
    """Saved in turns: what changed and what went since the last time, too."""
    running = Running(tmp_path)
    device = Client(running.port)
    for number in range(500):
        device.publish(f"kept/{number}", "old", retain=True)
    file = tmp_path / "retained.jsonl"
    running.save()
    until(lambda: file.exists() and file.read_text().count("\n") == 499)
    device.publish("kept/7", "new", retain=True)
    device.publish("kept/8", "", retain=True)
    running.save()
    until(lambda: file.read_text().count("\n") == 498)
    running.end(signal.SIGKILL)
    device.close()
    running.again()
    late = Client(running.port).subscribe("kept/#")
    until(lambda: len(late.received) == 499)
    kept: dict[str, Any] = {topic: payload for topic, payload, *_ in late.received}
    assert kept["kept/7"] == "new" and kept["kept/9"] == "old" and "kept/8" not in kept
    late.close()
    running.end()
