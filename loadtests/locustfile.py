"""Users of a running Marge for Locust: apps that read and write over REST, call services, and listen on a WebSocket.

Run: locust -f loadtests/locustfile.py --headless -u 20 -r 5 -t 60s --host http://localhost:8123

The token comes from `MARGE_TOKEN`, the number of entities from `MARGE_LOAD_ENTITIES` (1,000; make them with
`python -m loadtests.homes.virtual`). Not here: checks of correctness beyond the status of an answer.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import gevent
import websocket
from locust import HttpUser, User, between, constant, task
from locust.exception import StopUser

sys.path.insert(0, str(Path(__file__).parents[1]))  # Locust imports this file by its path

from loadtests.homes.virtual import DOMAINS, entity, entity_id  # noqa: E402

ENTITIES = int(os.environ.get("MARGE_LOAD_ENTITIES", "1000"))
TOKEN = os.environ.get("MARGE_TOKEN", "")
SENT = "sent_at"
"""An attribute with the writer's clock, for the time from a write to a listener on the same machine."""


class RestUser(HttpUser):
    """Reads ten times as often as it writes."""

    weight = 3
    wait_time = between(0.01, 0.1)

    def on_start(self) -> None:
        self.client.headers["Authorization"] = f"Bearer {TOKEN}"

    @task(10)
    def read_a_state(self) -> None:
        self.client.get(f"/api/states/{entity_id(_any())}", name="/api/states/<id>")

    @task(3)
    def write_a_state(self) -> None:
        number = _any()
        body = entity(number)
        body["attributes"] |= {SENT: time.time()}
        self.client.post(f"/api/states/{entity_id(number)}", json=body, name="/api/states/<id> (write)")

    @task(3)
    def call_a_service(self) -> None:
        number = _any() // len(DOMAINS) * len(DOMAINS)
        domain = DOMAINS[0]
        service = random.choice(("turn_on", "turn_off", "toggle"))
        data = {"entity_id": entity_id(number)}
        self.client.post(f"/api/services/{domain}/{service}", json=data, name="/api/services/<domain>/<service>")

    @task(1)
    def look_at_health(self) -> None:
        self.client.get("/api/health")


class DashboardUser(HttpUser):
    """Loads everything now and then, as a page that is opened does."""

    weight = 1
    wait_time = between(2, 5)

    def on_start(self) -> None:
        self.client.headers["Authorization"] = f"Bearer {TOKEN}"

    @task
    def read_all_states(self) -> None:
        self.client.get("/api/states")


class Listener(User):
    """Subscribes to `state_changed` over a WebSocket; each event that carries a writer's time is a sample."""

    weight = 1
    wait_time = constant(0)

    def on_start(self) -> None:
        url = f"{str(self.host).replace('http', 'ws', 1)}/api/websocket"
        began = time.perf_counter()
        try:
            self._socket = websocket.create_connection(url, timeout=10)
            self._expect("auth_required")
            self._socket.send(json.dumps({"type": "auth", "access_token": TOKEN}))
            self._expect("auth_ok")
            self._socket.send(json.dumps({"id": 1, "type": "subscribe_events", "event_type": "state_changed"}))
            self._expect("result")
        except (OSError, websocket.WebSocketException, ValueError) as error:
            self._report("subscribe", 0.0, error)
            raise StopUser from error
        self._report("subscribe", (time.perf_counter() - began) * 1000, None)

    def on_stop(self) -> None:
        if getattr(self, "_socket", None) is not None:
            self._socket.close()

    @task
    def listen(self) -> None:
        try:
            message = json.loads(self._socket.recv())
        except websocket.WebSocketTimeoutException:
            return  # nothing happened
        except (OSError, websocket.WebSocketException, ValueError) as error:
            self._report("event", 0.0, error)
            gevent.sleep(1)
            raise StopUser from error
        sent = _sent_at(message)
        if sent is not None:
            self._report("event", max(0.0, time.time() - sent) * 1000, None)

    def _expect(self, kind: str) -> None:
        message = json.loads(self._socket.recv())
        if message.get("type") != kind or message.get("success") is False:
            raise ValueError(f"expected {kind}, not {message}")

    def _report(self, name: str, taken_ms: float, error: Exception | None) -> None:
        self.environment.events.request.fire(
            request_type="WS", name=name, response_time=taken_ms, response_length=0, exception=error, context={}
        )


def _sent_at(message: Any) -> float | None:
    """The writer's clock, if the event is the write itself: a service call keeps the attribute of an older one."""
    state = message.get("event", {}).get("data", {}).get("new_state") or {}
    old = message.get("event", {}).get("data", {}).get("old_state") or {}
    sent = state.get("attributes", {}).get(SENT)
    return sent if isinstance(sent, float) and sent != old.get("attributes", {}).get(SENT) else None


def _any() -> int:
    return random.randrange(ENTITIES)
