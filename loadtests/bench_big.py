"""A big home under the questions that front ends ask on start: how long each takes, and who holds the hub meanwhile.

Run: python -m loadtests.bench_big [--entities 50000] [--registered 5000] [--json FILE]

The home has virtual entities; `--registered` of its lights have registry entries and stand, ten a device, in one area.
Each question is asked once cold and once warm; `held_ms` is the longest hold of the hub that the watchdog saw since the
question before, and `cpu_ms` how much of it the hub's thread computed: the rest belongs to others on the machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import websocket

from loadtests.homes.virtual import DOMAINS, entity_id, write_configuration
from tests.support.server import Server, server_in

HELD_MS = 50
TOGETHER = 10
AREA, DEVICE_SIZE = "hall", 10
Figures = dict[str, dict[str, Any]]


def fill_registry(path: Path, registered: int) -> str:
    """An area, devices and entries for the first lights; the area's id. The server must not run."""
    from marge.actors import ActorSystem
    from marge.registries import Registries
    from marge.storage import Database, KeyValue

    database, system = Database(path), ActorSystem()
    registries = Registries(KeyValue(database), system.bus, system.clock)
    registries.load()
    area = registries.areas.create(name=AREA)
    entry = registries.config_entries.get_or_create("bench", "Bench")
    step = len(DOMAINS)
    for number in range(registered):
        device = registries.devices.get_or_create(
            identifiers=[("bench", str(number // DEVICE_SIZE))], name=f"Device {number // DEVICE_SIZE}",
            area_id=area.area_id, config_entry_id=entry.entry_id,
        )  # fmt: skip
        registries.entities.get_or_create(
            "light", "bench", f"load-{number}", entity_id=entity_id(number * step), device_id=device.id,
            config_entry_id=entry.entry_id, original_name=f"Load {number * step}",
        )  # fmt: skip
    registries.flush()
    system.shutdown(10)
    database.close()
    return str(area.area_id)


class Client:
    """One WebSocket that is logged in."""

    def __init__(self, server: Server) -> None:
        self.link = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/api/websocket", timeout=60, skip_utf8_validation=True
        )
        self.link.recv()
        self.link.send(json.dumps({"type": "auth", "access_token": server.token}))
        self.link.recv()
        self._number = 0

    def ask(self, message: dict[str, Any], event: bool = False) -> int:
        """Bytes of the answer, or of the first event after it.

        Raises:
            AssertionError: the answer is an error.
        """
        self._number += 1
        self.link.send(json.dumps({"id": self._number, **message}))
        answer = self.link.recv()
        assert b'"success":false' not in _bytes(answer)[:200], answer[:300]
        return len(self.link.recv() if event else answer)


def _bytes(answer: str | bytes) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer


def questions(server: Server, area: str, today: str) -> dict[str, Callable[[], int]]:
    """What is asked, by name."""
    client = Client(server)

    def command(kind: str, event: bool = False, **fields: Any) -> Callable[[], int]:
        return lambda: client.ask({"type": kind, **fields}, event)

    def rest(method: str, path: str, body: Any = None) -> Callable[[], int]:
        return lambda: len(json.dumps(server.request(method, path, body, timeout=60)))

    def together() -> int:
        clients = [Client(server) for _ in range(TOGETHER)]
        threads = [threading.Thread(target=each.ask, args=({"type": "get_states"},)) for each in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(threads)

    first = entity_id(0)
    return {
        "get_states": command("get_states"),
        f"get_states, {TOGETHER} at once": together,
        "subscribe_entities": lambda: Client(server).ask({"type": "subscribe_entities"}, event=True),
        "/api/states": rest("GET", "/api/states"),
        "entity_registry/list": command("config/entity_registry/list"),
        "list_for_display": command("config/entity_registry/list_for_display"),
        "device_registry/list": command("config/device_registry/list"),
        "search/related area": command("search/related", item_type="area", item_id=area),
        "search/related entity": command("search/related", item_type="entity", item_id=first),
        "/api/components": rest("GET", "/api/components"),
        "get_config": command("get_config"),
        "get_services": command("get_services"),
        "get_translations": command(
            "frontend/get_translations", language="en", category="entity_component"
        ),
        "manifest/list": command("manifest/list"),
        "homeassistant/expose_entity/list": command("homeassistant/expose_entity/list"),
        "validate_statistics": command("recorder/validate_statistics"),
        "list_statistic_ids": command("recorder/list_statistic_ids"),
        "logbook, all": rest("GET", f"/api/logbook/{today}"),
        "history, one": rest("GET", f"/api/history/period/{today}?filter_entity_id={first}"),
        "diagnostics: health": rest("GET", "/api/health"),
        "template: all states": rest("POST", "/api/template", {"template": "{{ states | count }}"}),
        "turn_on an area": command(
            "call_service", domain="homeassistant", service="turn_on", target={"area_id": area}
        ),
        "turn_off an area": command(
            "call_service", domain="light", service="turn_off", target={"area_id": area}
        ),
    }  # fmt: skip


def measure(folder: Path, entities: int, registered: int) -> Figures:
    """By question: milliseconds cold and warm, bytes, the longest hold and who it was."""
    figures: Figures = {}
    with server_in(folder) as server:
        write_configuration(server.home, entities)
        made = server.cli("token", "create", "bench", "--config", str(server.home))
        server.token = made.stdout.strip()
        area = fill_registry(server.database, registered)
        for name in ("first", "second"):
            answered = server.start()
            began = time.monotonic()
            server.wait_for(lambda: len(server.get("/api/states")) >= entities, 120, "all entities")
            ready = answered + time.monotonic() - began
            time.sleep(3.0)  # the recorder's first commits
            resident = psutil.Process(server.pid).memory_info().rss / 1024 / 1024
            figures[f"{name} start"] = {
                "answer_s": round(answered, 2), "complete_s": round(ready, 2), "rss_mb": round(resident),
                **_held(server, 0.0),
            }  # fmt: skip
            if name == "first":
                server.terminate()
        today = time.strftime("%Y-%m-%dT00:00:00+00:00", time.gmtime())
        for name, ask in questions(server, area, today).items():
            since, times = time.time(), []
            for _ in range(2):
                began = time.monotonic()
                size = ask()
                times.append(round((time.monotonic() - began) * 1000, 1))
            time.sleep(0.3)
            figures[name] = {"cold_ms": times[0], "warm_ms": times[1], "bytes": size, **_held(server, since)}
        resident = psutil.Process(server.pid).memory_info().rss / 1024 / 1024
        code, seconds = server.terminate()
        figures["stop"] = {"seconds": round(seconds, 2), "code": code, "rss_mb": round(resident)}
    return figures


def _held(server: Server, since: float) -> dict[str, Any]:
    hub = server.get("/api/watchdog")
    holds = [each for each in hub.get("latest", ()) if each["time"] >= since]
    longest = max(holds, key=lambda each: min(each["cpu_ms"], each["ms"]), default=None)
    if longest is None:
        return {"held_ms": 0, "cpu_ms": 0}
    stack = " < ".join(line.rpartition("/")[2] for line in reversed(longest["stack"]))
    by = f"{longest['actor']} {stack}"
    return {"held_ms": longest["ms"], "cpu_ms": longest["cpu_ms"], "holds": len(holds), "by": by}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entities", type=int, default=50_000)
    parser.add_argument("--registered", type=int, default=5_000)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.entities, options.registered)
    for name, values in figures.items():
        print(f"{name:28} {'  '.join(f'{key} {value}' for key, value in values.items())}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if all(each.get("cpu_ms", 0) <= HELD_MS for each in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
