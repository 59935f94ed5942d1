"""Garbage from the network, a lot of it: requests and frames of any bytes, and messages and calls that are
nearly right.

Afterwards the server answers as before, has forgotten nothing and kept nothing: no reply is missing, nothing was a
fault, and memory, greenlets, actors and descriptors are what they were. 5,000 pieces in `make test`, 100,000 with the
marker `slow`.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import random
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import greenlet
import psutil
import pytest
import requests
import structlog

from marge.http.ws.registry import Command, find_commands
from tests.http.support import RawClient
from tests.support.home import HomeServer, WebSocketClient, home_server
from tests.support.waiting import until

SEED = 20_260_101
RSS_MB = 120
"""So much may come on top: caches of templates and schemas, the recorder's batch, fragments of the heap."""
BATCH = 50
"""Messages between two pings."""
CONFIGURATION = """
default_config:
demo:
input_boolean: {guest: {name: Guest}}
automation: []
script: {}
"""
LEFT_OUT = {
    "backup/generate", "backup/generate_with_automatic_settings", "backup/restore", "auth/delete_all_refresh_tokens",
    "marge/system/restart",
}  # fmt: skip
"""They take long, end the server, or show the client out."""
STOPPING = {"service.homeassistant.stop", "service.homeassistant.restart", "service.backup.create"}
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "BREW", "")
PATHS = (
    "/", "/api/", "/api/states", "/api/states/light.kitchen", "/api/services/light/turn_on", "/api/websocket",
    "/auth/token",
    "/api/template", "/api/events/x", "/local/x", "/api//states", "/%00", "/%ff%fe", "/..%2f..%2fetc/passwd", "*", "",
    "/api/image/upload", "/api/history/period", "/api/camera_proxy/camera.x", "/api/webhook/x", "http://[::1/api/",
    "\\",
)  # fmt: skip
HEADERS = (
    "Host: x", "Content-Length: -1", "Content-Length: 5", "Content-Length: 99999999999999999999",
    "Content-Length: 1, 2",
    "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked\r\nContent-Length: 3",
    "Expect: 100-continue", "Expect: 1", "Upgrade: websocket\r\nConnection: Upgrade", "Upgrade: h2c",
    "Connection: close",
    "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 99", "Authorization: Bearer \xff", "Authorization: Basic e",
    "Cookie: a=b; c", "Range: bytes=9-1", "Accept-Encoding: gzip;q=x", "Origin: null", "X-Forwarded-For: 1", ": x", "x",
    "Content-Type: multipart/form-data; boundary=", "Content-Type: application/json; charset=nope", "If-None-Match: *",
)  # fmt: skip


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    """A home with devices."""
    with home_server(CONFIGURATION, bridges=("demo",)) as server:
        yield server


class Figures:
    """What must be the same before and after."""

    def __init__(self, home: HomeServer) -> None:
        gc.collect()
        self.rss = psutil.Process().memory_info().rss
        self.descriptors = len(os.listdir("/proc/self/fd"))
        self.greenlets = sum(isinstance(each, greenlet.greenlet) and not each.dead for each in gc.get_objects())
        self.actors = home.home.system.tree("/http", 1, 1).get("child_count", 0)  # not those of entities that were made

    def fits(self, later: Figures) -> bool:
        return (
            later.descriptors <= self.descriptors + 4
            and later.greenlets <= self.greenlets + 8
            and later.actors <= self.actors
        )

    def __repr__(self) -> str:
        return f"<{self.rss >> 20} MB, {self.descriptors} files, {self.greenlets} greenlets, {self.actors} actors>"


def check(home: HomeServer, attack: Callable[[], None]) -> None:
    """Run an attack; then all is as it was."""
    assert home.rest("GET", "/api/states").status_code == 200  # caches are warm
    before = Figures(home)
    with structlog.testing.capture_logs() as lines:
        attack()
        with suppress(AssertionError):
            until(lambda: before.fits(Figures(home)))
    after = Figures(home)

    assert before.fits(after), (before, after)
    faults = [line for line in lines if "exc_info" in line or line["log_level"] == "critical"]
    assert faults == []
    assert after.rss - before.rss < RSS_MB << 20, (before, after)
    assert home.rest("GET", "/api/states").status_code == 200
    with home.websocket() as client:
        assert client.command("ping")["type"] == "pong"


# -- requests ----------------------------------------------------------------------------------------------------------


def request_bytes(dice: random.Random, token: str) -> bytes:
    """A request, more or less; half of them are logged in."""
    if dice.random() < 0.15:
        return dice.randbytes(dice.randrange(1, 300))
    lines = [f"{dice.choice(METHODS)} {dice.choice(PATHS)} HTTP/{dice.choice(('1.1', '1.0', '1.1', '2.0', '9', ''))}"]
    lines += dice.sample(HEADERS, dice.randrange(4))
    if dice.random() < 0.5:
        lines.append(f"Authorization: Bearer {token}")
    data = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    body = dice.choice((b"", b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\n", b"{", b"[" * 2_000, dice.randbytes(50)))
    if dice.random() < 0.3:
        data = data.replace(b"\r\n\r\n", b"\r\nContent-Length: %d\r\n\r\n" % len(body), 1)
    data += body
    if dice.random() < 0.3:  # some bytes are others
        spoilt = bytearray(data)
        for _ in range(dice.randrange(1, 5)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        data = bytes(spoilt)
    return data[: dice.randrange(1, len(data))] if dice.random() < 0.1 else data


def read_all(sock: socket.socket) -> bytes:
    found = b""
    with suppress(OSError):
        while data := sock.recv(65_536):
            found += data
    return found


def send_requests(home: HomeServer, number: int) -> Counter[bytes]:
    """So many requests, each on a connection of its own. How many replies began with which status."""
    dice = random.Random(SEED)
    seen: Counter[bytes] = Counter()
    for _ in range(number):
        data = request_bytes(dice, home.admin_token)
        with RawClient(home) as client:
            with suppress(OSError):
                client.send(data)
                client.sock.shutdown(socket.SHUT_WR)
            answer = read_all(client.sock)
        status = answer[9:12] if answer.startswith(b"HTTP/1.1 ") else b"none" if not answer else b"????"
        seen[status] += 1
        assert not status.startswith(b"5") or status in (b"501", b"503"), (data, answer[:300])
        assert status != b"????", (data, answer[:300])
        assert status != b"none" or not is_whole(data), data
    return seen


def is_whole(data: bytes) -> bool:
    """Whether this is a request that has to be answered: a plain one without a body."""
    head, end, body = data.partition(b"\r\n\r\n")
    first = head.partition(b"\r\n")[0]
    plain = first in (b"GET /api/ HTTP/1.1", b"GET /api/states HTTP/1.1", b"GET / HTTP/1.1")
    return bool(end) and plain and b"ontent-" not in head and b"ransfer-" not in head and b"pgrade" not in head


# -- frames ------------------------------------------------------------------------------------------------------------


def frame(opcode: int, payload: bytes, *, fin: bool = True, masked: bool = True, rsv: int = 0) -> bytes:
    """A client's frame, also one that must not be."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    mask = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head += bytes([mask | size])
    elif size < 65_536:
        head += bytes([mask | 126]) + struct.pack(">H", size)
    else:
        head += bytes([mask | 127]) + struct.pack(">Q", size)
    return head + (b"\0\0\0\0" if masked else b"") + payload


def hostile_bytes(dice: random.Random) -> bytes:
    """What no client should send on an open WebSocket."""
    text = b'{"id": 1, "type": "ping"}'
    match dice.randrange(12):
        case 0:
            return dice.randbytes(dice.randrange(1, 200))
        case 1:
            return frame(dice.choice((3, 4, 5, 6, 7, 11, 12, 15)), text)
        case 2:
            return frame(1, text, masked=False)
        case 3:
            return frame(1, text, rsv=dice.randrange(1, 8))
        case 4:
            return frame(1, b"\xff\xfe" + dice.randbytes(10))
        case 5:
            return frame(1, text[:9], fin=False) + frame(0, text[9:])
        case 6:
            return frame(0, text)
        case 7:
            return frame(1, text[:9], fin=False) + frame(1, text)
        case 8:
            return frame(9, dice.randbytes(126)) if dice.random() < 0.5 else frame(9, b"x", fin=False)
        case 9:
            return frame(8, dice.choice((b"", b"\x03", b"\x03\xe8ok", b"\x00\x00", b"\x03\xe8\xff")))
        case 10:
            return bytes([0x81, 0xFF]) + struct.pack(">Q", dice.choice((1 << 63, 5 << 20, (1 << 64) - 1)))
    return frame(2, dice.randbytes(30)) + frame(1, b"[" * 5_000)


def send_hostile_frames(home: HomeServer, number: int) -> None:
    """So many connections that break the protocol: each is ended with a reason or goes on, none hangs."""
    dice = random.Random(SEED)
    key = base64.b64encode(bytes(16))
    shake = (
        b"GET /api/websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: 13\r\n\r\n" % key
    )
    log_in = frame(1, json.dumps({"type": "auth", "access_token": home.admin_token}).encode())
    for _ in range(number):
        with RawClient(home) as client, suppress(OSError):
            client.send(shake + (log_in if dice.random() < 0.7 else b""))
            for _ in range(dice.randrange(1, 4)):
                client.send(hostile_bytes(dice))
            client.sock.shutdown(socket.SHUT_WR)
            assert read_all(client.sock).startswith(b"HTTP/1.1 101")


# -- messages ----------------------------------------------------------------------------------------------------------


def junk(dice: random.Random, depth: int = 0) -> Any:
    """Some JSON."""
    match dice.randrange(12 if depth < 3 else 9):
        case 0:
            return None
        case 1:
            return dice.random() < 0.5
        case 2:
            return dice.choice((0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 255, 10**18))
        case 3:
            return dice.choice((0.0, -0.5, 1e308, 1e-308, 3.14))
        case 4:
            return dice.choice(("", "x", "light.kitchen", "light.bed_light", "all", "none", "2026-01-01T00:00:00Z"))
        case 5:
            return dice.choice(("{{ states }}", "{{ 1/0 }}", "{% for", "\0", "é\u202e😀", "../../etc", "a" * 3_000))
        case 6:
            return dice.choice(("sensor.outside_temperature", "light", "turn_on", "hour", "day", "on", "guest", "en"))
        case 7:
            return "".join(chr(dice.randrange(32, 0xD7FF)) for _ in range(dice.randrange(20)))
        case 8:
            return dice.randrange(1_000)
        case 9:
            return [junk(dice, depth + 1) for _ in range(dice.randrange(4))]
        case 10:
            return {str(junk(dice, 3))[:20]: junk(dice, depth + 1) for _ in range(dice.randrange(4))}
    value: Any = 1
    for _ in range(dice.choice((5, 60, 300))):
        value = [value] if dice.random() < 0.5 else {"a": value}
    return value


def near(dice: random.Random, schema: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits a JSON Schema, or nearly."""
    if dice.random() < 0.12 or depth > 5:
        return junk(dice)
    for choice in ("anyOf", "oneOf"):
        if choice in schema and "properties" not in schema:
            return near(dice, dice.choice(schema[choice]), depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return dice.choice(schema["enum"])
    kind = schema.get("type")
    kind = dice.choice(kind) if isinstance(kind, list) else kind
    if kind == "object":
        known = schema.get("properties", {})
        needed = schema.get("required", [])
        return {
            name: near(dice, each, depth + 1)
            for name, each in known.items()
            if (name in needed and dice.random() < 0.97) or (name not in needed and dice.random() < 0.4)
        } | ({"surprise": junk(dice)} if dice.random() < 0.05 else {})
    if kind == "array":
        return [near(dice, schema.get("items") or {}, depth + 1) for _ in range(dice.randrange(4))]
    if kind in ("integer", "number"):
        return dice.choice((schema.get("minimum", 0), schema.get("maximum", 100), 1, 7, -1, 10**12, 0.5))
    if kind == "boolean":
        return dice.random() < 0.5
    return None if kind == "null" else junk(dice)


def messages(dice: random.Random, described: dict[str, Any], commands: dict[str, Command]) -> Iterator[dict[str, Any]]:
    """Commands without end, each in turn, with fields of its schema's neighbourhood."""
    names = sorted(set(commands) - LEFT_OUT)
    while True:
        for name in dice.sample(names, len(names)):
            message = near(dice, described[name]["message"])
            fields = message if isinstance(message, dict) else {}
            yield {**{str(key)[:50]: value for key, value in fields.items()}, "type": name}


def send_messages(home: HomeServer, number: int) -> Counter[str]:
    """So many messages over a handful of connections; every one has its reply. How many had which outcome."""
    dice = random.Random(SEED)
    described = home.rest("GET", "/api/openapi.json").json()["x-websocket-commands"]
    stream = messages(dice, described, find_commands())
    seen: Counter[str] = Counter()
    sent = 0
    while sent < number:
        with home.websocket() as client:
            last_id = 0
            for _ in range(20):
                sent_ids: dict[int, str] = {}
                for _ in range(BATCH):
                    last_id += dice.choice((1, 1, 1, 2, 1_000))
                    message = {**next(stream), "id": last_id}
                    client.send(json.dumps(message))
                    sent_ids[last_id] = json.dumps(message)[:300]
                sent += BATCH
                collect_replies(client, sent_ids, seen)
                if sent >= number:
                    break
    return seen


def collect_replies(client: WebSocketClient, waiting: dict[int, str], seen: Counter[str]) -> None:
    """Read until every message has its result."""
    while waiting:
        try:
            reply = client.receive(30)
        except Exception as exc:
            raise AssertionError(f"no reply to {list(waiting.items())[:3]}") from exc
        if reply.get("id") in waiting and reply["type"] in ("result", "pong"):
            del waiting[reply["id"]]
            code = "ok" if reply.get("success", True) else reply["error"]["code"]
            seen[code] += 1


# -- services ----------------------------------------------------------------------------------------------------------


def call_services(home: HomeServer, number: int) -> Counter[int]:
    """So many calls with data near the service's schema, on entities that are there. How many had which status."""
    dice = random.Random(SEED)
    schemas = home.rest("GET", "/api/openapi.json").json()["components"]["schemas"]
    names = sorted(name for name in schemas if name.startswith("service.") and name not in STOPPING)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {home.admin_token}"
    seen: Counter[int] = Counter()
    for count in range(number):
        name = names[count % len(names)]
        _, domain, service = name.split(".")
        data = near(dice, schemas[name])
        known = [state.entity_id for state in home.home.states.domain(domain)] or ["sun.sun"]
        if isinstance(data, dict) and dice.random() < 0.9:
            data = {key: value for key, value in data.items() if not key.endswith("_id") or dice.random() < 0.3}
            data["entity_id"] = dice.choice((dice.choice(known), known[:5], "all", junk(dice)))
        query = "?return_response" if dice.random() < 0.3 else ""
        reply = session.post(f"{home.url}/api/services/{domain}/{service}{query}", data=json.dumps(data), timeout=30)
        assert reply.status_code in (200, 400, 500), reply.text
        seen[reply.status_code] += 1
    return seen


# -- the tests ---------------------------------------------------------------------------------------------------------


def attack_with(home: HomeServer, number: int) -> None:
    """`number` pieces: a fifth requests, a fifth broken frames, two fifths messages; and some calls."""
    statuses = send_requests(home, number // 5)
    send_hostile_frames(home, number // 5)
    codes = send_messages(home, 2 * number // 5)
    calls = call_services(home, number // 20)

    assert statuses[b"400"] and statuses[b"401"] and statuses[b"200"], statuses
    assert codes["ok"] and codes["invalid_format"], codes
    assert calls[200] and calls[400], calls


def test_five_thousand_pieces_of_garbage_leave_nothing_behind(home: HomeServer) -> None:
    """Requests, frames, messages and calls; then everything is as before."""
    check(home, lambda: attack_with(home, 5_000))


@pytest.mark.slow
def test_a_hundred_thousand_pieces_of_garbage_leave_nothing_behind(home: HomeServer) -> None:
    """The same, twenty times as much."""
    check(home, lambda: attack_with(home, 100_000))
