"""How long, how often, what share of a time."""

from __future__ import annotations

import pytest

from marge.integrations._past import Recorded
from marge.integrations.history_stats import HistoryStats
from tests.support.waiting import until


def _put(server, entity_id, *values):
    for value in values:
        server.rest("POST", f"/api/states/{entity_id}", {"state": str(value)})
    server.wait()


def _make(flows, first, window):
    flow = flows.send(flows.start("history_stats"), {"name": "Hist", "state": ["on"], **first})
    made = flows.send(flow, window)
    assert made["type"] == "create_entry", made
    return made["result"]["entry_id"]


@pytest.mark.parametrize(
    ("changes", "hours", "count", "ratio"),
    [
        ([(0, "on")], 1.0, 1, 100.0), ([(-50, "on"), (1800, "off")], 0.5, 1, 50.0),
        ([(-50, "off"), (900, "on"), (1800, "off"), (2700, "on")], 0.5, 2, 50.0),
        ([(-50, "on"), (-10, "off")], 0.0, 0, 0.0), ([], 0.0, 0, 0.0),
        ([(0, "on"), (1800, "unavailable")], 0.5, 1, 50.0), ([(0, "off"), (4000, "on")], 0.0, 0, 0.0),
    ],
)  # fmt: skip
def test_it_adds_up_what_lies_in_the_window(server, changes, hours, count, ratio):
    """What began before counts from the start on, what goes on until the end."""
    begin = 1_000_000.0
    for kind, found in (("time", hours), ("count", count), ("ratio", ratio)):
        conf = {"name": "H", "entity_id": "light.x", "state": "on", "type": kind, "start": "0", "end": "1"}
        entity = HistoryStats(server.home, conf)
        entity._take_past(begin, [Recorded(begin + time, text) for time, text in changes])
        assert entity._found(begin, begin + 3600, begin + 3600) == pytest.approx(found)


def test_it_begins_with_the_recorded_past_and_goes_on(flows, server):
    """Counts what was on before it was made, and after."""
    _put(server, "light.lamp", "on", "off", "on", "off")
    entry_id = _make(
        flows,
        {"entity_id": "light.lamp", "type": "count"},
        {"start": "{{ now() - timedelta(hours=1) }}", "end": "{{ now() }}"},
    )
    flows.until_state("sensor.hist", "2")
    _put(server, "light.lamp", "on")
    flows.until_state("sensor.hist", "3")
    flows.remove(entry_id)


def test_a_longer_window_is_read_again(flows, server):
    """An option that goes further back."""
    _put(server, "light.lamp2", "on", "off")
    entry_id = _make(
        flows, {"entity_id": "light.lamp2", "type": "count"}, {"end": "{{ now() }}", "duration": {"hours": 1}}
    )
    flows.until_state("sensor.hist", "1")
    flows.options(entry_id, {"end": "{{ now() + timedelta(days=2) }}", "duration": {"days": 1}})
    flows.until_state("sensor.hist", "unknown")  # it has not begun
    flows.options(entry_id, {"end": "{{ now() }}", "duration": {"days": 1}})
    flows.until_state("sensor.hist", "1")
    flows.remove(entry_id)


def test_a_window_that_is_no_time_makes_it_unavailable(flows):
    """And says why in the log."""
    entry_id = _make(flows, {"entity_id": "light.lamp"}, {"start": "{{ 'soon' }}", "end": "{{ now() }}"})
    flows.until_state("sensor.hist", "unavailable")
    flows.remove(entry_id)


def test_time_is_shown_in_hours(flows, server):
    """With class and unit."""
    _put(server, "light.lamp3", "on")
    entry_id = _make(flows, {"entity_id": "light.lamp3"}, {"start": "{{ today_at() }}", "end": "{{ now() }}"})
    shown = until(lambda: (found := flows.state("sensor.hist"))["state"] not in ("unknown", "0.0") and found)
    assert 0 < float(shown["state"]) < 1
    assert shown["attributes"] | {"state_class": "measurement", "device_class": "duration"} == shown["attributes"]
    assert shown["attributes"]["unit_of_measurement"] == "h"
    flows.remove(entry_id)


def test_two_of_three_say_the_window(flows):
    """Not one, not all."""
    flow = flows.send(flows.start("history_stats"), {"name": "H", "entity_id": "light.a", "state": ["on"]})
    for window in ({"start": "{{ now() }}"}, {"start": "1", "end": "2", "duration": {"hours": 1}}):
        assert flows.send(flow, window)["errors"] == {"base": "only_two_keys_allowed"}
