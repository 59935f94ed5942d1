"""A system with simulated time, and entities of one small domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import voluptuous as vol

from marge.actors import ActorSystem, SimulatedClock
from marge.entities import Domain, Entities, Entity, Service
from marge.errors import HomeError
from marge.services import ServiceRegistry


class Lamp(Entity):
    """An owned lamp that fails, waits and remembers on demand."""

    domain = "lamp"
    is_on: bool | None = None
    level: int | None = None
    added = 0

    def state_value(self) -> str | None:
        return None if self.is_on is None else ("on" if self.is_on else "off")

    def state_attributes(self) -> dict[str, Any]:
        return {"level": self.level}

    def on_add(self) -> None:
        self.added += 1

    def turn_on(self, level: int | None = None) -> Any:
        if level == 13:
            raise HomeError("thirteen is unlucky")
        self.is_on, self.level = True, level or self.level
        return {"level": self.level}

    def turn_off(self) -> None:
        self.is_on = False


LAMP = Domain(
    "lamp",
    {
        "turn_on": Service("turn_on", {vol.Optional("level"): int}, supports_response="optional", description="On."),
        "turn_off": Service("turn_off", description="Off."),
        "dim": Service("dim", features=4, description="Dim."),
    },
    Lamp,
    virtual=lambda service, state, data: ("on", {"level": data.get("level")}) if service == "turn_on" else None,
)


@pytest.fixture
def system() -> Iterator[ActorSystem]:
    system = ActorSystem(clock=SimulatedClock())
    yield system
    system.shutdown()


@pytest.fixture
def entities(system: ActorSystem) -> Entities:
    return Entities(system, {"lamp": LAMP})


@pytest.fixture
def services(system: ActorSystem, entities: Entities) -> ServiceRegistry:
    return ServiceRegistry(system, entities)
