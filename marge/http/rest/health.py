"""`/api/health`: how the home is, for load balancers, scripts and people. Open to everybody, so it names no secrets."""

from __future__ import annotations

import os
import time
from typing import Any

import psutil

from marge.actors import Supervisor
from marge.components import broken_parts
from marge.history.fill_watch import filling
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.status import phase
from marge.http.routing import route
from marge.http.shapes import INTEGER, OBJECT, STRING, Answer, obj
from marge.version import HA_VERSION, VERSION

BRIDGES = "/bridges"
MEMORY_KEPT_S = 1.0


@route(
    "GET", "/api/health", hot=True, access="open",
    replies={200: Answer("Figures.", obj(status=STRING, version=STRING, entity_count=INTEGER,
                                     core=OBJECT, integrations=OBJECT, system=OBJECT))},
)  # fmt: skip
def health(home: Home, _request: Request) -> Reply:
    """Flat fields for monitoring, and the blocks `core`, `integrations` and `system`."""
    return json_reply(describe_health(home))


def describe_health(home: Home) -> dict[str, Any]:
    """Figures that cost no more than a few look-ups; the memory is the main process's and its children's."""
    entities, run = home.entities, home.shared.get("run")
    startup_s = run.startup_s if run is not None else 0.0
    memory = _memory(home).bytes()
    average = entities.write_total_s / entities.writes if entities.writes else 0.0
    simulation = home.shared.get("simulation", {})
    automations = home.shared.get("automations")
    uptime = time.monotonic() - run.started if run is not None else 0.0
    bridges, disk = describe_bridges(home), disk_figures(home)
    return {
        "status": "ok",
        "version": VERSION,
        "entity_count": len(home.states),
        "memory_rss_kb": memory // 1024,
        "memory_rss_mb": round(memory / 1024 / 1024, 2),
        "uptime_seconds": round(uptime, 3),
        "startup_us": round(startup_s * 1e6),
        "startup_ms": round(startup_s * 1000, 2),
        "state_changes": entities.writes,
        "events_fired": home.bus.published,
        "automation_triggers": getattr(automations, "total_runs", 0),
        "latency_avg_us": round(average * 1e6, 3),
        "latency_max_us": round(entities.write_max_s * 1e6, 3),
        "sim_time": simulation.get("time", ""),
        "sim_chapter": simulation.get("chapter", ""),
        "sim_speed": simulation.get("speed", 0),
        "ws_connections": run.ws_connections() if run is not None else 0,
        "plugins_loaded": 0,
        "core": {
            "state": phase(home),
            "ha_version": HA_VERSION,
            "actors": len(home.system),
            "dead_letters": home.system.dead_letters.total,
            "timers": home.clock.pending(),
            "ws_clients_dropped": run.lanes.websockets.dropped if run is not None and run.lanes is not None else 0,
            "database_bytes": disk.get("database_bytes"),
            "disk_used": disk.get("disk_used"),
            "problems": len(home.config.problems) + len(home.shared.get("config_problems", ())),
            "broken_parts": [part.module for part in broken_parts(home)],
            "recorder": _describe(home, "/recorder"),
            "migration": filling(home),
        },
        "integrations": bridges,
        "system": {
            "pid": os.getpid(),
            "main_process_rss_mb": round(_process.memory_info().rss / 1024 / 1024, 2),
            "load_1m": round(os.getloadavg()[0], 2),
            "hub": run.watchdog.describe() | {"latest": None} if run is not None else None,
        },
    }


_process = psutil.Process()


class Memory:
    """Resident size of this process and its children (broker, simulator), looked up at most once a second.

    Finding the children walks /proc, and anybody may ask without a log-in.
    """

    def __init__(self) -> None:
        self._bytes = 0
        self._until = 0.0

    def bytes(self) -> int:
        now = time.monotonic()
        if now >= self._until:
            self._bytes, self._until = self._look(), now + MEMORY_KEPT_S
        return self._bytes

    @staticmethod
    def _look() -> int:
        total = int(_process.memory_info().rss)
        for child in _process.children(recursive=True):
            try:
                total += int(child.memory_info().rss)
            except psutil.Error:
                continue  # it ended just now
        return total


def disk_figures(home: Home) -> dict[str, Any]:
    """Of the database and its disk, as the watch over it saw them last; empty before it has looked."""
    watch = home.system.actor("/disk")
    return {} if watch is None else watch.describe()


def _memory(home: Home) -> Memory:
    memory: Memory = home.shared.setdefault("memory", Memory())
    return memory


def describe_bridges(home: Home) -> dict[str, Any]:
    """How each bridge is, by its name."""
    supervisor = home.system.actor(BRIDGES)
    if not isinstance(supervisor, Supervisor):
        return {}
    return {name: _bridge(home, supervisor, name) for name in supervisor.child_names()}


def _bridge(home: Home, supervisor: Supervisor, name: str) -> dict[str, Any]:
    child = supervisor.child(name)
    own = _describe(home, f"{BRIDGES}/{name}")
    status = own.get("status")
    if child is not None and child.status in ("waiting", "failed"):
        status = "restarting" if child.status == "waiting" else "failed"
    deaths = list(child.deaths or ()) if child is not None else []
    last_error = own.get("last_error") or (deaths[-1]["error"] if deaths else None)
    return {
        "status": status,
        "pid": own.get("pid"),
        "uptime": own.get("uptime_s", 0),
        "entities": own.get("entities", 0),
        "restarts": child.total_restarts if child is not None else 0,
        "last_error": last_error,
        # Of a family of devices: how many it has, and how many of them are away.
        **{name: own[name] for name in ("devices", "unreachable") if name in own},
    }


def _describe(home: Home, path: str) -> dict[str, Any]:
    actor = home.system.actor(path)
    return {} if actor is None else actor.describe()
