"""Replies that are put off to the end of a round, and clients that do not take them. `marge.http.sockets`."""

import base64
import contextlib
import os
import socket
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import gevent

from marge.http.limits import KB, Limits
from marge.http.sockets import PUT_OFF_S, Outbox
from marge.util.breathe import let_others_in
from tests.http.support import RawClient, running
from tests.support.waiting import until

AUTH = b"Authorization: Bearer good\r\n"
HELLO = b"GET /api/ HTTP/1.1\r\n" + AUTH + b"\r\n"


class Recorded:
    """Stands in for a channel."""

    def __init__(self) -> None:
        self.flushed = 0

    def flush(self) -> None:
        self.flushed += 1


@contextlib.contextmanager
def crowded(limits: Limits | None = None) -> Iterator[Any]:
    """A server on which nobody is ever alone, so that each reply is put off."""
    with running(limits=limits) as server:
        server.outbox.is_alone = lambda: False
        yield server


def echo(body: bytes) -> bytes:
    return b"POST /api/echo HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def bodies(count: int, size: int) -> list[bytes]:
    return [b"%06d" % number + b"x" * size for number in range(count)]


def small_buffers(client: RawClient) -> None:
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * KB)


def test_those_of_one_round_are_written_at_its_end():
    outbox, channels = Outbox(), [Recorded() for _ in range(3)]
    for each in channels:
        outbox.add(each)
    assert [each.flushed for each in channels] == [0, 0, 0]
    gevent.sleep(0)
    assert [each.flushed for each in channels] == [1, 1, 1]


def test_who_asks_alone_is_told_so():
    """The first of a round, when the one before had no more than one."""
    outbox = Outbox()
    assert outbox.is_alone()
    assert not outbox.is_alone()
    let_others_in()
    assert not outbox.is_alone()
    let_others_in()
    assert outbox.is_alone()


def test_a_long_round_does_not_keep_them():
    outbox, first, second = Outbox(), Recorded(), Recorded()
    outbox.add(first)
    until_s = time.monotonic() + 2 * PUT_OFF_S
    while time.monotonic() < until_s:
        pass  # a handler that computes
    outbox.add(second)
    assert (first.flushed, second.flushed) == (1, 1)
    gevent.sleep(0)
    assert (first.flushed, second.flushed) == (1, 1)


def test_a_slow_reader_gets_all_in_order():
    """More than the system's buffers hold, sent in one piece and in many."""
    wanted = bodies(300, 50 * KB)
    for pieces in ([b"".join(map(echo, wanted))], [echo(each) for each in wanted]):
        with crowded() as server, RawClient(server) as client:
            small_buffers(client)
            sender = gevent.spawn(deque, map(client.send, pieces), 0)
            gevent.sleep(0.2)
            assert [client.reply()[2] for _ in wanted] == wanted
            sender.join(60)
            assert client.ask(HELLO)[0] == 200


def test_who_takes_nothing_is_dropped_and_keeps_nobody_waiting():
    with crowded(limits=Limits(write_s=0.5)) as server, RawClient(server) as deaf, RawClient(server) as other:
        small_buffers(deaf)

        def send() -> None:
            try:
                while True:
                    deaf.send(echo(b"x" * 50 * KB))
            except OSError:
                pass  # dropped, as it should be

        sender = gevent.spawn(send)
        until(lambda: server.connections() == 2)
        while server.connections() == 2:
            assert other.ask(HELLO)[0] == 200
            gevent.sleep(0.01)
        sender.join(60)
        assert server.connections() == 1


def test_who_asks_no_more_and_reads_late_gets_the_rest():
    """Nothing that comes from it tells the server to go on. Its idle time counts from then."""
    with crowded(limits=Limits(idle_s=1.0)) as server, RawClient(server) as client:
        small_buffers(client)
        sent: list[bytes] = []
        until(lambda: server.connections() == 1)
        (connection,) = server._open
        while not connection._is_writing:  # because it is stuck
            sent.append(b"%06d" % len(sent) + b"x" * 50 * KB)
            client.send(echo(sent[-1]))
            until(lambda: connection._parser.begun == len(sent) and not connection._plain.has_unsent)
        assert [client.reply()[2] for _ in sent] == sent
        assert client.is_closed()


def test_who_stops_sending_gets_what_was_asked_for():
    wanted = bodies(100, 50 * KB)
    with crowded() as server, RawClient(server) as client:
        small_buffers(client)

        def send() -> None:
            client.send(b"".join(map(echo, wanted)))
            client.sock.shutdown(socket.SHUT_WR)

        sender = gevent.spawn(send)
        assert [client.reply()[2] for _ in wanted] == wanted
        sender.join(60)
        assert client.is_closed()


def test_a_reply_comes_before_what_follows_an_upgrade():
    key = base64.b64encode(os.urandom(16))
    upgrade = (
        b"GET /api/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % key
    )
    with crowded() as server, RawClient(server) as client:
        client.send(HELLO + HELLO + upgrade)
        assert [client.reply()[0], client.reply()[0]] == [200, 200]
        assert client.reply(has_body=False)[0] == 101


def test_the_last_reply_is_behind_those_that_were_put_off():
    with crowded() as server, RawClient(server) as client:
        client.send(HELLO + HELLO + b"GET /api/large?size=3000000 HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert [client.reply()[0], client.reply()[0]] == [200, 200]
        assert len(client.reply()[2]) == 3_000_000
        assert client.is_closed()
