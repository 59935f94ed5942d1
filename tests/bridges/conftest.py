"""A small home for bridges: real actors, entities, services, registries and templates; no recorder, no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from marge.actors import ActorSystem, ChildSpec, Supervisor
from marge.config import HomeConfig, MargeSettings
from marge.entities import Entities
from marge.entities.domain import load_domains
from marge.home import Home
from marge.registries import Registries
from marge.services import ServiceRegistry
from marge.storage import Database, KeyValue
from marge.templating import TemplateEngine
from tests.support.broker import start_broker, stop_broker


def build_home(directory: Path, **settings: Any) -> Home:
    """A home in `directory` with a supervisor for bridges."""
    unit_system = settings.pop("unit_system", "us_customary")
    config = HomeConfig(
        config_dir=directory,
        marge=MargeSettings(db_path=directory / "marge.db", **settings),
        sections={},
        unit_system=unit_system,
    )
    system = ActorSystem()
    entities = Entities(system, load_domains())
    storage = KeyValue(Database(config.marge.db_path))
    registries = Registries(storage, system.bus, system.clock, lambda entity_id: False)
    registries.attach(entities)
    services = ServiceRegistry(system, entities, registries)
    templates = TemplateEngine(entities.states, registries.reader, config, system.clock.home_now)
    home = Home(system, entities.states, entities, services, registries, templates, config, storage)
    system.spawn(ChildSpec("bridges", Supervisor))
    return home


@pytest.fixture
def make_home(tmp_path: Path) -> Iterator[Callable[..., Home]]:
    """Builds homes; shuts them down afterwards."""
    homes: list[Home] = []

    def make(**settings: Any) -> Home:
        directory = tmp_path / f"home{len(homes)}"
        directory.mkdir()
        homes.append(build_home(directory, **settings))
        return homes[-1]

    yield make
    for home in homes:
        home.system.shutdown()


@pytest.fixture(scope="session")
def broker() -> Iterator[tuple[str, int]]:
    """Address of a real broker that all tests of the session share."""
    host, port, process = start_broker()
    yield host, port
    stop_broker(process)
