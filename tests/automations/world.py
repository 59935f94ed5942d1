"""A real home for the engine's tests: actors, bus, services, registries, templates, a simulated clock; no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import gevent

from marge.actors import ActorSystem, SimulatedClock
from marge.automations.shared import shared_of
from marge.config import HomeConfig, MargeSettings
from marge.entities import RESTORED, Entities
from marge.entities.domain import load_domains
from marge.home import Home
from marge.model import MATCH_ALL, Context, Event
from marge.registries import Registries
from marge.services import ServiceRegistry
from marge.storage import Database, KeyValue
from marge.templating import TemplateEngine
from marge.util.breathe import Turns, let_others_in

SETTLE_ROUNDS = 12
MAX_TURNS = 500
LATE = ("group", "automation", "script", "scene")
"""Domains whose set-up looks at what others have set up."""


def settle(system: ActorSystem, turns: Turns | None = None) -> None:
    """Until actors have nothing to do, and runs that let others in have come back."""
    system.settle(SETTLE_ROUNDS)
    let_others_in()
    for _ in range(MAX_TURNS):
        system.settle(SETTLE_ROUNDS)
        if turns is None or not turns.waiting:
            return
        let_others_in()


class PatientClock(SimulatedClock):
    """Lets runs, which are greenlets, go on until they wait, before time goes on."""

    turns: Turns | None = None
    """Of the runs of the home that this is the clock of."""

    def _settle(self) -> None:
        if self._system is not None:
            settle(self._system, self.turns)


class World:
    """A home, what happened on its bus, and the means to poke it."""

    def __init__(self, home: Home, clock: SimulatedClock) -> None:
        self.home = home
        self.clock = clock
        self.events: list[Event] = []
        home.bus.subscribe(self.events.append, MATCH_ALL)

    def settle(self) -> None:
        settle(self.home.system, shared_of(self.home).turns)

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def state(self, entity_id: str) -> str | None:
        state = self.home.states.get(entity_id)
        return None if state is None else state.state

    def attribute(self, entity_id: str, name: str) -> Any:
        state = self.home.states.get(entity_id)
        assert state is not None, entity_id
        return state.attributes.get(name)

    def set(self, entity_id: str, state: str, attributes: Mapping[str, Any] | None = None) -> Context:
        """Write a state as a client does, and let everybody react."""
        context = Context.new(user_id="user1")
        self.home.entities.write(entity_id, state, attributes or {}, context)
        self.settle()
        return context

    def fire(self, event_type: str, data: dict[str, Any] | None = None) -> Context:
        """Fire an event as a client does, and let everybody react."""
        context = Context.new(user_id="user1")
        self.home.bus.publish(Event(event_type, data or {}, context, self.clock.now(), "REMOTE"))
        self.settle()
        return context

    def call(self, service: str, data: dict[str, Any] | None = None, **options: Any) -> gevent.Greenlet:
        """Call a service in a greenlet of its own, as a request does; it may wait for simulated time."""
        domain, _, name = service.partition(".")
        context = Context.new(user_id="user1")
        greenlet = gevent.spawn(self._call, domain, name, data or {}, context, options)
        self.settle()
        return greenlet

    def _call(self, domain: str, name: str, data: dict[str, Any], context: Context, options: dict[str, Any]) -> Any:
        try:
            return self.home.services.call(domain, name, data, None, context, **options)
        except Exception as exc:  # noqa: BLE001 - the test looks at it
            return exc

    def of_type(self, event_type: str) -> list[Event]:
        return [event for event in self.events if event.event_type == event_type]

    def data_of(self, event_type: str) -> list[dict[str, Any]]:
        return [event.data for event in self.of_type(event_type)]


@contextmanager
def world(
    sections: Mapping[str, Any] | None = None,
    start: float = 1_767_225_600.0,
    profile: Any = "ha",
    restored: Mapping[str, Any] | None = None,
    virtual: Mapping[str, Any] | None = None,
    database: Database | None = None,
    prepare: Callable[[Home], None] | None = None,
) -> Iterator[World]:
    """A running home with these sections of configuration, shut down afterwards.

    `prepare` is called before automations, scripts and scenes are loaded.
    """
    with TemporaryDirectory(prefix="marge-test-") as folder:
        own = database is None
        database = database or Database(Path(folder) / "marge.db")
        clock = PatientClock(start)
        system = ActorSystem(clock)
        try:
            parts = (sections or {}, profile, restored or {}, virtual or {}, prepare)
            yield _build(system, clock, Path(folder), database, *parts)
        finally:
            system.shutdown(timeout=5.0)
            if own:
                database.close()


def _build(
    system: ActorSystem,
    clock: PatientClock,
    folder: Path,
    database: Database,
    sections: Mapping[str, Any],
    profile: Any,
    restored: Mapping[str, Any],
    virtual: Mapping[str, Any],
    prepare: Callable[[Home], None] | None,
) -> World:
    config = HomeConfig(
        config_dir=folder,
        marge=MargeSettings(db_path=folder / "marge.db", profile=profile),
        sections=sections,
        location_name="Home",
        latitude=40.39,
        longitude=-111.85,
        elevation=1387,
        time_zone=ZoneInfo("America/Denver"),
        unit_system="us_customary",
    )
    domains = load_domains()
    storage = KeyValue(database)
    entities = Entities(system, domains)
    states = entities.states
    registries = Registries(
        storage, system.bus, clock, lambda each: each in states and states.owner(each) != RESTORED
    )
    services = ServiceRegistry(system, entities, registries)
    templates = TemplateEngine(entities.states, registries.reader, config, clock.now)
    home = Home(
        system, entities.states, entities, services, registries, templates, config, storage, dict(restored), {}
    )
    for entity_id, state in virtual.items():
        entities.seed(entity_id, *(state if isinstance(state, tuple) else (state, {})))
    clock.turns = shared_of(home).turns
    made = World(home, clock)
    names = sorted(domains, key=lambda name: (LATE.index(name) + 1 if name in LATE else 0, name))
    for name in names:
        if name == LATE[0] and prepare is not None:
            made.settle()
            prepare(home)
        if name == "sun" and name not in sections:
            continue  # it computes on a native thread and arms timers in its own time
        setup = domains[name].setup
        if setup is not None:
            setup(home, sections.get(name))
    made.settle()
    home.bus.publish(Event("homeassistant_started", {}, Context.new(), clock.now()))
    made.settle()
    made.events.clear()
    return made
