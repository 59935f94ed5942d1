"""An actor system for each test, with real or simulated time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marge.actors import ActorSystem, SimulatedClock


@pytest.fixture
def system() -> Iterator[ActorSystem]:
    system = ActorSystem()
    yield system
    system.shutdown()


@pytest.fixture
def simulated() -> Iterator[ActorSystem]:
    system = ActorSystem(clock=SimulatedClock())
    yield system
    system.shutdown()
