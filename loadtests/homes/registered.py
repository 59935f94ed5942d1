"""A home of virtual entities as people have them: with names in no order, floors, areas, devices, an entry each.

Not here: states and attributes (`virtual.py`).
"""

from __future__ import annotations

import json
from pathlib import Path

from loadtests.homes.virtual import entity, entity_id

FLOORS = 4
MAKERS = ("Aqara", "IKEA", "Philips", "Shelly", "Sonoff")


ROOMS = ("Attic", "Bath", "Cellar", "Garden", "Hall", "Kitchen", "Küche", "Office", "Porch", "Study")
THINGS = ("ceiling", "Desk lamp", "fan", "heater", "Motion", "plug", "Temperature", "window")


def name_of(number: int) -> str:
    """The entity's friendly name: neighbours in the list have none that follow each other."""
    return f"{ROOMS[number * 7 % len(ROOMS)]} {THINGS[number * 13 % len(THINGS)]} {number * 7919 % 99_991}"


def write_configuration(folder: Path, count: int) -> None:
    """Fill a home's directory."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "configuration.yaml").open("x", encoding="utf-8") as file:
        file.write("marge:\n  broker: none\n  virtual_entities:\n")
        for number in range(count):
            made = entity(number)
            made["attributes"]["friendly_name"] = name_of(number)
            file.write(f"    {entity_id(number)}: {json.dumps(made, ensure_ascii=False)}\n")


def fill_registries(database: Path, entities: int, devices: int, areas: int) -> None:
    """Entity n belongs to device n modulo `devices`, device n stands in area n modulo `areas`.

    Args:
        database: of a home whose server does not run.
    """
    from marge.actors import ActorSystem
    from marge.registries import Registries
    from marge.storage import Database, KeyValue

    file, system = Database(database), ActorSystem()
    registries = Registries(KeyValue(file), system.bus, system.clock)
    registries.load()
    entry = registries.config_entries.get_or_create("bench", "Bench")
    floors = [registries.floors.create(name=f"Floor {number}", level=number).floor_id for number in range(FLOORS)]
    area_ids = [
        registries.areas.create(name=f"Area {number}", floor_id=floors[number % FLOORS]).area_id
        for number in range(areas)
    ]
    device_ids = [
        registries.devices.get_or_create(
            identifiers=[("bench", str(number))], name=f"Device {number}", area_id=area_ids[number % areas],
            manufacturer=MAKERS[number % len(MAKERS)], model=f"Model {number % 40}", config_entry_id=entry.entry_id,
        ).id
        for number in range(devices)
    ]  # fmt: skip
    for number in range(entities):
        name = entity_id(number)
        registries.entities.get_or_create(
            name.partition(".")[0], "bench", f"load-{number}", entity_id=name, device_id=device_ids[number % devices],
            config_entry_id=entry.entry_id, original_name=name_of(number),
        )  # fmt: skip
    registries.flush()
    system.shutdown(10)
    file.close()
