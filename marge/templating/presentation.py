"""A state as a person reads it: rounded to the entity's display precision, with its unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marge.model import State
from marge.templating.sources import RegistryReader


def precision_of(entry: Any) -> int | None:
    """Decimals that the user or the platform chose for a sensor; None when nobody did."""
    options = getattr(entry, "options", None)
    sensor = options.get("sensor") if options else None
    if not sensor:
        return None
    chosen = sensor.get("display_precision")
    if chosen is None:
        chosen = sensor.get("suggested_display_precision")
    return chosen if isinstance(chosen, int) else None


def presenter(registries: RegistryReader) -> Callable[[State, bool, bool], str]:
    """A function of (state, rounded, with_unit) that makes the text."""

    def present(state: State, rounded: bool, with_unit: bool) -> str:
        text = state.state
        if rounded:
            precision = precision_of(registries.entity(state.entity_id))
            if precision is not None:
                text = _rounded(text, precision)
        unit = state.attributes.get("unit_of_measurement") if with_unit else None
        return f"{text} {unit}" if unit else text

    return present


def _rounded(text: str, precision: int) -> str:
    try:
        return f"{float(text):.{max(0, min(precision, 20))}f}"
    except ValueError:
        return text
