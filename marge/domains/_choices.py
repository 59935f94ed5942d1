"""What `select` and `input_select` share. Not here: their entities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import voluptuous as vol

from marge.domains._validators import boolean
from marge.domains._virtual import Rule, virtual
from marge.entities.domain import VirtualBehaviour
from marge.model import State

CYCLE: dict[Any, Any] = {vol.Optional("cycle", default=True): boolean}


def _place(pick: Callable[[int, int, bool], int]) -> Rule:
    """`pick(present place or -1, how many, cycle)` gives the new place in the entity's own `options`, if it has any."""

    def choose(state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        present = "unknown" if state is None else state.state
        options = state.attributes.get("options") if state is not None else None
        if not isinstance(options, (list, tuple)) or not options:
            return present, {}
        place = options.index(present) if present in options else -1
        place = pick(place, len(options), data.get("cycle", True) is not False)
        return str(options[min(max(place, 0), len(options) - 1)]), {}

    return Rule(compute=choose)


def _choose(state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if "option" not in data:
        return ("unknown" if state is None else state.state), {}
    return str(data["option"]), {}


def virtual_choices() -> VirtualBehaviour:
    """Any option is taken as sent, also one that the entity does not list."""
    return virtual(
        {
            "select_option": Rule(compute=_choose),
            "select_first": _place(lambda _place, _count, _cycle: 0),
            "select_last": _place(lambda _place, count, _cycle: count - 1),
            "select_next": _place(lambda place, count, cycle: (place + 1) % count if cycle else place + 1),
            "select_previous": _place(lambda place, count, cycle: (place - 1) % count if cycle else place - 1),
        }
    )
