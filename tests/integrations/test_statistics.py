"""Statistics of what a sensor said lately."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.integrations._characteristics import NUMBERS, ON_OFF
from marge.integrations.statistics import Statistics
from tests.support.waiting import until


def _put(server, entity_id, *values, **attributes):
    for value in values:
        server.rest("POST", f"/api/states/{entity_id}", {"state": str(value), "attributes": attributes})
    server.wait()


def _make(flows, kind, options, source="sensor.stat"):
    flow = flows.send(flows.start("statistics"), {"name": "Stat of", "entity_id": source})
    flow = flows.send(flow, {"state_characteristic": kind})
    made = flows.send(flow, options)
    assert made["type"] == "create_entry", made
    return made["result"]["entry_id"]


@pytest.mark.parametrize(
    ("kind", "values", "times", "found"),
    [
        ("mean", [1, 2, 6], [0, 1, 2], 3), ("median", [5, 1, 2], [0, 1, 2], 2), ("count", [1, 1], [0, 1], 2),
        ("average_step", [0, 10, 20], [0, 9, 10], 1), ("average_linear", [0, 10], [0, 5], 5),
        ("average_step", [7], [0], 7), ("average_timeless", [1, 3], [0, 99], 2), ("change", [3, 9, 5], [0, 1, 2], 2),
        ("change_sample", [1, 2, 5], [0, 1, 2], 2), ("change_second", [0, 10], [0, 5], 2),
        ("change_second", [4], [0], 0), ("datetime_oldest", [1], [0], "1970-01-01T00:00:00+00:00"),
        ("datetime_value_max", [1, 9, 2], [0, 60, 90], "1970-01-01T00:01:00+00:00"),
        ("standard_deviation", [2, 4, 6], [0, 1, 2], 2), ("variance", [2, 4, 6], [0, 1, 2], 4),
        ("distance_95_percent_of_values", [2, 4, 6], [0, 1, 2], 7.84), ("distance_absolute", [4, 1], [0, 1], 3),
        ("noisiness", [21, 10, 20, 22], [0, 1, 2, 3], 23 / 3), ("percentile", [1, 2, 3], [0, 1, 2], 2),
        ("sum_differences", [1, 5, 2], [0, 1, 2], 7), ("sum_differences_nonnegative", [1, 5, 2], [0, 1, 2], 6),
        ("mean_circular", [350, 20], [0, 1], 5), ("value_min", [3, 2], [0, 1], 2), ("total", [3, 2], [0, 1], 5),
    ],
)  # fmt: skip
def test_each_characteristic_is_what_it_says(kind, values, times, found):
    """Of numbers."""
    value = NUMBERS[kind](values, times, 50)
    assert value == (found if isinstance(found, str) else pytest.approx(found))


def test_shares_of_a_binary_sensor_are_percentages():
    """And it counts both sides."""
    values, times = [1.0, 0.0, 0.0, 1.0], [0.0, 3.0, 4.0, 10.0]
    assert {kind: find(values, times, 50) for kind, find in ON_OFF.items() if "datetime" not in kind} == {
        "average_step": 30, "average_timeless": 50, "count": 4, "count_on": 2, "count_off": 2, "mean": 50,
    }  # fmt: skip


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(-1e300, 1e300)), min_size=1, max_size=20), st.integers(1, 99))
def test_no_samples_break_a_characteristic(samples, percentile):
    """Same times, one sample, numbers of any size: it is found, or too large."""
    samples.sort(key=lambda each: each[0])
    times, values = [each[0] for each in samples], [each[1] for each in samples]
    for kind, find in NUMBERS.items():
        try:
            assert find(values, times, percentile) is not None, kind
        except OverflowError:
            assert max(abs(each) for each in values) > 1e100, kind


def test_it_begins_with_the_recorded_past(flows, server):
    """Newest samples first in the buffer; then it follows the source."""
    _put(server, "sensor.stat", 1, 10, 20, "no number", 30, unit_of_measurement="W", device_class="power")
    entry_id = _make(flows, "mean", {"sampling_size": 3, "precision": 1})
    flows.until_state("sensor.stat_of", "20.0")
    shown = flows.state("sensor.stat_of")["attributes"]
    assert (shown["unit_of_measurement"], shown["device_class"], shown["buffer_usage_ratio"]) == ("W", "power", 1.0)

    _put(server, "sensor.stat", 40, unit_of_measurement="W", device_class="power")

    flows.until_state("sensor.stat_of", "30.0")
    flows.remove(entry_id)


def test_an_unavailable_source_makes_it_unavailable(flows, server):
    """What is no number is said, and left out."""
    _put(server, "sensor.stat2", 5)
    entry_id = _make(flows, "value_max", {"sampling_size": 5}, "sensor.stat2")
    flows.until_state("sensor.stat_of", "5.0")
    _put(server, "sensor.stat2", "warm")
    until(lambda: flows.state("sensor.stat_of")["attributes"]["source_value_valid"] is False)
    _put(server, "sensor.stat2", "unavailable")
    flows.until_state("sensor.stat_of", "unavailable")
    _put(server, "sensor.stat2", 7)
    flows.until_state("sensor.stat_of", "7.0")
    flows.remove(entry_id)


def test_what_is_too_old_goes(flows, server):
    """By itself, when nothing is heard; the last one stays when that is wished."""
    _put(server, "sensor.stat3", 5)
    entry_id = _make(flows, "count", {"max_age": {"seconds": 1}, "precision": 0}, "sensor.stat3")
    flows.until_state("sensor.stat_of", "0")

    flows.options(entry_id, {"max_age": {"seconds": 1}, "keep_last_sample": True})

    flows.until_state("sensor.stat_of", "1")
    flows.remove(entry_id)


def test_it_wants_a_limit(flows):
    """A size, an age, or both; to keep the last one needs an age."""
    flow = flows.send(flows.start("statistics"), {"name": "S", "entity_id": "binary_sensor.b"})
    options = flow["data_schema"][0]["selector"]["select"]["options"]
    assert "count_on" in options and "median" not in options
    flow = flows.send(flow, {"state_characteristic": "count_on"})
    assert (flow["step_id"], flow["preview"], flow["last_step"]) == ("options", "statistics", True)

    assert flows.send(flow, {})["errors"] == {"base": "missing_max_age_or_sampling_size"}
    again = flows.send(flow, {"sampling_size": 3, "keep_last_sample": True})
    assert again["errors"] == {"base": "missing_keep_last_sample"}


def test_it_has_a_preview(flows, server):
    """While its form is filled in, with the past."""
    _put(server, "sensor.stat4", 3, 5)
    flow = flows.send(flows.start("statistics"), {"name": "S", "entity_id": "sensor.stat4"})
    flow = flows.send(flow, {"state_characteristic": "mean"})
    with server.websocket() as client:
        done = client.command(
            "statistics/start_preview", flow_id=flow["flow_id"], flow_type="config_flow",
            user_input={"sampling_size": 4},
        )  # fmt: skip
        assert client.event(done["id"])["state"] == "4.0"


def test_it_follows_a_source_that_is_renamed(flows, server):
    """Under its new name, and still after it was made again."""
    _put(server, "sensor.stat5", 1)
    first = _make(flows, "value_max", {"sampling_size": 5}, "sensor.stat5")
    flows.until_state("sensor.stat_of", "1.0")
    second = _make(flows, "value_max", {"sampling_size": 5}, "sensor.stat_of")
    with server.websocket() as client:
        done = client.command(
            "config/entity_registry/update", entity_id="sensor.stat_of", new_entity_id="sensor.highest"
        )
        assert done["success"], done
    _put(server, "sensor.stat5", 11)
    flows.until_state("sensor.highest", "11.0")
    flows.until_state("sensor.stat_of_2", "11.0")
    flows.options(second, {"sampling_size": 4})
    _put(server, "sensor.stat5", 12)
    flows.until_state("sensor.stat_of_2", "12.0")
    flows.remove(second)
    flows.remove(first)


def test_a_thousand_of_them_begin_soon(server):
    """One after another, without holding anybody up."""
    home = server.home
    _put(server, "sensor.plenty", 1, 2, 3)
    conf = {"entity_id": "sensor.plenty", "state_characteristic": "sum", "sampling_size": 3}
    made = [Statistics(home, {**conf, "name": f"Plenty {n}"}) for n in range(1000)]
    for number, entity in enumerate(made):
        home.entities.add(entity, f"sensor.plenty_{number}", "statistics")

    def show(value):
        found = [home.states.find(f"sensor.plenty_{number}") for number in range(1000)]
        return all(state is not None and state.state == value for state in found)

    until(lambda: show("6.0"))
    _put(server, "sensor.plenty", 4)
    until(lambda: show("9.0"))
    for entity in made:
        home.entities.remove(entity.entity_id)


def test_an_age_beyond_all_times_breaks_nothing(flows, server):
    """The preview refuses it, the entry says that it cannot be set up."""
    flow = flows.send(flows.start("statistics"), {"name": "S", "entity_id": "sensor.stat4"})
    flow = flows.send(flow, {"state_characteristic": "mean"})
    options = {"max_age": {"hours": 1e300}}
    with server.websocket() as client:
        done = client.command(
            "statistics/start_preview", flow_id=flow["flow_id"], flow_type="config_flow", user_input=options
        )
        assert done["error"]["code"] == "invalid_user_input"
    made = flows.send(flow, options)
    assert made["result"]["state"] == "setup_error"
    flows.remove(made["result"]["entry_id"])
