"""What is wrong with the energy preferences, and the fossil share across the end of summer time, as HA has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.home import HomeServer, home_server

CONFIGURATION = """
homeassistant:
  currency: EUR
  time_zone: Europe/Berlin
recorder:
  exclude:
    entities: [sensor.untracked, sensor.own_cost]
"""
ENERGY = {"energy_units": "GJ, kWh, MJ, MWh, Wh"}
ENERGY_PRICES = {"price_units": "EUR/GJ, EUR/kWh, EUR/MJ, EUR/MWh, EUR/Wh"}
GAS_PRICES = {"price_units": "EUR/GJ, EUR/kWh, EUR/MJ, EUR/MWh, EUR/Wh, EUR/CCF, EUR/ft³, EUR/m³"}
WATER_PRICES = {"price_units": "EUR/CCF, EUR/ft³, EUR/m³, EUR/gal, EUR/L"}
NO_PRICE = {"entity_energy_price": None, "number_energy_price": None}


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as server:

        def say(entity_id: str, state: str, unit: str | None = None, **attributes: Any) -> None:
            if unit is not None:
                attributes["unit_of_measurement"] = unit
            body = {"state": state, "attributes": attributes}
            assert server.rest("POST", f"/api/states/{entity_id}", body).ok

        growing = {"state_class": "total_increasing"}
        say("sensor.meter", "1", "kWh", device_class="energy", **growing)
        say("sensor.own", "1", "kWh", device_class="energy", **growing)
        say("sensor.untracked", "1", "kWh", device_class="energy", **growing)
        say("sensor.bad", "1", "W", device_class="energy", **growing)
        say("sensor.gas", "1", "W", device_class="gas", **growing)
        say("sensor.water", "1", "W", device_class="water", **growing)
        say("sensor.price", "0.3", "EUR/kWh")
        say("sensor.price_of_gas", "0.3", "EUR/m³")
        say("sensor.price_of_nothing", "0.3")
        say("sensor.price_in_words", "abc", "EUR/kWh")
        say("sensor.price_away", "unavailable", "EUR/kWh")
        yield server


def found(home: HomeServer, source: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Kinds of issues of the source with the affected and the placeholders; not that nothing is recorded yet."""
    with home.websocket(home.admin_token) as client:
        saved = client.command("energy/save_prefs", energy_sources=[source])
        assert saved["success"], saved
        (issues,) = client.command("energy/validate")["result"]["energy_sources"]
    return {
        each["type"]: (each["affected_entities"], each["translation_placeholders"])
        for each in issues
        if each["type"] != "statistics_not_defined"
    }


def grid(price: str | None = None, meter: str = "sensor.meter", **flow: Any) -> dict[str, Any]:
    taken = {"stat_energy_from": meter, "stat_cost": None, **NO_PRICE, "entity_energy_price": price, **flow}
    return {"type": "grid", "flow_from": [taken], "flow_to": [], "cost_adjustment_day": 0}


def test_a_price_has_a_unit_for_energy(home: HomeServer) -> None:
    """Money by one of the units of energy; the placeholders name them with the home's currency."""
    assert found(home, grid("sensor.price", "sensor.untracked")) == {
        "recorder_untracked": ([["sensor.untracked", None]], None)
    }
    for price, unit in (("sensor.price_of_gas", "EUR/m³"), ("sensor.price_of_nothing", None)):
        assert found(home, grid(price, "test:a")) == {
            "entity_unexpected_unit_energy_price": ([[price, unit]], ENERGY_PRICES)
        }
    for price, state in (("sensor.price_in_words", "abc"), ("sensor.price_away", "unavailable")):
        assert found(home, grid(price, "test:a")) == {"entity_state_non_numeric": ([[price, state]], None)}
    assert found(home, grid("sensor.none", "test:a")) == {"entity_not_defined": ([["sensor.none", None]], None)}


def test_what_is_given_back_is_priced_likewise(home: HomeServer) -> None:
    """Its own sensor of the compensation has to be there."""
    back = {"stat_energy_to": "sensor.bad", "stat_compensation": "sensor.none", **NO_PRICE}
    source = {"type": "grid", "flow_from": [], "flow_to": [back], "cost_adjustment_day": 0}
    assert found(home, source) == {
        "entity_unexpected_unit_energy": ([["sensor.bad", "W"]], ENERGY),
        "entity_not_defined": ([["sensor.none", None]], None),
    }
    price = {**NO_PRICE, "entity_energy_price": "sensor.price_of_gas"}
    source["flow_to"] = [{"stat_energy_to": "test:a", "stat_compensation": None, **price}]
    assert found(home, source) == {
        "entity_unexpected_unit_energy_price": ([["sensor.price_of_gas", "EUR/m³"]], ENERGY_PRICES)
    }


def test_gas_is_priced_by_energy_or_volume_and_water_by_volume(home: HomeServer) -> None:
    """Each with the units of its own."""

    def priced(kind: str, meter: str, price: str) -> dict[str, tuple[Any, Any]]:
        source = {"type": kind, "stat_energy_from": meter, "stat_cost": None, **NO_PRICE, "entity_energy_price": price}
        return found(home, source)

    assert priced("gas", "test:gas", "sensor.price_of_gas") == priced("gas", "test:gas", "sensor.price") == {}
    assert priced("gas", "sensor.gas", "sensor.price_of_nothing") == {
        "entity_unexpected_unit_gas": ([["sensor.gas", "W"]], {**ENERGY, "gas_units": "CCF, ft³, m³"}),
        "entity_unexpected_unit_gas_price": ([["sensor.price_of_nothing", None]], GAS_PRICES),
    }
    assert priced("water", "sensor.water", "sensor.price_of_nothing") == {
        "entity_unexpected_unit_water": ([["sensor.water", "W"]], {"water_units": "CCF, ft³, m³, gal, L"}),
        "entity_unexpected_unit_water_price": ([["sensor.price_of_nothing", None]], WATER_PRICES),
    }
    assert priced("water", "sensor.meter", "sensor.price") == {
        "entity_unexpected_device_class": ([["sensor.meter", "energy"]], None),
        "entity_unexpected_unit_water_price": ([["sensor.price", "EUR/kWh"]], WATER_PRICES),
    }


def test_the_cost_sensor_that_is_made_has_to_be_recorded(home: HomeServer) -> None:
    """Its statistics are what the dashboard shows."""
    assert found(home, grid(meter="sensor.own", number_energy_price=0.2)) == {
        "recorder_untracked": ([["sensor.own_cost", None]], None)
    }


def test_sun_and_battery_have_meters_of_energy(home: HomeServer) -> None:
    """Both meters of a battery are looked at."""
    assert found(home, {"type": "solar", "stat_energy_from": "sensor.bad", "config_entry_solar_forecast": None}) == {
        "entity_unexpected_unit_energy": ([["sensor.bad", "W"]], ENERGY)
    }
    battery = {"type": "battery", "stat_energy_from": "sensor.bad", "stat_energy_to": "sensor.untracked"}
    assert set(found(home, battery)) == {"entity_unexpected_unit_energy", "recorder_untracked"}


def test_the_fossil_share_follows_the_homes_days_across_the_end_of_summer_time(home: HomeServer) -> None:
    """The day of the change has 25 hours; hours without a share are all fossil. The figures are those of HA."""
    begin = datetime(2026, 10, 23, 22, tzinfo=UTC)
    hours = [(begin + timedelta(hours=number)).isoformat() for number in range(100)]
    energy = [{"start": at, "state": float(number), "sum": float(number)} for number, at in enumerate(hours)]
    share = [{"start": at, "mean": 20.0 + number % 3 * 10} for number, at in enumerate(hours) if number % 7]
    common = {"source": "test", "name": "x"}
    with home.websocket(home.admin_token) as client:
        for name, unit, rows in (("energy", "kWh", energy), ("co2", "%", share)):
            metadata = {**common, "statistic_id": f"test:{name}", "unit_of_measurement": unit,
                        "has_mean": name == "co2", "has_sum": name != "co2"}  # fmt: skip
            assert client.command("recorder/import_statistics", metadata=metadata, stats=rows)["success"]

        def fossil(start: str, end: str, period: str = "day") -> dict[str, float]:
            reply = client.command(
                "energy/fossil_energy_consumption", start_time=start, end_time=end, period=period,
                energy_statistic_ids=["test:energy"], co2_statistic_id="test:co2",
            )
            rows: dict[str, float] = reply["result"]
            return rows

        assert fossil("2026-10-24T00:00:00+02:00", "2026-10-28T00:00:00+01:00") == pytest.approx(
            {"2026-10-23T22:00:00+00:00": 9.1, "2026-10-24T22:00:00+00:00": 9.5, "2026-10-25T23:00:00+00:00": 10.0,
             "2026-10-26T23:00:00+00:00": 9.3}
        )  # fmt: skip
        assert fossil("2026-10-24T10:00:00+02:00", "2026-10-26T11:30:00+01:00") == pytest.approx(
            {"2026-10-23T22:00:00+00:00": 5.7, "2026-10-24T22:00:00+00:00": 9.5, "2026-10-25T23:00:00+00:00": 4.9}
        )
        twice_half_past_two = ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")
        assert fossil(*twice_half_past_two) == pytest.approx({"2026-10-24T22:00:00+00:00": 0.2})
        assert fossil(*twice_half_past_two, "hour") == pytest.approx({"2026-10-25T01:00:00+00:00": 0.2})
        assert sum(fossil("2026-10-24T00:00:00+02:00", "2026-10-28T00:00:00+01:00", "month").values()) == (
            pytest.approx(37.9)
        )
