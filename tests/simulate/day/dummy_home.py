"""A tiny home on a real HTTP server: states, a lamp service, notifications and a clock, as the player sees them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

TOKEN = "secret-token"


class DummyHome:
    """What the handler reads and writes. `times`: every time that was set, as the request bodies came."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, Any]] = {}
        self.notifications: list[str] = []
        self.times: list[dict[str, Any]] = []
        self.events: list[str] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.broken: set[str] = set()
        self.url = ""
        self.without_notifications = False
        self.put("sun.sun", "above_horizon", next_setting="2026-06-21T03:02:30+00:00")

    def put(self, entity_id: str, state: str, **attributes: Any) -> None:
        self.states[entity_id] = {"entity_id": entity_id, "state": state, "attributes": attributes}

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = path.removeprefix("/api/").split("/")
        match method, parts:
            case "GET", ["states", entity_id]:
                return (200, self.states[entity_id]) if entity_id in self.states else (404, {"message": "not found"})
            case "POST", ["states", entity_id]:
                self.put(entity_id, body["state"], **body["attributes"])
                return 200, self.states[entity_id]
            case "GET", ["config"]:
                return 200, {"time_zone": "America/Denver"}
            case "GET", ["notifications"] if not self.without_notifications:
                return 200, [{"notification_id": name} for name in self.notifications]
            case "POST", ["sim", "time"]:
                self.times.append(body)
                return 200, {"status": "ok"}
            case "POST", ["events", name]:
                self.events.append(name)
                return 200, {"message": "fired"}
            case "POST", ["services", domain, service]:
                return self._call(f"{domain}.{service}", body)
        return 404, {"message": "no such path"}

    def _call(self, name: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.calls.append((name, body))
        if name in self.broken:
            return 500, {"message": "the service broke"}
        if name == "light.turn_on":
            self.put(body["entity_id"], "on", brightness=body.get("brightness", 255))
        return 200, []


@contextmanager
def serve(home: DummyHome) -> Iterator[DummyHome]:
    """The home on a free port for the time of a `with` block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, answer = 401, {"message": "Unauthorized"}
            else:
                status, answer = home.answer(self.command, self.path, orjson.loads(raw) if raw else None)
            payload = orjson.dumps(answer)
            self.send_response(status)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = _serve  # noqa: N815 - the names are http.server's

        def log_message(self, *_: Any) -> None:
            """Quiet: the tests look at the answers."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    home.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield home
    finally:
        server.shutdown()
        server.server_close()


class DummyHand:
    """The wire to a house that is part of the dummy home."""

    def __init__(self, home: DummyHome) -> None:
        self.home = home

    def simulate(self, device: str, change: Any) -> None:
        self.home.put(f"binary_sensor.{device.lower()}", "on" if change["occupancy"] else "off")

    def power(self, on: bool) -> None:
        self.home.put("light.porch", "off" if on else "unavailable")
