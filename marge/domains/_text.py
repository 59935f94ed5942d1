"""What `text` and `input_text` share. Not here: their entities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.domains._virtual import Rule, number_text, virtual
from marge.entities.domain import VirtualBehaviour
from marge.model import State


def _set_text(state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    value = data.get("value")
    if value is None:
        return ("unknown" if state is None else state.state), {}
    return number_text(value), {}


def virtual_text() -> VirtualBehaviour:
    """Any text is taken, the empty one too."""
    return virtual({"set_value": Rule(compute=_set_text)})
