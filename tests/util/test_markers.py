"""Light markers of voluptuous: they validate as those that come with it. Looked at in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
import voluptuous as vol
if sys.argv[1] == "light":
    from marge.util.markers import lighten_markers
    assert lighten_markers()

together = {vol.Inclusive("x", "xy", msg="both"): int, vol.Inclusive("y", "xy", msg="both"): int}
schemas = [
    vol.Schema({vol.Required("a"): int, vol.Optional("b", default=list): [int]}),
    vol.Schema({vol.Required("a", msg="say a"): int, "plain": str}, extra=vol.REMOVE_EXTRA),
    vol.Schema({vol.Required(vol.Any("a", "b")): int}),
    vol.Schema({vol.Exclusive("a", "one"): int, vol.Exclusive("b", "one"): int}, extra=vol.ALLOW_EXTRA),
    vol.Schema(together),
    vol.Schema({vol.Optional(str): int, vol.Remove("gone"): object, vol.Required(vol.All(int, vol.Range(min=3))): str}),
    vol.Schema({vol.Optional(vol.Match("^k"), msg="begin with k"): int}),
    vol.Schema({vol.Required("a"): int}).extend({vol.Optional("a"): str, vol.Required("c", default=1): int}),
    vol.Schema([vol.Remove(int), str]),
]
inputs = [
    {}, {"a": 1}, {"a": "t"}, {"b": [1]}, {"a": 1, "b": 2}, {"a": 1, "b": ["t"]}, {"x": 1}, {"x": 1, "y": 2},
    {"gone": "t", "k": 1}, {4: "t"}, {2: "t"}, {"k": "t"}, {"z": 1}, {"plain": 3, "a": 1}, ["t", 3, "u"], None, "text",
]

def outcome(schema, value):
    try:
        return repr(schema(value))
    except vol.MultipleInvalid as exc:
        return sorted(f"{type(each).__name__}: {each}" for each in exc.errors)

found = [outcome(schema, value) for schema in schemas for value in inputs]
keys = [vol.Required("a"), vol.Optional("a"), vol.Required("b"), vol.Remove("a")]
found.append([keys[0] == keys[1], keys[0] == "a", hash(keys[0]) == hash("a"), hash(keys[3]) == hash(keys[0])])
found.append([str(keys[0]), repr(keys[2]), sorted(map(str, keys)), {"a": 1}[keys[0]]])
print(json.dumps(found))
"""


def outcomes(kind: str) -> list[object]:
    ran = subprocess.run([sys.executable, "-c", PROGRAM, kind], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    found: list[object] = json.loads(ran.stdout)
    return found


def test_light_markers_accept_refuse_and_say_the_same():
    """Keys with messages, defaults, groups, patterns; what is removed; comparing and hashing."""
    assert outcomes("light") == outcomes("usual")


def test_another_voluptuous_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch):
    """Where markers are made in another way, nothing is replaced."""
    import voluptuous as vol

    from marge.util import markers

    class Marker:
        __slots__ = ("schema",)

    monkeypatch.setattr(vol, "Marker", Marker)

    assert not markers.lighten_markers()
