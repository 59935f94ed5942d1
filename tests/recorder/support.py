"""A recorder on a real database, fed through a real bus."""

from marge.actors import ActorSystem, ChildSpec, SimulatedClock
from marge.entities import StateTable
from marge.model import STATE_CHANGED, Context, Event, State
from marge.recorder import Flush, Recorder
from marge.recorder.rows import RowMaker
from marge.storage import Database

T0 = 1_767_225_600.0


class Rig:
    """An actor system with simulated time, a state table and a recorder."""

    def __init__(self, path, **options):
        self.path = path
        self.clock = SimulatedClock(T0)
        self.system = ActorSystem(self.clock)
        self.states = StateTable()
        self.database = Database(path)
        self.system.spawn(ChildSpec("recorder", Recorder, (self.database, self.states), options))

    @property
    def recorder(self):
        return self.system.actor("/recorder")

    def publish(self, new_state, entity_id=None):
        entity_id = entity_id or new_state.entity_id
        data = {"entity_id": entity_id, "old_state": None, "new_state": new_state}
        self.system.bus.publish(Event(STATE_CHANGED, data, Context.new(), self.clock.now()), key=entity_id)

    def write(self, entity_id, value, at=None, **attributes):
        at = self.clock.now() if at is None else at
        made = State(entity_id, value, attributes, at, at, at, Context.new())
        self.publish(made)
        return made

    def flush(self):
        self.system.ask("/recorder", Flush(), timeout=30)

    def close(self):
        self.system.shutdown()
        self.database.close()


def made(of, size):
    """One maker, and a new segment after `size` rows."""
    maker, found = RowMaker(), []
    for number, change in enumerate(of):
        if number % size == 0:
            found.append(maker.begin())
        maker.add(found[-1], change)
    return found
