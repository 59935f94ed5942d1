"""The short way of a schema says what voluptuous says."""

from __future__ import annotations

import pytest
import voluptuous as vol

from marge.util.quick_schema import QuickSchema


def even(value: int) -> int:
    """A plain function as a validator."""
    if value % 2:
        raise vol.Invalid("odd")
    return value


def some(data: dict) -> dict:
    """A rule for the whole."""
    if not data:
        raise vol.Invalid("nothing")
    return data


FIELDS = {
    vol.Required("must"): int,
    vol.Required("given", default=4): even,
    vol.Optional("may"): vol.All(vol.Coerce(int), vol.Range(min=0)),
    vol.Optional("usual", default=list): [str],
    vol.Exclusive("one", "group"): str,
    vol.Exclusive("other", "group"): str,
    "plain": {"inner": vol.Any("a", None)},
}
DATA = [
    {"must": 1},
    {"must": 1, "may": "7", "one": "x", "usual": ["y"]},
    {"plain": {"inner": "a"}, "must": 2, "given": 6},
    {},
    {"must": "1"},
    {"must": 1, "given": 3},
    {"must": 1, "one": "x", "other": "y"},
    {"must": 1, "may": -1},
    {"must": 1, "unknown": 1, "may": "?"},
    {"must": 1, "plain": {"inner": "b"}},
    {"must": 1, 5: 6},
    [],
    None,
    "text",
]


def outcome(check, data):
    try:
        return check(data)
    except vol.Invalid as exc:
        return sorted(map(str, getattr(exc, "errors", [exc])))


@pytest.mark.parametrize("data", DATA, ids=str)
def test_it_answers_what_voluptuous_answers(data):
    """Values, defaults and errors are the same, whichever way they come."""
    assert outcome(QuickSchema(FIELDS, some), data) == outcome(vol.Schema(vol.All(FIELDS, some)), data)


@pytest.mark.parametrize("extra", [vol.PREVENT_EXTRA, vol.ALLOW_EXTRA, vol.REMOVE_EXTRA])
def test_other_keys_are_treated_as_voluptuous_does(extra):
    """Refused, kept or left out."""
    fields = {vol.Optional("a"): even}
    for data in ({"a": 2, "b": 3}, {"b": 3}, {"a": 3, "b": 3}):
        assert outcome(QuickSchema(fields, extra=extra), data) == outcome(vol.Schema(fields, extra=extra), data)


def test_data_that_is_valid_does_not_pass_through_voluptuous(monkeypatch):
    """The short way is taken, and the order of the data's keys stays."""
    check = QuickSchema({vol.Optional("a"): even, vol.Optional("b"): even})
    monkeypatch.setattr(vol.Schema, "__call__", lambda *_: pytest.fail("the long way"))

    assert list(check({"b": 2, "a": 4})) == ["b", "a"]


@pytest.mark.parametrize(
    "key",
    [str, vol.Extra, vol.Remove("a"), vol.Inclusive("a", "both")],
    ids=["any text", "extra", "remove", "inclusive"],
)
def test_other_keys_take_the_long_way(key):
    """What the short way does not know is left to voluptuous."""
    fields = {key: object, vol.Optional("b"): int}
    for data in ({"a": 1}, {"b": 1}, {"a": 1, "b": 2}, {"b": "x"}):
        assert outcome(QuickSchema(fields), data) == outcome(vol.Schema(fields), data)
