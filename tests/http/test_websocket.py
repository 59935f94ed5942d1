"""WebSocket connections on real sockets, frame by frame: `marge.http.websocket`.

The tables follow the sections of the Autobahn test suite: framing, fragments, UTF-8, control frames, close codes.
"""

import os
import socket
import ssl
import struct

import gevent
import pytest
import websocket as websocket_client
from gevent.event import Event
from hypothesis import given, settings
from hypothesis import strategies as st

from marge.http.limits import MB
from marge.http.pywsgi_server import PywsgiServer
from marge.http.routing import Route, websocket_route
from marge.http.server import HttpServer
from marge.http.websocket import ConnectionClosed, WebSocketOptions
from marge.http.ws_frames import encode_close_frame, encode_frame, encode_text_frame
from tests.http.support import RawClient, running
from tests.http.test_server import TLS
from tests.support.waiting import until

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
HANDSHAKE = (
    b"GET /api/websocket HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%b\r\n"
)
QUICK = WebSocketOptions(close_s=0.5)


def frame(opcode, payload=b"", fin=True, rsv=0, mask=True):
    """A client's frame."""
    size = len(payload)
    bit = 0x80 if mask else 0
    head = bytes([(0x80 if fin else 0) | rsv | opcode])
    if size < 126:
        head += bytes([bit | size])
    elif size < 65_536:
        head += struct.pack("!BH", bit | 126, size)
    else:
        head += struct.pack("!BQ", bit | 127, size)
    return head + (b"\x01\x02\x03\x04" + bytes(b ^ (i % 4 + 1) for i, b in enumerate(payload)) if mask else payload)


class WsClient(RawClient):
    """Speaks frames."""

    def __init__(self, server, extensions=b"", first=b""):
        super().__init__(server)
        self.send(HANDSHAKE % extensions + first)
        self.handshake = self.reply(has_body=False)

    def next(self):
        """Opcode and payload of the next frame; (None, b"") at the end."""
        try:
            first, second = self._take(2)
            assert not second & 0x80, "a server must not mask"
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", self._take(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self._take(8))
            assert first & 0x80, "the server does not fragment"
            return first & 0x0F, self._take(size)
        except (ConnectionError, ConnectionResetError):
            return None, b""

    def close_code(self):
        """Read up to the close frame; its code, or None when the stream just ended."""
        while True:
            opcode, payload = self.next()
            if opcode is None:
                return None
            if opcode == CLOSE:
                return struct.unpack("!H", payload[:2])[0] if payload else 1005


@pytest.fixture(scope="module")
def server():
    with running(options=QUICK) as running_server:
        yield running_server


def serving(handler, options=QUICK, **more):
    """A server whose WebSocket path is served by `handler`."""
    return running(routes=[Route("WEBSOCKET", "/api/websocket", handler, access="open")], options=options, **more)


# Handshake


def test_handshake_accepts_as_rfc_6455_says(server):
    with WsClient(server) as client:
        status, headers, _ = client.handshake
        assert status == 101
        assert headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        assert "sec-websocket-extensions" not in headers


def test_compression_is_negotiated_only_if_enabled():
    offer = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    with running(options=QUICK) as server, WsClient(server, offer) as client:
        assert "sec-websocket-extensions" not in client.handshake[1]
    with running(options=WebSocketOptions(compression=True)) as server, WsClient(server, offer) as client:
        assert "permessage-deflate" in client.handshake[1]["sec-websocket-extensions"]
        client.send(frame(TEXT, b"a" * 5_000))
        first, size = client._take(2)
        assert first & 0x40 and size < 126  # compressed
        client._take(size)
        client.send(frame(TEXT, b"short"))
        assert client.next() == (TEXT, b"short")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ((b"Version: 13", b"Version: 8"), 400),
        ((b"dGhlIHNhbXBsZSBub25jZQ==", b"short"), 400),
        ((b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", b""), 400),
        ((b"/api/websocket", b"/api/nope"), 404),
        ((b"GET", b"POST"), 405),
    ],
)
def test_bad_handshakes_are_refused(server, change, status):
    with RawClient(server) as client:
        assert client.ask(HANDSHAKE.replace(*change) % b"")[0] == status
        assert client.is_closed()


def test_upgrade_to_something_else_is_ignored(server):
    """curl offers h2c with its first request; the answer is a normal one."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n"
    request = b"GET /api/nope HTTP/1.1\r\n" + offer + b"\r\n"
    with RawClient(server) as client:
        assert client.ask(request)[0] == 404


def test_frames_sent_with_the_handshake_are_not_lost(server):
    with WsClient(server, first=frame(TEXT, b"early")) as client:
        assert client.next() == (TEXT, b"early")


# Frames in


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_messages_of_all_length_forms_come_back(server, size, opcode):
    with WsClient(server) as client:
        payload = os.urandom(size // 2).hex().encode().ljust(size, b"x")
        client.send(frame(opcode, payload))
        assert client.next() == (opcode, payload)


ECHOED = {
    "two fragments": ([frame(TEXT, b"a", fin=False), frame(CONT, b"b")], [(TEXT, b"ab")]),
    "binary fragments": ([frame(BINARY, b"\xff", fin=False), frame(CONT, b"\x00")], [(BINARY, b"\xff\x00")]),
    "empty fragments": ([frame(TEXT, b"", fin=False), frame(CONT, b"", fin=False), frame(CONT)], [(TEXT, b"")]),
    "a character cut in two": ([frame(TEXT, b"\xe2\x98", fin=False), frame(CONT, b"\x80")], [(TEXT, "☀".encode())]),
    "ping": ([frame(PING, b"hi")], [(PONG, b"hi")]),
    "ping of 125 bytes": ([frame(PING, b"x" * 125)], [(PONG, b"x" * 125)]),
    "ping between fragments": (
        [frame(TEXT, b"a", fin=False), frame(PING, b"p"), frame(CONT, b"b")],
        [(PONG, b"p"), (TEXT, b"ab")],
    ),
    "unasked pong": ([frame(PONG, b"?"), frame(TEXT, b"a")], [(TEXT, b"a")]),
    "ten pings": ([frame(PING, b"%d" % i) for i in range(10)], [(PONG, b"%d" % i) for i in range(10)]),
    "utf-8": ([frame(TEXT, "κόσμε 𝄞 \U0010ffff".encode())], [(TEXT, "κόσμε 𝄞 \U0010ffff".encode())]),
}


@pytest.mark.parametrize("case", ECHOED)
def test_valid_sequences_are_taken(server, case):
    sent, expected = ECHOED[case]
    for pieces in (sent, [b"".join(sent)], [bytes([byte]) for byte in b"".join(sent)][:300]):
        with WsClient(server) as client:
            for piece in pieces:
                client.send(piece)
            assert [client.next() for _ in expected] == expected


BAD_CODES = (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535)
FAILED = {
    "opcode 3": (frame(3, b""), 1002),
    "opcode 7": (frame(7, b"x"), 1002),
    "opcode 11": (frame(11), 1002),
    "reserved bit 1": (frame(TEXT, b"x", rsv=0x40), 1002),
    "reserved bit 2": (frame(TEXT, b"x", rsv=0x20), 1002),
    "reserved bit 3": (frame(PING, b"x", rsv=0x10), 1002),
    "unmasked": (frame(TEXT, b"x", mask=False), 1002),
    "ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "fragmented ping": (frame(PING, b"x", fin=False), 1002),
    "fragmented close": (frame(CLOSE, b"", fin=False), 1002),
    "continuation of nothing": (frame(CONT, b"x"), 1002),
    "text between fragments": (frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"), 1002),
    "lone surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "bad text": (frame(TEXT, b"\xff"), 1007),
    "text cut in a character": (frame(TEXT, b"\xe2\x98"), 1007),
    "bad text over fragments": (frame(TEXT, b"\xce", fin=False) + frame(CONT, b"\xce"), 1007),
    "overlong slash": (frame(TEXT, b"\xc0\xaf"), 1007),
    "close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "close with bad text": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    **{f"close code {code}": (frame(CLOSE, struct.pack("!H", code)), 1002) for code in BAD_CODES},
    "too large": (frame(BINARY, b"")[:1] + b"\xff" + struct.pack("!Q", 4 * MB + 1) + b"\0\0\0\0", 1009),
    "absurdly large": (frame(BINARY, b"")[:1] + b"\xff" + struct.pack("!Q", 1 << 62) + b"\0\0\0\0", 1009),
}


@pytest.mark.parametrize("case", FAILED)
def test_invalid_sequences_fail_the_connection(server, case):
    sent, code = FAILED[case]
    with WsClient(server) as client:
        client.send(frame(TEXT, b"before"))
        assert client.next() == (TEXT, b"before")
        client.send(sent)
        assert client.close_code() == code
        client.sock.shutdown(socket.SHUT_WR)
        assert client.is_closed()


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 3000, 4999])
def test_goodbye_is_echoed(server, code):
    with WsClient(server) as client:
        client.send(frame(CLOSE, struct.pack("!H", code) + b"bye"))
        assert client.next() == (CLOSE, struct.pack("!H", code) + b"bye")
        assert client.is_closed()


def test_empty_goodbye_and_what_follows_it(server):
    with WsClient(server) as client:
        client.send(frame(CLOSE) + frame(TEXT, b"too late"))
        assert client.next() == (CLOSE, b"")
        assert client.next() == (None, b"")


def test_size_limit_holds_over_fragments(server):
    """The client sees 1009 even though it is still sending."""
    with WsClient(server) as client:
        for _ in range(5):
            client.send(frame(CONT if _ else BINARY, b"x" * MB, fin=False))
        assert client.close_code() == 1009


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=200), max_size=4))
def test_no_bytes_end_the_server(server, pieces):
    with WsClient(server) as client:
        for piece in pieces:
            client.send(piece)
        client.sock.shutdown(socket.SHUT_WR)
        while client.next()[0] is not None:
            pass
    with WsClient(server) as client:
        client.send(frame(TEXT, b"alive"))
        assert client.next() == (TEXT, b"alive")


# Messages out


def test_20_mb_arrive_whole_at_a_reader_that_sleeps():
    """The acceptance test for any connection class: flask-sock's delivered 3.9 MB of 17."""
    payload = os.urandom(10 * MB).hex().encode()

    def send(_home, connection, _request):
        connection.send(payload)
        connection.receive()

    with serving(send) as server, WsClient(server) as client:
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        gevent.sleep(2)
        assert client.next() == (TEXT, payload)


def test_concurrent_writers_do_not_mix():
    def send(_home, connection, _request):
        def write(letter):
            for number in range(200):
                connection.send(letter * (number * 37 % 3_000))
                if number % 5 == 0:
                    gevent.sleep(0)

        gevent.joinall([gevent.spawn(write, letter) for letter in "abcd"])
        connection.receive()

    with serving(send) as server, WsClient(server) as client:
        counts = dict.fromkeys("abcd", 0)
        for _ in range(800):
            _, payload = client.next()
            if payload:
                letter = chr(payload[0])
                assert payload == payload[:1] * len(payload)
                assert len(payload) in {number * 37 % 3_000 for number in range(200)}
                counts[letter] += 1
        assert len(set(counts.values())) == 1


def test_order_is_kept_and_frames_are_shared():
    """One frame, made once, goes to every client; what each gets is in the order of sending."""
    connections = []
    done = Event()

    def hold(_home, connection, _request):
        connections.append(connection)
        done.wait(60)

    with serving(hold) as server, WsClient(server) as one, WsClient(server) as two:
        until(lambda: len(connections) == 2)
        for number in range(1_000):
            shared = encode_text_frame(b"%d" % number)
            assert all(connection.send_frame(shared) for connection in connections)
        for client in (one, two):
            assert [int(client.next()[1]) for _ in range(1_000)] == list(range(1_000))
        done.set()


@pytest.mark.parametrize("options", [WebSocketOptions(max_queue=50), WebSocketOptions(max_queue_bytes=5 * MB)])
def test_slow_reader_is_dropped_when_its_queue_is_full(options):
    """And the others go on."""
    connections = []

    def hold(_home, connection, _request):
        connections.append(connection)
        connection.receive()

    with serving(hold, options) as server, WsClient(server) as slow, WsClient(server) as quick:
        until(lambda: len(connections) == 2)
        slow_side, quick_side = connections
        large = encode_text_frame(b"x" * 200_000)
        sent = 0
        while slow_side.send_frame(large):
            sent += 1
            assert sent < 1_000
            gevent.sleep(0)
        assert not slow_side.is_open
        assert slow_side.send("more") is False
        quick_side.send("still here")
        assert quick.next() == (TEXT, b"still here")
        until(lambda: len(server.lanes.websockets) == 1)
        while slow.next()[0] is not None:
            pass


def test_reader_that_stops_is_dropped_without_more_messages():
    def send(_home, connection, _request):
        connection.send(b"x" * 50_000_000)
        connection.receive()

    with serving(send, WebSocketOptions(write_s=0.2)) as server, WsClient(server):
        until(lambda: len(server.lanes.websockets) == 1)
        until(lambda: len(server.lanes.websockets) == 0)


def test_ping_flood_without_reading_is_dropped():
    options = WebSocketOptions(max_queue=100, close_s=0.3)
    with running(options=options) as server, WsClient(server) as client:
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        ping = frame(PING, b"x" * 125) * 1_000
        with pytest.raises(OSError):  # noqa: PT011  reset or broken pipe
            for _ in range(2_000):
                client.send(ping)


# Time


def test_silent_client_is_pinged_and_then_dropped():
    options = WebSocketOptions(ping_s=0.1, idle_s=0.5)
    with running(options=options) as server, WsClient(server) as client:
        opcodes = []
        while (opcode := client.next()[0]) is not None:
            opcodes.append(opcode)
        assert set(opcodes) == {PING}


def test_answering_pings_keeps_the_connection():
    options = WebSocketOptions(ping_s=0.3, idle_s=2.0)
    with running(options=options) as server, WsClient(server) as client:
        for _ in range(8):
            assert client.next() == (PING, b"")
            client.send(frame(PONG))
        client.send(frame(TEXT, b"alive"))
        assert client.next() in ((TEXT, b"alive"), (PING, b""))


def test_receive_times_out_and_goes_on():
    seen = []

    def wait(_home, connection, _request):
        seen.append(connection.receive(timeout=0.05))
        connection.send("go")
        seen.append(connection.receive(timeout=10))

    with serving(wait) as server, WsClient(server) as client:
        assert client.next() == (TEXT, b"go")
        client.send(frame(TEXT, b"late"))
        assert client.close_code() == 1000
        assert seen == [None, "late"]


# Ends


def test_handler_that_returns_says_goodbye_behind_its_messages():
    def bye(_home, connection, _request):
        connection.send("last words")
        connection.close(1000, "r" * 500)

    with serving(bye) as server, WsClient(server) as client:
        assert client.next() == (TEXT, b"last words")
        assert client.next() == (CLOSE, struct.pack("!H", 1000) + b"r" * 123)
        client.send(frame(CLOSE, struct.pack("!H", 1000)))
        assert client.is_closed()
        until(lambda: server.connections() == 0)


def test_client_that_does_not_answer_the_goodbye_is_not_waited_for_long():
    with serving(lambda _home, connection, _request: connection.close(1000)) as server, WsClient(server) as client:
        assert client.close_code() == 1000
        until(lambda: server.connections() == 0)


def test_failing_handler_closes_with_1011():
    def fail(_home, _connection, _request):
        raise RuntimeError("boom")

    def leak(_home, _connection, _request):
        raise gevent.Timeout(1)

    for handler in (fail, leak):
        with serving(handler) as server, WsClient(server) as client:
            assert client.close_code() == 1011


def test_receive_raises_with_the_clients_code_and_stays_closed():
    closed = []

    def wait(_home, connection, _request):
        for _ in range(2):
            try:
                connection.receive()
            except ConnectionClosed as exc:
                closed.append((exc.code, exc.reason))
        assert connection.send("x") is False

    with serving(wait) as server:
        with WsClient(server) as client:
            client.send(frame(CLOSE, struct.pack("!H", 4_001) + b"enough"))
            assert client.close_code() == 4_001
        with WsClient(server):
            pass  # without a goodbye
        until(lambda: len(closed) == 4)
    assert closed == [(4_001, "enough")] * 2 + [(1006, "")] * 2


@pytest.mark.parametrize("kind", [HttpServer, PywsgiServer])
def test_server_stop_says_going_away(kind):
    with running(options=QUICK, kind=kind) as server, WsClient(server) as client:
        until(lambda: len(server.lanes.websockets) == 1)
        stopping = gevent.spawn(server.stop, 5)
        assert client.close_code() == 1001
        client.send(frame(CLOSE, struct.pack("!H", 1001)))
        stopping.join(60)
        assert stopping.successful() and server.connections() == 0


def test_connections_leave_no_greenlets_behind(server):
    import gc

    def greenlets():
        gc.collect()
        return sum(isinstance(item, gevent.Greenlet) and not item.dead for item in gc.get_objects())

    until(lambda: server.connections() == 0)
    before = greenlets()
    clients = [WsClient(server) for _ in range(100)]
    for client in clients:
        client.send(frame(TEXT, b"x"))
        assert client.next() == (TEXT, b"x")
        client.sock.close()
    until(lambda: server.connections() == 0)
    until(lambda: greenlets() <= before)


# Through other doors


def test_large_messages_both_ways_over_tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost-cert.pem", TLS / "localhost-key.pem")
    with running(ssl_context=context) as server:
        options = {"ca_certs": str(TLS / "localhost-cert.pem")}
        client = websocket_client.create_connection(
            f"wss://localhost:{server.port}/api/websocket", sslopt=options, timeout=20
        )
        text = "x" * 3_000_000
        client.send(text)
        assert client.recv() == text
        client.close()
        until(lambda: server.connections() == 0)


@pytest.mark.parametrize("kind", [HttpServer, PywsgiServer])
def test_ordinary_client_library_through_both_servers(kind):
    with running(kind=kind, options=QUICK) as server:
        client = websocket_client.create_connection(f"ws://127.0.0.1:{server.port}/api/websocket", timeout=60)
        for text in ("hello", "x" * 1_000_000, "ü☀"):
            client.send(text)
            assert client.recv() == text
        client.close()
        until(lambda: server.connections() == 0)


# Frames without connections


@given(st.integers(0, 70_000), st.sampled_from([TEXT, BINARY]))
@settings(max_examples=30)
def test_encoded_frames_have_the_shortest_length_form(size, opcode):
    made = encode_frame(opcode, b"x" * size)
    assert len(made) - size == (2 if size < 126 else 4 if size < 65_536 else 10)
    assert made[0] == 0x80 | opcode


@given(st.text(max_size=200))
def test_close_frames_fit_and_stay_utf_8(reason):
    made = encode_close_frame(1000, reason)
    assert len(made) <= 127
    assert reason.startswith(made[4:].decode())


def test_websocket_routes_take_arguments():
    @websocket_route("/api/device/<name>")
    def device(_home, connection, request):
        connection.send(request.args["name"])

    from marge.http.routing import routes_of

    with running(routes=routes_of(device), options=QUICK) as server:
        client = websocket_client.create_connection(f"ws://127.0.0.1:{server.port}/api/device/porch", timeout=60)
        assert client.recv() == "porch"
        client.close()
