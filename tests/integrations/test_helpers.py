"""Helpers made by hand: derivative, min/max, threshold."""

from __future__ import annotations

import pytest

from tests.support.waiting import until


def _put(server, entity_id, value, **attributes):
    server.rest("POST", f"/api/states/{entity_id}", {"state": str(value), "attributes": attributes})
    server.wait()


def test_a_derivative_is_the_change_over_time(flows, server):
    """Unit, digits and the source are shown; its form has HA's selectors."""
    form = flows.start("derivative")
    assert [each["name"] for each in form["data_schema"]] == [
        "name", "source", "round", "time_window", "unit_prefix", "unit_time",
    ]
    _put(server, "sensor.energy", 10, unit_of_measurement="Wh")
    entry_id = flows.make(
        "derivative",
        {"name": "Rate", "source": "sensor.energy", "round": 1, "time_window": {"seconds": 0}, "unit_time": "h"},
    )
    shown = flows.state("sensor.rate")
    assert (shown["state"], shown["attributes"]["unit_of_measurement"]) == ("0.0", "Wh/h")

    _put(server, "sensor.energy", 20, unit_of_measurement="Wh")

    shown = until(lambda: (found := flows.state("sensor.rate"))["state"] != "0.0" and found)
    assert float(shown["state"]) > 100
    assert shown["attributes"]["source"] == "sensor.energy"
    flows.remove(entry_id)


@pytest.mark.parametrize(
    ("kind", "state", "attributes"),
    [
        ("min", "1.0", {"min_entity_id": "sensor.a"}), ("max", "4.0", {"max_entity_id": "sensor.b"}),
        ("mean", "2.5", {}), ("sum", "5.0", {}), ("range", "3.0", {}),
    ],
)  # fmt: skip
def test_min_max_sums_sensors_up(flows, server, kind, state, attributes):
    """What is no number is left out."""
    for name, value in (("a", 1), ("b", 4), ("c", "unavailable")):
        _put(server, f"sensor.{name}", value, unit_of_measurement="W")
    entry_id = flows.make(
        "min_max", {"name": "Mm", "entity_ids": ["sensor.a", "sensor.b", "sensor.c"], "type": kind, "round_digits": 1}
    )
    shown = flows.state("sensor.mm")

    assert shown["state"] == state
    assert shown["attributes"] | attributes == shown["attributes"]
    assert shown["attributes"]["unit_of_measurement"] == "W"
    flows.remove(entry_id)


def test_a_threshold_needs_a_limit(flows):
    """The form is shown again with the error."""
    flow = flows.start("threshold")

    again = flows.send(flow, {"name": "T", "entity_id": "sensor.a", "hysteresis": 0})

    assert (again["type"], again["errors"]) == ("form", {"base": "need_lower_upper"})


def test_a_threshold_says_where_a_number_is(flows, server):
    """On above the upper limit; within the hysteresis nothing changes."""
    _put(server, "sensor.t", 5)
    entry_id = flows.make("threshold", {"name": "Thr", "entity_id": "sensor.t", "hysteresis": 1, "upper": 10})
    assert flows.state("binary_sensor.thr")["attributes"]["position"] == "below"

    for value, state in ((10.5, "off"), (11.5, "on"), (9.5, "on"), (8.5, "off"), ("unknown", "unknown")):
        _put(server, "sensor.t", value)
        flows.until_state("binary_sensor.thr", state)

    flows.remove(entry_id)


def test_a_threshold_has_a_preview(flows, server):
    """While its form is filled in."""
    _put(server, "sensor.t", 5)
    flow = flows.start("threshold")
    with server.websocket() as client:
        done = client.command(
            "threshold/start_preview", flow_id=flow["flow_id"], flow_type="config_flow",
            user_input={"name": "P", "entity_id": "sensor.t", "hysteresis": 0, "lower": 7},
        )
        assert client.event(done["id"])["state"] == "on"


@pytest.mark.parametrize(
    ("domain", "off", "on", "service"),
    [
        ("light", "off", "on", "turn_on"), ("fan", "off", "on", "turn_on"), ("siren", "off", "on", "turn_on"),
        ("lock", "locked", "unlocked", "unlock"), ("cover", "closed", "open", "open_cover"),
        ("valve", "closed", "open", "open_valve"),
    ],
)  # fmt: skip
def test_a_switch_is_shown_as_something_else(flows, server, domain, off, on, service):
    """The other kind shows the switch and turns it."""
    server.rest("POST", "/api/states/switch.pump", {"state": "off", "attributes": {"friendly_name": "Pump"}})
    entry_id = flows.make("switch_as_x", {"entity_id": "switch.pump", "target_domain": domain})
    entity_id = f"{domain}.pump"
    assert flows.state(entity_id)["state"] == off

    flows.call(f"{domain}.{service}", entity_id=entity_id)

    assert flows.state("switch.pump")["state"] == "on"
    until(lambda: flows.state(entity_id)["state"] == on)
    flows.remove(entry_id)


def test_a_meter_counts_what_is_used_and_begins_again(flows, server):
    """From the first difference on; `reset` keeps the last period, `calibrate` sets it."""
    _put(server, "sensor.used", 100, unit_of_measurement="kWh", device_class="energy")
    entry_id = flows.make("utility_meter", {"name": "Meter", "source": "sensor.used", "cycle": "daily"})
    assert flows.state("sensor.meter")["state"] == "unknown"

    _put(server, "sensor.used", 103.5, unit_of_measurement="kWh", device_class="energy")
    shown = until(lambda: (found := flows.state("sensor.meter"))["state"] == "3.5" and found)
    assert shown["attributes"]["status"] == "collecting"
    assert shown["attributes"]["unit_of_measurement"] == "kWh"
    _put(server, "sensor.used", 0, unit_of_measurement="kWh", device_class="energy")
    assert flows.state("sensor.meter")["state"] == "3.5"
    flows.call("utility_meter.reset", entity_id="sensor.meter")
    shown = until(lambda: (found := flows.state("sensor.meter"))["state"] == "0" and found)
    assert shown["attributes"]["last_period"] == "3.5"
    flows.call("utility_meter.calibrate", entity_id="sensor.meter", value="7")
    until(lambda: flows.state("sensor.meter")["state"] == "7")
    flows.remove(entry_id)


def test_a_meter_with_tariffs_counts_under_the_chosen_one(flows, server):
    """A sensor a tariff, and a choice."""
    _put(server, "sensor.used", 10)
    values = {"name": "Power", "source": "sensor.used", "cycle": "none", "tariffs": ["day", "night"]}
    entry_id = flows.make("utility_meter", values)
    _put(server, "sensor.used", 12)
    until(lambda: flows.state("sensor.power_day")["state"] == "2")
    flows.call("select.select_option", entity_id="select.power", option="night")
    _put(server, "sensor.used", 15)

    until(lambda: flows.state("sensor.power_night")["state"] == "3")
    assert flows.state("sensor.power_day")["state"] == "2"
    assert flows.state("sensor.power_day")["attributes"]["status"] == "paused"
    flows.remove(entry_id)


def test_an_integral_adds_up_a_rate_over_time(flows, server):
    """Watts become watt-hours; the unit follows the unit of time."""
    _put(server, "sensor.watts", 3600, unit_of_measurement="W", device_class="power")
    entry_id = flows.make(
        "integration", {"name": "Sum", "source": "sensor.watts", "method": "left", "unit_time": "s"}
    )
    assert flows.state("sensor.sum")["state"] == "unknown"
    _put(server, "sensor.watts", 0, unit_of_measurement="W", device_class="power")

    shown = until(lambda: (found := flows.state("sensor.sum"))["state"] != "unknown" and found)

    assert float(shown["state"]) > 0
    assert (shown["attributes"]["unit_of_measurement"], shown["attributes"]["device_class"]) == ("Ws", "energy")
    flows.remove(entry_id)


def test_times_of_the_day_are_on_between_two_times(flows, server):
    """Also over midnight: of two halves of a day one holds."""
    one = flows.make("tod", {"name": "One", "after_time": "00:00:00", "before_time": "12:00:00"})
    two = flows.make("tod", {"name": "Two", "after_time": "12:00:00", "before_time": "00:00:00"})

    assert {flows.state(f"binary_sensor.{each}")["state"] for each in ("one", "two")} == {"on", "off"}
    flows.remove(one)
    flows.remove(two)
