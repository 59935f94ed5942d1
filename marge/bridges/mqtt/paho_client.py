"""paho's client with our own pauses between attempts and our own reasons for failures. Nothing of Marge's messages.

Some of paho's inner methods are replaced here, and nowhere else; `tests/bridges/mqtt/test_connection.py` holds to them.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import ssl
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import Any

import gevent.event
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from marge.bridges.endpoint import Endpoint, Tls

READ_AT_ONCE = 65_536
OWN_FIRST_S, OWN_LAST_S = 0.15, 0.6
"""Pauses between attempts at the broker that Marge starts: trying costs nothing there."""
FIRST_S, LAST_S = 0.5, 30.0
REFUSED_S = 60.0
"""After wrong credentials: somebody has to do something, and a broker may lock out who tries too often."""
LAST_WORDS_S = 0.5
"""For the broker to read them; it hangs up then."""
JITTER = 0.25
"""A broker that comes back should not meet all its clients at once."""


def tls_context(tls: Tls) -> ssl.SSLContext:
    """How the connection is encrypted: TLS 1.2 or newer.

    Raises:
        OSError: a file is missing, or holds no certificate or key. ssl.SSLError is one.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.ca is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if _is_pem(tls.ca):
            context.load_verify_locations(cadata=tls.ca)
        else:
            context.load_verify_locations(cafile=tls.ca)
    if tls.certificate is not None:
        with _as_file(tls.certificate) as certificate, _as_file(tls.key or tls.certificate) as key:
            context.load_cert_chain(certificate, key, password=_no_password)
    if tls.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _no_password() -> str:
    raise ssl.SSLError("the key is encrypted, which is not supported: store it without a password")


def _is_pem(text: str) -> bool:
    return "-----BEGIN" in text


@contextlib.contextmanager
def _as_file(text: str) -> Iterator[str]:
    """The path itself, or one of a private file with the PEM text, for the length of the block."""
    if not _is_pem(text):
        yield text
        return
    descriptor, path = tempfile.mkstemp(prefix="marge-")
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
        yield path
    finally:
        os.unlink(path)


def _let_it_read(sock: Any) -> None:
    """Wait until the broker has hung up: a socket that is closed with something unread is reset, and what the broker
    has not read of our last words by then is thrown away."""
    with contextlib.suppress(OSError, AttributeError):  # a WebSocket's cannot; one that is gone already need not
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(LAST_WORDS_S)
        deadline = time.monotonic() + LAST_WORDS_S
        while sock.recv(65_536) and time.monotonic() < deadline:
            continue


class PahoClient(paho.Client):
    """One client for one endpoint.

    Attributes:
        failure: why the last attempt got no connection; None after one that did.
        is_refused: the broker's last answer was no.
    """

    def __init__(self, client_id: str, endpoint: Endpoint, *, keeps_session: bool) -> None:
        is_v5 = endpoint.protocol == "5"
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=None if is_v5 else not keeps_session,
            protocol=paho.MQTTv5 if is_v5 else paho.MQTTv311, transport=endpoint.transport,
            manual_ack=keeps_session,
        )  # fmt: skip
        self.failure: Exception | None = None
        self._endpoint = endpoint
        self._keeps_session = keeps_session
        self._failures = 0
        self.is_refused = False
        self._hurry = gevent.event.Event()
        self._ahead = b""
        self._ahead_at = 0
        self._ahead_of: object = None
        self._ended = False
        if endpoint.transport == "websockets":
            headers: Mapping[str, str] = endpoint.ws_headers
            self.ws_set_options(endpoint.ws_path, dict(headers) or None)
        if endpoint.username is not None:
            self.username_pw_set(endpoint.username, endpoint.password)

    def begin(self) -> None:
        """Connect in the background, again and again."""
        endpoint = self._endpoint
        clean_start: Any = paho.MQTT_CLEAN_START_FIRST_ONLY
        properties = None
        if endpoint.protocol == "5":
            clean_start = not self._keeps_session
            properties = Properties(PacketTypes.CONNECT)
            if self._keeps_session:
                properties.SessionExpiryInterval = endpoint.session_expiry_s
        self.connect_async(
            endpoint.host, endpoint.port, endpoint.keepalive_s, clean_start=clean_start, properties=properties
        )
        self.loop_start()

    def answered(self, refused: bool) -> None:
        """The broker answered: it took us, or it refused us."""
        self.is_refused = refused
        if not refused:
            self._failures = 0

    def hurry(self) -> None:
        """Try again now."""
        self._hurry.set()

    def end(self) -> None:
        """Say good-bye and stop. Waits for paho's loop, which may take a moment."""
        self._ended = True
        self._hurry.set()
        self.disconnect()
        self.loop_stop()

    # -- what of paho is replaced ------------------------------------------------------------------------------------

    def _sock_close(self) -> None:
        if self._ended and self._sock is not None:
            _let_it_read(self._sock)
        super()._sock_close()

    def reconnect(self) -> paho.MQTTErrorCode:
        """As paho's, with a fresh look at certificates, and every failure an `OSError`: others would end its loop."""
        try:
            if self._endpoint.tls is not None:
                self._ssl_context = None
                self.tls_set_context(tls_context(self._endpoint.tls))
            result = super().reconnect()
        except OSError as exc:
            self.failure = exc
            raise
        except Exception as exc:
            self.failure = exc
            raise OSError(str(exc)) from exc
        self.failure = None
        return result

    def _sock_recv(self, bufsize: int) -> bytes:
        """As paho's, which reads a packet in four pieces: from a buffer, so that a burst costs one call."""
        if self._transport == "websockets":
            return super()._sock_recv(bufsize)
        if self._ahead_of is not self._sock:
            self._ahead, self._ahead_at, self._ahead_of = b"", 0, self._sock
        if self._ahead_at >= len(self._ahead):
            self._ahead, self._ahead_at = super()._sock_recv(READ_AT_ONCE), 0
        piece = self._ahead[self._ahead_at : self._ahead_at + bufsize]
        self._ahead_at += len(piece)
        return piece

    def loop_read(self, max_packets: int = 1) -> paho.MQTTErrorCode:
        """As paho's, until the buffer is empty, which does not wake its loop. What is to be sent goes between."""
        result = super().loop_read(max_packets)
        while not result and self._sock is not None and self._ahead_of is self._sock:
            if self._ahead_at >= len(self._ahead):
                break
            if self.want_write():
                result = self.loop_write()
                if result or self._sock is None:
                    break
            result = super().loop_read(max_packets)
        return result

    def _reconnect_wait(self) -> None:
        """As paho's, with jitter and an end when there is no need to wait."""
        if self._ended:
            return
        if self.is_refused:
            pause = REFUSED_S
        elif self._endpoint.is_own:
            pause = min(OWN_FIRST_S * 2**self._failures, OWN_LAST_S)
        else:
            pause = min(FIRST_S * 2 ** min(self._failures, 10), LAST_S)
        self._failures += 1
        self._hurry.wait(pause * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret
        self._hurry.clear()


def reason_of(error: Exception | None, endpoint: Endpoint) -> str:
    """Why there is no connection, for people, with what they can do about it."""
    where = f"no connection to {endpoint.address}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{where}: its certificate is not believed ({error.verify_message}); see `broker: ca`"
    if isinstance(error, ssl.SSLError):
        return f"{where}: encryption failed ({error.reason or error}); is that port for TLS?"
    if isinstance(error, FileNotFoundError) and endpoint.tls is not None:
        return f"{where}: a certificate's file is missing"
    if isinstance(error, TimeoutError):
        return f"{where}: no answer"
    return where if error is None else f"{where}: {getattr(error, 'strerror', None) or error}"
