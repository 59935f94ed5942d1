"""Where the energy went: areas, devices within devices, what the grid cost by the hour, and the whole home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.home import HomeServer, home_server

BEGIN = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Berlin; the day after has 25 hours
HOURS = 25


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    with home_server("homeassistant:\n  currency: EUR\n  time_zone: Europe/Berlin\n") as server:
        yield server


def at(hours: float) -> str:
    return (BEGIN + timedelta(hours=hours)).isoformat()


def imported(home: HomeServer, name: str, an_hour: list[float], unit: str | None = "kWh") -> str:
    """A statistic of a meter that has counted so much in each hour, and as much as in the first before."""
    statistic_id = f"test:{name}"
    with home.websocket(home.admin_token) as client:
        client.command("recorder/clear_statistics", statistic_ids=[statistic_id])
        metadata = {"has_mean": False, "has_sum": True, "name": name, "source": "test", "statistic_id": statistic_id,
                    "unit_of_measurement": unit}  # fmt: skip
        rows, total = [{"start": at(-1), "sum": an_hour[0], "state": 0}], an_hour[0]
        for number, amount in enumerate(an_hour):
            total += amount
            rows.append({"start": at(number), "sum": total, "state": 0})
        assert client.command("recorder/import_statistics", metadata=metadata, stats=rows)["success"]
    return statistic_id


def report(home: HomeServer, sources: list[Any], devices: list[Any], hours: float = HOURS) -> dict[str, Any]:
    with home.websocket(home.admin_token) as client:
        saved = client.command("energy/save_prefs", energy_sources=sources, device_consumption=devices)
        assert saved["success"], saved
        reply = client.command("marge/energy/report", start_time=at(0), end_time=at(hours))
    assert reply["success"], reply
    found: dict[str, Any] = reply["result"]
    return found


def grid(*flow_from: dict[str, Any], to: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"type": "grid", "flow_from": list(flow_from), "flow_to": list(to), "cost_adjustment_day": 0}


def device(home: HomeServer, name: str, area: str | None, an_hour: float) -> str:
    """A sensor in an area, whose statistics are those of an import."""
    entity_id = f"sensor.{name}"
    body = {"state": "1", "attributes": {"unit_of_measurement": "kWh", "friendly_name": name.title()}}
    assert home.rest("POST", f"/api/states/{entity_id}", body).ok
    if area is not None:
        assert home.rest("POST", "/api/areas", {"area_id": area, "name": area.title()}).ok
        assert home.rest("POST", f"/api/areas/{area}/entities/{entity_id}").ok
    statistic_id = imported(home, name, [an_hour] * HOURS)
    text = "UPDATE statistics_meta SET statistic_id = ?, source = 'recorder' WHERE statistic_id = ?"

    def rename(db: Any) -> None:
        db.execute_sql("DELETE FROM statistics_meta WHERE statistic_id = ?", (entity_id,))
        db.execute_sql(text, (entity_id, statistic_id))

    home.home.storage.database.run(rename)
    return entity_id


def areas(found: dict[str, Any]) -> dict[str | None, tuple[float, float | None]]:
    return {each["area_id"]: (each["total"], each["cost"]) for each in found["areas"]}


def test_what_devices_take_is_their_areas(home: HomeServer) -> None:
    """What is measured twice counts once, where the inner device is; the day of 25 hours is whole."""
    meter = imported(home, "grid", [2.0] * HOURS)
    circuit = device(home, "circuit", "cellar", 1.0)
    oven = device(home, "oven", "kitchen", 0.4)
    plug = device(home, "plug", None, 0.1)
    found = report(
        home,
        [grid({"stat_energy_from": meter, "number_energy_price": 0.5})],
        [
            {"stat_consumption": circuit},
            {"stat_consumption": oven, "included_in_stat": circuit},
            {"stat_consumption": plug, "name": "Anywhere"},
        ],
    )
    assert areas(found) == {"cellar": (15.0, 7.5), "kitchen": (10.0, 5.0), None: (2.5, 1.25)}
    assert [each["area_id"] for each in found["areas"]] == ["cellar", "kitchen", None]
    assert {each["name"]: (each["total"], each["own"]) for each in found["devices"]} == {
        "Circuit": (25.0, 15.0), "Oven": (10.0, 10.0), "Anywhere": (2.5, 2.5)
    }
    whole = found["home"]
    assert (whole["consumed"], whole["untracked"], whole["cost"], whole["untracked_cost"]) == (50.0, 22.5, 25.0, 11.25)
    assert found["currency"] == "EUR" and whole["gas"] is None and whole["solar"] is None


def test_a_price_that_changes_by_the_hour_is_paid_by_those_who_were_on(home: HomeServer) -> None:
    """The cost is a statistic of its own; sun and battery make an hour cheap for everybody."""
    meter = imported(home, "grid", [1.0, 1.0, 0.0, 1.0])
    cost = imported(home, "bill", [0.2, 0.6, 0.0, 0.1], "EUR")
    sun = imported(home, "sun", [0.0, 0.0, 3.0, 0.0])
    sold = imported(home, "sold", [0.0, 0.0, 1.0, 0.0])
    into, out = imported(home, "into", [0.0, 0.0, 1.0, 0.0]), imported(home, "out", [0.0, 0.0, 0.0, 1.0])
    washer = device(home, "washer", "bath", 1.0)
    found = report(
        home,
        [
            grid({"stat_energy_from": meter, "stat_cost": cost},
                 to=({"stat_energy_to": sold, "number_energy_price": 0.08},)),
            {"type": "solar", "stat_energy_from": sun},
            {"type": "battery", "stat_energy_from": out, "stat_energy_to": into},
        ],
        [{"stat_consumption": washer}],
        hours=4,
    )  # fmt: skip
    whole = found["home"]
    assert (whole["consumed"], whole["untracked"]) == (5.0, 1.0)
    assert (whole["cost"], whole["compensation"]) == (0.9, 0.08)
    assert areas(found) == {"bath": (4.0, 0.85)}
    assert whole["untracked_cost"] == 0.05
    assert (whole["grid_in"], whole["grid_out"], whole["battery_in"], whole["battery_out"]) == (3.0, 1.0, 1.0, 1.0)


def test_gas_and_water_are_told_in_their_units(home: HomeServer) -> None:
    """Litres become cubic metres; what has no price has no cost."""
    gas = imported(home, "gas", [2.0, 2.0], "m³")
    water, more = imported(home, "water", [500.0, 500.0], "L"), imported(home, "pond", [1.0, 0.0], "m³")
    found = report(
        home,
        [
            {"type": "gas", "stat_energy_from": gas, "number_energy_price": 1.5},
            {"type": "water", "stat_energy_from": water, "number_energy_price": 4.0},
            {"type": "water", "stat_energy_from": more},
        ],
        [],
    )
    assert found["home"]["gas"] == {"amounts": [{"unit": "m³", "total": 4.0}], "cost": 6.0}
    assert found["home"]["water"] == {"amounts": [{"unit": "m³", "total": 2.0}], "cost": None}
    assert found["home"]["consumed"] is None and found["home"]["cost"] is None
    assert [each["cost"] for each in found["meters"]] == [6.0, 4.0, None]


def test_devices_within_each_other_and_meters_that_disagree_make_nothing_negative(home: HomeServer) -> None:
    """A ring counts as if nobody had named it; an inner device that counts more than the outer leaves that nothing."""
    meter = imported(home, "grid", [1.0] * HOURS)
    outer, inner = device(home, "outer", "hall", 1.0), device(home, "inner", "attic", 2.0)
    found = report(
        home,
        [grid({"stat_energy_from": meter, "number_energy_price": 1.0})],
        [
            {"stat_consumption": outer, "included_in_stat": outer},
            {"stat_consumption": inner, "included_in_stat": outer},
            {"stat_consumption": inner},
        ],
    )
    assert areas(found) == {"hall": (0.0, 0.0), "attic": (50.0, 25.0)}
    assert found["home"]["untracked"] == 0.0


def test_the_same_over_rest_and_what_makes_no_sense_is_refused(home: HomeServer) -> None:
    """Without times it is today; a wrong time and a time without end are said to be that."""
    begin, end = at(0).replace("+", "%2B"), at(HOURS).replace("+", "%2B")
    body = home.rest("GET", f"/api/energy?start={begin}&end={end}").json()
    assert {"home", "areas", "devices", "meters", "start", "end", "currency"} <= set(body)
    assert home.rest("GET", "/api/energy").ok
    for query in ("start=never", f"start={end}&end={begin}", "start=1971-01-01"):
        assert home.rest("GET", f"/api/energy?{query}").status_code == 400, query
    with home.websocket() as client:
        reply = client.command("marge/energy/report", start_time=at(5), end_time=at(1))
        assert not reply["success"] and "after the start" in reply["error"]["message"]
        reply = client.command("marge/energy/report", start_time="soon")
        assert reply["error"]["code"] == "invalid_start_time"


def test_a_home_without_preferences_has_nothing_to_report(home: HomeServer) -> None:
    """Empty lists, no figures."""
    found = report(home, [], [])
    assert found["areas"] == found["devices"] == found["meters"] == []
    assert all(value is None for value in found["home"].values())
