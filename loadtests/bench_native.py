"""How fast a native client's ordinary requests are answered in a home of 2,500 entities (native API, section 8).

Run: python -m loadtests.bench_native [--entities 2500] [--rounds 20] [--json FILE]

One client, one connection, the default configuration with MQTT. Milliseconds are the median of the rounds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.server import Server, server_in

CONFIGURATION = "marge:\n  profile: native\n"
SEQUENTIAL_WRITES = 1_000
AT_ONCE = 50
CONNECTIONS = 100

Figures = dict[str, float]


class Client:
    """One connection that stays open."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self._headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """The body of the reply, which has to be a success."""
        self._connection.request(method, path, None if body is None else json.dumps(body), self._headers)
        reply = self._connection.getresponse()
        content = reply.read()
        assert reply.status in (200, 201), (method, path, reply.status, content[:300])
        return content


@contextmanager
def home(entities: int) -> Iterator[Server]:
    """A server with so many virtual entities."""
    with tempfile.TemporaryDirectory() as folder, server_in(Path(folder)) as server:
        server.write(configuration=CONFIGURATION)
        server.start()
        client = Client(server)
        attributes = {"friendly_name": "A sensor", "unit_of_measurement": "°C", "device_class": "temperature"}
        for number in range(entities):
            client.ask("POST", f"/api/states/sensor.many_{number}", {"state": "20", "attributes": attributes})
        client.ask("POST", "/api/states/light.one", {"state": "off"})
        yield server
        server.terminate()


def measure(entities: int, rounds: int) -> Figures:
    """All figures: `…_ms` in milliseconds, `…_per_s`, `…_s` in seconds, `…_mb` in megabytes, `…_us` in microseconds."""
    with home(entities) as server:
        client = Client(server)

        def timed(method: str, path: str, body: Callable[[int], Any] = lambda _: None) -> float:
            seen = []
            for number in range(rounds):
                sent = body(number)
                began = time.perf_counter()
                client.ask(method, path, sent)
                seen.append(time.perf_counter() - began)
            return statistics.median(seen) * 1000

        template = {"template": "{{ states.sensor | selectattr('state', 'eq', '20') | list | count }}"}
        figures = {
            "write_ms": timed("POST", "/api/states/sensor.many_0", lambda number: {"state": str(number)}),
            "read_ms": timed("GET", "/api/states/sensor.many_0"),
            "health_ms": timed("GET", "/api/health"),
            "config_ms": timed("GET", "/api/config"),
            "call_ms": timed("POST", "/api/services/light/toggle", lambda _: {"entity_id": "light.one"}),
            "search_ms": timed("GET", "/api/states/search?q=many_7"),
            "template_ms": timed("POST", "/api/template", lambda _: template),
            "all_states_ms": timed("GET", "/api/states"),
        }
        began = time.perf_counter()
        for number in range(SEQUENTIAL_WRITES):
            client.ask("POST", "/api/states/sensor.serial", {"state": str(number)})
        figures["writes_per_s"] = SEQUENTIAL_WRITES / (time.perf_counter() - began)
        figures |= _at_once(server)
        health = json.loads(client.ask("GET", "/api/health"))
        figures["memory_mb"] = health["memory_rss_mb"]
        figures["latency_avg_us"] = health["latency_avg_us"]
        figures["startup_ms"] = health["startup_ms"]
    return {name: round(value, 3) for name, value in figures.items()}


def _at_once(server: Server) -> Figures:
    """Fifty that ask together, and a hundred connections that are made together."""

    def write(number: int) -> None:
        Client(server).ask("POST", f"/api/states/sensor.new_{number}", {"state": str(number)})

    def health(_number: int) -> None:
        Client(server).ask("GET", "/api/health")

    figures = {}
    for name, work, count in (
        ("health_at_once_s", health, AT_ONCE),
        ("new_entities_at_once_s", write, AT_ONCE),
        ("connections_at_once_s", write, CONNECTIONS),
    ):
        began = time.perf_counter()
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(work, range(count)))
        figures[name] = time.perf_counter() - began
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entities", type=int, default=2_500)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = measure(options.entities, options.rounds)
    for name, value in figures.items():
        print(f"{name:28}{value:10.2f}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures), "utf-8")


if __name__ == "__main__":
    main()
