from __future__ import annotations

import pytest
import voluptuous as vol
from hypothesis import given
from hypothesis import strategies as st

from marge.automations import kinds
from marge.automations.validation import (
    validate_action,
    validate_actions,
    validate_automation,
    validate_condition,
    validate_conditions,
    validate_trigger,
    validate_triggers,
)

WORDS = st.sampled_from(
    [*kinds.trigger_names(), *kinds.condition_names(), *kinds.action_keys(), "trigger", "platform", "conditions",
     "sequence", "then", "else", "entity_id", "state", "to", "for", "at", "value_template", "enabled", "id", "alias",
     "triggers", "{{ 1 }}", "light.porch", "00:00:05", "on", "count", "while"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70) | st.floats(allow_nan=False) | WORDS | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def test_old_words_mean_the_same():
    """`trigger`/`platform`, `condition`, `action`/`service` and `data_template` give what today's words give."""
    old = validate_automation(
        {
            "alias": "X",
            "trigger": {"platform": "state", "entity_id": "light.a", "to": "on"},
            "condition": "{{ true }}",
            "action": {"service": "light.turn_off", "entity_id": "light.a", "data_template": {"transition": 1}},
        }
    )

    assert old.triggers[0].config["entity_id"] == ["light.a"]
    assert old.conditions[0].name == "template"
    assert old.script.sequence[0].config["action"] == "light.turn_off"


def test_both_spellings_at_once_are_refused():
    """Nobody can tell which one was meant."""
    with pytest.raises(vol.Invalid, match="Cannot specify both 'trigger' and 'triggers'"):
        validate_automation({"trigger": [], "triggers": [], "actions": []})


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ({"trigger": "stat", "entity_id": "light.a"}, "did you mean 'state'"),
        ({"trigger": "tme", "at": "05:00"}, "did you mean 'time'"),
    ],
)
def test_an_unknown_trigger_names_the_nearest_known_word(written, text):
    """A slip of the pen is answered with what was probably meant."""
    with pytest.raises(vol.Invalid, match=text):
        validate_trigger(written)


def test_an_unknown_action_names_the_nearest_known_word():
    """The same for actions."""
    with pytest.raises(vol.Invalid, match="did you mean 'delay'"):
        validate_action({"dellay": 5})


def test_the_path_leads_to_the_problem():
    """Deep inside, the error says where."""
    with pytest.raises(vol.Invalid) as caught:
        validate_automation(
            {
                "triggers": [],
                "actions": [
                    {"if": "{{ 1 }}", "then": [{"choose": [{"conditions": [], "sequence": [{"delay": "x"}]}]}]}
                ],
            }
        )

    error = caught.value.errors[0] if isinstance(caught.value, vol.MultipleInvalid) else caught.value
    assert error.path == ["actions", 0, "then", 0, "choose", 0, "sequence", 0, "delay"]


@pytest.mark.parametrize(
    "validate", [validate_triggers, validate_conditions, validate_actions, validate_automation, validate_condition]
)
@given(value=VALUES)
def test_arbitrary_input_raises_only_its_own_error(validate, value):
    """Whatever stands in a file: it is valid, or `vol.Invalid` says why."""
    try:
        validate(value)
    except vol.Invalid:
        pass


def test_every_kind_is_found_by_its_name():
    """Each file of a kind's folder exposes that kind."""
    assert all(kinds.trigger_kind(name) is not None for name in kinds.trigger_names())
    assert all(kinds.condition_kind(name) is not None for name in kinds.condition_names())
    assert {"action", "delay", "choose", "repeat"} <= set(kinds.action_keys())
