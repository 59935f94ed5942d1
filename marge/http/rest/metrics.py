"""`/metrics`: figures in Prometheus' text form. Open, so it names no secrets."""

from __future__ import annotations

from marge.history.fill_watch import filling
from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.rest.health import describe_health, disk_figures
from marge.http.routing import route
from marge.http.shapes import STRING, TEXT, Answer

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@route("GET", "/metrics", access="open", replies={200: Answer("The figures.", STRING, TEXT)})
def metrics(home: Home, _request: Request) -> Reply:
    """All families, each with HELP and TYPE."""
    health = describe_health(home)
    lines: list[str] = []

    def family(name: str, kind: str, text: str, value: object) -> None:
        lines.extend((f"# HELP {name} {text}", f"# TYPE {name} {kind}", f"{name} {value}"))

    lines.extend(
        (
            "# HELP marge_info The version.",
            "# TYPE marge_info gauge",
            f'marge_info{{version="{_escaped(health["version"])}"}} 1',
        )
    )
    family("marge_uptime_seconds", "counter", "Seconds since start.", health["uptime_seconds"])
    family("marge_startup_seconds", "gauge", "From the first actor to the open port.", health["startup_us"] / 1e6)
    family("marge_entity_count", "gauge", "Entities.", health["entity_count"])
    family("marge_state_changes_total", "counter", "Accepted state writes.", health["state_changes"])
    family("marge_events_fired_total", "counter", "Events on the bus.", health["events_fired"])
    family(
        "marge_automation_triggers_total_aggregate", "counter", "Runs of all automations.",
        health["automation_triggers"],
    )
    family("marge_latency_avg_microseconds", "gauge", "Average time inside one state write.", health["latency_avg_us"])
    family("marge_latency_max_microseconds", "gauge", "Longest time inside one state write.", health["latency_max_us"])
    family("marge_memory_rss_bytes", "gauge", "Resident memory with child processes.", health["memory_rss_kb"] * 1024)
    family("marge_ws_connections", "gauge", "Open WebSockets.", health["ws_connections"])
    family(
        "marge_ws_clients_dropped_total", "counter", "WebSocket clients given up, mostly because they did not read.",
        health["core"]["ws_clients_dropped"],
    )
    family("marge_actors", "gauge", "Living actors.", health["core"]["actors"])
    family("marge_dead_letters_total", "counter", "Messages that reached nobody.", health["core"]["dead_letters"])
    lines.extend(_storage(home))
    lines.extend(_mqtt(home))
    lines.append("# HELP marge_automation_triggers_total Runs of one automation since start.")
    lines.append("# TYPE marge_automation_triggers_total counter")
    for object_id, alias, count in _automation_runs(home):
        lines.append(
            f'marge_automation_triggers_total{{id="{_escaped(object_id)}",alias="{_escaped(alias)}"}} {count}'
        )
    return Reply(200, ("\n".join(lines) + "\n").encode(), _TYPE)


def _storage(home: Home) -> list[str]:
    """The database, its disk, and what the recorder could not keep."""
    recorder = home.system.actor("/recorder")
    figures = disk_figures(home) | ({} if recorder is None else recorder.describe())
    lines: list[str] = []
    for key, name, kind, text in (
        ("database_bytes", "database_bytes", "gauge", "The database's file with its journal."),
        ("disk_free_bytes", "disk_free_bytes", "gauge", "Free space of the disk that the database is on."),
        ("recorded", "recorded_total", "counter", "Changes written to the history."),
        ("shed", "recorder_shed_total", "counter", "Changes that found no room and are lost to the history."),
        ("journal_bytes", "recorder_journal_bytes", "gauge", "Waiting on the disk for the history's database."),
    ):
        value = figures.get(key)
        if value is not None:
            lines += [f"# HELP marge_{name} {text}", f"# TYPE marge_{name} {kind}", f"marge_{name} {value}"]
    migration = filling(home)
    if migration is not None:
        name = "marge_database_migration_share"
        named = f'{name}{{migration="{_escaped(migration["migration"])}"}} {migration["share"] or 0}'
        lines += [f"# HELP {name} Of old rows, how much a migration has filled in.", f"# TYPE {name} gauge", named]
    return lines


def _mqtt(home: Home) -> list[str]:
    """What the MQTT bridge counts; nothing without one."""
    bridge = home.system.actor("/bridges/mqtt")
    figures = {} if bridge is None else bridge.describe()
    lines: list[str] = []
    for key, name, text in (
        ("received", "messages_received", "Messages from the broker."),
        ("published", "messages_published", "Messages to the broker."),
        ("failed_messages", "messages_failed", "Messages that were not understood, announcements too."),
        ("unpublished", "messages_unpublished", "Commands that nobody waited for and that found no connection."),
        ("dropped_by_broker", "dropped_by_broker", "Messages that the broker threw away for clients that do not read."),
        ("failed_announcements", "announcements_failed", "Announcements of devices that were not understood."),
    ):
        if key in figures:
            lines += [f"# HELP marge_mqtt_{name}_total {text}", f"# TYPE marge_mqtt_{name}_total counter"]
            lines.append(f"marge_mqtt_{name}_total {figures[key]}")
    return lines


def _automation_runs(home: Home) -> list[tuple[str, str, int]]:
    rows = []
    for state in home.states.domain("automation"):
        actor = home.system.actor(f"/automations/{state.object_id}")
        described = {} if actor is None else actor.describe()
        rows.append((state.object_id, state.name, int(described.get("total_triggers", 0))))
    return rows


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
