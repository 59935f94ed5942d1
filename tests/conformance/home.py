"""The home of the recording, as far as it can be built here: its YAML, and devices simulated like HA's demo."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marge.app import Running
from marge.registries import Registries
from tests.domains.demo_entities import make
from tests.support.home import HomeServer, home_server

DATA = Path(__file__).parents[1] / "data"

CONFIGURATION = """
homeassistant:
  name: Home
  latitude: 40.39
  longitude: -111.85
  elevation: 1387
  unit_system: us_customary
  time_zone: America/Denver
  currency: USD
  country: US
sun:
person:
input_boolean: {guest: {name: Guest mode}}
input_number: {target: {name: Target, min: 0, max: 100, step: 1}}
input_select: {mode: {name: Mode, options: [home, away, night]}}
input_text: {note: {name: Note}}
input_datetime: {wake: {name: Wake, has_time: true, has_date: false}}
input_button: {press: {name: Press}}
counter: {c: {}}
timer: {t: {duration: "00:00:05"}}
group: {all_lights: {name: All lights, entities: [light.bed_light, light.ceiling_lights]}}
automation:
  - id: auto1
    alias: Guest light
    description: test
    triggers: [{trigger: state, entity_id: input_boolean.guest, to: "on"}]
    actions: [{action: input_text.set_value, target: {entity_id: input_text.note}, data: {value: guest}}]
script:
  greet:
    alias: Greet
    fields: {who: {description: Who, example: Bob, advanced: false, required: false}}
    sequence:
      - variables: {r: {value: hello}}
      - {stop: done, response_variable: r}
scene:
  - {id: scene1, name: Evening, icon: "mdi:weather-night", entities: {input_boolean.guest: "on"}}
"""


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one recording, in order."""
    with gzip.open(DATA / name, "rt") as file:
        return [json.loads(line) for line in file]


def recorded_states() -> dict[str, dict[str, Any]]:
    """The demo devices as the recording first showed them, by entity id."""
    found: dict[str, dict[str, Any]] = {}
    with gzip.open(DATA / "setup.json.gz", "rt") as file:
        others = {state["entity_id"]: state for state in json.load(file)["other_states"]}
    for row in rows("rest.jsonl.gz"):
        body = row["response"]["body"]
        if not row["name"].startswith(("GET /api/states (", "GET /api/states/<")) or row["response"]["status"] != 200:
            continue
        for state in body if isinstance(body, list) else [body]:
            if isinstance(state, dict) and "entity_id" in state:
                found.setdefault(state["entity_id"], state)
    del found["sensor.tmpl"]  # a template entity: not built yet
    return {**others, **found}


RENAMED = {"light.kitchen_renamed": "light.kitchen_lights"}
FACTS = (
    "capabilities", "entity_category", "has_entity_name", "original_device_class", "original_icon", "original_name",
    "translation_key", "options",
)  # fmt: skip


def fill_registries(registries: Registries) -> None:
    """Areas, devices and entities as the WebSocket rows name them, with the recorded ids."""
    for name in ("Living Room", "Kitchen", "Bedroom"):
        registries.areas.get_or_create(name)
    for entry in _recorded_entries():
        device = registries.devices.get(entry["device_id"] or "")
        if device is None and entry["device_id"] is not None:
            name = entry["entity_id"].partition(".")[2].replace("_", " ").title()
            device = registries.devices.get_or_create(
                identifiers=[("demo", entry["unique_id"])], new_id=entry["device_id"], name=name,
                config_entry_id=entry["config_entry_id"],
            )  # fmt: skip
        domain, _, object_id = entry["entity_id"].partition(".")
        registries.entities.get_or_create(
            domain, entry["platform"], entry["unique_id"], suggested_object_id=object_id,
            device_id=None if device is None else device.id, config_entry_id=entry["config_entry_id"],
            **{name: entry[name] for name in FACTS},
        )  # fmt: skip


def _recorded_entries() -> list[dict[str, Any]]:
    """Whole entity entries, as each was seen first."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows("ws.jsonl.gz"):
        for message in row["receive"]:
            result = message.get("result") if isinstance(message, dict) else None
            entry = result.get("entity_entry", result) if isinstance(result, dict) else None
            if isinstance(entry, dict) and "unique_id" in entry and "capabilities" in entry:
                original = {**entry, "entity_id": RENAMED.get(entry["entity_id"], entry["entity_id"])}
                found.setdefault(entry["unique_id"], original)
    return list(found.values())


@contextmanager
def recorded_home(*, with_users: bool = False, with_registries: bool = False) -> Iterator[HomeServer]:
    """Without users, because the recording of REST begins with onboarding."""

    def prepare(running: Running) -> None:
        if with_registries:
            fill_registries(running.home.registries)
        for entity_id, state in recorded_states().items():
            entity: Any = make(entity_id, state["state"], state["attributes"])
            if entity is not None:
                entity.assumed_state = state["attributes"].get("assumed_state", False)
                if entity_id == "light.bed_light":
                    entity.color_temp_kelvin = 2631  # what this one came back with when it was turned on
                running.home.entities.add(entity, entity_id, "demo")

    with home_server(CONFIGURATION, with_users=with_users, prepare=prepare) as server:
        yield server
