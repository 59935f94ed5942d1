"""What one client may cost, on a whole home: bodies, messages, queues; and what every route family answers alike."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator

import gevent
import psutil
import pytest
import structlog

from marge.http.limits import MB, Limits
from marge.model import Context, Event
from tests.http.support import RawClient
from tests.support.home import HomeServer, WebSocketClosed, home_server
from tests.support.waiting import until

FAMILIES = {
    "states": ("GET", "/api/states"),
    "one state": ("POST", "/api/states/sensor.x"),
    "services": ("POST", "/api/services/light/turn_on"),
    "events": ("POST", "/api/events/x"),
    "template": ("POST", "/api/template"),
    "history": ("GET", "/api/history/period"),
    "logbook": ("GET", "/api/logbook"),
    "config": ("GET", "/api/config"),
    "entries": ("GET", "/api/config/config_entries/entry"),
    "editor": ("POST", "/api/config/automation/config/x"),
    "calendars": ("GET", "/api/calendars"),
    "pictures": ("GET", "/api/camera_proxy/camera.x"),
    "uploads": ("POST", "/api/image/upload"),
    "files": ("POST", "/api/file_upload"),
    "media": ("POST", "/api/media_source/local_source/upload"),
    "backups": ("POST", "/api/backup/upload"),
    "webhooks": ("POST", "/api/webhook/x"),
    "tokens": ("POST", "/auth/token"),
    "speech": ("POST", "/api/tts_get_url"),
    "conversation": ("POST", "/api/conversation/process"),
    "areas": ("POST", "/api/areas"),
    "description": ("GET", "/api/openapi.json"),
}
PAGE = "https://page.example"
BOUNDARY = "b"


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    """A home whose API a page elsewhere may use."""
    with home_server(f"default_config:\nhttp: {{cors_allowed_origins: [{PAGE}]}}\n") as server:
        yield server


def head(home: HomeServer, method: str, path: str, more: str = "", token: bool = True) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x"]
    if token:
        lines.append(f"Authorization: Bearer {home.user_token}")
    return ("\r\n".join(lines) + "\r\n" + more + "\r\n").encode()


@pytest.mark.parametrize("family", [name for name, (method, _path) in FAMILIES.items() if method == "POST"])
def test_an_announced_body_that_is_too_large_is_refused_unread(home: HomeServer, family: str) -> None:
    """413 before a byte of it has come, and before anybody is asked who he is."""
    method, path = FAMILIES[family]
    with RawClient(home) as client:
        more = f"Content-Length: {Limits().max_body + 1}\r\n"
        status, headers, _body = client.ask(head(home, method, path, more, token=False))

    assert (status, headers["connection"]) == (413, "close")


def test_a_body_in_chunks_is_refused_at_the_limit(home: HomeServer) -> None:
    """Nobody knows its length beforehand: it is cut where it becomes too long, and memory is given back."""
    piece = b"100000\r\n" + b"x" * MB + b"\r\n"
    with RawClient(home) as client:
        client.send(head(home, "POST", "/api/template", "Transfer-Encoding: chunked\r\n", token=False))
        sent = 0
        with pytest.raises(OSError):  # noqa: PT011  the server does not take it all
            while sent < 64:
                client.send(piece)
                sent += 1
                if client.sock in gevent.select.select([client.sock], [], [], 0)[0]:
                    assert client.reply()[0] == 413
                    raise OSError

    assert Limits().max_body // MB <= sent < 64


def test_large_bodies_of_strangers_cost_no_memory(home: HomeServer) -> None:
    """Fifty at a time that announce 1 GB each: refused at once."""
    before = psutil.Process().memory_info().rss
    clients = [RawClient(home) for _ in range(50)]
    for client in clients:
        client.send(head(home, "POST", "/api/backup/upload?agent_id=backup.local", "Content-Length: 1000000000\r\n"))
    statuses = {client.reply()[0] for client in clients}
    for client in clients:
        client.sock.close()

    assert statuses == {413}
    assert psutil.Process().memory_info().rss - before < 50 * MB


@pytest.mark.parametrize("family", list(FAMILIES))
def test_every_family_answers_a_preflight(home: HomeServer, family: str) -> None:
    """A page of an allowed origin may ask; another one may not."""
    method, path = FAMILIES[family]
    asking = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization"}
    allowed = home.rest("OPTIONS", path, token=None, headers={"Origin": PAGE, **asking})
    refused = home.rest("OPTIONS", path, token=None, headers={"Origin": "https://other.example", **asking})

    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == PAGE
    assert allowed.headers["Access-Control-Allow-Methods"] == method
    assert allowed.headers["Access-Control-Allow-Headers"] == "AUTHORIZATION"
    assert refused.status_code == 403


@pytest.mark.parametrize("family", list(FAMILIES))
def test_every_family_says_what_it_does_not_take(home: HomeServer, family: str) -> None:
    """405 with Allow for HEAD and for what nobody has heard of; as HA, HEAD is not GET."""
    for method in ("HEAD", "PATCH"):
        reply = home.rest(method, FAMILIES[family][1])
        if (method, family) == ("HEAD", "webhooks"):
            assert reply.status_code == 200
            continue
        assert reply.status_code == 405
        assert FAMILIES[family][0] in reply.headers["Allow"].split(",")
        assert method == "PATCH" or reply.content == b""


@pytest.mark.parametrize("family", [name for name, (method, _path) in FAMILIES.items() if method == "GET"])
def test_replies_carry_their_length_and_the_origin(home: HomeServer, family: str) -> None:
    """So that a client knows when it has all, and a page may read it."""
    reply = home.rest("GET", FAMILIES[family][1], headers={"Origin": PAGE, "Accept-Encoding": "identity"})

    assert int(reply.headers["Content-Length"]) == len(reply.content)
    assert reply.headers["Access-Control-Allow-Origin"] == PAGE


def test_large_replies_are_compressed_for_those_who_take_it(home: HomeServer) -> None:
    """A tenth of the description's size; the length is that of what is sent."""
    with RawClient(home) as client:
        _status, plain_headers, plain = client.ask(head(home, "GET", "/api/openapi.json"))
        _status, headers, packed = client.ask(head(home, "GET", "/api/openapi.json", "Accept-Encoding: gzip\r\n"))

    assert "content-encoding" not in plain_headers
    assert headers["content-encoding"] == "gzip" and int(headers["content-length"]) == len(packed)
    assert gzip.decompress(packed) == plain and len(packed) < len(plain) / 5


def test_a_message_that_is_too_large_ends_its_connection(home: HomeServer) -> None:
    """1009, and only for that client."""
    with home.websocket() as neighbour, home.websocket() as client:
        client.send(json.dumps({"id": 1, "type": "ping", "padding": "x" * (4 * MB)}))
        with pytest.raises(WebSocketClosed) as closed:
            client.receive()

        assert closed.value.code == 1009
        assert neighbour.command("ping")["type"] == "pong"


def test_a_client_that_does_not_read_is_dropped_and_counted(home: HomeServer) -> None:
    """When more than 4,096 messages wait for it; a line in the log, a figure in `/api/health` and `/metrics`."""
    counted = home.rest("GET", "/api/health").json()["core"]["ws_clients_dropped"]
    before = home.running.server.connections() if home.running.server is not None else 0
    with structlog.testing.capture_logs() as lines, home.websocket() as client, home.websocket() as neighbour:
        assert client.raw.sock is not None
        client.raw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        assert client.command("subscribe_events", event_type="flood")["success"]
        for number in range(30_000):
            home.home.bus.publish(flood(home, number))
            if number % 500 == 0:
                gevent.sleep(0.001)
            if any(line["event"] == "websocket client dropped" for line in lines):
                break
        until(lambda: any(line["event"] == "websocket client dropped" for line in lines))
        assert neighbour.command("ping")["type"] == "pong"
        reason = next(line["reason"] for line in lines if line["event"] == "websocket client dropped")
    until(lambda: home.rest("GET", "/api/health").json()["core"]["ws_clients_dropped"] == counted + 1)

    assert "4096 messages" in reason
    assert f"marge_ws_clients_dropped_total {counted + 1}" in home.rest("GET", "/metrics").text
    until(lambda: home.running.server is not None and home.running.server.connections() <= before)


def flood(home: HomeServer, number: int) -> Event:
    """An event of 2 KB."""
    return Event("flood", {"number": number, "text": "x" * 2_000}, Context.new(), home.home.clock.now())


def form(name: str, data: bytes, **fields: str) -> tuple[bytes, dict[str, str]]:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    parts.append(f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: image/png\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"
    }


@pytest.mark.parametrize(
    "path, fields",
    [
        ("/api/image/upload", {}),
        ("/api/file_upload", {}),
        ("/api/media_source/local_source/upload", {"media_content_id": "media-source://media_source/local/."}),
        ("/api/backup/upload?agent_id=backup.local", {}),
    ],
)
def test_uploads_are_taken_up_to_a_body_and_refused_beyond(
    home: HomeServer, path: str, fields: dict[str, str]
) -> None:
    """Nonsense of nearly 16 MB is looked at and answered; it is never a fault."""
    body, headers = form("a.png", b"x" * (15 * MB), **fields)
    reply = home.rest("POST", path, body, headers=headers)

    assert reply.status_code in (200, 400)
    assert home.rest("GET", "/api/").status_code == 200
