"""Runs under load: nothing leaks, and the modes hold whatever happens at the same time."""

from __future__ import annotations

import gc

import gevent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marge.automations.traces import ensure_traces
from tests.automations.world import world

LEAVES = st.sampled_from(
    [
        {"event": "e"},
        {"delay": 0.5},
        {"delay": "{{ 0.2 }}"},
        {"delay": "{{ 'x' }}"},
        {"variables": {"v": "{{ 1 + 1 }}"}},
        {"wait_template": "{{ is_state('input_boolean.a', 'on') }}", "timeout": 1},
        {"wait_for_trigger": {"trigger": "state", "entity_id": "input_boolean.a", "to": "on"}, "timeout": 1},
        {"wait_for_trigger": {"trigger": "event", "event_type": "x"}, "timeout": 1, "continue_on_timeout": False},
        {"action": "input_boolean.toggle", "target": {"entity_id": "input_boolean.b"}},
        {"action": "light.nosuch"},
        {"stop": "enough"},
        {"stop": "wrong", "error": True},
        {"condition": "template", "value_template": "{{ false }}"},
        {"event": "never", "enabled": False},
    ]
)
ACTIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda actions: {"sequence": actions}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda actions: {"parallel": actions}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(
            lambda actions: {"repeat": {"count": 2, "sequence": actions}}, st.lists(inner, min_size=1, max_size=2)
        ),
        st.builds(
            lambda actions: {"if": "{{ states('input_boolean.b') == 'on' }}", "then": actions, "else": actions},
            st.lists(inner, min_size=1, max_size=2),
        ),
    ),
    max_leaves=6,
)
SCRIPTS = st.lists(ACTIONS, min_size=1, max_size=4)


def greenlets():
    gc.collect()
    return sum(1 for each in gc.get_objects() if isinstance(each, gevent.Greenlet) and not each.dead)


@pytest.fixture(scope="module")
def made():
    with world({"input_boolean": {"a": None, "b": None}, "script": {}}) as built:
        yield built


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scripts=st.lists(SCRIPTS, min_size=1, max_size=3), stop_early=st.booleans())
def test_random_scripts_leave_nothing_behind(made, scripts, stop_early):
    """Twenty runs of random scripts, ended by themselves or from outside: no greenlet, timer, subscription or actor is
    left."""
    from marge.automations.loading_scripts import load_scripts

    section = {f"s{number}": {"sequence": actions, "mode": "parallel", "max": 50}
               for number, actions in enumerate(scripts)}
    load_scripts(made.home, section)
    made.settle()
    before = (greenlets(), made.clock.pending(), made.home.bus.listener_counts())

    for number in range(20):
        made.call("script.turn_on", {"entity_id": f"script.s{number % len(scripts)}"})
    if stop_early:
        made.advance(0.3)
        made.call("script.turn_off", {"entity_id": "all"})
    else:
        made.advance(60)
    made.settle()

    assert not [path for path in made.home.system.paths() if "/run-" in path]
    assert (greenlets(), made.clock.pending(), made.home.bus.listener_counts()) == before
    assert ensure_traces(made.home).describe()["running"] == 0
    for entity_id in section:
        assert made.state(f"script.{entity_id}") == "off"


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    mode=st.sampled_from(["single", "restart", "queued", "parallel"]),
    most=st.integers(2, 4),
    gaps=st.lists(st.sampled_from([0.0, 0.1, 0.4, 1.1]), min_size=1, max_size=12),
)
def test_modes_hold_under_concurrent_triggers(mode, most, gaps):
    """However triggers fall: never more at a time than the mode allows, in the order of their triggers, and what was
    taken in is finished unless a newer run replaced it."""
    actions = [
        {"event": "start", "event_data": {"n": "{{ trigger.event.data.n }}"}}, {"delay": 1},
        {"event": "end", "event_data": {"n": "{{ trigger.event.data.n }}"}},
    ]
    automation = {"alias": "Test", "triggers": [{"trigger": "event", "event_type": "go"}], "actions": actions,
                  "mode": mode, "max": most, "max_exceeded": "silent"}
    with world({"automation": [automation]}) as made:
        for number, gap in enumerate(gaps):
            made.advance(gap)
            made.fire("go", {"n": number})
            assert made.attribute("automation.test", "current") <= {"single": 1, "restart": 1}.get(mode, most)
        made.advance(2 * len(gaps) + 5)

        started = [each["n"] for each in made.data_of("start")]
        ended = [each["n"] for each in made.data_of("end")]
        if mode == "parallel":  # those of one moment go side by side
            moments = [round(sum(gaps[: number + 1]), 3) for number in range(len(gaps))]
            started, ended = [moments[each] for each in started], [moments[each] for each in ended]
        assert started == sorted(started)
        assert ended == sorted(ended)
        assert len(made.of_type("automation_triggered")) == len(started)
        if mode == "restart":
            assert started == list(range(len(gaps)))
            assert ended[-1:] == started[-1:]
        else:
            assert ended == started
        if mode in ("single", "queued"):
            order = [event.event_type for event in made.events if event.event_type in ("start", "end")]
            assert order == ["start", "end"] * len(started)
        assert made.attribute("automation.test", "current") == 0


def test_a_thousand_runs_leave_nothing_behind():
    """A run's greenlet, timer and actor are gone with it."""
    automation = {"alias": "Test", "triggers": [{"trigger": "event", "event_type": "go"}],
                  "actions": [{"delay": 0.01}, {"event": "hit"}], "mode": "parallel", "max": 1000}
    with world({"automation": [automation]}) as made:
        made.fire("go")
        made.advance(1)
        before = (greenlets(), made.clock.pending(), len(made.home.system.paths()))
        for _ in range(1000):
            made.fire("go")
        made.advance(2)

        assert len(made.of_type("hit")) == 1001
        assert (greenlets(), made.clock.pending(), len(made.home.system.paths())) == before
