"""What must be seen after a step, as data: of entities, and of notifications."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

State = Mapping[str, Any]
"""One state object as REST gives it."""


class House(Protocol):
    """What expectations look at."""

    def state(self, entity_id: str) -> State | None:
        """The state object, or None if there is no such entity."""

    def notifications(self) -> Collection[str]:
        """The ids of the persistent notifications that are shown now."""


@dataclass(frozen=True)
class Seen:
    """What was found: whether it is what was expected, and a text for the table."""

    ok: bool
    text: str


class Expectation(Protocol):
    """Something that must become true."""

    @property
    def text(self) -> str:
        """What is expected, for people."""

    def check(self, house: House) -> Seen:
        """Look once."""


@dataclass(frozen=True)
class Near:
    """A number that may differ a little: levels are rounded on their way through Zigbee's scale."""

    value: float
    tolerance: float = 1.0

    def accepts(self, value: object) -> bool:
        """Whether the value is near enough; a number as text is one."""
        number = _number(value)
        return number is not None and abs(number - self.value) <= self.tolerance

    def __str__(self) -> str:
        return f"{self.value:g}"


@dataclass(frozen=True)
class AnyNumber:
    """Whatever a sensor measures, as long as it measures."""

    def accepts(self, value: object) -> bool:
        """Whether the value is a number, also as text."""
        return _number(value) is not None

    def __str__(self) -> str:
        return "a number"


def _number(value: object) -> float | None:
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def accepts(wanted: object, value: object) -> bool:
    """Whether a value is what is wanted: the same, or accepted by a `Near` or `AnyNumber`."""
    if isinstance(wanted, Near | AnyNumber):
        return wanted.accepts(value)
    return wanted == value


@dataclass(frozen=True)
class Shows:
    """Every one of the entities has this state and these attributes.

    Attributes:
        label: one text for all of them; None: made from the entity ids.
    """

    entity_ids: tuple[str, ...]
    state: Any = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    label: str | None = None

    @property
    def text(self) -> str:
        if self.label is not None:
            return self.label
        wanted = [] if self.state is None else [str(self.state)]
        wanted += [f"{name} {value}" for name, value in self.attributes.items()]
        return f"{', '.join(self.entity_ids)}: {', '.join(wanted)}"

    def check(self, house: House) -> Seen:
        wrong = []
        for entity_id in self.entity_ids:
            state = house.state(entity_id)
            if state is None:
                wrong.append(f"{entity_id} does not exist")
            elif not self._matches(state):
                wrong.append(f"{entity_id}: {self._shown(state)}")
        if wrong:
            more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            return Seen(False, "; ".join(wrong[:3]) + more)
        if len(self.entity_ids) > 1:
            return Seen(True, f"all {len(self.entity_ids)}")
        state = house.state(self.entity_ids[0])
        return Seen(True, self._shown(state) if state is not None else "")

    def _matches(self, state: State) -> bool:
        attributes = state.get("attributes", {})
        if self.state is not None and not accepts(self.state, state.get("state")):
            return False
        return all(accepts(wanted, attributes.get(name)) for name, wanted in self.attributes.items())

    def _shown(self, state: State) -> str:
        attributes = state.get("attributes", {})
        return ", ".join([str(state.get("state")), *(f"{name} {attributes.get(name)}" for name in self.attributes)])


@dataclass(frozen=True)
class Notified:
    """A persistent notification is shown, or (`shown=False`) is not."""

    notification_id: str
    shown: bool = True

    @property
    def text(self) -> str:
        return f"{'a' if self.shown else 'no'} notification {self.notification_id}"

    def check(self, house: House) -> Seen:
        shown = self.notification_id in house.notifications()
        return Seen(shown is self.shown, "notified" if shown else "none")
