"""Validators that everything uses which takes values from users and devices, with HA's words and its texts."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

_TRUE = frozenset(("1", "true", "yes", "on", "enable"))
_FALSE = frozenset(("0", "false", "no", "off", "disable"))


def truth(value: Any) -> bool | None:
    """A boolean, one of HA's words for it, or a number; None when it is nothing of the kind."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.lower().strip()
        return True if word in _TRUE else (False if word in _FALSE else None)
    return value != 0 if isinstance(value, (int, float)) else None


def boolean(value: Any) -> bool:
    """voluptuous validator: see `truth`."""
    found = truth(value)
    if found is None:
        raise vol.Invalid(f"invalid boolean value {value}")
    return found


def string(value: Any) -> str:
    """voluptuous validator: text, or a scalar as text."""
    if value is None:
        raise vol.Invalid("string value is None")
    if isinstance(value, (list, dict, set, tuple, bytes)):
        raise vol.Invalid("value should be a string")
    return str(value)


def ensure_list(value: Any) -> list[Any]:
    """voluptuous validator: a list; of one when it is none, empty for nothing."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
