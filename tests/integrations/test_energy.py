"""What the energy dashboard's meters cost: counted, priced, and kept over a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from marge.integrations._following import number_of
from marge.integrations.energy import Flow, flows
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

COST = "sensor.meter_cost"


@pytest.fixture
def home() -> Iterator[HomeServer]:
    with home_server("homeassistant:\n  currency: CHF\n") as server:
        yield server


def meter(home: HomeServer, value: float, unit: str = "kWh", entity_id: str = "sensor.meter", **more: Any) -> None:
    attributes = {"unit_of_measurement": unit, "state_class": "total_increasing", "friendly_name": "Meter", **more}
    assert home.rest("POST", f"/api/states/{entity_id}", {"state": str(value), "attributes": attributes}).ok


def save(home: HomeServer, **flow: Any) -> None:
    grid = {"type": "grid", "flow_from": [{"stat_energy_from": "sensor.meter", **flow}], "flow_to": [],
            "cost_adjustment_day": 0}  # fmt: skip
    with home.websocket(home.admin_token) as client:
        assert client.command("energy/save_prefs", energy_sources=[grid])["success"]


def costs(home: HomeServer, wanted: float, entity_id: str = COST) -> None:
    def is_so() -> bool:
        found = home.home.states.find(entity_id)
        number = None if found is None else number_of(found)
        return number is not None and abs(number - wanted) < 1e-6

    until(is_so, what=f"{entity_id} at {wanted}, not {home.home.states.find(entity_id)}")


def test_what_a_meter_counts_is_priced(home: HomeServer) -> None:
    """From when the price was given; a meter that begins anew begins the cost anew; Wh are a thousandth of kWh."""
    meter(home, 100)
    save(home, number_energy_price=0.25)
    costs(home, 0)
    meter(home, 104)
    costs(home, 1)
    meter(home, 103.9)  # a correction
    costs(home, 0.975)
    meter(home, 104_900, "Wh")
    costs(home, 1.225)
    meter(home, 2)
    costs(home, 0.5)

    found = home.home.states.get(COST)
    assert found is not None
    wanted = {
        "device_class": "monetary", "state_class": "total", "unit_of_measurement": "CHF", "friendly_name": "Meter Cost",
    }  # fmt: skip
    assert {key: found.attributes[key] for key in wanted} == wanted
    with home.websocket(home.admin_token) as client:
        assert client.command("energy/info")["result"]["cost_sensors"] == {"sensor.meter": COST}


def test_a_price_that_changes_counts_from_then_on(home: HomeServer) -> None:
    """In the unit that the price names; while it is unknown the meter waits for it."""
    meter(home, 10)

    def price(value: str) -> None:
        body = {"state": value, "attributes": {"unit_of_measurement": "CHF/MWh"}}
        home.rest("POST", "/api/states/sensor.price", body)

    price("unknown")
    save(home, entity_energy_price="sensor.price")
    price("300")
    costs(home, 0)
    meter(home, 20)
    costs(home, 3)
    price("unavailable")
    meter(home, 30)
    price("200")
    costs(home, 5)


def test_costs_go_on_after_a_restart(tmp_path: Path) -> None:
    """What the meter counts next is counted from where it was."""
    with home_server(db_path=tmp_path / "marge.db") as first:
        meter(first, 10)
        save(first, number_energy_price=2)
        costs(first, 0)
        meter(first, 11)
        costs(first, 2)
    with home_server(with_users=False, db_path=tmp_path / "marge.db") as second:
        second.admin_token = first.admin_token
        costs(second, 2)
        meter(second, 11.5)
        costs(second, 3)


def test_the_sensor_goes_with_its_flow(home: HomeServer) -> None:
    """A meter with a cost of its own needs none."""
    meter(home, 10)
    save(home, number_energy_price=1)
    costs(home, 0)
    save(home, stat_cost="sensor.own_cost")
    until(lambda: home.home.states.find(COST) is None)
    with home.websocket(home.admin_token) as client:
        assert client.command("energy/info")["result"]["cost_sensors"] == {}


def test_flows_that_need_a_sensor_are_found() -> None:
    """Both ways of the grid, gas and water; not statistics from outside, and not what has a cost already."""
    preferences = {
        "energy_sources": [
            {
                "type": "grid",
                "flow_from": [
                    {"stat_energy_from": "sensor.a", "number_energy_price": 0.2},
                    {"stat_energy_from": "test:b", "number_energy_price": 0.2},
                    {"stat_energy_from": "sensor.c", "stat_cost": "sensor.c_cost", "number_energy_price": 0.2},
                    {"stat_energy_from": "sensor.d"},
                ],
                "flow_to": [{"stat_energy_to": "sensor.e", "entity_energy_price": "input_number.price"}],
            },
            {"type": "solar", "stat_energy_from": "sensor.sun"},
            {"type": "water", "stat_energy_from": "sensor.w", "number_energy_price": 3},
        ]
    }
    assert list(flows(preferences)) == [
        Flow("sensor.a", "grid", "cost", None, 0.2),
        Flow("sensor.e", "grid", "compensation", "input_number.price", None),
        Flow("sensor.w", "water", "cost", None, 3),
    ]
    assert list(flows(None)) == []


def test_water_is_priced_by_its_own_unit(home: HomeServer) -> None:
    """A cubic metre where the meter counts cubic metres."""
    meter(home, 5, "m³", "sensor.water")
    with home.websocket(home.admin_token) as client:
        source = {"type": "water", "stat_energy_from": "sensor.water", "number_energy_price": 4}
        assert client.command("energy/save_prefs", energy_sources=[source])["success"]
    costs(home, 0, "sensor.water_cost")
    meter(home, 5.5, "m³", "sensor.water")
    costs(home, 2, "sensor.water_cost")
