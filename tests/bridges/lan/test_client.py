"""HTTP to devices: good answers, and all that a stranger at the other end can do. Real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent
import pytest

from marge.bridges.lan.address import Address
from marge.bridges.lan.client import MAX_REPLY, LanClient
from marge.errors import CredentialsNeeded, Unreachable


@contextmanager
def peer(talk: Callable[[socket.socket], None]) -> Iterator[Address]:
    """Something that listens; `talk` has the connection once a request's head has come."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            gevent.spawn(one, connection)

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65_536)
                talk(connection)
            except OSError:
                return  # the client has had enough

    server = gevent.spawn(serve)
    try:
        yield Address("127.0.0.1", listener.getsockname()[1])
    finally:
        server.kill()
        listener.close()


def says(head: str, body: bytes = b"") -> Callable[[socket.socket], None]:
    """Sends this."""
    length = "" if "Length" in head or "chunked" in head else f"\r\nContent-Length: {len(body)}"
    return lambda connection: connection.sendall(f"HTTP/1.1 {head}{length}\r\n\r\n".encode() + body)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def dripping(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        gevent.sleep(0.02)


def test_json_is_read() -> None:
    """The plain case."""
    with peer(says("200 OK", b'{"a": [1]}')) as address:
        assert LanClient(address).get_json("/x", on="1 &") == {"a": [1]}


def test_a_redirect_is_not_followed() -> None:
    """A device has no business sending us elsewhere."""
    with peer(says("302 Found\r\nLocation: http://127.0.0.1:1/")) as address:
        assert LanClient(address).request("GET", "/").status == 302
        with pytest.raises(Unreachable, match="status 302"):
            LanClient(address).get_json("/")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_refusal_is_told_apart(status: str) -> None:
    """A person has to act then; waiting does not help."""
    with peer(says(status)) as address, pytest.raises(CredentialsNeeded):
        LanClient(address).get_json("/")


@pytest.mark.parametrize(
    "talk",
    [
        says("200 OK", b"<html>secret words</html>"),
        says("500 secret words", b"secret words"),
        says("200 OK\r\nContent-Length: 10", b"short"),
        says("200 OK\r\nContent-Encoding: gzip", b"\x1f\x8b" + b"\0" * 50),
        says("200 OK\r\nTransfer-Encoding: chunked", b"secret\r\n"),
        says("secret words"),
        lambda connection: connection.sendall(b"secret words" * 10_000),
        lambda connection: connection.close(),
        endless,
    ],
)
def test_a_bad_answer_is_an_error_without_the_other_sides_words(talk: Callable[[socket.socket], None]) -> None:
    """Whatever it sends: one kind of error, at once, and nothing of it is repeated."""
    with peer(talk) as address, pytest.raises(Unreachable) as caught:
        LanClient(address).get_json("/")
    assert "secret" not in str(caught.value)


def test_a_reply_that_is_too_long_is_cut_off() -> None:
    """Memory is bounded."""
    with peer(says("200 OK", b'"' + b"x" * MAX_REPLY + b'"')) as address, pytest.raises(Unreachable, match="more than"):
        LanClient(address).get_json("/")


@pytest.mark.parametrize("talk", [dripping, lambda connection: gevent.sleep(30)])
def test_the_deadline_counts_for_the_whole_request(talk: Callable[[socket.socket], None]) -> None:
    """A byte now and then does not prolong it."""
    with peer(talk) as address:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            LanClient(address, total_s=0.2).get_json("/")
        assert time.monotonic() - began < 15


def test_nobody_there_is_said_in_plain_words() -> None:
    """With the reason that the system gives."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="connection refused"):
        LanClient(Address("127.0.0.1", port)).get_json("/")


@pytest.mark.parametrize("head", ["200 OK", "200 OK\r\nConnection: close", "200 OK\r\nConnection: keep-alive"])
def test_a_device_that_closes_each_connection_is_no_trouble(head: str) -> None:
    """Small ones do, whatever they say."""
    with peer(says(head, b"{}")) as address:
        client = LanClient(address)
        for _ in range(3):
            assert client.get_json("/") == {}
            gevent.idle()


def test_after_a_failure_the_next_request_has_a_connection_of_its_own() -> None:
    """What came too late is not taken for the next answer."""
    answers = [says("200 OK\r\nContent-Length: 9", b'{"a"'), says("200 OK", b'{"b": 1}')]
    with peer(lambda connection: answers.pop(0)(connection)) as address:
        client = LanClient(address, total_s=1)
        with pytest.raises(Unreachable):
            client.get_json("/")
        assert client.get_json("/") == {"b": 1}
