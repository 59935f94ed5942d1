"""Values made smooth, held within a range, or fewer."""

from __future__ import annotations

import pytest

from marge.integrations.filter import KINDS
from tests.support.waiting import until


def _put(server, entity_id, *values, **attributes):
    for value in values:
        server.rest("POST", f"/api/states/{entity_id}", {"state": str(value), "attributes": attributes})
        server.wait()


@pytest.mark.parametrize(
    ("kind", "options", "values", "passed"),
    [
        ("lowpass", {"time_constant": 10}, [20, 30, 30], [20, 21, 21.9]),
        ("lowpass", {"time_constant": 0}, [20, 30], [20, 30]),
        ("outlier", {"window_size": 3, "radius": 4}, [1, 2, 3, 50, 6], [1, 2, 3, 2, 6]),
        ("range", {"lower_bound": 2, "upper_bound": 5}, [1, 3, 9], [2, 3, 5]),
        ("range", {}, [1, 900], [1, 900]),
        ("throttle", {"window_size": 3}, [1, 2, 3, 4, 5], [1, None, None, 4, None]),
        ("throttle", {"window_size": 0}, [1, 2], [1, 2]),
        ("time_throttle", {"window_size": {"seconds": 2}}, [1, 2, 3, 4, 5], [1, None, 3, None, 5]),
        ("time_simple_moving_average", {"window_size": {"seconds": 4}}, [0, 4, 8, 8, 8, 8, 8], [0, 0, 1, 3, 5, 7, 8]),
    ],
)  # fmt: skip
def test_each_kind_does_what_it_says(kind, options, values, passed):
    """A value a second."""
    run = KINDS[kind](options)
    assert [run(float(time), float(value)) for time, value in enumerate(values)] == [
        each if each is None else pytest.approx(each) for each in passed
    ]


def test_it_begins_with_the_past_and_follows(flows, server):
    """Unit and class are the source's; an unavailable source makes it unavailable."""
    _put(server, "sensor.raw", 10, 20, 30, unit_of_measurement="W", device_class="power", state_class="measurement")
    flow = flows.send(flows.start("filter"), {"name": "Flt", "entity_id": "sensor.raw", "filter": "outlier"})
    assert (flow["step_id"], [each["name"] for each in flow["data_schema"]]) == (
        "outlier", ["window_size", "radius", "precision"],
    )  # fmt: skip
    entry_id = flows.send(flow, {"window_size": 3, "radius": 5})["result"]["entry_id"]
    flows.until_state("sensor.flt", "30.0")
    shown = flows.state("sensor.flt")["attributes"]
    assert shown | {"unit_of_measurement": "W", "device_class": "power", "entity_id": "sensor.raw"} == shown
    assert shown["state_class"] == "measurement"

    _put(server, "sensor.raw", 99)
    until(lambda: float(flows.state("sensor.flt")["state"]) < 40)
    _put(server, "sensor.raw", "unavailable")
    flows.until_state("sensor.flt", "unavailable")
    _put(server, "sensor.raw", 21)
    until(lambda: flows.state("sensor.flt")["state"] != "unavailable")

    form = flows.start(entry_id, "options/flow")
    assert form["step_id"] == "outlier"
    flows.send(form, {"window_size": 1, "radius": 1000, "precision": 0}, "options/flow")
    flows.until_state("sensor.flt", "21")
    flows.remove(entry_id)
