"""Sections 2.1, 2.2 and 2.15: figures, the simulated clock, Prometheus."""

from __future__ import annotations

import re

import pytest

from tests.support.home import HomeServer
from tests.support.waiting import until

TEXTS = ("status", "version", "sim_time", "sim_chapter")
WHOLE = (
    "entity_count", "memory_rss_kb", "state_changes", "events_fired", "automation_triggers", "sim_speed",
    "ws_connections", "plugins_loaded",
)  # fmt: skip
NUMBERS = ("memory_rss_mb", "uptime_seconds", "startup_us", "startup_ms", "latency_avg_us", "latency_max_us")
SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? -?[0-9][0-9.e+-]*')


def test_health_is_one_object_of_these_fields(home: HomeServer) -> None:
    """Their types, and figures that cannot be nought."""
    home.rest("POST", "/api/states/sensor.first", {"state": "1"})
    health = home.rest("GET", "/api/health", token=None).json()
    assert all(isinstance(health[name], str) for name in TEXTS)
    assert all(type(health[name]) is int for name in WHOLE)
    assert all(isinstance(health[name], (int, float)) for name in NUMBERS)
    assert (health["status"], bool(health["version"])) == ("ok", True)
    assert all(health[name] > 0 for name in ("memory_rss_kb", "memory_rss_mb", "startup_us", "startup_ms"))
    assert all(health[name] > 0 for name in ("events_fired", "latency_avg_us", "latency_max_us"))
    assert abs(health["memory_rss_mb"] - health["memory_rss_kb"] / 1024) < 1
    assert abs(health["startup_ms"] - health["startup_us"] / 1000) < 0.01


def test_health_counts_what_was_just_answered(home: HomeServer) -> None:
    """A new entity, and each write, also one that changes nothing."""
    before = home.rest("GET", "/api/health").json()
    for _ in range(3):
        home.rest("POST", "/api/states/sensor.counted", {"state": "1"})
    after = home.rest("GET", "/api/health").json()
    assert after["entity_count"] == before["entity_count"] + 1
    assert after["state_changes"] >= before["state_changes"] + 3
    home.rest("DELETE", "/api/states/sensor.counted")
    assert home.rest("GET", "/api/health").json()["entity_count"] == before["entity_count"]


def test_uptime_grows(home: HomeServer) -> None:
    """Within a second."""
    first = home.rest("GET", "/api/health").json()["uptime_seconds"]
    until(lambda: home.rest("GET", "/api/health").json()["uptime_seconds"] > first)


def test_open_websockets_are_counted(home: HomeServer) -> None:
    """One while one is open."""
    with home.websocket("any"):
        assert home.rest("GET", "/api/health").json()["ws_connections"] >= 1


def test_runs_of_automations_are_counted(home: HomeServer) -> None:
    """Forced ones, too."""
    before = home.rest("GET", "/api/health").json()["automation_triggers"]
    home.rest("POST", "/api/services/automation/trigger", {"entity_id": "automation.bell_rings"})
    assert home.rest("GET", "/api/health").json()["automation_triggers"] == before + 1


def test_many_may_ask_at_once(home: HomeServer) -> None:
    """Fifty in a row."""
    for _ in range(50):
        assert home.rest("GET", "/api/health").status_code == 200


# -- 2.2 ---------------------------------------------------------------------------------------------------------------


def test_simulated_time_comes_back_as_sent(home: HomeServer) -> None:
    """Each field by itself; what is absent or of another type leaves the old value."""
    for body in ({"time": "06:30:00", "chapter": "Dawn", "speed": 10}, {"time": 7, "chapter": None}, {}):
        answer = home.rest("POST", "/api/sim/time", body)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        health = home.rest("GET", "/api/health").json()
        assert (health["sim_time"], health["sim_chapter"], health["sim_speed"]) == ("06:30:00", "Dawn", 10)
    home.rest("POST", "/api/sim/time", {"speed": 2.7})
    assert home.rest("GET", "/api/health").json()["sim_speed"] == 2
    home.rest("POST", "/api/sim/time", {"time": "", "chapter": "", "speed": 0})
    health = home.rest("GET", "/api/health").json()
    assert (health["sim_time"], health["sim_chapter"], health["sim_speed"]) == ("", "", 0)


def test_a_time_may_do_without_seconds(home: HomeServer) -> None:
    """It comes back as it was sent; what is no time is refused, and the old value stays."""
    assert home.rest("POST", "/api/sim/time", {"time": "06:30"}).status_code == 200
    assert home.rest("GET", "/api/health").json()["sim_time"] == "06:30"
    assert home.rest("POST", "/api/sim/time", {"time": "noon"}).status_code == 400
    assert home.rest("GET", "/api/health").json()["sim_time"] == "06:30"
    home.rest("POST", "/api/sim/time", {"time": ""})


def test_there_is_no_other_path_of_the_simulation(home: HomeServer) -> None:
    """No GET, nothing beside."""
    assert home.rest("GET", "/api/sim/time").status_code == 405
    assert home.rest("GET", "/api/sim/speed").status_code == 404
    assert home.rest("POST", "/api/sim/speed", {}).status_code == 404


def test_an_empty_body_sets_nothing(home: HomeServer) -> None:
    """Also with a content type that promises JSON."""
    answer = home.rest("POST", "/api/sim/time", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


# -- 2.15 --------------------------------------------------------------------------------------------------------------


def test_metrics_are_comments_and_samples_only(home: HomeServer) -> None:
    """No blank line inside, a HELP and a TYPE before each family."""
    answer = home.rest("GET", "/metrics", token=None)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.rstrip("\n").split("\n")
    for line in lines:
        assert line.startswith(("# HELP ", "# TYPE ")) or SAMPLE.fullmatch(line), line


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("marge_info", "gauge"),
        ("marge_uptime_seconds", "counter"),
        ("marge_startup_seconds", "gauge"),
        ("marge_entity_count", "gauge"),
        ("marge_state_changes_total", "counter"),
        ("marge_events_fired_total", "counter"),
        ("marge_automation_triggers_total_aggregate", "counter"),
        ("marge_latency_avg_microseconds", "gauge"),
        ("marge_latency_max_microseconds", "gauge"),
        ("marge_memory_rss_bytes", "gauge"),
        ("marge_ws_connections", "gauge"),
        ("marge_automation_triggers_total", "counter"),
    ],
)
def test_metrics_have_this_family(home: HomeServer, name: str, kind: str) -> None:
    """By name and type, with at least one sample."""
    text = home.rest("GET", "/metrics", token=None).text
    assert f"# TYPE {name} {kind}\n" in text
    assert re.search(rf"^{name}(\{{[^\n]*\}})? ", text, re.MULTILINE)


def test_metrics_count_entities_as_a_plain_number(home: HomeServer) -> None:
    """As in health."""
    text = home.rest("GET", "/metrics", token=None).text
    assert f"\nmarge_entity_count {home.rest('GET', '/api/health').json()['entity_count']}\n" in text
    assert 'marge_automation_triggers_total{id="bell_rings",alias="Bell Rings"} ' in text
