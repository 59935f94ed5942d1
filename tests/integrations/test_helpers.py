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
        until(lambda state=state: flows.state("binary_sensor.thr")["state"] == state)

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
