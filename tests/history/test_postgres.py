"""Everything about the past is answered from a PostgreSQL server as from the file, and the server may be away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marge.history.stats_actor import CompileNow
from tests.support.home import HomeServer, home_server
from tests.support.postgres import PostgresServer, postgres_server

HOUR = "2026-01-01T0{}:00:00+00:00"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as made:
        yield made


@pytest.fixture(scope="module")
def home(server: PostgresServer) -> Iterator[HomeServer]:
    with home_server(history_url=server.new_database()) as made:
        yield made


def test_graphs_and_the_logbook_tell_what_was_written(home: HomeServer) -> None:
    """What an answered request has written is read by the next one."""
    for state in ("off", "on", "off"):
        assert home.rest("POST", "/api/states/light.hall", {"state": state, "attributes": {"room": "hall"}}).ok

    (graph,) = home.rest("GET", "/api/history/period?filter_entity_id=light.hall").json()
    assert [point["state"] for point in graph] == ["off", "on", "off"]
    logged = home.rest("GET", "/api/logbook?entity=light.hall").json()
    assert [entry["state"] for entry in logged] == ["on", "off"]
    native = home.rest("GET", "/api/history/light.hall").json()
    assert [point["attributes"] for point in native] == [{"room": "hall"}] * 3


def test_statistics_are_imported_corrected_compiled_and_removed(home: HomeServer) -> None:
    """Rows that come twice are replaced; sums are moved from one hour on."""
    meta = {
        "has_mean": False, "has_sum": True, "name": "Meter", "source": "test", "statistic_id": "test:meter",
        "unit_of_measurement": "kWh",
    }  # fmt: skip
    rows = [{"start": HOUR.format(hour), "sum": float(hour), "state": float(hour)} for hour in range(5)]
    with home.websocket(home.admin_token) as client:
        for _ in range(2):
            assert client.command("recorder/import_statistics", metadata=meta, stats=rows)["success"]
        wish = {"statistic_ids": ["test:meter"], "start_time": HOUR.format(0), "period": "hour", "types": ["sum"]}

        def sums() -> list[float]:
            found = client.command("recorder/statistics_during_period", **wish)["result"]
            return [row["sum"] for row in found.get("test:meter", [])]

        assert sums() == [0.0, 1.0, 2.0, 3.0, 4.0]
        client.command(
            "recorder/adjust_sum_statistics", statistic_id="test:meter", start_time=HOUR.format(3), adjustment=10,
            adjustment_unit_of_measurement="kWh",
        )  # fmt: skip
        assert sums() == [0.0, 1.0, 2.0, 13.0, 14.0]

        sensor = {"state": "5", "attributes": {"state_class": "measurement", "unit_of_measurement": "W"}}
        assert home.rest("POST", "/api/states/sensor.power", sensor).ok
        assert home.home.system.ask("/statistics", CompileNow(), timeout=30) > 0
        known = {each["statistic_id"] for each in client.command("recorder/list_statistic_ids")["result"]}
        assert known == {"test:meter", "sensor.power"}
        client.command("recorder/clear_statistics", statistic_ids=["test:meter"])
        assert sums() == []


def test_the_past_is_unavailable_while_the_server_is(home: HomeServer, server: PostgresServer) -> None:
    """503 with the reason; everything of the present goes on."""
    server.stop()
    try:
        answer = home.rest("GET", "/api/history/period?filter_entity_id=light.hall")
        assert answer.status_code == 503 and "history" in answer.text
        assert home.rest("POST", "/api/states/light.hall", {"state": "dark"}).ok
        assert home.rest("GET", "/api/states/light.hall").json()["state"] == "dark"
    finally:
        server.start()
