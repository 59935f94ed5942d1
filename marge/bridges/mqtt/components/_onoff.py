"""What switches, binary sensors and lights share: which payload means on. Pure."""

from __future__ import annotations

import orjson

from marge.bridges.mqtt.mapping import PAYLOAD_NONE

_ON = frozenset(("on", "true", "1"))
_OFF = frozenset(("off", "false", "0"))


def is_on_by_payload(payload: str, on: str, off: str, *, native: bool = False) -> tuple[bool, bool | None]:
    """(whether the payload means something, whether it is on; None is unknown).

    Args:
        native: also understand the usual words and a JSON object's `state`, whatever is configured.
    """
    if payload == on:
        return True, True
    if payload == off:
        return True, False
    if payload == PAYLOAD_NONE:
        return True, None
    if native:
        word = state_of_json(payload).lower()
        if word in _ON:
            return True, True
        if word in _OFF:
            return True, False
    return False, None


def state_of_json(payload: str) -> str:
    """The `state` of a payload that is a JSON object; any other payload itself."""
    if payload.startswith("{"):
        try:
            parsed = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return payload
        if isinstance(parsed, dict) and isinstance(parsed.get("state"), (str, int, float)):
            return str(parsed["state"])
    return payload
