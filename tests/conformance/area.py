"""What is known of the rows of one area: where a row may differ, and why. `areas/` holds a file an area."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.support.home import HomeServer

Doing = Callable[[HomeServer], None]


class Stimulus(NamedTuple):
    """What is done to the home once `after` messages have come."""

    run: Doing
    after: int = 1


@dataclass(frozen=True)
class Area:
    """Rows by their name (a second row of one name is called "name (2)").

    Attributes:
        rest_otherwise: Marge answers with this status, on purpose; the reason. Counts as passed.
        ws_otherwise: Marge answers with this error code ("ok": with success), on purpose; the reason. Counts as passed.
        instance: rows that list what one installation holds (its entities, its log): status, headers and the shape of
            the body are compared, not the values. Says what the row holds.
        facts: keys of a row's reply that depend on the machine or the moment: compared by type.
        misses: rows that fail, with the reason. One that begins to pass has to leave.
        not_replayed: rows that cannot be replayed, with the reason and the test that looks at the same thing.
        before: what had been done in the recorded home by then.
        stimuli: what was done while a subscription listened.
    """

    rest_otherwise: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    ws_otherwise: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    instance: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Set[str]] = field(default_factory=dict)
    misses: Mapping[str, str] = field(default_factory=dict)
    not_replayed: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Doing] = field(default_factory=dict)
    stimuli: Mapping[str, Stimulus] = field(default_factory=dict)


def all_areas() -> Area:
    """All areas as one.

    Raises:
        ValueError: two areas claim one row in the same way.
    """
    merged: dict[str, dict[str, Any]] = {each.name: {} for each in dataclasses.fields(Area)}
    package = importlib.import_module("tests.conformance.areas")
    for info in pkgutil.iter_modules(package.__path__):
        area = importlib.import_module(f"{package.__name__}.{info.name}").AREA
        for name, table in merged.items():
            for row, value in getattr(area, name).items():
                if row in table:
                    raise ValueError(f"areas/{info.name}.py: {name} of {row!r} is said twice")
                table[row] = value
    return Area(**merged)
