"""A connection to a Cast device that behaves badly."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.cast import protocol
from marge.bridges.cast.connection import ASK_S, MAX_MESSAGES_A_SECOND, CastConnection
from marge.bridges.cast.protocol import CONNECTION, HEARTBEAT, PLATFORM, RECEIVER, SENDER
from marge.bridges.lan.playback import Progress
from marge.errors import HomeError, Unreachable
from marge.simulate.families.cast import CERTIFICATE
from marge.util.castv2 import CastMessage, CastReader, encode
from tests.support.waiting import until

Line = ssl.SSLSocket
STATUS = {"type": "RECEIVER_STATUS", "status": {"volume": {"level": 0.5}}}


def said(data: Any, namespace: str = RECEIVER, source: str = PLATFORM) -> bytes:
    return encode(CastMessage(source, SENDER, namespace, orjson.dumps(data).decode()))


@contextmanager
def device(behave: Callable[[Line, CastMessage], None]) -> Iterator[tuple[str, int]]:
    """A device that answers to each message as `behave` does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                line = context.wrap_socket(listener.accept()[0], server_side=True)
                reader = CastReader()
                while data := line.recv(4096):
                    for message in reader.feed(data):
                        behave(line, message)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()


def obedient(line: Line, message: CastMessage) -> None:
    request = orjson.loads(message.payload).get("requestId")
    if request:
        line.sendall(said({**STATUS, "requestId": request}))


def connect(where: tuple[str, int]) -> CastConnection:
    return CastConnection(where, lambda: None, time.time)


def test_a_device_that_behaves_is_understood() -> None:
    """Its volume is known once the connection is open."""
    with device(obedient) as where:
        connection = connect(where)
        assert connection.receiver["volume"]["level"] == 0.5
        connection.close()


@pytest.mark.parametrize(
    "noise",
    [
        b"\xff\xff\xff\xff", b"\x00\x00\x00\x03abc", b"HTTP/1.1 400 Bad Request\r\n\r\n",
        said({"type": "CLOSE"}, CONNECTION),
    ],
)  # fmt: skip
def test_noise_ends_the_connection(noise: bytes) -> None:
    """With the error that makes the device away."""
    with device(lambda line, _message: line.sendall(noise)) as where, pytest.raises(Unreachable):
        connect(where)


def test_a_port_without_tls_is_no_device() -> None:
    """Nor one where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        where = listener.getsockname()

        def answer() -> None:
            connection = listener.accept()[0]
            connection.sendall(b"220 hello\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(Unreachable):
            connect(where)
    with pytest.raises(Unreachable):
        connect(where)


def test_a_flood_ends_the_connection() -> None:
    """The others in the house want to run, too."""
    with device(obedient_then(said(STATUS) * (MAX_MESSAGES_A_SECOND * 3))) as where:
        connection = connect(where)
        until(lambda: connection.closed is not None, what="the end")


def obedient_then(more: bytes) -> Callable[[Line, CastMessage], None]:
    def behave(line: Line, message: CastMessage) -> None:
        obedient(line, message)
        if "GET_STATUS" in message.payload:
            line.sendall(more)

    return behave


def test_a_ping_is_answered() -> None:
    """Devices end connections that do not."""
    heard: list[str] = []

    def behave(line: Line, message: CastMessage) -> None:
        obedient(line, message)
        if message.namespace == HEARTBEAT:
            heard.append(message.payload)
        elif "GET_STATUS" in message.payload:
            line.sendall(said({"type": "PING"}, HEARTBEAT))

    with device(behave) as where:
        connection = connect(where)
        until(lambda: heard, what="the answer")
        assert orjson.loads(heard[0]) == {"type": "PONG"}
        connection.close()


def test_who_waits_when_the_connection_breaks_is_told() -> None:
    """At once, not after the time-out."""

    def behave(line: Line, message: CastMessage) -> None:
        if "SET_VOLUME" in message.payload:
            line.shutdown(socket.SHUT_RDWR)
        else:
            obedient(line, message)

    with device(behave) as where:
        connection = connect(where)
        began = time.monotonic()
        with pytest.raises(Unreachable):
            connection.ask(PLATFORM, RECEIVER, {"type": "SET_VOLUME", "volume": {"level": 1}})
        assert time.monotonic() - began < ASK_S


def test_a_refusal_is_an_error_with_its_reason() -> None:
    """As the device gives it."""

    def behave(line: Line, message: CastMessage) -> None:
        data = orjson.loads(message.payload)
        if data["type"] == "LAUNCH":
            refusal = {"type": "LAUNCH_ERROR", "reason": "NOT_ALLOWED", "requestId": data["requestId"]}
            line.sendall(said(refusal))
        else:
            obedient(line, message)

    with device(behave) as where:
        connection = connect(where)
        with pytest.raises(HomeError, match="NOT_ALLOWED"):
            connection.ask(PLATFORM, RECEIVER, {"type": "LAUNCH", "appId": "X"})
        connection.close()


def test_an_app_that_does_not_answer_is_no_reason_to_give_up() -> None:
    """The device itself is there; what the app tells by itself is heard."""
    app = {
        "appId": "X", "transportId": "web-1", "displayName": "Some app", "namespaces": [{"name": protocol.MEDIA}],
    }  # fmt: skip
    playing = {"type": "MEDIA_STATUS", "status": [{"mediaSessionId": 4, "playerState": "PLAYING"}]}
    heard: list[str] = []

    def behave(line: Line, message: CastMessage) -> None:
        data = orjson.loads(message.payload)
        if message.destination == PLATFORM and data.get("requestId"):
            status = {"type": "RECEIVER_STATUS", "status": {"applications": [app]}}
            line.sendall(said({**status, "requestId": data["requestId"]}))
        elif message.destination == "web-1" and data["type"] == "CONNECT":
            line.sendall(said(playing, protocol.MEDIA, "web-1"))
        elif data["type"] == "PAUSE":
            heard.append(data["type"])

    with device(behave) as where:
        connection = connect(where)
        assert connection.media["playerState"] == "PLAYING"
        connection.ask_player("PAUSE")
        assert heard == ["PAUSE"] and connection.closed is None
        connection.close()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["applications", "volume", "level", "media", "metadata", "playerState", "currentTime", "appId",
                         "namespaces", "name", "transportId", "duration", "metadataType", "supportedMediaCommands"]),
        inner, max_size=6,
    ),
    max_leaves=6,
)  # fmt: skip


@given(anything, anything)
def test_whatever_is_told_is_shown_somehow(receiver: Any, media: Any) -> None:
    """Nothing raises; the state is one that players have."""
    shown = protocol.fields(protocol.table(receiver), protocol.table(media), 0.0, Progress())

    assert shown["playback"] in ("off", "idle", "playing", "paused", "buffering")
    assert isinstance(shown["supported_features"], int)
