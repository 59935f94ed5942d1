"""The vocabulary of a day: what may happen (stimuli), and a step that makes things happen at a time of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marge.simulate.day.expectations import Expectation


@dataclass(frozen=True)
class Physical:
    """Something physical happens to a device of the simulated house, told over MQTT."""

    device: str
    change: Mapping[str, Any]


@dataclass(frozen=True)
class Power:
    """The mains fail or come back, told over MQTT."""

    on: bool


@dataclass(frozen=True)
class Command:
    """A person uses a service, over REST."""

    domain: str
    service: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fire:
    """An event is fired, over REST."""

    event_type: str


@dataclass(frozen=True)
class Tell:
    """A state is written over REST, as a phone's app would; other attributes stay."""

    entity_id: str
    state: str


Stimulus = Physical | Power | Command | Fire | Tell


@dataclass(frozen=True)
class Step:
    """One thing that happens, and what must be seen of it.

    Attributes:
        at: time of day, `HH:MM:SS`, or `sunset`: the home's clock is set shortly before it and runs into it.
        what: for people.
        within_s: how long the expectations may take, in real seconds.
        quiet_s: for how long they must hold; for things that must *not* happen.
    """

    at: str
    what: str
    stimuli: tuple[Stimulus, ...] = ()
    expect: tuple[Expectation, ...] = ()
    within_s: float = 10.0
    quiet_s: float = 0.0


@dataclass(frozen=True)
class Chapter:
    """A part of the day; its name is shown by the server's health page while it is played."""

    name: str
    steps: tuple[Step, ...]
