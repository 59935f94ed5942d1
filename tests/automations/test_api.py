from __future__ import annotations

from typing import Any

import pytest
import voluptuous as vol

from marge.automations import api
from marge.automations.errors import ConditionError
from marge.errors import ServiceNotFound
from marge.model import Context
from tests.automations.world import world

SECTIONS = {
    "input_boolean": {"a": {"name": "A"}},
    "automation": [
        {"id": "one", "alias": "Number One", "description": "d", "triggers": [{"trigger": "event", "event_type": "go"}],
         "conditions": ["{{ true }}"], "actions": [{"event": "x"}, {"event": "y"}]},
        {"alias": "Broken", "triggers": [{"trigger": "nosuch"}], "actions": []},
    ],
    "scene": [{"id": "s1", "name": "Evening", "entities": {"light.a": "on", "light.b": "off"}}],
}


@pytest.fixture
def made():
    with world(SECTIONS, profile="native") as built:
        yield built


def test_automations_are_listed_with_their_figures(made):
    """The native API's list: object id, counts of the top-level lists, runs so far, enabled."""
    made.fire("go")
    made.call("automation.turn_off", {"entity_id": "automation.number_one"})
    first, second = api.list_automations(made.home)

    assert first == {
        "id": "number_one", "alias": "Number One", "description": "d", "mode": "single", "trigger_count": 1,
        "condition_count": 1, "action_count": 2, "last_triggered": "2026-01-01T00:00:00.000000+00:00",
        "total_triggers": 1, "enabled": False,
    }
    assert second["id"] == "broken"
    assert second["enabled"] is False


def test_scenes_are_listed(made):
    """In the order of the files, with their members."""
    assert api.list_scenes(made.home) == [
        {"id": "s1", "name": "Evening", "entity_count": 2, "entities": ["light.a", "light.b"]}
    ]


def test_a_condition_can_be_tried(made):
    """As `test_condition`: true, false, malformed, or it cannot be told."""
    wanted = {"condition": "state", "entity_id": "input_boolean.a", "state": "off"}
    assert api.try_condition(made.home, wanted) is True
    assert api.try_condition(made.home, "{{ x == 2 }}", {"x": 1}) is False
    assert api.try_condition(made.home, {"condition": "and", "conditions": []}) is True
    with pytest.raises(vol.Invalid, match="Unexpected value for condition: 'nosuch'"):
        api.try_condition(made.home, {"condition": "nosuch"})
    with pytest.raises(ConditionError, match="unknown entity sensor.never"):
        api.try_condition(made.home, {"condition": "state", "entity_id": "sensor.never", "state": "off"})


def test_a_sequence_can_be_run(made):
    """As `execute_script`: its response, None when it has none or stopped with an error, its failure."""
    context = Context.new()
    sequence = [{"variables": {"r": {"a": 1}}}, {"stop": "d", "response_variable": "r"}]

    assert api.run_sequence(made.home, sequence, context) == {"a": 1}
    assert api.run_sequence(made.home, [{"stop": "bad", "error": True}], context) is None
    with pytest.raises(ServiceNotFound):
        api.run_sequence(made.home, [{"action": "light.nosuch"}], context)


def test_triggers_can_be_subscribed_to(made):
    """As `subscribe_trigger`: each firing is told with its variables, until the end."""
    told: list[Any] = []
    end = api.subscribe_triggers(
        made.home, {"trigger": "state", "entity_id": "input_boolean.a", "to": "on"},
        lambda variables, context: told.append((variables["trigger"]["platform"], context)),
    )
    listeners = made.home.bus.listener_counts()
    made.call("input_boolean.turn_on", {"entity_id": "input_boolean.a"})
    end()
    made.call("input_boolean.toggle", {"entity_id": "input_boolean.a"})
    made.call("input_boolean.toggle", {"entity_id": "input_boolean.a"})

    assert [platform for platform, _context in told] == ["state"]
    assert told[0][1].user_id == "user1"
    assert made.home.bus.listener_counts() != listeners
    unusable: list[Any] = [None, [], {"trigger": "nosuch"}]
    for nothing in unusable:
        with pytest.raises(vol.Invalid):
            api.subscribe_triggers(made.home, nothing, lambda *_: None)
