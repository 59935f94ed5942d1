"""The home on which the recorded templates were rendered, as readers that the engine understands."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from marge.model import Context, State
from marge.templating import TemplateEngine

DATA = Path(__file__).parent.parent / "data"
NOW = 1795193800.123456  # a minute after the recorded home had started


def recorded(name):
    """A recorded file: a list of rows, or one object."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        if name.endswith(".jsonl.gz"):
            return [json.loads(line) for line in file]
        return json.load(file)


class States:
    """The states of the recording as a `StateReader`."""

    def __init__(self, states, owners):
        self._states = {state.entity_id: state for state in states}
        self._owners = owners

    def get(self, entity_id):
        return self._states.get(entity_id)

    def all(self):
        return list(self._states.values())

    def domain(self, name):
        return [state for state in self._states.values() if state.domain == name]

    def owner(self, entity_id):
        return self._owners.get(entity_id)

    def put(self, entity_id, state, **attributes):
        self._states[entity_id] = make_state({"entity_id": entity_id, "state": state, "attributes": attributes})


class Registries:
    """The registries of the recording as a `RegistryReader`."""

    version = 1

    def __init__(self, setup):
        self._areas = {row["area_id"]: SimpleNamespace(id=row["area_id"], **row) for row in setup["area_registry"]}
        self._floors = {row["floor_id"]: SimpleNamespace(id=row["floor_id"], **row) for row in setup["floor_registry"]}
        self._labels = {row["label_id"]: SimpleNamespace(id=row["label_id"], **row) for row in setup["label_registry"]}
        self._devices = {}
        for row in setup["device_registry"]:
            for key in ("identifiers", "connections"):
                row[key] = {tuple(item) for item in row[key]}
            row["labels"] = set(row["labels"])
            self._devices[row["id"]] = SimpleNamespace(**row)
        self._entities = {row["entity_id"]: SimpleNamespace(**row) for row in setup["entity_registry"]}
        self._entries = {row["entry_id"]: SimpleNamespace(**row) for row in setup["config_entries"]}

    def areas(self):
        return list(self._areas.values())

    def floors(self):
        return list(self._floors.values())

    def labels(self):
        return list(self._labels.values())

    def devices(self):
        return list(self._devices.values())

    def entities(self):
        return list(self._entities.values())

    def area(self, area_id):
        return self._areas.get(area_id)

    def floor(self, floor_id):
        return self._floors.get(floor_id)

    def label(self, label_id):
        return self._labels.get(label_id)

    def device(self, device_id):
        return self._devices.get(device_id)

    def entity(self, entity_id):
        return self._entities.get(entity_id)

    def config_entry(self, entry_id):
        return self._entries.get(entry_id)

    def config_entries(self):
        return list(self._entries.values())

    def issues(self):
        return {}


def make_state(row):
    """A state of the recording; those written by hand carry no times."""
    changed = datetime.fromisoformat(row["last_changed"]).timestamp() if "last_changed" in row else NOW - 50
    context = row.get("context") or {"id": "01M7WY5GKYH0ECGV2KG0NETZ3N", "parent_id": None, "user_id": "5" * 32}
    return State(row["entity_id"], row["state"], row["attributes"], changed, changed, changed, Context(**context))


def slow_clock():
    """A clock that goes on by a tenth of a millisecond each time it is read."""
    readings = count()
    return lambda: NOW + next(readings) * 1e-4


def owners(setup):
    """Platforms of the entities that have none in the registry: the recording came from the demo platform."""
    known = {row["entity_id"] for row in setup["entity_registry"]}
    others = {"conversation", "person", "todo", "tts", "zone"}
    found = {
        row["entity_id"]: "demo" for row in setup["other_states"]
        if row["entity_id"] not in known and row["entity_id"].partition(".")[0] not in others
    }
    return {**found, "sun.sun": "sun"}


def make_engine(now=None, custom=True):
    """An engine over the recorded home, with the recorded macro files unless `custom` is false."""
    setup = recorded("setup.json.gz")
    states = States([make_state(row) for row in (*setup["other_states"], *setup["states"])], owners(setup))
    config = setup["config"]
    facts = SimpleNamespace(
        latitude=config["latitude"],
        longitude=config["longitude"],
        time_zone=ZoneInfo(config["time_zone"]),
        unit_system="us_customary",
    )
    engine = TemplateEngine(states, Registries(setup), facts, now or slow_clock())
    if custom:
        engine.load_custom_templates(setup["custom_templates"])
    return engine
