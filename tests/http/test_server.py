"""The server on real sockets: keep-alive, limits, deadlines, drain, TLS. `marge.http.server` and `connection`."""

import gzip
import json
import socket
import ssl
import time
from pathlib import Path

import gevent
import pytest
import requests
from gevent.event import Event
from hypothesis import given, settings
from hypothesis import strategies as st

from marge.http.limits import MB, Limits
from marge.http.message import Reply
from marge.http.pywsgi_server import PywsgiServer
from marge.http.routing import Route
from marge.http.server import HttpServer
from tests.http.support import TOKEN, RawClient, running
from tests.support.waiting import until

TLS = Path(__file__).parent.parent / "data" / "tls"
AUTH = b"Authorization: Bearer good\r\n"
HELLO = b"GET /api/ HTTP/1.1\r\n" + AUTH + b"\r\n"


def post(body: bytes, headers: bytes = b"") -> bytes:
    return b"POST /api/echo HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b" % (headers, len(body), body)


@pytest.fixture(scope="module")
def server():
    with running() as running_server:
        yield running_server


def test_connection_is_kept_alive_over_both_lanes(server):
    with RawClient(server) as client:
        for _ in range(3):
            status, headers, body = client.ask(HELLO)
            assert (status, headers["content-type"]) == (200, "application/json")
            assert json.loads(body) == {"message": "API running."}
            assert client.ask(b"GET /api/nope HTTP/1.1\r\n\r\n")[0] == 404


def test_pipelined_requests_are_answered_in_order(server):
    with RawClient(server) as client:
        client.send(b"".join(b"GET /api/things/%d HTTP/1.1\r\n%b\r\n" % (number, AUTH) for number in range(200)))
        assert [json.loads(client.reply()[2])["thing"] for _ in range(200)] == [str(number) for number in range(200)]


def test_http_1_0_and_connection_close_end_the_connection(server):
    for request in (b"GET /api/ HTTP/1.0\r\n\r\n", b"GET /api/ HTTP/1.1\r\nConnection: close\r\n\r\n"):
        with RawClient(server) as client:
            assert client.ask(request)[1]["connection"] == "close"
            assert client.is_closed()


def test_http_1_0_can_keep_the_connection(server):
    with RawClient(server) as client:
        for _ in range(2):
            assert client.ask(b"GET /api/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")[1]["connection"] == "keep-alive"


def test_bodies_come_whole_chunked_or_not(server):
    body = bytes(range(256)) * 4_000
    with RawClient(server) as client:
        assert client.ask(post(body))[2] == body
        chunks = b"".join(b"%x\r\n%b\r\n" % (1_024, body[at : at + 1_024]) for at in range(0, len(body), 1_024))
        chunked = b"POST /api/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        assert client.ask(chunked)[2] == body


def test_expect_continue_is_answered_before_the_body(server):
    with RawClient(server) as client:
        client.send(b"POST /api/echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert client.reply()[0] == 100
        assert client.ask(b"ok")[2] == b"ok"


def test_head_gets_headers_only():
    route = Route("HEAD", "/page", lambda _home, _request: Reply(200, b"12345", "text/plain"), False, "open")
    with running(routes=[route]) as server, RawClient(server) as client:
        client.send(b"HEAD /page HTTP/1.1\r\n\r\n" * 2)
        for _ in range(2):
            status, headers, _ = client.reply(has_body=False)
            assert (status, headers["content-length"]) == (200, "5")


def test_stream_is_chunked_and_ends_with_the_connection_for_http_1_0(server):
    with RawClient(server) as client:
        assert client.ask(b"GET /api/stream HTTP/1.1\r\n\r\n")[2] == b"onetwo"
        assert client.ask(HELLO)[0] == 200
    with RawClient(server) as client:
        client.send(b"GET /api/stream HTTP/1.0\r\n\r\n")
        status, headers, _ = client.reply(has_body=False)
        assert status == 200 and "transfer-encoding" not in headers
        assert client._take(6) == b"onetwo"
        assert client.is_closed()


def test_stream_that_breaks_ends_the_connection_without_its_last_chunk():
    def chunks():
        yield b"begun"
        raise RuntimeError("broke")

    route = Route("GET", "/s", lambda _home, _request: Reply(stream=chunks()), True, "open")
    with running(routes=[route]) as server, RawClient(server) as client, pytest.raises(ConnectionError):
        client.ask(b"GET /s HTTP/1.1\r\n\r\n")


def test_stream_is_closed_when_its_client_goes():
    closed = Event()

    def chunks():
        try:
            while True:
                yield b"x" * 65_536
        finally:
            closed.set()

    route = Route("GET", "/s", lambda _home, _request: Reply(stream=chunks()), True, "open")
    with running(routes=[route]) as server:
        with RawClient(server) as client:
            client.send(b"GET /s HTTP/1.1\r\n\r\n")
            client.reply(has_body=False)
        assert closed.wait(60)
        until(lambda: server.connections() == 0)


def test_large_reply_arrives_whole_at_a_slow_reader(server):
    with RawClient(server) as client:
        client.send(b"GET /api/large?size=20000000 HTTP/1.1\r\n\r\n")
        gevent.sleep(0.2)
        assert len(client.reply()[2]) == 20_000_000


def test_large_reply_is_compressed_when_the_client_takes_it(server):
    with RawClient(server) as client:
        for size in (2_000, 100_000):
            request = b"GET /api/large?size=%d HTTP/1.1\r\nAccept-Encoding: br, gzip\r\n\r\n" % size
            _, headers, body = client.ask(request)
            assert headers["content-encoding"] == "gzip" and gzip.decompress(body) == b"x" * size
        assert "content-encoding" not in client.ask(b"GET /api/large?size=2000 HTTP/1.1\r\n\r\n")[1]
        refused = b"GET /api/large?size=2000 HTTP/1.1\r\nAccept-Encoding: gzip;q=0\r\n\r\n"
        assert "content-encoding" not in client.ask(refused)[1]
        small = b"GET /api/ HTTP/1.1\r\nAccept-Encoding: gzip\r\n" + AUTH + b"\r\n"
        assert "content-encoding" not in client.ask(small)[1]


@pytest.mark.parametrize("path", [b"/api/broken", b"/api/broken/hot"])
def test_unexpected_exception_is_500_and_tells_nothing(server, path):
    with RawClient(server) as client:
        status, _, body = client.ask(b"GET %b HTTP/1.1\r\n\r\n" % path)
        assert (status, body) == (500, b"500 Internal Server Error\n\nServer got itself in trouble")
        assert client.ask(HELLO)[0] == 200


def test_leaked_timeout_is_that_requests_matter():
    """gevent.Timeout is no Exception; it must not end the connection's greenlet silently."""

    def leak(_home, _request):
        raise gevent.Timeout(1)

    routes = [Route("GET", "/hot", leak, True, "open"), Route("GET", "/cold", leak, False, "open")]
    with running(routes=routes) as server, RawClient(server) as client:
        assert client.ask(b"GET /hot HTTP/1.1\r\n\r\n")[0] == 500
        assert client.ask(b"GET /cold HTTP/1.1\r\n\r\n")[0] == 500


def test_garbage_gets_400_and_the_connection_is_closed(server):
    with RawClient(server) as client:
        status, headers, _ = client.ask(HELLO + b"garbage\r\n\r\n")
        assert status == 200
        status, headers, _ = client.reply()
        assert (status, headers["connection"]) == (400, "close")
        client.sock.shutdown(socket.SHUT_WR)
        assert client.is_closed()


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=200), max_size=4), st.sampled_from([b"", HELLO[:30], post(b"x" * 50)[:60]]))
def test_no_bytes_end_the_server(server, pieces, start):
    with RawClient(server) as client:
        for piece in (start, *pieces):
            client.send(piece)
        client.sock.shutdown(socket.SHUT_WR)
        while True:
            try:
                if not client.sock.recv(65_536):
                    break
            except ConnectionResetError:
                break
    with RawClient(server) as client:
        assert client.ask(HELLO)[0] == 200


def test_clients_that_leave_in_the_middle_are_quiet(server, capsys):
    for data in (b"", b"GET /api", b"POST /api/echo HTTP/1.1\r\nContent-Length: 9\r\n\r\nx", HELLO * 50):
        with RawClient(server) as client:
            client.send(data)
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # close with a reset
    until(lambda: server.connections() == 0)
    output = capsys.readouterr()
    assert "Traceback" not in output.err + output.out


# Limits


def test_announced_large_body_gets_413_at_once(server):
    """Nothing of the 200 MB is waited for, and nobody has to be logged in to be refused."""
    with RawClient(server) as client:
        status, _, _ = client.ask(b"POST /api/things/x HTTP/1.1\r\nContent-Length: 200000000\r\n\r\n")
        assert status == 413
        client.sock.shutdown(socket.SHUT_WR)
        assert client.is_closed()


def test_client_that_pushes_its_large_body_still_sees_413(server):
    with RawClient(server) as client:
        client.send(b"POST /api/echo HTTP/1.1\r\nContent-Length: 200000000\r\n\r\n")
        with pytest.raises(OSError):  # noqa: PT011  reset or broken pipe, once the server has lost its patience
            for _ in range(2_000):
                client.send(b"x" * 100_000)
                if client.sock in gevent.select.select([client.sock], [], [], 0)[0]:
                    assert client.reply()[0] == 413
                    raise OSError


def test_chunked_body_is_cut_at_the_limit():
    with running(limits=Limits(max_body=10_000)) as server, RawClient(server) as client:
        client.send(b"POST /api/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2711\r\n" + b"x" * 10_001)
        assert client.reply()[0] == 413


def test_body_up_to_the_limit_is_taken(server):
    body = b"x" * (16 * MB)
    with RawClient(server) as client:
        assert len(client.ask(post(body))[2]) == 16 * MB


def test_connections_beyond_the_cap_get_503():
    with running(limits=Limits(max_connections=2)) as server:
        with RawClient(server) as one, RawClient(server) as two:
            assert one.ask(HELLO)[0] == two.ask(HELLO)[0] == 200
            with RawClient(server) as three:
                assert three.reply()[0] == 503 and three.is_closed()
        until(lambda: server.connections() == 0)
        with RawClient(server) as again:
            assert again.ask(HELLO)[0] == 200


# Deadlines


def test_half_sent_requests_are_dropped_by_the_deadlines():
    """300 clients that stop in the middle cost nothing for long; those past the first byte are told 408."""
    # Long enough that all 300 are open at once on a busy machine, short enough to wait for.
    limits = Limits(first_byte_s=6.0, header_s=6.0, body_s=6.0, linger_s=0.2)
    with running(limits=limits) as server:
        starts = [b"", b"GET /api/ HTTP/1.1\r\nHos", b"POST /api/echo HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"]
        clients = [RawClient(server) for _ in range(300)]
        for number, client in enumerate(clients):
            client.send(starts[number % 3])
        until(lambda: server.connections() == 300)
        statuses = [client.reply()[0] for number, client in enumerate(clients) if number % 3]
        assert set(statuses) == {408}
        until(lambda: server.connections() == 0)
        assert all(client.is_closed() for client in clients)
        for client in clients:
            client.sock.close()


def test_header_deadline_is_not_moved_by_single_bytes():
    with running(limits=Limits(header_s=0.4, linger_s=0.1)) as server, RawClient(server) as client:
        begin = time.monotonic()
        client.send(b"GET /api/ HTTP/1.1\r\nA: ")
        with pytest.raises((ConnectionError, AssertionError)):
            while time.monotonic() - begin < 60:
                client.send(b"x")
                gevent.sleep(0.05)
                assert server.connections() == 1
        assert time.monotonic() - begin < 60


def test_idle_connection_is_closed():
    with running(limits=Limits(idle_s=0.2)) as server, RawClient(server) as client:
        assert client.ask(HELLO)[0] == 200
        assert client.is_closed()


def test_client_that_does_not_read_is_dropped():
    with running(limits=Limits(write_s=0.3)) as server, RawClient(server) as client:
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.send(b"GET /api/large?size=50000000 HTTP/1.1\r\n\r\n")
        until(lambda: server.connections() == 1)
        until(lambda: server.connections() == 0)


def test_slow_handler_is_not_cut_by_the_deadlines():
    home = {"release": Event()}
    limits = Limits(first_byte_s=1.0, header_s=1.0, body_s=1.0, idle_s=1.0, write_s=1.0)
    with running(home=home, limits=limits) as server, RawClient(server) as client:
        client.send(b"GET /api/slow HTTP/1.1\r\n\r\n")
        gevent.sleep(1.3)
        home["release"].set()
        assert client.reply()[0] == 200


# Start and stop


def test_port_in_use_is_an_oserror_that_names_it(server):
    for kind in (HttpServer, PywsgiServer):
        other = kind(server.lanes, "127.0.0.1", server.port)
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {server.port}"):
            other.start()
        other.stop()


def test_listens_on_both_ip_versions():
    with running(kind=lambda lanes, _host, port, **more: HttpServer(lanes, "", port, **more)) as server:
        hosts = ["127.0.0.1"] + (["::1"] if _has_ipv6_loopback() else [])
        for host in hosts:
            with socket.create_connection((host, server.port), timeout=60) as sock:
                sock.sendall(b"GET /api/nope HTTP/1.0\r\n\r\n")
                assert sock.recv(100).startswith(b"HTTP/1.1 404")


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return socket.has_dualstack_ipv6()


def test_stop_lets_running_requests_finish_and_refuses_new_ones():
    home = {"release": Event()}
    with running(home=home) as server:
        idle, busy = RawClient(server), RawClient(server)
        assert idle.ask(HELLO)[0] == 200
        busy.send(b"GET /api/slow HTTP/1.1\r\n\r\n" * 2)
        until(lambda: home.get("started") == 1)
        stopping = gevent.spawn(server.stop, 10)
        assert idle.is_closed()
        with pytest.raises(OSError):  # noqa: PT011  refused or reset, as the system likes
            RawClient(server).ask(HELLO)
        home["release"].set()
        status, headers, _ = busy.reply()
        assert (status, headers["connection"]) == (200, "close")
        stopping.join(60)
        assert stopping.successful() and server.connections() == 0
        assert home["started"] == 1


def test_stop_ends_requests_that_do_not_finish():
    home = {"release": Event()}
    with running(home=home) as server, RawClient(server) as client:
        client.send(b"GET /api/slow HTTP/1.1\r\n\r\n")
        until(lambda: home.get("started") == 1)
        server.stop(0.1)
        assert server.connections() == 0
        assert client.is_closed()


def test_connections_leave_nothing_behind(server):
    """A thousand connections: as many greenlets and descriptors afterwards as before."""
    import gc
    import os

    def descriptors():
        return len(os.listdir("/proc/self/fd"))

    before = descriptors()
    for _ in range(10):
        clients = [RawClient(server) for _ in range(100)]
        for client in clients:
            client.send(HELLO)
        assert all(client.reply()[0] == 200 for client in clients)
        for client in clients:
            client.sock.close()
    until(lambda: server.connections() == 0)
    gc.collect()
    assert descriptors() <= before + 2


# TLS, and pywsgi in our place


def test_tls():
    certificate = (TLS / "localhost-cert.pem", TLS / "localhost-key.pem")  # self-signed, for tests only
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with running(ssl_context=context, limits=Limits(first_byte_s=3.0)) as server:
        base = f"https://localhost:{server.port}"
        with requests.Session() as session:
            session.trust_env = False  # a CA bundle of the environment would win over ours
            session.verify = str(certificate[0])
            assert session.get(f"{base}/api/", headers=TOKEN, timeout=60).json() == {"message": "API running."}
            assert len(session.get(f"{base}/api/large?size=3000000", timeout=60).content) == 3_000_000
        with RawClient(server) as plain:
            plain.send(HELLO)
            with pytest.raises(ConnectionError):
                plain.reply()
        with RawClient(server) as silent:
            assert silent.is_closed()
        until(lambda: server.connections() == 0)


def test_pywsgi_answers_the_same():
    with running(kind=PywsgiServer, limits=Limits(max_body=10_000)) as server:
        base = f"http://127.0.0.1:{server.port}"
        with requests.Session() as session:
            assert session.get(f"{base}/api/", headers=TOKEN, timeout=60).json() == {"message": "API running."}
            assert session.get(f"{base}/api/", timeout=60).text == "401: Unauthorized"
            assert session.post(f"{base}/api/echo", data=b"x" * 10_000, timeout=60).content == b"x" * 10_000
            assert session.post(f"{base}/api/echo", data=b"x" * 10_001, timeout=60).status_code == 413
