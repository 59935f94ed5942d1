"""Renders templates with Home Assistant's engine and says how long that took. Runs under the peer's own Python.

Reads `{"states", "floors", "areas", "labels", "entities", "templates", "files", "passes"}` as JSON from standard input,
writes `{"rendered": [index …], "first_s": …, "pass_s": […]}`. Only the standard library and `homeassistant` are there.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import asyncio
import json
import pathlib
import sys
import tempfile
import time
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import TemplateError
from homeassistant.helpers import (
    area_registry,
    device_registry,
    entity_registry,
    floor_registry,
    issue_registry,
    label_registry,
    template,
)
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM


async def make_home(folder: str, given: dict[str, Any]) -> Any:
    """A home with these states and registries, and nothing that runs."""
    home = HomeAssistant(folder)
    for registry in (
        floor_registry, label_registry, area_registry, device_registry, entity_registry, issue_registry
    ):  # fmt: skip
        await registry.async_load(home)
    home.config.units = US_CUSTOMARY_SYSTEM
    home.config.latitude, home.config.longitude, home.config.elevation = 40.39, -111.85, 1387
    await home.config.async_set_time_zone("America/Denver")
    for row in given["floors"]:
        floor_registry.async_get(home).async_create(row["name"], level=row["level"])
    for row in given["labels"]:
        label_registry.async_get(home).async_create(row["name"])
    for row in given["areas"]:
        area_registry.async_get(home).async_create(
            row["name"], floor_id=row["floor_id"], labels=set(row["labels"])
        )
    for row in given["entities"]:
        domain, _, object_id = row["entity_id"].partition(".")
        entity_registry.async_get(home).async_get_or_create(
            domain, row["platform"], row["entity_id"], suggested_object_id=object_id
        )
        entity_registry.async_get(home).async_update_entity(
            row["entity_id"], area_id=row["area_id"], labels=set(row["labels"])
        )
    for row in given["states"]:
        home.states.async_set(row["entity_id"], row["state"], row["attributes"])
    files = pathlib.Path(folder) / "custom_templates"
    for name, text in given["files"].items():
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_text(text)
    await template.async_load_custom_templates(home)
    return home


async def measure(folder: str, given: dict[str, Any]) -> dict[str, Any]:
    """Render everything once, then again and again."""
    home = await make_home(folder, given)
    made, rendered = [], []
    began = time.process_time()
    for index, (text, variables) in enumerate(given["templates"]):
        one = template.Template(text, home)
        try:
            one.async_render(variables)
        except TemplateError:
            continue
        made.append((one, variables))
        rendered.append(index)
    first = time.process_time() - began
    passes = []
    for _ in range(given["passes"]):
        began = time.process_time()
        for one, variables in made:
            one.async_render(variables)
        passes.append(time.process_time() - began)
    await home.async_stop(force=True)
    return {"rendered": rendered, "first_s": first, "pass_s": passes}


with tempfile.TemporaryDirectory() as directory:
    print(json.dumps(asyncio.run(measure(directory, json.load(sys.stdin)))))
