"""Recorder, statistics and energy commands."""

import pytest

from marge.history.energy import EnergyPreferences
from marge.history.stats_actor import CompileNow
from marge.history.stats_store import Stat, insert, save_meta
from marge.recorder import Flush
from marge.storage.models import KeyValueRow
from tests.support.home import home_server

METADATA = {
    "has_mean": False, "has_sum": True, "name": "Imported", "source": "test", "statistic_id": "test:energy",
    "unit_of_measurement": "kWh",
}
START = "2026-11-20T14:00:00+00:00"
ROWS = [
    {"start": "2026-11-20T14:00:00+00:00", "state": 0.0, "sum": 0.0},
    {"start": "2026-11-20T15:00:00+00:00", "state": 1.0, "sum": 2.0},
    {"start": "2026-11-20T16:00:00+00:00", "state": 2.0, "sum": 4.0},
]


@pytest.fixture(scope="module")
def server():
    with home_server("homeassistant:\n  time_zone: America/Denver\n") as made:
        yield made


@pytest.fixture
def client(server):
    with server.websocket() as made:
        assert made.command("recorder/clear_statistics", statistic_ids=["test:energy"])["success"]
        assert made.command("recorder/import_statistics", metadata=METADATA, stats=ROWS)["success"]
        yield made


def rows(client, period="hour", **more):
    reply = client.command(
        "recorder/statistics_during_period", start_time="2026-11-19T14:00:00+00:00", statistic_ids=["test:energy"],
        period=period, **more,
    )
    assert reply["success"], reply
    return reply["result"].get("test:energy", [])


def code(reply):
    assert reply["success"] is False, reply
    return reply["error"]["code"], reply["error"]["message"]


def test_imported_rows_come_back(client):
    """With times in milliseconds and the change from row to row."""
    assert rows(client)[1] == {
        "start": 1795186800000, "end": 1795190400000, "sum": 2.0, "last_reset": None, "state": 1.0, "change": 2.0
    }
    assert rows(client, "5minute") == []


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("day", 1795158000000, 1795244400000),
        ("week", 1794812400000, 1795417200000),
        ("month", 1793512800000, 1796108400000),
    ],
)
def test_longer_periods_follow_the_homes_calendar(client, period, start, end):
    """November begins in summer time: its days do not all have 24 hours."""
    assert rows(client, period) == [
        {"start": start, "end": end, "last_reset": None, "state": 2.0, "sum": 4.0, "change": 4.0}
    ]


def test_units_and_types_are_as_wished(client):
    """Converted, and nothing that was not asked for."""
    assert rows(client, types=["sum"], units={"energy": "Wh"})[2] == {
        "start": 1795190400000, "end": 1795194000000, "sum": 4000.0
    }


def test_one_figure_for_a_time(client):
    """By fixed times, and since ever."""
    fixed = {"start_time": START, "end_time": "2026-11-20T16:00:00+00:00"}

    reply = client.command("recorder/statistic_during_period", statistic_id="test:energy", fixed_period=fixed)
    assert reply["result"] == {"max": None, "mean": None, "min": None, "change": 2.0}
    reply = client.command("recorder/statistic_during_period", statistic_id="test:energy", types=["change"])
    assert reply["result"] == {"change": 4.0}
    for calendar in ("hour", "day", "week", "month", "year"):
        more = {"calendar": {"period": calendar, "offset": -1}}
        assert client.command("recorder/statistic_during_period", statistic_id="test:energy", **more)["success"]


def test_a_wrong_unit_is_put_right(client):
    """First said to be another, then all values converted, then the sums adjusted."""
    named = {"statistic_id": "test:energy"}
    assert client.command("recorder/update_statistics_metadata", **named, unit_of_measurement="MWh")["success"]
    assert client.command(
        "recorder/change_statistics_unit", **named, old_unit_of_measurement="MWh", new_unit_of_measurement="kWh"
    )["success"]
    assert client.command(
        "recorder/adjust_sum_statistics", **named, start_time=START, adjustment=5.0,
        adjustment_unit_of_measurement="kWh",
    )["success"]

    assert [row["sum"] for row in rows(client)] == [5.0, 2005.0, 4005.0]
    fossil = client.command(
        "energy/fossil_energy_consumption", start_time=START, end_time="2026-11-20T17:00:00Z",
        energy_statistic_ids=["test:energy"], co2_statistic_id="sensor.co2", period="day",
    )
    assert fossil["result"] == {"2026-11-20T07:00:00+00:00": 4005.0}


def test_refusals_are_has(client):
    """Codes and texts."""
    named = {"statistic_id": "test:energy"}
    bad_start = [{"start": "2026-11-20T14:05:00+00:00", "sum": 1}]

    assert code(client.command("recorder/import_statistics", metadata=METADATA, stats=bad_start)) == (
        "home_assistant_error",
        "Invalid timestamp: timestamps must be from the top of the hour (minutes and seconds = 0)",
    )
    for metadata, text in (
        ({"statistic_id": "nope"}, "Invalid statistic_id"),
        ({"source": "other"}, "Invalid source"),
        ({"statistic_id": "sensor.x"}, "Invalid source"),
    ):
        reply = client.command("recorder/import_statistics", metadata=METADATA | metadata, stats=[])
        assert code(reply) == ("home_assistant_error", text)
    adjustment = {"start_time": START, "adjustment": 1.0}
    assert code(
        client.command(
            "recorder/adjust_sum_statistics", statistic_id="test:none", adjustment_unit_of_measurement="kWh",
            **adjustment,
        )
    ) == ("unknown_statistic_id", "Unknown statistic ID")
    assert code(
        client.command("recorder/adjust_sum_statistics", **named, adjustment_unit_of_measurement="W", **adjustment)
    ) == ("invalid_units", "Can't convert kWh to W")
    assert code(
        client.command(
            "recorder/change_statistics_unit", **named, old_unit_of_measurement="kWh", new_unit_of_measurement="W"
        )
    )[0] == "home_assistant_error"
    reply = client.command(
        "recorder/statistics_during_period", start_time="x", statistic_ids=["test:energy"], period="hour"
    )
    assert code(reply) == ("invalid_start_time", "Invalid start_time")


def test_what_a_sensor_measures_becomes_statistics(server, client):
    """Five minutes after the last ones, with an hour at the end of twelve; again compiled, the same rows."""
    now = int(server.home.clock.now()) // 3600 * 3600
    for state in (10, 20):
        body = {"state": str(state), "attributes": {"state_class": "measurement", "unit_of_measurement": "kW"}}
        assert server.rest("POST", "/api/states/sensor.power", body).ok
    database = server.home.storage.database
    database.run(lambda db: insert_old(db, now))
    server.home.system.ask("/recorder", Flush())

    assert server.home.system.ask("/statistics", CompileNow(), timeout=30) > 0
    assert server.home.system.ask("/statistics", CompileNow(), timeout=30) == 0
    reply = client.command("recorder/list_statistic_ids", statistic_type="mean")
    [found] = [each for each in reply["result"] if each["statistic_id"] == "sensor.power"]
    assert (found["unit_class"], found["source"], found["mean_type"]) == ("power", "recorder", 1)
    assert client.command("recorder/validate_statistics")["result"] == {
        "sensor.old": [{"type": "no_state", "data": {"statistic_id": "sensor.old"}}]
    }
    short = client.command(
        "recorder/statistics_during_period", start_time="2020-01-01T00:00:00Z", statistic_ids=["sensor.old"],
        period="hour",
    )["result"]
    assert short["sensor.old"][0]["mean"] == 2.0


def insert_old(db, now):
    """A statistic with two five-minute rows in the hour before, and the mark that one more is due for it."""
    meta = save_meta(db, "sensor.old", "recorder", "W", 1, False, None)
    insert(db, True, [(meta, Stat(now - 600, 1.0, 0.0, 1.0)), (meta, Stat(now - 3600, 3.0, 1.0, 4.0))])
    row = KeyValueRow
    row.delete().where(row.key == "statistics_compiled_until").execute(db)
    row.insert({row.key: "statistics_compiled_until", row.value: str(now - 300)}).execute(db)


def test_the_recorder_can_be_stopped_and_purged(server, client):
    """`disable` keeps history from growing; `purge_entities` takes what there is."""
    def write(state):
        assert server.rest("POST", "/api/states/sensor.kept", {"state": state}).ok

    def states():
        return [each["state"] for each in server.rest("GET", "/api/history/sensor.kept").json()]

    write("1")
    assert server.rest("POST", "/api/services/recorder/disable", {}).ok
    assert client.command("recorder/info")["result"]["recording"] is False
    write("2")
    assert server.rest("POST", "/api/services/recorder/enable", {}).ok
    write("3")
    assert states() == ["1", "3"]
    assert server.rest("POST", "/api/services/recorder/purge_entities", {"entity_globs": "sensor.k*pt"}).ok
    server.wait()
    assert states() == []
    assert server.rest("POST", "/api/services/recorder/purge_entities", {"keep_days": 1}).status_code == 400
    assert server.rest("POST", "/api/services/recorder/purge", {"keep_days": 0, "apply_filter": True}).ok
    assert set(client.command("recorder/info")["result"]) == {
        "backlog", "db_in_default_location", "max_backlog", "migration_in_progress", "migration_is_live", "recording",
        "thread_running",
    }


def test_energy_preferences_are_kept(server, client):
    """Nothing at first, then what was saved, then both parts."""
    assert code(client.command("energy/get_prefs")) == ("not_found", "No prefs")
    grid = {
        "type": "grid", "flow_from": [{"stat_energy_from": "test:energy", "number_energy_price": 0.2}], "flow_to": [],
        "cost_adjustment_day": 0,
    }
    saved = client.command("energy/save_prefs", energy_sources=[grid])
    assert saved["result"] == {"energy_sources": [grid], "device_consumption": []}
    devices = [{"stat_consumption": "sensor.x"}]
    assert client.command("energy/save_prefs", device_consumption=devices)["success"]
    assert client.command("energy/get_prefs")["result"] == {"energy_sources": [grid], "device_consumption": devices}
    issues = client.command("energy/validate")["result"]
    assert issues["energy_sources"] == [[]]
    assert [each["type"] for each in issues["device_consumption"][0]] == [
        "statistics_not_defined", "entity_not_defined"
    ]
    refused = client.command("energy/save_prefs", energy_sources=[{"type": "nope"}])
    assert code(refused)[1].startswith("Unexpected value for type: 'nope'. Expected grid, solar, battery, gas, water")
    twice = client.command("energy/save_prefs", energy_sources=[grid, grid])
    assert "more than 1 grid" in code(twice)[1]


def test_energy_preferences_survive_a_restart(server, client):
    """They are in the store, not in memory only."""
    assert client.command("energy/save_prefs", device_consumption=[])["success"]

    assert EnergyPreferences(server.home.storage).get() == client.command("energy/get_prefs")["result"]
