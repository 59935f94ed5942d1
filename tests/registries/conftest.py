"""Registries on a real database and a real bus, with simulated time."""

import pytest

from marge.actors import ActorSystem, SimulatedClock
from marge.model import MATCH_ALL, Event
from marge.registries import Registries
from marge.storage import Database, KeyValue


class Rig:
    """The registries of a home, and what they published."""

    def __init__(self, path):
        self.path = path
        self.clock = SimulatedClock()
        self.system = ActorSystem(self.clock)
        self.database = Database(path)
        self.store = KeyValue(self.database)
        self.taken: set[str] = set()
        self.registries = Registries(self.store, self.system.bus, self.clock, self.taken.__contains__)
        self.registries.load()
        self._events: list[Event] = []
        self.system.bus.subscribe(self._events.append, MATCH_ALL)

    def events(self):
        """`(type, data)` of what was published since the last call."""
        found, self._events[:] = [(each.event_type, each.data) for each in self._events], []
        return found

    def reloaded(self):
        """Fresh registries from what is saved."""
        made = Registries(self.store, self.system.bus, self.clock)
        made.load()
        return made

    def close(self):
        self.system.shutdown()
        self.database.close()


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path / "marge.db")
    yield made
    made.close()


@pytest.fixture
def registries(rig):
    return rig.registries
