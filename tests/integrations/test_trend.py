"""Whether a number rises or falls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.integrations.trend import slope
from tests.support.waiting import until


def _put(server, entity_id, *values):
    for value in values:
        server.rest("POST", f"/api/states/{entity_id}", {"state": str(value)})
        server.wait()


def _make(flows, **settings):
    flow = flows.send(flows.start("trend"), {"name": "Tr", "entity_id": "sensor.slope"})
    assert [each["name"] for each in flow["data_schema"]] == ["attribute", "invert"]
    made = flows.send(flow, settings)
    assert made["type"] == "create_entry", made
    return made["result"]["entry_id"]


@given(st.floats(-100, 100), st.floats(0.01, 1e5), st.integers(2, 50))
def test_the_slope_of_a_line_is_its_slope(gradient, step, count):
    """However steep, however slow, at today's times."""
    begin = 1_800_000_000.0
    times = [begin + step * each for each in range(count)]
    assert slope([(time, 7 + gradient * (time - begin)) for time in times]) == pytest.approx(gradient, 1e-3, 1e-3)


def test_samples_of_one_moment_have_no_slope():
    """Nothing is divided by nothing."""
    assert slope([(5.0, 1.0), (5.0, 9.0)]) == 0.0


def test_it_is_on_while_the_number_rises(flows, server):
    """Unknown before there are two samples; what is no number is left out."""
    entry_id = _make(flows, invert=False)
    assert flows.state("binary_sensor.tr")["state"] == "unknown"
    for value, state in (
        (1, "unknown"),
        (2, "on"),
        ("x", "on"),
        (1.5, "off"),
        ("unavailable", "unavailable"),
        (9, "on"),
    ):
        _put(server, "sensor.slope", value)
        flows.until_state("binary_sensor.tr", state)
    shown = flows.state("binary_sensor.tr")["attributes"]
    assert (shown["entity_id"], shown["sample_count"], shown["invert"]) == ("sensor.slope", 2, False)
    assert shown["gradient"] > 0
    flows.remove(entry_id)


def test_a_steepness_and_more_samples_are_options(flows, server):
    """A negative one looks for falling."""
    entry_id = _make(flows, invert=False)
    form = flows.start(entry_id, "options/flow")
    assert [each["name"] for each in form["data_schema"]][2:] == [
        "max_samples", "min_samples", "min_gradient", "sample_duration",
    ]  # fmt: skip
    again = flows.send(form, {"invert": False, "max_samples": 2, "min_samples": 3}, "options/flow")
    assert again["errors"] == {"base": "min_samples_above_max_samples"}
    wanted = {"invert": False, "max_samples": 3, "min_samples": 3, "min_gradient": -0.0001, "sample_duration": 600}
    flows.send(form, wanted, "options/flow")
    _put(server, "sensor.slope", 10, 8)
    assert flows.state("binary_sensor.tr")["state"] == "unknown"
    _put(server, "sensor.slope", 7)
    flows.until_state("binary_sensor.tr", "on")
    flows.remove(entry_id)


def test_the_other_way_round(flows, server):
    """With `invert` it is on while the number does not rise."""
    entry_id = _make(flows, invert=True)
    _put(server, "sensor.slope", 1, 2)
    flows.until_state("binary_sensor.tr", "off")
    _put(server, "sensor.slope", 0)
    until(lambda: flows.state("binary_sensor.tr")["state"] == "on")
    flows.remove(entry_id)
