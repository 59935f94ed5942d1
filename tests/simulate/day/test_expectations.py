"""Expectations: what counts as seen, and what the table says of it."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import given

from marge.simulate.day.expectations import AnyNumber, Near, Notified, Shows, State, accepts
from tests.simulate.devices.test_fields import json_values


class Seen:
    """A home of two lamps."""

    def state(self, entity_id: str) -> State | None:
        return {
            "light.a": {"state": "on", "attributes": {"brightness": 51}},
            "light.b": {"state": "off", "attributes": {}},
        }.get(entity_id)

    def notifications(self) -> Collection[str]:
        return {"alert"}


def test_one_entity_is_compared_by_state_and_attributes() -> None:
    """Both must fit; the text shows what was found."""
    assert Shows(("light.a",), "on", {"brightness": Near(52)}).check(Seen()).ok
    wrong = Shows(("light.a",), "on", {"brightness": Near(100)}).check(Seen())
    assert (wrong.ok, wrong.text) == (False, "light.a: on, brightness 51")


def test_several_entities_name_those_that_are_wrong() -> None:
    """What is right is not listed; what does not exist is said to be missing."""
    found = Shows(("light.a", "light.b", "light.c"), "on").check(Seen())

    assert (found.ok, found.text) == (False, "light.b: off; light.c does not exist")
    assert Shows(("light.a",), "on", label="all is well").text == "all is well"


def test_a_notification_is_expected_or_expected_to_be_absent() -> None:
    """Both directions are claims of their own."""
    assert Notified("alert").check(Seen()).ok
    assert not Notified("alert", shown=False).check(Seen()).ok
    assert Notified("other", shown=False).check(Seen()).ok


@given(json_values)
def test_any_value_can_be_compared(value: object) -> None:
    """Whatever a server answers is near a number or not; it never raises. Infinity and NaN are no measurements."""
    for wanted in (Near(3), AnyNumber()):
        assert accepts(wanted, value) in (True, False)
    assert accepts(value, value) or value != value
    assert not accepts(AnyNumber(), "unavailable")
    assert not accepts(AnyNumber(), "nan")
    assert accepts(AnyNumber(), "67.2")
