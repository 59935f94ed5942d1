"""What two runs never share: times, ids, secrets. The one place that says what is not compared literally."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

KEYS = frozenset(
    {
        "access_token", "auth_code", "created_at", "device_id", "entity_picture", "expire_at", "flow_id", "id",
        "last_changed", "last_reported", "last_triggered", "last_updated", "last_used_at", "last_used_ip", "lc", "lu",
        "modified_at", "parent_id", "refresh_token", "time_fired", "uid", "user_id", "config_dir", "result_code", "now",
    }
)  # fmt: skip
"""Compared by type only: a text for a text, null for null. `id` in messages is compared by the replay itself."""

SUN = frozenset({"next_dawn", "next_dusk", "next_midnight", "next_noon", "next_rising", "next_setting", "elevation",
                 "azimuth", "rising"})
"""Where the sun stood at the moment of the recording."""

UNORDERED = frozenset(
    {"automation", "components", "device", "domains", "entities", "entity", "group", "numeric_device_classes"}
)
"""Lists of texts that are sets."""

OPTIONAL = frozenset({"lu"})
"""Left out of a compressed state when it equals `lc`."""

OUR_OWN_TEXTS = frozenset({"description", "name"})
"""In the list of services: Marge has words of its own."""

HOST_FACTS = {
    "/api/config": {"allowlist_external_dirs", "components", "config_source", "whitelist_external_dirs"},
    "get_config": {"allowlist_external_dirs", "components", "config_source", "whitelist_external_dirs"},
}
"""What depends on the machine and on what was installed."""

OWN_TEXTS = frozenset({"unknown_error"})
"""Error codes for which HA says "Unknown error" and Marge what is wrong."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?")
_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|[0-9a-hjkmnp-tv-z]{26}")
_HEX = re.compile(r"[0-9a-f]{32,}")
_PLACEHOLDER = re.compile(r"<[a-z_0-9]+>")
_WALKED = re.compile(r"required key not provided @ data\['\w+'\]")


def differences(expected: Any, actual: Any, where: str = "", facts: Set[str] = frozenset()) -> list[str]:
    """How `actual` differs from what was recorded, a line each; [] when only volatile things do.

    Args:
        facts: keys whose values depend on the machine or the moment: only their kind (text, list, …) is compared.
    """
    key = where.rpartition(".")[2]
    if key in facts:
        return [] if _kind(expected) == _kind(actual) else [f"{where}: {expected!r} became {_short(actual)}"]
    if key in KEYS or key in SUN:
        same = (expected is None) == (actual is None) or key in ("last_triggered", "user_id")
        return [] if same else [f"{where}: {expected!r} became {actual!r}"]
    if key == "c" and (isinstance(expected, str) or (isinstance(expected, dict) and "user_id" in expected)):
        return [] if isinstance(actual, (str, dict)) else [f"{where}: {expected!r} became {actual!r}"]
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _of_dicts(expected, actual, where, facts)
    if isinstance(expected, list) and isinstance(actual, list):
        return _of_lists(expected, actual, where, key, facts)
    if isinstance(expected, str) and isinstance(actual, str) and _same_text(expected, actual):
        return []
    same = type(expected) is type(actual) or (_is_number(expected) and _is_number(actual))
    return [] if same and expected == actual else [f"{where}: {expected!r} became {_short(actual)}"]


def _of_dicts(expected: dict[str, Any], actual: dict[str, Any], where: str, facts: Set[str]) -> list[str]:
    found = []
    expected, actual = _by_any_id(expected), _by_any_id(actual)
    cut = "__TRUNCATED__" in expected
    if cut and _is_cut_below(expected):
        expected = {**expected, "resources": {**expected["resources"], "__TRUNCATED__": ""}}
    for name in expected.keys() - {"__TRUNCATED__"}:
        if name not in actual and name in OPTIONAL:
            continue
        if name not in actual:
            found.append(f"{where}.{name} is missing")
        elif not (name == "message" and expected.get("code") in OWN_TEXTS):
            found += differences(expected[name], actual[name], f"{where}.{name}", facts)
    if not cut:
        found += [f"{where}.{name} is new: {_short(actual[name])}" for name in actual.keys() - expected.keys()]
    return found


def _is_cut_below(expected: dict[str, Any]) -> bool:
    """Of texts the recording says beside them how many there were: `740 keys; …`."""
    kept = expected.get("resources")
    return isinstance(kept, dict) and not str(expected["__TRUNCATED__"]).startswith(f"{len(kept)} keys")


def _by_any_id(keyed: dict[str, Any]) -> dict[str, Any]:
    """A mapping by random ids, by their numbers."""
    ids = [key for key in keyed if _ULID.fullmatch(key)]
    return {f"id {ids.index(key)}" if key in ids else key: value for key, value in keyed.items()} if ids else keyed


def _of_lists(expected: list[Any], actual: list[Any], where: str, key: str, facts: Set[str]) -> list[str]:
    if key in UNORDERED and all(isinstance(each, str) for each in (*expected, *actual)):
        expected, actual = sorted(expected), sorted(actual)
    cut = bool(expected) and isinstance(expected[-1], str) and "__TRUNCATED__" in expected[-1]
    if cut:
        expected = expected[:-1]
        actual = actual[: len(expected)]
    if len(expected) != len(actual):
        return [f"{where}: {len(expected)} items became {len(actual)}: {_short(actual)}"]
    found = []
    for number, (one, other) in enumerate(zip(expected, actual, strict=True)):
        found += differences(one, other, f"{where}[{number}]", facts)
    return found


def _same_text(expected: str, actual: str) -> bool:
    if expected == actual or expected == "__TEXT__" or _PLACEHOLDER.fullmatch(expected):
        return True
    if "__TRUNCATED__" in expected:
        return actual.startswith(expected.partition("__TRUNCATED__")[0].rstrip(".")[:200])
    for shape in (_ISO, _HEX, _ULID, _WALKED):
        if shape.search(expected) and shape.search(actual):
            return shape.sub("*", expected) == shape.sub("*", actual)
    return False


def shape_differences(expected: Any, actual: Any, where: str = "") -> list[str]:
    """How the shape differs: kinds of values, keys of objects; items of a list against the recorded keys."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        if "__TRUNCATED__" in expected or not (expected and actual):
            names = expected.keys() & actual.keys()
        else:
            names = expected.keys() | actual.keys()
        found = [f"{where}.{name} is {'missing' if name in expected else 'new'}"
                 for name in names if name not in expected or name not in actual]
        for name in expected.keys() & actual.keys():
            found += shape_differences(expected[name], actual[name], f"{where}.{name}")
        return sorted(found)
    if isinstance(expected, list) and isinstance(actual, list):
        models = [each for each in expected if isinstance(each, dict)]
        if not models:
            return []
        required = set.intersection(*(set(each) for each in models))
        known = set.union(*(set(each) for each in models))
        return [
            f"{where}[{number}]: {sorted(required - each.keys())} missing, {sorted(each.keys() - known)} new"
            for number, each in enumerate(actual)
            if isinstance(each, dict) and not required <= each.keys() <= known
        ][:3]
    same = expected is None or actual is None or _kind(expected) == _kind(actual)
    return [] if same else [f"{where}: {_short(expected)} became {_short(actual)}"]


def _kind(value: Any) -> str:
    return "number" if _is_number(value) else type(value).__name__


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 160 else text[:160] + "…"
