"""Validators that everything uses which takes values from users and devices, with HA's words and its texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import voluptuous as vol

_SHAPE = "__json_schema__"
Shape = Mapping[str, Any]
_F = TypeVar("_F", bound=Callable[..., Any])

TEXTS: Shape = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
TARGET_IDS: Shape = {**TEXTS, "description": "An entity id, several in a list or with commas, `all`, or `none`."}
ENTITY_ID: Shape = {"type": "string", "pattern": r"^[a-z0-9_]+\.[a-z0-9_]+$"}
ENTITY_IDS: Shape = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": ENTITY_ID}],
    "description": "Entity ids in a list, or with commas.",
}
PERIOD: Shape = {
    "anyOf": [
        {"type": "number", "description": "Seconds."},
        {"type": "string", "description": "HH:MM:SS"},
        {
            "type": "object",
            "properties": {
                unit: {"type": "number"} for unit in ("days", "hours", "minutes", "seconds", "milliseconds")
            },
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
"""JSON Schemas of what several validators take; see `shaped`."""

_TRUE = frozenset(("1", "true", "yes", "on", "enable"))
_FALSE = frozenset(("0", "false", "no", "off", "disable"))


class LateSchema(vol.Schema):
    """A schema that is compiled when it first validates.

    There are hundreds, a home uses a few dozen, and compiled they take 10 kB each and half a second of every start.
    """

    def __init__(self, schema: Any, required: bool = False, extra: int = vol.PREVENT_EXTRA) -> None:
        # Not the base's: all that it does beside this is compiling.
        self.schema = schema
        self.required = required
        self.extra = int(extra)

    def __getattr__(self, name: str) -> Any:
        if name != "_compiled":
            raise AttributeError(name)
        self._compiled = self._compile(self.schema)
        return self._compiled


def shaped(shape: Shape) -> Callable[[_F], _F]:
    """Say in JSON Schema what a validator takes, for the description of the API. It checks nothing.

    What a validator takes beside the usual spelling (a number as text) may be left out.
    """

    def mark(function: _F) -> _F:
        setattr(function, _SHAPE, shape)
        return function

    return mark


def shape_of(validator: Any) -> Shape | None:
    """What `shaped` said of a validator; None: nothing."""
    found: Shape | None = getattr(validator, _SHAPE, None)
    return found


def truth(value: Any) -> bool | None:
    """A boolean, one of HA's words for it, or a number; None when it is nothing of the kind."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.lower().strip()
        return True if word in _TRUE else (False if word in _FALSE else None)
    return value != 0 if isinstance(value, (int, float)) else None


@shaped({"type": "boolean"})
def boolean(value: Any) -> bool:
    """voluptuous validator: see `truth`."""
    found = truth(value)
    if found is None:
        raise vol.Invalid(f"invalid boolean value {value}")
    return found


@shaped({"type": "string"})
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
