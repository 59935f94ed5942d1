"""Older words of actions become today's, as the editors save them. Pure."""

from __future__ import annotations

from typing import Any

_NESTED = ("sequence", "then", "else", "default", "actions")


def respelled_actions(value: Any) -> Any:
    """Actions, also nested ones, with `action` for `service`; anything else stays as it is."""
    if isinstance(value, list):
        return [respelled_actions(each) for each in value]
    if not isinstance(value, dict):
        return value
    new = dict(value)
    if "service" in new and "action" not in new:
        new["action"] = new.pop("service")
    for key in _NESTED:
        if isinstance(new.get(key), (list, dict)):
            new[key] = respelled_actions(new[key])
    if isinstance(new.get("parallel"), (list, dict)):
        new["parallel"] = respelled_actions(new["parallel"])
    if isinstance(new.get("choose"), (list, dict)):
        new["choose"] = respelled_actions(new["choose"])
    if isinstance(new.get("repeat"), dict):
        repeat = dict(new["repeat"])
        if "sequence" in repeat:
            repeat["sequence"] = respelled_actions(repeat["sequence"])
        new["repeat"] = repeat
    return new
