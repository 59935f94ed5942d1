"""States and events are immutable, and their JSON is made once and is what HA's clients parse."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.model import (
    MAX_DEPTH,
    Context,
    Event,
    ReadOnlyDict,
    State,
    dumps,
    dumps_anyhow,
    has_too_deep,
    is_too_deep,
    loads,
    split_entity_id,
    valid_entity_id,
)


def state(**kwargs):
    values: dict[str, Any] = {"entity_id": "light.porch", "state": "on", "attributes": {"a": [1]}, "last_changed": 1.5}
    values |= kwargs
    values.setdefault("last_updated", values["last_changed"])
    values.setdefault("last_reported", values["last_updated"])
    return State(context=Context("01J", None, "u"), **values)


def test_the_json_of_a_state_is_made_once_and_has_all_keys():
    """Everybody who sends it shares the bytes."""
    first = state()

    assert first.json is first.json
    assert json.loads(first.json) == {
        "entity_id": "light.porch",
        "state": "on",
        "attributes": {"a": [1]},
        "last_changed": "1970-01-01T00:00:01.500000+00:00",
        "last_reported": "1970-01-01T00:00:01.500000+00:00",
        "last_updated": "1970-01-01T00:00:01.500000+00:00",
        "context": {"id": "01J", "parent_id": None, "user_id": "u"},
    }


def test_an_event_uses_the_json_of_its_states():
    """A state inside an event is serialized with the bytes it has."""
    event = Event("state_changed", {"old_state": None, "new_state": state()}, Context("e"), 2.0)

    assert state().json in event.json
    assert json.loads(event.json)["time_fired"] == "1970-01-01T00:00:02.000000+00:00"


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.__setitem__("a", 1), lambda d: d.pop("a"), lambda d: d.update(b=1), lambda d: d.clear(),
        lambda d: d.setdefault("b", 1), lambda d: d.__delitem__("a"), lambda d: d.popitem(),
        lambda d: d.__ior__({"b": 1}),
    ],
)
def test_attributes_cannot_be_changed(change):
    """Snapshots are shared by all readers."""
    with pytest.raises(TypeError, match="snapshot"):
        change(ReadOnlyDict(a=1))


def test_read_only_dicts_copy_and_pickle():
    """Messages are plain data that could leave the process."""
    attributes = ReadOnlyDict(a=1)

    assert copy.deepcopy(attributes) is attributes
    assert pickle.loads(pickle.dumps(attributes)) == attributes


@pytest.mark.parametrize("text", ["light.porch", "sensor.a_1", "a.b", "x1.y2"])
def test_valid_entity_ids(text):
    assert valid_entity_id(text)
    assert split_entity_id(text) == tuple(text.split("."))


@pytest.mark.parametrize(
    "text",
    ["", "nodot", ".a", "a.", "a b.c", "Sensor.a", "sen__sor.a", "sensor.a_", "_a.b", "a.b.c", "a.b-c", "ä.b", "a.b\n"],
)
def test_invalid_entity_ids(text):
    assert not valid_entity_id(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(JSON)
def test_json_survives_a_round(value):
    """What goes out as JSON comes back equal."""
    assert loads(dumps(value)) == value


ODD = [
    {"deep": None}, {"surrogate": "\ud800"}, {"big": 2**70}, {"mixed": {1: {2, 3}, None: b"x"}}, {"object": object()},
    {"\udfff": 1},
]


@pytest.mark.parametrize("attributes", ODD)
def test_a_state_always_has_a_json_form(attributes):
    """One odd value must not hide all other states from everybody."""
    if "deep" in attributes:
        nested: Any = 1
        for _ in range(1000):
            nested = [nested]
        attributes = {"deep": nested}

    parsed = json.loads(state(attributes=attributes).json)

    assert parsed["entity_id"] == "light.porch"
    assert len(parsed["attributes"]) == 1


def test_depth_is_measured_without_recursion():
    """The limit itself passes, one more does not, and ten thousand levels do not overflow anything."""
    nested: Any = 1
    for depth in range(1, 10_001):
        nested = {"a": nested} if depth % 2 else [nested]
        if depth in (MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 10_000):
            assert is_too_deep(nested) is (depth > MAX_DEPTH)


def test_what_was_let_in_before_is_not_measured_again():
    """Only the very same value under the same name: an equal one, or one beside it, is."""
    deep: Any = 1
    for _ in range(MAX_DEPTH):
        deep = [deep]
    flat = ["a", "b"]

    assert not has_too_deep({"a": 1, "b": flat, "c": [[1]]}, None)
    assert not has_too_deep({"a": deep, "b": flat}, {"a": deep})
    assert has_too_deep({"a": deep}, None)
    assert has_too_deep({"a": [*deep]}, {"a": deep})
    assert has_too_deep({"b": flat, "c": deep}, {"a": deep, "b": flat})


@given(
    st.recursive(
        st.none() | st.integers() | st.text(st.characters()) | st.sets(st.integers()),
        lambda children: st.lists(children) | st.dictionaries(st.text(st.characters()), children),
    )
)
def test_dumps_anyhow_never_fails(value):
    json.loads(dumps_anyhow(value))
