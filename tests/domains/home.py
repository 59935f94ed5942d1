"""A home with all domains and no network, on simulated time, for the tests of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from marge.actors import ActorSystem, SimulatedClock
from marge.config import HomeConfig, MargeSettings, VirtualSeed
from marge.entities import Entities, load_domains
from marge.home import Home
from marge.model import MATCH_ALL, Context, Event, State
from marge.registries import Registries
from marge.services import ServiceRegistry
from marge.storage import Database, KeyValue
from marge.templating import TemplateEngine

NOW = 1_795_195_500.0  # 2026-11-20T17:25:00Z, the day of the recording
DENVER = ZoneInfo("America/Denver")
NOT_NEEDED = ("automation", "script", "scene")


class TestHome:
    """A home, its clock, and the events that happened since the set-up."""

    __test__ = False

    def __init__(self, home: Home, clock: SimulatedClock) -> None:
        self.home = home
        self.clock = clock
        self.events: list[Event] = []
        home.bus.subscribe(self.events.append, MATCH_ALL)

    def settle(self) -> None:
        self.home.system.settle(12)

    def call(self, service: str, **data: Any) -> list[str]:
        """Call a service as a client does; the ids of the entities that it changed."""
        domain, _, name = service.partition(".")
        result = self.home.services.call(domain, name, data, context=Context.new())
        self.settle()
        return [state.entity_id for state in result.states]

    def state(self, entity_id: str) -> State:
        state = self.home.states.get(entity_id)
        assert state is not None, entity_id
        return state

    def write(self, entity_id: str, state: str, **attributes: Any) -> None:
        self.home.entities.write(entity_id, state, attributes, Context.new())
        self.settle()

    def of_type(self, event_type: str) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.event_type == event_type]


@contextmanager
def running_home(
    sections: Mapping[str, Any] | None = None,
    restored: Mapping[str, State] | None = None,
    virtual: Mapping[str, VirtualSeed] | None = None,
    database: Database | None = None,
    now: float = NOW,
    without: tuple[str, ...] = ("sun",),
    marge: Mapping[str, Any] | None = None,
    **config: Any,
) -> Iterator[TestHome]:
    """A home with these sections of its configuration file, and settings of `marge:`; `sun` only where it is wanted."""
    with TemporaryDirectory(prefix="marge-test-") as folder:
        path = Path(folder)
        own = database is None
        database = database or Database(path / "marge.db")
        clock = SimulatedClock(now)
        system = ActorSystem(clock)
        settings = MargeSettings(db_path=path / "marge.db", virtual_entities=dict(virtual or {}), **(marge or {}))
        place: dict[str, Any] = {
            "latitude": 40.39, "longitude": -111.85, "elevation": 1387, "time_zone": DENVER,
            "unit_system": "us_customary", "location_name": "Home", **config,
        }  # fmt: skip
        home_config = HomeConfig(config_dir=path, marge=settings, sections=dict(sections or {}), **place)
        domains = load_domains()
        storage = KeyValue(database)
        entities = Entities(system, domains)
        registries = Registries(storage, system.bus, clock)
        services = ServiceRegistry(system, entities, registries)
        templates = TemplateEngine(entities.states, registries.reader, home_config, clock.now)
        home = Home(
            system, entities.states, entities, services, registries, templates, home_config, storage,
            dict(restored or {}), {},
        )  # fmt: skip
        try:
            for entity_id, seed in (virtual or {}).items():
                entities.seed(entity_id, seed.state, seed.attributes)
            for name, domain in domains.items():
                if domain.setup is not None and name not in (*NOT_NEEDED, *without):
                    domain.setup(home, home_config.sections.get(name))
            made = TestHome(home, clock)
            made.settle()
            made.events.clear()
            yield made
        finally:
            system.shutdown(timeout=5.0)
            if own:
                database.close()
