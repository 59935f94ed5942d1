"""Kinds of Matter devices, a file a domain. A module with `KINDS` is found by name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from marge.bridges.matter.entity import Kind
from marge.bridges.matter.node import Endpoint


@cache
def _kinds() -> tuple[dict[int, Kind], Kind]:
    """By device type; and the one for all others."""
    by_type: dict[int, Kind] = {}
    other: Kind | None = None
    for module in pkgutil.iter_modules(__path__):
        kinds: tuple[Kind, ...] = importlib.import_module(f"{__name__}.{module.name}").KINDS
        for kind in kinds:
            by_type.update(dict.fromkeys(kind.device_types, kind))
            if not kind.device_types:
                other = kind
    if other is None:
        raise LookupError("no kind takes what no other does")
    return by_type, other


def kind_of(endpoint: Endpoint) -> Kind:
    """Of the first of its device types that is known."""
    by_type, other = _kinds()
    return next((by_type[each] for each in endpoint.types if each in by_type), other)
